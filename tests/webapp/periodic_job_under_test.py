"""A job that workers enqueue by themselves, in a module of its own: workers of other tests know nothing of it."""

from __future__ import annotations

import sys

from tests.webapp.jobs_under_test import note, worker_context
from webapp.db import WORKER, Database
from webapp.jobs import JobContext, job
from webapp.running_jobs import run_worker


@job("test.tick", attempts=1, periodic=True)
def tick(context: JobContext) -> None:
    with context.database.session() as session:
        note(session, "tick")
        session.commit()


if __name__ == "__main__":
    run_worker(worker_context(Database(sys.argv[1], timeouts=WORKER)), heartbeat=float(sys.argv[2]), period=0.5)
