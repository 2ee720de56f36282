"""Opening the sealed responses of an engagement, all at once and before witnesses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import Engagement, EngagementState

OPENED = "engagement.opened"


class NotSealedError(Exception):
    """The responses are not sealed, or have been opened already."""


class NotClosedError(Exception):
    """The engagement still takes responses, so none of them is opened."""


def open_responses(session: Session, *, engagement: Engagement, witnesses: str, actor: Actor, now: datetime) -> None:
    """Let the team read every response from here on. It cannot be undone, and the closing time moves no more.

    Raises NotSealedError and NotClosedError.
    """
    session.refresh(engagement, with_for_update=True)
    if not engagement.waits_for_opening:
        raise NotSealedError
    if engagement.state(now) is not EngagementState.CLOSED:
        raise NotClosedError
    engagement.opened_at, engagement.opened_by, engagement.opening_witnesses = now, actor.person_id, witnesses
    audit.record(session, OPENED, subject=engagement, actor=actor, witnesses=witnesses)
    session.flush()
