"""Reminders that an officer asked for, as the worker sends them."""

from __future__ import annotations

import uuid

from webapp.accounts.queries import without_browser
from webapp.db import clock
from webapp.jobs import JobContext, job
from webapp.responses.reminders.by_hand import actions
from webapp.responses.reminders.by_hand.groups import Group


@job(actions.JOB, attempts=5)
def remind_group(context: JobContext, *, engagement_id: str, group: str, asked_by: str) -> None:
    """All of them and the end of the job in one transaction, so that nobody is reminded twice."""
    with context.database.session() as session:
        actions.remind(
            session,
            engagement_id=uuid.UUID(engagement_id),
            group=Group(group),
            asker=without_browser(session, uuid.UUID(asked_by)),
            base_url=context.settings.base_url,
            now=clock(session),
        )
        context.complete(session)
        session.commit()
