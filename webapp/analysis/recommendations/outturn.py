"""What was signed of a procurement's dates, and what came of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from intelligence.files import from_json
from intelligence.schedule.routes import Stage
from webapp.analysis.recommendations.content import PlannedDates
from webapp.models import Procurement, Recommendation, Ruling, StageRecord, Verdict

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class StageOutturn:
    """`signed` and `came` are first and last days. A stage that is under way has begun and no last day; one that the
    signed plan did not have was not signed."""

    stage: Stage
    signed: Days | None
    began_on: date
    ended_on: date | None

    @property
    def days_late(self) -> int | None:
        """Calendar days from the signed end to the real one; below zero where it came sooner."""
        return (self.ended_on - self.signed[1]).days if self.signed and self.ended_on else None


@dataclass(frozen=True, slots=True)
class Outturn:
    """Of one procurement: its stages on record, in their order, against the plan that was signed first."""

    procurement: str
    stages: tuple[StageOutturn, ...]


def outturns(session: Session, programme_id: uuid.UUID) -> list[Outturn]:
    """Of the procurements with both, in their order.

    The first signed plan counts: against one that was signed again after a delay nothing would ever be late.
    """
    records = _records(session, programme_id)
    first_signed = session.execute(
        select(Procurement.id, Procurement.title, Recommendation.content["stages"])
        .join(Recommendation, Recommendation.procurement_id == Procurement.id)
        .join(Ruling, Ruling.recommendation_id == Recommendation.id)
        .where(Procurement.programme_id == programme_id, Ruling.verdict == Verdict.SIGNED)
        .ext(distinct_on(Procurement.position, Procurement.id))
        .order_by(Procurement.position, Procurement.id, Recommendation.number)
    )
    return [
        Outturn(title, _against(from_json(tuple[PlannedDates, ...], stages), records[key]))
        for key, title, stages in first_signed
        if key in records
    ]


def _against(planned: Sequence[PlannedDates], records: Sequence[StageRecord]) -> tuple[StageOutturn, ...]:
    signed = {each.stage: (each.first, each.last) for each in planned}
    return tuple(
        StageOutturn(stage, signed.get(stage), record.began_on, record.ended_on)
        for record in records
        for stage in (Stage(record.stage.value),)
    )


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
