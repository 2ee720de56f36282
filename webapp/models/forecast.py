"""Forecasts that were frozen, what came of them, and the assumptions that officers changed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.analysis import AnalysisRun
from webapp.models.base import Base, Key, at_most
from webapp.models.people import Person
from webapp.models.programme import Lot, Programme, Revised


class FrozenForecast(Base):
    """What a run forecast for each lot, as it was approved. Never changed, so that it can be scored."""

    __tablename__ = "frozen_forecast"
    __table_args__ = (at_most("reason", 2000),)

    id: Mapped[Key]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"), unique=True)
    frozen_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    frozen_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    """SHA-256 of the content in its canonical form."""

    run: Mapped[AnalysisRun] = relationship()
    freezer: Mapped[Person] = relationship()


class LotOutcome(Revised, Base):
    """How many bids a lot drew when it was tendered."""

    __tablename__ = "lot_outcome"
    __table_args__ = (
        at_most("source", 500),
        CheckConstraint("credible_bids BETWEEN 0 AND bids", name="credible_among_bids"),
    )

    id: Mapped[Key]
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    closed_on: Mapped[date]
    bids: Mapped[int]
    credible_bids: Mapped[int]
    source: Mapped[str]
    """Where the numbers come from."""
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    lot: Mapped[Lot] = relationship()
    recorder: Mapped[Person] = relationship()


class ChangedAssumption(Base):
    """Another value for one of the forecast's assumptions, for one programme. The newest `number` holds.

    Without a value the assumption is put back to what everybody starts from.
    """

    __tablename__ = "changed_assumption"
    __table_args__ = (
        at_most("reason", 2000),
        CheckConstraint("num_nonnulls(value, spread, measured) IN (0, 3)", name="whole_or_put_back"),
        CheckConstraint("spread >= 0", name="spread_not_negative"),
        UniqueConstraint("programme_id", "name", "number"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str]
    """That of the assumption's field, such as unseen_entrants."""
    number: Mapped[int]
    value: Mapped[float | None]
    spread: Mapped[float | None]
    measured: Mapped[bool | None]
    reason: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    programme: Mapped[Programme] = relationship()
    changer: Mapped[Person] = relationship()
