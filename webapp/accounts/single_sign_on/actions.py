"""Who may come in through an OpenID provider: officers that have an account, of organisations that allow it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.actions import begin_session
from webapp.accounts.queries import person_by_email
from webapp.accounts.single_sign_on import queries
from webapp.accounts.single_sign_on.provider import Arrival
from webapp.audit import Actor
from webapp.models import Identity, Organisation, Person, SingleSignOn


class RefusedError(Exception):
    """The provider knows who it is; this service does not let it in."""


class OrganisationError(Exception):
    """No buyer or procuring agent has that name, or several have."""


def sign_in(session: Session, *, arrival: Arrival, replacing: Actor | None, now: datetime) -> str:
    """The token of a session. Raises RefusedError, whose text is for the log."""
    person = _person(session, arrival)
    if not queries.may_enter(session, person_id=person.id, issuer=arrival.issuer):
        raise RefusedError("not allowed")
    return begin_session(
        session,
        person_id=person.id,
        email=person.email,
        method="single sign-on",
        second_factor=arrival.multi_factor,
        replacing=replacing,
        now=now,
    )


def _person(session: Session, arrival: Arrival) -> Person:
    """By what was pinned; at first by the address. From then on the address counts no more. Raises RefusedError."""
    pinned = queries.pinned(session, issuer=arrival.issuer, subject=arrival.subject)
    if pinned is not None:
        return pinned
    if arrival.email is None:
        raise RefusedError("address not verified")
    person = person_by_email(session, arrival.email)
    if person is None:
        raise RefusedError("unknown")
    session.scalars(select(Person).where(Person.id == person.id).with_for_update(key_share=True)).one()
    if queries.has_identity(session, person_id=person.id, issuer=arrival.issuer):
        raise RefusedError("pinned to another subject")
    if not queries.may_enter(session, person_id=person.id, issuer=arrival.issuer):
        raise RefusedError("not allowed")
    identity = Identity(person_id=person.id, issuer=arrival.issuer, subject=arrival.subject)
    session.add(identity)
    session.flush()
    audit.record(session, "person.identity_pinned", subject=identity, actor=None, person=str(person.id))
    return person


def allow(session: Session, *, name: str, issuer: str) -> None:
    """Let the officers of an organisation come in through the provider. Raises OrganisationError."""
    organisation = _buyer(session, name)
    if session.get(SingleSignOn, (organisation.id, issuer)) is None:
        session.add(SingleSignOn(organisation_id=organisation.id, issuer=issuer))
        _record(session, "organisation.single_sign_on_allowed", organisation)


def forbid(session: Session, *, name: str, issuer: str) -> None:
    """From now on they cannot; sessions that have begun go on. Raises OrganisationError."""
    organisation = _buyer(session, name)
    if (allowed := session.get(SingleSignOn, (organisation.id, issuer))) is not None:
        session.delete(allowed)
        _record(session, "organisation.single_sign_on_forbidden", organisation)


def _buyer(session: Session, name: str) -> Organisation:
    found = queries.buyers_called(session, name)
    if len(found) != 1:
        raise OrganisationError
    return found[0]


def _record(session: Session, act: str, organisation: Organisation) -> None:
    audit.record(session, act, subject=organisation, actor=None, organisation_id=organisation.id)
    session.flush()
