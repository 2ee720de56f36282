"""What the pages about an organisation read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from webapp.accounts.organisations.details import NUMBERS
from webapp.models import (
    ColleagueInvitation,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Registration,
)


def organisation(session: Session, organisation_id: uuid.UUID) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.id == organisation_id)).one()


def members(session: Session, organisation_id: uuid.UUID) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .join(Membership.person)
        .where(Membership.organisation_id == organisation_id)
        .options(contains_eager(Membership.person))
        .order_by(Person.name, Person.id)
    ).all()


def member(session: Session, *, membership_id: uuid.UUID, organisation_id: uuid.UUID) -> Membership | None:
    return session.scalars(
        select(Membership)
        .where(Membership.id == membership_id, Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.person))
    ).one_or_none()


def signatories(session: Session, organisation_id: uuid.UUID) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == MembershipRole.SIGNATORY)
        .order_by(Person.name, Person.id)
    ).all()


def pending_invitations(session: Session, organisation_id: uuid.UUID, now: datetime) -> Sequence[ColleagueInvitation]:
    return session.scalars(
        select(ColleagueInvitation)
        .where(ColleagueInvitation.organisation_id == organisation_id, ColleagueInvitation.expires_at > now)
        .order_by(ColleagueInvitation.name, ColleagueInvitation.id)
    ).all()


def registration(session: Session, *, token_digest: str, now: datetime) -> Registration | None:
    return session.scalars(
        select(Registration).where(Registration.token_digest == token_digest, Registration.expires_at > now)
    ).one_or_none()


def invitation(session: Session, *, token_digest: str, now: datetime) -> ColleagueInvitation | None:
    return session.scalars(
        select(ColleagueInvitation)
        .where(ColleagueInvitation.token_digest == token_digest, ColleagueInvitation.expires_at > now)
        .options(joinedload(ColleagueInvitation.organisation), joinedload(ColleagueInvitation.inviter))
    ).one_or_none()


def acts_for_any(session: Session, email: str) -> bool:
    """Whether the address is of somebody who acts for an organisation."""
    return bool(
        session.scalar(
            select(
                exists()
                .where(func.lower(Person.email) == func.lower(email), Membership.person_id == Person.id)
                .select_from(Person, Membership)
            )
        )
    )


def is_given(session: Session, numbers: dict[str, str], *, by_other_than: uuid.UUID) -> bool:
    """Whether another provider holds one of the numbers."""
    same = [getattr(Organisation, column) == number for column, number in numbers.items()]
    return bool(
        session.scalar(
            select(
                exists().where(
                    Organisation.party == Party.PROVIDER,
                    Organisation.id != by_other_than,
                    Organisation.numbers_contested.is_(False),
                    or_(False, *same),
                )
            )
        )
    )


def holders_of_same_numbers(session: Session, organisation_id: uuid.UUID) -> Sequence[Person]:
    """The signatories of organisations that held a number before this one gave it, where it is contested."""
    claimant = aliased(Organisation)
    same = or_(*(getattr(claimant, column) == getattr(Organisation, column) for column in NUMBERS))
    return session.scalars(
        select(Person)
        .join(Membership, and_(Membership.person_id == Person.id, Membership.role == MembershipRole.SIGNATORY))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(claimant, and_(claimant.id == organisation_id, claimant.numbers_contested, same))
        .where(
            Organisation.id != organisation_id,
            Organisation.party == Party.PROVIDER,
            Organisation.numbers_contested.is_(False),
        )
        .order_by(Person.name, Person.id)
    ).all()
