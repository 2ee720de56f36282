"""How a programme's procurements are planned: its terms, and for each its route with reasons and its stages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intelligence.schedule.calendar import Nation, WorkingCalendar
from intelligence.schedule.holidays import planning_calendar
from intelligence.schedule.route_choice import RouteQuestion, RouteWalk, walk
from webapp.analysis.procurements import actions, pages, queries, stage_history
from webapp.analysis.procurements.clashing import clash_page
from webapp.analysis.procurements.forms import RouteForm, StageForm, TermsForm
from webapp.analysis.procurements.order import queries as orders
from webapp.analysis.procurements.rules import rules_of
from webapp.analysis.standing_terms import route_answers, routes_of
from webapp.models import PlanTerms, Procurement, Programme, RouteAnswer, Stage
from webapp.programmes.found import held_programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.clashes import RevisedForm, is_saved
from webapp.web.format import LONDON
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("procurements", __name__, url_prefix="/programmes/<uuid:programme_id>/planning")


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.READ)
    page = paginate(
        queries.count(session, programme_id),
        lambda limit, offset: queries.procurements(session, programme_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    taken = {each.procurement_id for each in routes_of(session, programme_id)}
    return render_template(
        "planning/index.html",
        programme=programme,
        page=page,
        rows=pages.index_rows(page.items, taken),
        run_id=queries.newest_scheduling_run(session, programme_id),
        may_change=_may_change(programme_id),
    )


@blueprint.route("/terms", methods=["GET", "POST"])
@access.officer
def terms(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    row = queries.terms(session, programme_id)
    form = TermsForm(data=TermsForm.stored(row))
    if not form.validate_on_submit():
        return _form_page("terms", form, programme=programme)
    if form.is_behind(row):
        saved = TermsForm(formdata=None, data=TermsForm.stored(row))
        if not is_saved(saved, form):
            return clash_page(programme, saved, form, "The terms of planning", row.revision if row else 0)
    else:
        kept = row or PlanTerms(programme_id=programme_id)
        form.write(kept)
        actions.save_terms(session, terms=kept, programme=programme, actor=acting())
        session.commit()
    flash("The terms are saved. The next plan keeps to them", "success")
    return redirect(url_for(".index", programme_id=programme_id))


@blueprint.get("/procurements/<uuid:procurement_id>")
@access.officer
def show(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> str:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.READ)
    planning = queries.procurement(session, programme_id, procurement_id) or abort(404)
    may_change = _may_change(programme_id)
    rules, calendar = rules_of(planning.procurement.route.value), _calendar(programme_id)
    past = queries.published_dates(session, programme)
    taken = stage_history.taken(queries.records_of(session, programme_id), past, rules, calendar)
    walked, answers = _walked(programme_id, procurement_id)
    page = pages.route_page(planning, walked, answers, None, (), _today(), may_change=False)
    followings = orders.of_procurement(session, procurement_id)
    return render_template(
        "planning/show.html",
        programme=programme,
        planning=planning,
        rows=pages.stage_rows(planning, taken, may_change=may_change),
        closing_to_award=pages.closing_to_award_words(stage_history.closing_to_award(past, rules, calendar)),
        page=page,
        order_rows=pages.order_rows(followings),
        waits=pages.waits_of(followings, procurement_id),
        start=pages.start_of(planning.procurement, orders.fixed_start(session, procurement_id), calendar),
        may_change=may_change,
    )


@blueprint.route("/procurements/<uuid:procurement_id>/stages/<stage_name>", methods=["GET", "POST"])
@access.officer
def stage(programme_id: uuid.UUID, procurement_id: uuid.UUID, stage_name: str) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    planning = queries.procurement(session, programme_id, procurement_id) or abort(404)
    stage = _stage_asked(planning, stage_name)
    taken = _taken(programme, planning, stage)
    form = _stage_form(planning, stage, taken, sent=True)
    if not (form.validate_on_submit() and form.fits(planning, stage, _calendar(programme_id), _today())):
        page = {"programme": programme, "planning": planning, "stage": stage, "title": pages.stage_name(stage)}
        return _form_page("stage", form, proposals=_proposals(planning, stage, taken), **page)
    if form.is_behind(planning.procurement):
        saved = _stage_form(planning, stage, taken, sent=False)
        if not is_saved(saved, form):
            return clash_page(programme, saved, form, planning.procurement.title, planning.procurement.revision)
    else:
        actions.save_stage(session, planning=planning, stage=stage, said=form.said(), actor=acting(), now=arrived_at())
        session.commit()
    flash("The stage is saved. Plan again to see what it moves", "success")
    return redirect(url_for(".show", programme_id=programme_id, procurement_id=procurement_id))


@blueprint.post("/procurements/<uuid:procurement_id>/stages/<stage_name>/take-own-history")
@access.officer
def take_own_history(programme_id: uuid.UUID, procurement_id: uuid.UUID, stage_name: str) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    planning = queries.procurement(session, programme_id, procurement_id) or abort(404)
    stage = _stage_asked(planning, stage_name)
    back = url_for(".stage", programme_id=programme_id, procurement_id=procurement_id, stage_name=stage_name)
    taken = _taken(programme, planning, stage)
    asked = [each for each in _proposals(planning, stage, taken) if each.whose == request.form.get("whose")]
    if not asked:
        flash("There is nothing to take over any more")
        return redirect(back)
    own = asked[0]
    if RevisedForm().is_behind(row := planning.procurement):
        saved, changed = (_stage_form(planning, stage, taken, sent=False) for _ in range(2))
        changed.days.data, changed.days_reason.data = own.days, own.reason
        return clash_page(programme, saved, changed, row.title, row.revision, keep=back)
    actions.take_length(session, planning=planning, stage=stage, own=own, actor=acting(), now=arrived_at())
    session.commit()
    flash("The length is taken over. Plan again to see what it moves", "success")
    return redirect(back)


@blueprint.route("/procurements/<uuid:procurement_id>/route", methods=["GET", "POST"])
@access.officer
def route(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    planning = queries.procurement(session, programme_id, procurement_id) or abort(404)
    walked, answers = _walked(programme_id, procurement_id)
    form = RouteForm()
    again = form.asked.data if form.is_submitted() else request.args.get("question")
    running = queries.running_contracts(session, procurement_id, _today())
    page = pages.route_page(planning, walked, answers, again, running, _today(), may_change=True)
    if page.question is None or (form.is_submitted() and page.question.id != again):
        return (
            abort(409) if form.is_submitted() else _form_page("route", form, **_about_route(programme, planning, page))
        )
    standing = answers.get(page.question.id)
    form.offer(page.question, standing)
    if not form.validate_on_submit():
        return _form_page("route", form, **_about_route(programme, planning, page))
    if form.is_behind(standing) and not form.says(standing):
        saved = RouteForm(formdata=None, data=RouteForm.stored(standing))
        saved.offer(page.question, standing)
        return clash_page(programme, saved, form, page.question.words, standing.number if standing else 0)
    if not form.says(standing):
        _answer(planning.procurement, page.question, form)
        session.commit()
    return redirect(url_for(".route", programme_id=programme_id, procurement_id=procurement_id))


@blueprint.post("/procurements/<uuid:procurement_id>/route/take")
@access.officer
def take(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    held_programme_or_404(programme_id, Permission.ANALYSE)
    planning = queries.procurement(session, programme_id, procurement_id) or abort(404)
    outcome = _walked(programme_id, procurement_id)[0].outcome
    if outcome is None or outcome.route is None or outcome.route.value != request.form.get("route"):
        flash("The answers do not lead to that route")
        return redirect(url_for(".route", programme_id=programme_id, procurement_id=procurement_id))
    actions.take_route(session, procurement=planning.procurement, outcome=outcome, actor=acting())
    session.commit()
    flash("The procurement is planned with this route from now on", "success")
    return redirect(url_for(".show", programme_id=programme_id, procurement_id=procurement_id))


def _answer(procurement: Procurement, question: RouteQuestion, form: RouteForm) -> None:
    actions.answer(
        db_session(),
        procurement=procurement,
        question=question,
        option=form.answer.data,
        reason=form.reason.data,
        actor=acting(),
        now=arrived_at(),
    )


def _about_route(programme: Programme, planning: queries.Planning, page: pages.RoutePage) -> dict[str, object]:
    return {"programme": programme, "planning": planning, "page": page}


def _walked(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> tuple[RouteWalk, dict[str, RouteAnswer]]:
    found = route_answers(db_session(), programme_id=programme_id, procurement_id=procurement_id)
    answers = found.get(procurement_id, {})
    return walk({question: row.answer for question, row in answers.items()}), answers


def _calendar(programme_id: uuid.UUID) -> WorkingCalendar:
    row = queries.terms(db_session(), programme_id)
    return planning_calendar(Nation(row.nation.value) if row else Nation.ENGLAND_AND_WALES)


def _stage_asked(planning: queries.Planning, stage_name: str) -> Stage:
    return next((each for each in rules_of(planning.procurement.route.value) if each == stage_name), None) or abort(404)


def _taken(programme: Programme, planning: queries.Planning, stage: Stage) -> Sequence[stage_history.Taken]:
    rules, session = rules_of(planning.procurement.route.value), db_session()
    records, past = queries.records_of(session, programme.id), queries.published_dates(session, programme)
    return stage_history.taken(records, past, rules, _calendar(programme.id)).get(stage, [])


def _proposals(
    planning: queries.Planning, stage: Stage, taken: Sequence[stage_history.Taken]
) -> list[stage_history.Proposal]:
    rule = rules_of(planning.procurement.route.value)[stage]
    return stage_history.proposals(taken, rule, planning.lengths.get(stage))


def _stage_form(
    planning: queries.Planning, stage: Stage, taken: Sequence[stage_history.Taken], *, sent: bool
) -> StageForm:
    stored = StageForm.stored(planning, stage)
    form = StageForm(data=stored) if sent else StageForm(formdata=None, data=stored)
    form.offer(rules_of(planning.procurement.route.value)[stage], taken)
    return form


def _today() -> date:
    return arrived_at().astimezone(LONDON).date()


def _may_change(programme_id: uuid.UUID) -> bool:
    return Permission.ANALYSE in permissions_on(db_session(), programme_id, acting())


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"planning/{template}.html", form=form, **page), 422 if form.errors else 200
