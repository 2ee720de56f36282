"""Projects of activities that share renewable resources (RCPSP): inputs and results, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

MOST_PERIODS = 10_000_000
"""Of all activities one after the other, counted for each resource: a plan keeps account of every one."""


class ProjectError(ValueError):
    """The project contradicts itself."""


@dataclass(frozen=True, slots=True)
class Activity:
    """`demands` are units of each of the project's resources, held for all of `duration`; `successors` start after."""

    id: str
    duration: int
    demands: tuple[int, ...]
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Activities, and how many units of each resource there are at any time.

    Raises:
        ProjectError: an identifier is repeated or unknown, activities wait for each other in a circle, one can never
            start, or all together last too long.
    """

    activities: tuple[Activity, ...]
    capacities: tuple[int, ...]

    def __post_init__(self) -> None:
        known = {activity.id for activity in self.activities}
        if len(known) < len(self.activities):
            raise ProjectError("an activity appears more than once")
        for activity in self.activities:
            unknown = set(activity.successors) - known
            if unknown:
                raise ProjectError(f"activity {activity.id} has the unknown successor {min(unknown)}")
            if activity.duration < 0 or len(activity.demands) != len(self.capacities):
                raise ProjectError(f"activity {activity.id} has no sensible duration or demands")
            for demand, capacity in zip(activity.demands, self.capacities, strict=True):
                if demand > capacity and activity.duration:
                    raise ProjectError(f"activity {activity.id} needs {demand} units of a resource that has {capacity}")
        periods = sum(activity.duration for activity in self.activities)
        if periods * len(self.capacities) > MOST_PERIODS:
            raise ProjectError(f"its activities last {periods} periods together, which is too long to plan")
        self.in_order()

    def in_order(self) -> tuple[Activity, ...]:
        """The activities, each after all that it must wait for."""
        by_id = {activity.id: activity for activity in self.activities}
        waits_for: dict[str, list[str]] = {activity.id: [] for activity in self.activities}
        for activity in self.activities:
            for successor in activity.successors:
                waits_for[successor].append(activity.id)
        try:
            return tuple(by_id[name] for name in TopologicalSorter(waits_for).static_order())
        except CycleError as error:
            raise ProjectError(f"activities wait for each other: {' -> '.join(error.args[1])}") from error


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """When each activity starts, in the project's order; no plan is shorter than `bound`."""

    starts: tuple[int, ...]
    makespan: int
    bound: int
    cut_by_the_clock: bool = False
