"""An independent check of a schedule: dates only, day by day, without the model that made it.

It shares with the model the stage lengths asked for and the list of bank holidays, and counts days in its own way, so
that a mistake in the solver's axis or in the arithmetic of a legal clock shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from intelligence.market import Procurement
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, Schedule, ScheduleStatus
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.requirements import stages_for
from intelligence.schedule.routes import Counting, Stage, StageRule

Rule = Callable[["_Plan"], Iterator[str]]


class _Plan:
    """A schedule beside its problem, with what several rules look up."""

    def __init__(self, problem: ScheduleProblem, schedule: Schedule) -> None:
        self.problem = problem
        self.calendar = calendar_of(problem)
        self.planned = schedule.procurements
        self.asked = {entry.id: entry for entry in problem.procurements}

    def items(self) -> Iterator[tuple[Procurement, PlannedProcurement]]:
        for item in self.planned:
            if item.procurement_id in self.asked:
                yield self.asked[item.procurement_id], item

    @cached_property
    def _stages(self) -> tuple[tuple[PlannedProcurement, StageRule, PlannedStage], ...]:
        return tuple(
            (item, rule, stage)
            for entry, item in self.items()
            for rule, stage in zip(stages_for(self.problem, entry), item.stages, strict=False)
        )

    def stages(self) -> Iterator[tuple[PlannedProcurement, StageRule, PlannedStage]]:
        return iter(self._stages)

    def ahead(self) -> Iterator[tuple[PlannedProcurement, StageRule, PlannedStage]]:
        """The stages that have not begun: what has happened is held to no rule but that."""
        return ((item, rule, stage) for item, rule, stage in self.stages() if not stage.begun)

    def tenders(self, procurement_ids: tuple[str, ...]) -> Iterator[tuple[PlannedProcurement, PlannedStage]]:
        for item, _, stage in self.stages():
            if stage.stage is Stage.TENDER and item.procurement_id in procurement_ids:
                yield item, stage

    def blackouts_on(self, day: date) -> Iterator[str]:
        for blackout in self.problem.blackouts:
            if blackout.first <= day <= blackout.last:
                yield blackout.name


def broken_rules(problem: ScheduleProblem, schedule: Schedule) -> tuple[str, ...]:
    """Every hard rule that the schedule breaks, in words; empty when it keeps them all.

    A schedule without a plan breaks nothing: its status says that there is none.
    """
    if schedule.status in (ScheduleStatus.INFEASIBLE, ScheduleStatus.UNKNOWN):
        return ()
    plan = _Plan(problem, schedule)
    incomplete = tuple(_complete(plan))
    if incomplete:  # the other rules compare stage by stage
        return incomplete
    broken = [sentence for rule in _RULES.values() for sentence in rule(plan)]
    if schedule.cost != sum(term.cost for term in schedule.cost_terms):
        broken.append("the cost is not the sum of its terms")
    return tuple(broken)


def _complete(plan: _Plan) -> Iterator[str]:
    if sorted(item.procurement_id for item in plan.planned) != sorted(plan.asked):
        yield "not every procurement is planned exactly once"
    for entry, item in plan.items():
        wanted = [rule.stage for rule in stages_for(plan.problem, entry)]
        if [stage.stage for stage in item.stages] != wanted:
            yield f"{entry.id}: its stages are not those of its route in their order"


def _after_as_of(plan: _Plan) -> Iterator[str]:
    for item, _, stage in plan.ahead():
        if stage.start < plan.problem.as_of:
            yield f"{item.procurement_id}: {stage.stage.words} starts on {stage.start}, before {plan.problem.as_of}"


def _on_working_days(plan: _Plan) -> Iterator[str]:
    for item, _, stage in plan.ahead():
        for day in (stage.start, stage.end):
            if not plan.calendar.is_working_day(day):
                yield f"{item.procurement_id}: {stage.stage.words} starts or ends on {day}, not a working day"


def _long_enough(plan: _Plan) -> Iterator[str]:
    for item, rule, stage in plan.ahead():
        needed = max(rule.days, rule.legal_floor or 0)
        lasted = _days_lasted(plan.calendar, rule.counting, stage)
        if lasted < needed:
            yield f"{item.procurement_id}: {stage.stage.words} lasts {lasted} of the {needed} days it needs"


def _days_lasted(calendar: WorkingCalendar, counting: Counting, stage: PlannedStage) -> int:
    if counting is Counting.CALENDAR_DAYS_AFTER_NOTICE:
        return (stage.end - stage.start).days
    days = _each_day(stage.start, stage.end)
    if counting is Counting.PSR_STANDSTILL:  # neither the day of the notice nor the day the standstill begins counts
        days = days[2:]
    return sum(calendar.is_working_day(day) for day in days)


def _in_order(plan: _Plan) -> Iterator[str]:
    for item in plan.planned:
        for before, after in pairwise(item.stages):
            if after.start <= before.end:
                yield f"{item.procurement_id}: {after.stage.words} starts before {before.stage.words} has ended"


def _bounded_waits(plan: _Plan) -> Iterator[str]:
    for entry, item in plan.items():
        rules = stages_for(plan.problem, entry)[1:]
        for rule, (before, after) in zip(rules, pairwise(item.stages), strict=True):
            if before.begun:  # how long it has waited is no choice any more
                continue
            idle = sum(plan.calendar.is_working_day(day) for day in _each_day(before.end, after.start)[1:-1])
            if rule.longest_wait is not None and idle > rule.longest_wait:
                yield f"{entry.id}: {idle} idle working days before {rule.stage.words}, at most {rule.longest_wait}"


def _boards(plan: _Plan) -> Iterator[str]:
    for item, rule, stage in plan.ahead():
        if rule.needs_board and plan.problem.board_dates and stage.end not in plan.problem.board_dates:
            yield f"{item.procurement_id}: {stage.stage.words} ends on {stage.end}, not a board date"


def _blackouts(plan: _Plan) -> Iterator[str]:
    for item, rule, stage in plan.ahead():
        if rule.publishes:
            for name in plan.blackouts_on(stage.start):
                yield f"{item.procurement_id}: {stage.stage.words} is published on {stage.start}, in {name}"
        if rule.submissions:
            for name in plan.blackouts_on(stage.end):
                yield f"{item.procurement_id}: {stage.stage.words} closes on {stage.end}, in {name}"


def _officers(plan: _Plan) -> Iterator[str]:
    for officer in plan.problem.officers:
        own = [(stage, rule.officer_percent) for item, rule, stage in plan.stages() if item.officer == officer.name]
        if (day := _first_crowded_day(own, officer.capacity_percent)) is not None:
            load = sum(percent for stage, percent in own if stage.start <= day <= stage.end)
            yield f"{officer.name}: {load} percent on {day}, of {officer.capacity_percent}"


def _open_tenders(plan: _Plan) -> Iterator[str]:
    limit = plan.problem.tenders_open_at_most
    tenders = [(stage, 1) for _, stage in plan.tenders(tuple(plan.asked))]
    if limit is not None and (day := _first_crowded_day(tenders, limit)) is not None:
        open_then = sum(stage.start <= day <= stage.end for stage, _ in tenders)
        yield f"{open_then} tenders are open on {day}, at most {limit} may be"


def _first_crowded_day(loads: list[tuple[PlannedStage, int]], capacity: int) -> date | None:
    """The first day with more load than capacity to which a stage that has not begun adds."""
    on: dict[date, int] = {}
    ahead: set[date] = set()
    for stage, load in loads:
        for day in _each_day(stage.start, stage.end):
            on[day] = on.get(day, 0) + load
            if load and not stage.begun:
                ahead.add(day)
    return min((day for day in ahead if on[day] > capacity), default=None)


def _bidders_tenders(plan: _Plan) -> Iterator[str]:
    for limit in plan.problem.bidder_limits:
        tenders = [(stage, 1) for _, stage in plan.tenders(limit.procurement_ids)]
        most = limit.tenders_open_at_most
        if most is not None and (day := _first_crowded_day(tenders, most)) is not None:
            yield f"{limit.provider_id}: more than {most} of its tenders are open on {day}"


def _time_to_bid(plan: _Plan) -> Iterator[str]:
    for limit in plan.problem.bidder_limits:
        for item, stage in plan.tenders(limit.procurement_ids):
            days = sum(plan.calendar.is_working_day(day) for day in _each_day(stage.start, stage.end))
            if not stage.begun and days < (limit.shortest_bid_days or 0):
                wanted = limit.shortest_bid_days
                yield f"{item.procurement_id}: {days} working days to bid, and {limit.provider_id} needs {wanted}"


def _avoided_dates(plan: _Plan) -> Iterator[str]:
    for limit in plan.problem.bidder_limits:
        for item, stage in plan.tenders(limit.procurement_ids):
            for day in () if stage.begun else (stage.start, stage.end):
                if any(dates.first <= day <= dates.last for dates in limit.avoid):
                    yield f"{item.procurement_id}: the tender opens or closes on {day}, avoided by {limit.provider_id}"


def _precedences(plan: _Plan) -> Iterator[str]:
    found = {(item.procurement_id, stage.stage): stage for item, _, stage in plan.stages()}
    for order in plan.problem.precedences:
        first, second = found[order.first_id, order.after], found[order.second_id, order.before]
        if second.begun:
            continue
        earlier = f"{order.after.words} of {order.first_id}"
        between = sum(plan.calendar.is_working_day(day) for day in _each_day(first.end, second.start)[1:-1])
        if second.start <= first.end:
            yield f"{order.second_id}: {order.before.words} starts before {earlier} has ended"
        elif between < order.lag_days:
            asked = f"not {order.lag_days} as asked"
            yield f"{order.second_id}: {order.before.words} starts {between} working days after {earlier}, {asked}"


def _pins(plan: _Plan) -> Iterator[str]:
    found = {(item.procurement_id, stage.stage): stage for item, _, stage in plan.stages()}
    for pin in plan.problem.pins:
        stage = found[pin.procurement_id, pin.stage]
        if stage.start != pin.start and not stage.begun:
            yield f"{pin.procurement_id}: {pin.stage.words} starts on {stage.start}, not on {pin.start} as pinned"


def _actuals(plan: _Plan) -> Iterator[str]:
    actuals = {(entry.procurement_id, entry.stage): entry for entry in plan.problem.actuals}
    for item, _, stage in plan.stages():
        actual = actuals.get((item.procurement_id, stage.stage))
        if stage.begun != (actual is not None):
            yield f"{item.procurement_id}: {stage.stage.words} is said to have begun and has not, or the reverse"
        elif actual is not None and (stage.start, stage.end) != (actual.start, actual.end or stage.end):
            yield f"{item.procurement_id}: {stage.stage.words} stands on other days than it happened"


def _fixed_starts(plan: _Plan) -> Iterator[str]:
    for entry, item in plan.items():
        if entry.id in plan.problem.fixed_start_ids and item.service_start != entry.service_start:
            yield f"{entry.id}: the service starts on {item.service_start}, not on {entry.service_start} as fixed"


def _service_starts(plan: _Plan) -> Iterator[str]:
    for entry, item in plan.items():
        ready = item.stages[-1].end
        if item.service_start <= ready:
            yield f"{entry.id}: the service starts on {item.service_start}, before mobilisation ends on {ready}"
            continue
        if item.service_start < entry.service_start:
            yield f"{entry.id}: the service starts on {item.service_start}, before {entry.service_start}"
        spare = sum(plan.calendar.is_working_day(day) for day in _each_day(ready, item.service_start)[1:-1])
        if spare != item.slack_days:
            yield f"{entry.id}: says {item.slack_days} working days of slack, has {spare}"


def _contracts(plan: _Plan) -> Iterator[str]:
    for contract in plan.problem.contracts:
        for entry, item in plan.items():
            shares_a_lot = bool(set(contract.lot_ids) & set(entry.lot_ids))
            last_covered = contract.latest_end
            if shares_a_lot and last_covered and item.service_start - timedelta(days=1) > last_covered:
                yield f"{entry.id}: starts on {item.service_start}, after {contract.id} ends for good on {last_covered}"


def _each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


_RULES: dict[str, Rule] = {
    "work starts no earlier than the day of planning": _after_as_of,
    "stages start and end on working days": _on_working_days,
    "stages last as long as asked and as the law requires": _long_enough,
    "stages follow one another": _in_order,
    "waits between stages are bounded": _bounded_waits,
    "approvals end on board dates": _boards,
    "nothing is published or closes in a blackout": _blackouts,
    "no officer has more work than time": _officers,
    "no more tenders are open at once than allowed": _open_tenders,
    "no bidder has more tenders open than a rule allows it": _bidders_tenders,
    "bidders have the time they need to bid": _time_to_bid,
    "no tender opens or closes on dates that bidders avoid": _avoided_dates,
    "procurements follow those they wait for": _precedences,
    "pinned stages start on their day": _pins,
    "what has begun stands as it happened": _actuals,
    "fixed services start on their day": _fixed_starts,
    "services start after mobilisation and not before the day asked for": _service_starts,
    "no contract runs beyond its latest end": _contracts,
}

RULES = ("every procurement is planned with the stages of its route", *_RULES, "the cost is the sum of its terms")
