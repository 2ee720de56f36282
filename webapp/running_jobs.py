"""What a worker does with the jobs of the queue: run them, try again those that failed, and those of dead workers."""

from __future__ import annotations

import asyncio
import signal
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, NoResult
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from webapp.jobs import (
    HEARTBEAT_SECONDS,
    Declared,
    FinalError,
    JobContext,
    OnParked,
    Queue,
    WorkerContext,
    declared,
    finish,
)

Queues = Sequence[Queue]
Parts = Callable[[procrastinate.App], Iterable[Awaitable[None]]]
COMPUTING: Queues = ("default", "analysis")
MAIL: Queues = ("mail",)
MAIL_AT_ONCE = 2
"""A mail server may take ten minutes over each message: then these wait, and nothing else does."""

PERIOD_SECONDS = 300.0  # between two runs of a periodic job
KEPT_HOURS = 72  # finished jobs, for looking into; failed ones stay until somebody retries them
SETTLE_TRIES = 60


def run_worker(
    context: WorkerContext,
    *,
    concurrency: int = 2,
    once: bool = False,
    heartbeat: float = HEARTBEAT_SECONDS,
    period: float = PERIOD_SECONDS,
) -> None:
    """Run jobs, each in a thread, until SIGTERM or SIGINT; jobs under way are finished first.

    As many as `concurrency` at once, and some emails beside them, so that neither keeps the other waiting.
    With `once`, stop when no job is due, and enqueue no periodic ones. The worker survives a restart of the database.
    """
    if once:
        asyncio.run(_work_off(context, concurrency, heartbeat))
    else:
        asyncio.run(_go_on(context, concurrency, heartbeat, period))


async def _work_off(context: WorkerContext, concurrency: int, heartbeat: float) -> None:
    _have_threads(concurrency)
    while True:
        app = _app(context)
        async with app.open_async():
            await _retry_stalled(app, heartbeat)
            computing = _worker(app, COMPUTING, concurrency, heartbeat, wait=False)
            mail = _worker(app, MAIL, MAIL_AT_ONCE, heartbeat, wait=False)
            await _run((computing, mail), until=asyncio.FIRST_EXCEPTION)
            if not await _due(app):
                return
        await asyncio.sleep(0.1)


async def _go_on(context: WorkerContext, concurrency: int, heartbeat: float, period: float) -> None:
    _have_threads(concurrency)
    stop = asyncio.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def computing(app: procrastinate.App) -> list[Awaitable[None]]:
        worker = _worker(app, COMPUTING, concurrency, heartbeat, wait=True)
        return [worker, _keep_house(app, heartbeat), _enqueue_periodic(app, period)]

    def mail(app: procrastinate.App) -> list[Awaitable[None]]:
        return [_worker(app, MAIL, MAIL_AT_ONCE, heartbeat, wait=True)]

    # Each loses and finds the database by itself: the other may have to wait for what it has under way.
    each = (_until_stopped(context, stop, parts) for parts in (computing, mail))
    await _run(each, until=asyncio.ALL_COMPLETED)


async def _until_stopped(context: WorkerContext, stop: asyncio.Event, parts: Parts) -> None:
    try:
        while not stop.is_set():
            app = _app(context)
            try:
                async with app.open_async():
                    await _run((stop.wait(), *parts(app)), until=asyncio.FIRST_COMPLETED)
            except (ConnectorException, psycopg.Error, SQLAlchemyError):
                context.logger.exception("worker.database_lost")
            with suppress(TimeoutError):  # the worker also ends by itself when it loses its database
                await asyncio.wait_for(stop.wait(), timeout=1)
    finally:
        stop.set()  # a fault of ours ends the other too, or nobody would see that half of the worker is gone


def _have_threads(concurrency: int) -> None:
    """One for each job, or emails would wait for those of the others; and one to park the jobs of dead workers."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency + MAIL_AT_ONCE + 1))


async def _worker(app: procrastinate.App, queues: Queues, slots: int, heartbeat: float, *, wait: bool) -> None:
    await app.run_worker_async(
        queues=[*queues],  # psycopg takes a tuple for a row
        concurrency=slots,
        wait=wait,
        fetch_job_polling_interval=2.0,
        update_heartbeat_interval=heartbeat,
        stalled_worker_timeout=3 * heartbeat,
        install_signal_handlers=False,
    )


async def _run(parts: Iterable[Awaitable[Any]], *, until: str) -> None:
    """Wait as long as said, then end what has not ended; raise what any of them raised."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    await asyncio.wait(tasks, return_when=until)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def _due(app: procrastinate.App) -> bool:
    """Whether a job is due: the worker passes over one whose lock is taken, and may stop before it is free."""
    now = datetime.now(UTC)
    waiting = await app.job_manager.list_jobs_async(status=Status.TODO.value)
    return any(job.scheduled_at is None or job.scheduled_at <= now for job in waiting)


