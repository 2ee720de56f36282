"""Projects drawn from a seed in the manner of PSPLIB, and written in its format.

Each has a network of a given complexity (arcs per activity), activities that use a given share of four resources
(resource factor), and resources of a given strength: 0 is what a single activity needs, 1 what the earliest schedule
would.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from intelligence.schedule.project import Activity, Project

RESOURCES = 4
LONGEST = 10
LARGEST_DEMAND = 10
FIRST, LAST = 3, 3  # activities without predecessors, and without successors


def synthetic_project(size: int, complexity: float, factor: float, strength: float, seed: int) -> Project:
    """A project of `size` activities between a start and an end that take no time."""
    draw = random.Random(f"{size} {complexity} {factor} {strength} {seed}")
    successors = _network(size, complexity, draw)
    durations = [0, *(draw.randint(1, LONGEST) for _ in range(size)), 0]
    demands = [(0,) * RESOURCES, *(_demands(factor, draw) for _ in range(size)), (0,) * RESOURCES]
    capacities = _capacities(durations, demands, successors, strength)
    activities = tuple(
        Activity(str(job + 1), durations[job], demands[job], tuple(str(after + 1) for after in sorted(successors[job])))
        for job in range(size + 2)
    )
    return Project(activities, capacities)


def _network(size: int, complexity: float, draw: random.Random) -> list[set[int]]:
    successors: list[set[int]] = [set() for _ in range(size + 2)]
    successors[0] = set(range(1, FIRST + 1))
    for job in range(FIRST + 1, size + 1):
        successors[draw.randint(max(1, job - size // 3), min(job - 1, size - LAST))].add(job)
    for job in range(1, size - LAST + 1):
        if not successors[job]:
            successors[job].add(draw.randint(max(job, FIRST) + 1, min(size, max(job, FIRST) + size // 3)))
    for job in range(size - LAST + 1, size + 1):
        successors[job] = {size + 1}
    arcs = sum(map(len, successors))
    while arcs < complexity * (size + 2):
        job = draw.randint(1, size - LAST)
        after = draw.randint(max(job, FIRST) + 1, size)
        arcs += after not in successors[job]
        successors[job].add(after)
    return successors


def _demands(factor: float, draw: random.Random) -> tuple[int, ...]:
    used = set(draw.sample(range(RESOURCES), max(1, round(factor * RESOURCES))))
    return tuple(draw.randint(1, LARGEST_DEMAND) if resource in used else 0 for resource in range(RESOURCES))


def _capacities(
    durations: list[int], demands: Sequence[tuple[int, ...]], successors: list[set[int]], strength: float
) -> tuple[int, ...]:
    starts = [0] * len(durations)
    for job, after in enumerate(successors):  # every arc leads to a higher number
        for successor in after:
            starts[successor] = max(starts[successor], starts[job] + durations[job])
    found = []
    for resource in range(RESOURCES):
        least = max(demand[resource] for demand in demands)
        peak = max(
            sum(
                demand[resource]
                for demand, begun, lasts in zip(demands, starts, durations, strict=True)
                if begun <= moment < begun + lasts
            )
            for moment in range(starts[-1])
        )
        found.append(least + round(strength * (max(peak, least) - least)))
    return tuple(found)


def as_psplib(project: Project) -> str:
    """The project as the text of a .sm file."""
    rule = "*" * 72
    names = "".join(f"  R{n:2}" for n in range(1, len(project.capacities) + 1))
    lines = [rule, "file with basedata            : synthetic", rule, "projects                      :  1"]
    lines.append(f"jobs (incl. supersource/sink ):  {len(project.activities)}")
    lines.append(f"horizon                       :  {sum(activity.duration for activity in project.activities)}")
    lines += ["RESOURCES", f"  - renewable                 :  {len(project.capacities)}   R"]
    lines += ["  - nonrenewable              :  0   N", "  - doubly constrained        :  0   D", rule]
    lines += ["PRECEDENCE RELATIONS:", "jobnr.    #modes  #successors   successors"]
    for activity in project.activities:
        after = "".join(f"{successor:>5}" for successor in activity.successors)
        lines.append(f"{activity.id:>5} {1:>8} {len(activity.successors):>10}      {after}")
    lines += [rule, "REQUESTS/DURATIONS:", f"jobnr. mode duration{names}", "-" * 72]
    for activity in project.activities:
        demands = "".join(f"{demand:>5}" for demand in activity.demands)
        lines.append(f"{activity.id:>5} {1:>5} {activity.duration:>7} {demands}")
    lines += [rule, "RESOURCEAVAILABILITIES:", names, "".join(f"{units:>5}" for units in project.capacities), rule]
    return "\n".join(lines) + "\n"
