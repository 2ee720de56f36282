"""The schedule of a run: looking at it, asking what would move, planning again, and taking it away as files."""

from __future__ import annotations

import io
import uuid
from contextlib import suppress
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from intelligence import ScheduleProblem
from webapp.accounts.tries import fetched, heavy
from webapp.analysis import queries as runs
from webapp.analysis.names import Names
from webapp.analysis.pages.provenance import places, provenance
from webapp.analysis.planning import actions, files, queries
from webapp.analysis.planning.calendars import calendar_file
from webapp.analysis.planning.earlier import signatures, stood
from webapp.analysis.planning.forms import WhatIfForm
from webapp.analysis.planning.pages.asked import called
from webapp.analysis.planning.pages.change import change_page, progress_text, replanning_rows
from webapp.analysis.planning.pages.load import load_page
from webapp.analysis.planning.pages.procurement import procurement_page
from webapp.analysis.planning.pages.schedule import schedule_page
from webapp.analysis.problem import BeyondCalendarError, orders_left_out, problem_of
from webapp.analysis.run_pages import NotComputedError, may_analyse, run_or_404, say_how_far_it_is
from webapp.analysis.runs import run_reference
from webapp.analysis.standing_terms import load as load_terms
from webapp.exports.workbook import MEDIA_TYPE
from webapp.models import Purpose, Replanning
from webapp.once import WrittenAlreadyError
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.format import LONDON, moment
from webapp.web.once import OnceForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("schedules", __name__, url_prefix="/runs/<uuid:run_id>/report/schedule")
blueprint.register_error_handler(NotComputedError, say_how_far_it_is)


@blueprint.get("")
@access.officer
def show(run_id: uuid.UUID) -> str:
    plan = _plan(run_id)
    schedule, officer = plan.digest.schedule, request.args.get("officer", "")
    page = schedule_page(
        plan.digest,
        plan.terms,
        _names(plan, (schedule.warnings, schedule.broken_rules)),
        officer=officer,
        asked=request.args.get("page"),
        procurement_address=lambda key: _address(plan, ".procurement", procurement_id=key),
        officer_address=lambda name: _address(plan, ".show", officer=name),
    )
    newest = queries.newest_plan(db_session(), run_id)
    newer = newest if newest != plan.key and plan.replanning is None else None
    return render_template(
        "planning/schedule.html",
        **_about(plan),
        page=page,
        newer=newer,
        may_plan=may_analyse(plan.run),
        once=OnceForm.opened(),
    )


@blueprint.get("/procurements/<uuid:procurement_id>")
@access.officer
def procurement(run_id: uuid.UUID, procurement_id: uuid.UUID) -> str:
    plan = _plan(run_id)
    schedule = plan.digest.schedule
    found = next((item for item in schedule.procurements if item.procurement_id == str(procurement_id)), None)
    page = procurement_page(schedule, found or abort(404), plan.terms, _names(plan, found))
    return render_template("planning/procurement.html", **_about(plan), page=page)


@blueprint.get("/load")
@access.officer
def load(run_id: uuid.UUID) -> str:
    plan, asked = _plan(run_id), request.args
    schedule = queries.whole(db_session(), plan)
    page = load_page(schedule, _names(plan, schedule), officers=asked.get("officers"), bidders=asked.get("bidders"))
    return render_template("planning/load.html", **_about(plan), page=page)


@blueprint.get("/calendar.ics")
@access.officer
def calendar(run_id: uuid.UUID) -> ResponseReturnValue:
    plan, officer = _plan(run_id), request.args.get("officer", "")
    if plan.is_what_if:
        abort(404)  # in calendars its entries would take the place of those of the plan that holds
    signed = signatures(db_session(), plan)
    octets = calendar_file(
        plan,
        stood(db_session(), plan, signed),
        signed,
        officer=officer,
        name=f"{officer or 'Schedule'}, {plan.run.engagement.programme.title}",
        address=current_app.config["SETTINGS"].base_url + _address(plan, ".show"),
        now=arrived_at(),
    )
    return _file(plan, octets, "ics", "text/calendar")


