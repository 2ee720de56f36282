"""What is recommended of a procurement, as it was put up for signature, and what an approver made of it.

To both only rows are added: another recommendation takes the place of one that is sent back or no longer right.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.analysis import AnalysisRun
from webapp.models.base import Base, Key, choice
from webapp.models.people import Person
from webapp.models.programme import Procurement
from webapp.models.scheduling import Replanning


class Verdict(StrEnum):
    SIGNED = "signed"
    SENT_BACK = "sent_back"


class Recommendation(Base):
    """How one procurement should be bought, with the figures of the day. Never changed, whatever runs come later."""

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("procurement_id", "number"),)

    id: Mapped[Key]
    procurement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("procurement.id"))
    number: Mapped[int]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"), index=True)
    replanning_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("replanning.id"), index=True)
    """Where the dates come from; None for the run's own schedule."""
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    """SHA-256 of the content, the reasons and the alternatives in their canonical form: what is signed."""
    reasons: Mapped[str]
    alternatives: Mapped[str]
    """What else was looked at, and why it is not recommended."""
    put_up_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    put_up_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    procurement: Mapped[Procurement] = relationship()
    run: Mapped[AnalysisRun] = relationship()
    replanning: Mapped[Replanning | None] = relationship()
    writer: Mapped[Person] = relationship()
    ruling: Mapped[Ruling | None] = relationship(back_populates="recommendation")


class Ruling(Base):
    """That a recommendation was signed or sent back, by whom and why."""

    __tablename__ = "ruling"
    __table_args__ = (UniqueConstraint("recommendation_id"),)

    id: Mapped[Key]
    recommendation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recommendation.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict, "verdict"))
    reason: Mapped[str]
    ruled_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ruled_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    recommendation: Mapped[Recommendation] = relationship(back_populates="ruling")
    approver: Mapped[Person] = relationship()
