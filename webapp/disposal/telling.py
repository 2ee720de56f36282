"""Writing to everybody whose answers go, or stay after all: some hundred at a time, since there may be thousands."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from webapp import audit
from webapp.disposal import mails, queries
from webapp.disposal.waiting import end_of_wait
from webapp.engagements.disposed import last_day
from webapp.engagements.mails import Addresses
from webapp.engagements.telling import tell, tell_each
from webapp.mail import reached
from webapp.models import Disposal, Engagement
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
    engagement = disposal.engagement
    disposal.due_at = max(disposal.due_at or now, end_of_wait(now))
    answered, declined = (
        partial(
            write,
            engagement,
            due_at=disposal.due_at,
            policy=disposal.policy,
            addresses=_addresses(engagement, base_url),
        )
        for write in (mails.warning, mails.warning_declined)
    )
    concerned = queries.concerned(session, engagement.id, after=disposal.told_up_to, at_most=AT_ONCE)
    if concerned:
        disposal.told_up_to = concerned[-1][0].id
    else:
        concerned = queries.passed_by(session, disposal, at_most=AT_ONCE)
    told = reached(session, once=disposal.id, recipients=(person.email for person, _ in concerned))
    letters = [
        (person, answered if has_answered else declined)
        for person, has_answered in concerned
        if person.email.casefold() not in told
    ]
    tell_each(session, letters, once=disposal.id)
    if concerned:
        session.flush()
        return False
    if disposal.agreed_at is not None and disposal.due_at != end_of_wait(disposal.agreed_at):
        _tell_of_later_day(session, engagement, disposal.due_at, base_url)
    disposal.told_at, disposal.failures, disposal.failed_at = now, 0, None
    session.flush()
    audit.record(
        session,
        "disposal.told",
        subject=disposal,
        actor=None,
        engagement=str(engagement.id),
        due_on=day(last_day(disposal.due_at)),
    )
    session.flush()
    return True


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
    up_to = None if disposal.told_at is not None else disposal.told_up_to
    concerned = queries.concerned(session, engagement.id, after=after, up_to=up_to, at_most=AT_ONCE)
    write = partial(mails.kept_after_all, engagement, addresses=_addresses(engagement, base_url))
    tell_each(session, [(person, write) for person, _has_answered in concerned])
    session.flush()
    return concerned[-1][0].id if len(concerned) == AT_ONCE else None


def _addresses(engagement: Engagement, base_url: str) -> Addresses:
    return Addresses(base_url, f"/engagements/{engagement.id}", "/sign-in/link")
