"""Planning again. Only the worker imports this: it loads the solver."""

from __future__ import annotations

from intelligence import Schedule, ScheduleProblem
from intelligence.files import from_json
from intelligence.schedule.changes import Replan
from intelligence.schedule.replan import replan
from webapp.analysis.watching import Watch
from webapp.models import Replanning


def solve(earlier: Schedule, problem: ScheduleProblem, *, seed: int, seconds: float, watch: Watch) -> Replan:
    return replan(earlier, problem, seed=seed, seconds=seconds, progress=watch.found, time_left=watch.time_left)


def problem_asked(asked: Replanning) -> ScheduleProblem:
    return from_json(ScheduleProblem, asked.problem)
