"""What a provider answers: one draft it works on, and each submission it made, kept as it was."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, Wte, at_most, choice
from webapp.models.disclosure import DocumentKind
from webapp.models.engagement import Engagement, Question, QuestionnaireVersion, Section
from webapp.models.people import Organisation, Person, ProviderKind, ProviderSize
from webapp.models.programme import Lot
from webapp.models.received import Reception

LONGEST_REASON = 500
"""Of taking a response back."""
LONGEST_REMARK = 500
"""Of colleagues about their draft."""
MOST_FILE_BYTES = 5_000_000
"""Of one file that a provider attaches to its response."""


class InterestLevel(StrEnum):
    WOULD_BID = "would_bid"
    LIKELY = "likely"
    POSSIBLY = "possibly"
    UNDECIDED = "undecided"
    NO = "no"


class BiddingRole(StrEnum):
    LEAD = "lead"
    CONSORTIUM = "consortium"
    SUBCONTRACT = "subcontract"
    SUBCONTRACT_ONLY = "subcontract_only"


class RemarkKind(StrEnum):
    ASKED = "asked"
    SENT_BACK = "sent_back"


class Response(Base):
    """One organisation's answer to one engagement, pinned to the questionnaire version it began with."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("engagement_id", "organisation_id"),
        CheckConstraint("withdrawn_at IS NULL OR current_submission_id IS NULL", name="withdrawn_or_current"),
        Index("ix_response_engagement_id_latest_at", "engagement_id", "latest_at"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    started_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    started_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    current_submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submission.id", use_alter=True, deferrable=True), index=True
    )
    """The submission that counts; empty before the first and after a withdrawal."""
    withdrawn_at: Mapped[datetime | None]
    latest_at: Mapped[datetime] = mapped_column(FetchedValue())
    """When the submission that counts was made, or else when it was withdrawn or started; a trigger keeps it."""
    synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    """Invented for a demonstration, and labelled so wherever it is shown."""

    engagement: Mapped[Engagement] = relationship()
    organisation: Mapped[Organisation] = relationship()
    version: Mapped[QuestionnaireVersion] = relationship()
    drafts: Mapped[list[DraftSection]] = relationship(order_by="DraftSection.section_id")
    current_submission: Mapped[Submission | None] = relationship(foreign_keys=[current_submission_id], post_update=True)
    submissions: Mapped[list[Submission]] = relationship(
        back_populates="response", foreign_keys="Submission.response_id", order_by="Submission.number"
    )


class DraftSection(Base):
    """The saved answers of one section: the unit of saving, so that colleagues can fill different sections at once."""

    __tablename__ = "draft_section"

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    section_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("section.id"), primary_key=True)
    revision: Mapped[int]
    """Counts the saves; a save must name the revision it started from, or it is a clash."""
    answers: Mapped[dict[str, Any]]
    """By question key: the value, or for a question asked per lot the values by lot id."""
    saved_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    saved_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    earlier_writers: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'::uuid[]"))
    """Everybody who saved it before it was saved last, each once."""

    section: Mapped[Section] = relationship()
    saver: Mapped[Person] = relationship()


class DraftRemark(Dated, Base):
    """That a signatory was asked to submit a draft, or sent it back, and what they said: for their organisation alone.

    Those of one round stand together, until somebody asks again of what was sent back, or it is submitted.
    """

    __tablename__ = "draft_remark"
    __table_args__ = (
        at_most("text", LONGEST_REMARK),
        CheckConstraint("text <> ''", name="text_not_blank"),
        CheckConstraint("kind = 'asked' OR text IS NOT NULL", name="says_why"),
    )

    id: Mapped[Key]
    """Of the form that it comes from: sending that twice says it once."""
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"), index=True)
    kind: Mapped[RemarkKind] = mapped_column(choice(RemarkKind, "kind"))
    text: Mapped[str | None]
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    writer: Mapped[Person] = relationship()


