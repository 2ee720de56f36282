"""Having colleagues mailed, for a route."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import current_app

from webapp.accounts.throttle import Limit
from webapp.accounts.tries import too_many_tries
from webapp.web.once import OnceForm
from webapp.web.request import acting, arrived_at, db_session


def mailed(
    act: Callable[..., int], limit: Limit, form: OnceForm, response_id: uuid.UUID, page: str
) -> int | tuple[str, int, dict[str, str]]:
    """How many are mailed the way to a page, or the refusal to mail them again and again."""
    provider = acting().provider
    counted = f"{provider.organisation_id if provider else None} {response_id}"
    if (refusal := too_many_tries((limit, counted))) is not None:
        return refusal
    session, once = db_session(), form.entry_id(acting().person_id)
    told = act(session, response_id=response_id, link=absolute(page), once=once, actor=acting(), now=arrived_at())
    session.commit()
    return told


def absolute(path: str) -> str:
    """For an email."""
    return f"{current_app.config['SETTINGS'].base_url}{path}"
