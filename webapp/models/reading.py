"""What a team notes about responses as it reads them."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key
from webapp.models.people import Person


class ResponseNote(Dated, Base):
    """For the programme's team alone. Never changed or deleted: the record may be asked for."""

    __tablename__ = "response_note"

    id: Mapped[Key]
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"), index=True)
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]

    writer: Mapped[Person] = relationship()


class ResponseFlag(Dated, Base):
    """A response that somebody wants to come back to."""

    __tablename__ = "response_flag"

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    raised_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
