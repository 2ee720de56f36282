"""The link that stops reminders. As every link it is bound to the address it was sent to: once the person has another,
whoever reads that mailbox does nothing in its name."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.tokens import digest, new_token
from webapp.models import Person, Reminder

_ID_LENGTH = 32


def new_stop_token(reminder_id: uuid.UUID) -> str:
    """It begins with whose it is, as the digest alone cannot be looked up without the address."""
    return f"{reminder_id.hex}{new_token()}"


def bound(token: str, email: str) -> str:
    """What is kept of it."""
    return digest(f"{token} {email.lower()}")


def reminder_of(session: Session, token: str) -> Reminder | None:
    try:
        reminder_id = uuid.UUID(token[:_ID_LENGTH])
    except ValueError:
        return None
    found = session.execute(
        select(Reminder, Person.email).join(Person, Person.id == Reminder.person_id).where(Reminder.id == reminder_id)
    ).one_or_none()
    if found is None:
        return None
    reminder, email = found
    return reminder if reminder.token_digest == bound(token, email) else None
