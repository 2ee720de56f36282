"""Reading recommendations, and what they rest on, of programmes that the reader has been let in to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from webapp.analysis.queries import what_changed_since
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Engagement,
    EngagementLot,
    Lot,
    Procurement,
    Recommendation,
    Ruling,
    RunState,
    Verdict,
)


class Standing(StrEnum):
    """What a recommendation is worth now, with all that was put up and ruled since."""

    WAITS = "waits"
    REPLACED = "replaced"
    """Another was put up before anybody ruled."""
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    """Another was signed since."""


@dataclass(frozen=True, slots=True)
class Place:
    """A recommendation among those of its procurement."""

    id: uuid.UUID
    procurement_id: uuid.UUID
    number: int
    verdict: Verdict | None


def procurement(session: Session, programme_id: uuid.UUID, procurement_id: uuid.UUID) -> Procurement | None:
    """With its lots and what is in them."""
    return (
        session.scalars(
            select(Procurement)
            .where(Procurement.id == procurement_id, Procurement.programme_id == programme_id)
            .options(joinedload(Procurement.lots).joinedload(Lot.units))
        )
        .unique()
        .one_or_none()
    )


def newest_finished_run(session: Session, procurement_id: uuid.UUID) -> tuple[AnalysisRun, Any] | None:
    """Of an engagement that asks about all of the procurement's lots, with the lots as the run froze them."""
    row = session.execute(
        _finished_runs(procurement_id)
        .add_columns(AnalysisRun.inputs["lots"])
        .options(
            contains_eager(AnalysisRun.engagement),
            defer(AnalysisRun.inputs, raiseload=True),
            *what_changed_since(),
        )
    ).first()
    return (row[0], row[1]) if row is not None else None


def newest_run_key(session: Session, procurement_id: uuid.UUID) -> uuid.UUID | None:
    return session.scalar(_finished_runs(procurement_id).with_only_columns(AnalysisRun.id))


def _finished_runs(procurement_id: uuid.UUID) -> Select[AnalysisRun]:
    """The newest alone, of which every part is finished."""
    unfinished = exists().where(AnalysisPart.run_id == AnalysisRun.id, AnalysisPart.state != RunState.FINISHED)
    return (
        select(AnalysisRun)
        .join(AnalysisRun.engagement)
        .where(Engagement.id.in_(_asking(procurement_id)), Engagement.disposed_at.is_(None), ~unfinished)
        .order_by(AnalysisRun.requested_at.desc(), AnalysisRun.id)
        .limit(1)
    )


def is_asked_about(session: Session, procurement_id: uuid.UUID) -> bool:
    """Whether one engagement asks about all of the procurement's lots."""
    return bool(session.scalar(select(_asking(procurement_id).exists())))


def _asking(procurement_id: uuid.UUID) -> Select[uuid.UUID]:
    """The engagements that ask about all of its lots: one about some of them says nothing of the others."""
    lots = select(func.count()).where(Lot.procurement_id == procurement_id)
    return (
        select(EngagementLot.engagement_id)
        .join(Lot, Lot.id == EngagementLot.lot_id)
        .where(Lot.procurement_id == procurement_id)
        .group_by(EngagementLot.engagement_id)
        .having(func.count() == lots.scalar_subquery())
    )


def recommendation(session: Session, programme_id: uuid.UUID, recommendation_id: uuid.UUID) -> Recommendation | None:
    return session.scalars(
        select(Recommendation)
        .join(Recommendation.procurement)
        .where(Recommendation.id == recommendation_id, Procurement.programme_id == programme_id)
        .options(contains_eager(Recommendation.procurement), *_people())
    ).one_or_none()


def newest(session: Session, procurement_id: uuid.UUID) -> Recommendation | None:
    return session.scalars(
        select(Recommendation)
        .where(Recommendation.procurement_id == procurement_id)
        .order_by(Recommendation.number.desc())
        .limit(1)
        .options(*_people())
    ).one_or_none()


def signed(session: Session, programme_id: uuid.UUID) -> Sequence[Recommendation]:
    """Of each procurement the one that was signed last, without its content."""
    return session.scalars(
        _of_programme(programme_id)
        .join(Recommendation.ruling)
        .where(Ruling.verdict == Verdict.SIGNED)
        .ext(distinct_on(Procurement.position, Procurement.id))
        .order_by(Procurement.position, Procurement.id, Recommendation.number.desc())
        .options(defer(Recommendation.content, raiseload=True), *_people())
    ).all()


def of_programme(session: Session, programme_id: uuid.UUID) -> Sequence[Recommendation]:
    """All with their content, the oldest first."""
    return session.scalars(
        _of_programme(programme_id).order_by(Recommendation.put_up_at, Recommendation.id).options(*_people())
    ).all()


def listed(session: Session, programme_id: uuid.UUID, *, limit: int, offset: int) -> Sequence[Recommendation]:
    """Without their content, the newest first."""
    return session.scalars(
        _of_programme(programme_id)
        .order_by(Recommendation.put_up_at.desc(), Recommendation.id)
        .limit(limit)
        .offset(offset)
        .options(defer(Recommendation.content, raiseload=True), *_people())
    ).all()


def _of_programme(programme_id: uuid.UUID) -> Select[Recommendation]:
    return (
        select(Recommendation)
        .join(Recommendation.procurement)
        .where(Procurement.programme_id == programme_id)
        .options(contains_eager(Recommendation.procurement))
    )


def _people() -> tuple[Any, ...]:
    ruled = joinedload(Recommendation.ruling)
    return joinedload(Recommendation.writer), ruled.joinedload(Ruling.approver), joinedload(Recommendation.replanning)


def places(session: Session, programme_id: uuid.UUID) -> list[Place]:
    rows = session.execute(
        select(Recommendation.id, Recommendation.procurement_id, Recommendation.number, Ruling.verdict)
        .join(Procurement, Procurement.id == Recommendation.procurement_id)
        .outerjoin(Ruling, Ruling.recommendation_id == Recommendation.id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Recommendation.procurement_id, Recommendation.number)
    )
    return [Place(*row) for row in rows]


def next_number(session: Session, procurement_id: uuid.UUID) -> int:
    last = select(func.max(Recommendation.number)).where(Recommendation.procurement_id == procurement_id)
    return (session.scalar(last) or 0) + 1


def standing(of: Recommendation, every: Iterable[Place]) -> Standing:
    later = [each for each in every if each.procurement_id == of.procurement_id and each.number > of.number]
    if of.ruling is None:
        return Standing.REPLACED if later else Standing.WAITS
    if of.ruling.verdict is Verdict.SENT_BACK:
        return Standing.SENT_BACK
    return Standing.SUPERSEDED if any(each.verdict is Verdict.SIGNED for each in later) else Standing.SIGNED