class Submission(Base):
    """One submission as it was made. Immutable: a trigger refuses any change to it, its answers and interests."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("response_id", "number"),
        UniqueConstraint("reference"),
        UniqueConstraint("nonce"),
        UniqueConstraint("reception_id"),
    )

    id: Mapped[Key]
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    reference: Mapped[str]
    nonce: Mapped[uuid.UUID]
    """Made with the check-your-answers page: sending that page twice makes one submission."""
    submitted_at: Mapped[datetime]
    """When the request arrived, by the database's clock; of a response received otherwise, when it was received."""
    submitted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    """Somebody of the organisation, or the officer who entered what it sent."""
    reception_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reception.id"))
    """Says how it was received, where an officer entered it; empty where the organisation submitted it itself."""
    answered_kind: Mapped[ProviderKind | None] = mapped_column(choice(ProviderKind, "answered_kind"))
    """What it answers of its provider, beside its answers so that thousands are counted quickly; nothing restricted."""
    answered_size: Mapped[ProviderSize | None] = mapped_column(choice(ProviderSize, "answered_size"))
    answered_vcse: Mapped[bool | None]

    response: Mapped[Response] = relationship(back_populates="submissions", foreign_keys=[response_id])
    submitter: Mapped[Person] = relationship()
    reception: Mapped[Reception | None] = relationship()
    answers: Mapped[list[Answer]] = relationship(order_by="Answer.id")
    interests: Mapped[list[Interest]] = relationship(order_by="Interest.lot_id")


class Withdrawal(Base):
    """That a submission was taken back, or a later one of its response: nobody is to read, count or quote it any more.

    It stays when the provider submits again. A trigger refuses any change.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        at_most("reason", LONGEST_REASON),
        CheckConstraint("reason <> ''", name="reason_not_blank"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    withdrawn_at: Mapped[datetime]
    reason: Mapped[str | None]
    """In the provider's words, if it gave one."""


class Answer(Base):
    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("submission_id", "question_id", "lot_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"))
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question.id"), index=True)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lot.id"), index=True)
    value: Mapped[Any] = mapped_column(JSONB)

    question: Mapped[Question] = relationship()


class Interest(Base):
    """An expression of interest in one lot, in the sense of a market sounding."""

    __tablename__ = "interest"
    __table_args__ = (CheckConstraint("wte_at_start >= 0 AND wte_month_6 >= 0", name="staff_not_negative"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    level: Mapped[InterestLevel] = mapped_column(choice(InterestLevel, "level"))
    role: Mapped[BiddingRole | None] = mapped_column(choice(BiddingRole, "role"))
    wte_at_start: Mapped[Wte | None]
    wte_month_6: Mapped[Wte | None]
    mobilisation_months: Mapped[Wte | None]
    consortium: Mapped[str | None]
    """The name of the consortium as this provider wrote it; partners are matched by the name, not by its spelling."""

    lot: Mapped[Lot] = relationship()


class InterestCount(Base):
    """How many responses that count declare one level of interest in a lot; a trigger keeps it as they change."""

    __tablename__ = "interest_count"

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), primary_key=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    level: Mapped[InterestLevel] = mapped_column(choice(InterestLevel, "level"), primary_key=True)
    responses: Mapped[int]


class ResponseFile(Base):
    """A file attached to a response. It never changes, and once a submission names it, it is never deleted."""

    __tablename__ = "response_file"
    __table_args__ = (
        at_most("name", 120),
        CheckConstraint(f"size BETWEEN 1 AND {MOST_FILE_BYTES}", name="size"),
        CheckConstraint("size = octet_length(content)", name="size_of_content"),
        Index("ix_response_file_response_id_question_key", "response_id", "question_key"),
    )

    id: Mapped[Key]
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))
    question_key: Mapped[str]
    """The question that it answers, by the name that stays the same in later versions of the questionnaire."""
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lot.id"))
    name: Mapped[str]
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind, "kind"))
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    uploaded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    response: Mapped[Response] = relationship()
    uploader: Mapped[Person] = relationship()


class SubmissionFile(Base):
    """That a submission names a file. A trigger refuses any change, and with this row the file itself has to stay."""

    __tablename__ = "submission_file"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response_file.id"), primary_key=True, index=True)
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question.id"))
