"""What an address of the builder is about: only what the officer may run, and only what can still be changed; and the
page of a form about it."""

from __future__ import annotations

import uuid

from flask import abort, render_template, request

from webapp.engagements.builder import actions
from webapp.engagements.builder.queries import Building, building_of
from webapp.models import Question, QuestionnaireVersion, Section
from webapp.web.forms import BaseForm
from webapp.web.request import SAFE_METHODS, acting, db_session


def opened(engagement_id: uuid.UUID) -> Building:
    """For a form that is sent, with the engagement's row held."""
    if request.method not in SAFE_METHODS:
        actions.lock(db_session(), engagement_id, acting())
    return building_of(db_session(), engagement_id, acting()) or abort(404)


def draft_of(building: Building) -> QuestionnaireVersion:
    """The version to change. A colleague may have published it meanwhile."""
    return building.draft or abort(409)


def section_of(building: Building, section_id: uuid.UUID) -> Section:
    draft_of(building)
    return building.section(section_id) or abort(404)


def question_of(building: Building, question_id: uuid.UUID) -> Question:
    draft_of(building)
    return building.question(question_id) or abort(404)


def form_page(template: str, form: BaseForm, building: Building, **page: object) -> tuple[str, int]:
    html = render_template(f"builder/{template}.html", form=form, building=building, **page)
    return html, 422 if form.errors else 200
