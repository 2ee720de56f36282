"""Registering an organisation, and joining one: how people who are not known yet come in.

Nothing tells a stranger who is registered. The page and the work of the request are the same whatever was typed; the
worker alone looks up the address, and only its owner learns what it found. A number that another provider holds stops
nothing: the newcomer's numbers are marked as contested, which officers see and the newcomer does not.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.accounts.actions import begin_session
from webapp.accounts.organisations import mails, queries
from webapp.accounts.organisations.details import NUMBERS, Details
from webapp.accounts.queries import person_by_email
from webapp.accounts.tokens import digest, new_token
from webapp.audit import Actor
from webapp.jobs import defer
from webapp.language import speaking
from webapp.mail import send
from webapp.models import ColleagueInvitation, Membership, MembershipRole, Organisation, Party, Person, Registration

REGISTRATION_LIFE = timedelta(days=1)


def ask_to_register(
    session: Session,
    *,
    details: Details,
    person_name: str,
    email: str,
    language: str,
    destination: str | None,
    now: datetime,
) -> None:
    """Keep what was typed, and leave the rest to the worker: the same work for every address and number.

    `destination` is the path of the page that the newcomer came from, to go back to in the end.
    """
    session.execute(delete(Registration).where(Registration.expires_at <= now))
    registration = Registration(
        organisation_name=details.name,
        provider_kind=details.provider_kind,
        size=details.size,
        vcse=details.vcse,
        **{column: getattr(details, column) for column in NUMBERS},
        person_name=person_name,
        email=email,
        language=language,
        expires_at=now + REGISTRATION_LIFE,
    )
    session.add(registration)
    session.flush()
    defer(session, "accounts.mail_registration", registration_id=str(registration.id), destination=destination)


def mail_registration(session: Session, *, registration: Registration, destination: str | None, base_url: str) -> None:
    """One mail, whoever the address belongs to; a link only if it can be used."""
    recipient, person = registration.email, person_by_email(session, registration.email)
    with speaking(person.language if person else registration.language):
        if queries.acts_for_any(session, recipient):
            mail = mails.known_already(base_url=base_url)
            session.delete(registration)
        else:
            token = new_token()
            registration.token_digest = digest(token)
            onward = f"?{urlencode({'next': destination})}" if destination else ""
            link = f"{base_url}{mails.REGISTRATION_LINK}{token}{onward}"
            mail = mails.confirm_registration(registration, link=link)
    send(session, recipient=recipient, mail=mail)


def confirm_registration(session: Session, *, token: str, replacing: Actor | None, now: datetime) -> str | None:
    """Make the organisation with its first signatory, and sign that browser in: returns its session's token."""
    registration = session.scalars(
        select(Registration)
        .where(Registration.token_digest == digest(token), Registration.expires_at > now)
        .with_for_update()
    ).one_or_none()
    if registration is None:
        return None
    person = _newcomer(session, name=registration.person_name, email=registration.email, language=registration.language)
    if person is None:
        return None
    organisation = Organisation(id=uuid.uuid4(), party=Party.PROVIDER)
    write_details(session, organisation, _details(registration))
    session.add(organisation)
    session.flush()
    session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=MembershipRole.SIGNATORY))
    session.delete(registration)
    _record(session, "organisation.registered", organisation, person=str(person.id))
    return _begin(session, person, replacing, now)


def write_details(session: Session, organisation: Organisation, details: Details) -> None:
    """Set an organisation's details, one writer of numbers at a time, and have earlier holders of a number told."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("registered numbers"))))
    numbers_change = any(getattr(organisation, column) != getattr(details, column) for column in NUMBERS)
    organisation.numbers_contested = queries.is_given(session, details.numbers, by_other_than=organisation.id)
    for column in ("name", "provider_kind", "size", "vcse", *NUMBERS):
        setattr(organisation, column, getattr(details, column))
    if numbers_change:
        defer(session, "accounts.mail_holders", organisation_id=str(organisation.id))


def mail_holders(session: Session, *, organisation_id: uuid.UUID, base_url: str) -> None:
    for person in queries.holders_of_same_numbers(session, organisation_id):
        with speaking(person.language):
            mail = mails.number_given_again(base_url=base_url)
        send(session, recipient=person.email, mail=mail)


def mail_invitation(session: Session, *, invitation: ColleagueInvitation, base_url: str) -> None:
    """One mail, whoever the address belongs to; a link only if it can be used.

    None where the link is spoilt already, since the address was given up before it could be mailed.
    """
    if invitation.token_digest is not None:
        return
    person = person_by_email(session, invitation.email)
    with speaking(person.language if person else invitation.inviter.language):
        if queries.acts_for_any(session, invitation.email):
            mail = mails.cannot_join(invitation, base_url=base_url)
        else:
            token = new_token()
            invitation.token_digest = digest(token)
            mail = mails.join(invitation, link=f"{base_url}{mails.JOINING_LINK}{token}")
    send(session, recipient=invitation.email, mail=mail)


def join(session: Session, *, token: str, language: str, replacing: Actor | None, now: datetime) -> str | None:
    """Accept a colleague's invitation, and sign that browser in: returns its session's token.

    Somebody new is written to in that language from then on.
    """
    invitation = session.scalars(
        select(ColleagueInvitation)
        .where(ColleagueInvitation.token_digest == digest(token), ColleagueInvitation.expires_at > now)
        .options(joinedload(ColleagueInvitation.organisation))
        .with_for_update(of=ColleagueInvitation)
    ).one_or_none()
    if invitation is None:
        return None
    person = _newcomer(session, name=invitation.name, email=invitation.email, language=language)
    if person is None:
        return None
    organisation, role = invitation.organisation, invitation.role
    session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=role))
    session.delete(invitation)
    _record(session, "organisation.joined", organisation, person=str(person.id), role=role.value)
    return _begin(session, person, replacing, now)


def _begin(session: Session, person: Person, replacing: Actor | None, now: datetime) -> str:
    return begin_session(
        session,
        person_id=person.id,
        email=person.email,
        method="link",
        second_factor=False,
        replacing=replacing,
        now=now,
    )


def _newcomer(session: Session, *, name: str, email: str, language: str) -> Person | None:
    """The person with that address, locked, or a new one; None if it acts for an organisation already."""
    newcomer = {"id": uuid.uuid4(), "name": name, "email": email, "language": language}
    session.execute(insert(Person).values(newcomer).on_conflict_do_nothing())
    person = person_by_email(session, email)
    if person is None:
        raise LookupError("a person was neither found nor added")
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    acts = session.scalar(select(Membership.id).where(Membership.person_id == person.id).limit(1))
    return person if acts is None else None


def _details(registration: Registration) -> Details:
    return Details(
        name=registration.organisation_name,
        provider_kind=registration.provider_kind,
        size=registration.size,
        vcse=registration.vcse,
        **{column: getattr(registration, column) for column in NUMBERS},
    )


def _record(session: Session, act: str, organisation: Organisation, **detail: str) -> None:
    audit.record(session, act, subject=organisation, actor=None, organisation_id=organisation.id, **detail)
