"""Planning again, in the worker."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.analysis.computed import Work, compute_row, failing
from webapp.analysis.planning import actions, solving
from webapp.analysis.watching import Watch
from webapp.jobs import JobContext, job
from webapp.models import Replanning


@job(actions.COMPUTE, attempts=2, on_parked=failing(Replanning))
def plan_again(context: JobContext, *, replanning_id: str) -> None:
    key = uuid.UUID(replanning_id)

    def prepare(session: Session, asked: Replanning) -> Work:
        earlier, problem = solving.earlier_of(session, asked), solving.problem_asked(asked)
        seed, seconds = asked.seed, asked.seconds
        watch = Watch(context.database, Replanning, key)
        return lambda _progress: solving.solve(earlier, problem, seed=seed, seconds=seconds, watch=watch)

    compute_row(context, Replanning, key, prepare)
