"""An independent check of a schedule: dates only, day by day, without the model that made it.

It shares with the model the stage lengths asked for and the list of bank holidays, and counts days in its own way, so
that a mistake in the solver's axis or in the arithmetic of a legal clock shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from intelligence.market import Procurement
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, Schedule, ScheduleProblem, ScheduleStatus
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

    def stages(self) -> Iterator[tuple[PlannedProcurement, StageRule, PlannedStage]]:
        for entry, item in self.items():
            for rule, stage in zip(stages_for(self.problem, entry), item.stages, strict=False):
                yield item, rule, stage

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
    for item in plan.planned:
        if item.stages[0].start < plan.problem.as_of:
            yield f"{item.procurement_id}: starts on {item.stages[0].start}, before {plan.problem.as_of}"


def _on_working_days(plan: _Plan) -> Iterator[str]:
    for item, _, stage in plan.stages():
        for day in (stage.start, stage.end):
            if not plan.calendar.is_working_day(day):
                yield f"{item.procurement_id}: {stage.stage.value} starts or ends on {day}, not a working day"


def _long_enough(plan: _Plan) -> Iterator[str]:
    for item, rule, stage in plan.stages():
        needed = max(rule.days, rule.legal_floor or 0)
        lasted = _days_lasted(plan.calendar, rule.counting, stage)
        if lasted < needed:
            yield f"{item.procurement_id}: {stage.stage.value} lasts {lasted} of the {needed} days it needs"


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
                yield f"{item.procurement_id}: {after.stage.value} starts before {before.stage.value} has ended"


def _bounded_waits(plan: _Plan) -> Iterator[str]:
    for entry, item in plan.items():
        rules = stages_for(plan.problem, entry)[1:]
        for rule, (before, after) in zip(rules, pairwise(item.stages), strict=True):
            idle = sum(plan.calendar.is_working_day(day) for day in _each_day(before.end, after.start)[1:-1])
            if rule.longest_wait is not None and idle > rule.longest_wait:
                yield f"{entry.id}: {idle} idle working days before {rule.stage.value}, at most {rule.longest_wait}"


def _boards(plan: _Plan) -> Iterator[str]:
    for item, rule, stage in plan.stages():
        if rule.needs_board and plan.problem.board_dates and stage.end not in plan.problem.board_dates:
            yield f"{item.procurement_id}: {stage.stage.value} ends on {stage.end}, not a board date"


def _blackouts(plan: _Plan) -> Iterator[str]:
    for item, rule, stage in plan.stages():
        if rule.publishes:
            for name in plan.blackouts_on(stage.start):
                yield f"{item.procurement_id}: {stage.stage.value} is published on {stage.start}, in {name}"
        if rule.submissions:
            for name in plan.blackouts_on(stage.end):
                yield f"{item.procurement_id}: {stage.stage.value} closes on {stage.end}, in {name}"


def _officers(plan: _Plan) -> Iterator[str]:
    for officer in plan.problem.officers:
        load: dict[date, int] = {}
        for item, rule, stage in plan.stages():
            if plan.asked[item.procurement_id].officer == officer.name:
                for day in _each_day(stage.start, stage.end):
                    load[day] = load.get(day, 0) + rule.officer_percent
        if load and max(load.values()) > officer.capacity_percent:
            day = min(day for day in load if load[day] == max(load.values()))
            yield f"{officer.name}: {load[day]} percent on {day}, of {officer.capacity_percent}"


def _open_tenders(plan: _Plan) -> Iterator[str]:
    limit = plan.problem.tenders_open_at_most
    if limit is None:
        return
    open_on: dict[date, int] = {}
    for _, _, stage in plan.stages():
        if stage.stage is Stage.TENDER:
            for day in _each_day(stage.start, stage.end):
                open_on[day] = open_on.get(day, 0) + 1
    crowded = [day for day in sorted(open_on) if open_on[day] > limit]
    if crowded:
        yield f"{open_on[crowded[0]]} tenders are open on {crowded[0]}, at most {limit} may be"


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
            if shares_a_lot and last_covered and item.service_start > last_covered + timedelta(days=1):
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
    "services start after mobilisation and not before the day asked for": _service_starts,
    "no contract runs beyond its latest end": _contracts,
}

RULES = ("every procurement is planned with the stages of its route", *_RULES, "the cost is the sum of its terms")
