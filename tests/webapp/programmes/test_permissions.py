"""What each role of a team may do, and that nobody else sees anything."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.audit import ActingFor, Actor
from webapp.models import Membership, MembershipRole, Organisation, Party, Person, Programme, TeamRole
from webapp.programmes.permissions import GRANTS, Permission, permissions_on
from webapp.programmes.queries import programme_of, programmes_of


def acting(person: Person, organisation: Organisation, *, second_factor: bool = True) -> Actor:
    works_for = ActingFor(organisation.id, organisation.name, organisation.party, MembershipRole.OFFICER)
    return Actor(person.id, person.name, person.email, uuid.uuid4(), second_factor, True, (works_for,))


def member(session: Session, role: TeamRole) -> tuple[Programme, Actor]:
    programme = make.programme(session)
    board = make.buyer(session, party=Party.PARTNER)
    someone = make.person(session, board, MembershipRole.OFFICER)
    make.team_member(session, programme.id, someone.id, board.id, role)
    return programme, acting(someone, board)


@pytest.mark.parametrize("role", TeamRole)
def test_a_role_may_do_what_it_is_granted_and_no_more(session: Session, role: TeamRole) -> None:
    programme, actor = member(session, role)
    assert permissions_on(session, programme.id, actor) == GRANTS[role]
    assert programme_of(session, programme.id, actor) is not None
    assert [each.id for each in programmes_of(session, actor)] == [programme.id]


def test_only_the_lead_sees_what_is_restricted_and_only_the_approver_signs() -> None:
    assert [role for role, granted in GRANTS.items() if Permission.LEAD in granted] == [TeamRole.LEAD_OFFICER]
    assert [role for role, granted in GRANTS.items() if Permission.APPROVE in granted] == [TeamRole.APPROVER]
    assert GRANTS[TeamRole.REVIEWER] == {Permission.READ}


def test_an_officer_of_the_buyer_who_is_not_in_the_team_sees_nothing(session: Session) -> None:
    programme = make.programme(session)
    colleague = make.person(session, programme.buyer, MembershipRole.OFFICER)
    actor = acting(colleague, programme.buyer)
    assert permissions_on(session, programme.id, actor) == frozenset()
    assert programme_of(session, programme.id, actor) is None
    assert programmes_of(session, actor) == []


def test_whoever_leaves_the_organisation_or_owes_a_code_sees_nothing(session: Session) -> None:
    programme, actor = member(session, TeamRole.LEAD_OFFICER)
    session.execute(delete(Membership).where(Membership.person_id == actor.person_id))
    moved = acting(session.get_one(Person, actor.person_id), make.buyer(session))
    assert programme_of(session, programme.id, moved) is None
    without_code = Actor(actor.person_id, "", "", uuid.uuid4(), False, True, actor.memberships)
    assert programme_of(session, programme.id, without_code) is None
    assert permissions_on(session, programme.id, None) == frozenset()
