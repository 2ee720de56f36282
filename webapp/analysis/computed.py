"""Rows that the worker fills, each computed once, with progress for the page that waits for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from intelligence.compute import Progress
from webapp.analysis.reporting import Reporter
from webapp.analysis.runs import stored
from webapp.analysis.watching import STOPPED, StoppedError, Watch
from webapp.jobs import JobContext, OnParked
from webapp.models import Computed, RunState, Stoppable

R = TypeVar("R", bound=Computed)
Work = Callable[[Progress], object]

FAILURE = "This could not be computed. What went wrong is in the server's log."


def keep_result(row: Computed, result: object) -> None:
    """As JSON, which is what most rows keep."""
    row.result = stored(result)


def compute_row(
    context: JobContext,
    kind: type[R],
    key: uuid.UUID,
    prepare: Callable[[Session, R], Work],
    keep: Callable[[R, Any], None] = keep_result,
) -> None:
    """Compute and store a row's result. `prepare` reads what the work needs, which then runs without a connection;
    `keep` puts what comes out onto the row.

    The result, its state and the end of the job are one transaction. Such a job is declared with `failing`.
    """
    with context.database.session() as session:
        row = session.get(kind, key)
        if row is None or row.state is RunState.FINISHED or (isinstance(row, Stoppable) and row.was_stopped):
            return
        work = prepare(session, row)
        row.state, row.progress, row.failure = RunState.RUNNING, 0, None
        session.commit()
    try:
        result = work(_telling(context, kind, key))
    except StoppedError:
        with context.database.session() as session:
            row = session.get_one(kind, key)
            row.state, row.failure = RunState.FAILED, STOPPED
            session.commit()
        return
    with context.database.session() as session:
        row = session.get_one(kind, key)
        row.state, row.progress = RunState.FINISHED, 1
        keep(row, result)
        session.flush()
        context.complete(session)
        session.commit()


def _telling(context: JobContext, kind: type[Computed], key: uuid.UUID) -> Progress:
    """Who hears of progress: the row's page and, of what can be stopped, whoever stopped it."""
    report = Reporter(context.database, kind, key)
    return Watch(context.database, kind, key).ending(report) if issubclass(kind, Stoppable) else report


def failing(kind: type[Computed]) -> OnParked:
    """What a job that fills such rows, and has a row's id as its argument, does when it is parked."""

    def give_up(session: Session, **args: str) -> None:
        (key,) = args.values()
        row = session.get(kind, uuid.UUID(key))
        if row is not None and row.is_under_way:
            row.state, row.failure = RunState.FAILED, FAILURE

    return give_up
