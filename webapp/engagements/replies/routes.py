"""Where everybody reads what was said in an engagement and what was done about it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template

from webapp.engagements import queries as engagements
from webapp.engagements.replies import pages, queries
from webapp.web import access
from webapp.web.request import db_session

blueprint = Blueprint("replies", __name__)


@blueprint.get("/engagements/<uuid:engagement_id>/you-said-we-did")
@access.anyone
def show(engagement_id: uuid.UUID) -> str:
    session = db_session()
    engagement = engagements.published_engagement(session, engagement_id) or abort(404)
    publication = queries.newest(session, engagement_id) or abort(404)
    return render_template("replies/show.html", engagement=engagement, page=pages.public_replies(publication))
