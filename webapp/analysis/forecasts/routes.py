"""Freezing a forecast at approval, recording what came, and reading how often forecasts were right."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intelligence import CapacityReport
from intelligence.files import from_json
from webapp.analysis import queries as runs
from webapp.analysis.forecasts import actions, pages, queries
from webapp.analysis.forecasts.forms import FreezeForm, OutcomeForm
from webapp.analysis.forecasts.frozen import FrozenContent, content_of
from webapp.analysis.pages.report import prior_driven
from webapp.analysis.run_pages import about, run_even_if_emptied, run_or_404
from webapp.engagements.disposed import still_kept
from webapp.models import AnalysisRun, Lot, PartKind, Programme, RunState
from webapp.programmes.found import held_programme_or_404, programme_or_404
from webapp.programmes.permissions import Permission, permissions_on, within_reach
from webapp.web import access
from webapp.web.clashes import Difference, differences, is_saved, sent_again
from webapp.web.format import LONDON
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("forecasts", __name__)


@blueprint.get("/runs/<uuid:run_id>/forecast")
@access.officer
def show(run_id: uuid.UUID) -> str:
    return _show_page(run_even_if_emptied(run_id), FreezeForm())


@blueprint.post("/runs/<uuid:run_id>/forecast")
@access.officer
def freeze(run_id: uuid.UUID) -> ResponseReturnValue:
    session, run, form = db_session(), run_or_404(run_id, Permission.APPROVE), FreezeForm()
    content = _to_freeze(run, _report(run))
    if content is None:
        flash("The analysis is not finished, so there is nothing to freeze yet.")
        return redirect(url_for(".show", run_id=run_id))
    if not form.validate_on_submit():
        return _show_page(run, form), 422
    try:
        actions.freeze(session, run=run, content=content, reason=form.reason.data, actor=acting(), now=arrived_at())
    except actions.FrozenAlreadyError:
        flash("This forecast was frozen before. Nothing has changed.")
        return redirect(url_for(".show", run_id=run_id))
    session.commit()
    flash("The forecast is frozen", "success")
    return redirect(url_for(".show", run_id=run_id))


@blueprint.get("/programmes/<uuid:programme_id>/forecasts")
@access.officer
def programme(programme_id: uuid.UUID) -> str:
    session, found = db_session(), programme_or_404(programme_id, Permission.READ)
    may_record = Permission.RUN in permissions_on(session, programme_id, acting())
    frozen = paginate(
        queries.count_frozen(session, programme_id),
        lambda limit, offset: queries.frozen_of_programme(session, programme_id, limit, offset),
        request.args.get("frozen"),
    )
    lots = paginate(
        queries.count_lots(session, programme_id),
        lambda limit, offset: queries.lots(session, programme_id, limit, offset),
        request.args.get("lots"),
    )
    return render_template(
        "analysis/forecasts/programme.html",
        programme=found,
        frozen=frozen,
        frozen_rows=pages.frozen_rows(frozen.items),
        lots=lots,
        outcome_rows=pages.outcome_rows(lots.items, programme_id=programme_id, may_record=may_record),
        may_record=may_record,
        scores=pages.scores_page(queries.scored(session, Programme.id == programme_id), page=request.args.get("page")),
    )


@blueprint.get("/forecasts")
@access.officer
def everywhere() -> str:
    """Over all programmes in whose team the reader is."""
    scored = queries.scored(db_session(), within_reach(acting(), Permission.READ))
    scores = pages.scores_page(scored, page=request.args.get("page"))
    programmes = len({each.programme for each in scored})
    return render_template("analysis/forecasts/everywhere.html", scores=scores, programmes=programmes)


@blueprint.route("/programmes/<uuid:programme_id>/forecasts/<uuid:lot_id>", methods=["GET", "POST"])
@access.officer
def outcome(programme_id: uuid.UUID, lot_id: uuid.UUID) -> ResponseReturnValue:
    session, found = db_session(), held_programme_or_404(programme_id, Permission.RUN)
    row = queries.lot(session, programme_id, lot_id) or abort(404)
    form = OutcomeForm(data=OutcomeForm.stored(row.outcome) | _taken(programme_id))
    today = arrived_at().astimezone(LONDON).date()
    if not (form.validate_on_submit() and form.is_a_day_of_this_programme(today)):
        return _outcome_page(found, row.lot, form), 422 if form.errors else 200
    saved = OutcomeForm(formdata=None, data=OutcomeForm.stored(row.outcome))
    if not is_saved(saved, form):  # what stands already is no correction
        if form.is_behind(row.outcome):
            return _clash_page(found, row, differences(saved, form))
        actions.record_outcome(
            session,
            lot=row.lot,
            standing=row.outcome,
            closed_on=form.closed_on.data,
            bids=form.bids.data,
            credible_bids=form.credible_bids.data,
            source=form.source.data,
            actor=acting(),
            now=arrived_at(),
        )
        session.commit()
    flash("What came of the lot is on record", "success")
    return redirect(url_for(".programme", programme_id=programme_id))


def _taken(programme_id: uuid.UUID) -> dict[str, Any]:
    """The numbers of the past lot that the address names, if it is one of this programme."""
    asked = request.args.get("past_lot", type=uuid.UUID)
    past = queries.past_count(db_session(), programme_id, asked) if asked is not None else None
    return OutcomeForm.taken(past) if past is not None else {}


def _outcome_page(found: Programme, lot: Lot, form: OutcomeForm) -> str:
    session = db_session()
    past = paginate(
        queries.count_past(session, found.id),
        lambda limit, offset: queries.past_counts(session, found.id, limit, offset),
        request.args.get("page"),
    )
    return render_template("analysis/forecasts/outcome.html", programme=found, lot=lot, form=form, past=past)


def _clash_page(found: Programme, row: queries.LotRow, differ: Sequence[Difference]) -> ResponseReturnValue:
    """With what somebody else recorded, what was sent, and a way to keep either."""
    sent = sent_again()
    html = render_template("analysis/forecasts/clash.html", programme=found, row=row, differences=differ, sent=sent)
    return html, 409


def _show_page(run: AnalysisRun, form: FreezeForm) -> str:
    session = db_session()
    frozen = queries.frozen(session, run.id)
    if frozen is None:
        still_kept(run.engagement)
    report = _report(run)
    content = from_json(FrozenContent, frozen.content) if frozen is not None else _to_freeze(run, report)
    granted = permissions_on(session, run.engagement.programme_id, acting())
    lots = content.lots if content is not None else ()
    pager = paginate(len(lots), lambda limit, offset: lots[offset : offset + limit], request.args.get("page"))
    return render_template(
        "analysis/forecasts/show.html",
        **about(run, "forecasts.show"),
        frozen=frozen,
        may_freeze=Permission.APPROVE in granted and content is not None,
        caution=prior_driven(report) if report is not None else "",
        pager=pager,
        chances=pages.chance_table(pager.items, runs.names(session, run, pager.items), among=lots),
        form=form,
    )


def _report(run: AnalysisRun) -> CapacityReport | None:
    """What the run shows, once it is finished."""
    return runs.result_of(db_session(), run, PartKind.CAPACITY) if run.state is RunState.FINISHED else None


def _to_freeze(run: AnalysisRun, report: CapacityReport | None) -> FrozenContent | None:
    if report is None:
        return None
    return content_of(run, report, runs.result_of(db_session(), run, PartKind.HISTORY))
