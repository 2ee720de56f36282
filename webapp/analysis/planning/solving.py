"""Planning again. Only the worker imports this: it loads the solver."""

from __future__ import annotations

from sqlalchemy.orm import Session

from intelligence import Schedule, ScheduleProblem
from intelligence.files import from_json
from intelligence.schedule.changes import Replan
from intelligence.schedule.replan import replan
from webapp.analysis.planning.queries import result_of
from webapp.analysis.runs import results_of
from webapp.analysis.watching import Watch
from webapp.models import PartKind, Replanning


def earlier_of(session: Session, asked: Replanning) -> Schedule:
    """The schedule that a plan starts from."""
    if asked.earlier_id is not None:
        return result_of(session.get_one(Replanning, asked.earlier_id)).schedule
    schedule: Schedule = results_of(asked.run, PartKind.SCHEDULE)[0][1]
    return schedule


def solve(earlier: Schedule, problem: ScheduleProblem, *, seed: int, seconds: float, watch: Watch) -> Replan:
    return replan(earlier, problem, seed=seed, seconds=seconds, progress=watch.found, time_left=watch.time_left)


def problem_asked(asked: Replanning) -> ScheduleProblem:
    return from_json(ScheduleProblem, asked.problem)
