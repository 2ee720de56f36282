"""Changing one's email address. A link to the new address shows that it is the person's; until then the old one counts.

Whether somebody has the new address already is told to that address alone, as when somebody registers. The link is of
no use but to a browser that is signed in as the person: one that went to a mistyped address gives nobody anything.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts import actions as sign_in
from webapp.accounts.personal import mails, queries
from webapp.accounts.personal.actions import require_confirmed
from webapp.accounts.queries import person_by_email
from webapp.accounts.tokens import digest, new_token
from webapp.audit import Actor
from webapp.jobs import defer
from webapp.language import speaking
from webapp.mail import send
from webapp.models import AuditEvent, EmailChange, MailMessage, Person, SignedInSession, SignInLink

LINK_LIFE = timedelta(hours=1)
ASKED, CHANGED = "person.email_change_mailed", "person.email_changed"


class OrganisationAddressError(Exception):
    """The person comes in by its organisation's account alone, and the address is the one known there."""


class TakenError(Exception):
    """Somebody else has the address."""


def require_own(session: Session, *, actor: Actor) -> None:
    """Raises OrganisationAddressError."""
    if queries.comes_by_organisation_alone(session, actor.person_id):
        raise OrganisationAddressError


def ask_to_change(session: Session, *, change_id: uuid.UUID, email: str, actor: Actor, now: datetime) -> None:
    """Keep the address, in place of one asked for before, and leave the rest to the worker: the same work for each.

    The same id again, as of a form that is sent twice, does nothing. Raises OrganisationAddressError and
    NotConfirmedError.
    """
    require_own(session, actor=actor)
    require_confirmed(session, actor=actor, now=now)
    sign_in.locked_person(session, actor)
    if session.get(EmailChange, change_id) is not None:
        return
    session.execute(
        delete(EmailChange).where(or_(EmailChange.person_id == actor.person_id, EmailChange.expires_at <= now))
    )
    session.add(EmailChange(id=change_id, person_id=actor.person_id, email=email, expires_at=now + LINK_LIFE))
    session.flush()
    defer(session, "accounts.mail_email_change", change_id=str(change_id))


def mail_change(session: Session, *, change: EmailChange, base_url: str) -> None:
    """One mail, whoever the address belongs to; a link only if it can be used."""
    person, holder = session.get_one(Person, change.person_id), person_by_email(session, change.email)
    if holder is not None and holder is not person:
        with speaking(holder.language):
            mail = mails.email_taken(base_url=base_url)
    else:
        token = new_token()
        change.token_digest = digest(token)
        with speaking(person.language):
            mail = mails.confirm_email(link=f"{base_url}{mails.EMAIL_LINK}{token}", works_until=change.expires_at)
    message = send(session, recipient=change.email, mail=mail)
    _record(session, ASKED, person, None, message)


def change(session: Session, *, token: str, actor: Actor, now: datetime) -> str | None:
    """The token of the one session that is left; None if the link is of no use to this person."""
    person = sign_in.locked_person(session, actor)
    asked = queries.email_change(session, token_digest=digest(token), person_id=person.id, now=now)
    if asked is None:
        return None
    try:
        _change(session, person, asked.email, actor)
    except TakenError:
        return None
    return sign_in.begin_session(
        session,
        person_id=person.id,
        method="link",
        second_factor=actor.second_factor,
        replacing=None,
        now=now,
    )


def change_for(session: Session, *, person: Person, email: str) -> None:
    """For whoever runs the service and knows that the address is the person's. Raises TakenError."""
    _change(session, person, email, actor=None)


def told_by(person_id: uuid.UUID, *acts: str) -> ColumnElement[bool]:
    """The messages that were written for these acts of a person, whatever address they went to."""
    message_id = AuditEvent.detail["message"].astext.cast(UUID(as_uuid=True))
    about_person = (AuditEvent.subject_kind == Person.__tablename__, AuditEvent.subject_id == person_id)
    return MailMessage.id.in_(select(message_id).where(*about_person, AuditEvent.act.in_(acts)))


def _change(session: Session, person: Person, email: str, actor: Actor | None) -> None:
    """Whoever reads the old mailbox, or was signed in, is out. Copies of what was written to it follow the person:
    the next to have that address would find them among what is held about it.
    """
    former = person.email
    try:
        with session.begin_nested():
            person.email = email
    except IntegrityError as error:
        raise TakenError from error
    session.execute(
        update(MailMessage)
        .where(func.lower(MailMessage.recipient) == func.lower(former))
        .values(recipient=email)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(EmailChange).where(EmailChange.person_id == person.id))
    session.execute(delete(SignInLink).where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None)))
    session.execute(delete(SignedInSession).where(SignedInSession.person_id == person.id))
    with speaking(person.language):
        message = send(session, recipient=former, mail=mails.email_changed(name=person.name))
    _record(session, CHANGED, person, actor, message)


def _record(session: Session, act: str, person: Person, actor: Actor | None, message: MailMessage | None) -> None:
    """Without any address. By the message's id it is found when the account is erased."""
    audit.record(session, act, subject=person, actor=actor, message=str(message.id) if message else None)
    session.flush()
