"""Reading a programme's procurements with all that is said about how they are planned."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.analysis.succession import providing
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Contract,
    Engagement,
    GivenLength,
    Lot,
    Organisation,
    PartKind,
    PastLot,
    PastProcurement,
    PinnedStage,
    PlanTerms,
    Procurement,
    Programme,
    RouteAnswer,
    Stage,
    StageRecord,
    Unit,
    lot_unit,
)

MOST_PAST = 500
"""So many past procurements, the newest, tell how long stages take."""
Said = TypeVar("Said", GivenLength, PinnedStage, StageRecord)


@dataclass(frozen=True, slots=True)
class Planning:
    """One procurement, and what officers said of its stages."""

    procurement: Procurement
    lengths: dict[Stage, GivenLength]
    pins: dict[Stage, PinnedStage]
    records: dict[Stage, StageRecord]


@dataclass(frozen=True, slots=True)
class PublishedDates:
    """What was published of one past procurement; any day may be unknown."""

    procedure: str
    published_on: date | None
    closed_on: date | None
    """The last day for bids."""
    awarded_on: date | None
    starts_on: date | None
    """When the first contract started."""


def terms(session: Session, programme_id: uuid.UUID) -> PlanTerms | None:
    return session.get(PlanTerms, programme_id)


def count(session: Session, programme_id: uuid.UUID) -> int:
    wanted = select(func.count()).select_from(Procurement).where(Procurement.programme_id == programme_id)
    return session.scalars(wanted).one()


def procurements(session: Session, programme_id: uuid.UUID, *, limit: int, offset: int) -> Sequence[Planning]:
    rows = session.scalars(
        select(Procurement)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return _with_said(session, rows)


def procurement(session: Session, programme_id: uuid.UUID, procurement_id: uuid.UUID) -> Planning | None:
    row = session.scalars(
        select(Procurement).where(Procurement.id == procurement_id, Procurement.programme_id == programme_id)
    ).one_or_none()
    return _with_said(session, [row])[0] if row else None


def _with_said(session: Session, rows: Sequence[Procurement]) -> list[Planning]:
    keys = [row.id for row in rows]
    lengths, pins = _said(session, GivenLength, keys), _said(session, PinnedStage, keys)
    records = _said(session, StageRecord, keys)
    return [Planning(row, lengths[row.id], pins[row.id], records[row.id]) for row in rows]


def _said(session: Session, kind: type[Said], keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[Stage, Said]]:
    found: dict[uuid.UUID, dict[Stage, Said]] = defaultdict(dict)
    for row in session.scalars(
        select(kind).where(kind.procurement_id.in_(keys)).order_by(kind.id).options(joinedload(kind.officer))
    ):
        found[row.procurement_id][row.stage] = row
    return found


def running_contracts(session: Session, procurement_id: uuid.UUID, today: date) -> Sequence[Contract]:
    """The contracts that provide any of its services today, by the register, or may provide it still."""
    bought = session.scalars(
        select(lot_unit.c.unit_id).join(Lot, Lot.id == lot_unit.c.lot_id).where(Lot.procurement_id == procurement_id)
    ).all()
    found = session.scalars(
        select(Contract)
        .where(Contract.units.any(Unit.id.in_(bought)))
        .order_by(Contract.end_date, Contract.title, Contract.id)
        .options(selectinload(Contract.units))
    ).all()
    present = providing(found, on=today)
    named = {contract.id for unit_id in bought for contract in present.get(unit_id, ())}
    return [contract for contract in found if contract.id in named]


def records_of(session: Session, programme_id: uuid.UUID) -> Sequence[StageRecord]:
    """The stages of the programme that have ended."""
    return session.scalars(
        select(StageRecord)
        .join(Procurement, Procurement.id == StageRecord.procurement_id)
        .where(Procurement.programme_id == programme_id, StageRecord.ended_on.is_not(None))
        .order_by(StageRecord.began_on, StageRecord.id)
    ).all()


def published_dates(session: Session, programme: Programme) -> list[PublishedDates]:
    """Of the past procurements on record whose buyer is the programme's, or that of its agent."""
    ours = select(func.lower(Organisation.name)).where(Organisation.id.in_((programme.buyer_id, programme.agent_id)))
    starts_on = (
        select(func.min(PastLot.starts_on)).where(PastLot.procurement_id == PastProcurement.id).scalar_subquery()
    )
    rows = session.execute(
        select(
            PastProcurement.procedure,
            PastProcurement.published_on,
            PastProcurement.closed_on,
            PastProcurement.awarded_on,
            starts_on,
        )
        .where(PastProcurement.programme_id == programme.id, func.lower(PastProcurement.buyer_name).in_(ours))
        .order_by(PastProcurement.closed_on.desc().nulls_last(), PastProcurement.reference)
        .limit(MOST_PAST)
    )
    return [PublishedDates(*row) for row in rows]


def next_number(session: Session, procurement_id: uuid.UUID) -> int:
    newest = select(func.max(RouteAnswer.number)).where(RouteAnswer.procurement_id == procurement_id)
    return (session.scalar(newest) or 0) + 1


def newest_scheduling_run(session: Session, programme_id: uuid.UUID) -> uuid.UUID | None:
    """The newest run that plans: one before lots are cut finds themes alone."""
    return session.scalar(
        select(AnalysisRun.id)
        .join(Engagement, Engagement.id == AnalysisRun.engagement_id)
        .where(Engagement.programme_id == programme_id, Engagement.disposed_at.is_(None))
        .where(AnalysisRun.parts.any(AnalysisPart.kind == PartKind.SCHEDULE))
        .order_by(AnalysisRun.requested_at.desc(), AnalysisRun.id)
        .limit(1)
    )
