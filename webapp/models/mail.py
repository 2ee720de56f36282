"""E-mail on its way out."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Dated, Key, at_most


class MailMessage(Dated, Base):
    """One message to one address, written in the transaction of the act it tells of and sent by a job."""

    __tablename__ = "mail_message"
    __table_args__ = (
        at_most("recipient", 254),
        at_most("subject", 300),
        Index("ix_mail_message_created_at", "created_at"),
    )

    id: Mapped[Key]
    recipient: Mapped[str]
    """The address as it was when the message was written, and never another."""
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Whom it was written to, once that person has another address; until then the address tells."""
    subject: Mapped[str]
    body: Mapped[str]
    sent_at: Mapped[datetime | None]
    refused_for: Mapped[str | None]
    """Why it was given up, in the words of whoever refused it."""
