"""Saying how long responses are kept; asking that they be destroyed, agreeing to it, and taking it back."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import partial
from hashlib import sha256

from sqlalchemy.orm import Session

from webapp import audit, jobs
from webapp.audit import Actor
from webapp.disposal import mails, queries
from webapp.disposal.waiting import end_of_wait
from webapp.engagements.disposed import last_day
from webapp.engagements.mails import Addresses
from webapp.engagements.telling import tell
from webapp.models import Disposal, Engagement, EngagementState, Person, Programme
from webapp.programmes.permissions import Permission
from webapp.programmes.queries import lock
from webapp.programmes.teams.queries import people_to_tell
from webapp.web.format import LONDON, day

WARN, REASSURE = "disposal.warn", "disposal.reassure"
"""Of everybody whose answers go: see telling."""
TELL_OF_FAILURE = "disposal.tell_of_failure"
TELL_AFTER = 2
"""Failures, since a restart of the database or a deployment may well be in the way once."""


class NotPossibleError(Exception):
    """The message says why."""


class ChangedError(Exception):
    """A colleague has said something else since the page was opened."""


class OwnRequestError(Exception):
    """Nobody agrees to what they asked for."""


def stated_now(programme: Programme) -> str:
    """A digest of what is stated, for a page to carry."""
    return sha256(f"{programme.keep_until}\n{programme.retention_policy}".encode()).hexdigest()


def state_retention(
    session: Session, *, programme: Programme, keep_until: date, policy: str, seen: str, actor: Actor
) -> None:
    """Raises ChangedError unless what was `seen` still stands, and NotPossibleError."""
    lock(session, programme.id)
    session.refresh(programme, ["keep_until", "retention_policy"])
    was_until, was_policy = programme.keep_until, programme.retention_policy
    if (was_until, was_policy) == (keep_until, policy):
        return
    if seen != stated_now(programme):
        raise ChangedError
    if queries.any_under_way(session, programme.id):
        raise NotPossibleError("Responses are about to be destroyed by what is stated now. Take that back first")
    programme.keep_until, programme.retention_policy = keep_until, policy
    audit.record(
        session,
        queries.STATED,
        subject=programme,
        actor=actor,
        keep_until=keep_until.isoformat(),
        policy=policy,
        was_until=was_until.isoformat() if was_until else None,
        was_policy=was_policy,
    )
    session.flush()


def why_not(engagement: Engagement, stated: queries.Stated, now: datetime) -> str:
    """Why the responses cannot be destroyed, whoever wants it; empty if they can.

    Providers read until when their responses are kept. An earlier day has to stand where they read it as long as they
    are given to download a copy.
    """
    until = engagement.programme.keep_until
    if engagement.state(now) is not EngagementState.CLOSED:
        return "Responses can be destroyed only after the engagement has closed."
    if engagement.waits_for_opening:
        return "The responses are sealed. Open them first: the certificate says how many there were."
    if until is None:
        return "The programme does not say yet until when responses are kept."
    if now.astimezone(LONDON).date() <= until:
        return f"Responses are kept until the end of {day(until)}."
    shortened = queries.shortened_at(stated)
    if shortened is not None and now < end_of_wait(shortened):
        return (
            f"An earlier day was stated on {day(shortened)}. Responses can be destroyed once it has stood on the "
            f"public page until the end of {day(last_day(end_of_wait(shortened)))}."
        )
    return ""


def ask(
    session: Session,
    *,
    engagement: Engagement,
    disposal_id: uuid.UUID,
    note: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Somebody else then has to agree. The same once more is nothing more. Raises NotPossibleError."""
    programme = engagement.programme
    lock(session, programme.id)  # so that what it states is what stands when this is asked for
    session.refresh(programme, ["keep_until", "retention_policy"])
    session.refresh(engagement, with_for_update=True)
    standing = queries.standing(session, engagement.id)
    if standing is not None and standing.id == disposal_id:
        return
    if standing is not None:
        raise NotPossibleError("That has been asked for already.")
    if session.get(Disposal, disposal_id) is not None:
        raise NotPossibleError("That was taken back. Open the page again to ask for it anew.")
    if reason := why_not(engagement, queries.stated(session, engagement.programme_id), now):
        raise NotPossibleError(reason)
    disposal = Disposal(
        id=disposal_id,
        engagement_id=engagement.id,
        kept_until=programme.keep_until,
        policy=programme.retention_policy,
        note=note,
        asked_at=now,
        asked_by=actor.person_id,
    )
    session.add(disposal)
    session.flush()
    others = [each for each in _deciding(session, engagement) if each.id != actor.person_id]
    tell(session, others, partial(mails.asked, engagement, addresses=addresses))
    _record(session, "disposal.asked", disposal, actor)


