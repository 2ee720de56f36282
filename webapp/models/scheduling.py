"""Planning procurements: what the plan must respect, the way to each route, lengths, pins, what happened, and plans
made again."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.analysis import AnalysisRun
from webapp.models.base import Base, at_most, choice
from webapp.models.computed import Stoppable, computed_checks
from webapp.models.people import Person
from webapp.models.programme import Procurement, Revised, SaidByOfficer


class Nation(StrEnum):
    """Whose bank holidays count."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Stage(StrEnum):
    """What a procurement goes through; not every route has every stage."""

    APPROVE_TO_PROCEED = "approve_to_proceed"
    PREPARE = "prepare"
    INTENDED_APPROACH = "intended_approach"
    PARTICIPATION = "participation"
    DIALOGUE = "dialogue"
    TENDER = "tender"
    EVALUATE = "evaluate"
    APPROVE_AWARD = "approve_award"
    STANDSTILL = "standstill"
    AWARD = "award"
    MOBILISE = "mobilise"


class PlanTerms(Revised, Base):
    """What every plan of a programme keeps to. A programme without a row keeps to the defaults."""

    __tablename__ = "plan_terms"
    __table_args__ = (CheckConstraint("tenders_open_at_most > 0", name="tenders_positive"),)

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    nation: Mapped[Nation] = mapped_column(choice(Nation, "nation"), server_default=text("'england-and-wales'"))
    tenders_open_at_most: Mapped[int | None]
    gives_bid_time: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether tenders are open for as long as their likely bidders need."""
    keeps_dates_free: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether no tender opens or closes on dates that its likely bidders asked to avoid."""


class RouteAnswer(SaidByOfficer, Base):
    """An answer on the way to a route. The newest to each question counts; the others stay as its history."""

    __tablename__ = "route_answer"
    __table_args__ = (UniqueConstraint("procurement_id", "number"), at_most("reason", 5000))

    number: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str]


class GivenLength(SaidByOfficer, Base):
    """How long a stage of one procurement takes, in place of its route's default."""

    __tablename__ = "given_length"
    __table_args__ = (
        UniqueConstraint("procurement_id", "stage"),
        CheckConstraint("days > 0", name="days_positive"),
        at_most("reason", 500),
    )

    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))
    days: Mapped[int]


class PinnedStage(SaidByOfficer, Base):
    """A stage that must start on this day."""

    __tablename__ = "pinned_stage"
    __table_args__ = (UniqueConstraint("procurement_id", "stage"), at_most("reason", 500))

    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))
    starts_on: Mapped[date]


class StageRecord(SaidByOfficer, Base):
    """When a stage really began and ended; without an end it is still under way."""

    __tablename__ = "stage_record"
    __table_args__ = (
        UniqueConstraint("procurement_id", "stage"),
        CheckConstraint("began_on <= ended_on", name="began_first"),
        at_most("reason", 500),
    )

    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))
    began_on: Mapped[date]
    ended_on: Mapped[date | None]


class Following(SaidByOfficer, Base):
    """Stage `before` of the procurement waits until stage `after` of the first has ended, and some days more."""

    __tablename__ = "following"
    __table_args__ = (
        UniqueConstraint("procurement_id", "first_id", "after", "before"),
        CheckConstraint("first_id <> procurement_id", name="another"),
        CheckConstraint("lag_days >= 0", name="lag_not_negative"),
        at_most("reason", 500),
    )

    first_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("procurement.id", ondelete="CASCADE"), index=True)
    after: Mapped[Stage] = mapped_column(choice(Stage, "after"))
    before: Mapped[Stage] = mapped_column(choice(Stage, "before"))
    lag_days: Mapped[int]
    """Working days in between."""

    procurement: Mapped[Procurement] = relationship(foreign_keys="Following.procurement_id")
    first: Mapped[Procurement] = relationship(foreign_keys="Following.first_id")


class Purpose(StrEnum):
    WHAT_IF = "what_if"
    """To see what would move; gone after a day unless somebody keeps it."""
    NEW_PLAN = "new_plan"
    """To go on with: the next plan starts from it."""


class Replanning(Stoppable, Base):
    """A schedule planned again from an earlier one, of the same run: asked, computed, perhaps kept."""

    __tablename__ = "replanning"
    __table_args__ = (
        *computed_checks(),
        CheckConstraint("num_nonnulls(kept_at, kept_by) IN (0, 2)", name="kept_whole"),
        at_most("question", 1000),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_run.id"), index=True)
    earlier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("replanning.id"), index=True)
    """The plan it starts from; None for the run's own schedule."""
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"))
    question: Mapped[str]
    """What was changed, in words."""
    problem: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    problem_digest: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float]
    code_version: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), index=True)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    best_cost: Mapped[int | None] = mapped_column(BigInteger)
    best_bound: Mapped[int | None] = mapped_column(BigInteger)
    """The cheapest plan found so far, and what none can cost less than."""
    kept_at: Mapped[datetime | None]
    kept_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    run: Mapped[AnalysisRun] = relationship()
    asker: Mapped[Person] = relationship(foreign_keys=[asked_by])

    @property
    def is_what_if(self) -> bool:
        return self.purpose is Purpose.WHAT_IF

    @property
    def waits_to_be_kept(self) -> bool:
        """A new plan is kept as it is; a what-if is gone after a while unless somebody keeps it."""
        return self.is_what_if and self.kept_at is None
