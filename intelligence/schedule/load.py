"""How much officers have to do and how many tenders bidders have open, over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from intelligence.schedule.calendar import ONE_DAY
from intelligence.schedule.plan import PlannedStage, Schedule
from intelligence.schedule.requirements import stages_for
from intelligence.schedule.routes import Stage


@dataclass(frozen=True, slots=True)
class LoadPeriod:
    """From `first` to `last`, both included, the load stays the same; `procurement_ids` make it up."""

    first: date
    last: date
    load: int
    procurement_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """The load of one officer (percent of time) or bidder (open tenders); `capacity` is `None` where none is known.

    A capacity that `may_be_passed` is a wish, which a schedule pays for passing; any other is a rule.
    """

    name: str
    periods: tuple[LoadPeriod, ...]
    capacity: int | None = None
    may_be_passed: bool = False

    def peak(self) -> int:
        return max((period.load for period in self.periods), default=0)


def officer_load(schedule: Schedule) -> tuple[Load, ...]:
    """The load of every officer of the schedule, in percent of time, by name.

    >>> from intelligence.market import Procurement, Route
    >>> from intelligence.schedule.problem import ScheduleProblem
    >>> from intelligence.schedule.solve import plan_schedule
    >>> dental = Procurement("D", "Dental", Route.PSR_COMPETITIVE, ("D1",), date(2027, 4, 1), officer="Ada")
    >>> (ada,) = officer_load(plan_schedule(ScheduleProblem(date(2026, 1, 5), (dental,)), seed=1))
    >>> ada.name, [period.load for period in ada.periods], ada.peak()
    ('Ada', [40, 20, 50], 50)
    """
    capacity = {officer.name: officer.capacity_percent for officer in schedule.problem.officers}
    asked = {procurement.id: procurement for procurement in schedule.problem.procurements}
    work: dict[str, list[tuple[PlannedStage, int, str]]] = {name: [] for name in capacity}
    for item in schedule.procurements:
        if item.officer is None:
            continue
        rules = stages_for(schedule.problem, asked[item.procurement_id])
        percents = {rule.stage: rule.officer_percent for rule in rules}
        busy = [(stage, percents[stage.stage], item.procurement_id) for stage in item.stages if percents[stage.stage]]
        work.setdefault(item.officer, []).extend(busy)
    return tuple(Load(name, _periods(work[name]), capacity.get(name)) for name in sorted(work))


def bidder_load(schedule: Schedule) -> tuple[Load, ...]:
    """The tenders open at once for every provider named in the problem's pairs, limits and wishes, by its identifier.

    The capacity is the rule where there is one, and else the wish.
    """
    wants: dict[str, set[str]] = {}
    for pair in schedule.problem.bidder_pairs:
        for provider in pair.provider_ids:
            wants.setdefault(provider, set()).update((pair.first_id, pair.second_id))
    rules, wishes = {}, {}
    for limit in schedule.problem.bidder_limits:
        wants.setdefault(limit.provider_id, set()).update(limit.procurement_ids)
        if limit.tenders_open_at_most is not None:
            rules[limit.provider_id] = limit.tenders_open_at_most
    for wish in schedule.problem.tenders_wishes:
        wants.setdefault(wish.provider_id, set()).update(wish.procurement_ids)
        wishes[wish.provider_id] = wish.at_most
    tenders = [
        (stage, 1, item.procurement_id)
        for item in schedule.procurements
        for stage in item.stages
        if stage.stage is Stage.TENDER
    ]
    return tuple(
        Load(
            provider,
            _periods(tender for tender in tenders if tender[2] in wants[provider]),
            (wishes | rules).get(provider),
            may_be_passed=provider not in rules,
        )
        for provider in sorted(wants)
    )


def _periods(work: Iterable[tuple[PlannedStage, int, str]]) -> tuple[LoadPeriod, ...]:
    """The days between any two beginnings or ends, with all that runs on them; days without any are left out."""
    stages = list(work)
    edges = sorted({day for stage, _, _ in stages for day in (stage.start, stage.end + ONE_DAY)})
    periods = []
    for first, after in pairwise(edges):
        on = [(load, identifier) for stage, load, identifier in stages if stage.start <= first <= stage.end]
        if on:
            names = tuple(identifier for _, identifier in on)
            periods.append(LoadPeriod(first, after - ONE_DAY, sum(load for load, _ in on), names))
    return tuple(periods)
