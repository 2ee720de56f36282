"""Which inherited contracts could end together, and what that costs."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from webapp.analysis.procurements.alignment import register_of
from webapp.analysis.procurements.alignment_page import alignment_page, tags_of
from webapp.programmes.found import programme_or_404
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.format import LONDON
from webapp.web.request import arrived_at, db_session

blueprint = Blueprint("alignment", __name__, url_prefix="/programmes/<uuid:programme_id>/alignment")


@blueprint.get("")
@access.officer
def show(programme_id: uuid.UUID) -> str:
    session, today = db_session(), arrived_at().astimezone(LONDON).date()
    programme = programme_or_404(programme_id, Permission.READ)
    page = alignment_page(register_of(session, programme_id), today, asked=request.args.get("page"))
    return render_template("planning/alignment.html", programme=programme, page=page, tags=tags_of(page))