@blueprint.get("/schedule.xlsx")
@access.officer
@fetched
def workbook(run_id: uuid.UUID) -> ResponseReturnValue:
    plan = _plan(run_id)
    schedule = queries.whole(db_session(), plan)
    octets = files.workbook_file(schedule, plan.terms, _names(plan, schedule), about=_origin(plan))
    return _file(plan, octets, "xlsx", MEDIA_TYPE)


@blueprint.post("/stop")
@access.officer
def stop(run_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    run = run_or_404(run_id, Permission.ANALYSE)
    actions.stop_schedule_of(session, run=run, actor=acting(), now=arrived_at())
    session.commit()
    flash("The schedule ends with the best plan found so far")
    return redirect(url_for("analysis.show", run_id=run_id))


@blueprint.route("/what-if", methods=["GET", "POST"])
@access.officer
@heavy
def ask(run_id: uuid.UUID) -> ResponseReturnValue:
    session, plan = db_session(), _plan(run_id, Permission.ANALYSE)
    form = WhatIfForm()
    form.offer(plan.digest.schedule.problem)
    if not form.validate_on_submit():
        page = render_template("planning/what_if.html", **_about(plan), form=form)
        return page, 422 if form.errors else 200
    question, problem = form.changed(queries.whole(session, plan).problem)
    return _ask(form, plan, problem, Purpose.WHAT_IF, question)


@blueprint.post("/plan-again")
@access.officer
@heavy
def plan_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """With the terms and records of today, from the newest plan."""
    session, today = db_session(), arrived_at().astimezone(LONDON).date()
    plan = _plan(run_id, Permission.ANALYSE, newest=True)
    terms = load_terms(session, programme_id=plan.run.engagement.programme_id)
    market = queries.market_of(session, plan.run)
    try:
        problem = problem_of(market, terms, as_of=today)
    except BeyondCalendarError as error:
        flash(str(error))
        return redirect(url_for(".show", run_id=run_id))
    for said in orders_left_out(market, terms):
        flash(said)
    return _ask(OnceForm(), plan, problem, Purpose.NEW_PLAN, called(queries.whole(session, plan).problem, problem))


def _ask(
    form: OnceForm, plan: queries.Plan, problem: ScheduleProblem, purpose: Purpose, question: str
) -> ResponseReturnValue:
    session, run_id, replanning_id = db_session(), plan.run.id, form.entry_id(acting().person_id)
    with suppress(WrittenAlreadyError):
        actions.ask(
            session,
            replanning_id=replanning_id,
            earlier=plan,
            problem=problem,
            purpose=purpose,
            question=question,
            actor=acting(),
            now=arrived_at(),
        )
        session.commit()
    return redirect(url_for(".change", run_id=run_id, change_id=replanning_id))


@blueprint.get("/changes")
@access.officer
def changes(run_id: uuid.UUID) -> str:
    session, plan = db_session(), _plan(run_id)
    page = paginate(
        queries.count_replannings(session, run_id),
        lambda limit, offset: queries.replannings(session, run_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    rows = replanning_rows(page.items, lambda each: url_for(".change", run_id=run_id, change_id=each.id))
    return render_template(
        "planning/changes.html",
        **_about(plan),
        page=page,
        rows=rows,
        may_plan=may_analyse(plan.run),
        once=OnceForm.opened(),
    )


@blueprint.get("/changes/<uuid:change_id>")
@access.officer
def change(run_id: uuid.UUID, change_id: uuid.UUID) -> str:
    session, asked = db_session(), _change(run_id, change_id, with_result=True)
    earlier = _plan(run_id, replanning_id=asked.earlier_id)
    found = None
    if asked.result is not None:
        result = queries.result_of(asked)
        names = runs.names(session, earlier.run, (result.schedule.warnings, result.schedule.broken_rules))
        found = change_page(earlier.digest.schedule, result, names, asked=request.args.get("page"))
    return render_template(
        "planning/change.html",
        **_about(earlier),
        asked=asked,
        page=found,
        text=progress_text(asked),
        may_plan=may_analyse(earlier.run),
    )


@blueprint.get("/changes/<uuid:change_id>/progress")
@access.officer
def change_progress(run_id: uuid.UUID, change_id: uuid.UUID) -> Response:
    asked = _change(run_id, change_id)
    return jsonify(text=progress_text(asked), finished=not asked.is_under_way)


@blueprint.post("/changes/<uuid:change_id>/keep")
@access.officer
def keep(run_id: uuid.UUID, change_id: uuid.UUID) -> ResponseReturnValue:
    session, asked = db_session(), _change(run_id, change_id, Permission.ANALYSE)
    actions.keep(session, asked=asked, actor=acting(), now=arrived_at())
    session.commit()
    flash("The what-if is kept", "success")
    return redirect(url_for(".change", run_id=run_id, change_id=change_id))


@blueprint.post("/changes/<uuid:change_id>/stop")
@access.officer
def stop_change(run_id: uuid.UUID, change_id: uuid.UUID) -> ResponseReturnValue:
    session, asked = db_session(), _change(run_id, change_id, Permission.ANALYSE)
    actions.stop(session, row=asked, actor=acting(), now=arrived_at())
    session.commit()
    return redirect(url_for(".change", run_id=run_id, change_id=change_id))


def _plan(
    run_id: uuid.UUID,
    permission: Permission = Permission.READ,
    *,
    replanning_id: uuid.UUID | None = None,
    newest: bool = False,
) -> queries.Plan:
    """The plan that the address names, the one given, or the newest; the run's own where none is."""
    if newest:
        replanning_id = queries.newest_plan(db_session(), run_id)
    elif replanning_id is None and request.endpoint != "schedules.change":
        replanning_id = request.args.get("plan", type=uuid.UUID)
    found = queries.plan(db_session(), run_id, actor=acting(), replanning_id=replanning_id, permission=permission)
    run, plan = found or abort(404)
    if plan is None:
        raise NotComputedError(run.id)
    return plan


def _change(
    run_id: uuid.UUID, change_id: uuid.UUID, permission: Permission = Permission.READ, *, with_result: bool = False
) -> Replanning:
    session = db_session()
    run_or_404(run_id, permission)
    return queries.replanning(session, run_id, change_id, with_result=with_result) or abort(404)


def _names(plan: queries.Plan, said: object) -> Names:
    """Of the lots, and of the organisations that `said` mentions: a schedule rests on every provider that answered."""
    return runs.names(db_session(), plan.run, said)


def _address(plan: queries.Plan, endpoint: str, **values: Any) -> str:
    """Within the same plan."""
    return url_for(endpoint, run_id=plan.run.id, plan=plan.key, **values)


def _file(plan: queries.Plan, octets: bytes, ending: str, media_type: str) -> ResponseReturnValue:
    name = clean_name(f"schedule-{run_reference(plan.run).replace('/', '-')}.{ending}", ending)
    return send_file(io.BytesIO(octets), media_type, as_attachment=True, download_name=name)


def _origin(plan: queries.Plan) -> list[tuple[str, str]]:
    """Where what is taken away came from, as the pages say it at their foot."""
    run, made = plan.run, plan.replanning
    finished = provenance(run).finished
    which = f"{made.question}, asked for by {made.asker.name}" if made else "The run’s own schedule"
    return [
        ("Programme", run.engagement.programme.title),
        ("Run", run_reference(run)),
        ("Plan", f"What-if: {which}. It changes nobody’s plan" if plan.is_what_if else which),
        *([("Finished", moment(finished))] if finished else []),
        ("Seed", str(run.seed)),
        ("Inputs of the run, SHA-256", run.inputs_digest),
        ("Code", run.code_version),
        ("What of this was invented", run.engagement.programme.synthetic_note or "Nothing is said to be"),
    ]


def _about(plan: queries.Plan) -> dict[str, Any]:
    return {
        "run": plan.run,
        "plan": plan,
        "line": provenance(plan.run),
        "places": places(plan.run, "schedules.show"),
        "synthetic_note": plan.run.engagement.programme.synthetic_note,
    }
