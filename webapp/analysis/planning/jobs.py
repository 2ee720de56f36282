"""Planning again, and clearing away what-ifs that nobody kept, in the worker."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.analysis.computed import Work, compute_row
from webapp.analysis.planning import actions, solving
from webapp.analysis.watching import Watch
from webapp.db import clock
from webapp.jobs import JobContext, job
from webapp.models import Replanning


@job(actions.COMPUTE, attempts=2)
def plan_again(context: JobContext, *, replanning_id: str) -> None:
    key = uuid.UUID(replanning_id)

    def prepare(session: Session, asked: Replanning) -> Work:
        earlier, problem = solving.earlier_of(session, asked), solving.problem_asked(asked)
        seed, seconds = asked.seed, asked.seconds
        watch = Watch(context.database, Replanning, key)
        return lambda _progress: solving.solve(earlier, problem, seed=seed, seconds=seconds, watch=watch)

    compute_row(context, Replanning, key, prepare)


@job("planning.remove_what_ifs", attempts=1, periodic=True)  # the next run does what this one could not
def remove_what_ifs(context: JobContext) -> None:
    with context.database.session() as session:
        removed = actions.remove_unkept(session, now=clock(session))
        session.commit()
    context.logger.info("schedule.what_ifs_removed", extra={"what_ifs": removed})
