"""What each role of a programme's team may do. What is not granted here is denied, and denied looks like not there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.models import Programme, TeamMember, TeamRole


class Permission(StrEnum):
    READ = "read"
    """The programme, its engagements and reports."""
    SET_UP = "set_up"
    """Change sites, needs, contracts and lots."""
    RUN = "run"
    """Set up, publish and run engagements, and keep their record."""
    READ_RECORD = "read_record"
    """What was told to whom, also whom an engagement invited, meetings and decisions: whoever signs can see that all
    were treated alike. Documents that were never published are left out without RUN."""
    READ_RESPONSES = "read_responses"
    """What each provider answered."""
    ANALYSE = "analyse"
    """Ask for runs, sign off themes, compare lots and plan."""
    APPROVE = "approve"
    """Sign a recommendation."""
    DISPOSE = "dispose"
    """Agree that responses which need not be kept any more are destroyed, or take that back."""
    LEAD = "lead"
    """Say who is in the team, open what is sealed, and see conflict declarations."""


_WORK = frozenset({Permission.READ, Permission.SET_UP, Permission.READ_RESPONSES, Permission.ANALYSE})
GRANTS: Mapping[TeamRole, frozenset[Permission]] = {
    TeamRole.LEAD_OFFICER: _WORK | {Permission.RUN, Permission.READ_RECORD, Permission.DISPOSE, Permission.LEAD},
    TeamRole.OFFICER: _WORK | {Permission.RUN, Permission.READ_RECORD},
    TeamRole.LOT_DESIGNER: _WORK,
    TeamRole.APPROVER: frozenset(
        {
            Permission.READ,
            Permission.READ_RESPONSES,
            Permission.READ_RECORD,
            Permission.APPROVE,
            Permission.DISPOSE,
        }
    ),
    TeamRole.REVIEWER: frozenset({Permission.READ}),
}


def within_reach(actor: Actor | None, permission: Permission = Permission.READ) -> ColumnElement[bool]:
    """The programmes of whose team the actor is, in a role that grants this."""
    if actor is None or actor.owes_code or not actor.officer_of:
        return false()
    return exists().where(
        TeamMember.programme_id == Programme.id,
        TeamMember.person_id == actor.person_id,
        TeamMember.organisation_id.in_(actor.officer_of),
        TeamMember.role.in_([role for role, granted in GRANTS.items() if permission in granted]),
    )


def permissions_on(session: Session, programme_id: uuid.UUID, actor: Actor | None) -> frozenset[Permission]:
    """For a page to offer only what its reader may do."""
    if actor is None or actor.owes_code or not actor.officer_of:
        return frozenset()
    role = session.scalar(
        select(TeamMember.role).where(
            TeamMember.programme_id == programme_id,
            TeamMember.person_id == actor.person_id,
            TeamMember.organisation_id.in_(actor.officer_of),
        )
    )
    return frozenset() if role is None else GRANTS[role]
