"""What the sign-in pages read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from webapp.audit import ActingFor, Actor
from webapp.models import (
    Identity,
    MailMessage,
    Membership,
    Organisation,
    Passkey,
    Person,
    SignedInSession,
    SignInLink,
)
from webapp.web.pagination import Page, paginate


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who a session belongs to, and the database's time when it was asked."""

    actor: Actor
    at: datetime


_RECOGNISED = (
    select(
        func.clock_timestamp().label("at"),
        SignedInSession.id.label("session_id"),
        SignedInSession.second_factor,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        Person.totp_secret.is_not(None).label("has_secret"),
        Membership.role,
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation_name"),
        Organisation.party,
    )
    .join(Person, Person.id == SignedInSession.person_id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(
        SignedInSession.token_digest == bindparam("token_digest"),
        SignedInSession.expires_at > func.clock_timestamp(),
        func.lower(SignedInSession.email) == func.lower(Person.email),
    )
    .order_by(Organisation.name, Organisation.id)
)
"""For every page, so made once: making it takes longer than running it."""


def recognised(session: Session, *, token_digest: str) -> Recognised | None:
    """The person, its organisations and the time, in one statement; None when the session has ended."""
    rows = session.execute(_RECOGNISED, {"token_digest": token_digest}).all()
    if not rows:
        return None
    first = rows[0]
    memberships = tuple(
        ActingFor(row.organisation_id, row.organisation_name, row.party, row.role)
        for row in rows
        if row.organisation_id is not None
    )
    actor = Actor(
        person_id=first.person_id,
        name=first.name,
        email=first.email,
        session_id=first.session_id,
        second_factor=first.second_factor,
        can_use_second_factor=first.has_secret,
        memberships=memberships,
    )
    return Recognised(actor, first.at)


def without_browser(session: Session, person_id: uuid.UUID) -> Actor:
    """Somebody as they are now, for work that they asked for while they were signed in with all that it takes."""
    found = session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
    ).one()
    return Actor(
        person_id=found.id,
        name=found.name,
        email=found.email,
        session_id=uuid.uuid4(),
        second_factor=True,
        can_use_second_factor=True,
        memberships=tuple(
            ActingFor(each.organisation_id, each.organisation.name, each.organisation.party, each.role)
            for each in found.memberships
        ),
    )


def person_by_email(session: Session, email: str) -> Person | None:
    return session.scalars(select(Person).where(func.lower(Person.email) == func.lower(email))).one_or_none()


def of_use(token_digest: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a link, beside its person, signs in still: not one that was made for an address before."""
    return (
        SignInLink.token_digest == token_digest,
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
        func.lower(SignInLink.email) == func.lower(Person.email),
    )


def usable_link(session: Session, *, token_digest: str, now: datetime) -> Person | None:
    """The person that an unused link signs in, with its organisations."""
    return session.scalars(
        select(Person)
        .join(SignInLink, SignInLink.person_id == Person.id)
        .where(*of_use(token_digest, now))
        .options(selectinload(Person.memberships).joinedload(Membership.organisation))
    ).one_or_none()


def newest_mail(session: Session, *, asked: str | None, per_page: int) -> Page[MailMessage]:
    """A page of all mail, the newest first."""
    newest = select(MailMessage).order_by(MailMessage.created_at.desc(), MailMessage.id)
    total = session.scalar(select(func.count()).select_from(MailMessage)) or 0
    return paginate(
        total, lambda limit, offset: session.scalars(newest.limit(limit).offset(offset)).all(), asked, per_page
    )


def comes_in_first(session: Session, person_id: uuid.UUID) -> bool:
    """Whether a link is all that the person has had to sign in with."""
    return bool(session.scalar(select(exists().where(Person.id == person_id, ~has_come_in()))))


def has_come_in() -> ColumnElement[bool]:
    """That a person has set up a password, an app, a passkey or single sign-on, or has changed its address: until then
    nothing but what somebody typed says that the address is its own."""
    return or_(
        func.cardinality(Person.former_emails) > 0,
        Person.password_hash.is_not(None),
        Person.totp_secret.is_not(None),
        exists().where(Passkey.person_id == Person.id),
        exists().where(Identity.person_id == Person.id),
    )


def person(session: Session, person_id: uuid.UUID) -> Person:
    return session.scalars(select(Person).where(Person.id == person_id)).one()
