"""Files that officers send to set a programme up, kept with what came of them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most
from webapp.models.people import Person

MOST_IMPORT_BYTES = 25_000_000


class ImportFile(Dated, Base):
    __tablename__ = "import_file"
    __table_args__ = (
        at_most("file_name", 200),
        CheckConstraint(f"octet_length(content) <= {MOST_IMPORT_BYTES}", name="content_size"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    sent_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    applied_at: Mapped[datetime | None]
    """When what it says was written into the programme."""

    sender: Mapped[Person] = relationship()
