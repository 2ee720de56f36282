"""Taking back what was submitted, so that nobody reads, counts or quotes it any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from webapp.models import Response, Submission, Withdrawal


def take_back(session: Session, *, response: Response, now: datetime, reason: str | None = None) -> None:
    """Whatever the response has said so far. The caller has locked it."""
    response.current_submission_id = None
    response.withdrawn_at = now
    so_far = select(Submission.id, literal(now), literal(reason, Text)).where(Submission.response_id == response.id)
    session.execute(
        upsert(Withdrawal)
        .from_select(
            [each.key for each in (Withdrawal.submission_id, Withdrawal.withdrawn_at, Withdrawal.reason)], so_far
        )
        .on_conflict_do_nothing()
    )
