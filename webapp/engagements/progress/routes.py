"""An engagement's progress: a page, and the part of it that changes, which the page fetches again by itself."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.declining.queries import page_of_declines
from webapp.engagements.disposed import still_kept
from webapp.engagements.monitoring import page_of_responses
from webapp.engagements.progress import queries
from webapp.engagements.progress.pages import ProgressPage, progress_page
from webapp.engagements.queries import engagement_of_officer
from webapp.models import Engagement
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("progress", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/progress")


@blueprint.get("")
@access.officer
def show(engagement_id: uuid.UUID) -> str:
    engagement = _engagement(engagement_id)
    return render_template("engagements/progress/show.html", engagement=engagement, page=_page(engagement))


@blueprint.get("/now")
@access.officer
def now(engagement_id: uuid.UUID) -> ResponseReturnValue:
    engagement = _engagement(engagement_id)
    html = render_template("engagements/progress/_live.html", engagement=engagement, page=_page(engagement))
    return jsonify(html=html)


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return still_kept(engagement_of_officer(db_session(), engagement_id, acting())) or abort(404)


def _page(engagement: Engagement) -> ProgressPage:
    session = db_session()
    granted = permissions_on(session, engagement.programme_id, acting())
    destination = url_for("engagements.show", engagement_id=engagement.id)
    progress = queries.progress(
        session, engagement, destination=destination, as_answered=Permission.READ_RESPONSES in granted
    )
    declines = (
        page_of_declines(session, engagement.id, request.args.get("declined"), total=progress.declined)
        if progress.declined and Permission.READ_RESPONSES in granted
        else None
    )
    return progress_page(
        engagement,
        progress,
        page_of_responses(session, engagement.id, request.args.get("page"), total=progress.started),
        declines,
        arrived_at(),
        granted=granted,
    )
