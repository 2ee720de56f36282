"""Whom a visitor of the demonstration can be: one person in each role, what they can do, and where they begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyotp
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.demonstration.programme import fixed_id
from webapp.models import Membership, MembershipRole, Person, Programme, TeamMember, TeamRole, agency


@dataclass(frozen=True, slots=True)
class Visitor:
    name: str
    email: str
    role: TeamRole | None
    """In the programme's team; none for a provider."""
    introduction: str
    begins_at: str
    """A path, with the ids of the run and the engagement to be filled in."""


LEAD_OFFICER = Visitor(
    "Olivia Reed",
    "officer@soundings.example",
    TeamRole.LEAD_OFFICER,
    "Lead officer: may do all of an officer's work, says who is in the team, and sees conflict declarations",
    "/runs/{run_id}/report",
)
TEAM = (
    LEAD_OFFICER,
    Visitor(
        "Samuel Brook",
        "engagement@soundings.example",
        TeamRole.OFFICER,
        "Officer: sets up, runs the engagement, reads responses, signs off themes and plans",
        "/manage/engagements/{engagement_id}",
    ),
    Visitor(
        "Leila Haddad",
        "lots@soundings.example",
        TeamRole.LOT_DESIGNER,
        "Lot designer: searches for lots by rules, moves services on a board, and plans; does not run the engagement",
        "/runs/{run_id}/lots",
    ),
    Visitor(
        "Grace Oyelaran",
        "approver@soundings.example",
        TeamRole.APPROVER,
        "Approver: reads the responses and the reports, signs recommendations or sends them back; changes nothing else",
        "/programmes",
    ),
    Visitor(
        "Martin Hale",
        "reviewer@soundings.example",
        TeamRole.REVIEWER,
        "Reviewer, from a partnership board: reads the programme and its reports, and no response",
        "/runs/{run_id}/report",
    ),
)
PROVIDER = Visitor(
    "Priya Shah",
    "bids@wharfside-health.example",
    None,
    "Provider: answers the questionnaire for Wharfside Health CIC, and may submit it",
    "/engagements/{engagement_id}",
)


def add_team(session: Session, programme: Programme) -> None:
    """Whoever is not there yet, as in a database of an earlier version; they may set up programmes of their own too."""
    if programme.agent_id:
        serves = {"agent_id": programme.agent_id, "buyer_id": programme.buyer_id}
        session.execute(insert(agency).values(serves).on_conflict_do_nothing())
    ids = [fixed_id("person", visitor.email) for visitor in TEAM]
    present = set(session.scalars(select(Person.id).where(Person.id.in_(ids))))
    agent_id = programme.agent_id or programme.buyer_id
    for person_id, visitor in zip(ids, TEAM, strict=True):
        if person_id not in present and visitor.role:
            person = Person(
                id=person_id,
                name=visitor.name,
                email=visitor.email,
                totp_secret=pyotp.random_base32(),
            )
            session.add(person)
            session.flush()
            session.add_all(
                [
                    Membership(person_id=person.id, organisation_id=agent_id, role=MembershipRole.OFFICER),
                    TeamMember(
                        programme_id=programme.id, person_id=person.id, organisation_id=agent_id, role=visitor.role
                    ),
                ]
            )
    session.flush()


def visitors(session: Session) -> Sequence[tuple[Visitor, Person]]:
    """Everybody whom a visitor can be, with who they are in the database, whatever address they have there by now."""
    return [(visitor, session.get_one(Person, fixed_id("person", visitor.email))) for visitor in (*TEAM, PROVIDER)]
