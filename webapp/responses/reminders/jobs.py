"""Reminders, as the worker sends them."""

from __future__ import annotations

from datetime import datetime

from webapp.db import Database, clock
from webapp.jobs import JobContext, job
from webapp.responses.reminders import actions


@job("reminders.send", attempts=1, periodic=True)  # the next run does what this one could not
def send_reminders(context: JobContext) -> None:
    with context.database.session() as session:
        now = clock(session)
    sent = remind_all(context.database, base_url=context.settings.base_url, now=now)
    context.logger.info("reminders.sent", extra={"reminders": sent})


def remind_all(database: Database, *, base_url: str, now: datetime) -> int:
    """Send every reminder whose time has come, an organisation at a time; returns how many."""
    with database.session() as session:
        waiting = list(actions.whom_to_remind(session, now))
    sent = 0
    for engagement_id, organisation_id in waiting:
        with database.session() as session:
            sent += actions.remind(
                session, engagement_id=engagement_id, organisation_id=organisation_id, base_url=base_url, now=now
            )
            session.commit()
    return sent
