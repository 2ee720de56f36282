"""Reminding a group because an officer asks for it, by the rules of all reminders: who wants none gets none."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from webapp import audit, jobs
from webapp.audit import Actor
from webapp.engagements.declining.queries import has_said_no
from webapp.language import _, speaking
from webapp.mail import Mail, send
from webapp.models import Engagement, EngagementState, Organisation, Person, Reminder, ReminderKind, Response
from webapp.responses.queries import Journey, answers_of, draft
from webapp.responses.reminders import mails
from webapp.responses.reminders import queries as rules
from webapp.responses.reminders.by_hand import queries
from webapp.responses.reminders.by_hand.groups import NAMES, Group, groups_of
from webapp.responses.reminders.stop_links import bound, new_stop_token
from webapp.responses.reminders.times import Situation
from webapp.web.format import moment

JOB = "reminders.by_hand"
SITUATIONS = {
    Group.NOT_OPENED: Situation.NOT_STARTED,
    Group.DRAFT: Situation.DRAFT,
    Group.CHANGES: Situation.CHANGES,
}


class NotOpenError(Exception):
    """The engagement takes no responses at this moment."""


class NotOfferedError(Exception):
    """The group is not one to choose, since the responses are sealed or have just been opened."""


def ask(session: Session, *, engagement: Engagement, group: Group, actor: Actor, now: datetime) -> None:
    """Have a worker remind the group, unless one is about to. Raises NotOpenError and NotOfferedError."""
    if engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError
    if group not in groups_of(engagement):
        raise NotOfferedError
    engagement_id = str(engagement.id)
    lock = f"{JOB} {engagement_id} {group.value}"
    asker = str(actor.person_id)
    jobs.defer(session, JOB, queueing_lock=lock, asked_by=asker, engagement_id=engagement_id, group=group.value)


def remind(
    session: Session, *, engagement_id: uuid.UUID, group: Group, asker: Actor, base_url: str, now: datetime
) -> None:
    """Mail everybody in the group who is still in it, wants reminders, and had none by hand within a day.

    On record is only what reached somebody: asked for again meanwhile, there is nobody left to remind. While responses
    are sealed it does not depend on whom it reached, since that tells who has begun one.
    """
    engagement = rules.locked_engagement(session, engagement_id)
    if engagement.state(now) is not EngagementState.OPEN:
        return
    lately = queries.reminded_lately(session, engagement_id, now)
    destination, reminded = f"/engagements/{engagement_id}", False
    for organisation_id in queries.organisations(session, engagement, group, destination=destination):
        response = rules.locked_response(session, engagement_id, organisation_id)
        if has_said_no(session, engagement_id, organisation_id) or not _is_in(session, group, response):
            continue
        people = (
            rules.people_at_work(session, response)
            if response
            else rules.people_invited(session, engagement_id, organisation_id)
        )
        organisation = rules.organisation(session, organisation_id)
        for person in people:
            if person.id not in lately:
                _remind(session, engagement, organisation, response, group, person, base_url)
                reminded = True
    if group is Group.EVERYBODY:
        reminded = not queries.on_record_lately(session, engagement_id, now)
    if reminded:
        audit.record(session, queries.REMINDED, subject=engagement, actor=asker, group=NAMES[group])
    session.flush()


def _is_in(session: Session, group: Group, response: Response | None) -> bool:
    """Whether the organisation is in the group now: it may have submitted since the group was listed."""
    if group is Group.EVERYBODY:
        return True
    if response is None or group is Group.NOT_OPENED:
        return response is None and group is Group.NOT_OPENED
    if group is Group.DRAFT:
        return response.current_submission_id is None and response.withdrawn_at is None
    if response.current_submission_id is None:
        return False
    journey = Journey(response, draft(session, response), answers_of(session, response.current_submission_id))
    return journey.unsent_changes


def _remind(
    session: Session,
    engagement: Engagement,
    organisation: Organisation,
    response: Response | None,
    group: Group,
    person: Person,
    base_url: str,
) -> None:
    reminder_id = uuid.uuid4()
    token = new_stop_token(reminder_id)
    session.add(
        Reminder(
            id=reminder_id,
            engagement_id=engagement.id,
            organisation_id=organisation.id,
            person_id=person.id,
            kind=ReminderKind.BY_HAND,
            token_digest=bound(token, person.email),
        )
    )
    with speaking(person.language):
        mail = (
            _to_everybody(engagement, base_url=base_url, stop_token=token)
            if group is Group.EVERYBODY
            else mails.reminder(
                engagement, organisation, response, SITUATIONS[group], base_url=base_url, stop_token=token
            )
        )
    send(session, recipient=person.email, mail=mail)


def _to_everybody(engagement: Engagement, *, base_url: str, stop_token: str) -> Mail:
    """The same whatever its reader has done."""
    lines = [
        _(
            "This is a reminder of the market engagement “%(engagement)s” of %(buyer)s.",
            engagement=engagement.title,
            buyer=engagement.programme.buyer.name,
        ),
        "",
        _("It closes at %(when)s. Nothing is accepted after that.", when=moment(engagement.closes_at)),
        "",
        _("If you have submitted a response and changed nothing since, it counts. To answer, or to see where you are:"),
        f"{base_url}/engagements/{engagement.id}",
        "",
        _("Questions about this engagement: %(address)s", address=engagement.contact_email),
        "",
        _("If you want no more reminders of this engagement, say so here:"),
        f"{base_url}/reminders/{stop_token}/stop",
        "",
    ]
    return Mail(mails.plain_subject(engagement), "\n".join(lines))
