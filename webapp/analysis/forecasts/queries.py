"""Reading frozen forecasts with what came of them, within the reach of whoever asks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from intelligence.files import from_json
from intelligence.forecast.blend import BothForecasts
from webapp.analysis.forecasts.frozen import FrozenLot, Scored
from webapp.models import (
    AnalysisRun,
    Engagement,
    FrozenForecast,
    Lot,
    LotOutcome,
    PastLot,
    PastProcurement,
    Procurement,
    Programme,
)

MOST_SCORED = 500
"""The lots that closed last: a page is made from all of them, and a file from all that there are."""


def frozen(session: Session, run_id: uuid.UUID) -> FrozenForecast | None:
    """Of a run that the reader has been let in to."""
    return session.scalars(
        select(FrozenForecast).where(FrozenForecast.run_id == run_id).options(joinedload(FrozenForecast.freezer))
    ).one_or_none()


def frozen_of_programme(session: Session, programme_id: uuid.UUID, limit: int, offset: int) -> Sequence[FrozenForecast]:
    """The newest first, without what was frozen."""
    return session.scalars(
        select(FrozenForecast)
        .join(FrozenForecast.run)
        .join(AnalysisRun.engagement)
        .where(Engagement.programme_id == programme_id)
        .order_by(FrozenForecast.frozen_at.desc(), FrozenForecast.id)
        .limit(limit)
        .offset(offset)
        .options(
            defer(FrozenForecast.content, raiseload=True),
            joinedload(FrozenForecast.freezer),
            contains_eager(FrozenForecast.run)
            .defer(AnalysisRun.inputs, raiseload=True)
            .contains_eager(AnalysisRun.engagement),
        )
    ).all()


def count_frozen(session: Session, programme_id: uuid.UUID) -> int:
    counted = (
        select(func.count(FrozenForecast.id))
        .join(FrozenForecast.run)
        .join(AnalysisRun.engagement)
        .where(Engagement.programme_id == programme_id)
    )
    return session.scalar(counted) or 0


@dataclass(frozen=True, slots=True)
class LotRow:
    lot: Lot
    outcome: LotOutcome | None
    is_scored: bool = False
    """Whether a forecast of the lot was frozen before its bids closed."""


def count_lots(session: Session, programme_id: uuid.UUID) -> int:
    return (
        session.scalar(select(func.count(Lot.id)).join(Lot.procurement).where(Procurement.programme_id == programme_id))
        or 0
    )


def lots(session: Session, programme_id: uuid.UUID, limit: int, offset: int) -> list[LotRow]:
    scored = _last_forecasts([Programme.id == programme_id]).subquery()
    rows = session.execute(
        select(Lot, LotOutcome, scored.c.lot_id.is_not(None))
        .join(Lot.procurement)
        .outerjoin(LotOutcome, LotOutcome.lot_id == Lot.id)
        .outerjoin(scored, scored.c.lot_id == Lot.id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Lot.position, Lot.id)
        .limit(limit)
        .offset(offset)
        .options(joinedload(LotOutcome.recorder))
    )
    return [LotRow(*row) for row in rows]


def lot(session: Session, programme_id: uuid.UUID, lot_id: uuid.UUID) -> LotRow | None:
    row = session.execute(
        select(Lot, LotOutcome)
        .join(Lot.procurement)
        .outerjoin(LotOutcome, LotOutcome.lot_id == Lot.id)
        .where(Procurement.programme_id == programme_id, Lot.id == lot_id)
    ).one_or_none()
    return LotRow(*row) if row is not None else None


def scored(session: Session, *where: ColumnElement[bool], limit: int | None = MOST_SCORED) -> list[Scored]:
    """Lots whose bids closed after their forecast was frozen, by the last forecast before that; the latest first."""
    latest = _last_forecasts(where).subquery()
    rows = session.execute(
        select(latest).order_by(latest.c.closed_on.desc(), latest.c.programme, latest.c.code).limit(limit)
    )
    return [
        Scored(
            programme=row.programme,
            lot=f"{row.code} {row.lot}",
            closed_on=row.closed_on,
            came=row.credible_bids,
            interval=row.interval,
            frozen=from_json(FrozenLot, row.frozen),
        )
        for row in rows
    ]


def _last_forecasts(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Of each lot with an outcome, the forecast that was frozen last before its bids closed."""
    frozen_lot = func.jsonb_array_elements(FrozenForecast.content["lots"]).table_valued(
        column("value", JSONB), name="frozen_lot"
    )
    day_frozen = func.date(func.timezone("Europe/London", FrozenForecast.frozen_at))
    return (
        select(
            LotOutcome.lot_id,
            Programme.title.label("programme"),
            Lot.code,
            Lot.title.label("lot"),
            LotOutcome.closed_on,
            LotOutcome.credible_bids,
            FrozenForecast.content["interval"].label("interval"),
            frozen_lot.c.value.label("frozen"),
        )
        .ext(distinct_on(LotOutcome.lot_id))
        .select_from(LotOutcome)
        .join(LotOutcome.lot)
        .join(Lot.procurement)
        .join(Programme, Programme.id == Procurement.programme_id)
        .join(Engagement, Engagement.programme_id == Programme.id)
        .join(AnalysisRun, AnalysisRun.engagement_id == Engagement.id)
        .join(FrozenForecast, FrozenForecast.run_id == AnalysisRun.id)
        .join(frozen_lot, frozen_lot.c.value["lot_id"].astext == cast(LotOutcome.lot_id, Text))
        .where(day_frozen < LotOutcome.closed_on, *where)
        .order_by(LotOutcome.lot_id, FrozenForecast.frozen_at.desc())
    )


def forecast_both_ways(session: Session, programme_id: uuid.UUID) -> list[BothForecasts]:
    """The programme's lots that were forecast from interest and from history, with what came."""
    found = (each.both_ways() for each in scored(session, Programme.id == programme_id))
    return [each for each in found if each is not None]


@dataclass(frozen=True, slots=True)
class PastCount:
    """A past lot whose numbers can be taken over."""

    id: uuid.UUID
    reference: str
    title: str
    buyer: str
    known_on: date
    bids: int
    credible_bids: int | None


_KNOWN_ON = func.coalesce(PastLot.closed_on, PastProcurement.closed_on, PastLot.awarded_on, PastProcurement.awarded_on)


def past_counts(session: Session, programme_id: uuid.UUID, limit: int, offset: int) -> list[PastCount]:
    rows = session.execute(
        _past_counts(programme_id).order_by(_KNOWN_ON.desc(), PastLot.id).limit(limit).offset(offset)
    )
    return [PastCount(*row) for row in rows]


def count_past(session: Session, programme_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).select_from(_past_counts(programme_id).subquery())) or 0


def past_count(session: Session, programme_id: uuid.UUID, past_lot_id: uuid.UUID) -> PastCount | None:
    row = session.execute(_past_counts(programme_id).where(PastLot.id == past_lot_id)).one_or_none()
    return PastCount(*row) if row is not None else None


def _past_counts(programme_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PastLot.id,
            PastProcurement.reference,
            PastLot.title,
            PastProcurement.buyer_name,
            _KNOWN_ON.label("known_on"),
            PastLot.bids,
            PastLot.credible_bids,
        )
        .join(PastLot.procurement)
        .where(PastProcurement.programme_id == programme_id, PastLot.bids.is_not(None), _KNOWN_ON.is_not(None))
    )
