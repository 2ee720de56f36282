"""Who did what, when: appended, never changed, each entry sealed with the hash of the one before it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class AuditEvent(Base):
    """One act. A trigger sets `id`, `at`, `previous_hash` and `hash`; another refuses every change."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigInteger, FetchedValue(), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(FetchedValue())
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """Empty when the system acted by itself."""
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    act: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(FetchedValue())
    hash: Mapped[str] = mapped_column(FetchedValue())
