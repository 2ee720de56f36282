"""Writing to everybody whose answers go, or stay after all: some hundred at a time, since there may be thousands."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from webapp import audit
from webapp.disposal import mails, queries
from webapp.disposal.waiting import end_of_wait
from webapp.engagements.disposed import last_day
from webapp.engagements.mails import Addresses
from webapp.engagements.telling import tell
from webapp.language import speaking
from webapp.mail import Letter, send_all
from webapp.models import Disposal, Engagement, Person
from webapp.programmes.permissions import Permission
from webapp.programmes.teams.queries import people_to_tell
from webapp.web.format import day

AT_ONCE = 200
"""So few that whoever takes it back meanwhile waits for a second or so, also on a busy machine."""


def warn_more(session: Session, *, disposal_id: uuid.UUID, base_url: str, now: datetime) -> bool:
    """Whether there is nobody left to warn. Goes on behind whoever was warned last, and then to those passed by.

    Everybody has the whole wait from when they are written to: where that is late, all of it ends later, which those
    who decide are told once it is certain.
    """
    disposal = session.get_one(Disposal, disposal_id, with_for_update=True, populate_existing=True)
    if not disposal.is_being_told:
        return True
    concerned = _next(session, disposal, AT_ONCE)
    disposal.due_at = max(disposal.due_at or now, end_of_wait(now))
    if concerned:
        addresses = _addresses(disposal.engagement, base_url)
        send_all(session, (_warning(disposal, *each, disposal.due_at, addresses) for each in concerned))
        last = concerned[-1][0].id
        disposal.told_up_to = max(disposal.told_up_to or last, last)
        session.flush()
        if _next(session, disposal, 1):  # at once, since a look on a later day would move the day for nobody
            return False
    _end(session, disposal, disposal.due_at, base_url, now)
    return True


def _next(session: Session, disposal: Disposal, at_most: int) -> Sequence[tuple[Person, bool]]:
    behind = queries.concerned(session, disposal.engagement_id, after=disposal.told_up_to, at_most=at_most)
    return behind or queries.passed_by(session, disposal, at_most=at_most)


def _end(session: Session, disposal: Disposal, due_at: datetime, base_url: str, now: datetime) -> None:
    if disposal.agreed_at is not None and due_at != end_of_wait(disposal.agreed_at):
        _tell_of_later_day(session, disposal.engagement, due_at, base_url)
    disposal.told_at, disposal.failures, disposal.failed_at = now, 0, None
    session.flush()
    audit.record(
        session,
        "disposal.told",
        subject=disposal,
        actor=None,
        engagement=str(disposal.engagement_id),
        due_on=day(last_day(due_at)),
    )
    session.flush()


def _warning(disposal: Disposal, person: Person, has_answered: bool, due_at: datetime, addresses: Addresses) -> Letter:
    write = mails.warning if has_answered else mails.warning_declined
    with speaking(person.language):
        mail = write(disposal.engagement, due_at=due_at, policy=disposal.policy, addresses=addresses)
    return Letter(person.email, mail, id=queries.letter_id(disposal.id, person.id, has_answered=has_answered))


def _tell_of_later_day(session: Session, engagement: Engagement, due_at: datetime, base_url: str) -> None:
    people = people_to_tell(session, engagement.programme_id, Permission.DISPOSE)
    tell(session, people, partial(mails.later, engagement, due_at=due_at, base_url=base_url))


def reassure_more(
    session: Session, *, disposal_id: uuid.UUID, after: uuid.UUID | None, base_url: str
) -> uuid.UUID | None:
    """Tell the next of those who were warned that all is kept: behind whom to go on, or None when all are told.

    Once another disposal is agreed it is kept no more, and everybody is warned of that one.
    """
    disposal = session.get_one(Disposal, disposal_id)
    engagement = disposal.engagement
    if queries.stands_agreed(session, engagement.id):
        return None
    concerned = queries.concerned(session, engagement.id, after=after, at_most=AT_ONCE)
    warned = queries.warned(session, disposal, [person.id for person, _has_answered in concerned])
    people = [person for person, _has_answered in concerned if person.id in warned]
    write = partial(mails.kept_after_all, engagement, addresses=_addresses(engagement, base_url))
    tell(session, people, write)
    session.flush()
    return concerned[-1][0].id if len(concerned) == AT_ONCE else None


def _addresses(engagement: Engagement, base_url: str) -> Addresses:
    return Addresses(base_url, f"/engagements/{engagement.id}", "/sign-in/link")
