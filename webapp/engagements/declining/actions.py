"""Saying that a provider will not respond, and taking that back.

As with a response, the deadline is judged on `now` with the engagement's row locked against an extension under way.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, delete, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.declining import mails
from webapp.engagements.declining.queries import SAID, can_decline, has_submitted, is_said, stands, was_said
from webapp.engagements.mails import Addresses
from webapp.models import Decline, DeclineReason, Engagement


class ClosedError(Exception):
    """It came after the engagement had closed."""


class SubmittedError(Exception):
    """The organisation has a response that counts."""


class ChangedError(Exception):
    """The organisation has acted since the page was opened that this was sent from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declining:
    reasons: Sequence[DeclineReason]
    comment: str | None
    may_quote: bool
    nonce: uuid.UUID
    seen: uuid.UUID | None
    """The nonce of what stood when the page was opened that this is sent from."""

    @property
    def said(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("reasons", "comment", "may_quote", "nonce")}


def decline(
    session: Session,
    *,
    engagement: Engagement,
    declining: Declining,
    organisation_id: uuid.UUID,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Say it, in place of what stood when the page was opened; a page that is sent twice says it once.

    The other signatories are told when nothing stood before. Raises ClosedError, SubmittedError and ChangedError.
    """
    _hold(session, engagement, now)
    if has_submitted(session, engagement.id, organisation_id):
        raise SubmittedError
    said = {**declining.said, "declined_at": now, "declined_by": actor.person_id}
    if not _write(session, engagement.id, organisation_id, said, seen=declining.seen):
        if is_said(session, engagement.id, organisation_id, declining.said):
            return
        raise ChangedError
    if was_said(session, engagement.id, declining.nonce):
        raise ChangedError
    audit.record(
        session,
        SAID,
        subject=engagement,
        actor=actor,
        organisation_id=organisation_id,
        nonce=str(declining.nonce),
    )
    if declining.seen is None:
        mails.tell(session, engagement=engagement, organisation_id=organisation_id, actor=actor, addresses=addresses)
    session.flush()


def take_back(
    session: Session,
    *,
    engagement: Engagement,
    organisation_id: uuid.UUID,
    seen: uuid.UUID | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Nothing of what was said is kept; `seen` is its nonce. Doing it twice is doing it once.

    Raises ClosedError, and ChangedError where something else stands by now.
    """
    _hold(session, engagement, now)
    own = {"engagement_id": engagement.id, "organisation_id": organisation_id}
    taken = session.scalar(delete(Decline).filter_by(**own, nonce=seen).returning(Decline.nonce))
    if taken is None:
        if session.scalar(select(Decline.nonce).filter_by(**own).where(stands())):
            raise ChangedError
    else:
        audit.record(
            session, "engagement.decline_taken_back", subject=engagement, actor=actor, organisation_id=organisation_id
        )
    session.flush()


def _write(
    session: Session,
    engagement_id: uuid.UUID,
    organisation_id: uuid.UUID,
    said: dict[str, object],
    *,
    seen: uuid.UUID | None,
) -> bool:
    """Whether it was written: in place of what was seen if that still stands, or of nothing if nothing does."""
    key = {"engagement_id": engagement_id, "organisation_id": organisation_id}
    saying: Insert | Update
    if seen is None:
        session.execute(delete(Decline).filter_by(**key).where(~stands()).execution_options(synchronize_session=False))
        saying = insert(Decline).values({**key, **said}).on_conflict_do_nothing()
    else:
        saying = update(Decline).filter_by(**key).where(Decline.nonce == seen, stands()).values(said)
    written = saying.returning(Decline.nonce).execution_options(synchronize_session=False)
    return session.scalar(written) is not None


def _hold(session: Session, engagement: Engagement, now: datetime) -> None:
    session.refresh(engagement, ("published_at", "closes_at"), with_for_update={"read": True})
    if not can_decline(engagement, now):
        raise ClosedError
