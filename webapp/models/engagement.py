"""Asking the market: an engagement, the questionnaire versions it published, and who was invited."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice
from webapp.models.mail import MailMessage
from webapp.models.people import Organisation, Person
from webapp.models.programme import Lot, Programme, Revised


class EngagementState(StrEnum):
    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def awaits_closing(self) -> bool:
        """From when it is published: providers can be invited, and can say that they will not respond."""
        return self in (EngagementState.COMING, EngagementState.OPEN)


class QuestionKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    YES_NO = "yes_no"
    WHOLE_NUMBER = "whole_number"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    RANKING = "ranking"
    PACKAGES = "packages"
    MONEY_RANGE = "money_range"
    DATE_RANGES = "date_ranges"
    ROWS = "rows"
    FILE_UPLOAD = "file_upload"


ABOUT_ALL_LOTS = (QuestionKind.RANKING, QuestionKind.PACKAGES)


class AskedPer(StrEnum):
    """Whether a question is asked once, for every lot, or for the lots in which an interest was declared."""

    RESPONSE = "response"
    LOT = "lot"
    CHOSEN_LOT = "chosen_lot"


class Measure(StrEnum):
    """What an answer means to the analysis. A question without a measure is read by people only."""

    INTEREST_LEVEL = "interest_level"
    BIDDING_ROLE = "bidding_role"
    CONSORTIUM = "consortium"
    WTE_AT_START = "wte_at_start"
    WTE_MONTH_6 = "wte_month_6"
    MOBILISATION_MONTHS = "mobilisation_months"
    STARTABLE_TOGETHER = "startable_together"
    HELD_AT_MOST = "held_at_most"
    TENDERS_AT_ONCE = "tenders_at_once"
    SHORTEST_BID_DAYS = "shortest_bid_days"
    DATES_TO_AVOID = "dates_to_avoid"
    EARLIEST_START = "earliest_start"
    LATEST_START = "latest_start"
    LARGEST_ANNUAL_VALUE = "largest_annual_value"
    """The smallest is told with it where the question asks for a range."""
    WANTED_TOGETHER = "wanted_together"
    CQC_REGISTERED = "cqc_registered"
    SECURE_SETTING_EXPERIENCE = "secure_setting_experience"
    THEMES = "themes"
    VIEWS = "views"
    """As themes; it asks what one thinks of something, so that support and objection can be told apart."""
    MAY_QUOTE = "may_quote"


READ_FOR_THEMES = (Measure.THEMES, Measure.VIEWS)


class Engagement(Revised, Dated, Base):
    __tablename__ = "engagement"
    __table_args__ = (
        at_most("title", 200),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("questions_close_at <= closes_at", name="questions_close_first"),
        CheckConstraint("num_nonnulls(opened_at, opened_by, opening_witnesses) IN (0, 3)", name="opened_whole"),
        CheckConstraint("opened_at IS NULL OR (sealed AND opened_at >= closes_at)", name="opened_once_closed"),
        at_most("opening_witnesses", 1000),
        UniqueConstraint("programme_id", "reference"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    reference: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    process: Mapped[str]
    """How the engagement runs: what is asked, when, and what happens with the answers."""
    contact_email: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    questions_close_at: Mapped[datetime | None]
    """Until when providers may ask questions; None: until it closes."""
    published_at: Mapped[datetime | None]
    sealed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether nobody but its provider learns anything of a response before all are opened together."""
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    opening_witnesses: Mapped[str | None]
    disposed_at: Mapped[datetime | None]
    """When its responses, and all that was made from them, were destroyed."""

    programme: Mapped[Programme] = relationship()
    engagement_lots: Mapped[list[EngagementLot]] = relationship(order_by="EngagementLot.position")
    versions: Mapped[list[QuestionnaireVersion]] = relationship(
        back_populates="engagement", order_by="QuestionnaireVersion.number"
    )

    def opens_with_publication(self, now: datetime) -> bool:
        """Whether it is a draft whose time to open has passed."""
        return self.published_at is None and self.opens_at <= now

    def state(self, now: datetime) -> EngagementState:
        if self.published_at is None:
            return EngagementState.DRAFT
        if now < self.opens_at:
            return EngagementState.COMING
        return EngagementState.OPEN if now <= self.closes_at else EngagementState.CLOSED

    @hybrid_property
    def waits_for_opening(self) -> bool:
        """Whether its responses are sealed and not opened yet."""
        return self.sealed and self.opened_at is None

    @waits_for_opening.inplace.expression
    @classmethod
    def _waits_for_opening(cls) -> ColumnElement[bool]:
        return cls.sealed & cls.opened_at.is_(None)

    @property
    def questions_until(self) -> datetime:
        return self.questions_close_at or self.closes_at

    def takes_questions(self, now: datetime) -> bool:
        """From when it is published, so that what is unclear can be cleared up before it opens."""
        return self.published_at is not None and now <= self.questions_until


