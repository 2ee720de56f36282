"""Whether somebody may decide about a programme in which an interest in their name is on record."""

from __future__ import annotations

import uuid
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.models import ConflictAction, ConflictDeclaration
from webapp.web.text import simplified

UNMANAGED = (
    "An interest in your name is on record for this programme, and nothing is on record of what is done about it. A "
    "lead officer has to put that on record first."
)
MANAGED = (
    "An interest in your name is on record for this programme, with what is done about it. Make sure that it lets you "
    "do this."
)


class InterestError(Exception):
    """The actor has declared an interest, and nothing is on record of what is done about it."""


class Interest(StrEnum):
    """An interest that somebody declared who would decide."""

    UNMANAGED = "unmanaged"
    """Nobody has put on record what is done about it."""
    MANAGED = "managed"


def interest_of(session: Session, programme_id: uuid.UUID, actor: Actor) -> Interest | None:
    """What the record says of whoever bears the actor's name: no more than whether it is managed."""
    rows = session.execute(
        select(ConflictDeclaration.declared_by, exists().where(ConflictAction.declaration_id == ConflictDeclaration.id))
        .where(ConflictDeclaration.programme_id == programme_id, ConflictDeclaration.interest.is_not(None))
        .order_by(ConflictDeclaration.id)
    )
    own = [managed for declared_by, managed in rows if simplified(declared_by) == simplified(actor.name)]
    if not own:
        return None
    return Interest.MANAGED if all(own) else Interest.UNMANAGED


def refuse_unmanaged_interest(session: Session, programme_id: uuid.UUID, actor: Actor) -> None:
    """Raises InterestError."""
    if interest_of(session, programme_id, actor) is Interest.UNMANAGED:
        raise InterestError


def hindrance_of(interest: Interest | None) -> str:
    """Why this person may not; nothing where they may."""
    return UNMANAGED if interest is Interest.UNMANAGED else ""


def caution_of(interest: Interest | None) -> str:
    """What this person is reminded of who may."""
    return MANAGED if interest is Interest.MANAGED else ""
