"""Counting tries for a route, and its answer when there were too many."""

from __future__ import annotations

from flask import render_template

from webapp.accounts.throttle import Limit, count_tries
from webapp.web.request import arrived_at, db_session


def too_many_tries(
    *tries: tuple[Limit, str], template: str = "accounts/too_many_tries.html"
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
    page = render_template(template, again_at=again_at)
    return page, 429, {"Retry-After": str(int(wait) + 1)}
