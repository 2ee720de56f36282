"""Short project plans fast: activities in a serial order, pushed to the end and back (justification), again and again.

Pushing every activity as late as it can go, from the last to end to the first, and then as early as it can go, never
makes a plan longer and often makes it shorter. The search shakes the order around one moment of the plan, repairs it in
this way, and keeps what is no longer than before.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from intelligence.schedule.project import Project

_WINDOWS = (0.1, 0.2, 0.4)  # of the makespan: how far around its moment an order is shaken


class Justifier:
    """A project ready for thousands of plans; a plan is a list of starts in the project's order."""

    def __init__(self, project: Project) -> None:
        position = {activity.id: n for n, activity in enumerate(project.activities)}
        self.durations = [activity.duration for activity in project.activities]
        self._demands = [np.array(activity.demands, dtype=np.int64)[:, None] for activity in project.activities]
        self._capacities = np.array(project.capacities, dtype=np.int64)[:, None]
        self._after = [[position[name] for name in activity.successors] for activity in project.activities]
        self._before: list[list[int]] = [[] for _ in self._after]
        for n, successors in enumerate(self._after):
            for successor in successors:
                self._before[successor].append(n)
        self._order = [position[activity.id] for activity in project.in_order()]
        self._horizon = sum(self.durations) + 1

    def makespan(self, starts: Sequence[int]) -> int:
        return max((start + lasts for start, lasts in zip(starts, self.durations, strict=True)), default=0)

    def tails(self) -> list[int]:
        """For each activity the length of the longest chain that starts with it: what no capacity can shorten."""
        tails = [0] * len(self._order)
        for n in reversed(self._order):
            tails[n] = self.durations[n] + max((tails[after] for after in self._after[n]), default=0)
        return tails

    def first_plan(self) -> list[int]:
        """The plan that serves the activity with the longest chain behind it first."""
        return self.justified([-tail for tail in self.tails()])

    def justified(self, priorities: Sequence[float]) -> list[int]:
        """The plan in order of priority, lowest first, then pushed to its end and back."""
        starts = self._serial(priorities, self._before, self._after)
        late = self._serial(
            [-(start + lasts) for start, lasts in zip(starts, self.durations, strict=True)], self._after, self._before
        )
        end = self.makespan(late)
        mirrored = [end - start - lasts for start, lasts in zip(late, self.durations, strict=True)]
        return self._serial(mirrored, self._before, self._after)

    def improve(self, starts: list[int], draw: random.Random, go_on: Callable[[int], bool]) -> list[int]:
        """The shortest plan found while `go_on(plans since the last shorter one)`."""
        current, length = starts, self.makespan(starts)
        idle = 0
        while go_on(idle):
            centre, width = draw.uniform(0, length), draw.choice(_WINDOWS) * length
            shaken = [
                start + draw.gauss(0, width) if abs(start - centre) < width else float(start) for start in current
            ]
            other = self.justified(shaken)
            idle += 1
            if (found := self.makespan(other)) <= length:
                idle = 0 if found < length else idle
                current, length = other, found
        return current

    def _serial(
        self, priorities: Sequence[float], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]
    ) -> list[int]:
        missing = [len(others) for others in before]
        ready = [(priorities[n], n) for n, count in enumerate(missing) if not count]
        heapq.heapify(ready)
        free = np.repeat(self._capacities, self._horizon, axis=1)
        starts = [0] * len(missing)
        while ready:
            n = heapq.heappop(ready)[1]
            lasts = self.durations[n]
            start = max((starts[other] + self.durations[other] for other in before[n]), default=0)
            if lasts:
                start = _earliest_fit(free, self._demands[n], start, lasts)
                free[:, start : start + lasts] -= self._demands[n]
            starts[n] = start
            for other in after[n]:
                missing[other] -= 1
                if not missing[other]:
                    heapq.heappush(ready, (priorities[other], other))
        return starts


def _earliest_fit(free: npt.NDArray[np.int64], demand: npt.NDArray[np.int64], start: int, lasts: int) -> int:
    """The first moment from `start` on after which every resource has room for `lasts` periods on end."""
    crowded = np.flatnonzero((free[:, start:] < demand).any(axis=0))
    if not len(crowded) or crowded[0] >= lasts:
        return start
    wide = np.flatnonzero(np.diff(crowded) > lasts)
    return start + int(crowded[wide[0]] if len(wide) else crowded[-1]) + 1
