"""Putting a recommendation up for signature, and signing it or sending it back."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intelligence.files import to_json
from webapp import audit
from webapp.analysis import queries as runs
from webapp.analysis.forecasts.actions import FrozenAlreadyError, freeze
from webapp.analysis.forecasts.frozen import content_of
from webapp.analysis.interests import refuse_unmanaged_interest
from webapp.analysis.recommendations import mails, queries
from webapp.analysis.recommendations.content import Recommended, fingerprint
from webapp.analysis.recommendations.queries import Standing
from webapp.audit import Actor
from webapp.models import AnalysisRun, PartKind, Procurement, Recommendation, Replanning, Ruling, Verdict
from webapp.once import add_once


class OwnRecommendationError(Exception):
    """Nobody rules on what they wrote."""


class NoLongerWaitsError(Exception):
    """Somebody has ruled on it, or another was put up in its place."""


def put_up(
    session: Session,
    *,
    entry_id: uuid.UUID,
    procurement: Procurement,
    run: AnalysisRun,
    replanning: Replanning | None,
    content: Recommended,
    reasons: str,
    alternatives: str,
    base_url: str,
    actor: Actor,
    now: datetime,
) -> Recommendation:
    """Raises InterestError and WrittenAlreadyError."""
    refuse_unmanaged_interest(session, procurement.programme_id, actor)
    plain: Any = to_json(content)
    recommendation = Recommendation(
        id=entry_id,
        procurement_id=procurement.id,
        number=queries.next_number(session, procurement.id),
        run_id=run.id,
        replanning_id=replanning.id if replanning else None,
        content=plain,
        digest=fingerprint(plain, reasons, alternatives),
        reasons=reasons,
        alternatives=alternatives,
        put_up_at=now,
        put_up_by=actor.person_id,
    )
    add_once(session, recommendation)
    _record(session, "put_up", recommendation, procurement, actor)
    mails.tell_approvers(session, recommendation, base_url=base_url)
    return recommendation


def rule(
    session: Session,
    *,
    entry_id: uuid.UUID,
    recommendation: Recommendation,
    verdict: Verdict,
    reason: str,
    base_url: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Sign it, which freezes the forecast of its run, or send it back.

    Raises InterestError, OwnRecommendationError and NoLongerWaitsError.
    """
    procurement = recommendation.procurement
    if recommendation.put_up_by == actor.person_id:
        raise OwnRecommendationError
    refuse_unmanaged_interest(session, procurement.programme_id, actor)
    if queries.standing(recommendation, queries.places(session, procurement.programme_id)) is not Standing.WAITS:
        raise NoLongerWaitsError
    session.add(
        Ruling(
            id=entry_id,
            recommendation_id=recommendation.id,
            verdict=verdict,
            reason=reason,
            ruled_at=now,
            ruled_by=actor.person_id,
        )
    )
    session.flush()
    _record(session, verdict.value, recommendation, procurement, actor)
    mails.tell_writer(session, recommendation, verdict, base_url=base_url)
    if verdict is Verdict.SIGNED:
        _freeze(session, recommendation, actor, now)


def _freeze(session: Session, signed: Recommendation, actor: Actor, now: datetime) -> None:
    """So that what was signed is scored when the bids are in; other procurements of the run may have done it."""
    report = runs.result_of(session, signed.run, PartKind.CAPACITY)
    if report is None:
        return
    content = content_of(signed.run, report, runs.result_of(session, signed.run, PartKind.HISTORY))
    reason = f"Recommendation {signed.number} for {signed.procurement.title} was signed"
    with suppress(FrozenAlreadyError):
        freeze(session, run=signed.run, content=content, reason=reason, actor=actor, now=now)


def _record(session: Session, act: str, row: Recommendation, procurement: Procurement, actor: Actor) -> None:
    audit.record(
        session,
        f"recommendation.{act}",
        subject=row,
        actor=actor,
        organisation_id=None,
        programme=str(procurement.programme_id),
        number=row.number,
        digest=row.digest,
    )
    session.flush()
