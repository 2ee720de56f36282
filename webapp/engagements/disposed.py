"""Engagements whose responses are destroyed: pages that would tell of them lead to the certificate instead.

They would otherwise say that nobody responded.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import exists
from sqlalchemy.orm import Session

from webapp.models import Disposal, Engagement
from webapp.web.format import LONDON


class DisposedError(Exception):
    """The responses to the engagement, and all that was made from them, are destroyed."""

    def __init__(self, engagement_id: uuid.UUID) -> None:
        super().__init__(engagement_id)
        self.engagement_id = engagement_id


def still_kept(engagement: Engagement | None) -> Engagement | None:
    """The engagement, if there is one. Raises DisposedError."""
    if engagement is not None and engagement.disposed_at is not None:
        raise DisposedError(engagement.id)
    return engagement


def last_day(due_at: datetime) -> date:
    """The day after which responses are destroyed that are due at its end, which is midnight in London."""
    return due_at.astimezone(LONDON).date() - timedelta(days=1)


def is_to_go(session: Session, engagement_id: uuid.UUID) -> bool:
    """Whether a disposal of its responses is asked for, agreed or done."""
    standing = exists().where(Disposal.engagement_id == engagement_id, Disposal.stopped_at.is_(None))
    return bool(session.scalar(standing.select()))
