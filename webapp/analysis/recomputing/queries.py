"""What a run was computed from, for whoever may read what its providers answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.analysis.queries import withdrawn_since
from webapp.engagements.sealed import opened
from webapp.models import (
    READ_FOR_THEMES,
    AnalysisPart,
    AnalysisRun,
    Engagement,
    Measure,
    PartKind,
    Purpose,
    Question,
    QuestionnaireVersion,
    Replanning,
    Response,
    RunState,
    Section,
)
from webapp.programmes.permissions import Permission

WITHOUT_FIGURES = (*READ_FOR_THEMES, Measure.MAY_QUOTE)
"""What of the answers to these is frozen leaves the service with no file."""
_IS_WITHDRAWN = withdrawn_since(Response.id).exists()


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan of the run: its own, or one made again, which says why."""

    question: str
    stopped: bool
    result: dict[str, Any]
    code_version: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    inputs: dict[str, Any]
    history: dict[str, Any] | None
    capacity: dict[str, Any]
    plans: Sequence[Planned]


def needed(session: Session, engagement_id: uuid.UUID) -> frozenset[Permission]:
    """Answers to a question that is for lead officers alone stay with them, though the figures made of it do not."""
    asked = exists().where(
        QuestionnaireVersion.engagement_id == engagement_id,
        Section.version_id == QuestionnaireVersion.id,
        Question.section_id == Section.id,
        Question.restricted.is_(True),
        Question.measure.is_not(None),
        Question.measure.not_in(WITHOUT_FIGURES),
    )
    reads = frozenset({Permission.READ_RESPONSES})
    return reads | {Permission.LEAD} if session.scalar(select(asked)) else reads


def is_offered(session: Session, run: AnalysisRun, granted: Collection[Permission]) -> bool:
    """Whether a page leads its reader to the file. Without reading responses nothing more need be asked."""
    is_computed = any(part.kind is PartKind.CAPACITY and part.state is RunState.FINISHED for part in run.parts)
    if not is_computed or Permission.READ_RESPONSES not in granted:
        return False
    return needed(session, run.engagement_id) <= set(granted)


def holds_withdrawn(session: Session, run: AnalysisRun) -> bool:
    """Whether a response was withdrawn after the run was asked for, which then may hold what it said."""
    return bool(session.scalar(select(_IS_WITHDRAWN).where(AnalysisRun.id == run.id)))


def frozen(session: Session, run: AnalysisRun) -> Frozen | None:
    """None of a run about no lots, of one whose capacity is not computed, and where responses are sealed, destroyed or
    withdrawn since."""
    row = session.execute(
        select(AnalysisRun.inputs, AnalysisRun.history, AnalysisPart.result)
        .join(AnalysisRun.engagement)
        .join(AnalysisPart, AnalysisPart.run_id == AnalysisRun.id)
        .where(
            AnalysisRun.id == run.id,
            AnalysisPart.kind == PartKind.CAPACITY,
            AnalysisPart.state == RunState.FINISHED,
            Engagement.disposed_at.is_(None),
            ~_IS_WITHDRAWN,
            opened(),
        )
    ).one_or_none()
    if row is None or row.result is None:
        return None
    return Frozen(row.inputs, row.history, row.result, [*_own_plan(session, run), *_new_plans(session, run)])


def _own_plan(session: Session, run: AnalysisRun) -> list[Planned]:
    rows = session.execute(
        select(AnalysisPart.stop_asked_at, AnalysisPart.result).where(
            AnalysisPart.run_id == run.id,
            AnalysisPart.kind == PartKind.SCHEDULE,
            AnalysisPart.state == RunState.FINISHED,
        )
    )
    return [
        Planned("The run’s own schedule", row.stop_asked_at is not None, row.result, run.code_version, run.requested_at)
        for row in rows
    ]


def _new_plans(session: Session, run: AnalysisRun) -> list[Planned]:
    """Of what was planned again, without what moved; the first asked for first."""
    rows = session.execute(
        select(
            Replanning.question,
            Replanning.stop_asked_at,
            Replanning.result["value"]["schedule"].label("schedule"),
            Replanning.code_version,
            Replanning.asked_at,
        )
        .where(
            Replanning.run_id == run.id,
            Replanning.purpose == Purpose.NEW_PLAN,
            Replanning.state == RunState.FINISHED,
        )
        .order_by(Replanning.asked_at, Replanning.id)
    )
    return [
        Planned(row.question, row.stop_asked_at is not None, {"value": row.schedule}, row.code_version, row.asked_at)
        for row in rows
    ]
