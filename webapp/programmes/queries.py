"""What an officer may read of programmes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload, selectinload

from webapp.audit import Actor
from webapp.models import (
    Contract,
    Engagement,
    FixedStart,
    Lot,
    Procurement,
    Programme,
    Recommendation,
    Ruling,
    Site,
    Unit,
    Verdict,
)
from webapp.programmes.permissions import Permission, within_reach


def programmes_of(session: Session, actor: Actor) -> Sequence[Programme]:
    return session.scalars(
        select(Programme)
        .where(within_reach(actor))
        .options(joinedload(Programme.buyer), joinedload(Programme.agent), selectinload(Programme.contracts))
        .order_by(Programme.title, Programme.id)
    ).all()


def waiting_for(
    session: Session, actor: Actor, programme_id: uuid.UUID | None = None
) -> list[tuple[Recommendation, str]]:
    """Recommendations of one programme or of all that the actor could sign, and its own that were sent back, as long as
    nothing was put up in their place, each with its programme's title; the longest waiting first."""
    later = aliased(Recommendation)
    of = true() if programme_id is None else Procurement.programme_id == programme_id
    to_sign = and_(
        Ruling.id.is_(None), Recommendation.put_up_by != actor.person_id, within_reach(actor, Permission.APPROVE)
    )
    sent_back = and_(
        Ruling.verdict == Verdict.SENT_BACK,
        Recommendation.put_up_by == actor.person_id,
        within_reach(actor, Permission.ANALYSE),
    )
    replaced = exists().where(
        later.procurement_id == Recommendation.procurement_id, later.number > Recommendation.number
    )
    rows = session.execute(
        select(Recommendation, Programme.title)
        .join(Recommendation.procurement)
        .join(Programme, Programme.id == Procurement.programme_id)
        .outerjoin(Recommendation.ruling)
        .where(of, or_(to_sign, sent_back), ~replaced)
        .order_by(Recommendation.put_up_at, Recommendation.id)
        .options(
            defer(Recommendation.content, raiseload=True),
            contains_eager(Recommendation.procurement),
            contains_eager(Recommendation.ruling),
            joinedload(Recommendation.writer),
        )
    )
    return [(row, title) for row, title in rows]


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
