"""Analysis runs: what was asked, of which inputs, by whom, how far it is, and what came out."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from webapp.models.base import Base, Key, choice
from webapp.models.computed import RunState, Stoppable, computed_checks
from webapp.models.engagement import Engagement
from webapp.models.people import Person


class PartKind(StrEnum):
    CAPACITY = "capacity"
    TORNADO = "tornado"
    """What each uncertain assumption does to the capacity forecast."""
    LIMITS = "limits"
    """What each procurement's limits on one supplier do."""
    THEMES = "themes"
    SEGMENTS = "segments"
    HISTORY = "history"
    """The forecast of bids from past lots alone."""
    SCHEDULE = "schedule"


def state_of_run(states: Collection[RunState]) -> RunState:
    """What those of its parts say of a run."""
    if RunState.RUNNING in states or (RunState.WAITING in states and RunState.FINISHED in states):
        return RunState.RUNNING
    return next((state for state in (RunState.WAITING, RunState.FAILED) if state in states), RunState.FINISHED)


class AnalysisRun(Base):
    """One request for an analysis, with everything needed to make the same figures again."""

    __tablename__ = "analysis_run"
    __table_args__ = (UniqueConstraint("engagement_id", "number"),)

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    number: Mapped[int]
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    seed: Mapped[int] = mapped_column(BigInteger)
    parameters: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    """The market as it was when the run was asked for."""
    history: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    """The past lots that taught the run, as they were then; runs made before any was known have none."""
    inputs_digest: Mapped[str]
    received_otherwise: Mapped[int] = mapped_column(server_default=text("0"))
    """How many of the responses behind it officers had entered or imported."""
    code_version: Mapped[str]
    withdrawn: Mapped[int | None] = query_expression()
    """How many of the responses behind it have been withdrawn since, where it is read for a page."""
    submitted: Mapped[int | None] = query_expression()
    """How many responses have been submitted or amended since, where it is read for a page."""
    rejoined: Mapped[bool | None] = query_expression()
    """Whether its programme's providers have been joined or parted since, where it is read for a page."""

    engagement: Mapped[Engagement] = relationship()
    requester: Mapped[Person] = relationship()
    parts: Mapped[list[AnalysisPart]] = relationship(back_populates="run", order_by="AnalysisPart.position")

    @property
    def is_about_lots(self) -> bool:
        """Whether anything is estimated: where an engagement asks about no lot, only themes are found."""
        return any(part.kind is PartKind.CAPACITY for part in self.parts)

    @property
    def state(self) -> RunState:
        return state_of_run({part.state for part in self.parts})

    @property
    def was_stopped(self) -> bool:
        """Whether every part without a result is so because somebody stopped the run."""
        failed = [part for part in self.parts if part.state is RunState.FAILED]
        return self.state is RunState.FAILED and all(part.was_stopped for part in failed)

    @property
    def progress(self) -> float:
        """The finished share, from 0 to 1."""
        return sum(part.progress for part in self.parts) / max(len(self.parts), 1)


class AnalysisPart(Stoppable, Base):
    """A piece of a run that is computed, retried and stored on its own, its result as the type of its kind."""

    __tablename__ = "analysis_part"
    __table_args__ = (
        *computed_checks(),
        UniqueConstraint("run_id", "position"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"))
    position: Mapped[int]
    kind: Mapped[PartKind] = mapped_column(choice(PartKind, "kind"))
    subject: Mapped[str | None]
    """For themes: the key of the question whose answers are read."""
    title: Mapped[str]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    best_cost: Mapped[int | None] = mapped_column(BigInteger)
    best_bound: Mapped[int | None] = mapped_column(BigInteger)
    """For a schedule: the cheapest plan found so far, and what none can cost less than."""
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    """What its page shows, where the result is too large to read for every page."""

    run: Mapped[AnalysisRun] = relationship(back_populates="parts")

    @property
    def was_not_taken_up(self) -> bool:
        """Whether its themes were found, and the worker gave up making a framework of them."""
        return self.state is RunState.FINISHED and self.failure is not None
