"""Everything held about a person and the responses of its organisation, as plain data for one JSON file.

Secrets are left out (hashes, tokens, the texts of mails, which may hold links): they would only serve a thief. Of
colleagues there is no more than their names where they acted.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, load_only

from webapp.accounts.organisations.details import NUMBERS
from webapp.accounts.personal.held_responses import Record, destroyed, responses
from webapp.accounts.personal.queries import passkeys, written_to
from webapp.audit import Actor
from webapp.models import (
    AuditEvent,
    Clarification,
    Decline,
    EmailChange,
    Engagement,
    Identity,
    Invitation,
    MailMessage,
    Membership,
    Organisation,
    Person,
    Reminder,
    ReminderStop,
    SignedInSession,
    SignInLink,
)


def everything(session: Session, *, actor: Actor, now: datetime) -> Record:
    organisation_id = actor.provider.organisation_id if actor.provider else None
    person = (
        session.scalars(
            select(Person)
            .where(Person.id == actor.person_id)
            .options(joinedload(Person.memberships).joinedload(Membership.organisation))
        )
        .unique()
        .one()
    )
    return {
        "made_at": now,
        "person": _person(session, person),
        "acts": _acts(session, actor.person_id),
        "emails": _emails(session, person),
        "invitations": _invitations(session, actor.person_id),
        "reminders": _reminders(session, actor.person_id),
        "reminders_stopped": _stops(session, actor.person_id),
        "responses": responses(session, organisation_id) if organisation_id else [],
        "responses_destroyed": destroyed(session, organisation_id) if organisation_id else [],
        "said_that_it_will_not_respond": _declines(session, organisation_id) if organisation_id else [],
        "questions_asked": _clarifications(session, organisation_id) if organisation_id else [],
    }


def _person(session: Session, person: Person) -> Record:
    browsers = session.scalars(
        select(SignedInSession)
        .where(SignedInSession.person_id == person.id)
        .order_by(SignedInSession.created_at, SignedInSession.id)
    )
    links = session.scalars(
        select(SignInLink).where(SignInLink.person_id == person.id).order_by(SignInLink.created_at, SignInLink.id)
    )
    changes = session.scalars(select(EmailChange).where(EmailChange.person_id == person.id))
    return {
        "name": person.name,
        "former_names": person.former_names,
        "email": person.email,
        "former_emails": person.former_emails,
        "email_asked_for": [
            {"email": asked.email, "asked_at": asked.created_at, "takes_effect_at": asked.due_at} for asked in changes
        ],
        "since": person.created_at,
        "has_password": person.password_hash is not None,
        "has_authenticator_app": person.totp_secret is not None,
        "language": person.language,
        "passkeys": [
            {"name": passkey.name, "added_at": passkey.created_at, "last_used_at": passkey.last_used_at}
            for passkey in passkeys(session, person.id)
        ],
        "single_sign_on": _identities(session, person.id),
        "acts_for": [
            {"role": member.role, "since": member.created_at, "organisation": _organisation(member.organisation)}
            for member in sorted(person.memberships, key=lambda member: member.id)
        ],
        "sessions": [
            {"begun_at": browser.created_at, "ends_at": browser.expires_at, "code_given": browser.second_factor}
            for browser in browsers
        ],
        "links": [
            {"made_at": link.created_at, "works_until": link.expires_at, "used_at": link.used_at} for link in links
        ],
    }


def _organisation(organisation: Organisation) -> Record:
    columns = ("name", "party", "provider_kind", "size", "is_sme", "vcse", *NUMBERS)
    return {column: getattr(organisation, column) for column in columns}


def _acts(session: Session, person_id: uuid.UUID) -> list[Record]:
    """What the person did, and what others or the system did about it, such as a change of its role."""
    about_person = AuditEvent.detail["person"].astext == str(person_id)
    events = session.scalars(
        select(AuditEvent).where(or_(AuditEvent.person_id == person_id, about_person)).order_by(AuditEvent.id)
    )
    return [{"at": event.at, "act": event.act, "about": event.subject_kind, **_detail(event)} for event in events]


def _detail(event: AuditEvent) -> Record:
    return {"detail": event.detail} if event.detail else {}


def _emails(session: Session, person: Person) -> list[Record]:
    """At whatever address. Not what an address was sent that is only asked for: that is for its reader alone."""
    messages = session.scalars(
        select(MailMessage)
        .where(written_to(person))
        .options(load_only(MailMessage.subject, MailMessage.created_at, MailMessage.sent_at))
        .order_by(MailMessage.created_at, MailMessage.id)
    )
    return [
        {"written_at": message.created_at, "sent_at": message.sent_at, "subject": message.subject}
        for message in messages
    ]


def _invitations(session: Session, person_id: uuid.UUID) -> list[Record]:
    rows = session.execute(
        select(Engagement.title, Organisation.name, Invitation.name.label("called"), Invitation.sent_at)
        .select_from(Invitation)
        .join(Engagement, Engagement.id == Invitation.engagement_id)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.person_id == person_id)
        .order_by(Invitation.sent_at, Invitation.id)
    )
    return [
        {"engagement": row.title, "organisation": row.name, "name": row.called, "sent_at": row.sent_at} for row in rows
    ]


def _identities(session: Session, person_id: uuid.UUID) -> list[Record]:
    """Who the person is to an OpenID provider."""
    rows = session.scalars(select(Identity).where(Identity.person_id == person_id).order_by(Identity.issuer))
    return [{"issuer": row.issuer, "subject": row.subject, "since": row.created_at} for row in rows]


def _reminders(session: Session, person_id: uuid.UUID) -> list[Record]:
    rows = session.execute(
        select(Engagement.title, Reminder.kind, Reminder.created_at)
        .join(Engagement, Engagement.id == Reminder.engagement_id)
        .where(Reminder.person_id == person_id)
        .order_by(Reminder.created_at, Reminder.id)
    )
    return [{"engagement": row.title, "kind": row.kind, "written_at": row.created_at} for row in rows]


def _stops(session: Session, person_id: uuid.UUID) -> list[Record]:
    rows = session.execute(
        select(Engagement.title, ReminderStop.created_at)
        .join(Engagement, Engagement.id == ReminderStop.engagement_id)
        .where(ReminderStop.person_id == person_id)
        .order_by(ReminderStop.created_at, Engagement.id)
    )
    return [{"engagement": row.title, "stopped_at": row.created_at} for row in rows]


def _declines(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    said = session.scalars(
        select(Decline)
        .where(Decline.organisation_id == organisation_id)
        .options(joinedload(Decline.engagement), joinedload(Decline.decliner).load_only(Person.name))
        .order_by(Decline.declined_at, Decline.engagement_id)
    )
    return [
        {
            "engagement": row.engagement.title,
            "said_at": row.declined_at,
            "said_by": row.decliner.name,
            "reasons": row.reasons,
            "comment": row.comment,
            "may_be_quoted": row.may_quote,
        }
        for row in said
    ]


def _clarifications(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    """Those that it asked here: what officers enter is in their words, and may turn out to be another's."""
    asked = session.execute(
        select(Clarification, Person.name)
        .join(Clarification.asker)
        .where(Clarification.organisation_id == organisation_id)
        .options(joinedload(Clarification.engagement))
        .order_by(Clarification.asked_at, Clarification.id)
    )
    return [
        {
            "engagement": row.engagement.title,
            "asked_at": row.asked_at,
            "asked_by": name,
            "question": row.question,
            "published_question": row.published_question,
            "answer": row.answer,
        }
        for row, name in asked
    ]
