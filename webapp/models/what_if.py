"""What-ifs: other terms than those planned, beside a run's forecast. One that nobody keeps is gone after a day."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.analysis import AnalysisRun
from webapp.models.base import Base, at_most
from webapp.models.computed import Stoppable, computed_checks
from webapp.models.people import Person


class WhatIf(Stoppable, Base):
    """One question to a run and its answer. Whoever keeps it gives it a name."""

    __tablename__ = "what_if"
    __table_args__ = (
        at_most("name", 100),
        *computed_checks(),
        CheckConstraint("num_nonnulls(name, kept_at, kept_by) IN (0, 3)", name="kept_whole"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), index=True)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    scenario: Mapped[dict[str, Any]]
    name: Mapped[str | None]
    kept_at: Mapped[datetime | None]
    kept_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    run: Mapped[AnalysisRun] = relationship()
    keeper: Mapped[Person | None] = relationship(foreign_keys=[kept_by])
