"""The form of a section with nothing in it and nothing to send, made as the provider's page is made."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template

from webapp.engagements.builder.queries import building_of
from webapp.responses.drafts import Draft
from webapp.responses.previews.pages import depending
from webapp.responses.questionnaire import Questionnaire
from webapp.responses.section_blocks import section_page
from webapp.web import access
from webapp.web.request import acting, db_session

blueprint = Blueprint("previews", __name__)


@blueprint.get("/manage/engagements/<uuid:engagement_id>/questionnaire/preview/<slug>")
@access.officer
def section(engagement_id: uuid.UUID, slug: str) -> str:
    """With every question that it can ask, about every lot, whatever it depends on."""
    building = building_of(db_session(), engagement_id, acting()) or abort(404)
    lots = building.lots
    draft = Draft(Questionnaire(building.sections), lots, saved={})
    shown = draft.section(slug) or abort(404)
    page = section_page(draft, shown, dict.fromkeys(draft.every_item(shown, lots), ""), [])
    return render_template(
        "builder/form_preview.html",
        page=page,
        engagement=building.engagement,
        depending=depending(building, slug),
    )
