"""The questions of a questionnaire: adding, changing, moving, copying and removing them."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.builder import actions, library
from webapp.engagements.builder.arrangement import DependedOnError, asked_before
from webapp.engagements.builder.forms import KindForm, LibraryForm, QuestionForm
from webapp.engagements.builder.opening import draft_of, form_page, opened, question_of, section_of
from webapp.engagements.builder.queries import Building
from webapp.engagements.builder.routes import MOVES, clash_page, too_early
from webapp.engagements.builder.words import KINDS
from webapp.engagements.builder.writing import write
from webapp.models import Question, QuestionKind
from webapp.web import access
from webapp.web.clashes import differences, is_saved
from webapp.web.fields import choice
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.request import acting, db_session

blueprint = Blueprint(
    "builder_questions", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/questionnaire"
)


@blueprint.route("/sections/<uuid:section_id>/questions/kind", methods=["GET", "POST"])
@access.officer
def choose_kind(engagement_id: uuid.UUID, section_id: uuid.UUID) -> ResponseReturnValue:
    building, form = opened(engagement_id), KindForm()
    section = section_of(building, section_id)
    form.kind.choices = [choice(kind.value, words.name, words.about) for kind, words in KINDS.items()]
    if not form.validate_on_submit():
        return form_page("kind", form, building, section=section)
    return redirect(url_for(".add", engagement_id=engagement_id, section_id=section_id, question_kind=form.kind.data))


@blueprint.route("/sections/<uuid:section_id>/questions/add/<question_kind>", methods=["GET", "POST"])
@access.officer
def add(engagement_id: uuid.UUID, section_id: uuid.UUID, question_kind: str) -> ResponseReturnValue:
    building = opened(engagement_id)
    section, kind = section_of(building, section_id), _kind(question_kind)
    form = QuestionForm(data={"asked_per": "response"})
    question_id = form.entry_id(acting().person_id)
    form.fit(kind, [other for other in building.questions if other.id != question_id])
    if not form.validate_on_submit():
        return form_page("question", form, building, kind=KINDS[kind], section=section, question=None)
    if building.question(question_id) is None:  # else it was sent twice
        question = Question(id=question_id, key="", kind=kind)
        write(form, question)
        actions.add_question(db_session(), section=section, question=question, actor=acting())
        db_session().commit()
    flash("The question is added", "success")
    if request.form.get("then") == "another":
        return redirect(url_for(".choose_kind", engagement_id=engagement_id, section_id=section_id))
    return redirect(_line(engagement_id, question_id))


@blueprint.route("/questions/<uuid:question_id>", methods=["GET", "POST"])
@access.officer
def change(engagement_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    building = opened(engagement_id)
    question = question_of(building, question_id)
    page = {"kind": KINDS[question.kind], "section": question.section, "question": question}
    form, saved = _question_form(building, question), _question_form(building, question, as_saved=True)
    if not form.validate_on_submit():
        return form_page("question", form, building, **page)
    if form.is_behind(question) and not is_saved(saved, form):
        found = differences(saved, form)
        return clash_page(building, "question", question.wording, question.revision, found)
    try:
        if not form.is_behind(question):
            write(form, question)
            actions.change_question(db_session(), question=question, actor=acting())
    except actions.AskedOnceError as refusal:
        db_session().rollback()
        form.add_error(form.asked_per, f"{', '.join(refusal.names)} depends on the answers for some lots only")
        return form_page("question", form, opened(engagement_id), **page)
    except DependedOnError as refusal:
        db_session().rollback()
        form.add_error(form.options, f"{', '.join(refusal.names)} needs an answer that you have removed. Put it back")
        return form_page("question", form, opened(engagement_id), **page)
    db_session().commit()
    flash("The question is saved", "success")
    return redirect(_line(engagement_id, question_id))


@blueprint.post("/questions/<uuid:question_id>/move")
@access.officer
def move(engagement_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    question = question_of(opened(engagement_id), question_id)
    by, seen = MOVES.get(request.form.get("to", "")) or abort(400), request.form.get("place", "")
    try:
        actions.move_question(db_session(), question=question, seen=seen, by=by, actor=acting())
    except DependedOnError as refusal:
        db_session().rollback()
        flash(too_early(refusal))
    db_session().commit()
    return redirect(_line(engagement_id, question_id))


@blueprint.post("/questions/<uuid:question_id>/copy")
@access.officer
def copy(engagement_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    building = opened(engagement_id)
    question = question_of(building, question_id)
    copy_id = uuid.uuid5(OnceForm().entry_id(acting().person_id), str(question_id))  # one page has a button for each
    if building.question(copy_id) is None:
        actions.copy_question(db_session(), question=question, copy_id=copy_id, actor=acting())
        db_session().commit()
    flash("This is the copy. Change it to what you need")
    return redirect(url_for(".change", engagement_id=engagement_id, question_id=copy_id))


@blueprint.route("/questions/<uuid:question_id>/remove", methods=["GET", "POST"])
@access.officer
def remove(engagement_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    building, form = opened(engagement_id), BaseForm()
    question = question_of(building, question_id)
    if not form.validate_on_submit():
        return form_page("remove_question", form, building, question=question)
    try:
        actions.remove_question(db_session(), question=question, actor=acting())
    except DependedOnError as refusal:
        page, _status = form_page("remove_question", form, building, question=question, needed_by=refusal.names)
        return page, 409
    db_session().commit()
    flash("The question is removed", "success")
    return redirect(url_for("builder.show", engagement_id=engagement_id))


@blueprint.route("/sections/<uuid:section_id>/library", methods=["GET", "POST"])
@access.officer
def add_from_library(engagement_id: uuid.UUID, section_id: uuid.UUID) -> ResponseReturnValue:
    building, form = opened(engagement_id), LibraryForm()
    section, group = section_of(building, section_id), library.group_of(request.args.get("group"))
    offered = library.not_asked(group, {question.key for question in building.questions}) if group else []
    form.questions.choices = [choice(each.id, each.content.wording, _about(each)) for each in offered]
    page = {"section": section, "groups": library.groups(), "group": group}
    if group is None or not form.validate_on_submit():
        return form_page("library", form, building, **page)
    earlier = {question.key for question in (*asked_before(draft_of(building), section), *section.questions)}
    measured = {question.measure for question in building.questions}
    added = [each for each in offered if each.id in (form.questions.data or ())]
    for each in added:
        question = library.new_question(each.content, earlier, measured)
        actions.add_question(db_session(), section=section, question=question, actor=acting())
        earlier, measured = earlier | {question.key}, measured | {question.measure}
    db_session().commit()
    flash(f"Added: {len(added)}. Look whether they are asked when they should be", "success")
    return redirect(url_for("builder.show", engagement_id=engagement_id, _anchor=f"section-{section_id}"))


def _question_form(building: Building, question: Question, *, as_saved: bool = False) -> QuestionForm:
    stored = QuestionForm.stored(question)
    form = QuestionForm(formdata=None, data=stored) if as_saved else QuestionForm(data=stored)
    form.fit(question.kind, [other for other in building.questions if other is not question], question)
    return form


def _kind(name: str) -> QuestionKind:
    return QuestionKind(name) if name in set(KINDS) else abort(404)


def _about(each: library.LibraryQuestion) -> str:
    return f"{KINDS[each.content.kind].name}. From: {each.source}."


def _line(engagement_id: uuid.UUID, question_id: uuid.UUID) -> str:
    return url_for("builder.show", engagement_id=engagement_id, _anchor=f"question-{question_id}")
