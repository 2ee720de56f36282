"""Who is in a programme's team, and who could be."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from webapp.accounts.queries import has_come_in
from webapp.audit import Actor
from webapp.models import (
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Programme,
    ServiceLine,
    TeamMember,
    TeamRole,
    agency,
)
from webapp.programmes.permissions import GRANTS, Permission, within_reach


def programme(session: Session, programme_id: uuid.UUID, actor: Actor, permission: Permission) -> Programme | None:
    return session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(actor, permission))
        .options(joinedload(Programme.buyer), joinedload(Programme.agent), selectinload(Programme.service_lines))
    ).one_or_none()


def members(session: Session, programme_id: uuid.UUID) -> Sequence[TeamMember]:
    return session.scalars(
        select(TeamMember)
        .join(TeamMember.person)
        .where(TeamMember.programme_id == programme_id)
        .options(
            joinedload(TeamMember.person), joinedload(TeamMember.organisation), selectinload(TeamMember.service_lines)
        )
        .order_by(Person.name, Person.id)
    ).all()


def member(session: Session, member_id: uuid.UUID, programme_id: uuid.UUID) -> TeamMember | None:
    return session.scalars(
        select(TeamMember)
        .where(TeamMember.id == member_id, TeamMember.programme_id == programme_id)
        .options(
            joinedload(TeamMember.person), joinedload(TeamMember.organisation), selectinload(TeamMember.service_lines)
        )
    ).one_or_none()


def people_to_tell(session: Session, programme_id: uuid.UUID, permission: Permission) -> Sequence[Person]:
    """Of the team those who may do this, at addresses that are known to be theirs."""
    return session.scalars(
        select(Person)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(
            TeamMember.programme_id == programme_id,
            TeamMember.role.in_([role for role, granted in GRANTS.items() if permission in granted]),
            exists().where(
                Membership.person_id == Person.id,
                Membership.organisation_id == TeamMember.organisation_id,
                Membership.role == MembershipRole.OFFICER,
            ),
            has_come_in(),
        )
        .order_by(Person.id)
    ).all()


def holds(session: Session, programme_id: uuid.UUID, person_id: uuid.UUID, permission: Permission) -> bool:
    """Whether somebody other than who asks may do this now."""
    member = exists().where(
        TeamMember.programme_id == programme_id,
        TeamMember.person_id == person_id,
        TeamMember.role.in_([role for role, granted in GRANTS.items() if permission in granted]),
        Membership.person_id == TeamMember.person_id,
        Membership.organisation_id == TeamMember.organisation_id,
        Membership.role == MembershipRole.OFFICER,
    )
    return bool(session.scalar(member.select()))


def leads(session: Session, programme_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The ids of the members that lead, whose rows stay as they are until the transaction ends."""
    return session.scalars(
        select(TeamMember.id)
        .where(TeamMember.programme_id == programme_id, TeamMember.role == TeamRole.LEAD_OFFICER)
        .order_by(TeamMember.id)
        .with_for_update()
    ).all()


def organisations_to_join_for(session: Session, programme: Programme) -> Sequence[Organisation]:
    """The buyer, its agent, and the partners that somebody in the team acts for already."""
    of_the_team = select(TeamMember.organisation_id).where(TeamMember.programme_id == programme.id)
    its_own = [each for each in (programme.buyer_id, programme.agent_id) if each is not None]
    return session.scalars(
        select(Organisation)
        .where(or_(Organisation.id.in_(its_own), Organisation.id.in_(of_the_team)))
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def officer_by_email(session: Session, email: str, organisation_id: uuid.UUID) -> Person | None:
    return session.scalars(
        select(Person)
        .join(Person.memberships)
        .where(
            func.lower(Person.email) == func.lower(email),
            Membership.organisation_id == organisation_id,
            Membership.role == MembershipRole.OFFICER,
        )
    ).one_or_none()


def buyers_of(session: Session, actor: Actor) -> Sequence[Organisation]:
    """For which buyers somebody may set up a programme.

    An officer of a buyer may for it and its parts, at any depth; an officer of a procuring agent for the buyers that it
    acts for and their parts.
    """
    served = select(agency.c.buyer_id).where(agency.c.agent_id.in_(actor.officer_of))
    reach = (
        select(Organisation.id)
        .where(or_(Organisation.id.in_(actor.officer_of), Organisation.id.in_(served)))
        .cte("reach", recursive=True)
    )
    part = aliased(Organisation)
    reach = reach.union(select(part.id).join(reach, part.part_of_id == reach.c.id))
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(select(reach.c.id)), Organisation.party == Party.BUYER)
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def service_lines(session: Session, programme_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> list[ServiceLine]:
    return list(
        session.scalars(
            select(ServiceLine).where(ServiceLine.programme_id == programme_id, ServiceLine.id.in_(ids))
        ).all()
    )
