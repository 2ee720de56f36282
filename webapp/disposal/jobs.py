"""Destroying what is due, as the worker does it."""

from __future__ import annotations

from webapp.db import clock
from webapp.disposal import queries
from webapp.disposal.destroying import destroy
from webapp.jobs import JobContext, job


@job("disposal.destroy", attempts=1, periodic=True)  # the next run does what this one could not
def destroy_due(context: JobContext) -> None:
    """Each in a transaction of its own: it is destroyed wholly or not at all."""
    with context.database.session() as session:
        due = queries.due(session, clock(session))
    for disposal_id in due:
        try:
            with context.database.session() as session:
                done = destroy(session, disposal_id=disposal_id, now=clock(session))
                session.commit()
        except Exception:  # must not keep the others
            context.logger.exception("disposal.failed", extra={"disposal_id": str(disposal_id)})
        else:
            context.logger.info("disposal.looked_at", extra={"disposal_id": str(disposal_id), "done": done})
