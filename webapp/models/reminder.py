"""Reminders of an engagement's closing time: who had which, and who wants no more."""

from __future__ import annotations

import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Dated, Key, choice


class ReminderKind(StrEnum):
    """What a person was reminded of, and how long before the closing time."""

    NOT_STARTED_HALF_WAY = "not_started_half_way"
    NOT_STARTED_TWO_DAYS = "not_started_two_days"
    DRAFT_HALF_WAY = "draft_half_way"
    DRAFT_TWO_DAYS = "draft_two_days"
    DRAFT_TWO_HOURS = "draft_two_hours"
    CHANGES_TWO_DAYS = "changes_two_days"
    CHANGES_TWO_HOURS = "changes_two_hours"
    BY_HAND = "by_hand"
    """Asked for by an officer, and for no time of its own."""


class Reminder(Dated, Base):
    """One e-mail to one person. By itself the service sends nobody the same twice, whatever becomes of the closing
    time; an officer may remind again."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index(
            "uq_reminder_engagement_id_person_id_kind",
            "engagement_id",
            "person_id",
            "kind",
            unique=True,
            postgresql_where=text("kind <> 'by_hand'"),
        ),
        UniqueConstraint("token_digest"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ReminderKind] = mapped_column(choice(ReminderKind, "kind"))
    token_digest: Mapped[str]
    """Of the link that stops reminders of this engagement to this person."""


class ReminderStop(Dated, Base):
    """A person's wish for no more reminders of an engagement."""

    __tablename__ = "reminder_stop"

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
