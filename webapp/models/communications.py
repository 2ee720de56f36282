"""The communications and engagement plan of a programme, its events with who came, and the facts its notices lack."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice
from webapp.models.engagement import Engagement
from webapp.models.programme import Programme, Revised
from webapp.models.team import TeamMember


class Channel(StrEnum):
    """By which means an activity reaches its audience."""

    NOTICE = "notice"
    EMAIL = "email"
    WEB = "web"
    MEETING = "meeting"
    WEBINAR = "webinar"
    TELEPHONE = "telephone"
    OTHER = "other"


class PlannedActivity(Revised, Dated, Base):
    """Something that the team means to tell or ask somebody."""

    __tablename__ = "planned_activity"
    __table_args__ = (at_most("what", 200), at_most("audience", 200))

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    what: Mapped[str]
    audience: Mapped[str]
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team_member.id", ondelete="SET NULL"), index=True)
    """Empty where its owner has left the team: somebody else has to take it over."""
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    note: Mapped[str | None]

    owner: Mapped[TeamMember | None] = relationship()

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today


class EngagementEvent(Revised, Dated, Base):
    """A market day, webinar or site visit of an engagement."""

    __tablename__ = "engagement_event"
    __table_args__ = (
        at_most("title", 200),
        at_most("place", 500),
        at_most("capacity", 500),
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        CheckConstraint("num_nonnulls(held_at, held_by) IN (0, 2)", name="held_whole"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    title: Mapped[str]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    """A place, or the address of an online meeting."""
    capacity: Mapped[str | None]
    """How many can come, and how places are given out."""
    held_at: Mapped[datetime | None]
    """When its attendance was entered; from then on the event stays as it is."""
    held_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    engagement: Mapped[Engagement] = relationship()
    attendances: Mapped[list[Attendance]] = relationship(order_by="Attendance.position")


class Attendance(Base):
    """Somebody who came to an event. Kept for the record: a trigger refuses every change."""

    __tablename__ = "attendance"
    __table_args__ = (
        at_most("name", 200),
        at_most("organisation_name", 200),
        UniqueConstraint("event_id", "position"),
    )

    id: Mapped[Key]
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement_event.id"))
    position: Mapped[int]
    name: Mapped[str]
    organisation_name: Mapped[str]


class NoticeFacts(Revised, Base):
    """What the notices of a programme must say and nothing else in the service knows."""

    __tablename__ = "notice_facts"
    __table_args__ = (
        at_most("procurement_identifier", 100),
        at_most("buyer_identifier", 100),
        at_most("buyer_address", 1000),
        at_most("buyer_email", 254),
        at_most("agent_identifier", 100),
        at_most("agent_address", 1000),
        at_most("agent_email", 254),
        at_most("agent_role", 1000),
        at_most("contact_name", 200),
        at_most("contact_address", 1000),
        at_most("cpv_codes", 500),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    procurement_identifier: Mapped[str] = mapped_column(server_default=text("''"))
    buyer_identifier: Mapped[str] = mapped_column(server_default=text("''"))
    buyer_address: Mapped[str] = mapped_column(server_default=text("''"))
    buyer_email: Mapped[str] = mapped_column(server_default=text("''"))
    agent_identifier: Mapped[str] = mapped_column(server_default=text("''"))
    agent_address: Mapped[str] = mapped_column(server_default=text("''"))
    agent_email: Mapped[str] = mapped_column(server_default=text("''"))
    agent_role: Mapped[str] = mapped_column(server_default=text("''"))
    contact_name: Mapped[str] = mapped_column(server_default=text("''"))
    contact_address: Mapped[str] = mapped_column(server_default=text("''"))
    cpv_codes: Mapped[str] = mapped_column(server_default=text("''"))

    programme: Mapped[Programme] = relationship()
