"""Who may open a page. Every view says so with one of these decorators; the app does not start otherwise."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, abort, redirect, request, url_for
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
        came_for = request.full_path.rstrip("?") if request.method in SAFE_METHODS else request.path
        return redirect(url_for("accounts.sign_in", next=came_for))
    if audience is Audience.PROVIDER and actor.provider is None:
        abort(404)
    if audience is Audience.OFFICER and not actor.officer_of:
        abort(404)
    if audience is not Audience.SIGNED_IN and actor.owes_code:
        return redirect(url_for("accounts.second_factor", next=request.full_path.rstrip("?")))
    return None


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
