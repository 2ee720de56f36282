"""The statements that every page's footer leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for

from webapp.communications.guide.topics import topic_of
from webapp.language import _
from webapp.web import access
from webapp.web.request import current_actor

blueprint = Blueprint("statements", __name__)


@dataclass(frozen=True, slots=True)
class FooterLink:
    text: str
    href: str


@blueprint.get("/accessibility")
@access.anyone
def accessibility() -> str:
    return render_template("statements/accessibility.html")


@blueprint.get("/privacy")
@access.anyone
def privacy() -> str:
    return render_template("statements/privacy.html")


@blueprint.get("/help-with-answering")
@access.anyone
def answering() -> str:
    return render_template("statements/answering.html")


def register_footer(app: Flask) -> None:
    app.context_processor(_footer)


def _footer() -> dict[str, Any]:
    pages = ((_("Accessibility"), "statements.accessibility"), (_("Privacy"), "statements.privacy"))
    return {"footer_links": [*_help(), *(FooterLink(text, url_for(endpoint)) for text, endpoint in pages)]}


def _help() -> list[FooterLink]:
    """For officers, who read English: the help with this page, or its contents. For all others, how to answer."""
    actor = current_actor()
    if actor is None or actor.owes_code or not actor.officer_of:
        return [FooterLink(_("Help with answering"), url_for("statements.answering"))]
    topic = topic_of(request.blueprint)
    if topic is None:
        return [FooterLink("Help", url_for("guide.contents"))]
    return [FooterLink("Help with this page", url_for("guide.topic", topic_slug=topic.slug))]
