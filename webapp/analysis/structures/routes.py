"""Cutting the services into lots: what is there already, the officer's rules, and what a search by them finds."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intelligence import LotDesign, LotDesignError, MarketError
from intelligence.files import from_json
from intelligence.lots.design import Rules
from webapp.accounts.tries import heavy
from webapp.analysis import queries as runs
from webapp.analysis.actions import CodeChangedError
from webapp.analysis.run_pages import about, granted_on, may_analyse, run_or_404
from webapp.analysis.stopping import end
from webapp.analysis.structures import actions, queries
from webapp.analysis.structures.design import SearchResult, rules_of
from webapp.analysis.structures.index_page import search_rows, structure_rows
from webapp.analysis.structures.rule_forms import KINDS
from webapp.analysis.structures.rules_address import address_of, rules_at
from webapp.analysis.structures.rules_page import rules_page
from webapp.analysis.structures.search_page import progress_text, search_page
from webapp.analysis.structures.words import in_words
from webapp.models import AnalysisRun, LotSearch
from webapp.once import WrittenAlreadyError
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.once import OnceForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("lot_searches", __name__, url_prefix="/runs/<uuid:run_id>/lots")


@blueprint.get("")
@access.officer
def index(run_id: uuid.UUID) -> str:
    session, run = db_session(), run_or_404(run_id)
    page = paginate(
        queries.count_searches(session, run_id),
        lambda limit, offset: queries.searches(session, run_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    return render_template(
        "structures/index.html",
        **about(run, "lot_searches.index"),
        page=page,
        searches=search_rows(page.items),
        structures=structure_rows(queries.structures(session, run_id)),
        unusable=_unusable(run),
        may_design=may_analyse(run),
    )


@blueprint.route("/rules", methods=["GET", "POST"])
@access.officer
@heavy
def ask(run_id: uuid.UUID) -> ResponseReturnValue:
    session, run = db_session(), run_or_404(run_id, Permission.ANALYSE)
    design, rules = _rules(run_id)
    form = OnceForm()
    if not form.validate_on_submit():
        page = rules_page(run_id, design, rules)
        return render_template("structures/rules.html", **about(run, "lot_searches.index"), form=form, page=page)
    search_id = form.entry_id(acting().person_id)
    try:
        with suppress(WrittenAlreadyError):
            actions.request_search(session, search_id=search_id, run=run, rules=rules, actor=acting(), now=arrived_at())
            session.commit()
    except CodeChangedError:
        flash("The program has changed since this analysis was made. Run a new analysis and search its lots instead.")
        return redirect(url_for(".index", run_id=run_id))
    return redirect(url_for(".show", run_id=run_id, search_id=search_id))


@blueprint.route("/rules/<rule_kind>", methods=["GET", "POST"])
@access.officer
def rule(run_id: uuid.UUID, rule_kind: str) -> ResponseReturnValue:
    """Nothing is saved: the rules are in the address until a search is asked for."""
    run, asked = run_or_404(run_id, Permission.ANALYSE), KINDS.get(rule_kind) or abort(404)
    design, rules = _rules(run_id)
    form = asked.form(data=asked.form.stored(rules))
    form.offer(design)
    if not (form.validate_on_submit() and form.fits(design, rules)):
        place = about(run, "lot_searches.index")
        back = url_for(".ask", run_id=run_id, rules=address_of(design, rules))
        page = render_template("structures/rule.html", **place, form=form, kind=asked, back_to=back)
        return page, 422 if form.errors else 200
    return redirect(url_for(".ask", run_id=run_id, rules=address_of(design, form.changed(rules))))


@blueprint.get("/searches/<uuid:search_id>")
@access.officer
def show(run_id: uuid.UUID, search_id: uuid.UUID) -> str:
    run, asked = run_or_404(run_id), _search(run_id, search_id)
    granted = granted_on(run)
    reads = Permission.READ_RESPONSES in granted
    found = None if asked.result is None else search_page(from_json(SearchResult, asked.result["value"]), reads=reads)
    return render_template(
        "structures/search.html",
        **about(run, "lot_searches.index"),
        asked=asked,
        found=found,
        text=progress_text(asked),
        may_design=Permission.ANALYSE in granted,
        reads=reads,
    )


@blueprint.get("/searches/<uuid:search_id>/progress")
@access.officer
def progress(run_id: uuid.UUID, search_id: uuid.UUID) -> Response:
    run_or_404(run_id)
    asked = _search(run_id, search_id)
    return jsonify(text=progress_text(asked), finished=not asked.is_under_way)


@blueprint.post("/searches/<uuid:search_id>/stop")
@access.officer
def stop(run_id: uuid.UUID, search_id: uuid.UUID) -> ResponseReturnValue:
    run_or_404(run_id, Permission.ANALYSE)
    end(db_session(), row=_search(run_id, search_id), actor=acting(), now=arrived_at())
    db_session().commit()
    return redirect(url_for(".show", run_id=run_id, search_id=search_id))


@blueprint.errorhandler(LotDesignError)
def say_why_not(_error: LotDesignError) -> ResponseReturnValue:
    """The lots cannot be taken apart; the page about them says why."""
    return redirect(url_for(".index", run_id=(request.view_args or {})["run_id"]))


@blueprint.errorhandler(MarketError)
def say_what_cannot_be_told(_error: MarketError) -> ResponseReturnValue:
    """The engagement asked about no lots; the report says what that leaves open."""
    return redirect(url_for("analysis.report", run_id=(request.view_args or {})["run_id"]))


def _search(run_id: uuid.UUID, search_id: uuid.UUID) -> LotSearch:
    return queries.search(db_session(), run_id, search_id) or abort(404)


def _rules(run_id: uuid.UUID) -> tuple[LotDesign, Rules]:
    """The services, and the rules that the address gives; without any, those that were asked for last."""
    design, address = queries.services(db_session(), run_id), request.args.get("rules")
    if address is None:
        return design, rules_of(queries.newest_rules(db_session(), run_id))
    try:
        return design, rules_at(design, address)
    except ValueError:
        abort(404)


def _unusable(run: AnalysisRun) -> str:
    """Why the lots of the run cannot be taken apart, in words; empty when they can."""
    try:
        queries.services(db_session(), run.id)
    except LotDesignError as error:
        lots = runs.names(db_session(), run, ()).lots
        return in_words(error.reason, {lot_id: str(name) for lot_id, name in lots.items()})
    return ""
