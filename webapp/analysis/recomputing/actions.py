"""Keeping on record that the inputs of a run left the service."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import AnalysisRun


def inputs_taken(session: Session, *, run: AnalysisRun, market: bytes, actor: Actor) -> None:
    """With the SHA-256 of the market, by which a file that turns up is known for the one that was taken."""
    audit.record(
        session,
        "analysis.inputs_exported",
        subject=run,
        actor=actor,
        engagement_id=str(run.engagement_id),
        market=sha256(market).hexdigest(),
    )
    session.flush()
