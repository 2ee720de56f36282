"""Asking for plans again, keeping them, and ending a search with what it has."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from intelligence import ScheduleProblem
from intelligence.files import digest, to_json
from webapp import audit, jobs
from webapp.analysis.planning.queries import Plan
from webapp.analysis.runs import code_version
from webapp.audit import Actor
from webapp.models import AnalysisPart, AnalysisRun, PartKind, Purpose, Replanning, RunState
from webapp.once import add_once

COMPUTE = "planning.plan_again"
UNDER_WAY = (RunState.WAITING, RunState.RUNNING)


def ask(
    session: Session,
    *,
    replanning_id: uuid.UUID | None = None,
    earlier: Plan,
    problem: ScheduleProblem,
    purpose: Purpose,
    question: str,
    actor: Actor,
    now: datetime,
) -> Replanning:
    """Queue a plan of the changed problem that moves as little of the earlier one as is worth it.

    Raises WrittenAlreadyError if the id is taken.
    """
    asked = Replanning(
        id=replanning_id or uuid.uuid4(),
        run_id=earlier.run.id,
        earlier_id=earlier.key,
        purpose=purpose,
        question=question,
        problem=to_json(problem),
        problem_digest=digest(problem),
        seed=earlier.digest.schedule.seed,
        seconds=earlier.digest.schedule.seconds,
        code_version=code_version(),
        asked_at=now,
        asked_by=actor.person_id,
    )
    add_once(session, asked)
    jobs.defer(session, COMPUTE, queue="analysis", replanning_id=str(asked.id))
    audit.record(session, f"schedule.{purpose.value}_asked", subject=asked, actor=actor, run_id=str(earlier.run.id))
    session.flush()
    return asked


def keep(session: Session, *, asked: Replanning, actor: Actor, now: datetime) -> None:
    """Keep a what-if with the run; once is enough."""
    if asked.kept_at is None:
        asked.kept_at, asked.kept_by = now, actor.person_id
        audit.record(session, "schedule.what_if_kept", subject=asked, actor=actor, run_id=str(asked.run_id))
    session.flush()


def stop(session: Session, *, row: AnalysisPart | Replanning, actor: Actor, now: datetime) -> None:
    """Have a search end with the best that it has found; one that has ended is left alone."""
    if row.state in UNDER_WAY and row.stop_asked_at is None:
        row.stop_asked_at = now
        audit.record(session, "schedule.stop_asked", subject=row, actor=actor, run_id=str(row.run_id))
    session.flush()


def stop_schedule_of(session: Session, *, run: AnalysisRun, actor: Actor, now: datetime) -> None:
    for part in run.parts:
        if part.kind is PartKind.SCHEDULE:
            stop(session, row=part, actor=actor, now=now)
