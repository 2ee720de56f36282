"""Ways to cut a programme into lots, on the market that a run froze: searches for the best, and officers' own."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.analysis import AnalysisRun
from webapp.models.base import Base, Key, at_most
from webapp.models.computed import Computed, Stoppable, computed_checks
from webapp.models.people import Person
from webapp.models.programme import Revised


class LotSearch(Stoppable, Base):
    """A search for the structure that is worth most by an officer's rules."""

    __tablename__ = "lot_search"
    __table_args__ = computed_checks()

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"), index=True)
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    rules: Mapped[dict[str, Any]]

    run: Mapped[AnalysisRun] = relationship()
    requester: Mapped[Person] = relationship()


class LotStructure(Revised, Base):
    """An officer's own structure. What it is now is its last step."""

    __tablename__ = "lot_structure"
    __table_args__ = (at_most("name", 100), UniqueConstraint("run_id", "name"))

    id: Mapped[Key]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"))
    name: Mapped[str]

    run: Mapped[AnalysisRun] = relationship()
    steps: Mapped[list[StructureStep]] = relationship(back_populates="structure", order_by="StructureStep.number")


class StructureStep(Computed, Base):
    """One change of a structure: who did what, the lots after it, and what that makes of the market."""

    __tablename__ = "structure_step"
    __table_args__ = (*computed_checks(), UniqueConstraint("structure_id", "number"))

    id: Mapped[Key]
    structure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot_structure.id"))
    number: Mapped[int]
    words: Mapped[str]
    """What was done, in a sentence."""
    lots: Mapped[list[Any]] = mapped_column(JSONB)
    """The ids of each lot's units."""
    rules: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    structure: Mapped[LotStructure] = relationship(back_populates="steps")
    maker: Mapped[Person] = relationship()
