"""What was signed of a procurement's dates, and what came of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from intelligence.files import from_json
from intelligence.schedule.routes import Stage
from webapp.analysis.recommendations.content import PlannedDates
from webapp.models import Procurement, Recommendation, Ruling, StageRecord, Verdict
from webapp.web.format import LONDON

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class StageOutturn:
    """`signed` are the first and the last day that were promised: none where the signed plan had no such stage, or
    where it `had_ended` when that was signed. A stage that is under way has not ended."""

    stage: Stage
    signed: Days | None
    had_ended: bool
    began_on: date
    ended_on: date | None

    def days_late(self, today: date) -> int | None:
        """Calendar days from the signed end to the real one, or to today; below zero where it came sooner."""
        return ((self.ended_on or today) - self.signed[1]).days if self.signed else None


@dataclass(frozen=True, slots=True)
class Outturn:
    """Of one procurement: its stages on record, in their order, against the plan that was signed first."""

    procurement: str
    stages: tuple[StageOutturn, ...]


def outturns(session: Session, programme_id: uuid.UUID) -> list[Outturn]:
    """Of the procurements with both, in their order.

    The first signed plan counts: against one that was signed again after a delay nothing would ever be late. It holds
    what had ended before as it happened, which was no promise.
    """
    records = _records(session, programme_id)
    first_signed = session.execute(
        select(Procurement.id, Procurement.title, Recommendation.content["stages"], Ruling.ruled_at)
        .join(Recommendation, Recommendation.procurement_id == Procurement.id)
        .join(Ruling, Ruling.recommendation_id == Recommendation.id)
        .where(Procurement.programme_id == programme_id, Ruling.verdict == Verdict.SIGNED)
        .ext(distinct_on(Procurement.position, Procurement.id))
        .order_by(Procurement.position, Procurement.id, Recommendation.number)
    )
    return [
        Outturn(title, _against(from_json(tuple[PlannedDates, ...], stages), ruled_at, records[key]))
        for key, title, stages, ruled_at in first_signed
        if key in records
    ]


def _against(
    planned: Sequence[PlannedDates], ruled_at: datetime, records: Sequence[StageRecord]
) -> tuple[StageOutturn, ...]:
    signed, signed_on = {each.stage: (each.first, each.last) for each in planned}, ruled_at.astimezone(LONDON).date()
    found = []
    for record in records:
        stage = Stage(record.stage.value)
        had_ended = record.ended_on is not None and record.ended_on <= signed_on
        promised = None if had_ended else signed.get(stage)
        found.append(StageOutturn(stage, promised, had_ended, record.began_on, record.ended_on))
    return tuple(found)


def _records(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, list[StageRecord]]:
    found: dict[uuid.UUID, list[StageRecord]] = defaultdict(list)
    for record in session.scalars(
        select(StageRecord)
        .join(Procurement, Procurement.id == StageRecord.procurement_id)
        .where(Procurement.programme_id == programme_id)
        .order_by(StageRecord.began_on, StageRecord.ended_on, StageRecord.id)
    ):
        found[record.procurement_id].append(record)
    return found
