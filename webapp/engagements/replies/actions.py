"""Publishing what was said and what was done about it. Each version stays in the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements import mails
from webapp.engagements.mails import Addresses
from webapp.engagements.replies import queries
from webapp.engagements.summaries.queries import people_who_took_part
from webapp.engagements.telling import tell
from webapp.models import Engagement, EngagementState, PublishedReply, ReplyPublication


class NotClosedError(Exception):
    """The engagement still takes responses, or they are sealed, so nobody can say yet what it heard."""


class NotNewestError(Exception):
    """Somebody else has published since this officer opened the page."""


def publish(
    session: Session,
    *,
    engagement: Engagement,
    replies: Sequence[PublishedReply],
    seen: int,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> bool:
    """Publish these, in the place of what was published before, and tell those who took part.

    False if they are what stands already. `seen` is the version that the officer had before its eyes, 0 for none.
    Raises NotClosedError and NotNewestError.
    """
    session.refresh(engagement, ("published_at", "closes_at", "opened_at"), with_for_update=True)
    if engagement.state(now) is not EngagementState.CLOSED or engagement.waits_for_opening:
        raise NotClosedError
    newest = queries.newest(session, engagement.id)
    if newest is not None and [*map(_told, newest.replies)] == [*map(_told, replies)]:
        return False
    version = newest.version if newest else 0
    if version != seen:
        raise NotNewestError
    publication = _add(session, engagement, replies, version + 1, actor, now)
    people = people_who_took_part(session, engagement.id)
    tell(session, people, partial(mails.replies, engagement, publication, addresses=addresses))
    session.flush()
    return True


def _add(
    session: Session,
    engagement: Engagement,
    replies: Sequence[PublishedReply],
    version: int,
    actor: Actor,
    now: datetime,
) -> ReplyPublication:
    """The replies as a version of what is published, in this order."""
    for position, reply in enumerate(replies):
        reply.position = position
    publication = ReplyPublication(
        engagement_id=engagement.id,
        version=version,
        published_by=actor.person_id,
        published_at=now,
        replies=list(replies),
    )
    session.add(publication)
    session.flush()
    audit.record(
        session,
        "replies.published" if version == 1 else "replies.corrected",
        subject=publication,
        actor=actor,
        engagement=str(engagement.id),
        version=version,
        replies=len(replies),
    )
    return publication


def _told(reply: PublishedReply) -> tuple[object, ...]:
    """What everybody reads of it."""
    return reply.question, reply.title, mails.how_many_spoke(reply.providers), reply.decision, reply.done, reply.reason
