"""The statements that every page's footer leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, render_template, url_for

from webapp.language import _
from webapp.web import access

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


def register_footer(app: Flask) -> None:
    app.context_processor(_footer)


def _footer() -> dict[str, Any]:
    pages = ((_("Accessibility"), "statements.accessibility"), (_("Privacy"), "statements.privacy"))
    return {"footer_links": [FooterLink(text, url_for(endpoint)) for text, endpoint in pages]}
