"""Freezing a forecast, and recording what came of a lot."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.files import digest, to_json
from webapp import audit
from webapp.analysis.forecasts.frozen import FrozenContent
from webapp.audit import Actor
from webapp.models import AnalysisRun, FrozenForecast, Lot, LotOutcome


class FrozenAlreadyError(Exception):
    """Somebody has frozen the run's forecast."""


def freeze(
    session: Session, *, run: AnalysisRun, content: FrozenContent, reason: str, actor: Actor, now: datetime
) -> FrozenForecast:
    """Raises FrozenAlreadyError."""
    session.execute(select(AnalysisRun.id).where(AnalysisRun.id == run.id).with_for_update())
    if session.scalar(select(FrozenForecast.id).where(FrozenForecast.run_id == run.id)) is not None:
        raise FrozenAlreadyError
    plain: Any = to_json(content)
    frozen = FrozenForecast(
        run_id=run.id, frozen_at=now, frozen_by=actor.person_id, reason=reason, content=plain, digest=digest(content)
    )
    session.add(frozen)
    session.flush()
    audit.record(session, "forecast.frozen", subject=frozen, actor=actor, run_id=str(run.id), digest=frozen.digest)
    session.flush()
    return frozen


def record_outcome(
    session: Session,
    *,
    lot: Lot,
    standing: LotOutcome | None,
    closed_on: date,
    bids: int,
    credible_bids: int,
    source: str,
    actor: Actor,
    now: datetime,
) -> LotOutcome:
    """Enter what came of a lot, or correct what stands. The audit trail keeps the numbers of before, and no words."""
    outcome = standing or LotOutcome(lot_id=lot.id)
    before = {f"was_{name}": value for name, value in _counted(standing).items()} if standing else {}
    outcome.closed_on, outcome.bids, outcome.credible_bids, outcome.source = closed_on, bids, credible_bids, source
    outcome.recorded_at, outcome.recorded_by = now, actor.person_id
    if standing is not None:
        standing.revision += 1
    session.add(outcome)
    session.flush()
    detail: dict[str, audit.Scalar] = {"lot_id": str(lot.id), **_counted(outcome), **before}
    act = "lot_outcome.corrected" if standing else "lot_outcome.recorded"
    audit.record_all(session, [audit.Event(act, outcome, detail=detail)], actor=actor)
    session.flush()
    return outcome


def _counted(outcome: LotOutcome) -> dict[str, audit.Scalar]:
    return {
        "closed_on": outcome.closed_on.isoformat(),
        "bids": outcome.bids,
        "credible_bids": outcome.credible_bids,
    }
