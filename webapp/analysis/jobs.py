"""Computing one part of a run, in the worker."""

from __future__ import annotations

import time
import uuid

from webapp.analysis import actions, computing, queries, runs
from webapp.db import Database, clock
from webapp.jobs import JobContext, job
from webapp.models import AnalysisPart, RunState

SECONDS_BETWEEN_REPORTS = 0.5
FAILURE = "This part could not be computed. What went wrong is in the server's log; the other parts are not affected."


@job(actions.RUN_PART, attempts=3)
def run_part(context: JobContext, *, part_id: str) -> None:
    """Compute and store a part. Its result, its state and the end of the job are one transaction."""
    key = uuid.UUID(part_id)
    with context.database.session() as session:
        part = queries.part_to_compute(session, key)
        if part is None or part.state is RunState.FINISHED:
            return
        actions.begin_part(session, part=part, now=clock(session))
        session.commit()
    try:
        result = runs.stored(computing.compute(part, progress=_Reporter(context.database, key)))
    except Exception:
        if context.attempt >= context.attempts:
            _give_up(context.database, key)
        raise
    with context.database.session() as session:
        part = session.get_one(AnalysisPart, key)
        actions.finish_part(session, part=part, result=result, now=clock(session))
        context.complete(session)
        session.commit()


def _give_up(database: Database, key: uuid.UUID) -> None:
    with database.session() as session:
        part = session.get_one(AnalysisPart, key)
        actions.fail_part(session, part=part, failure=FAILURE, now=clock(session))
        session.commit()


class _Reporter:
    """Writes the progress of a part for the page that shows it, but not so often that it costs anything."""

    def __init__(self, database: Database, key: uuid.UUID) -> None:
        self._database = database
        self._key = key
        self._next = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SECONDS_BETWEEN_REPORTS
        with self._database.session() as session:
            actions.report_progress(session, part=session.get_one(AnalysisPart, self._key), share=share)
            session.commit()
