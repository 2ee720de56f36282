"""Saying which procurement waits for which, and which services start on their day and no other."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.analysis.procurements.actions import record
from webapp.analysis.procurements.order import queries
from webapp.analysis.procurements.order.rules import SaidOfOrder
from webapp.audit import Actor
from webapp.models import FixedStart, Following, Procurement


def follow(
    session: Session,
    *,
    following_id: uuid.UUID,
    procurement: Procurement,
    said: SaidOfOrder,
    actor: Actor,
    now: datetime,
) -> None:
    session.add(
        Following(
            id=following_id,
            procurement_id=procurement.id,
            first_id=said.first.id,
            after=said.after,
            before=said.before,
            lag_days=said.lag_days,
            reason=said.reason,
            said_by=actor.person_id,
            said_at=now,
        )
    )
    record(session, "planning.order_said", procurement, actor, first=str(said.first.id))


def unfollow(session: Session, *, procurement: Procurement, following_id: uuid.UUID | None, actor: Actor) -> None:
    """Let the procurement no longer wait; one that is gone already is left alone."""
    wanted = select(Following).where(Following.id == following_id, Following.procurement_id == procurement.id)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        return
    session.delete(row)
    record(session, "planning.order_removed", procurement, actor, first=str(row.first_id))


def fix_start(
    session: Session, *, procurement: Procurement, is_fixed: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Fix the start of the services to its day, or let it move again; what is so already stays as it was said."""
    kept = queries.fixed_start(session, procurement.id)
    if (reason if is_fixed else None) == (kept.reason if kept else None):
        return
    if kept is not None:
        session.delete(kept)
        session.flush()
    if is_fixed:
        session.add(FixedStart(procurement_id=procurement.id, reason=reason, said_by=actor.person_id, said_at=now))
    record(session, "planning.start_fixed" if is_fixed else "planning.start_freed", procurement, actor)
