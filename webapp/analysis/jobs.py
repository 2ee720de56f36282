"""Computing one part of a run, and clearing away what nobody kept, in the worker."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.analysis import actions, computing, digests, queries, runs
from webapp.analysis.problem import BeyondCalendarError
from webapp.analysis.reporting import Reporter
from webapp.analysis.unkept import remove_unkept
from webapp.analysis.watching import STOPPED, StoppedError, Watch
from webapp.db import clock
from webapp.jobs import JobContext, job
from webapp.models import AnalysisPart

FAILURE = "This part could not be computed. What went wrong is in the server's log; the other parts are not affected."


def _failed(session: Session, *, part_id: str) -> None:
    part = session.get(AnalysisPart, uuid.UUID(part_id))
    if part is not None and part.is_under_way:
        actions.fail_part(session, part=part, failure=FAILURE, now=clock(session))


@job(actions.RUN_PART, attempts=3, on_parked=_failed)
def run_part(context: JobContext, *, part_id: str) -> None:
    """Compute and store a part. Its result, its state and the end of the job are one transaction."""
    key = uuid.UUID(part_id)
    with context.database.session() as session:
        part = queries.part_to_compute(session, key)
        if part is None or not part.is_under_way:
            return
        actions.begin_part(session, part=part, now=clock(session))
        session.commit()
    watch = Watch(context.database, AnalysisPart, key)
    progress = watch.ending(Reporter(context.database, AnalysisPart, key))
    try:
        found = computing.compute(part, threads=context.threads, progress=progress, watch=watch)
    except (BeyondCalendarError, StoppedError) as error:  # trying again would change nothing, or is for people to say
        failure = STOPPED if isinstance(error, StoppedError) else str(error)
        with context.database.session() as session:
            actions.fail_part(session, part=session.get_one(AnalysisPart, key), failure=failure, now=clock(session))
            session.commit()
        return
    result, summary = runs.stored(found), digests.summary_of(part.kind, found)
    with context.database.session() as session:
        part = session.get_one(AnalysisPart, key)
        actions.finish_part(session, part=part, result=result, summary=summary, now=clock(session))
        context.complete(session)
        session.commit()


@job("analysis.remove_what_ifs", attempts=1, periodic=True)  # the next run does what this one could not
def remove_what_ifs(context: JobContext) -> None:
    with context.database.session() as session:
        removed = remove_unkept(session, now=clock(session))
        session.commit()
    context.logger.info("what_ifs.removed", extra={"what_ifs": removed})
