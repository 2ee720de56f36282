"""Taking back what was submitted, so that nobody reads, counts or quotes it any more."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy import Text, func, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import Engagement, EngagementState, Response, Submission, Withdrawal
from webapp.responses import mails
from webapp.responses.actions import NotOpenError, locked, require_signatory, tell


class NothingToWithdrawError(Exception):
    """No submission counts, or no longer."""


class AlreadyWithdrawnError(Exception):
    """It was, at `withdrawn_at` and for `reason` if one was given, which stays as it is; `words` is what came now."""

    def __init__(self, engagement: Engagement, withdrawn_at: datetime, reason: str | None, words: str) -> None:
        super().__init__(f"a response to engagement {engagement.id} was withdrawn before")
        self.engagement = engagement
        self.withdrawn_at = withdrawn_at
        self.reason = reason
        self.words = words


def to_withdraw(
    session: Session, *, response_id: uuid.UUID, words: str | None, actor: Actor, now: datetime
) -> Response:
    """The response, locked, which the actor may withdraw; `words` is the reason that came with it.

    Raises NotSignatoryError, AlreadyWithdrawnError, NothingToWithdrawError or NotOpenError.
    """
    response = locked(session, response_id, actor)
    require_signatory(actor)
    if response.withdrawn_at is not None:
        stands = _reason(session, response)
        raise AlreadyWithdrawnError(response.engagement, response.withdrawn_at, stands, words or "")
    if response.current_submission_id is None:
        raise NothingToWithdrawError
    if response.engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError(response.engagement, words=words)
    return response


def withdraw(
    session: Session, *, response_id: uuid.UUID, reason: str | None, link: str, actor: Actor, now: datetime
) -> None:
    """Take back the current submission; the draft stays. Doing it twice is doing it once, unless another reason comes.

    Raises as `to_withdraw` does.
    """
    try:
        response = to_withdraw(session, response_id=response_id, words=reason, actor=actor, now=now)
    except AlreadyWithdrawnError as error:
        if reason in (None, error.reason):
            return
        raise
    withdrawn = str(response.current_submission_id)
    take_back(session, response=response, now=now, reason=reason)
    audit.record(
        session,
        "response.withdrawn",
        subject=response,
        actor=actor,
        organisation_id=response.organisation_id,
        submission_id=withdrawn,
    )
    withdrawal = partial(mails.withdrawal, response, actor.name, now, reason, link)
    tell(session, response, actor, withdrawal, withdrawal)


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


def _reason(session: Session, response: Response) -> str | None:
    """Of the withdrawal that stands; what was taken back before it may have had another."""
    return session.scalar(
        select(func.max(Withdrawal.reason))
        .join(Submission, Submission.id == Withdrawal.submission_id)
        .where(Submission.response_id == response.id, Withdrawal.withdrawn_at == response.withdrawn_at)
    )