def agree(session: Session, *, engagement: Engagement, addresses: Addresses, actor: Actor, now: datetime) -> None:
    """From here it happens by itself unless somebody takes it back. The worker tells everybody whose answers go.

    Raises OwnRequestError and NotPossibleError.
    """
    session.refresh(engagement, with_for_update=True)
    disposal = queries.standing(session, engagement.id)
    if disposal is None:
        raise NotPossibleError("It is not asked for any more.")
    if disposal.agreed_at is not None:
        raise NotPossibleError("It has been agreed already.")
    if disposal.asked_by == actor.person_id:
        raise OwnRequestError
    if not queries.asker_leads(session, disposal, engagement.programme_id):
        raise NotPossibleError("Whoever asked for it no longer leads the programme. Take it back, and ask again.")
    if reason := why_not(engagement, queries.stated(session, engagement.programme_id), now):
        raise NotPossibleError(reason)
    due_at = end_of_wait(now)
    disposal.agreed_at, disposal.agreed_by, disposal.due_at = now, actor.person_id, due_at
    tell(session, _deciding(session, engagement), partial(mails.agreed, engagement, due_at=due_at, addresses=addresses))
    session.flush()
    warn(session, disposal.id)
    _record(session, "disposal.agreed", disposal, actor, due_on=day(last_day(due_at)))


def warn(session: Session, disposal_id: uuid.UUID) -> None:
    """Have the worker tell those concerned, unless it is about to."""
    key = f"{WARN} {disposal_id}"
    jobs.defer(session, WARN, lock=key, queueing_lock=key, disposal_id=str(disposal_id))


def stop(
    session: Session, *, engagement: Engagement, reason: str, addresses: Addresses, actor: Actor, now: datetime
) -> None:
    """Raises NotPossibleError."""
    session.refresh(engagement, with_for_update=True)
    disposal = queries.standing(session, engagement.id)
    if disposal is None:
        raise NotPossibleError("It has been taken back already.")
    if disposal.done_at is not None:
        raise NotPossibleError("It is done, and cannot be undone.")
    disposal.stopped_at, disposal.stopped_by, disposal.stop_reason = now, actor.person_id, reason
    if disposal.told_at is not None or disposal.told_up_to is not None:
        jobs.defer(session, REASSURE, disposal_id=str(disposal.id), after=None)
    others = [each for each in _deciding(session, engagement) if each.id != actor.person_id]
    tell(session, others, partial(mails.stopped, engagement, addresses=addresses))
    session.flush()
    _record(session, "disposal.stopped" if disposal.agreed_at else "disposal.withdrawn", disposal, actor, reason=reason)


def _deciding(session: Session, engagement: Engagement) -> list[Person]:
    return list(people_to_tell(session, engagement.programme_id, Permission.DISPOSE))


def fail(session: Session, *, disposal_id: uuid.UUID, now: datetime) -> None:
    """That the worker began and could not end it, be it the telling or the destroying, so that nothing is destroyed.

    Unless it was done or taken back.
    """
    disposal = session.get(Disposal, disposal_id, with_for_update=True, populate_existing=True)
    if disposal is None or disposal.done_at is not None or disposal.stopped_at is not None:
        return
    disposal.failures += 1
    disposal.failed_at = now
    session.flush()
    if disposal.failures == TELL_AFTER:
        jobs.defer(session, TELL_OF_FAILURE, disposal_id=str(disposal_id))
    _record(session, "disposal.failed", disposal, None)


def tell_of_failure(session: Session, *, disposal_id: uuid.UUID, base_url: str) -> None:
    """Those who could have agreed to it, whose page says what to do; unless it was done or taken back meanwhile."""
    disposal = session.get_one(Disposal, disposal_id, with_for_update=True)
    if disposal.done_at is not None or disposal.stopped_at is not None:
        return
    engagement = disposal.engagement
    tell(session, _deciding(session, engagement), partial(mails.failed, engagement, base_url=base_url))
    session.flush()


def _record(session: Session, act: str, disposal: Disposal, actor: Actor | None, **detail: audit.Scalar) -> None:
    """Last in its transaction: everybody else waits for the lock that it takes."""
    about: dict[str, audit.Scalar] = {"engagement": str(disposal.engagement_id), **detail}
    audit.record_all(session, [audit.Event(act, disposal, detail=about)], actor=actor)
