"""What a programme plans with: its needs, its partners, the days boards meet and the days nothing may happen."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Key, at_most
from webapp.models.programme import Revised, ServiceLine, Site


class Need(Revised, Base):
    """Something that people need from the services, of one service line or site or of all."""

    __tablename__ = "need"
    __table_args__ = (at_most("title", 200), UniqueConstraint("programme_id", "title"))

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str]
    detail: Mapped[str | None]
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    service_line_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_line.id"), index=True)
    source: Mapped[str | None]

    site: Mapped[Site | None] = relationship()
    service_line: Mapped[ServiceLine | None] = relationship()


class Partner(Revised, Base):
    """An organisation that has a say or a part in the programme without buying or providing."""

    __tablename__ = "partner"
    __table_args__ = (at_most("name", 200), UniqueConstraint("programme_id", "name"))

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str]
    part: Mapped[str]
    """What it does in the programme."""
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]


class BoardDate(Revised, Base):
    """A day on which a board can approve."""

    __tablename__ = "board_date"
    __table_args__ = (at_most("board", 200), UniqueConstraint("programme_id", "board", "day"))

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    board: Mapped[str]
    day: Mapped[date]


class Blackout(Revised, Base):
    """Days on which nothing may be published, both included."""

    __tablename__ = "blackout"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="first_day_first"),
        UniqueConstraint("programme_id", "first_day", "last_day"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]
