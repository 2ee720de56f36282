"""The record that a panel asks for: what was disclosed to whom, meetings, decisions, lessons, conflicts of interest.

Rows are never changed or deleted. A correction is a row of its own that names the one it corrects.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice
from webapp.models.people import Person


class Recorded(Dated):
    """Written down by somebody of the programme's team."""

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class Disclosure(Recorded, Base):
    """Something told outside the service, such as on the telephone; what the service tells, it records itself."""

    __tablename__ = "disclosure"
    __table_args__ = (
        at_most("told_to", 500),
        at_most("published_where", 500),
        UniqueConstraint("corrects_id"),
    )

    told_at: Mapped[datetime]
    what: Mapped[str]
    told_to: Mapped[str]
    published_where: Mapped[str | None]
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("disclosure.id"))

    recorder: Mapped[Person] = relationship()


class Meeting(Recorded, Base):
    __tablename__ = "meeting"
    __table_args__ = (
        at_most("title", 200),
        at_most("place", 200),
        UniqueConstraint("corrects_id"),
    )

    title: Mapped[str]
    held_at: Mapped[datetime]
    place: Mapped[str | None]
    attended_by: Mapped[str]
    minutes: Mapped[str]
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"))

    recorder: Mapped[Person] = relationship()


class Decision(Recorded, Base):
    __tablename__ = "decision"
    __table_args__ = (
        at_most("title", 200),
        at_most("decided_by", 200),
        UniqueConstraint("corrects_id"),
    )

    title: Mapped[str]
    decided_on: Mapped[date]
    decided_by: Mapped[str]
    reasons: Mapped[str]
    conditions: Mapped[str | None]
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("decision.id"))

    recorder: Mapped[Person] = relationship()


class LessonKind(StrEnum):
    WENT_WELL = "went_well"
    OTHERWISE = "otherwise"
    """What should be done otherwise next time."""
    COMPLAINT = "complaint"
    REPRESENTATION = "representation"
    """Made by a provider within the standstill."""
    CHALLENGE = "challenge"
    """Before a panel or a court."""


class Lesson(Recorded, Base):
    """What a programme learnt, or what somebody objected to."""

    __tablename__ = "lesson"
    __table_args__ = (
        at_most("title", 200),
        UniqueConstraint("corrects_id"),
    )

    title: Mapped[str]
    kind: Mapped[LessonKind] = mapped_column(choice(LessonKind, "kind"))
    happened_on: Mapped[date]
    what: Mapped[str]
    next_time: Mapped[str | None]
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lesson.id"))

    recorder: Mapped[Person] = relationship()


class ConflictDeclaration(Recorded, Base):
    """An interest that somebody of the team or of a board declared, or that there is none. For lead officers' eyes."""

    __tablename__ = "conflict_declaration"
    __table_args__ = (at_most("declared_by", 200),)

    declared_by: Mapped[str]
    declared_on: Mapped[date]
    interest: Mapped[str | None]
    """Empty where somebody declared to have none."""

    recorder: Mapped[Person] = relationship()
    actions: Mapped[list[ConflictAction]] = relationship(order_by="ConflictAction.created_at, ConflictAction.id")


class ConflictAction(Dated, Base):
    """What was done about a declared interest."""

    __tablename__ = "conflict_action"

    id: Mapped[Key]
    declaration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conflict_declaration.id"), index=True)
    action: Mapped[str]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    recorder: Mapped[Person] = relationship()
