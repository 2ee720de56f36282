"""Organisations, people and who works where."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tests.factories.rows import add, numbers
from webapp.models import (
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Programme,
    ProviderKind,
    ProviderSize,
    TeamMember,
    TeamRole,
)


def buyer(session: Session, **given: Any) -> Organisation:
    return add(session, Organisation(**{"name": f"Buyer {next(numbers)}", "party": Party.BUYER, **given}))


def provider(session: Session, **given: Any) -> Organisation:
    defaults = {
        "name": f"Provider {next(numbers)}",
        "party": Party.PROVIDER,
        "provider_kind": ProviderKind.CHARITY,
        "size": ProviderSize.SMALL,
        "vcse": True,
    }
    return add(session, Organisation(**{**defaults, **given}))


def person(session: Session, organisation: Organisation, role: MembershipRole, **given: Any) -> Person:
    number = next(numbers)
    member = Membership(organisation_id=organisation.id, role=role)
    named = {"name": f"Person {number}", "email": f"person{number}@example.org", **given}
    return add(session, Person(**named, memberships=[member]))


def officer(session: Session, organisation: Organisation | None = None, **given: Any) -> Person:
    """Leads every programme of the organisation that there is by then."""
    works_for = organisation or buyer(session)
    someone = person(session, works_for, MembershipRole.OFFICER, **given)
    of_theirs = or_(Programme.buyer_id == works_for.id, Programme.agent_id == works_for.id)
    for programme_id in session.scalars(select(Programme.id).where(of_theirs)).all():
        team_member(session, programme_id, someone.id, works_for.id)
    return someone


def provider_person(session: Session, organisation: Organisation | None = None, **given: Any) -> Person:
    return person(session, organisation or provider(session), MembershipRole.SIGNATORY, **given)


def team_member(
    session: Session,
    programme_id: uuid.UUID,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    role: TeamRole = TeamRole.LEAD_OFFICER,
) -> TeamMember:
    return add(
        session,
        TeamMember(programme_id=programme_id, person_id=person_id, organisation_id=organisation_id, role=role),
    )
