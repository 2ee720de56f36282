"""Saying that a provider will not respond, and taking that back.

As with a response, the deadline is judged on `now` with the engagement's row locked against an extension under way.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.declining.queries import can_decline, has_submitted, stands
from webapp.models import Decline, DeclineReason, Engagement


class ClosedError(Exception):
    """It came after the engagement had closed."""


class SubmittedError(Exception):
    """The organisation has a response that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declining:
    reasons: Sequence[DeclineReason]
    comment: str | None
    may_quote: bool
    nonce: uuid.UUID


def decline(
    session: Session,
    *,
    engagement: Engagement,
    declining: Declining,
    organisation_id: uuid.UUID,
    actor: Actor,
    now: datetime,
) -> None:
    """Say it, in place of what was said before; a page that is sent twice says it once, unless the organisation has
    acted in between. Raises ClosedError and SubmittedError."""
    _hold(session, engagement, now)
    if has_submitted(session, engagement.id, organisation_id):
        raise SubmittedError
    said = {**asdict(declining), "declined_at": now, "declined_by": actor.person_id}
    saying = insert(Decline).values(engagement_id=engagement.id, organisation_id=organisation_id, **said)
    anew = saying.on_conflict_do_update(
        constraint="pk_decline", set_=said, where=or_(Decline.nonce != saying.excluded.nonce, ~stands())
    ).returning(Decline.declined_at)
    if session.scalar(anew, execution_options={"populate_existing": True}) is not None:
        audit.record(session, "engagement.declined", subject=engagement, actor=actor, organisation_id=organisation_id)
    session.flush()


def take_back(
    session: Session, *, engagement: Engagement, organisation_id: uuid.UUID, actor: Actor, now: datetime
) -> None:
    """Nothing of what was said is kept. Doing it twice is doing it once. Raises ClosedError."""
    _hold(session, engagement, now)
    taken = session.scalar(
        delete(Decline)
        .where(Decline.engagement_id == engagement.id, Decline.organisation_id == organisation_id)
        .returning(Decline.nonce)
    )
    if taken is not None:
        audit.record(
            session, "engagement.decline_taken_back", subject=engagement, actor=actor, organisation_id=organisation_id
        )
    session.flush()


def _hold(session: Session, engagement: Engagement, now: datetime) -> None:
    session.refresh(engagement, ("published_at", "closes_at"), with_for_update={"read": True})
    if not can_decline(engagement, now):
        raise ClosedError
