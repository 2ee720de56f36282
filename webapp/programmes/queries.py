"""What an officer may read of programmes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.audit import Actor
from webapp.models import Contract, Engagement, FixedStart, Lot, Procurement, Programme, Site, Unit
from webapp.programmes.permissions import Permission, within_reach


def programmes_of(session: Session, actor: Actor) -> Sequence[Programme]:
    return session.scalars(
        select(Programme)
        .where(within_reach(actor))
        .options(joinedload(Programme.buyer), joinedload(Programme.agent), selectinload(Programme.contracts))
        .order_by(Programme.title, Programme.id)
    ).all()


def programme_of(
    session: Session, programme_id: uuid.UUID, actor: Actor, permission: Permission = Permission.READ
) -> Programme | None:
    """The programme with everything in it; None if there is no such programme within the actor's reach."""
    found = session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(actor, permission))
        .options(
            joinedload(Programme.buyer),
            joinedload(Programme.agent),
            selectinload(Programme.sites),
            joinedload(Programme.service_lines),
            selectinload(Programme.contracts).options(joinedload(Contract.supplier), selectinload(Contract.units)),
            selectinload(Programme.procurements).options(
                selectinload(Procurement.lots).selectinload(Lot.units),
                joinedload(Procurement.fixed_start).joinedload(FixedStart.officer),
            ),
        )
    )
    return found.unique().one_or_none()


def programme(session: Session, programme_id: uuid.UUID, actor: Actor, permission: Permission) -> Programme | None:
    """The programme and who buys; None if there is no such programme within the actor's reach."""
    return session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(actor, permission))
        .options(joinedload(Programme.buyer), joinedload(Programme.agent))
    ).one_or_none()


def lock(session: Session, programme_id: uuid.UUID) -> None:
    """Until the transaction ends nobody else changes what a programme's pages plan, record or assume: what is compared
    now still holds when it is saved."""
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))


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
