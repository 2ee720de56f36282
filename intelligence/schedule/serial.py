"""Earliest due date first: one procurement after the other, each as early as its dates and its officer allow.

It is what a spreadsheet does, so it is the baseline that the search must beat and the schedule that it starts from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from intelligence.market import Procurement
from intelligence.schedule.assemble import planned_procurement, planned_stage
from intelligence.schedule.calendar import ONE_DAY, CalendarError, WorkingCalendar
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, ScheduleProblem
from intelligence.schedule.requirements import horizon, may_end, may_start, service_starts, stages_for
from intelligence.schedule.routes import Stage, StageRule, stage_end


def earliest_due_date_first(
    problem: ScheduleProblem, calendar: WorkingCalendar
) -> tuple[PlannedProcurement, ...] | None:
    """A plan that keeps every hard rule, or `None` where going in this order finds none.

    It looks neither at shared bidders nor at costs.
    """
    serial = _Serial(problem, calendar)
    placed: dict[str, PlannedProcurement] = {}
    for procurement in sorted(problem.procurements, key=lambda entry: entry.service_start):
        item = serial.place(procurement)
        if item is None:
            return None
        placed[procurement.id] = item
    return tuple(placed[procurement.id] for procurement in problem.procurements)


class _Serial:
    """A plan in the making: the officers' time already given away and the tenders already open, day by day."""

    def __init__(self, problem: ScheduleProblem, calendar: WorkingCalendar) -> None:
        self._problem = problem
        self._calendar = calendar
        self._last = horizon(problem, calendar)
        self._capacity = {officer.name: officer.capacity_percent for officer in problem.officers}
        self._percent: Counter[tuple[str | None, date]] = Counter()
        self._open: Counter[date] = Counter()

    def place(self, procurement: Procurement) -> PlannedProcurement | None:
        rules = stages_for(self._problem, procurement)
        starts = service_starts(self._problem, procurement, self._last)
        for day in self._calendar.working_days(self._problem.as_of, self._last):
            stages = tuple(self._chain(procurement, rules, day))
            if len(stages) < len(rules):
                continue
            service_start = next((start for start in starts if start > stages[-1].end), None)
            if service_start is None:
                return None
            self._take(procurement, rules, stages)
            return planned_procurement(self._calendar, procurement, rules, stages, service_start)
        return None

    def _chain(self, procurement: Procurement, rules: tuple[StageRule, ...], first: date) -> Iterator[PlannedStage]:
        """The stages from `first` on, each as early as can be; fewer where one would have to wait too long."""
        after = first - ONE_DAY
        for position, rule in enumerate(rules):
            longest_wait = 0 if position == 0 else rule.longest_wait
            stage = self._earliest(procurement, rule, after, longest_wait)
            if stage is None:
                return
            yield stage
            after = stage.end

    def _earliest(
        self, procurement: Procurement, rule: StageRule, after: date, longest_wait: int | None
    ) -> PlannedStage | None:
        waited = 0
        try:
            while longest_wait is None or waited <= longest_wait:
                after = self._calendar.add_working_days(after, 1)
                end = stage_end(rule, self._calendar, after)
                if self._fits(procurement, rule, after, end):
                    return planned_stage(rule, after, end)
                waited += 1
        except CalendarError:
            pass  # the bank holidays end before the stage does
        return None

    def _fits(self, procurement: Procurement, rule: StageRule, start: date, end: date) -> bool:
        if not (may_start(self._problem, rule, start) and may_end(self._problem, rule, end)):
            return False
        days = self._calendar.working_days(start, end)
        cap = self._problem.tenders_open_at_most
        if cap is not None and rule.stage is Stage.TENDER and any(self._open[day] >= cap for day in days):
            return False
        if procurement.officer not in self._capacity or not rule.officer_percent:
            return True
        room = self._capacity[procurement.officer] - rule.officer_percent
        return all(self._percent[procurement.officer, day] <= room for day in days)

    def _take(self, procurement: Procurement, rules: tuple[StageRule, ...], stages: tuple[PlannedStage, ...]) -> None:
        for rule, stage in zip(rules, stages, strict=True):
            for day in self._calendar.working_days(stage.start, stage.end):
                self._percent[procurement.officer, day] += rule.officer_percent
                self._open[day] += rule.stage is Stage.TENDER
