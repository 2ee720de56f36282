"""Who may open a page. Every view says so with one of these decorators; the app does not start otherwise."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.web.request import SAFE_METHODS, current_actor

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]


class Audience(StrEnum):
    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    ACCOUNT_HOLDER = "signed in, with a one-time code where one is owed"
    PROVIDER = "acting for a provider"
    OFFICER = "officer with a second factor"


class SignedOutError(Exception):
    """A form came from somebody who has to sign in first, at `sign_in`: its page keeps what was typed."""

    def __init__(self, sign_in: str) -> None:
        super().__init__("a form came from somebody who has to sign in first")
        self.sign_in = sign_in


def anyone(view: View[P, R]) -> View[P, R]:
    view.audience = Audience.ANYONE  # type: ignore[attr-defined]  # a mark on the function, read by undeclared()
    return view


def signed_in(view: View[P, R]) -> View[P, R | Response]:
    return _guarded(view, Audience.SIGNED_IN)


def account_holder(view: View[P, R]) -> View[P, R | Response]:
    return _guarded(view, Audience.ACCOUNT_HOLDER)


def provider(view: View[P, R]) -> View[P, R | Response]:
    return _guarded(view, Audience.PROVIDER)


def officer(view: View[P, R]) -> View[P, R | Response]:
    return _guarded(view, Audience.OFFICER)


def _guarded(view: View[P, R], audience: Audience) -> View[P, R | Response]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        turned_away = _turned_away(audience)
        return turned_away if turned_away is not None else view(*args, **kwargs)

    guarded.audience = audience  # type: ignore[attr-defined]  # as above
    return guarded


def _turned_away(audience: Audience) -> Response | None:
    actor = current_actor()
    if actor is None:
        return _to("accounts.sign_in")
    if audience is Audience.PROVIDER and actor.provider is None:
        abort(404)
    if audience is Audience.OFFICER and not actor.officer_of:
        abort(404)
    if audience is not Audience.SIGNED_IN and actor.owes_code:
        return _to("accounts.second_factor")
    return None


def _to(endpoint: str) -> Response:
    """To a page for signing in, which leads back here. A redirect would lose what a form has sent: that gets a page."""
    if request.method not in SAFE_METHODS:
        raise SignedOutError(url_for(endpoint, next=page_of_form()))
    return redirect(url_for(endpoint, next=request.full_path.rstrip("?")))


def page_of_form() -> str | None:
    """The page at the address that a form was sent to, if there is one."""
    addresses = current_app.create_url_adapter(request)
    return request.path if addresses is not None and addresses.test(method="GET") else None


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    return cast("Audience | None", getattr(app.view_functions[endpoint], "audience", None))


def undeclared(app: Flask) -> list[str]:
    """The endpoints that do not say who may open them."""
    return sorted(
        endpoint for endpoint in app.view_functions if endpoint != "static" and audience_of(app, endpoint) is None
    )


def local_path(candidate: str | None) -> str | None:
    """`candidate` if it is a path of this site, else nothing: a sign-in never sends anyone elsewhere."""
    if not candidate or not candidate.startswith("/") or candidate.startswith("//") or "\\" in candidate:
        return None
    return candidate if all(character.isprintable() for character in candidate) else None
