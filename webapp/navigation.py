"""What stands in the header: where this person can go, and who it is signed in as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

from webapp.language import Later
from webapp.web.access import local_path
from webapp.web.request import current_actor

_WAYS_IN = frozenset({None, "accounts", "organisations", "passkeys", "single_sign_on"})


@dataclass(frozen=True, slots=True)
class NavigationItem:
    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    sign_out_url: str


def register_navigation(app: Flask) -> None:
    app.context_processor(_header)


def _header() -> dict[str, Any]:
    places = [(Later("Engagements"), "engagements.index")]
    actor = current_actor()
    account, sign_in_url = None, _sign_in_url()
    if actor is not None:
        sign_in_url = ""
        account = Account(actor.name, url_for("accounts.sign_out"))
        if actor.officer_of:
            places.append((Later("Programmes"), "programmes.index"))
        if actor.provider is not None:
            places.append((Later("Your responses"), "responses.index"))
            places.append((Later("Your organisation"), "organisations.show"))
        if not actor.owes_code:
            places.append((Later("Your account"), "personal.index"))
    navigation = [_item(text, endpoint) for text, endpoint in places]
    return {"navigation": navigation, "account": account, "sign_in_url": sign_in_url}


def _sign_in_url() -> str:
    """With the way back to the page, or on from one by which people come in. Not where leaving loses what was sent."""
    if request.blueprint in _WAYS_IN:
        here = request.args.get("next")
        return url_for("accounts.sign_in", next=local_path(here)) if request.endpoint != "accounts.sign_in" else ""
    return url_for("accounts.sign_in", next=local_path(request.path)) if request.method == "GET" else ""


def _item(text: Later, endpoint: str) -> NavigationItem:
    section = endpoint.partition(".")[0]
    return NavigationItem(str(text), url_for(endpoint), current=request.blueprint == section)
