"""Putting recommendations up for signature, reading them, and signing them or sending them back."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intelligence import Route
from intelligence.files import digest, from_json
from webapp.analysis import queries as runs
from webapp.analysis.appraisals.content import ConcludedAppraisal
from webapp.analysis.appraisals.resting import concluded_since, offered, otherwise, resting_page, was_left_out
from webapp.analysis.interests import InterestError, caution_of, interest_of
from webapp.analysis.pages.provenance import provenance
from webapp.analysis.planning.queries import newest_plan
from webapp.analysis.recommendations import actions, pages, queries
from webapp.analysis.recommendations.actions import NoLongerWaitsError, OwnRecommendationError
from webapp.analysis.recommendations.content import Recommended, as_file
from webapp.analysis.recommendations.forms import RecommendationForm, RulingForm
from webapp.analysis.recommendations.gathering import Gathered, denied_by, gather
from webapp.analysis.recommendations.queries import Standing
from webapp.models import Procurement, Programme, Recommendation, Verdict
from webapp.programmes.found import held_programme_or_404, programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.format import LONDON
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("recommendations", __name__, url_prefix="/programmes/<uuid:programme_id>")

CHANGED = (
    "The figures have changed since you opened the page, or a colleague has put up another recommendation or concluded "
    "an appraisal. Nothing is put up yet. Read again what is below, and put yours up if it still holds."
)
NOTHING_RULED = "Nothing of yours was kept, because the recommendation no longer waits for you."


@blueprint.get("/recommendations")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ)
    places = queries.places(session, programme_id)
    page = paginate(
        len(places),
        lambda limit, offset: queries.listed(session, programme_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    rows = pages.listed_rows(page.items, places)
    return render_template("recommendations/index.html", programme=programme, page=page, rows=rows)


@blueprint.route("/planning/procurements/<uuid:procurement_id>/recommendation", methods=["GET", "POST"])
@access.officer
def write(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    procurement = queries.procurement(session, programme_id, procurement_id) or abort(404)
    newest, found = queries.newest(session, procurement_id), gather(session, procurement, today=_today())
    appraisal = offered(session, procurement)
    route = Route(procurement.route.value)
    rests = appraisal is not None and not (otherwise(appraisal, route) or was_left_out(session, appraisal, newest))
    form = RecommendationForm(data=RecommendationForm.stored(newest, rests_on_appraisal=rests))
    seen = _seen(found, newest, appraisal)
    if found.run is None or found.content is None or not form.validate_on_submit():
        status = 422 if form.errors else 409 if form.is_submitted() else 200
        return _write_page(programme, procurement, found, newest, appraisal, form, seen), status
    entry_id = form.entry_id(acting().person_id)
    if queries.recommendation(session, programme_id, entry_id) is None:
        if form.seen.data != seen:
            return _write_page(programme, procurement, found, newest, appraisal, form, seen, refused=CHANGED), 409
        try:
            actions.put_up(
                session,
                entry_id=entry_id,
                procurement=procurement,
                run=found.run,
                replanning=found.replanning,
                content=replace(found.content, appraisal=appraisal if form.rests_on_appraisal.data else None),
                reasons=form.reasons.data,
                alternatives=form.alternatives.data,
                base_url=current_app.config["SETTINGS"].base_url,
                actor=acting(),
                now=arrived_at(),
            )
        except InterestError:
            return _write_page(programme, procurement, found, newest, appraisal, form, seen), 409
        session.commit()
    flash("The recommendation is put up. An approver of the team can sign it or send it back", "success")
    return redirect(url_for(".show", programme_id=programme_id, recommendation_id=entry_id))


@blueprint.get("/recommendations/<uuid:recommendation_id>")
@access.officer
def show(programme_id: uuid.UUID, recommendation_id: uuid.UUID) -> str:
    programme = programme_or_404(programme_id, Permission.READ)
    row = queries.recommendation(db_session(), programme_id, recommendation_id) or abort(404)
    return _show_page(programme, row, RulingForm())


@blueprint.get("/recommendations/<uuid:recommendation_id>/as-put-up")
@access.officer
def as_put_up(programme_id: uuid.UUID, recommendation_id: uuid.UUID) -> ResponseReturnValue:
    """All that was put up, so that whoever doubts the fingerprint takes it again."""
    programme_or_404(programme_id, Permission.READ)
    row = queries.recommendation(db_session(), programme_id, recommendation_id) or abort(404)
    octets = io.BytesIO(as_file(row.content, row.reasons, row.alternatives))
    name = clean_name(f"{row.procurement.title}-recommendation-{row.number}.json", "json")
    return send_file(octets, "application/json", as_attachment=True, download_name=name)


@blueprint.post("/recommendations/<uuid:recommendation_id>")
@access.officer
def rule(programme_id: uuid.UUID, recommendation_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.APPROVE)
    row = queries.recommendation(session, programme_id, recommendation_id) or abort(404)
    form = RulingForm()
    if not form.validate_on_submit():
        return _show_page(programme, row, form), 422
    entry_id, verdict = form.entry_id(acting().person_id), Verdict(form.verdict.data)
    if row.ruling is None or row.ruling.id != entry_id:
        try:
            actions.rule(
                session,
                entry_id=entry_id,
                recommendation=row,
                verdict=verdict,
                reason=form.reason.data,
                base_url=current_app.config["SETTINGS"].base_url,
                actor=acting(),
                now=arrived_at(),
            )
        except (InterestError, NoLongerWaitsError, OwnRecommendationError):
            return _show_page(programme, row, form), 409
        session.commit()
    flash("The recommendation is signed" if verdict is Verdict.SIGNED else "The recommendation is sent back", "success")
    return redirect(url_for(".show", programme_id=programme_id, recommendation_id=recommendation_id))


def _today() -> date:
    return arrived_at().astimezone(LONDON).date()


def _seen(found: Gathered, newest: Recommendation | None, appraisal: ConcludedAppraisal | None) -> str:
    """What changes with the figures, with every recommendation that is put up, and with every conclusion offered."""
    rests_on = appraisal.digest if appraisal else ""
    return digest({"after": newest.number if newest else 0, "content": found.content, "appraisal": rests_on})


def _write_page(
    programme: Programme,
    procurement: Procurement,
    found: Gathered,
    newest: Recommendation | None,
    appraisal: ConcludedAppraisal | None,
    form: RecommendationForm,
    seen: str,
    *,
    refused: str = "",
) -> str:
    form.show(seen)
    interest = interest_of(db_session(), programme.id, acting())
    run_id = found.run.id if found.run else None
    plan_id = found.replanning.id if found.replanning else None
    page, resting = None, None
    if appraisal is not None:
        run = found.content.run if found.content else ""
        resting = resting_page(appraisal, programme.id, route=Route(procurement.route.value), run=run)
    if found.content is not None and run_id is not None:
        page = pages.recommendation_page(found.content, run_id=run_id, procurement_id=procurement.id, plan_id=plan_id)
    return render_template(
        "recommendations/write.html",
        programme=programme,
        procurement=procurement,
        content=found.content,
        page=page,
        appraisal=resting,
        missing=pages.missing_links(found.missing, procurement, run_id),
        outdated=pages.outdated(found.run),
        earlier=newest,
        sent_back=pages.sent_back(newest),
        refused=refused,
        hindrance=pages.hindrance(is_own=False, interest=interest),
        caution=caution_of(interest),
        form=form,
    )


def _show_page(programme: Programme, row: Recommendation, form: RulingForm) -> str:
    session, content = db_session(), from_json(Recommended, row.content)
    granted = permissions_on(session, programme.id, acting())
    now = queries.standing(row, queries.places(session, programme.id))
    interest = interest_of(session, programme.id, acting())
    hindrance = pages.hindrance(is_own=row.put_up_by == acting().person_id, interest=interest)
    may_rule = Permission.APPROVE in granted and now is Standing.WAITS
    is_refused = form.is_submitted() and (not may_rule or bool(hindrance))
    run = runs.run(session, row.run_id, actor=acting()) or abort(404)
    resting, concluded = None, []
    if content.appraisal is not None:
        resting = resting_page(content.appraisal, programme.id, route=content.route, run=content.run)
        concluded = concluded_since(content.appraisal, offered(session, row.procurement), programme.id)
    return render_template(
        "recommendations/show.html",
        programme=programme,
        row=row,
        content=content,
        page=pages.recommendation_page(
            content, run_id=row.run_id, procurement_id=row.procurement_id, plan_id=row.replanning_id
        ),
        appraisal=resting,
        concluded_since=concluded,
        facts=pages.facts(row, now),
        why=pages.WHY[row.ruling.verdict] if row.ruling else "",
        line=provenance(run),
        since=pages.since(
            content,
            row,
            newest_run=queries.newest_run_key(session, row.procurement_id),
            newest_plan=newest_plan(session, row.run_id),
            denied_by=denied_by(session, content, row.procurement, today=_today()) if now is Standing.WAITS else (),
        ),
        may_write=Permission.ANALYSE in granted,
        may_rule=may_rule,
        hindrance=hindrance,
        caution=caution_of(interest),
        refused=NOTHING_RULED if is_refused else "",
        written=form.reason.data if is_refused else "",
        form=None if is_refused else form,
    )
