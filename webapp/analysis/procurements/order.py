"""Which procurement waits for which, and which services start on their day and no other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.analysis.procurements.rules import Trouble, rules_of
from webapp.audit import Actor
from webapp.models import FixedStart, Following, Procurement, Stage

Step = tuple[uuid.UUID, int]
"""A procurement, and the number of a stage on its route."""


@dataclass(frozen=True, slots=True)
class SaidOfOrder:
    """That `before` of a procurement starts at least so many working days after `after` of the first has ended."""

    first: Procurement
    after: Stage
    before: Stage
    lag_days: int
    reason: str


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


def order_trouble(procurement: Procurement, said: SaidOfOrder, known: Sequence[Following]) -> Trouble | None:
    """Both stages are on their routes, nothing is said twice, and no stage waits for itself."""
    first = said.first
    for field, entry, stage in (("after", first, said.after), ("before", procurement, said.before)):
        if stage not in rules_of(entry.route.value):
            return Trouble(field, f"{entry.title} has no such stage on its route. Choose another")
    for each in known:
        same = (each.procurement_id, each.first_id, each.after, each.before)
        if same == (procurement.id, first.id, said.after, said.before):
            return Trouble("first", f"It is said already that it waits for this stage of {first.title}")
    if _waits_for(procurement, said, known):
        return Trouble("first", f"{first.title} already waits for this procurement, so neither could ever begin")
    return None


def _waits_for(procurement: Procurement, said: SaidOfOrder, known: Sequence[Following]) -> bool:
    """Whether the end of the first's stage has to wait, directly or through others, for the stage that would wait."""
    target = _step(said.first, said.after)
    ahead, seen = [_step(procurement, said.before)], set[Step]()
    while ahead:
        key, number = step = ahead.pop()
        if step in seen:
            continue
        seen.add(step)
        if key == target[0] and number <= target[1]:
            return True
        for each in known:
            if each.first_id == key and _is_on_route(each) and _step(each.first, each.after)[1] >= number:
                ahead.append(_step(each.procurement, each.before))
    return False


def _is_on_route(row: Following) -> bool:
    """A route may have changed since, and lost the stage."""
    return row.after in rules_of(row.first.route.value) and row.before in rules_of(row.procurement.route.value)


def _step(procurement: Procurement, stage: Stage) -> Step:
    return procurement.id, list(rules_of(procurement.route.value)).index(stage)


def follow(session: Session, *, procurement: Procurement, said: SaidOfOrder, actor: Actor, now: datetime) -> None:
    session.add(
        Following(
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
    procurement.revision += 1
    _record(session, "planning.order_said", procurement, actor, first=str(said.first.id))


def unfollow(session: Session, *, procurement: Procurement, following_id: uuid.UUID | None, actor: Actor) -> None:
    """Let the procurement no longer wait; one that is gone already is left alone."""
    wanted = select(Following).where(Following.id == following_id, Following.procurement_id == procurement.id)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        return
    session.delete(row)
    procurement.revision += 1
    _record(session, "planning.order_removed", procurement, actor, first=str(row.first_id))


def fix_start(
    session: Session, *, procurement: Procurement, is_fixed: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Fix the start of the services to its day, or let it move again; what is so already stays as it was said."""
    kept = fixed_start(session, procurement.id)
    if (reason if is_fixed else None) == (kept.reason if kept else None):
        return
    if kept is not None:
        session.delete(kept)
        session.flush()
    if is_fixed:
        session.add(FixedStart(procurement_id=procurement.id, reason=reason, said_by=actor.person_id, said_at=now))
    procurement.revision += 1
    _record(session, "planning.start_fixed" if is_fixed else "planning.start_freed", procurement, actor)


def _record(session: Session, act: str, procurement: Procurement, actor: Actor, **detail: str) -> None:
    audit.record(
        session,
        act,
        subject=procurement,
        actor=actor,
        organisation_id=None,
        programme=str(procurement.programme_id),
        **detail,
    )
    session.flush()
