"""The board: an officer begins a structure, moves services between its lots, and goes back."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intelligence import LotDesignError, MarketError
from intelligence.files import from_json
from webapp.accounts.tries import heavy
from webapp.analysis import queries as runs
from webapp.analysis.actions import CodeChangedError
from webapp.analysis.run_pages import about, granted_on, run_or_404
from webapp.analysis.structures import actions, queries
from webapp.analysis.structures.board_page import board_page, clash_words, history, state_text
from webapp.analysis.structures.design import SearchResult, StepResult, StoredLots, moved, rules_of, starting_points
from webapp.analysis.structures.forms import NEW_LOT, BeginForm, MoveForm
from webapp.analysis.structures.words import lot_names, move_in_words, structure_name
from webapp.models import AnalysisRun, LotStructure, StructureStep
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("lot_structures", __name__, url_prefix="/runs/<uuid:run_id>/lots/structures")
STALE = "The program has changed since this analysis was made. Run a new analysis and change its lots instead."


@blueprint.route("/begin", methods=["GET", "POST"])
@access.officer
@heavy
def begin(run_id: uuid.UUID) -> ResponseReturnValue:
    session, run, form = db_session(), run_or_404(run_id, Permission.ANALYSE), BeginForm()
    found = _newest_result(run)
    offered = starting_points(queries.services(session, run_id), found.found if found else None)
    form.offer([structure_name(each.name) for each in offered])
    if not form.validate_on_submit():
        return render_template(
            "structures/begin.html", **about(run, "lot_searches.index"), form=form
        ), 422 if form.errors else 200
    start = offered[int(form.start.data)]
    try:
        begun = actions.begin(
            session,
            structure_id=form.entry_id(acting().person_id),
            run=run,
            structure=replace(start, name=form.name.data),
            words=f"Began from “{structure_name(start.name)}”",
            rules=rules_of(queries.newest_rules(session, run_id)),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.NameTakenError:
        form.add_error(form.name, "Another structure has this name. Choose another")
        return render_template("structures/begin.html", **about(run, "lot_searches.index"), form=form), 422
    except CodeChangedError:
        flash(STALE)
        return redirect(url_for("lot_searches.index", run_id=run_id))
    session.commit()
    return redirect(url_for(".board", run_id=run_id, structure_id=begun.id))


@blueprint.get("/<uuid:structure_id>")
@access.officer
def board(run_id: uuid.UUID, structure_id: uuid.UUID) -> str:
    run, structure = run_or_404(run_id), _structure(run_id, structure_id)
    last = queries.last_step(db_session(), structure_id)
    form = MoveForm(data={"revision": str(structure.revision)})
    return _board(run, structure, last, _offered(form, run, last))


@blueprint.post("/<uuid:structure_id>")
@access.officer
@heavy
def move(run_id: uuid.UUID, structure_id: uuid.UUID) -> ResponseReturnValue:
    run, structure = run_or_404(run_id, Permission.ANALYSE), _structure(run_id, structure_id)
    last = queries.last_step(db_session(), structure_id)
    form = _offered(MoveForm(), run, last)
    if form.is_behind(structure):
        return _board(run, structure, last, form, seen=form.revision.data), 409
    if not form.validate_on_submit():
        return _board(run, structure, last, form), 422
    chosen = form.units.data or []
    design = queries.services(db_session(), run_id)
    target = "a new lot" if form.to_lot.data == NEW_LOT else f"“{lot_names(design, last.lots)[form.place or 0]}”"
    after = moved(last.lots, chosen, form.place)
    return _change(run, structure, form, after, move_in_words(design, chosen, target))


@blueprint.post("/<uuid:structure_id>/back")
@access.officer
@heavy
def go_back(run_id: uuid.UUID, structure_id: uuid.UUID) -> ResponseReturnValue:
    run, structure = run_or_404(run_id, Permission.ANALYSE), _structure(run_id, structure_id)
    number = request.form.get("step", "")
    step = queries.step(db_session(), structure_id, int(number)) if number.isdecimal() and len(number) < 7 else None
    if step is None:
        abort(422)
    form = _offered(MoveForm(), run, queries.last_step(db_session(), structure_id))
    return _change(run, structure, form, step.lots, f"Went back to step {step.number}")


@blueprint.get("/<uuid:structure_id>/progress")
@access.officer
def progress(run_id: uuid.UUID, structure_id: uuid.UUID) -> Response:
    run_or_404(run_id)
    last = queries.last_step(db_session(), _structure(run_id, structure_id).id)
    return jsonify(text=state_text(last), finished=not last.is_under_way)


@blueprint.errorhandler(LotDesignError)
def say_why_not(_error: LotDesignError) -> ResponseReturnValue:
    """The lots cannot be taken apart; the page about them says why."""
    return redirect(url_for("lot_searches.index", run_id=(request.view_args or {})["run_id"]))


@blueprint.errorhandler(MarketError)
def say_what_cannot_be_told(_error: MarketError) -> ResponseReturnValue:
    """The engagement asked about no lots; the report says what that leaves open."""
    return redirect(url_for("analysis.report", run_id=(request.view_args or {})["run_id"]))


def _structure(run_id: uuid.UUID, structure_id: uuid.UUID) -> LotStructure:
    return queries.structure(db_session(), run_id, structure_id) or abort(404)


def _newest_result(run: AnalysisRun) -> SearchResult | None:
    newest = queries.newest_finished_search(db_session(), run.id)
    return from_json(SearchResult, newest.result["value"]) if newest is not None and newest.result else None


def _offered(form: MoveForm, run: AnalysisRun, last: StructureStep) -> MoveForm:
    design = queries.services(db_session(), run.id)
    form.offer([unit.id for unit in design.units], lot_names(design, last.lots))
    return form


def _change(
    run: AnalysisRun, structure: LotStructure, form: MoveForm, after: StoredLots, words: str
) -> ResponseReturnValue:
    session, seen = db_session(), form.revision.data or ""
    try:
        actions.change(
            session,
            run=run,
            structure=structure,
            revision=seen,
            after=after,
            words=words,
            rules=rules_of(queries.newest_rules(session, run.id)),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.ChangedMeanwhileError:
        return _board(run, structure, queries.last_step(session, structure.id), form, seen=seen), 409
    except actions.NothingChangesError:
        flash("Nothing has changed: those services are in that lot already.")
    except CodeChangedError:
        flash(STALE)
    session.commit()
    return redirect(url_for(".board", run_id=run.id, structure_id=structure.id))


def _board(
    run: AnalysisRun, structure: LotStructure, last: StructureStep, form: MoveForm, *, seen: str | None = None
) -> str:
    """`seen` is the revision that the officer saw when a colleague had made another since."""
    session = db_session()
    steps = paginate(
        queries.count_steps(session, structure.id),
        lambda limit, offset: queries.steps(session, structure.id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    result = None if last.result is None else from_json(StepResult, last.result["value"])
    granted = granted_on(run)
    reads = Permission.READ_RESPONSES in granted
    page = board_page(
        queries.services(session, run.id),
        last,
        result,
        runs.names(session, run, result),
        chosen=form.units.data or (),
        reads=reads,
    )
    return render_template(
        "structures/board.html",
        **about(run, "lot_searches.index"),
        structure=structure,
        page=page,
        form=form,
        steps=steps,
        history=history(steps.items, last),
        clash=None if seen is None else clash_words(queries.steps_since(session, structure, seen)),
        may_design=Permission.ANALYSE in granted,
        reads=reads,
    )
