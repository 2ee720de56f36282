"""Changing an assumption and putting it back. Nothing written is changed: the newest of its rows holds."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import ChangedAssumption, Programme


def change(
    session: Session,
    *,
    programme: Programme,
    name: str,
    number: int,
    value: float,
    spread: float,
    measured: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """`number` is one more than that of the assumption's newest row."""
    row = ChangedAssumption(name=name, number=number, value=value, spread=spread, measured=measured, reason=reason)
    _write(session, "assumption.changed", row, programme, actor, now)


def put_back(
    session: Session, *, programme: Programme, name: str, number: int, reason: str, actor: Actor, now: datetime
) -> None:
    """To what everybody starts from."""
    row = ChangedAssumption(name=name, number=number, value=None, spread=None, measured=None, reason=reason)
    _write(session, "assumption.put_back", row, programme, actor, now)


def _write(
    session: Session, act: str, row: ChangedAssumption, programme: Programme, actor: Actor, now: datetime
) -> None:
    row.id, row.programme_id, row.changed_at, row.changed_by = uuid.uuid4(), programme.id, now, actor.person_id
    session.add(row)
    session.flush()
    audit.record(
        session, act, subject=row, actor=actor, organisation_id=programme.buyer_id, name=row.name, number=row.number
    )
    session.flush()
