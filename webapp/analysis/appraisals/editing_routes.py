"""Changing an appraisal while it is open: its options, its criteria, and the scores of one option."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.appraisals import actions, pages, queries, words
from webapp.analysis.appraisals.actions import ClosedError
from webapp.analysis.appraisals.evidence import evidence_of
from webapp.analysis.appraisals.forms import CriterionForm, OptionForm, RemoveForm, ScoresForm, scores_form
from webapp.analysis.procurements.clashing import clash_page
from webapp.models import Appraisal, AppraisalCriterion, AppraisalOption, Programme
from webapp.programmes.found import held_programme_or_404
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.clashes import is_saved
from webapp.web.forms import BaseForm
from webapp.web.request import acting, db_session

blueprint = Blueprint(
    "appraising", __name__, url_prefix="/programmes/<uuid:programme_id>/appraisals/<uuid:appraisal_id>"
)


@blueprint.route("/options/add", methods=["GET", "POST"])
@access.officer
def add_option(programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    form = OptionForm()
    form.offer(evidence_of(db_session(), row), None)
    return _add("option", programme, row, form, row.options, actions.add_option, "The option is on the long list")


@blueprint.route("/options/<uuid:option_id>", methods=["GET", "POST"])
@access.officer
def option(programme_id: uuid.UUID, appraisal_id: uuid.UUID, option_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    found = _option(row, option_id)
    form, saved = OptionForm(data=OptionForm.stored(found)), OptionForm(formdata=None, data=OptionForm.stored(found))
    evidence = evidence_of(db_session(), row)
    for each in (form, saved):
        each.offer(evidence, found)
    return _change("option", programme, row, form, saved, found)


@blueprint.route("/options/<uuid:option_id>/scores", methods=["GET", "POST"])
@access.officer
def scores(programme_id: uuid.UUID, appraisal_id: uuid.UUID, option_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    found, made = _option(row, option_id), scores_form(row.criteria)
    form = made(data=made.stored(found))
    can_be_read = form.validate_on_submit()
    if form.is_submitted() and form.is_of_other_criteria():
        left_over = form.left_over(request.form)
        form.show()
        return _scores_page(programme, row, form, found, refused=words.OTHER_CRITERIA, left_over=left_over)
    if not (form.is_submitted() and form.fits() and can_be_read):
        return _scores_page(programme, row, form, found)
    if form.is_behind(found):
        saved = made(formdata=None, data=made.stored(found))
        if not is_saved(saved, form):
            return clash_page(programme, saved, form, found.name, found.revision)
    else:
        try:
            actions.score(db_session(), appraisal=row, option=found, said=form.said(), actor=acting())
        except ClosedError:
            return _scores_page(programme, row, form, found, refused=words.CLOSED)
        db_session().commit()
    return _done(row, "The scores are saved")


@blueprint.route("/criteria/add", methods=["GET", "POST"])
@access.officer
def add_criterion(programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    said = "The criterion is added. Score each option on it"
    return _add("criterion", programme, row, CriterionForm(), row.criteria, actions.add_criterion, said)


@blueprint.route("/criteria/<uuid:criterion_id>", methods=["GET", "POST"])
@access.officer
def criterion(programme_id: uuid.UUID, appraisal_id: uuid.UUID, criterion_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    found = _criterion(row, criterion_id)
    form = CriterionForm(data=CriterionForm.stored(found))
    saved = CriterionForm(formdata=None, data=CriterionForm.stored(found))
    return _change("criterion", programme, row, form, saved, found)


@blueprint.route("/options/<uuid:option_id>/remove", methods=["GET", "POST"])
@access.officer
def remove_option(programme_id: uuid.UUID, appraisal_id: uuid.UUID, option_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    return _remove(programme, row, _option(row, option_id), "option")


@blueprint.route("/criteria/<uuid:criterion_id>/remove", methods=["GET", "POST"])
@access.officer
def remove_criterion(programme_id: uuid.UUID, appraisal_id: uuid.UUID, criterion_id: uuid.UUID) -> ResponseReturnValue:
    programme, row = _appraisal(programme_id, appraisal_id)
    return _remove(programme, row, _criterion(row, criterion_id), "criterion")


def _add(
    noun: str,
    programme: Programme,
    row: Appraisal,
    form: OptionForm | CriterionForm,
    others: Sequence[AppraisalOption] | Sequence[AppraisalCriterion],
    put: Callable[..., None],
    said: str,
) -> ResponseReturnValue:
    """`put` keeps what the form says; `said` tells that it has."""
    if not form.validate_on_submit():
        return _page(noun, programme, row, form)
    entry_id = form.entry_id(acting().person_id)
    if not any(each.id == entry_id for each in others):  # else it was sent twice, and is there
        if not form.leaves_room(row):
            return _page(noun, programme, row, form)
        try:
            put(db_session(), entry_id=entry_id, appraisal=row, said=form.said(), actor=acting())
        except ClosedError:
            return _page(noun, programme, row, form, refused=words.CLOSED)
        db_session().commit()
    return _done(row, said)


def _change(
    noun: str,
    programme: Programme,
    row: Appraisal,
    form: OptionForm | CriterionForm,
    saved: OptionForm | CriterionForm,
    found: AppraisalOption | AppraisalCriterion,
) -> ResponseReturnValue:
    """`saved` is the same form with what stands now."""
    if not form.validate_on_submit():
        return _page(noun, programme, row, form, found=found)
    if form.is_behind(found):
        if not is_saved(saved, form):
            return clash_page(programme, saved, form, found.name, found.revision)
    else:
        try:
            actions.change(db_session(), appraisal=row, row=found, said=form.said(), actor=acting())
        except ClosedError:
            return _page(noun, programme, row, form, found=found, refused=words.CLOSED)
        db_session().commit()
    return _done(row, f"The {noun} is saved")


def _remove(
    programme: Programme, row: Appraisal, found: AppraisalOption | AppraisalCriterion, noun: str
) -> ResponseReturnValue:
    form = RemoveForm(data={"revision": str(found.revision)})
    if not form.validate_on_submit():
        return _page("remove", programme, row, form, found=found, noun=noun)
    if form.is_behind(found):
        form.show(found)
        return _page("remove", programme, row, form, found=found, noun=noun, refused=words.CHANGED_MEANWHILE)
    try:
        actions.remove(db_session(), appraisal=row, row=found, actor=acting())
    except ClosedError:
        return _page("remove", programme, row, form, found=found, noun=noun, refused=words.CLOSED)
    db_session().commit()
    return _done(row, f"The {noun} is removed")


def _appraisal(programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> tuple[Programme, Appraisal]:
    programme = held_programme_or_404(programme_id, Permission.ANALYSE)
    return programme, queries.appraisal(db_session(), programme_id, appraisal_id) or abort(404)


def _option(row: Appraisal, option_id: uuid.UUID) -> AppraisalOption:
    return next((each for each in row.options if each.id == option_id), None) or abort(404)


def _criterion(row: Appraisal, criterion_id: uuid.UUID) -> AppraisalCriterion:
    return next((each for each in row.criteria if each.id == criterion_id), None) or abort(404)


def _scores_page(
    programme: Programme,
    row: Appraisal,
    form: ScoresForm,
    found: AppraisalOption,
    *,
    refused: str = "",
    left_over: Sequence[str] = (),
) -> ResponseReturnValue:
    evidence = evidence_of(db_session(), row)
    market = pages.evidence_page(evidence) if evidence else None
    return _page("scores", programme, row, form, found=found, market=market, refused=refused, left_over=left_over)


def _page(
    template: str,
    programme: Programme,
    row: Appraisal,
    form: BaseForm,
    *,
    found: AppraisalOption | AppraisalCriterion | None = None,
    refused: str = "",
    **page: Any,
) -> ResponseReturnValue:
    closed = refused or ("" if row.is_open else words.IS_CLOSED)
    html = render_template(
        f"appraisals/{template}.html", programme=programme, row=row, form=form, found=found, refused=closed, **page
    )
    return html, 409 if refused else 422 if form.errors else 200


def _done(row: Appraisal, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("appraisals.show", programme_id=row.programme_id, appraisal_id=row.id))
