"""Setting up a programme, and saying who works on it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.queries import person_by_email
from webapp.audit import ActingFor, Actor
from webapp.mail import send
from webapp.models import Membership, MembershipRole, Organisation, Party, Person, Programme, TeamMember, TeamRole
from webapp.programmes.teams import mails, queries


class ReferenceTakenError(Exception):
    """The buyer has a programme with this reference; capitals make no difference."""


class NotTheirBuyerError(Exception):
    """The actor may not set up a programme for this buyer."""


class CannotJoinError(Exception):
    """The address belongs to somebody who acts for another organisation."""


class InTeamAlreadyError(Exception):
    """The person is a member."""


class LastLeadError(Exception):
    """Without this lead officer nobody could say who is in the team."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be added; with `new_partner` for a partner organisation that is not known to the programme yet."""

    name: str
    email: str
    organisation_id: uuid.UUID | None
    new_partner: str
    role: TeamRole
    service_lines: Sequence[uuid.UUID]


def set_up(
    session: Session,
    *,
    programme_id: uuid.UUID,
    buyer_id: uuid.UUID,
    reference: str,
    title: str,
    summary: str,
    actor: Actor,
) -> Programme:
    """A new programme, led by whoever sets it up; the one that is there if its id is taken.

    Raises NotTheirBuyerError and ReferenceTakenError.
    """
    if buyer_id not in {buyer.id for buyer in queries.buyers_of(session, actor)}:
        raise NotTheirBuyerError
    # The lock makes the look below hold until the row is written.
    session.execute(select(Organisation.id).where(Organisation.id == buyer_id).with_for_update(key_share=True))
    if (there := session.get(Programme, programme_id)) is not None:
        return there
    same = func.lower(Programme.reference) == func.lower(reference)
    if session.scalar(select(exists().where(Programme.buyer_id == buyer_id, same))):
        raise ReferenceTakenError
    works_for = _works_for(actor, buyer_id)
    programme = Programme(
        id=programme_id,
        buyer_id=buyer_id,
        agent_id=works_for.organisation_id if works_for.party is Party.PROCURING_AGENT else None,
        reference=reference,
        title=title,
        summary=summary,
    )
    session.add(programme)
    session.flush()
    session.add(
        TeamMember(
            programme_id=programme.id,
            person_id=actor.person_id,
            organisation_id=works_for.organisation_id,
            role=TeamRole.LEAD_OFFICER,
        )
    )
    _record(session, "programme.set_up", programme, actor)
    return programme


def add(
    session: Session, *, member_id: uuid.UUID, programme: Programme, newcomer: Newcomer, base_url: str, actor: Actor
) -> TeamMember:
    """The person is told by mail, and signs in with a link; not once more if the member's id is taken.

    Raises CannotJoinError and InTeamAlreadyError.
    """
    session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update(key_share=True))
    if (there := session.get(TeamMember, member_id)) is not None:
        return there
    organisation = _organisation(session, programme, newcomer)
    person = queries.officer_by_email(session, newcomer.email, organisation.id)
    if person is None:
        person = _new_officer(session, newcomer, organisation, actor)
    already = select(TeamMember.id).where(TeamMember.programme_id == programme.id, TeamMember.person_id == person.id)
    if session.scalar(already) is not None:
        raise InTeamAlreadyError
    member = TeamMember(
        id=member_id,
        programme_id=programme.id,
        person_id=person.id,
        organisation_id=organisation.id,
        role=newcomer.role,
        service_lines=queries.service_lines(session, programme.id, newcomer.service_lines),
    )
    session.add(member)
    send(session, recipient=person.email, mail=mails.added(programme, newcomer.role, base_url=base_url))
    _record(session, "programme.member_added", programme, actor, person=str(person.id), role=newcomer.role.value)
    return member


def change(
    session: Session, *, member: TeamMember, role: TeamRole, service_lines: Sequence[uuid.UUID], actor: Actor
) -> None:
    """Raises LastLeadError."""
    if role is not TeamRole.LEAD_OFFICER:
        _refuse_last_lead(session, member)
    member.role = role
    member.service_lines = queries.service_lines(session, member.programme_id, service_lines)
    programme = session.get_one(Programme, member.programme_id)
    _record(session, "programme.member_changed", programme, actor, person=str(member.person_id), role=role.value)


def remove(session: Session, *, member: TeamMember, actor: Actor) -> None:
    """Raises LastLeadError."""
    _refuse_last_lead(session, member)
    programme = session.get_one(Programme, member.programme_id)
    session.delete(member)
    _record(session, "programme.member_removed", programme, actor, person=str(member.person_id))


def _works_for(actor: Actor, buyer_id: uuid.UUID) -> ActingFor:
    """As whom the actor sets it up: as the buyer if it can, else as a procuring agent, else as the buyer's parent."""
    as_officer = [own for own in actor.memberships if own.role is MembershipRole.OFFICER]
    return min(as_officer, key=lambda own: (own.organisation_id != buyer_id, own.party is not Party.PROCURING_AGENT))


def _organisation(session: Session, programme: Programme, newcomer: Newcomer) -> Organisation:
    known = {each.id: each for each in queries.organisations_to_join_for(session, programme)}
    if newcomer.organisation_id is not None:
        return known[newcomer.organisation_id]
    partner = Organisation(id=uuid.uuid4(), name=newcomer.new_partner, party=Party.PARTNER)
    session.add(partner)
    session.flush()
    return partner


def _new_officer(session: Session, newcomer: Newcomer, organisation: Organisation, actor: Actor) -> Person:
    """Only for an organisation of one's own, or a partner: who works for the others is for these to say."""
    own = organisation.party is Party.PARTNER or organisation.id in actor.officer_of
    if not own or person_by_email(session, newcomer.email) is not None:
        raise CannotJoinError
    person = Person(id=uuid.uuid4(), name=newcomer.name, email=newcomer.email)
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=MembershipRole.OFFICER))
    return person


def _refuse_last_lead(session: Session, member: TeamMember) -> None:
    if list(queries.leads(session, member.programme_id)) == [member.id]:
        raise LastLeadError


def _record(session: Session, act: str, programme: Programme, actor: Actor, **detail: str) -> None:
    audit.record(session, act, subject=programme, actor=actor, organisation_id=programme.buyer_id, **detail)
    session.flush()
