"""Providers that a programme met under two names and that are one firm."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most
from webapp.models.people import Organisation, Person


class JoinedProvider(Dated, Base):
    """That in one programme `organisation` is the firm that is known as `into`: what pointed to it points there."""

    __tablename__ = "joined_provider"
    __table_args__ = (
        CheckConstraint("organisation_id <> into_id", name="two_organisations"),
        at_most("reason", 2000, at_least=1),
        CheckConstraint("num_nonnulls(undone_at, undone_by) IN (0, 2)", name="undone_whole"),
        Index(
            "uq_joined_provider_programme_id_organisation_id",
            "programme_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    into_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str]
    joined_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    moved: Mapped[dict[str, Any]]
    """By the table: the ids of the rows that were pointed to the other, so that undoing points these back."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    into: Mapped[Organisation] = relationship(foreign_keys=[into_id])
    joiner: Mapped[Person] = relationship(foreign_keys=[joined_by])
    undoer: Mapped[Person | None] = relationship(foreign_keys=[undone_by])
