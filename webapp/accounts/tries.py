"""Counting tries for a route, and its answer when there were too many."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.throttle import HEAVY_WORK, Limit, count_tries
from webapp.web.request import SAFE_METHODS, acting, arrived_at, db_session

P = ParamSpec("P")


def too_many_tries(
    *tries: tuple[Limit, str], template: str = "accounts/too_many_tries.html", **page: Any
) -> tuple[str, int, dict[str, str]] | None:
    """Count a try by each limit, and answer for the route when there were too many.

    Commits at once, so that a try counts whatever becomes of the request, and nobody waits for another's hashing.
    """
    session = db_session()
    again_at = count_tries(session, *tries, now=arrived_at())
    session.commit()
    if again_at is None:
        return None
    wait = (again_at - arrived_at()).total_seconds()
    html = render_template(template, again_at=again_at, **page)
    return html, 429, {"Retry-After": str(int(wait) + 1)}


def heavy(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a view that a person may send something to only so often, all views so marked taken together: each reads a
    file, writes one or starts a calculation. Looking at its page is free. It stands below the view's audience.
    """

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if request.method not in SAFE_METHODS:
            who = (HEAVY_WORK, str(acting().person_id))
            too_many = too_many_tries(who, template="accounts/too_much_work.html", tries=HEAVY_WORK.tries)
            if too_many is not None:
                return too_many
        return view(*args, **kwargs)

    counted.is_heavy = True  # type: ignore[attr-defined]  # a mark on the function, for the list of all routes
    return counted
