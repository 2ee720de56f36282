"""What the pages about a person's own account read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from webapp.models import (
    EmailChange,
    EmailStop,
    Identity,
    MailMessage,
    Membership,
    Organisation,
    Party,
    Passkey,
    Person,
    SignedInSession,
)


def sessions(session: Session, person_id: uuid.UUID, now: datetime) -> Sequence[SignedInSession]:
    """Where the person is signed in, the newest first."""
    return session.scalars(
        select(SignedInSession)
        .where(SignedInSession.person_id == person_id, SignedInSession.expires_at > now)
        .order_by(SignedInSession.created_at.desc(), SignedInSession.id)
    ).all()


def passkeys(session: Session, person_id: uuid.UUID) -> Sequence[Passkey]:
    return session.scalars(
        select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.created_at, Passkey.id)
    ).all()


def is_confirmed(session: Session, session_id: uuid.UUID, *, since: datetime) -> bool:
    """Whether a link or a code, not a password alone, began this session, and not before `since`."""
    confirmed_at = session.scalar(select(SignedInSession.confirmed_at).where(SignedInSession.id == session_id))
    return confirmed_at is not None and confirmed_at >= since


@dataclass(frozen=True, slots=True)
class Shown:
    """What a session has shown of who it is, and what the person has to show."""

    confirmed_at: datetime | None
    code_given: bool
    by_passkey: bool
    has_app: bool
    has_passkey: bool
    has_identity: bool


def shown(session: Session, session_id: uuid.UUID) -> Shown | None:
    """None for a session that has ended."""
    has_passkey = exists().where(Passkey.person_id == Person.id)
    has_identity = exists().where(Identity.person_id == Person.id)
    row = session.execute(
        select(
            SignedInSession.confirmed_at,
            SignedInSession.second_factor,
            SignedInSession.method == "passkey",
            Person.totp_secret.is_not(None),
            has_passkey,
            has_identity,
        )
        .join(Person, Person.id == SignedInSession.person_id)
        .where(SignedInSession.id == session_id)
    ).one_or_none()
    return Shown(*row) if row is not None else None


def wanted(session: Session, person_id: uuid.UUID, now: datetime) -> EmailChange | None:
    """The address that the person has asked for, while it can be confirmed or is to take effect."""
    return session.scalars(select(EmailChange).where(EmailChange.person_id == person_id, _waits(now))).one_or_none()


def to_confirm(session: Session, *, token_digest: str, person_id: uuid.UUID, now: datetime) -> EmailChange | None:
    """What the link to a new address confirms, if this person asked for it."""
    return session.scalars(
        select(EmailChange).where(
            EmailChange.token_digest == token_digest,
            EmailChange.person_id == person_id,
            EmailChange.due_at.is_(None),
            EmailChange.expires_at > now,
        )
    ).one_or_none()


def to_stop(session: Session, *, stop_digest: str, now: datetime) -> uuid.UUID | None:
    """Whose changes of address a link stops."""
    return session.scalar(
        select(EmailStop.person_id).where(EmailStop.token_digest == stop_digest, EmailStop.expires_at > now)
    )


def warned_at(session: Session, change: EmailChange) -> datetime | None:
    """When the mail to the present address left; None while it has not."""
    return session.scalar(select(MailMessage.sent_at).where(MailMessage.id == change.warning_id))


def is_known_by_address(session: Session, person_id: uuid.UUID) -> bool:
    """Whether an organisation on a buyer's side, or a directory, knows the person by its address."""
    on_record = (
        select(Membership.id)
        .join(Membership.organisation)
        .where(Membership.person_id == person_id, Organisation.party != Party.PROVIDER)
    )
    return bool(session.scalar(select(or_(on_record.exists(), exists().where(Identity.person_id == person_id)))))


def due(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """Those whose addresses are to change by now, once they have been warned for long enough."""
    return session.scalars(
        select(EmailChange.person_id).where(EmailChange.due_at <= now).order_by(EmailChange.person_id)
    ).all()


def _waits(now: datetime) -> ColumnElement[bool]:
    return or_(EmailChange.due_at.is_not(None), EmailChange.expires_at > now)


def belongs_to(column: ColumnElement[str] | InstrumentedAttribute[str], person: Person) -> ColumnElement[bool]:
    """That an address is the person's, or was and is nobody else's by now."""
    other = aliased(Person)
    taken = exists().where(func.lower(other.email) == func.lower(column), other.id != person.id)
    own = [func.lower(email) for email in (person.email, *person.former_emails)]
    return and_(func.lower(column).in_(own), ~taken)


def written_to(person: Person) -> ColumnElement[bool]:
    """That a message was written to the person, at whatever address."""
    unclaimed = and_(MailMessage.person_id.is_(None), belongs_to(MailMessage.recipient, person))
    return or_(MailMessage.person_id == person.id, unclaimed)
