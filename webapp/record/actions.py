"""Writing down what happened. Nothing written is changed: a correction names what it corrects."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import ConflictAction, ConflictDeclaration, Decision, Disclosure, Lesson, Meeting, Programme
from webapp.once import add_once
from webapp.record import queries
from webapp.web.text import simplified

Row = Disclosure | Meeting | Decision | Lesson


class CorrectedAlreadyError(Exception):
    """Somebody else has corrected the same row."""


class OwnInterestError(Exception):
    """The interest is the actor's own, and another lead officer can say what is done about it. Who leads alone may."""


def write(session: Session, *, row: Row, entry_id: uuid.UUID, programme: Programme, actor: Actor) -> None:
    """Keep a row that says what happened. Raises WrittenAlreadyError and CorrectedAlreadyError."""
    row.id, row.programme_id, row.recorded_by = entry_id, programme.id, actor.person_id
    try:
        add_once(session, row)
    except IntegrityError as error:  # what it corrects can be corrected once
        session.rollback()
        raise CorrectedAlreadyError from error
    act = "corrected" if row.corrects_id else "recorded"
    audit.record(session, f"{row.__tablename__}.{act}", subject=row, actor=actor, organisation_id=programme.buyer_id)
    session.flush()


def declare(
    session: Session,
    *,
    entry_id: uuid.UUID,
    programme: Programme,
    declared_by: str,
    declared_on: date,
    interest: str | None,
    actor: Actor,
) -> ConflictDeclaration:
    """Raises WrittenAlreadyError."""
    declaration = ConflictDeclaration(
        id=entry_id,
        programme_id=programme.id,
        declared_by=declared_by,
        declared_on=declared_on,
        interest=interest,
        recorded_by=actor.person_id,
    )
    add_once(session, declaration)
    audit.record(session, "conflict.declared", subject=declaration, actor=actor, organisation_id=programme.buyer_id)
    session.flush()
    return declaration


def act_on(
    session: Session, *, entry_id: uuid.UUID, declaration: ConflictDeclaration, action: str, actor: Actor
) -> None:
    """Raises OwnInterestError and WrittenAlreadyError."""
    if is_of(declaration, actor) and queries.others_lead(session, declaration.programme_id, actor.person_id):
        raise OwnInterestError
    add_once(
        session,
        ConflictAction(id=entry_id, declaration_id=declaration.id, action=action, recorded_by=actor.person_id),
    )
    audit.record(session, "conflict.acted_on", subject=declaration, actor=actor)
    session.flush()


def is_of(declaration: ConflictDeclaration, actor: Actor) -> bool:
    """Whether the interest is the actor's own, as far as a name tells."""
    return simplified(declaration.declared_by) == simplified(actor.name)


def exported(session: Session, *, programme: Programme, actor: Actor, with_conflicts: bool) -> None:
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
