"""Destroying what is due, as the worker does it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.db import clock
from webapp.disposal import actions, queries
from webapp.disposal.destroying import destroy
from webapp.jobs import JobContext, defer, job

CARRY_OUT = "disposal.carry_out"


@job("disposal.destroy", attempts=1, periodic=True)  # the next run does what this one could not
def destroy_due(context: JobContext) -> None:
    """A job for each that is due, so that none keeps another."""
    with context.database.session() as session:
        for disposal_id in queries.due(session, clock(session)):
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


@job(actions.TELL_OF_FAILURE)
def tell_of_failure(context: JobContext, *, disposal_id: str) -> None:
    with context.database.session() as session:
        actions.tell_of_failure(session, disposal_id=uuid.UUID(disposal_id), base_url=context.settings.base_url)
        context.complete(session)
        session.commit()
