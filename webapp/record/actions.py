"""Writing down what happened. Nothing written is changed: a correction names what it corrects."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import ConflictAction, ConflictDeclaration, Decision, Disclosure, Meeting, Programme

Row = Disclosure | Meeting | Decision


class CorrectedAlreadyError(Exception):
    """Somebody else has corrected the same row."""


def write(session: Session, *, row: Row, programme: Programme, actor: Actor) -> None:
    """Keep a row that says what happened; its correction and its author are set here. Raises CorrectedAlreadyError."""
    row.id, row.programme_id, row.recorded_by = uuid.uuid4(), programme.id, actor.person_id
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # what it corrects can be corrected once
        session.rollback()
        raise CorrectedAlreadyError from error
    act = "corrected" if row.corrects_id else "recorded"
    audit.record(session, f"{row.__tablename__}.{act}", subject=row, actor=actor, organisation_id=programme.buyer_id)
    session.flush()


def declare(
    session: Session,
    *,
    programme: Programme,
    declared_by: str,
    declared_on: date,
    interest: str | None,
    actor: Actor,
) -> ConflictDeclaration:
    declaration = ConflictDeclaration(
        id=uuid.uuid4(),
        programme_id=programme.id,
        declared_by=declared_by,
        declared_on=declared_on,
        interest=interest,
        recorded_by=actor.person_id,
    )
    session.add(declaration)
    session.flush()
    audit.record(session, "conflict.declared", subject=declaration, actor=actor, organisation_id=programme.buyer_id)
    session.flush()
    return declaration


def act_on(session: Session, *, declaration: ConflictDeclaration, action: str, actor: Actor) -> None:
    session.add(
        ConflictAction(id=uuid.uuid4(), declaration_id=declaration.id, action=action, recorded_by=actor.person_id)
    )
    session.flush()
    audit.record(session, "conflict.acted_on", subject=declaration, actor=actor)
    session.flush()


def exported(session: Session, *, programme: Programme, now: datetime, actor: Actor, with_conflicts: bool) -> None:
    """That the record left the service, and with what."""
    audit.record(
        session,
        "record.exported",
        subject=programme,
        actor=actor,
        organisation_id=programme.buyer_id,
        with_conflicts=with_conflicts,
    )
    session.flush()
