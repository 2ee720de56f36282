"""A programme like the North West's: five tenders whose services all start on 1 April."""

from __future__ import annotations

from datetime import date
from typing import Any

from intelligence.market import Contract, Procurement, Route
from intelligence.schedule.holidays import published_calendar, seasonal_blackouts
from intelligence.schedule.problem import BidderPair, Officer, ScheduleProblem

START = date(2027, 4, 1)
CONTRACT_END = date(2027, 3, 31)
LATEST_END = date(2027, 9, 30)
IN_GOOD_TIME = date(2026, 1, 5)

PROCUREMENTS = (
    Procurement("HSC", "Health and social care", Route.PSR_COMPETITIVE, ("H1", "H2"), START, None, "Ada"),
    Procurement("MH", "Mental health", Route.PSR_COMPETITIVE, ("M1", "M2"), START, None, "Ben"),
    Procurement("SCH", "Secure children's homes", Route.PSR_COMPETITIVE, ("S1",), START, 90, "Cal"),
    Procurement("DN", "Dental north", Route.PSR_COMPETITIVE, ("D1",), START, 70, "Dee"),
    Procurement("DS", "Dental south", Route.PSR_COMPETITIVE, ("D2",), START, 70, "Dee"),
)
CONTRACTS = tuple(
    Contract(f"{entry.id} now", f"{entry.title} (current)", entry.lot_ids, CONTRACT_END, LATEST_END)
    for entry in PROCUREMENTS
)
BOARDS = tuple(
    next(day for day in (date(year, month, n) for n in range(15, 22)) if day.weekday() == 2)
    for year in (2026, 2027)
    for month in range(1, 13)
)
PAIRS = (
    BidderPair("HSC", "MH", 3.0, ("P1", "P2", "P3")),
    BidderPair("HSC", "SCH", 1.5, ("P1", "P2")),
    BidderPair("DN", "DS", 2.0, ("P4", "P5")),
)


def programme(as_of: date = IN_GOOD_TIME, **changes: Any) -> ScheduleProblem:
    """The programme planned from `as_of`, with boards, freezes, one officer a service line and shared bidders."""
    parts: dict[str, Any] = {
        "procurements": PROCUREMENTS,
        "contracts": CONTRACTS,
        "board_dates": BOARDS,
        "blackouts": seasonal_blackouts(published_calendar(), as_of, date(2028, 1, 31)),
        "officers": tuple(Officer(name) for name in ("Ada", "Ben", "Cal", "Dee")),
        "bidder_pairs": PAIRS,
    }
    return ScheduleProblem(as_of, **(parts | changes))


def dental(as_of: date = IN_GOOD_TIME, **changes: Any) -> ScheduleProblem:
    """One dental tender and its contract, with nothing else in its way."""
    parts: dict[str, Any] = {"procurements": PROCUREMENTS[3:4], "contracts": CONTRACTS[3:4]}
    return ScheduleProblem(as_of, **(parts | changes))
