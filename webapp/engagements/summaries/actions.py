"""Publishing what an engagement heard and led to, and correcting it. Each version stays in the records."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements import mails
from webapp.engagements.mails import Addresses
from webapp.engagements.summaries import queries
from webapp.engagements.telling import tell
from webapp.models import Engagement, EngagementState, EngagementSummary


class NotClosedError(Exception):
    """The engagement still takes responses, or they are sealed, so nobody can say yet what it heard."""


class NotNewestError(Exception):
    """Somebody else has published a summary since this officer read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    heard: str
    changes: str
    next_steps: str


def publish(
    session: Session,
    *,
    engagement: Engagement,
    words: Words,
    seen: int,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> bool:
    """Publish a summary, or a corrected one, and tell those who took part; False if it says what stands already.

    `seen` is the version that the officer had before its eyes, 0 for none. Raises NotClosedError and NotNewestError.
    """
    session.refresh(engagement, ("published_at", "closes_at", "opened_at"), with_for_update=True)
    if engagement.state(now) is not EngagementState.CLOSED or engagement.waits_for_opening:
        raise NotClosedError
    newest = queries.newest(session, engagement.id)
    if newest is not None and words == Words(heard=newest.heard, changes=newest.changes, next_steps=newest.next_steps):
        return False
    version = newest.version if newest else 0
    if version != seen:
        raise NotNewestError
    summary = EngagementSummary(
        engagement_id=engagement.id,
        version=version + 1,
        responses=queries.count_submitted(session, engagement.id),
        published_by=actor.person_id,
        published_at=now,
        **asdict(words),
    )
    session.add(summary)
    session.flush()
    act = "summary.corrected" if version else "summary.published"
    audit.record(session, act, subject=summary, actor=actor, engagement=str(engagement.id), version=summary.version)
    people = queries.people_who_took_part(session, engagement.id)
    tell(session, people, partial(mails.summary, engagement, summary, addresses=addresses))
    session.flush()
    return True
