"""What is told to everybody alike: answers to questions, documents, and what came of the engagement."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice
from webapp.models.engagement import Engagement
from webapp.models.people import Organisation, Person
from webapp.models.programme import Lot

MOST_DOCUMENT_BYTES = 10_000_000


class DocumentKind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    CSV = "csv"


class AskedHow(StrEnum):
    """How a question came that was not asked through the service."""

    EMAIL = "email"
    PORTAL = "portal"
    TELEPHONE = "telephone"
    EVENT = "event"
    """At an event or in a meeting."""


class Clarification(Base):
    """A question asked in confidence, and what was published of it to all. An officer enters what came otherwise."""

    __tablename__ = "clarification"
    __table_args__ = (
        UniqueConstraint("organisation_id", "nonce"),
        CheckConstraint(
            "num_nonnulls(published_question, answer, answered_by, published_at) IN (0, 4)",
            name="published_whole",
        ),
        CheckConstraint("corrected_at > published_at", name="corrected_after_published"),
        CheckConstraint("num_nonnulls(asked_by, entered_by) = 1", name="asked_or_entered"),
        CheckConstraint("num_nonnulls(entered_by, asked_how) IN (0, 2)", name="entered_whole"),
        CheckConstraint("asked_by IS NULL OR organisation_id IS NOT NULL", name="asked_for_somebody"),
        CheckConstraint("late_reason IS NULL OR entered_by IS NOT NULL", name="accepted_late_if_entered"),
        at_most("late_reason", 2000, at_least=1),
        Index("ix_clarification_engagement_id_organisation_id", "engagement_id", "organisation_id"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """Empty where an officer who entered the question did not say who had asked it."""
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    entered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """The officer, where it came otherwise than through the service."""
    asked_how: Mapped[AskedHow | None] = mapped_column(choice(AskedHow, "asked_how"))
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lot.id"))
    nonce: Mapped[uuid.UUID]
    """Carried by the form, so that sending it twice asks once."""
    question: Mapped[str]
    """As it was asked, for the officers and, if it asked here, its organisation alone."""
    asked_at: Mapped[datetime]
    """When whoever asked did so, also where an officer entered it later."""
    late_reason: Mapped[str | None]
    """Why it was accepted although it came after the last time for questions."""
    published_question: Mapped[str | None]
    """In the officer's words, without the names of who asked."""
    answer: Mapped[str | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    """When what is published now took the place of an earlier text."""

    engagement: Mapped[Engagement] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    asker: Mapped[Person | None] = relationship(foreign_keys=asked_by)
    enterer: Mapped[Person | None] = relationship(foreign_keys=entered_by)
    lot: Mapped[Lot | None] = relationship()

    @property
    def published_since(self) -> datetime | None:
        """Since when everybody reads the present text."""
        return self.corrected_at or self.published_at


class EarlierAnswer(Base):
    """What was published of a question until it was corrected. A trigger refuses every change."""

    __tablename__ = "earlier_answer"
    __table_args__ = (UniqueConstraint("clarification_id", "published_at"),)

    id: Mapped[Key]
    clarification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clarification.id"))
    question: Mapped[str]
    answer: Mapped[str]
    answered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    corrected_at: Mapped[datetime]


class Document(Dated, Base):
    """One version of a document. A replaced or removed one is kept, as a record of what was to be had when."""

    __tablename__ = "document"
    __table_args__ = (
        at_most("title", 200),
        at_most("file_name", 120),
        CheckConstraint(f"size BETWEEN 1 AND {MOST_DOCUMENT_BYTES}", name="size"),
        CheckConstraint("size = octet_length(content)", name="size_of_content"),
        UniqueConstraint("series_id", "version"),
        Index(
            "uq_document_series_id_current",
            "series_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_document_engagement_id", "engagement_id"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    series_id: Mapped[uuid.UUID]
    """What its versions have in common: the id of the first."""
    version: Mapped[int]
    title: Mapped[str]
    file_name: Mapped[str]
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind, "kind"))
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    uploaded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    """When it was replaced or removed."""

    engagement: Mapped[Engagement] = relationship()


class EngagementSummary(Base):
    """One version of what an engagement heard and led to. The newest is shown; a trigger refuses every change."""

    __tablename__ = "engagement_summary"
    __table_args__ = (UniqueConstraint("engagement_id", "version"),)

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    version: Mapped[int]
    heard: Mapped[str]
    changes: Mapped[str]
    """What will be different because of what was heard."""
    next_steps: Mapped[str]
    responses: Mapped[int]
    """How many were submitted when it was published; the public is told only that they were few, if they were."""
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
