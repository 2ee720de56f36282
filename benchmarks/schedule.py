"""How much better is the planned schedule than earliest due date first, and how near is it to what can be proved?

    python -m benchmarks.schedule [--sizes 5,17,50] [--seconds 10] [--seed 1]

Each programme is synthetic: drawn from the seed, with routes, officers, boards, freezes, expiring contracts and shared
bidders in proportions like those of a regional health and justice programme. Both plans are made in the same run, pass
the same independent check and are priced by the same rules, in assumed pounds.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import date, timedelta

from intelligence.market import Contract, Procurement, Route
from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.holidays import calendar_of, published_calendar, seasonal_blackouts
from intelligence.schedule.plan import (
    BidderPair,
    Officer,
    PlannedProcurement,
    Schedule,
    ScheduleProblem,
    ScheduleStatus,
)
from intelligence.schedule.serial import earliest_due_date_first
from intelligence.schedule.solve import plan_schedule

AS_OF = date(2025, 1, 6)
SERVICE_STARTS = (date(2026, 4, 1), date(2026, 4, 1), date(2027, 4, 1))
ROUTES = (
    (Route.PSR_COMPETITIVE,) * 6
    + (Route.PSR_MOST_SUITABLE, Route.PSR_DIRECT_C, Route.PA23_OPEN)
    + (Route.PA23_COMPETITIVE_FLEXIBLE,)
)
PROCUREMENTS_PER_OFFICER = 4
SHARED_BIDDERS = 0.4  # of the pairs whose services start together


def synthetic_problem(size: int, seed: int) -> ScheduleProblem:
    """A programme of `size` procurements, the same for the same seed."""
    draw = random.Random(f"{seed} {size}")
    officers = tuple(Officer(f"officer {n}") for n in range(-(-size // PROCUREMENTS_PER_OFFICER)))
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
    contracts = tuple(
        Contract(f"C{n}", f"Service {n} now", entry.lot_ids, entry.service_start - timedelta(days=1))
        for n, entry in enumerate(procurements)
    )
    pairs = tuple(
        BidderPair(first.id, second.id, draw.choice((0.5, 1.0, 2.0, 3.0)))
        for n, first in enumerate(procurements)
        for second in procurements[n + 1 :]
        if first.service_start == second.service_start and draw.random() < SHARED_BIDDERS
    )
    return ScheduleProblem(
        as_of=AS_OF,
        procurements=procurements,
        contracts=contracts,
        board_dates=tuple(_third_wednesday(year, month) for year in (2025, 2026, 2027, 2028) for month in range(1, 13)),
        blackouts=seasonal_blackouts(published_calendar(), AS_OF, date(2028, 12, 31)),
        officers=officers,
        bidder_pairs=pairs,
    )


def _third_wednesday(year: int, month: int) -> date:
    return next(day for day in (date(year, month, n) for n in range(15, 22)) if day.weekday() == 2)


def baseline_cost(problem: ScheduleProblem) -> int | None:
    """The cost of earliest due date first, which must pass the same check."""
    calendar = calendar_of(problem)
    planned = earliest_due_date_first(problem, calendar)
    if planned is None:
        return None
    schedule = _as_schedule(problem, planned)
    assert broken_rules(problem, schedule) == ()
    return schedule.cost


def _as_schedule(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> Schedule:
    terms = cost_terms(problem, calendar_of(problem), planned)
    return Schedule(
        problem=problem,
        procurements=planned,
        status=ScheduleStatus.FEASIBLE,
        cost=sum(term.cost for term in terms),
        bound=None,
        gap=None,
        cost_terms=terms,
        warnings=(),
        checked_rules=RULES,
        broken_rules=(),
        seed=0,
        seconds=0.0,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="5,17,50")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'procurements':>12} {'EDD cost':>10} {'cost':>10} {'bound':>10} {'gap':>6} {'status':>9} {'CPU s':>8}")
    for size in (int(size) for size in options.sizes.split(",")):
        problem = synthetic_problem(size, options.seed)
        baseline = baseline_cost(problem)
        began = time.process_time()
        schedule = plan_schedule(problem, seed=options.seed, seconds=options.seconds)
        took = time.process_time() - began
        assert schedule.broken_rules == (), schedule.broken_rules
        if schedule.cost is None:
            print(f"{size:>12} {baseline or '-':>10} {'-':>10} {'-':>10} {'-':>6} {schedule.status:>9} {took:>8.1f}")
            continue
        print(
            f"{size:>12} {'-' if baseline is None else f'{baseline:,}':>10} {schedule.cost:>10,} {schedule.bound:>10,} "
            f"{schedule.gap:>6.1%} {schedule.status:>9} {took:>8.1f}"
        )


if __name__ == "__main__":
    main()
