"""That the responses to an engagement are destroyed: who asked, who agreed, when, by which policy, and what went."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Key, at_most
from webapp.models.engagement import Engagement
from webapp.models.people import Organisation, Person


class Disposal(Base):
    """Asked for by one person, agreed to by another, done after a time in which either takes it back.

    The database deletes records of an engagement while one is due, and at no other time. A trigger refuses to
    change what was asked and agreed, and anything once it is done: it is the certificate then.
    """

    __tablename__ = "disposal"
    __table_args__ = (
        at_most("policy", 500),
        at_most("note", 1000),
        at_most("stop_reason", 1000, at_least=1),
        CheckConstraint("num_nonnulls(agreed_at, agreed_by, due_at) IN (0, 3)", name="agreed_whole"),
        CheckConstraint("agreed_by <> asked_by", name="two_people"),
        CheckConstraint(
            "due_at AT TIME ZONE 'Europe/London' >= agreed_at AT TIME ZONE 'Europe/London' + interval '28 days'",
            name="time_to_take_it_back",
        ),
        CheckConstraint("num_nonnulls(stopped_at, stopped_by, stop_reason) IN (0, 3)", name="stopped_whole"),
        CheckConstraint("num_nonnulls(done_at, destroyed) IN (0, 2)", name="done_whole"),
        CheckConstraint("done_at IS NULL OR (done_at >= due_at AND stopped_at IS NULL)", name="done_once_due"),
        CheckConstraint("told_at IS NULL AND told_up_to IS NULL OR agreed_at IS NOT NULL", name="told_once_agreed"),
        CheckConstraint("done_at IS NULL OR told_at IS NOT NULL", name="done_once_told"),
        CheckConstraint(
            "due_at AT TIME ZONE 'Europe/London' >= told_at AT TIME ZONE 'Europe/London' + interval '28 days'",
            name="time_to_download",
        ),
        CheckConstraint("failures >= 0 AND (failures = 0) = (failed_at IS NULL)", name="failed_whole"),
        Index(
            "uq_disposal_engagement_id_standing",
            "engagement_id",
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    kept_until: Mapped[date]
    policy: Mapped[str]
    """Both as the programme stated them when it was asked for."""
    note: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime | None]
    told_up_to: Mapped[uuid.UUID | None]
    """Of those concerned, in the order of their ids, who was written to last."""
    told_before: Mapped[uuid.UUID | None]
    """As `told_up_to`, by a version whose messages do not say whom they went to: all up to here count as told."""
    told_at: Mapped[datetime | None]
    """When everybody concerned had been written to."""
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    stop_reason: Mapped[str | None]
    done_at: Mapped[datetime | None]
    destroyed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How many of each kind."""
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    """How often the worker began to tell everybody, or since then to destroy, and could not end it."""
    failed_at: Mapped[datetime | None]
    """When it last could not."""

    engagement: Mapped[Engagement] = relationship()
    asker: Mapped[Person] = relationship(foreign_keys=[asked_by])
    agreer: Mapped[Person | None] = relationship(foreign_keys=[agreed_by])
    stopper: Mapped[Person | None] = relationship(foreign_keys=[stopped_by])
    responses: Mapped[list[DisposedResponse]] = relationship(
        back_populates="disposal", order_by="DisposedResponse.submitted_at, DisposedResponse.reference"
    )

    def is_due(self, now: datetime) -> bool:
        if self.due_at is None or self.told_at is None:
            return False
        return self.due_at <= now and self.stopped_at is None and self.done_at is None

    @property
    def is_being_told(self) -> bool:
        """Whether it is agreed, and not everybody concerned has been written to yet."""
        return self.agreed_at is not None and self.told_at is None and self.stopped_at is None

    @property
    def is_only_asked(self) -> bool:
        """Whether somebody has to agree to it yet."""
        return self.agreed_at is None and self.stopped_at is None


class DisposedResponse(Base):
    """A response that was submitted and is destroyed: whose it was, and by which reference its provider knows it."""

    __tablename__ = "disposed_response"

    disposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("disposal.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    """Of the last submission."""
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    submitted_at: Mapped[datetime]

    disposal: Mapped[Disposal] = relationship(back_populates="responses")
    organisation: Mapped[Organisation] = relationship()
