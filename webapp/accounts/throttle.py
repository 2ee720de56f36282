"""How often something may be tried, counted in the database so that every web server sees the same count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.models import Throttle

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in each window, by each of those it counts."""

    act: str
    tries: int


SIGN_IN_TO_EMAIL = Limit("sign in to email", 10)
SIGN_IN_FROM_ADDRESS = Limit("sign in from address", 100)  # a whole trust may share one address
PASSKEY_FROM_ADDRESS = Limit("passkey from address", 200)  # an offer, of which each may end in a try
CODE_OF_PERSON = Limit("code of person", 5)
WARNING_OF_CODES = Limit("warning of codes", 1)
LINK_TO_EMAIL = Limit("link to email", 5)
REGISTER_WITH_EMAIL = Limit("register with email", 5)
REGISTER_FROM_ADDRESS = Limit("register from address", 20)
INVITE_FOR_ORGANISATION = Limit("invite for organisation", 20)
ASK_SIGNATORIES = Limit("ask signatories", 3)
SEND_BACK = Limit("send back", 3)
HEAVY_WORK = Limit("heavy work of person", 200)  # files read and written, and calculations
FILES_FETCHED = Limit("files fetched by person", 300)  # each made anew, and an officer may want one of every response
CHANGE_EMAIL = Limit("change email of person", 5)
CHANGE_TO_EMAIL = Limit("change to email", 5)
CHANGE_NAME = Limit("change name of person", 10)
CHANGE_DETAILS = Limit("change details of organisation", 10)  # a change may mail others whose number was given


def count_tries(session: Session, *tries: tuple[Limit, str], now: datetime) -> datetime | None:
    """Count one more try by each; when one of them has tried too often, return the time to try again."""
    window_start = _window_start(now)
    allowed = {_key(limit, who): limit.tries for limit, who in tries}
    counting = insert(Throttle).values([{"key": key, "window_start": window_start, "tries": 1} for key in allowed])
    counting = counting.on_conflict_do_update(
        index_elements=[Throttle.key, Throttle.window_start], set_={"tries": Throttle.tries + 1}
    )
    counted = session.execute(counting.returning(Throttle.key, Throttle.tries)).all()
    too_often = any(row.tries > allowed[row.key] for row in counted)
    return window_start + WINDOW if too_often else None


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(Throttle).where(Throttle.window_start < now - KEPT))


def _window_start(now: datetime) -> datetime:
    """Windows stand at fixed times, so that a count is one row and the time to try again is a round one."""
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def _key(limit: Limit, who: str) -> str:
    """Of fixed length, and without the address of anyone who mistyped."""
    return f"{limit.act} {hashlib.sha256(who.lower().encode()).hexdigest()}"