class EngagementLot(Base):
    """A lot that this engagement asks about, at its place in the list."""

    __tablename__ = "engagement_lot"

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), primary_key=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    position: Mapped[int]

    lot: Mapped[Lot] = relationship()


class QuestionnaireVersion(Dated, Base):
    """Immutable once published: a trigger refuses any change to it, its sections and its questions."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("engagement_id", "number"),)

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    number: Mapped[int]
    published_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship(back_populates="versions")
    sections: Mapped[list[Section]] = relationship(back_populates="version", order_by="Section.position")


class Section(Revised, Base):
    __tablename__ = "section"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("version_id", "slug"),
        at_most("title", 200),
    )

    id: Mapped[Key]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    position: Mapped[int]
    slug: Mapped[str]
    title: Mapped[str]
    introduction: Mapped[str | None]
    asked_if: Mapped[dict[str, Any] | None]
    """A condition for all its questions, as for one of them."""

    version: Mapped[QuestionnaireVersion] = relationship(back_populates="sections")
    questions: Mapped[list[Question]] = relationship(back_populates="section", order_by="Question.position")

    is_about_a_lot: ClassVar[bool] = False
    """Unlike its questions it is asked once."""


class Question(Revised, Base):
    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("section_id", "position"),
        UniqueConstraint("section_id", "key"),
        CheckConstraint(
            "kind NOT IN ('one_of', 'some_of', 'rows') OR jsonb_array_length(options) > 0", name="choices_have_options"
        ),
    )

    id: Mapped[Key]
    section_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("section.id"))
    position: Mapped[int]
    key: Mapped[str]
    """A short name, unique in the version, under which drafts keep the answer."""
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind, "kind"))
    asked_per: Mapped[AskedPer] = mapped_column(choice(AskedPer, "asked_per"), server_default=text("'response'"))
    wording: Mapped[str]
    hint: Mapped[str | None]
    why: Mapped[str | None]
    """Why it is asked, in the officer's words."""
    required: Mapped[bool] = mapped_column(server_default=text("false"))
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """For a choice: objects with `value` and `label`, in order. For rows: columns with `value`, `label` and `kind`."""
    asked_if: Mapped[dict[str, Any] | None]
    """On what it depends whether this is asked: see webapp.engagements.conditions. Empty: always."""
    most_words: Mapped[int | None]
    measure: Mapped[Measure | None] = mapped_column(choice(Measure, "measure"))
    restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether of the officers only those who lead read the answers."""

    section: Mapped[Section] = relationship(back_populates="questions")

    @property
    def is_about_a_lot(self) -> bool:
        """Whether it is asked, and answered, lot by lot."""
        return self.asked_per is not AskedPer.RESPONSE

    @property
    def needs_lots(self) -> bool:
        """Whether nobody could answer it where the engagement has none."""
        return self.is_about_a_lot or self.kind in ABOUT_ALL_LOTS


class Invitation(Dated, Base):
    __tablename__ = "invitation"
    __table_args__ = (
        Index("uq_invitation_engagement_email", "engagement_id", func.lower(text("email")), unique=True),
        at_most("email", 254),
        at_most("name", 200),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str]
    """As the officer wrote it. That is what officers see, whatever address the person has by now."""
    name: Mapped[str | None]
    """As the officer wrote it, whatever the person is called; empty where it was not kept yet."""
    sent_at: Mapped[datetime | None]
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mail_message.id", ondelete="SET NULL"), index=True)
    """The e-mail that was last sent to the person invited; empty where it was deleted since."""

    engagement: Mapped[Engagement] = relationship()
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()
    message: Mapped[MailMessage | None] = relationship()
