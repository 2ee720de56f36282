"""Frameworks of themes: what a team makes of the themes that were found, each act upon them, and what it signs.

What stands now is kept in rows; how it came to stand so is a log to which rows are only added. A signed version is a
copy that never changes.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.analysis import AnalysisPart
from webapp.models.base import Base, Key, at_most, choice
from webapp.models.computed import Computed, computed_checks
from webapp.models.engagement import Engagement
from webapp.models.people import Organisation, Person
from webapp.models.response import Answer

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 2_000


class ThemeState(StrEnum):
    KEPT = "kept"
    SET_ASIDE = "set_aside"
    MERGED = "merged"
    UNDONE = "undone"
    """The act that made it was undone."""


class Pile(StrEnum):
    """Where a statement lies that speaks to no theme."""

    SET_ASIDE = "set_aside"
    DOES_NOT_FIT = "does_not_fit"
    DROPPED = "dropped"
    """Counts nowhere: the same statement stands in the theme already, or the act that added it was undone."""


class Side(StrEnum):
    SUPPORT = "support"
    OBJECTION = "objection"
    NEITHER = "neither"


class Origin(StrEnum):
    """Who said that a statement speaks to a theme."""

    FOUND = "found"
    ASSIGNED = "assigned"
    """It came in after the themes, and was compared with what stood in them."""
    PERSON = "person"


class ThemeActKind(StrEnum):
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    SET_ASIDE = "set_aside"
    THEME_SET_ASIDE = "theme_set_aside"
    ADDED = "added"
    CONFIRMED = "confirmed"
    BROADENED = "broadened"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    UNDONE = "undone"
    ARRIVED = "arrived"


class ThemeFileKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class ThemeFramework(Base):
    """The themes of one question of an engagement, a candidate until somebody signs it."""

    __tablename__ = "theme_framework"
    __table_args__ = (
        UniqueConstraint("engagement_id", "question_key"),
        ForeignKeyConstraint(
            ["id", "official"], ["theme_version.framework_id", "theme_version.number"], use_alter=True
        ),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    question_key: Mapped[str]
    wording: Mapped[str]
    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_part.id"), index=True)
    """The part of a run that found its first themes."""
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    """The number of the last act."""
    official: Mapped[int | None]
    """The signed version that counts; none before the first signature and after it was taken back."""
    worth_reading: Mapped[int]
    """In how many groups a first reader sees the themes."""
    merges: Mapped[list[Any]] = mapped_column(JSONB)
    """The engine's tree over the themes as they were found."""
    outlook: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Advice and map as the worker last drew them up, with the revision that it saw."""
    outlook_failure: Mapped[str | None]
    """Why the worker gave up drawing them up anew; none once it is asked again."""

    engagement: Mapped[Engagement] = relationship()
    part: Mapped[AnalysisPart] = relationship()


class Theme(Base):
    """One theme of a framework. It is never deleted: the log speaks of it."""

    __tablename__ = "theme"
    __table_args__ = (
        at_most("title", LONGEST_TITLE),
        at_most("description", LONGEST_DESCRIPTION),
        UniqueConstraint("framework_id", "position"),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("found_again BETWEEN 0 AND 1", name="found_again_share"),
    )

    id: Mapped[Key]
    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"))
    position: Mapped[int]
    found_key: Mapped[str | None]
    """What the run called it; none for a theme that a person added."""
    found_again: Mapped[float | None]
    """The share of it, as it was found, that is found when some answers are left out; none where nobody has looked."""
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default=text("''"))
    key_terms: Mapped[list[Any]] = mapped_column(JSONB)
    examples: Mapped[list[Any]] = mapped_column(JSONB)
    """What a person wrote to show what belongs to it, beside the statements in it."""
    state: Mapped[ThemeState] = mapped_column(choice(ThemeState, "state"), server_default=text("'kept'"))
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("theme.id"), index=True)


class ThemeComment(Base):
    """An answer that was read for themes, as the run knew it that brought it."""

    __tablename__ = "theme_comment"

    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"), primary_key=True)
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id"), primary_key=True, index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    may_quote: Mapped[bool]
    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_part.id"), index=True)
    """The part of the run with which it arrived."""
    gone_part_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("analysis_part.id"), index=True)
    """The part of the first run that no longer had it, because the provider amended or withdrew."""

    answer: Mapped[Answer] = relationship()
    organisation: Mapped[Organisation] = relationship()


class ThemeAssignment(Base):
    """One statement, the characters `start` to `stop` of its answer, in one theme or pile."""

    __tablename__ = "theme_assignment"
    __table_args__ = (
        ForeignKeyConstraint(["framework_id", "answer_id"], ["theme_comment.framework_id", "theme_comment.answer_id"]),
        CheckConstraint("(theme_id IS NULL) = (pile IS NOT NULL)", name="in_a_theme_or_a_pile"),
        CheckConstraint("strength BETWEEN 0 AND 1", name="strength_is_a_share"),
        CheckConstraint("start >= 0 AND start <= stop", name="start_before_stop"),
        Index("ix_theme_assignment_in_theme", "framework_id", "theme_id", "strength", "number"),
        Index("ix_theme_assignment_of_answer", "framework_id", "answer_id"),
        Index("ix_theme_assignment_theme_id", "theme_id"),
    )

    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answer_id: Mapped[uuid.UUID]
    start: Mapped[int]
    stop: Mapped[int]
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("theme.id"))
    pile: Mapped[Pile | None] = mapped_column(choice(Pile, "pile"))
    reason: Mapped[str | None]
    """Why it was set aside before looking for themes."""
    strength: Mapped[float]
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    unsure: Mapped[bool]
    """Among the least typical of its theme, or almost as near to another."""
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    comment: Mapped[ThemeComment] = relationship()


class ThemeAct(Base):
    """One act upon a framework: who, when, what, and what stood before. Never changed or deleted."""

    __tablename__ = "theme_act"
    __table_args__ = (
        CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name="undoes_another"),
        UniqueConstraint("framework_id", "undoes"),
    )

    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[ThemeActKind] = mapped_column(choice(ThemeActKind, "kind"))
    done_at: Mapped[datetime]
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where a run brought new answers."""
    touched: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID(as_uuid=True)))
    """The themes that it was about."""
    detail: Mapped[dict[str, Any]]
    """Titles and counts, for the sentence that tells of it."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    """What has to be put back to undo it; none where it cannot be undone."""
    undoes: Mapped[int | None]

    person: Mapped[Person | None] = relationship()


class ThemeVersion(Base):
    """A framework as it was signed. Never changed or deleted."""

    __tablename__ = "theme_version"

    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    """The last act that it contains, which is its signature."""
    signed_at: Mapped[datetime]
    signed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    summary: Mapped[dict[str, Any]]
    """Its themes with their counts, as pages show them."""
    placed: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """The numbers of the assignments in each theme."""

    signatory: Mapped[Person] = relationship()


class ThemeLearning(Computed, Base):
    """What was learnt from the statements that people had placed, and what it proposes for the others."""

    __tablename__ = "theme_learning"
    __table_args__ = (*computed_checks(), Index("ix_theme_learning_newest", "framework_id", "requested_at"))

    id: Mapped[Key]
    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"))
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    framework: Mapped[ThemeFramework] = relationship()
    requester: Mapped[Person] = relationship()


class ThemeFile(Computed, Base):
    """A framework as a file to take along, for those who may see as much as is in it. It is not kept for long."""

    __tablename__ = "theme_file"
    __table_args__ = (
        *computed_checks(),
        CheckConstraint("(state = 'finished') = (content IS NOT NULL)", name="finished_with_content"),
        Index("ix_theme_file_newest", "framework_id", "requested_at"),
    )

    id: Mapped[Key]
    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_framework.id"))
    kind: Mapped[ThemeFileKind] = mapped_column(choice(ThemeFileKind, "kind"))
    reads: Mapped[bool]
    """Whether it is for those who read responses: it has every word and the names of providers."""
    quotes: Mapped[bool]
    """Whether it has the words of providers that agreed to be quoted."""
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)

    framework: Mapped[ThemeFramework] = relationship()
