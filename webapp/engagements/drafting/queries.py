"""What the pages of a draft read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.audit import Actor
from webapp.models import (
    Document,
    Engagement,
    EngagementLot,
    Lot,
    Procurement,
    Programme,
    QuestionnaireVersion,
    Section,
    Unit,
)
from webapp.programmes.permissions import Permission, within_reach


def programme(session: Session, programme_id: uuid.UUID, actor: Actor) -> Programme | None:
    """For those who may run its engagements."""
    return session.scalars(
        select(Programme).where(Programme.id == programme_id, within_reach(actor, Permission.RUN))
    ).one_or_none()


def lots_of(session: Session, programme_id: uuid.UUID) -> Sequence[Lot]:
    """In the programme's order."""
    return session.scalars(
        select(Lot)
        .join(Lot.procurement)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Lot.position, Lot.id)
    ).all()


def draft_with_lots(session: Session, engagement_id: uuid.UUID, actor: Actor) -> Engagement | None:
    """The engagement with all that its public page will show."""
    lot = selectinload(Engagement.engagement_lots).joinedload(EngagementLot.lot)
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, within_reach(actor, Permission.RUN))
        .options(
            joinedload(Engagement.programme).options(joinedload(Programme.buyer), joinedload(Programme.agent)),
            lot.joinedload(Lot.procurement),
            lot.selectinload(Lot.units).options(joinedload(Unit.site), joinedload(Unit.service_line)),
        )
    ).one_or_none()


def newest_questionnaire(session: Session, engagement_id: uuid.UUID) -> QuestionnaireVersion | None:
    """With all it asks."""
    return session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.engagement_id == engagement_id)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
        .options(selectinload(QuestionnaireVersion.sections).selectinload(Section.questions))
    ).one_or_none()


def count_documents(session: Session, engagement_id: uuid.UUID) -> int:
    return session.scalars(
        select(func.count(Document.id)).where(Document.engagement_id == engagement_id, Document.withdrawn_at.is_(None))
    ).one()
