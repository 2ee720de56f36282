"""Taking back what was submitted, so that nobody reads, counts or quotes it any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from webapp.models import Response, Submission, Withdrawal


def take_back(session: Session, *, response: Response, now: datetime) -> None:
    """Whatever the response has said so far. The caller has locked it."""
    response.current_submission_id = None
    response.withdrawn_at = now
    so_far = select(Submission.id, literal(now)).where(Submission.response_id == response.id)
    session.execute(
        upsert(Withdrawal)
        .from_select([Withdrawal.submission_id.key, Withdrawal.withdrawn_at.key], so_far)
        .on_conflict_do_nothing()
    )
