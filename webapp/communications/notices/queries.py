"""Reading what a notice is written from."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.audit import Actor
from webapp.communications.notices.fields import Subject
from webapp.communications.notices.forms import FACTS
from webapp.models import Engagement, EngagementEvent, EngagementLot, Lot, NoticeFacts, Programme
from webapp.programmes.permissions import Permission, within_reach


def facts(session: Session, programme_id: uuid.UUID) -> NoticeFacts:
    """What is kept, or an empty row that nothing has saved yet."""
    kept = session.get(NoticeFacts, programme_id)
    return kept or NoticeFacts(programme_id=programme_id, **dict.fromkeys(FACTS, ""))


def subject(session: Session, engagement_id: uuid.UUID, actor: Actor, *, address: str, now: datetime) -> Subject | None:
    about = session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, within_reach(actor, Permission.READ))
        .options(
            joinedload(Engagement.programme).options(joinedload(Programme.buyer), joinedload(Programme.agent)),
            selectinload(Engagement.engagement_lots)
            .joinedload(EngagementLot.lot)
            .options(joinedload(Lot.procurement), selectinload(Lot.units)),
        )
    ).one_or_none()
    if about is None:
        return None
    events = session.scalars(
        select(EngagementEvent)
        .where(EngagementEvent.engagement_id == engagement_id)
        .order_by(EngagementEvent.begins_at, EngagementEvent.id)
    ).all()
    return Subject(about.programme, about, facts(session, about.programme_id), events, address, now)
