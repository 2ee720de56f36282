"""When the invented boards meet, when nothing is published, and who else has a say in the North West programme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp.demonstration.programme import CONTRACTS_END, fixed_id
from webapp.models import Blackout, BoardDate, Partner, Programme

BOARD = "Health and justice commissioning committee"
FIRST_MONTH = date(2026, 12, 1)
WEDNESDAY = 2
BLACKOUTS = (
    ("Christmas 2026", date(2026, 12, 19), date(2027, 1, 3)),
    ("Easter 2027", date(2027, 3, 24), date(2027, 3, 30)),
    ("Christmas 2027", date(2027, 12, 18), date(2028, 1, 3)),
)
PARTNERS = (
    ("HM Prison and Probation Service", "Runs the prisons: escorts, rooms and vetting"),
    ("Youth Custody Service", "Places children in the secure homes"),
)


def add_planning(session: Session, programme: Programme) -> None:
    session.add_all(
        BoardDate(id=fixed_id("board", day.isoformat()), programme_id=programme.id, board=BOARD, day=day)
        for day in third_wednesdays(FIRST_MONTH, CONTRACTS_END)
    )
    session.add_all(
        Blackout(id=fixed_id("blackout", name), programme_id=programme.id, first_day=first, last_day=last, reason=name)
        for name, first, last in BLACKOUTS
    )
    session.add_all(
        Partner(id=fixed_id("partner", name), programme_id=programme.id, name=name, part=part)
        for name, part in PARTNERS
    )
    session.flush()


def third_wednesdays(first_month: date, last: date) -> Iterator[date]:
    """
    >>> [day.isoformat() for day in third_wednesdays(date(2026, 12, 1), date(2027, 1, 31))]
    ['2026-12-16', '2027-01-20']
    """
    month = first_month
    while (day := month + timedelta(days=(WEDNESDAY - month.weekday()) % 7 + 14)) <= last:
        yield day
        month = (month + timedelta(days=31)).replace(day=1)
