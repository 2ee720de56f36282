"""The axis of working days that the search counts on, and what each stage may do on it.

Day k of the axis is its k-th working day; the end of a stage is the index after its last day. The axis begins with the
first stage that has begun, or on `as_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from intelligence.market import Procurement
from intelligence.schedule.calendar import CalendarError, WorkingCalendar
from intelligence.schedule.problem import BidderLimit, ScheduleError, ScheduleProblem
from intelligence.schedule.requirements import (
    begun_stages,
    horizon,
    may_end,
    may_start,
    shortest_bid_days,
    stages_for,
)
from intelligence.schedule.routes import Counting, Stage, StageRule, stage_end

Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AxisStage:
    """A stage of one procurement on the axis.

    `ends[k]` is its end when it starts on day k, and `allowed[k]` whether its own dates let it; `longest_wait` is
    `None` where any wait will do. `begun` holds the real first and last day of a stage that has begun.
    """

    rule: StageRule
    ends: Days
    allowed: Mask
    longest_wait: int | None
    begun: tuple[date, date] | None = None


class Axis:
    """The working days of a problem, and the stages of its procurements on them.

    What was counted for the axis of another problem, `like`, is not counted again where the same dates decide it.
    """

    def __init__(self, problem: ScheduleProblem, calendar: WorkingCalendar, like: Axis | None = None) -> None:
        self.problem = problem
        self.calendar = calendar
        self.last_day = horizon(problem, calendar)
        first = min([problem.as_of, *(actual.start for actual in problem.actuals)])
        self.days = calendar.working_days(first, self.last_day)
        self.ordinals = np.array([day.toordinal() for day in self.days])
        self.now = self.at_or_after(problem.as_of)
        self._ends: dict[tuple[object, int], Days] = {}
        self._allowed: dict[object, Mask] = {}
        self._open: dict[object, tuple[Mask, Mask]] = {}
        if like is not None and like.calendar == calendar and like.days == self.days:
            self._ends = like._ends
            if _dates(like.problem) == _dates(problem):
                self._allowed, self._open = like._allowed, like._open

    def at_or_after(self, day: date) -> int:
        """The index of the first day of the axis that is not before `day`."""
        return int(np.searchsorted(self.ordinals, day.toordinal()))

    def end_after(self, day: date) -> int:
        """The end of a stage whose last day is `day`."""
        return int(np.searchsorted(self.ordinals, day.toordinal(), side="right"))

    def stages(self, procurement: Procurement) -> tuple[AxisStage, ...]:
        """The stages of a procurement in order.

        Raises:
            ScheduleError: a pin or an actual does not fit its route or the working days.
        """
        begun = begun_stages(self.problem, procurement, self.calendar)
        pins = self._pins(procurement)
        found: list[AxisStage] = []
        for rule in stages_for(self.problem, procurement):
            if rule.stage in begun:
                found.append(self._begun_stage(rule, begun[rule.stage]))
                continue
            allowed = self._may_run(procurement, rule)
            if rule.stage in pins:
                allowed = allowed & (np.arange(len(self.days)) == pins[rule.stage])
            follows_begun = bool(found) and found[-1].begun is not None
            wait = None if follows_begun else rule.longest_wait  # how long it has waited already is no choice
            found.append(AxisStage(rule, self._ends_of(rule), allowed, wait))
        return tuple(found)

    def _pins(self, procurement: Procurement) -> dict[Stage, int]:
        pins: dict[Stage, int] = {}
        stages = {rule.stage for rule in stages_for(self.problem, procurement)}
        for n, pin in enumerate(self.problem.pins):
            if pin.procurement_id != procurement.id:
                continue
            if pin.stage not in stages:
                raise ScheduleError(f"pins[{n}].stage", f"{procurement.id!r} has no stage {pin.stage.value!r}")
            if not self.problem.as_of <= pin.start <= self.last_day or not self.calendar.is_working_day(pin.start):
                reason = f"{pin.start} is not a working day from {self.problem.as_of} to {self.last_day}"
                raise ScheduleError(f"pins[{n}].start", reason)
            pins[pin.stage] = self.at_or_after(pin.start)
        return pins

    def _begun_stage(self, rule: StageRule, dates: tuple[date, date]) -> AxisStage:
        start, end = self.at_or_after(dates[0]), self.end_after(dates[1])
        allowed = np.zeros(len(self.days), dtype=bool)
        allowed[start] = True
        ends = np.full(len(self.days), len(self.days) + 1)
        ends[start] = max(end, start)
        return AxisStage(rule, ends, allowed, None, dates)

    def _may_run(self, procurement: Procurement, rule: StageRule) -> Mask:
        bidders: tuple[BidderLimit, ...] = ()
        if rule.stage is Stage.TENDER:
            bidders = tuple(limit for limit in self.problem.bidder_limits if procurement.id in limit.procurement_ids)
        key = (rule, bidders)
        if key not in self._allowed:
            ends = self._ends_of(rule)
            fits = ends <= len(self.days)
            may_begin, may_close = self._open_days(procurement, rule, bidders)
            allowed = fits & may_begin & np.where(fits, may_close[np.minimum(ends, len(self.days)) - 1], False)
            allowed[: self.now] = False
            if bidders:
                open_for = ends - np.arange(len(self.days))
                allowed &= open_for >= shortest_bid_days(self.problem, procurement.id)
            self._allowed[key] = allowed
        return self._allowed[key]

    def _open_days(
        self, procurement: Procurement, rule: StageRule, bidders: tuple[BidderLimit, ...]
    ) -> tuple[Mask, Mask]:
        """On which days the dates of programme and bidders let a stage start, and end; its length has no say."""
        key = (rule.stage is Stage.TENDER, rule.publishes, rule.submissions, rule.needs_board, bidders)
        if key not in self._open:
            self._open[key] = (
                np.array([may_start(self.problem, procurement, rule, day) for day in self.days], dtype=bool),
                np.array([may_end(self.problem, procurement, rule, day) for day in self.days], dtype=bool),
            )
        return self._open[key]

    def _ends_of(self, rule: StageRule) -> Days:
        """For each start the end of the stage; beyond the axis where it would not end on it."""
        key = (rule.counting, rule.days)
        if key not in self._ends:
            size = len(self.days)
            if rule.counting is Counting.WORKING_DAYS:
                ends = np.arange(size) + rule.days
            else:
                ends = np.searchsorted(self.ordinals, self._last_days(rule), side="right")
            ends = np.concatenate((ends, np.full(size - len(ends), size + 1)))
            self._ends[key] = np.minimum(ends, size + 1)
        return self._ends[key]

    def _last_days(self, rule: StageRule) -> list[int]:
        """The last day of the stage for each start, up to the first start with which it would not end on the axis."""
        found: list[int] = []
        for day in self.days:
            try:
                last = stage_end(rule, self.calendar, day)
            except CalendarError:  # later starts would end beyond the known bank holidays
                break
            if last > self.days[-1]:
                break
            found.append(last.toordinal())
        return found


def _dates(problem: ScheduleProblem) -> tuple[object, ...]:
    """All that decides on which days a stage may start and end, its pin aside."""
    return problem.as_of, problem.board_dates, problem.blackouts, problem.bidder_limits
