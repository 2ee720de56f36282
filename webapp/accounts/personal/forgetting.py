"""Forgetting an address that somebody asked for, which may be a stranger's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import EmailChange, MailMessage, Person


def forget(session: Session, which: ColumnElement[bool]) -> None:
    """With what was written to it: nothing is held about whoever reads there."""
    messages = session.scalars(delete(EmailChange).where(which).returning(EmailChange.message_id)).all()
    session.execute(delete(MailMessage).where(MailMessage.id.in_(messages)))


def stop(session: Session, person: Person, actor: Actor | None) -> bool:
    """Forget what the locked person has asked for. Whether it had asked for anything, which alone is put on record."""
    own = EmailChange.person_id == person.id
    if session.scalar(select(EmailChange.id).where(own)) is None:
        return False
    forget(session, own)
    audit.record(session, "person.email_change_stopped", subject=person, actor=actor)
    session.flush()
    return True
