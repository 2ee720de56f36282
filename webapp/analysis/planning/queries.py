"""Reading the schedule of a run, and the plans made again from it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from intelligence import Market, Schedule
from intelligence.files import from_json
from intelligence.schedule.changes import Replan
from webapp.analysis import queries as runs
from webapp.analysis.digests import ScheduleDigest, digest_of_schedule
from webapp.analysis.runs import RunParameters
from webapp.analysis.terms import PlanningTerms
from webapp.audit import Actor
from webapp.engagements.disposed import still_kept
from webapp.models import AnalysisRun, PartKind, Purpose, Replanning, RunState
from webapp.programmes.permissions import Permission


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule to look at, the run's own or one made again from it, as far as its pages show it."""

    run: AnalysisRun
    digest: ScheduleDigest
    terms: PlanningTerms
    replanning: Replanning | None = None

    @property
    def key(self) -> uuid.UUID | None:
        return self.replanning.id if self.replanning else None

    @property
    def asked_at(self) -> datetime:
        return self.replanning.asked_at if self.replanning else self.run.requested_at

    @property
    def is_what_if(self) -> bool:
        return self.replanning is not None and self.replanning.is_what_if


def plan(
    session: Session,
    run_id: uuid.UUID,
    *,
    actor: Actor,
    replanning_id: uuid.UUID | None = None,
    permission: Permission = Permission.READ,
) -> tuple[AnalysisRun, Plan | None] | None:
    """The run, and the plan of it if it is computed; None if there is no such run or plan within reach.

    Raises DisposedError.
    """
    run = runs.run(session, run_id, actor=actor, permission=permission)
    if run is None:
        return None
    still_kept(run.engagement)
    terms = from_json(RunParameters, run.parameters).terms
    if replanning_id is not None:
        found = replanning(session, run_id, replanning_id, with_result=True)
        if found is None or found.result is None:
            return None
        return run, Plan(run, digest_of_schedule(result_of(found).schedule), terms, found)
    digests = runs.digests(session, run, PartKind.SCHEDULE)
    return run, Plan(run, digests[0][1], terms) if digests else None


def whole(session: Session, of: Plan) -> Schedule:
    """With what its problem says of every bidder."""
    if of.replanning is not None:
        return result_of(of.replanning).schedule
    return cast(Schedule, runs.result_of(session, of.run, PartKind.SCHEDULE))  # there is one: its digest was found


def result_of(found: Replanning) -> Replan:
    if found.result is None:
        raise ValueError("the plan is not computed yet")
    return from_json(Replan, found.result["value"])


def replanning(
    session: Session, run_id: uuid.UUID, replanning_id: uuid.UUID, *, with_result: bool = False
) -> Replanning | None:
    wanted = (
        select(Replanning)
        .where(Replanning.id == replanning_id, Replanning.run_id == run_id)
        .options(joinedload(Replanning.asker))
    )
    if with_result:
        wanted = wanted.options(undefer(Replanning.result))
    return session.scalars(wanted).one_or_none()


def _lasting() -> ColumnElement[bool]:
    return or_(Replanning.purpose == Purpose.NEW_PLAN, Replanning.kept_at.is_not(None))


def count_replannings(session: Session, run_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(Replanning.run_id == run_id, _lasting())) or 0


def replannings(session: Session, run_id: uuid.UUID, *, limit: int, offset: int) -> Sequence[Replanning]:
    """The new plans and the what-ifs that were kept, the newest first."""
    return session.scalars(
        select(Replanning)
        .where(Replanning.run_id == run_id, _lasting())
        .order_by(Replanning.asked_at.desc(), Replanning.id)
        .options(joinedload(Replanning.asker))
        .limit(limit)
        .offset(offset)
    ).all()


def newest_plan(session: Session, run_id: uuid.UUID) -> uuid.UUID | None:
    """The plan to go on with; None for the run's own schedule."""
    return session.scalar(
        select(Replanning.id)
        .where(
            Replanning.run_id == run_id,
            Replanning.purpose == Purpose.NEW_PLAN,
            Replanning.state == RunState.FINISHED,
        )
        .order_by(Replanning.asked_at.desc(), Replanning.id)
        .limit(1)
    )


def newest_schedule(session: Session, run: AnalysisRun) -> tuple[Replanning | None, Schedule | None]:
    """By the plan to go on with, which is given too, or else by the run's own; no schedule where it planned nothing."""
    key = newest_plan(session, run.id)
    again = replanning(session, run.id, key, with_result=True) if key is not None else None
    if again is not None:
        return again, result_of(again).schedule
    digests = runs.digests(session, run, PartKind.SCHEDULE)
    return None, cast(ScheduleDigest, digests[0][1]).schedule if digests else None


def market_of(session: Session, run: AnalysisRun) -> Market:
    """The market as the run froze it."""
    return from_json(Market, session.scalars(select(AnalysisRun.inputs).where(AnalysisRun.id == run.id)).one())
