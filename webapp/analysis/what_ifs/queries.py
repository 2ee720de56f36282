"""Reading what-ifs, for those who may read their runs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from intelligence import Procurement
from intelligence.files import from_json
from webapp.analysis.names import LotName
from webapp.analysis.runs import RunParameters
from webapp.models import AnalysisRun, EngagementLot, Lot, LotOutcome, WhatIf


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """A lot of the run as its procurement has it; `None` where nothing is planned."""

    name: LotName
    service_start: date | None = None
    mobilisation_days: int | None = None
    term_months: int | None = None
    is_closed: bool = False
    """Whether its bids are in."""


def planned(session: Session, run: AnalysisRun) -> dict[str, PlannedLot]:
    """By the lot's id, in the engagement's order; starts are those that the run rests on."""
    stored = session.scalar(select(AnalysisRun.inputs["procurements"]).where(AnalysisRun.id == run.id))
    starts = {
        lot_id: procurement
        for procurement in from_json(tuple[Procurement, ...], stored)
        for lot_id in procurement.lot_ids
    }
    lots = session.execute(
        select(Lot.id, Lot.code, Lot.title, Lot.term_months, LotOutcome.lot_id.is_not(None).label("is_closed"))
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .outerjoin(LotOutcome, LotOutcome.lot_id == Lot.id)
        .where(EngagementLot.engagement_id == run.engagement_id)
        .order_by(EngagementLot.position)
    )
    found = {}
    for row in lots:
        plan, name = starts.get(str(row.id)), LotName(row.code, row.title)
        found[str(row.id)] = PlannedLot(
            name,
            plan.service_start if plan else None,
            plan.mobilisation_days if plan else None,
            row.term_months,
            row.is_closed,
        )
    return found


def begins_on(run: AnalysisRun) -> date:
    """The first day on which work on the run's procurements can begin."""
    return from_json(RunParameters, run.parameters).as_of


def what_if(session: Session, run_id: uuid.UUID, what_if_id: uuid.UUID) -> WhatIf | None:
    """Of a run that the reader has been let in to."""
    return session.scalars(
        select(WhatIf)
        .where(WhatIf.id == what_if_id, WhatIf.run_id == run_id)
        .options(undefer(WhatIf.result), joinedload(WhatIf.keeper))
    ).one_or_none()


def count_kept(session: Session, run_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(WhatIf.run_id == run_id, WhatIf.kept_at.is_not(None))) or 0


def kept(session: Session, run_id: uuid.UUID, limit: int, offset: int) -> Sequence[WhatIf]:
    """The newest first, without their results."""
    return session.scalars(
        select(WhatIf)
        .where(WhatIf.run_id == run_id, WhatIf.kept_at.is_not(None))
        .order_by(WhatIf.kept_at.desc(), WhatIf.id)
        .limit(limit)
        .offset(offset)
        .options(joinedload(WhatIf.keeper))
    ).all()


def load_inputs(session: Session, what_if: WhatIf) -> None:
    """All that the answer is computed from: the run, its inputs and history included."""
    session.scalars(
        select(WhatIf).where(WhatIf.id == what_if.id).options(joinedload(WhatIf.run).undefer(AnalysisRun.history))
    ).one()
