"""Where a person goes that has just signed in."""

from __future__ import annotations

from flask import request, url_for

from webapp.audit import Actor
from webapp.web import access


def wanted() -> str | None:
    """The page of ours that it came for."""
    return access.local_path(request.args.get("next"))


def onward(actor: Actor | None, to: str | None) -> str:
    """To the code if it owes one, else to what it came for."""
    if actor is not None and actor.owes_code:
        return url_for("accounts.second_factor", next=to)
    return to or home(actor)


def home(actor: Actor | None) -> str:
    if actor is not None and actor.officer_of:
        return url_for("programmes.index")
    if actor is not None and actor.provider is not None:
        return url_for("responses.index")
    return url_for("engagements.index")