async def _enqueue_periodic(app: procrastinate.App, period: float) -> None:
    while True:
        for name in (name for name, known in declared.items() if known.periodic):
            with suppress(AlreadyEnqueued):
                await app.configure_task(name, lock=name, queueing_lock=name).defer_async()
        await asyncio.sleep(period)


async def _keep_house(app: procrastinate.App, heartbeat: float) -> None:
    await _retry_stalled(app, heartbeat)
    while True:
        await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_cancelled=True)
        for _ in range(360):  # an hour of heartbeats
            await asyncio.sleep(heartbeat)
            await _retry_stalled(app, heartbeat)


async def _retry_stalled(app: procrastinate.App, heartbeat: float) -> None:
    """Queue again the jobs of workers that died, or park those that have died too often."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=3 * heartbeat):
        known = declared.get(stalled.task_name)
        retry_at = known.next_try(stalled.attempts + 1) if known else None
        if retry_at is not None:
            await app.job_manager.retry_job(stalled, retry_at=retry_at)
        else:
            await app.job_manager.finish_job(stalled, Status.FAILED, delete_job=False)


def _app(context: WorkerContext) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        conninfo=_conninfo(context.database.url),
        min_size=1,
        max_size=3,
        timeout=10,
        kwargs={"connect_timeout": 5, "options": "-c statement_timeout=10000 -c timezone=UTC"},
    )
    app = procrastinate.App(connector=connector)
    app.job_manager = _PatientJobManager(connector, context)
    for name, known in declared.items():
        app.task(name=name, pass_context=True, retry=_Retry(known))(_runner(known, context))
    return app


def _conninfo(url: URL) -> str:
    parameters = url.translate_connect_args(username="user", database="dbname")
    return make_conninfo(**parameters, **{name: str(value) for name, value in url.query.items()})


def _runner(known: Declared, worker: WorkerContext) -> Callable[..., None]:
    def run(context: procrastinate.JobContext, **args: Any) -> None:
        job_id, attempt = context.job.id or 0, context.job.attempts + 1
        own = (worker.database, worker.settings, worker.logger, job_id, attempt, known.attempts)
        try:
            known.body(JobContext(*own, threads=worker.threads), **args)
        except Exception as error:
            told = {"job": context.job.task_name, "job_id": job_id, "attempt": attempt, "attempts": known.attempts}
            worker.logger.warning("job.failed", extra={**told, "error": type(error).__name__, "at": _place(error)})
            raise

    return run


def _place(error: Exception) -> str:
    """Where in the code: the last attempt logs the way there too."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


class _Retry(procrastinate.BaseRetryStrategy):
    def __init__(self, known: Declared) -> None:
        self.known = known

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        retry_at = None if isinstance(exception, FinalError) else self.known.next_try(job.attempts + 1)
        return procrastinate.RetryDecision(retry_at=retry_at) if retry_at else None


class _PatientJobManager(JobManager):
    """Records how a job ended even if the database restarts just then, unless its own transaction recorded it."""

    def __init__(self, connector: procrastinate.PsycopgConnector, worker: WorkerContext) -> None:
        super().__init__(connector)
        self._worker = worker

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        known, finish_job = declared.get(job.task_name), super().finish_job
        on_parked = known.on_parked if known and status is not Status.SUCCEEDED else None
        if on_parked is None:
            await self._settle(job, lambda: finish_job(job=job, status=status, delete_job=delete_job))
        else:
            await self._settle(job, lambda: asyncio.to_thread(self._park, job, status, on_parked))

    def _park(self, job: Job, status: Status, on_parked: OnParked) -> None:
        with self._worker.database.session() as session:
            try:
                with session.begin_nested():
                    on_parked(session, **job.task_kwargs)
            except OperationalError:  # the database is away: tried again
                raise
            except Exception:  # must not keep the worker from its other jobs
                self._worker.logger.exception("job.on_parked_failed", extra={"job_id": job.id})
            finish(session, job.id or 0, status)
            session.commit()

    async def retry_job(self, job: Job, *args: Any, **options: Any) -> None:
        retry_job = super().retry_job
        await self._settle(job, lambda: retry_job(job, *args, **options))

    async def _settle(self, job: Job, settle: Callable[[], Awaitable[None]]) -> None:
        for tries_left in reversed(range(SETTLE_TRIES)):
            try:
                if await self.get_job_status_async(job.id or 0) is Status.DOING:
                    await settle()
            except NoResult:  # deleted
                pass
            except (ConnectorException, SQLAlchemyError):
                if not tries_left:
                    raise
                await asyncio.sleep(1)
                continue
            return
