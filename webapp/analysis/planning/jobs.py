"""Planning again, in the worker."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from intelligence import Schedule
from webapp.analysis.computed import Work, compute_row, failing
from webapp.analysis.planning import actions, solving
from webapp.analysis.planning.queries import result_of
from webapp.analysis.runs import results_of
from webapp.analysis.watching import Watch
from webapp.jobs import JobContext, job
from webapp.models import PartKind, Replanning


@job(actions.COMPUTE, attempts=2, on_parked=failing(Replanning))
def plan_again(context: JobContext, *, replanning_id: str) -> None:
    key = uuid.UUID(replanning_id)

    def prepare(session: Session, asked: Replanning) -> Work:
        earlier, problem = _earlier(session, asked), solving.problem_asked(asked)
        seed, seconds = asked.seed, asked.seconds
        watch = Watch(context.database, Replanning, key)
        return lambda _progress: solving.solve(earlier, problem, seed=seed, seconds=seconds, watch=watch)

    compute_row(context, Replanning, key, prepare)


def _earlier(session: Session, asked: Replanning) -> Schedule:
    """The schedule that a plan starts from."""
    if asked.earlier_id is not None:
        return result_of(session.get_one(Replanning, asked.earlier_id)).schedule
    schedule: Schedule = results_of(asked.run, PartKind.SCHEDULE)[0][1]
    return schedule
