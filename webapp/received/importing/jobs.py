"""Recording a whole file, which takes longer than anybody should wait for a page."""

from __future__ import annotations

import time
import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.accounts.queries import without_browser
from webapp.db import Database, clock
from webapp.jobs import JobContext, job
from webapp.models import ResponseImport
from webapp.received import queries as receiving
from webapp.received.importing import actions, queries
from webapp.received.importing.reading import checked, digest_of, file_of
from webapp.received.recording import LateError, OwnResponseError, TwiceError

CHANGED = "Something has changed since the file was checked, so nothing has been recorded. Look at it again"
NOT_ALLOWED = "Whoever asked for it may not record responses here any more. Nothing has been recorded"
FAILED = "Nothing has been recorded. What went wrong is in the server’s log. Try again, or send the file in parts"
READ, CHECKED = 0.1, 0.3
"""How far the work is by then, as a share of the whole."""
SECONDS_BETWEEN = 0.5


class _NotAllowedError(Exception):
    """The officer has left the team, or the role that it takes."""


def _failed(session: Session, *, response_import_id: str) -> None:
    of = session.get(ResponseImport, uuid.UUID(response_import_id))
    if of is not None and of.is_under_way:
        of.failure = FAILED


@job(actions.RECORD, attempts=3, on_parked=_failed)
def record_import(context: JobContext, *, response_import_id: str) -> None:
    """Everything in one transaction with the end of the job: however often it runs, all is recorded once or nothing."""
    key = uuid.UUID(response_import_id)
    try:
        with context.database.session() as session:
            _record(context, session, key)
            context.complete(session)
            session.commit()
    except _NotAllowedError:
        _give_up(context.database, key, NOT_ALLOWED)
    except (actions.ChangedError, actions.FaultyError, OwnResponseError, LateError, TwiceError):
        _give_up(context.database, key, CHANGED)


def _record(context: JobContext, session: Session, key: uuid.UUID) -> None:
    of = queries.asked(session, key)
    if of is None or of.asked_by is None or of.asked_at is None:  # recorded, or given up meanwhile
        return
    told = _Progress(context.database, key)
    actor = without_browser(session, of.asked_by)
    engagement = receiving.engagement(session, of.engagement_id, actor, of.asked_at)
    if engagement is None:
        raise _NotAllowedError
    file = file_of(session, of, actor)
    if file.lost:
        raise actions.ChangedError
    told(READ)
    found = checked(session, of, file, engagement, actor, of.asked_at)
    if digest_of(of, file, found) != of.seen:
        raise actions.ChangedError
    told(CHECKED)
    actions.record_all(
        session,
        of=of,
        engagement=engagement,
        checked=found,
        late_reason=of.late_reason,
        link_of=lambda response_id: f"{context.settings.base_url}/responses/{response_id}",
        actor=actor,
        now=clock(session),
        told=lambda share: told(CHECKED + (1 - CHECKED) * share),
    )


class _Progress:
    """Writes how far the work is, in a transaction of its own, but not so often that it costs anything."""

    def __init__(self, database: Database, key: uuid.UUID) -> None:
        self._database, self._key, self._next = database, key, 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SECONDS_BETWEEN
        _change(self._database, self._key, progress=share)


def _give_up(database: Database, key: uuid.UUID, reason: str) -> None:
    _change(database, key, failure=reason)


def _change(database: Database, key: uuid.UUID, **values: float | str) -> None:
    with database.session() as session:
        session.execute(update(ResponseImport).where(ResponseImport.id == key).values(values))
        session.commit()
