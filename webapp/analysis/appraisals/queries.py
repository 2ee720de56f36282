"""Reading appraisals and their conclusions, of programmes that the reader has been let in to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Appraisal,
    AppraisalConclusion,
    AppraisalOption,
    Engagement,
    EngagementLot,
    Lot,
    Procurement,
    RunState,
)


def appraisal(session: Session, programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> Appraisal | None:
    """With its criteria, options and scores."""
    return session.scalars(
        select(Appraisal)
        .where(Appraisal.id == appraisal_id, Appraisal.programme_id == programme_id)
        .options(
            joinedload(Appraisal.procurement).selectinload(Procurement.lots),
            selectinload(Appraisal.criteria),
            selectinload(Appraisal.options).selectinload(AppraisalOption.scores),
        )
    ).one_or_none()


def count(session: Session, programme_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(Appraisal.programme_id == programme_id)) or 0


def listed(
    session: Session, programme_id: uuid.UUID, *, limit: int, offset: int
) -> Sequence[tuple[Appraisal, int | None]]:
    """The newest first, each with the number of its last conclusion."""
    last = (
        select(func.max(AppraisalConclusion.number))
        .where(AppraisalConclusion.appraisal_id == Appraisal.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Appraisal, last)
        .where(Appraisal.programme_id == programme_id)
        .order_by(Appraisal.begun_at.desc(), Appraisal.id)
        .options(joinedload(Appraisal.procurement), joinedload(Appraisal.beginner))
        .limit(limit)
        .offset(offset)
    )
    return [(row, number) for row, number in rows]


def conclusions(session: Session, appraisal_id: uuid.UUID) -> Sequence[AppraisalConclusion]:
    """Without their content, the newest first."""
    return session.scalars(
        select(AppraisalConclusion)
        .where(AppraisalConclusion.appraisal_id == appraisal_id)
        .order_by(AppraisalConclusion.number.desc())
        .options(defer(AppraisalConclusion.content, raiseload=True), joinedload(AppraisalConclusion.concluder))
    ).all()


def conclusion(
    session: Session, programme_id: uuid.UUID, appraisal_id: uuid.UUID, conclusion_id: uuid.UUID
) -> AppraisalConclusion | None:
    return session.scalars(
        select(AppraisalConclusion)
        .join(AppraisalConclusion.appraisal)
        .where(
            AppraisalConclusion.id == conclusion_id,
            Appraisal.id == appraisal_id,
            Appraisal.programme_id == programme_id,
        )
        .options(contains_eager(AppraisalConclusion.appraisal), joinedload(AppraisalConclusion.concluder))
    ).one_or_none()


def newest_conclusion(session: Session, procurement: Procurement) -> AppraisalConclusion | None:
    """About the procurement, or else about its whole programme."""
    return session.scalars(
        select(AppraisalConclusion)
        .join(AppraisalConclusion.appraisal)
        .where(
            Appraisal.programme_id == procurement.programme_id,
            or_(Appraisal.procurement_id == procurement.id, Appraisal.procurement_id.is_(None)),
        )
        .order_by(Appraisal.procurement_id.is_(None), AppraisalConclusion.concluded_at.desc(), AppraisalConclusion.id)
        .limit(1)
        .options(joinedload(AppraisalConclusion.concluder))
    ).one_or_none()


def of_programme(session: Session, programme_id: uuid.UUID) -> Sequence[AppraisalConclusion]:
    """All with their content, the oldest first."""
    return session.scalars(
        select(AppraisalConclusion)
        .join(AppraisalConclusion.appraisal)
        .where(Appraisal.programme_id == programme_id)
        .order_by(AppraisalConclusion.concluded_at, AppraisalConclusion.id)
        .options(
            contains_eager(AppraisalConclusion.appraisal).joinedload(Appraisal.procurement),
            joinedload(AppraisalConclusion.concluder),
        )
    ).all()


def next_number(session: Session, appraisal_id: uuid.UUID) -> int:
    newest = select(func.max(AppraisalConclusion.number)).where(AppraisalConclusion.appraisal_id == appraisal_id)
    return (session.scalar(newest) or 0) + 1


def procurements(session: Session, programme_id: uuid.UUID) -> Sequence[Procurement]:
    return session.scalars(
        select(Procurement)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id)
    ).all()


def lots(session: Session, of: Appraisal) -> Sequence[Lot]:
    """Of the whole programme."""
    return session.scalars(
        select(Lot)
        .join(Lot.procurement)
        .where(Procurement.programme_id == of.programme_id)
        .order_by(Procurement.position, Lot.position, Lot.id)
    ).all()


def newest_finished_run(session: Session, of: Appraisal) -> tuple[AnalysisRun, Any] | None:
    """Of an engagement that asks about lots of what is appraised, every part being finished, with the lots as the run
    froze them."""
    unfinished = exists().where(AnalysisPart.run_id == AnalysisRun.id, AnalysisPart.state != RunState.FINISHED)
    asking = select(EngagementLot.engagement_id)
    if of.procurement_id is not None:
        asking = asking.join(Lot, Lot.id == EngagementLot.lot_id).where(Lot.procurement_id == of.procurement_id)
    row = session.execute(
        select(AnalysisRun, AnalysisRun.inputs["lots"])
        .join(AnalysisRun.engagement)
        .where(
            Engagement.programme_id == of.programme_id,
            Engagement.id.in_(asking),
            Engagement.disposed_at.is_(None),
            ~unfinished,
        )
        .order_by(AnalysisRun.requested_at.desc(), AnalysisRun.id)
        .limit(1)
        .options(contains_eager(AnalysisRun.engagement), defer(AnalysisRun.inputs, raiseload=True))
    ).first()
    return (row[0], row[1]) if row is not None else None
