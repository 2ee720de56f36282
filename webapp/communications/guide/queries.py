"""How far a programme has come, in one statement."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, func, select
from sqlalchemy.orm import Session, aliased

from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Contract,
    Engagement,
    EngagementSummary,
    ImportFile,
    Invitation,
    Lot,
    PlannedActivity,
    Procurement,
    Question,
    QuestionnaireVersion,
    RunState,
    Section,
    ServiceLine,
    Site,
    TeamMember,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What there is of a programme, and of the newest of its engagements."""

    sites: int
    service_lines: int
    services: int
    contracts: int
    procurements: int
    lots: int
    team: int
    imports: int
    activities: int
    engagement_id: uuid.UUID | None
    published: bool
    closed: bool
    questions: int
    invitations: int
    summaries: int
    analysed: bool


def progress(session: Session, programme_id: uuid.UUID, now: datetime) -> Progress:
    """The newest engagement is the one set up last."""
    newest = (
        select(Engagement)
        .where(Engagement.programme_id == programme_id)
        .order_by(Engagement.created_at.desc(), Engagement.id)
        .limit(1)
        .subquery()
    )
    about = aliased(Engagement, newest)
    run = select(AnalysisRun.id).where(AnalysisRun.engagement_id == about.id)
    part = AnalysisPart.run_id == AnalysisRun.id
    finished = run.where(exists().where(part)).where(~exists().where(part, AnalysisPart.state != RunState.FINISHED))
    questions = (
        select(func.count())
        .select_from(Question)
        .join(Question.section)
        .join(Section.version)
        .where(QuestionnaireVersion.engagement_id == about.id)
    )
    values: Any = session.execute(
        select(
            *(_count(model, programme_id) for model in (Site, ServiceLine)),
            _scalar(select(func.count()).select_from(Unit).join(Unit.site).where(Site.programme_id == programme_id)),
            *(_count(model, programme_id) for model in (Contract, Procurement)),
            _scalar(
                select(func.count())
                .select_from(Lot)
                .join(Lot.procurement)
                .where(Procurement.programme_id == programme_id)
            ),
            _count(TeamMember, programme_id),
            _scalar(
                select(func.count())
                .select_from(ImportFile)
                .where(ImportFile.programme_id == programme_id, ImportFile.applied_at.is_not(None))
            ),
            _count(PlannedActivity, programme_id),
            about.id,
            about.published_at.is_not(None),
            func.coalesce(about.closes_at < now, False),
            _scalar(questions),
            _scalar(select(func.count()).select_from(Invitation).where(Invitation.engagement_id == about.id)),
            _scalar(
                select(func.count()).select_from(EngagementSummary).where(EngagementSummary.engagement_id == about.id)
            ),
            finished.exists(),
        )
        .select_from(select(1).subquery())
        .outerjoin(about, about.programme_id == programme_id)
    ).one()
    return Progress(*values)


def _count(model: Any, programme_id: uuid.UUID) -> ScalarSelect[int]:
    return _scalar(select(func.count()).select_from(model).where(model.programme_id == programme_id))


def _scalar(statement: Any) -> ScalarSelect[int]:
    found: ScalarSelect[int] = statement.scalar_subquery()
    return found
