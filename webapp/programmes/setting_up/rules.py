"""What the values of one row must hold together, however they come in: by a form or from a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from webapp.models import Procurement
from webapp.web.format import day as words_of

LAST_YEAR = 2038
"""Up to it a plan can count working days: bank holidays are published to 2028, and the law lets ten more years of them
be expected.

A test holds it to the years that the schedule knows, so that it moves on with them.
"""
FIRST_YEAR = 2000
"""No contract that ended before then is still to be replaced: the year is mistyped."""
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})", re.IGNORECASE)
_TOO_LATE = f"must be in {LAST_YEAR} or before. No plan can be made for later days, whose bank holidays nobody knows"


@dataclass(frozen=True, slots=True)
class Trouble:
    attribute: str
    reason: str
    """What the value must be, after its name: "must be after the start"."""


def code(written: str) -> Trouble | None:
    """Files put these between codes: LIV/dental; D1+D2; D2 > D1."""
    if found := [mark for mark in "/;,+>" if mark in written]:
        return Trouble("code", f"must not contain “{found[0]}”, which stands between codes in files")
    return None


def postcode(written: str) -> Trouble | None:
    if written and not _POSTCODE.fullmatch(written):
        return Trouble("postcode", "must be a postcode, like L9 3DF")
    return None


def as_postcode(written: str) -> str:
    """As the post writes it; what is none stays as it was typed, to be refused."""
    found = _POSTCODE.fullmatch(written)
    return " ".join(found.groups()).upper() if found else written


def contract_dates(start: date | None, end: date, latest: date | None) -> Trouble | None:
    if start is not None and start >= end:
        return Trouble("end_date", "must be after the start")
    if end.year < FIRST_YEAR:
        return Trouble("end_date", f"must be in {FIRST_YEAR} or after")
    if end.year > LAST_YEAR:
        return Trouble("end_date", _TOO_LATE)
    if latest is not None and latest < end:
        return Trouble("latest_end_date", "must not be before the end")
    return None


def service_start(day: date) -> Trouble | None:
    return Trouble("service_start", _TOO_LATE) if day.year > LAST_YEAR else None


def start_to_come(day: date, today: date, procurement: Procurement | None) -> Trouble | None:
    """One that was to come when it was said may have passed since."""
    if day > today or (procurement is not None and procurement.service_start == day):
        return None
    return Trouble("service_start", "must be in the future")


def start_kept(day: date, procurement: Procurement | None) -> Trouble | None:
    """Somebody may have fixed the services to their day for a reason: nobody moves it without letting it go first."""
    fixed = procurement.fixed_start if procurement else None
    if fixed is None or day == fixed.procurement.service_start:
        return None
    because = f"{fixed.officer.name} fixed it, because: {fixed.reason}"
    reason = f"must stay {words_of(fixed.procurement.service_start)}. {because}. Let it move again first"
    return Trouble("service_start", f"{reason}, where it is said how the procurement is planned")


def award_limits(most_bid: int | None, most_awarded: int | None) -> Trouble | None:
    if most_bid is not None and most_awarded is not None and most_awarded > most_bid:
        return Trouble("most_lots_awarded", "must not be more than the most lots to bid for")
    return None


def days_in_order(first: date, last: date) -> Trouble | None:
    return Trouble("last_day", "must not be before the first day") if last < first else None
