"""Counting tries for a route, and its answer when there were too many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.throttle import HEAVY_WORK, Limit, count_tries
from webapp.web.errors import Failure, error_page
from webapp.web.format import clock
from webapp.web.request import SAFE_METHODS, acting, arrived_at, db_session

P = ParamSpec("P")


def too_many_tries(
    *tries: tuple[Limit, str], template: str = "accounts/too_many_tries.html"
) -> tuple[str, int, dict[str, str]] | None:
    """Count a try by each limit, and answer for the route when there were too many."""
    again_at = _counted(*tries)
    return None if again_at is None else (render_template(template, again_at=again_at), 429, _retry_after(again_at))


def heavy(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a view that a person may send something to only so often, all views so marked taken together: each reads a
    file, writes one or starts a calculation. Looking at its page is free. It stands below the view's audience.
    """

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if request.method not in SAFE_METHODS:
            again_at = _counted((HEAVY_WORK, str(acting().person_id)))
            if again_at is not None:
                return *error_page(429, _too_much_work(again_at), resend=True), _retry_after(again_at)
        return view(*args, **kwargs)

    counted.is_heavy = True  # type: ignore[attr-defined]  # a mark on the function, for the list of all routes
    return counted


def _counted(*tries: tuple[Limit, str]) -> datetime | None:
    """From when one may try again, where there were too many.

    Commits at once, so that a try counts whatever becomes of the request, and nobody waits for another's hashing.
    """
    session = db_session()
    again_at = count_tries(session, *tries, now=arrived_at())
    session.commit()
    return again_at


def _retry_after(again_at: datetime) -> dict[str, str]:
    return {"Retry-After": str(int((again_at - arrived_at()).total_seconds()) + 1)}


def _too_much_work(again_at: datetime) -> Failure:
    return Failure(
        "You have asked for a lot in a short time",
        (
            "So that the service stays quick for everybody, each person may bring in files, take files away and ask "
            f"for calculations {HEAVY_WORK.tries} times in a quarter of an hour.",
            f"This was not done. Try again at {clock(again_at)}. Until then all pages can be read, and nothing that "
            "you saved is lost.",
        ),
    )
