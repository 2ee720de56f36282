"""The job queue: work that outlives the request that asked for it, kept in PostgreSQL by procrastinate.

A slice declares its jobs in its own jobs.py:

    @job("responses.send_receipt")
    def send_receipt(context: JobContext, *, submission_id: str) -> None: ...

and its actions enqueue them by name, inside their transaction: `defer(session, "responses.send_receipt", ...)`.
Arguments are JSON, and only ids: they are written to the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, Literal, ParamSpec

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Settings
from webapp.db import Database

P = ParamSpec("P")
OnParked = Callable[..., None]  # of a session and the job's arguments
Queue = Literal["default", "analysis", "mail"]
"""Nobody works on any other. Mail waits for others' servers, and so has slots of its own: see running_jobs."""

HEARTBEAT_SECONDS = 10.0  # a worker silent for three of them is dead
LONGEST_WAIT_SECONDS = 3600


class FinalError(Exception):
    """Raised by a job whose next attempt would end no better: it is parked as failed at once."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What a worker gives to every job."""

    database: Database
    settings: Settings
    logger: logging.Logger
    threads: int = field(default=1, kw_only=True)  # that one job may keep busy at a time


@dataclass(frozen=True, slots=True)
class JobContext(WorkerContext):
    """What a job's body gets: it opens its own sessions, and commits them."""

    job_id: int
    attempt: int  # from 1
    attempts: int  # the job is parked as failed after so many

    def complete(self, session: Session) -> None:
        """Mark the job as done in the transaction of its effect, so that the effect happens exactly once.

        Without this, a worker killed between the commit and the end of the body makes the job run again. Raises if
        another worker, taking this one for dead, has completed the job: the transaction must then be given up.
        """
        finish(session, self.job_id, Status.SUCCEEDED)


def finish(session: Session, job_id: int, status: Status) -> None:
    """Raises unless the job is still to be finished."""
    finish = text("SELECT procrastinate_finish_job_v1(:id, CAST(:status AS procrastinate_job_status), false)")
    session.execute(finish, {"id": job_id, "status": status.value})


def waits(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: 1, 3, 9 seconds and so on to an hour; two hours over ten attempts."""
    return timedelta(seconds=min(3 ** (attempt - 1), LONGEST_WAIT_SECONDS))


@dataclass(frozen=True, slots=True)
class Declared:
    body: Callable[..., None]
    attempts: int
    wait: Callable[[int], timedelta]
    periodic: bool
    on_parked: OnParked | None

    def next_try(self, attempt: int) -> datetime | None:
        """When to try again after this attempt; None to give up."""
        return datetime.now(UTC) + self.wait(attempt) if attempt < self.attempts else None


declared: dict[str, Declared] = {}


def job(
    name: str,
    *,
    attempts: int = 10,
    wait: Callable[[int], timedelta] = waits,
    periodic: bool = False,
    on_parked: OnParked | None = None,
) -> Callable[[Callable[Concatenate[JobContext, P], None]], Callable[Concatenate[JobContext, P], None]]:
    """Declare the body of a job. Workers enqueue a periodic one every few minutes, unless it waits already.

    Several workers may do so at once: a periodic job must do no harm by running often.
    Where people wait for a job, `on_parked(session, **args)` tells them that it failed, in the transaction that parks
    it. The body cannot: the last attempt may have killed its worker, or lost the database.
    """

    def declare(body: Callable[Concatenate[JobContext, P], None]) -> Callable[Concatenate[JobContext, P], None]:
        if name in declared:
            raise ValueError(f"two jobs are named {name}")
        declared[name] = Declared(body, attempts, wait, periodic, on_parked)
        return body

    return declare


def defer(
    session: Session,
    task_name: str,
    *,
    queue: Queue = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
    **args: Any,
) -> int | None:
    """Enqueue a job that exists once the session commits, and not at all if it rolls back. Returns the job's id.

    Jobs with the same `lock` run one at a time, in order. With a `queueing_lock` at most one waits: None if one
    already does.
    psycopg's own errors come through, so that a database lost here is told like one lost anywhere else.
    """
    # Only a taken queueing lock makes the insertion fail and needs a savepoint to go on from.
    guard = session.begin_nested() if queueing_lock else nullcontext()
    try:
        with _as_psycopg_says(), guard:
            return _deferrer(session, task_name, queue=queue, lock=lock, queueing_lock=queueing_lock).defer(**args)
    except AlreadyEnqueued:
        return None


def defer_each(
    session: Session, task_name: str, each: Sequence[Mapping[str, Any]], *, queue: Queue = "default"
) -> None:
    """Enqueue a job for each of these arguments, all by one statement; see `defer`."""
    if each:
        with _as_psycopg_says():
            _deferrer(session, task_name, queue=queue).batch_defer(*map(dict, each))


def _deferrer(session: Session, task_name: str, **options: Any) -> JobDeferrer:
    return configure_task(
        name=task_name,
        job_manager=JobManager(procrastinate.SyncPsycopgConnector()),
        connection=session.connection().connection.driver_connection,
        **options,
    )


@contextmanager
def _as_psycopg_says() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.Error):
            raise error.__cause__ from None
        raise


def worker_is_at_work(session: Session) -> bool:
    """Whether any has given a sign lately: without one nothing that waits goes on."""
    lately = "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - :silent * interval '1 s')"
    return bool(session.scalar(text(lately), {"silent": 3 * HEARTBEAT_SECONDS}))
