"""Reading which procurement waits for which, and which services start on their day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import FixedStart, Following, Procurement


def followings(session: Session, programme_id: uuid.UUID) -> Sequence[Following]:
    """All of a programme, in the order of its procurements."""
    return session.scalars(
        select(Following)
        .join(Procurement, Procurement.id == Following.procurement_id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id, Following.said_at, Following.id)
        .options(joinedload(Following.first), joinedload(Following.procurement), joinedload(Following.officer))
    ).all()


def of_procurement(session: Session, procurement_id: uuid.UUID) -> Sequence[Following]:
    """What the procurement waits for, and what waits for it."""
    return session.scalars(
        select(Following)
        .where(or_(Following.procurement_id == procurement_id, Following.first_id == procurement_id))
        .order_by(Following.said_at, Following.id)
        .options(joinedload(Following.first), joinedload(Following.procurement), joinedload(Following.officer))
    ).all()


def others(session: Session, procurement: Procurement) -> Sequence[Procurement]:
    """The procurements of the programme that it could wait for."""
    return session.scalars(
        select(Procurement)
        .where(Procurement.programme_id == procurement.programme_id, Procurement.id != procurement.id)
        .order_by(Procurement.position, Procurement.id)
    ).all()


def fixed_start(session: Session, procurement_id: uuid.UUID) -> FixedStart | None:
    return session.scalars(
        select(FixedStart).where(FixedStart.procurement_id == procurement_id).options(joinedload(FixedStart.officer))
    ).one_or_none()
