"""Destroying what is due, as the worker does it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.db import clock
from webapp.disposal import actions, queries, telling
from webapp.disposal.destroying import destroy
from webapp.jobs import JobContext, defer, job

CARRY_OUT = "disposal.carry_out"


@job("disposal.destroy", attempts=1, periodic=True)  # the next run does what this one could not
def destroy_due(context: JobContext) -> None:
    """A job for each that is due, or that not everybody is told of, so that none keeps another."""
    with context.database.session() as session:
        now = clock(session)
        for disposal_id in queries.untold(session, now):
            actions.warn(session, disposal_id)
        for disposal_id in queries.due(session, now):
            key = f"{CARRY_OUT} {disposal_id}"
            defer(session, CARRY_OUT, lock=key, queueing_lock=key, disposal_id=str(disposal_id))
        session.commit()


def _failed(session: Session, *, disposal_id: str) -> None:
    actions.fail(session, disposal_id=uuid.UUID(disposal_id), now=clock(session))


@job(CARRY_OUT, attempts=1, on_parked=_failed)  # a later look tries again by another
def carry_out(context: JobContext, *, disposal_id: str) -> None:
    """Wholly or not at all, in one transaction with the end of the job.

    Not if one failed that was under way when this was enqueued: their lock lets one run at a time.
    """
    with context.database.session() as session:
        key, now = uuid.UUID(disposal_id), clock(session)
        done = key in queries.due(session, now) and destroy(session, disposal_id=key, now=now)
        context.complete(session)
        session.commit()
    context.logger.info("disposal.looked_at", extra={"disposal_id": disposal_id, "done": done})


@job(actions.WARN, attempts=1, on_parked=_failed)  # a later look goes on by another
def warn(context: JobContext, *, disposal_id: str) -> None:
    """Some hundred people in each transaction, so that nobody waits long who takes it back meanwhile."""
    is_left = True
    while is_left:
        with context.database.session() as session:
            key, now = uuid.UUID(disposal_id), clock(session)
            is_wanted = key in queries.untold(session, now)
            is_left = is_wanted and not telling.warn_more(
                session, disposal_id=key, base_url=context.settings.base_url, now=now
            )
            if not is_left:
                context.complete(session)
            session.commit()
    if is_wanted:
        context.logger.info("disposal.told", extra={"disposal_id": disposal_id})


@job(actions.REASSURE)
def reassure(context: JobContext, *, disposal_id: str, after: str | None) -> None:
    """Some hundred people, and the next by another job of the same transaction, so that nobody is told twice."""
    with context.database.session() as session:
        next_after = telling.reassure_more(
            session,
            disposal_id=uuid.UUID(disposal_id),
            after=uuid.UUID(after) if after else None,
            base_url=context.settings.base_url,
        )
        if next_after is not None:
            defer(session, actions.REASSURE, disposal_id=disposal_id, after=str(next_after))
        context.complete(session)
        session.commit()


@job(actions.TELL_OF_FAILURE)
def tell_of_failure(context: JobContext, *, disposal_id: str) -> None:
    with context.database.session() as session:
        actions.tell_of_failure(session, disposal_id=uuid.UUID(disposal_id), base_url=context.settings.base_url)
        context.complete(session)
        session.commit()
