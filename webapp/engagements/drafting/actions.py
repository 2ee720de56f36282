"""Writing an engagement that is not published yet."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.actions import EngagementNotice, create_engagement
from webapp.models import Engagement, EngagementLot, Lot, Programme


class ReferenceTakenError(Exception):
    """Another engagement of the programme has this reference; capitals make no difference."""


class PublishedError(Exception):
    """What a published engagement says is no longer written here."""


class ChangedError(Exception):
    """Somebody else has saved the draft since this officer opened it."""


def create(
    session: Session,
    *,
    engagement_id: uuid.UUID,
    programme: Programme,
    notice: EngagementNotice,
    lots: Sequence[Lot],
    actor: Actor,
) -> Engagement:
    """A new draft; the engagement that is there if its id is taken. Raises ReferenceTakenError."""
    _refuse_taken(session, programme.id, notice.reference, engagement_id)
    if (there := session.get(Engagement, engagement_id)) is not None:
        return there
    return create_engagement(
        session, engagement_id=engagement_id, programme=programme, notice=notice, lots=lots, actor=actor
    )


def change(
    session: Session,
    *,
    engagement: Engagement,
    notice: EngagementNotice,
    lots: Sequence[Lot],
    seen: str,
    actor: Actor,
) -> None:
    """Write a draft anew; `seen` is the revision that was changed. Raises what this module declares."""
    session.refresh(engagement, with_for_update=True)
    if engagement.published_at is not None:
        raise PublishedError
    if str(engagement.revision) != seen:
        raise ChangedError
    _refuse_taken(session, engagement.programme_id, notice.reference, engagement.id)
    for name, value in asdict(notice).items():
        setattr(engagement, name, value)
    engagement.revision += 1
    session.execute(delete(EngagementLot).where(EngagementLot.engagement_id == engagement.id))
    session.expire(engagement, ["engagement_lots"])
    session.add_all(
        EngagementLot(engagement_id=engagement.id, lot_id=lot.id, position=position)
        for position, lot in enumerate(lots, 1)
    )
    audit.record(session, "engagement.changed", subject=engagement, actor=actor, revision=engagement.revision)
    session.flush()


def _refuse_taken(session: Session, programme_id: uuid.UUID, reference: str, own: uuid.UUID) -> None:
    """The programme stays locked, so that nobody takes the reference before this is saved."""
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))
    another = exists().where(
        Engagement.programme_id == programme_id,
        func.lower(Engagement.reference) == func.lower(reference),
        Engagement.id != own,
    )
    if session.scalar(select(another)):
        raise ReferenceTakenError
