"""Saving and removing what is set up, one change of a programme at a time."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import Contract, EngagementLot, Lot, Programme
from webapp.programmes.permissions import Permission, within_reach
from webapp.programmes.setting_up.part import Part, PartForm, Row
from webapp.programmes.setting_up.plan import Plan
from webapp.programmes.suppliers import stand_behind


class KeptError(Exception):
    """The row cannot be removed; the message says why."""


def lock(session: Session, programme_id: uuid.UUID, actor: Actor) -> None:
    """Until the transaction ends nobody else changes the set-up, so that what is checked now still holds when saved.

    Who may not change it holds nothing: having to wait for somebody would tell that there is something.
    """
    session.execute(
        select(Programme.id)
        .where(Programme.id == programme_id, within_reach(actor, Permission.SET_UP))
        .with_for_update(of=Programme, key_share=True)
    )


def add(session: Session, *, plan: Plan, part: Part, form: PartForm, actor: Actor) -> Row:
    row = part.new(plan.programme.id)
    row.id = form.entry_id(actor.person_id)
    form.write(row, plan)
    session.add(row)
    _stand_behind(session, plan, row, actor)
    _record(session, "added", plan, part, row, actor)
    return row


def change(session: Session, *, plan: Plan, part: Part, row: Row, form: PartForm, actor: Actor) -> None:
    form.write(row, plan)
    row.revision += 1
    _stand_behind(session, plan, row, actor)
    _record(session, "changed", plan, part, row, actor)


def remove(session: Session, *, plan: Plan, part: Part, row: Row, actor: Actor) -> None:
    """Raises KeptError."""
    if reason := part.kept_for(row, plan):
        raise KeptError(reason)
    if isinstance(row, Lot):  # drafts of engagements stop asking about it
        session.execute(delete(EngagementLot).where(EngagementLot.lot_id == row.id))
    session.delete(row)
    _record(session, "removed", plan, part, row, actor)


def _stand_behind(session: Session, plan: Plan, row: Row, actor: Actor) -> None:
    if isinstance(row, Contract):
        stand_behind(session, programme=plan.programme, contracts=[row], actor=actor)


def _record(session: Session, act: str, plan: Plan, part: Part, row: Row, actor: Actor) -> None:
    session.flush()
    audit.record(
        session,
        f"set_up.{part.slug.replace('-', '_')}_{act}",
        subject=plan.programme,
        actor=actor,
        organisation_id=plan.programme.buyer_id,
        row=str(row.id),
    )
    session.flush()
