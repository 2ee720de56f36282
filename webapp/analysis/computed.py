"""Rows that the worker fills, each computed once, with progress for the page that waits for it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from webapp.analysis.runs import stored
from webapp.db import Database
from webapp.jobs import JobContext
from webapp.models import Computed, RunState

R = TypeVar("R", bound=Computed)
Progress = Callable[[float], None]
Work = Callable[[Progress], object]

SECONDS_BETWEEN_REPORTS = 0.5
FAILURE = "This could not be computed. What went wrong is in the server's log."


def compute_row(context: JobContext, kind: type[R], key: uuid.UUID, prepare: Callable[[Session, R], Work]) -> None:
    """Compute and store a row's result. `prepare` reads what the work needs, which then runs without a connection.

    The result, its state and the end of the job are one transaction.
    """
    with context.database.session() as session:
        row = session.get(kind, key)
        if row is None or row.state is RunState.FINISHED:
            return
        work = prepare(session, row)
        row.state, row.progress, row.failure = RunState.RUNNING, 0, None
        session.commit()
    try:
        result = stored(work(_Reporter(context.database, kind, key)))
    except Exception:
        if context.attempt >= context.attempts:
            _give_up(context.database, kind, key)
        raise
    with context.database.session() as session:
        row = session.get_one(kind, key)
        row.state, row.progress, row.result = RunState.FINISHED, 1, result
        session.flush()
        context.complete(session)
        session.commit()


def _give_up(database: Database, kind: type[Computed], key: uuid.UUID) -> None:
    with database.session() as session:
        row = session.get_one(kind, key)
        row.state, row.failure = RunState.FAILED, FAILURE
        session.commit()


class _Reporter:
    """Writes the progress, but not so often that it costs anything."""

    def __init__(self, database: Database, kind: type[Computed], key: uuid.UUID) -> None:
        self._database, self._kind, self._key = database, kind, key
        self._next = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SECONDS_BETWEEN_REPORTS
        with self._database.session() as session:
            session.get_one(self._kind, self._key).progress = min(max(share, 0.0), 1.0)
            session.commit()
