"""Help for officers: pages to read, and the way through a first programme."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template

from webapp.communications.guide import queries
from webapp.communications.guide.steps import steps_page, ways_of
from webapp.communications.guide.topics import TOPICS
from webapp.programmes.found import programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("guide", __name__)


@blueprint.get("/help")
@access.officer
def contents() -> str:
    return render_template("communications/help/contents.html", topics=TOPICS.values())


@blueprint.get("/help/<topic_slug>")
@access.officer
def topic(topic_slug: str) -> str:
    found = TOPICS.get(topic_slug) or abort(404)
    return render_template(f"communications/help/{found.slug}.html", topic=found)


@blueprint.get("/programmes/<uuid:programme_id>/first-steps")
@access.officer
def first_steps(programme_id: uuid.UUID) -> str:
    session = db_session()
    programme = programme_or_404(programme_id, Permission.READ)
    ways = ways_of(programme_id, queries.progress(session, programme_id, arrived_at()))
    page = steps_page(ways, permissions_on(session, programme_id, acting()))
    return render_template("communications/first_steps.html", programme=programme, page=page)
