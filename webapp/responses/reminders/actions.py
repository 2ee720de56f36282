"""Reminding people before an engagement closes, and stopping."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.engagements.declining.queries import has_said_no
from webapp.language import speaking
from webapp.mail import Mail, send
from webapp.models import EngagementState, Person, Reminder, ReminderStop, Response
from webapp.responses.queries import Journey, answers_of, draft
from webapp.responses.reminders import mails, queries
from webapp.responses.reminders.stop_links import bound, new_stop_token
from webapp.responses.reminders.times import Situation, due


def whom_to_remind(session: Session, now: datetime) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """The ids of engagements and organisations of which somebody may have to be reminded."""
    for engagement in queries.open_engagements(session, now):
        for situation in Situation:
            time = due(engagement, situation, now)
            if time is not None:
                for organisation_id in queries.organisations(session, engagement, situation, time):
                    yield engagement.id, organisation_id


def remind(
    session: Session, *, engagement_id: uuid.UUID, organisation_id: uuid.UUID, base_url: str, now: datetime
) -> int:
    """Mail those of an organisation who are due a reminder and had none of its kind; returns how many.

    The engagement and the response are locked: nobody is reminded of what is submitted at this moment.
    """
    engagement = queries.locked_engagement(session, engagement_id)
    response = queries.locked_response(session, engagement_id, organisation_id)
    situation = None if has_said_no(session, engagement_id, organisation_id) else _situation(session, response)
    time = due(engagement, situation, now) if situation else None
    if situation is None or time is None or engagement.state(now) is not EngagementState.OPEN:
        return 0
    people = (
        queries.people_at_work(session, response)
        if response
        else queries.people_invited(session, engagement_id, organisation_id)
    )
    organisation = queries.organisation(session, organisation_id)
    sent = 0
    for person in people:
        reminder_id = uuid.uuid4()
        token = new_stop_token(reminder_id)
        reminder = Reminder(
            id=reminder_id,
            engagement_id=engagement_id,
            organisation_id=organisation_id,
            person_id=person.id,
            kind=time.kind,
            token_digest=bound(token, person.email),
        )
        if _is_new(session, reminder):
            with speaking(person.language):
                mail = mails.reminder(
                    engagement, organisation, response, situation, base_url=base_url, stop_token=token
                )
            _send(session, reminder, person, mail)
            sent += 1
    session.flush()
    return sent


def stop(session: Session, *, reminder: Reminder) -> None:
    """No more reminders of this engagement to the person who had this one."""
    adding = insert(ReminderStop).values(engagement_id=reminder.engagement_id, person_id=reminder.person_id)
    added = session.scalar(adding.on_conflict_do_nothing().returning(ReminderStop.person_id))
    if added is not None:
        audit.record(
            session, "reminder.stopped", subject=reminder, actor=None, organisation_id=reminder.organisation_id
        )
    session.flush()


def _situation(session: Session, response: Response | None) -> Situation | None:
    if response is None:
        return Situation.NOT_STARTED
    if response.withdrawn_at is not None or response.synthetic:
        return None
    if response.current_submission_id is None:
        return Situation.DRAFT
    journey = Journey(response, draft(session, response), answers_of(session, response.current_submission_id))
    return Situation.CHANGES if journey.unsent_changes else None


def _is_new(session: Session, reminder: Reminder) -> bool:
    """Adds it, unless the person had the same before."""
    values = {
        name: getattr(reminder, name)
        for name in ("id", "engagement_id", "organisation_id", "person_id", "kind", "token_digest")
    }
    adding = insert(Reminder).values(**values).on_conflict_do_nothing()
    return session.scalar(adding.returning(Reminder.id)) is not None


def _send(session: Session, reminder: Reminder, person: Person, mail: Mail) -> None:
    send(session, recipient=person.email, mail=mail)
    audit.record(
        session,
        "reminder.sent",
        subject=reminder,
        actor=None,
        organisation_id=reminder.organisation_id,
        engagement=str(reminder.engagement_id),
        kind=reminder.kind.value,
    )
