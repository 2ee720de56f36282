"""The constraint model: interval variables for CP-SAT on an axis of working days.

Day k of the axis is the k-th working day from `as_of`; the end of a stage is the index after its last day.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ortools.sat.python import cp_model

from intelligence.market import Procurement
from intelligence.schedule.calendar import CalendarError, WorkingCalendar
from intelligence.schedule.costs import overlap_price
from intelligence.schedule.plan import PlannedProcurement, ScheduleProblem
from intelligence.schedule.requirements import (
    extension_days,
    horizon,
    may_end,
    may_start,
    replaced_contracts,
    service_starts,
    stages_for,
)
from intelligence.schedule.routes import Counting, Stage, StageRule, stage_end

# Days in hand before the service starts are worth more than days between the stages.
_WAIT_DAY = 2
_EARLY_DAY = 1


@dataclass(frozen=True, slots=True)
class StageVariables:
    rule: StageRule
    start: cp_model.IntVar
    end: cp_model.IntVar
    interval: cp_model.IntervalVar


@dataclass(frozen=True, slots=True)
class ProcurementVariables:
    """`chosen[k]` is true when the services start on `starts[k]`."""

    procurement: Procurement
    stages: tuple[StageVariables, ...]
    starts: tuple[date, ...]
    chosen: tuple[cp_model.IntVar, ...]

    def window(self) -> StageVariables | None:
        return next((stage for stage in self.stages if stage.rule.stage is Stage.TENDER), None)


class ScheduleModel:
    """A problem as a CP-SAT model; `model` and `procurements` are what a search needs."""

    def __init__(self, problem: ScheduleProblem, calendar: WorkingCalendar) -> None:
        self.problem = problem
        self.calendar = calendar
        self.last_day = horizon(problem, calendar)
        self.axis = calendar.working_days(problem.as_of, self.last_day)
        self.model = cp_model.CpModel()
        self._index = {day: position for position, day in enumerate(self.axis)}
        self._ends: dict[tuple[Counting, int], list[int]] = {}
        self._cost: list[cp_model.LinearExprT] = []
        self._untidiness: list[cp_model.LinearExprT] = []
        self.procurements = tuple(self._add_procurement(procurement) for procurement in problem.procurements)
        self._share_officers()
        self._cap_open_tenders()
        self._price_extensions()
        self._price_overlaps()
        self.model.minimize(sum(self._cost))

    def start_from(self, planned: tuple[PlannedProcurement, ...]) -> None:
        """Let the search start from a schedule of the same procurements in the same order."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # ortools ships this one untyped
        for item, known in zip(self.procurements, planned, strict=True):
            for variables, stage in zip(item.stages, known.stages, strict=True):
                self.model.add_hint(variables.start, self._index[stage.start])
                self.model.add_hint(variables.end, self._index[stage.end] + 1)
            for day, taken in zip(item.starts, item.chosen, strict=True):
                self.model.add_hint(taken, day == known.service_start)

    def prefer_tidiness(self, cost: int) -> None:
        """From now on look for the least waiting and earliness among the schedules of at most this cost."""
        self.model.add(sum(self._cost) <= cost)
        self.model.minimize(sum(self._untidiness))

    def _add_procurement(self, procurement: Procurement) -> ProcurementVariables:
        stages = tuple(self._add_stage(procurement, rule) for rule in stages_for(self.problem, procurement))
        for before, after in pairwise(stages):
            wait = after.start - before.end
            self.model.add(wait >= 0)
            if after.rule.longest_wait is not None:
                self.model.add(wait <= after.rule.longest_wait)
            self._untidiness.append(_WAIT_DAY * wait)
        starts = service_starts(self.problem, procurement, self.last_day)
        chosen = tuple(self.model.new_bool_var(f"{procurement.id} starts {day}") for day in starts)
        self.model.add_exactly_one(chosen)
        self._price_start(procurement, stages[-1].end, starts, chosen)
        return ProcurementVariables(procurement, stages, starts, chosen)

    def _add_stage(self, procurement: Procurement, rule: StageRule) -> StageVariables:
        ends = self._stage_ends(rule)
        name = f"{procurement.id} {rule.stage.value}"
        allowed = [
            k
            for k, end in enumerate(ends)
            if may_start(self.problem, rule, self.axis[k]) and may_end(self.problem, rule, self.axis[end - 1])
        ]
        start = self.model.new_int_var_from_domain(cp_model.Domain.from_values(allowed), f"{name} start")
        end = self.model.new_int_var_from_domain(
            cp_model.Domain.from_values(sorted({ends[k] for k in allowed})), f"{name} end"
        )
        if rule.counting is Counting.WORKING_DAYS:
            self.model.add(end == start + rule.days)
            interval = self.model.new_fixed_size_interval_var(start, rule.days, name)
        else:
            self.model.add_element(start, ends, end)
            sizes = [ends[k] - k for k in allowed] or [1]
            size = self.model.new_int_var(min(sizes), max(sizes), f"{name} size")  # tight, for the relaxation's sake
            interval = self.model.new_interval_var(start, size, end, name)
        return StageVariables(rule, start, end, interval)

    def _stage_ends(self, rule: StageRule) -> list[int]:
        """For each day of the axis the index after the stage's last day; shorter than the axis near its end."""
        key = (rule.counting, rule.days)
        if key not in self._ends:
            ends = []
            for day in self.axis:
                try:
                    last = stage_end(rule, self.calendar, day)
                except CalendarError:  # later starts would end beyond the known bank holidays
                    break
                if last > self.axis[-1]:
                    break
                ends.append(self._index[last] + 1)
            self._ends[key] = ends
        return self._ends[key]

    def _price_start(
        self,
        procurement: Procurement,
        ready: cp_model.IntVar,
        starts: tuple[date, ...],
        chosen: tuple[cp_model.IntVar, ...],
    ) -> None:
        price = self.problem.penalties
        days_before = [bisect_left(self.axis, start) for start in starts]
        slack = self.model.new_int_var(0, len(self.axis), f"{procurement.id} slack")
        self.model.add(slack == sum(n * taken for n, taken in zip(days_before, chosen, strict=True)) - ready)
        thin = self.model.new_int_var(0, price.wanted_slack_days, f"{procurement.id} thin slack")
        spare = self.model.new_int_var(0, len(self.axis), f"{procurement.id} spare slack")
        self.model.add(slack == price.wanted_slack_days - thin + spare)
        self._cost.append(price.thin_slack_day * thin)
        self._untidiness.append(_EARLY_DAY * spare)
        for start, taken in zip(starts, chosen, strict=True):
            self._cost.append(price.late_day * (start - procurement.service_start).days * taken)

    def _share_officers(self) -> None:
        for officer in self.problem.officers:
            own = [item for item in self.procurements if item.procurement.officer == officer.name]
            busy = [stage for item in own for stage in item.stages if stage.rule.officer_percent]
            self.model.add_cumulative(
                [stage.interval for stage in busy],
                [stage.rule.officer_percent for stage in busy],
                officer.capacity_percent,
            )

    def _cap_open_tenders(self) -> None:
        if self.problem.tenders_open_at_most is None:
            return
        windows = [window.interval for item in self.procurements if (window := item.window())]
        self.model.add_cumulative(windows, [1] * len(windows), self.problem.tenders_open_at_most)

    def _price_extensions(self) -> None:
        for contract in self.problem.contracts:
            longest = max(0, (self.last_day - contract.end).days)
            extension = self.model.new_int_var(0, longest, f"{contract.id} extension")
            for item in self.procurements:
                if contract in replaced_contracts(self.problem, item.procurement):
                    needed = [extension_days(contract, start) for start in item.starts]
                    self.model.add(extension >= sum(n * taken for n, taken in zip(needed, item.chosen, strict=True)))
            self._cost.append(self.problem.penalties.extension_day * extension)

    def _price_overlaps(self) -> None:
        by_id = {item.procurement.id: item.window() for item in self.procurements}
        for pair in self.problem.bidder_pairs:
            first, second = by_id[pair.first_id], by_id[pair.second_id]
            price = overlap_price(self.problem, pair)
            if first is None or second is None or price == 0:
                continue
            name = f"{pair.first_id} and {pair.second_id}"
            opened = self.model.new_int_var(0, len(self.axis), f"{name} both open")
            closed = self.model.new_int_var(0, len(self.axis), f"{name} one closed")
            overlap = self.model.new_int_var(0, len(self.axis), f"{name} overlap")
            self.model.add_max_equality(opened, [first.start, second.start])
            self.model.add_min_equality(closed, [first.end, second.end])
            self.model.add(overlap >= closed - opened)
            self._cost.append(price * overlap)
