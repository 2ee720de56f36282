"""When a section or a question is asked: its conditions, one by one, and what joins them."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.builder import actions, pages
from webapp.engagements.builder.arrangement import asked_before
from webapp.engagements.builder.forms import ConditionForm, JoiningForm
from webapp.engagements.builder.opening import draft_of, opened, question_of, section_of
from webapp.engagements.builder.queries import Building
from webapp.engagements.builder.routes import clash_page
from webapp.engagements.condition_words import answers_of
from webapp.engagements.conditions import Condition, Conditions, Joining
from webapp.engagements.lot_limits import conditions_of, limits, lots_within
from webapp.models import Lot, Question, Section
from webapp.web import access
from webapp.web.clashes import RevisedForm
from webapp.web.request import acting, db_session

blueprint = Blueprint(
    "builder_conditions",
    __name__,
    url_prefix="/manage/engagements/<uuid:engagement_id>/questionnaire"
    "/<any(sections, questions):among>/<uuid:part_id>/conditions",
)


@blueprint.route("", methods=["GET", "POST"])
@access.officer
def show(engagement_id: uuid.UUID, among: str, part_id: uuid.UUID) -> ResponseReturnValue:
    """All of them, to be joined in one way or the other."""
    building, part = _opened(engagement_id, among, part_id)
    conditions = conditions_of(part)
    stored = {"revision": str(part.revision), "joining": conditions.joining.value if conditions else ""}
    form = JoiningForm(data=stored)
    if conditions is None or not form.validate_on_submit():
        return _conditions_page(building, part, form)
    try:
        return _set(building, part, form, Conditions(conditions.each, Joining(form.joining.data)))
    except actions.RefusedConditionsError as refusal:
        form.add_error(form.joining, str(refusal))
        return _conditions_page(building, part, form)


@blueprint.route("/add", methods=["GET", "POST"])
@access.officer
def add(engagement_id: uuid.UUID, among: str, part_id: uuid.UUID) -> ResponseReturnValue:
    building, part = _opened(engagement_id, among, part_id)
    return _edit(building, part, None)


@blueprint.route("/<int:place>", methods=["GET", "POST"])
@access.officer
def change(engagement_id: uuid.UUID, among: str, part_id: uuid.UUID, place: int) -> ResponseReturnValue:
    building, part = _opened(engagement_id, among, part_id)
    return _edit(building, part, place)


@blueprint.post("/<int:place>/remove")
@access.officer
def remove(engagement_id: uuid.UUID, among: str, part_id: uuid.UUID, place: int) -> ResponseReturnValue:
    building, part = _opened(engagement_id, among, part_id)
    conditions = conditions_of(part)
    given = request.form.get("condition")
    if given and given not in map(pages.sent, conditions.each if conditions else ()):  # sent twice
        return _saved(building, part)
    if conditions is None or RevisedForm().is_behind(part):
        flash("Nothing was removed: a colleague has changed when it is asked. Look at it again")
        return redirect(_address(building, part))
    if not 1 <= place <= len(conditions.each):
        abort(404)
    try:
        return _set(building, part, RevisedForm(), conditions.without(place - 1))
    except actions.RefusedConditionsError as refusal:
        flash(f"Nothing was removed. {refusal}")
        return redirect(_address(building, part))


def _edit(building: Building, part: Section | Question, place: int | None) -> ResponseReturnValue:
    """Two steps on one page: which question it depends on, then which answers to it."""
    own, offered = conditions_of(part), asked_before(draft_of(building), part)
    present = own.each[place - 1] if own and place and place <= len(own.each) else None
    if place is not None and present is None and request.method == "GET":
        abort(404)
    wanted = request.form.get("question") or request.args.get("question") or (present.question if present else "")
    about = next((question for question in offered if question.key == wanted), None)
    is_same = present is not None and about is not None and present.question == about.key
    form = ConditionForm(
        data={"revision": str(part.revision), **(ConditionForm.stored(present) if present and is_same else {})}
    )
    lots = _lots_of(about, building) if about and about.is_about_a_lot else []
    gone = present.lots - {str(lot.id) for lot in lots} if present and is_same else frozenset()
    page = {"offered": offered, "about": about, "is_change": present is not None, "gone": len(gone)}
    form.offer(answers_of(about) if about else (), lots)
    form.question.data = about.key if about else ""
    if about is None or not form.validate_on_submit():
        return _page("condition", form, building, part, **page)
    try:
        condition = form.condition()
        is_there = present is None and own is not None and condition in own.each and form.is_behind(part)  # sent twice
        after = own if is_there else _with(own, condition, place if present else None)
        return _set(building, part, form, after)
    except actions.RefusedConditionsError as refusal:
        is_lots = isinstance(refusal, actions.NoLotLeftError) and "lots" in form
        form.add_error(form.lots if is_lots else form.values, str(refusal))
        return _page("condition", form, building, part, **page)


def _lots_of(about: Question, building: Building) -> list[Lot]:
    return lots_within(limits(draft_of(building).sections)[about.key], building.lots)


def _with(own: Conditions | None, condition: Condition, place: int | None) -> Conditions:
    if own is None:
        return Conditions((condition,))
    return own.adding(condition) if place is None else own.replacing(place - 1, condition)


def _set(
    building: Building, part: Section | Question, form: RevisedForm, wanted: Conditions | None
) -> ResponseReturnValue:
    if form.is_behind(part) and wanted != conditions_of(part):
        noun, name = ("section", part.title) if isinstance(part, Section) else ("question", part.wording)
        return clash_page(building, noun, name, part.revision, pages.condition_differences(building, part, wanted))
    if not form.is_behind(part):
        actions.set_conditions(db_session(), part=part, conditions=wanted, actor=acting())
        db_session().commit()
    return _saved(building, part)


def _saved(building: Building, part: Section | Question) -> ResponseReturnValue:
    flash("The conditions are saved", "success")
    return redirect(_address(building, part))


def _opened(engagement_id: uuid.UUID, among: str, part_id: uuid.UUID) -> tuple[Building, Section | Question]:
    building = opened(engagement_id)
    return building, section_of(building, part_id) if among == "sections" else question_of(building, part_id)


def _conditions_page(building: Building, part: Section | Question, form: JoiningForm) -> tuple[str, int]:
    lines = pages.condition_lines(building, part)
    return _page("conditions", form, building, part, lines=lines, offered=asked_before(draft_of(building), part))


def _page(
    template: str, form: RevisedForm, building: Building, part: Section | Question, **page: object
) -> tuple[str, int]:
    is_section = isinstance(part, Section)
    html = render_template(
        f"builder/{template}.html",
        form=form,
        building=building,
        part=part,
        is_section=is_section,
        name=part.title if isinstance(part, Section) else part.wording,
        among="sections" if is_section else "questions",
        **page,
    )
    return html, 422 if form.errors else 200


def _address(building: Building, part: Section | Question) -> str:
    among = "sections" if isinstance(part, Section) else "questions"
    return url_for(".show", engagement_id=building.engagement.id, among=among, part_id=part.id)
