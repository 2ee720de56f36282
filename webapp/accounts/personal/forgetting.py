"""Forgetting an address that somebody asked for, which may be a stranger's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from webapp.models import EmailChange, MailMessage


def forget(session: Session, which: ColumnElement[bool]) -> None:
    """With what was written to it: nothing is held about whoever reads there."""
    messages = session.scalars(delete(EmailChange).where(which).returning(EmailChange.message_id)).all()
    session.execute(delete(MailMessage).where(MailMessage.id.in_(messages)))
