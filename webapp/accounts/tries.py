"""Counting tries for a route, and its answer when there were too many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.throttle import FILES_FETCHED, HEAVY_WORK, Limit, count_tries
from webapp.language import _
from webapp.web.errors import Failure, error_page
from webapp.web.format import clock
from webapp.web.request import SAFE_METHODS, acting, arrived_at, database, db_session

P = ParamSpec("P")
_TOO_MUCH_WORK = (
    "So that the service stays quick for everybody, each person may bring in files, take files away and ask for "
    f"calculations {HEAVY_WORK.tries} times in a quarter of an hour."
)


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
                return _refused(_TOO_MUCH_WORK, again_at)
        return view(*args, **kwargs)

    counted.is_heavy = True  # type: ignore[attr-defined]  # a mark on the function, for the list of all routes
    return counted


def fetched(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a view that makes a file anew for each who follows a link to it: so often by one person, all taken together.

    A link's own transaction is read-only, so the count has one of its own. It stands below the view's audience.
    """

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        with database().session() as session:
            again_at = count_tries(session, (FILES_FETCHED, str(acting().person_id)), now=arrived_at())
            session.commit()
        if again_at is not None:
            return _refused(_too_many_files(), again_at)
        return view(*args, **kwargs)

    counted.is_fetched = True  # type: ignore[attr-defined]  # as above
    return counted


def _too_many_files() -> str:
    return _(
        "So that the service stays quick for everybody, each person may fetch files %(number)s times in a quarter of "
        "an hour.",
        number=FILES_FETCHED.tries,
    )


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


def _refused(why: str, again_at: datetime) -> ResponseReturnValue:
    failure = Failure(
        _("You have asked for a lot in a short time"),
        (
            why,
            _(
                "This was not done. Try again at %(time)s. Until then all pages can be read, and nothing that you "
                "saved is lost.",
                time=clock(again_at),
            ),
        ),
    )
    return *error_page(429, failure, resend=request.method not in SAFE_METHODS), _retry_after(again_at)
