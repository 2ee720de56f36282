"""Asking for an analysis, watching it, reading what it found."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.tries import heavy
from webapp.analysis import actions, queries
from webapp.analysis.pages.assumptions import assumptions_page
from webapp.analysis.pages.bidders import bidders_page
from webapp.analysis.pages.history import history_page
from webapp.analysis.pages.limits import limits_page
from webapp.analysis.pages.lot import lot_page
from webapp.analysis.pages.progress import progress_page, progress_text
from webapp.analysis.pages.provenance import places, provenance
from webapp.analysis.pages.report import report_page
from webapp.analysis.pages.segments import segments_page
from webapp.analysis.pages.tornado import tornado_page
from webapp.analysis.recomputing import queries as recomputing
from webapp.analysis.run_pages import NotComputedError, about, granted_on, may_analyse, run_or_404, say_how_far_it_is
from webapp.analysis.runs import RunParameters, results_of
from webapp.analysis.themes import reported
from webapp.analysis.what_ifs.forms import WhatIfForm
from webapp.engagements.declining.queries import count_of_declines
from webapp.engagements.disposed import still_kept
from webapp.models import AnalysisRun, PartKind, RunState
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.format import LONDON
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("analysis", __name__)
SEEDS = 2**31
NOTHING_ABOUT_LOTS = "There is nothing to analyse yet: no provider has declared its interest in a lot."
NOTHING_WRITTEN = "There is nothing to analyse yet: no provider has answered a question that is read for themes."

blueprint.register_error_handler(NotComputedError, say_how_far_it_is)


@blueprint.post("/manage/engagements/<uuid:engagement_id>/runs")
@access.officer
@heavy
def request_run(engagement_id: uuid.UUID) -> AnyResponse:
    session, actor = db_session(), acting()
    engagement = still_kept(queries.engagement(session, engagement_id, actor=actor)) or abort(404)
    settings, seed = current_app.config["SETTINGS"], queries.last_seed(session, engagement_id)
    parameters = RunParameters(
        settings.analysis_draws, settings.schedule_seconds, as_of=arrived_at().astimezone(LONDON).date()
    )
    try:
        run = actions.request_run(
            session,
            engagement=engagement,
            parameters=parameters,
            seed=secrets.randbelow(SEEDS) if seed is None else seed,
            actor=actor,
            now=arrived_at(),
        )
    except actions.NothingToAnalyseError:
        flash(NOTHING_ABOUT_LOTS if engagement.engagement_lots else NOTHING_WRITTEN)
        return redirect(url_for("engagements.manage", engagement_id=engagement_id))
    except actions.SealedError:
        flash("The responses are sealed. They can be analysed once they are opened.")
        return redirect(url_for("engagements.manage", engagement_id=engagement_id))
    session.commit()
    return redirect(url_for("analysis.show", run_id=run.id))


@blueprint.get("/runs/<uuid:run_id>")
@access.officer
def show(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id)
    granted = granted_on(run)
    may_recompute = recomputing.is_offered(db_session(), run, granted)
    return render_template(
        "analysis/run.html",
        run=run,
        page=progress_page(run),
        may_change=Permission.ANALYSE in granted,
        may_recompute=may_recompute,
        holds_withdrawn=may_recompute and recomputing.holds_withdrawn(db_session(), run),
        line=provenance(run),
        places=places(run, "analysis.show"),
    )


@blueprint.get("/runs/<uuid:run_id>/progress")
@access.officer
def progress(run_id: uuid.UUID) -> Response:
    run = run_or_404(run_id)
    return jsonify(text=progress_text(run), finished=run.state in (RunState.FINISHED, RunState.FAILED))


@blueprint.post("/runs/<uuid:run_id>/stop")
@access.officer
def stop(run_id: uuid.UUID) -> AnyResponse:
    session = db_session()
    actions.stop_run(session, run=run_or_404(run_id, Permission.ANALYSE), actor=acting(), now=arrived_at())
    session.commit()
    flash("The analysis stops. What is finished stays, and the rest can be computed later")
    return redirect(url_for("analysis.show", run_id=run_id))


@blueprint.post("/runs/<uuid:run_id>/retry")
@access.officer
@heavy
def retry(run_id: uuid.UUID) -> AnyResponse:
    session = db_session()
    try:
        actions.retry_failed(session, run=run_or_404(run_id, Permission.ANALYSE), actor=acting())
    except actions.CodeChangedError:
        flash("The program has changed since this analysis was asked for. Run a new analysis instead.")
    session.commit()
    return redirect(url_for("analysis.show", run_id=run_id))


@blueprint.get("/runs/<uuid:run_id>/report")
@access.officer
def report(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id, results=PartKind.CAPACITY)
    if not run.is_about_lots:
        return render_template("analysis/report_without_lots.html", **about(run, "analysis.report"))
    capacity = _only_result(run, PartKind.CAPACITY)
    names = queries.names(db_session(), run, capacity)
    weighed = queries.result_of(db_session(), run, PartKind.TORNADO)
    outlook = queries.result_of(db_session(), run, PartKind.HISTORY)
    granted = granted_on(run)
    return render_template(
        "analysis/report.html",
        **about(run, "analysis.report"),
        page=report_page(run, capacity, names, queries.respondents(db_session(), run)),
        reads=Permission.READ_RESPONSES in granted,
        tornado=tornado_page(weighed, names) if weighed else None,
        past=history_page(capacity, outlook, names) if outlook else None,
        what_if=WhatIfForm(),
        may_ask=Permission.ANALYSE in granted,
    )


@blueprint.get("/runs/<uuid:run_id>/report/bidders")
@access.officer
def bidders(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id, results=PartKind.CAPACITY)
    capacity = _only_result(run, PartKind.CAPACITY)
    page = bidders_page(
        capacity,
        queries.names(db_session(), run, capacity),
        values_known=queries.values_known(db_session(), run),
        pairs_page=request.args.get("page"),
        silent_page=request.args.get("silent"),
    )
    return render_template("analysis/bidders.html", **about(run, "analysis.bidders"), page=page)


@blueprint.get("/runs/<uuid:run_id>/report/limits")
@access.officer
def limits(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id, results=PartKind.LIMITS)
    found = _only_result(run, PartKind.LIMITS)
    page = limits_page(found, queries.names(db_session(), run, ()), page=request.args.get("page"))
    return render_template("analysis/limits.html", **about(run, "analysis.limits"), page=page)


@blueprint.get("/runs/<uuid:run_id>/report/segments")
@access.officer
def segments(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id, results=PartKind.SEGMENTS)
    found = _only_result(run, PartKind.SEGMENTS)
    reads = Permission.READ_RESPONSES in granted_on(run)
    page = segments_page(found, queries.names(db_session(), run, found), page=request.args.get("page"), reads=reads)
    return render_template("analysis/segments.html", **about(run, "analysis.segments"), page=page, reads=reads)


@blueprint.get("/runs/<uuid:run_id>/report/lots/<uuid:lot_id>")
@access.officer
def lot(run_id: uuid.UUID, lot_id: uuid.UUID) -> str:
    run = run_or_404(run_id, results=PartKind.CAPACITY)
    capacity = _only_result(run, PartKind.CAPACITY)
    found = next((lot for lot in capacity.lots if lot.lot_id == str(lot_id)), None) or abort(404)
    drivers = next((drivers for drivers in capacity.drivers if drivers.lot_id == str(lot_id)), None)
    page = lot_page(capacity, found, drivers, queries.names(db_session(), run, (found, drivers)))
    return render_template(
        "analysis/lot.html",
        **about(run, "analysis.lot"),
        page=page,
        lot_id=lot_id,
        what_if=WhatIfForm(),
        may_ask=may_analyse(run),
    )


@blueprint.get("/runs/<uuid:run_id>/report/themes")
@access.officer
def themes(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id)
    questions = reported.questions(db_session(), run, acting())
    declined = count_of_declines(db_session(), run.engagement_id)
    return render_template(
        "analysis/themes.html", **about(run, "analysis.themes"), questions=questions, declined=declined
    )


@blueprint.get("/runs/<uuid:run_id>/report/assumptions")
@access.officer
def assumptions(run_id: uuid.UUID) -> str:
    run = run_or_404(run_id, results=PartKind.CAPACITY)
    page = assumptions_page(_only_result(run, PartKind.CAPACITY))
    return render_template("analysis/assumptions.html", **about(run, "analysis.assumptions"), page=page)


def _only_result(run: AnalysisRun, kind: PartKind) -> Any:
    results = results_of(run, kind)
    if not results:
        raise NotComputedError(run.id)
    return results[0][1]
