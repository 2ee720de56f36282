"""Programmes of procurements drawn from a seed, in proportions like those of a regional health and justice programme.

Procurements belong to market areas of about eight. A provider wants a few of those of its area, and sometimes one
elsewhere, and says how many tenders it can answer at once: the tenders that share bidders follow from that, by the same
rule as from an engagement's answers. Services start on 1 April, most of them of the first
year; every procurement replaces a
contract that ends the day before; an officer looks after four; boards meet once a month.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from intelligence.market import (
    Contract,
    Interest,
    InterestLevel,
    Lot,
    Market,
    Procurement,
    Provider,
    Route,
    ServiceLine,
    Site,
    Unit,
)
from intelligence.schedule.from_market import problem_from_market
from intelligence.schedule.holidays import published_calendar, seasonal_blackouts
from intelligence.schedule.problem import Officer, ScheduleProblem

AS_OF = date(2025, 1, 6)
SERVICE_STARTS = (date(2026, 4, 1), date(2026, 4, 1), date(2027, 4, 1))
ROUTES = (
    (Route.PSR_COMPETITIVE,) * 6
    + (Route.PSR_MOST_SUITABLE, Route.PSR_DIRECT_C, Route.PA23_OPEN)
    + (Route.PA23_COMPETITIVE_FLEXIBLE,)
)
AREA = 8
PER_OFFICER = 4
MOST_WANTED = 6
ELSEWHERE = 0.15


def synthetic_problem(size: int, seed: int) -> ScheduleProblem:
    """A programme of `size` procurements, the same for the same seed."""
    draw = random.Random(f"{seed} {size}")
    officers = tuple(Officer(f"officer {n}") for n in range(-(-size // PER_OFFICER)))
    starts = SERVICE_STARTS[: 1 if size <= 5 else len(SERVICE_STARTS)]
    procurements = tuple(
        Procurement(
            id=f"P{n}",
            title=f"Service {n}",
            route=draw.choice(ROUTES),
            lot_ids=(f"L{n}",),
            service_start=draw.choice(starts),
            mobilisation_days=draw.choice((70, 90, 120)),
            officer=officers[n % len(officers)].name,
        )
        for n in range(size)
    )
    providers, interests = _providers(size, draw)
    market = Market(
        sites=(Site("S", "Anywhere"),),
        service_lines=(ServiceLine("X", "Anything"),),
        lots=tuple(Lot(f"L{n}", f"Service {n}", (Unit("S", "X"),)) for n in range(size)),
        procurements=procurements,
        contracts=tuple(
            Contract(f"C{n}", f"Service {n} now", entry.lot_ids, entry.service_start - timedelta(days=1))
            for n, entry in enumerate(procurements)
        ),
        providers=providers,
        interests=interests,
    )
    return problem_from_market(
        market,
        as_of=AS_OF,
        board_dates=tuple(_third_wednesday(year, month) for year in (2025, 2026, 2027, 2028) for month in range(1, 13)),
        blackouts=seasonal_blackouts(published_calendar(), AS_OF, date(2028, 12, 31)),
        officers=officers,
    )


def _providers(size: int, draw: random.Random) -> tuple[tuple[Provider, ...], tuple[Interest, ...]]:
    providers, interests = [], []
    for n in range(size + 3):
        area = draw.randrange(-(-size // AREA)) * AREA
        nearby = range(area, min(area + AREA, size))
        wanted = set(draw.sample(nearby, min(draw.randint(2, MOST_WANTED), len(nearby))))
        if draw.random() < ELSEWHERE:
            wanted.add(draw.randrange(size))
        providers.append(Provider(f"B{n}", f"Bidder {n}", tenders_at_once=draw.randint(1, 3)))
        interests += [Interest(f"B{n}", f"L{lot}", InterestLevel.WOULD_BID) for lot in sorted(wanted)]
    return tuple(providers), tuple(interests)


def _third_wednesday(year: int, month: int) -> date:
    return next(day for day in (date(year, month, n) for n in range(15, 22)) if day.weekday() == 2)
