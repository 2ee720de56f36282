"""What an officer may read of programmes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.models import Contract, Engagement, Lot, Procurement, Programme, Site, Unit

Officer = tuple[uuid.UUID, ...]
"""The organisations whose officer somebody is."""


def within_reach(officer_of: Officer) -> ColumnElement[bool]:
    """The programmes whose buyer or procuring agent is one of these organisations."""
    return or_(Programme.buyer_id.in_(officer_of), Programme.agent_id.in_(officer_of))


def programmes_of(session: Session, officer_of: Officer) -> Sequence[Programme]:
    return session.scalars(
        select(Programme)
        .where(within_reach(officer_of))
        .options(joinedload(Programme.buyer), joinedload(Programme.agent), selectinload(Programme.contracts))
        .order_by(Programme.title, Programme.id)
    ).all()


def programme_of(session: Session, programme_id: uuid.UUID, officer_of: Officer) -> Programme | None:
    """The programme with everything in it; None if there is no such programme within this officer's reach."""
    return session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(officer_of))
        .options(
            joinedload(Programme.buyer),
            joinedload(Programme.agent),
            selectinload(Programme.sites),
            selectinload(Programme.service_lines),
            selectinload(Programme.contracts).options(joinedload(Contract.supplier), selectinload(Contract.units)),
            selectinload(Programme.procurements).selectinload(Procurement.lots).selectinload(Lot.units),
        )
    ).one_or_none()


def units_of(session: Session, programme_id: uuid.UUID) -> Sequence[Unit]:
    """Every unit of the programme, in a lot or not."""
    return session.scalars(
        select(Unit).join(Unit.site).where(Site.programme_id == programme_id).order_by(Unit.id)
    ).all()


def engagements_of(session: Session, programme_id: uuid.UUID) -> Sequence[Engagement]:
    return session.scalars(
        select(Engagement)
        .where(Engagement.programme_id == programme_id)
        .order_by(Engagement.opens_at.desc(), Engagement.id)
    ).all()
