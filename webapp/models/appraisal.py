"""Ways to buy, compared by weighted criteria: what officers are still at, and what was concluded.

Options, criteria and scores change while an appraisal is open. To conclusions only rows are added.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Key, at_most, choice
from webapp.models.people import Person
from webapp.models.programme import Procurement, Revised, Route


class Appraisal(Revised, Base):
    """Of a whole programme, or of one procurement of it."""

    __tablename__ = "appraisal"
    __table_args__ = (at_most("title", 200),)

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    procurement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("procurement.id"), index=True)
    title: Mapped[str]
    is_open: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether officers may change it; a conclusion closes it."""
    begun_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    begun_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    procurement: Mapped[Procurement | None] = relationship()
    beginner: Mapped[Person] = relationship()
    criteria: Mapped[list[AppraisalCriterion]] = relationship(
        order_by="AppraisalCriterion.position, AppraisalCriterion.id"
    )
    options: Mapped[list[AppraisalOption]] = relationship(order_by="AppraisalOption.position, AppraisalOption.id")


class AppraisalCriterion(Revised, Base):
    """What options are judged by."""

    __tablename__ = "appraisal_criterion"
    __table_args__ = (
        at_most("name", 200),
        at_most("meaning", 1000),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight_within"),
    )

    id: Mapped[Key]
    appraisal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    meaning: Mapped[str]
    weight: Mapped[int]
    """Its share is this over the sum of all weights."""


class AppraisalOption(Revised, Base):
    """A way to buy on the long list. Its revision is that of its scores too."""

    __tablename__ = "appraisal_option"
    __table_args__ = (
        at_most("name", 200),
        at_most("lots", 1000),
        at_most("term", 500),
        at_most("timing", 500),
        at_most("ruled_out", 2000),
        CheckConstraint("ruled_out <> ''", name="ruled_out_with_reason"),
    )

    id: Mapped[Key]
    appraisal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    lots: Mapped[str]
    """How the services are cut into lots."""
    route: Mapped[Route | None] = mapped_column(choice(Route, "route"))
    """None where nothing would be procured."""
    term: Mapped[str]
    timing: Mapped[str]
    cut: Mapped[str | None]
    """The structure that a search compared which this one is cut like, by its name."""
    ruled_out: Mapped[str | None]
    """Why it is not scored; None while it is kept."""

    scores: Mapped[list[AppraisalScore]] = relationship(order_by="AppraisalScore.criterion_id", passive_deletes="all")


class AppraisalScore(Base):
    """From the worst to the best that an option could do on a criterion."""

    __tablename__ = "appraisal_score"
    __table_args__ = (
        at_most("reason", 2000),
        CheckConstraint("low BETWEEN 0 AND high AND high <= 10", name="range_within"),
    )

    option_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("appraisal_option.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("appraisal_criterion.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    low: Mapped[int]
    high: Mapped[int]
    reason: Mapped[str]


class AppraisalConclusion(Base):
    """Which option is preferred, with all that it was compared with, as it stood then. Never changed.

    The run whose figures stood beside the scores is named in the content alone: it may be gone with its responses.
    """

    __tablename__ = "appraisal_conclusion"
    __table_args__ = (UniqueConstraint("appraisal_id", "number"),)

    id: Mapped[Key]
    appraisal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appraisal.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    """SHA-256 of the content in its canonical form."""
    concluded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    concluded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    appraisal: Mapped[Appraisal] = relationship()
    concluder: Mapped[Person] = relationship()
