"""How an organisation's first officer comes in: by whoever runs the service, on the server itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.queries import person_by_email
from webapp.models import Membership, MembershipRole, Organisation, Party, Person, Tier, agency


class UnknownOrganisationError(LookupError):
    """No buyer or agent of that name; the message is the name."""


class ActsForAnotherError(Exception):
    """The address belongs to somebody who acts for another organisation."""


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation and where it stands; the parts that are named must be there already."""

    name: str
    party: Party = Party.BUYER
    tier: Tier | None = None
    part_of: str = ""
    acts_for: tuple[str, ...] = ()
    """The buyers that a procuring agent procures for."""


def is_recorded(session: Session, name: str) -> bool:
    return _find(session, name) is not None


def place(session: Session, wanted: Place) -> Organisation:
    """The organisation of that name, made if need be, at that place. Raises UnknownOrganisationError."""
    organisation = _find(session, wanted.name)
    if organisation is None:
        organisation = Organisation(id=uuid.uuid4(), name=wanted.name, party=wanted.party)
        session.add(organisation)
        session.flush()
    if wanted.tier is not None:
        organisation.tier = wanted.tier
    if wanted.part_of:
        organisation.part_of_id = _known(session, wanted.part_of).id
    for buyer in wanted.acts_for:
        served = {"agent_id": organisation.id, "buyer_id": _known(session, buyer).id}
        session.execute(insert(agency).values(served).on_conflict_do_nothing())
    audit.record(session, "organisation.placed", subject=organisation, actor=None, organisation_id=organisation.id)
    session.flush()
    return organisation


def add_officer(session: Session, *, organisation: Organisation, name: str, email: str) -> Person:
    """Raises ActsForAnotherError."""
    person = person_by_email(session, email)
    if person is None:
        person = Person(id=uuid.uuid4(), name=name, email=email)
        session.add(person)
        session.flush()
    theirs = session.scalars(select(Membership.organisation_id).where(Membership.person_id == person.id)).all()
    if organisation.id in theirs:
        return person
    if theirs:
        raise ActsForAnotherError
    session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=MembershipRole.OFFICER))
    audit.record(session, "organisation.officer_added", subject=person, actor=None, organisation_id=organisation.id)
    session.flush()
    return person


def _find(session: Session, name: str) -> Organisation | None:
    return session.scalars(
        select(Organisation)
        .where(Organisation.name == name, Organisation.party.in_((Party.BUYER, Party.PROCURING_AGENT)))
        .order_by(Organisation.created_at)
        .limit(1)
    ).one_or_none()


def _known(session: Session, name: str) -> Organisation:
    found = _find(session, name)
    if found is None:
        raise UnknownOrganisationError(name)
    return found
