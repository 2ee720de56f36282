"""How far a programme has come, in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Base,
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
    Recommendation,
    ReplyPublication,
    Ruling,
    RunState,
    Section,
    ServiceLine,
    Site,
    TeamMember,
    Unit,
    Verdict,
)

MOST_ENGAGEMENTS = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """What there is of a programme, and of one of its engagements."""

    sites: int
    service_lines: int
    services: int
    contracts: int
    procurements: int
    lots: int
    team: int
    imports: int
    activities: int
    recommended: int
    """Procurements about which something waits for signature or is signed, and those where it is signed."""
    signed: int
    engagement_id: uuid.UUID | None
    engagement_title: str | None
    published: bool
    closed: bool
    questions: int
    invitations: int
    summaries: int
    replies: int
    analysed: bool


def progress(session: Session, programme_id: uuid.UUID, now: datetime) -> Sequence[Progress]:
    """With each engagement, the one set up last first, or with none."""
    newest = (
        select(Engagement)
        .where(Engagement.programme_id == programme_id)
        .order_by(Engagement.created_at.desc(), Engagement.id)
        .limit(MOST_ENGAGEMENTS)
        .subquery()
    )
    about = aliased(Engagement, newest)
    rows: Any = session.execute(
        select(*_of_programme(programme_id), *_of_engagement(about, now))
        .select_from(select(1).subquery())
        .outerjoin(about, about.programme_id == programme_id)
        .order_by(about.created_at.desc(), about.id)
    )
    return [Progress(*values) for values in rows]


def _of_programme(programme_id: uuid.UUID) -> list[ColumnElement[Any]]:
    """In the order of Progress."""
    services = select(func.count()).select_from(Unit).join(Unit.site).where(Site.programme_id == programme_id)
    lots = select(func.count()).select_from(Lot).join(Lot.procurement).where(Procurement.programme_id == programme_id)
    imports = (
        select(func.count())
        .select_from(ImportFile)
        .where(ImportFile.programme_id == programme_id, ImportFile.applied_at.is_not(None))
    )
    about = select(func.count(Recommendation.procurement_id.distinct())).join(Recommendation.procurement)
    ruled = about.outerjoin(Recommendation.ruling).where(Procurement.programme_id == programme_id)
    later = aliased(Recommendation)
    is_newest = ~exists().where(
        later.procurement_id == Recommendation.procurement_id, later.number > Recommendation.number
    )
    is_signed = Ruling.verdict == Verdict.SIGNED
    return [
        _count(Site, Site.programme_id == programme_id),
        _count(ServiceLine, ServiceLine.programme_id == programme_id),
        services.scalar_subquery(),
        _count(Contract, Contract.programme_id == programme_id),
        _count(Procurement, Procurement.programme_id == programme_id),
        lots.scalar_subquery(),
        _count(TeamMember, TeamMember.programme_id == programme_id),
        imports.scalar_subquery(),
        _count(PlannedActivity, PlannedActivity.programme_id == programme_id),
        ruled.where(or_(is_signed, and_(Ruling.id.is_(None), is_newest))).scalar_subquery(),
        ruled.where(is_signed).scalar_subquery(),
    ]


def _of_engagement(about: Any, now: datetime) -> list[ColumnElement[Any]]:
    """In the order of Progress."""
    questions = (
        select(func.count())
        .select_from(Question)
        .join(Question.section)
        .join(Section.version)
        .where(QuestionnaireVersion.engagement_id == about.id)
    )
    part = AnalysisPart.run_id == AnalysisRun.id
    finished = select(AnalysisRun.id).where(
        AnalysisRun.engagement_id == about.id,
        exists().where(part),
        ~exists().where(part, AnalysisPart.state != RunState.FINISHED),
    )
    return [
        about.id,
        about.title,
        about.published_at.is_not(None),
        func.coalesce(about.closes_at < now, False),
        questions.scalar_subquery(),
        _count(Invitation, Invitation.engagement_id == about.id),
        _count(EngagementSummary, EngagementSummary.engagement_id == about.id),
        _count(ReplyPublication, ReplyPublication.engagement_id == about.id),
        finished.exists(),
    ]


def _count(model: type[Base], condition: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(model).where(condition).scalar_subquery()
