"""Erasing a person's account: what is the person's goes; the records of its organisation stay and name nobody.

Submissions and audit events are never changed. They point at the person's row, which stays without what made it a
person's: that is how they come to name nobody while their seals still hold.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from webapp import audit
from webapp.accounts import actions as sign_in
from webapp.accounts.organisations.queries import signatories
from webapp.accounts.personal.actions import require_confirmed, require_off_record
from webapp.accounts.personal.forgetting import forget
from webapp.accounts.personal.queries import belongs_to, written_to
from webapp.accounts.queries import without_browser
from webapp.audit import Actor
from webapp.mail import ERASED_DOMAIN
from webapp.models import (
    ColleagueInvitation,
    EmailChange,
    EmailStop,
    Engagement,
    Identity,
    Invitation,
    MailMessage,
    Membership,
    Organisation,
    Passkey,
    PasskeyChallenge,
    Person,
    Registration,
    Reminder,
    ReminderStop,
    Response,
    SignedInSession,
    SignInLink,
)

NOBODY = "Name erased"

# Rows about nobody but the person.
ITS_OWN = (
    SignedInSession,
    SignInLink,
    Passkey,
    PasskeyChallenge,
    EmailStop,
    Identity,
    Reminder,
    ReminderStop,
    Membership,
)


class LastSignatoryError(Exception):
    """Nobody would be left who can submit, amend or withdraw what the organisation has under way."""


def left_alone(session: Session, *, actor: Actor, now: datetime) -> Sequence[Response]:
    """The responses to open engagements of which the person is the only signatory."""
    own = actor.provider
    if own is None or [person.id for person in signatories(session, own.organisation_id)] != [actor.person_id]:
        return []
    return session.scalars(
        select(Response)
        .join(Response.engagement)
        .where(
            Response.organisation_id == own.organisation_id,
            Response.withdrawn_at.is_(None),
            Engagement.closes_at >= now,
        )
        .options(joinedload(Response.engagement))
        .order_by(Engagement.closes_at, Response.id)
    ).all()


def erase(session: Session, *, actor: Actor, now: datetime) -> None:
    """At once and for good. Raises NotConfirmedError, OfficerError and LastSignatoryError."""
    require_confirmed(session, actor=actor, now=now)
    _erase(session, actor, by=actor, now=now)


def erase_for(session: Session, *, person: Person, now: datetime) -> None:
    """For whoever runs the service and knows that the person wants it. Raises OfficerError and LastSignatoryError."""
    _erase(session, without_browser(session, person.id), by=None, now=now)


def _erase(session: Session, actor: Actor, *, by: Actor | None, now: datetime) -> None:
    require_off_record(actor)
    if actor.provider is not None:  # who belongs to an organisation changes one act at a time
        session.execute(
            select(Organisation.id)
            .where(Organisation.id == actor.provider.organisation_id)
            .with_for_update(key_share=True)
        )
    person = sign_in.locked_person(session, actor)
    if left_alone(session, actor=actor, now=now):
        raise LastSignatoryError
    _unname_in_mail(session, person, actor)
    for table in ITS_OWN:
        session.execute(delete(table).where(table.person_id == person.id))
    session.execute(delete(Registration).where(belongs_to(Registration.email, person)))
    to_person = belongs_to(ColleagueInvitation.email, person)
    session.execute(delete(ColleagueInvitation).where(or_(ColleagueInvitation.invited_by == person.id, to_person)))
    forget(session, EmailChange.person_id == person.id)
    session.execute(delete(MailMessage).where(written_to(person)))
    nowhere = func.concat(func.gen_random_uuid(), f"@{ERASED_DOMAIN}")  # of each row its own, since they are unique
    session.execute(update(Invitation).where(Invitation.person_id == person.id).values(email=nowhere, name=None))
    _unname(person)
    for member in actor.memberships:
        audit.record(
            session,
            "organisation.left",
            subject=session.get_one(Organisation, member.organisation_id),
            actor=by,
            organisation_id=member.organisation_id,
            person=str(person.id),
        )
    audit.record(session, "person.erased", subject=person, actor=by)
    session.flush()


def _unname(person: Person) -> None:
    person.name = NOBODY
    person.former_names = []
    person.former_emails = []
    person.email = f"{uuid.uuid4()}@{ERASED_DOMAIN}"
    person.password_hash = None
    person.totp_secret = None
    person.totp_last_counter = None


def _unname_in_mail(session: Session, person: Person, actor: Actor) -> None:
    """The copies kept here of what colleagues were sent: it says who submitted, invited or asked."""
    organisations = [member.organisation_id for member in actor.memberships]
    colleagues = (
        select(Person.id, func.lower(Person.email).label("email"))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id.in_(organisations), Person.id != person.id)
        .cte()
    )
    session.execute(
        update(MailMessage)
        .where(
            or_(
                MailMessage.person_id.in_(select(colleagues.c.id)),
                func.lower(MailMessage.recipient).in_(select(colleagues.c.email)),
            )
        )
        .values(
            subject=func.left(_unnamed(MailMessage.subject, person), 300),
            body=_unnamed(MailMessage.body, person),
        )
        .execution_options(synchronize_session=False)
    )


def _unnamed(text: InstrumentedAttribute[str], person: Person) -> ColumnElement[str]:
    """Each of the person's names where it stands as a word, the longest first, since one may begin with another.

    A single letter, given by a slip, is left: it names nobody, and stands for itself elsewhere.
    """
    names = sorted({name for name in (person.name, *person.former_names) if len(name) > 1}, key=len, reverse=True)
    if not names:
        return text.expression
    return func.regexp_replace(text, rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)", NOBODY, "g")
