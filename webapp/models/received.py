"""Responses that came otherwise than through the service: how and when, the original, and entering or importing it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice
from webapp.models.disclosure import DocumentKind
from webapp.models.engagement import Engagement, QuestionnaireVersion, Section
from webapp.models.imports import MOST_IMPORT_BYTES
from webapp.models.people import Organisation, Person, ProviderKind, ProviderSize
from webapp.models.programme import Revised


class ReceivedHow(StrEnum):
    EMAIL = "email"
    PORTAL = "portal"
    """As a message or an attachment on an e-procurement portal."""
    TOOL = "tool"
    """Gathered by another survey tool."""
    POST = "post"


class ReceivedFile(Dated, Base):
    """The original of one response, or of many. It never changes."""

    __tablename__ = "received_file"
    __table_args__ = (
        at_most("name", 120),
        CheckConstraint(f"size BETWEEN 1 AND {MOST_IMPORT_BYTES}", name="size"),
        CheckConstraint("size = octet_length(content)", name="size_of_content"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    name: Mapped[str]
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind, "kind"))
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    uploaded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class Reception(Revised, Dated, Base):
    """That an officer took a response in. A trigger refuses any change once a submission rests on it."""

    __tablename__ = "reception"
    __table_args__ = (
        at_most("organisation_name", 200),
        at_most("sent_by", 200),
        at_most("late_reason", 2000, at_least=1),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Empty until it is recorded where the organisation is new: the other columns then say what it is."""
    organisation_name: Mapped[str]
    provider_kind: Mapped[ProviderKind | None] = mapped_column(choice(ProviderKind, "provider_kind"))
    size: Mapped[ProviderSize | None] = mapped_column(choice(ProviderSize, "size"))
    vcse: Mapped[bool | None]
    how: Mapped[ReceivedHow] = mapped_column(choice(ReceivedHow, "how"))
    sent_by: Mapped[str]
    """Who sent it, or the tool that gathered it."""
    received_at: Mapped[datetime]
    """When the provider had sent it: a deadline is judged on this, and not on when somebody typed it in."""
    late_reason: Mapped[str | None]
    """Why it was accepted although it came after the engagement had closed."""
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("received_file.id"), index=True)
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)

    engagement: Mapped[Engagement] = relationship()
    version: Mapped[QuestionnaireVersion] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    file: Mapped[ReceivedFile | None] = relationship()
    enterer: Mapped[Person] = relationship()


class ReceptionSection(Base):
    """What has been entered of one section so far, as it was typed. It goes when the response is recorded."""

    __tablename__ = "reception_section"

    reception_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reception.id", ondelete="CASCADE"), primary_key=True)
    section_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("section.id"), primary_key=True)
    revision: Mapped[int]
    answers: Mapped[dict[str, Any]]
    """By question key: the value, or for a question asked per lot the values by lot id."""
    saved_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    saved_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    section: Mapped[Section] = relationship()
    saver: Mapped[Person] = relationship()


class ResponseImport(Revised, Dated, Base):
    """A file of many responses, and what its columns and words mean; offered again for the tool's next file."""

    __tablename__ = "response_import"
    __table_args__ = (
        at_most("tool", 100),
        CheckConstraint("num_nonnulls(asked_at, asked_by, seen) IN (0, 3)", name="asked_whole"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_share"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    tool: Mapped[str]
    """What made the file, in the officer's words."""
    received_at: Mapped[datetime]
    """Of every response in it that does not say when it was sent itself."""
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("received_file.id"), index=True)
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """By the column's name: what it answers."""
    meanings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """By question key and what stands in the file: the option that is meant; none where it answers nothing."""
    asked_at: Mapped[datetime | None]
    """When the worker was last asked to record it."""
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    seen: Mapped[str | None]
    """A digest of what the officer had checked: the worker records that or nothing."""
    late_reason: Mapped[str | None]
    """Why those are accepted that came after the engagement had closed."""
    progress: Mapped[float] = mapped_column(server_default=text("0"))
    failure: Mapped[str | None]
    """Why nothing was recorded, though it was asked for."""
    recorded_at: Mapped[datetime | None]

    file: Mapped[ReceivedFile] = relationship()
    enterer: Mapped[Person] = relationship(foreign_keys=[entered_by])

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has it, so that nothing of it may change."""
        return self.asked_at is not None and self.recorded_at is None and self.failure is None
