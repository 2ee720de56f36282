"""Whom an invitation is for: the provider and the person that an officer means, who may be known or new."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from webapp.models import Engagement, Invitation, Membership, MembershipRole, Organisation, Party, Person
from webapp.programmes.joined import Joined, hold_as_joined, joined_in


class InvitedForAnotherError(Exception):
    """The address has been invited to this engagement for another organisation, as the officer can see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Whom to invite. Without `organisation_id` it is a new provider named `organisation_name`."""

    organisation_id: uuid.UUID | None
    organisation_name: str
    name: str
    email: str
    person: Person | None = None
    """Whom the officer chose, where that was not by typing an address."""


def invitations_of(session: Session, engagement: Engagement, invitees: Sequence[Invitee]) -> Sequence[Invitation]:
    """Their invitations, new or from before, in the order of the list. Raises InvitedForAnotherError."""
    hold_as_joined(session, engagement.programme_id)
    invitees = _as_joined(joined_in(session, engagement.programme_id), invitees)
    organisations, people = _organisations(session, invitees), _people(session, engagement, invitees)
    invitations = _invitations(session, engagement, list(zip(organisations, people, invitees, strict=True)))
    _let_first_join(session, invitations)
    return invitations


def _as_joined(joined: Joined, invitees: Sequence[Invitee]) -> list[Invitee]:
    """Who names a provider that was joined to another means that other."""
    named = {name.casefold(): other for name, (other, _called) in joined.others.values()}
    known = [each.organisation_id or named.get(each.organisation_name.casefold()) for each in invitees]
    return [
        replace(each, organisation_id=key and joined.instead_of(key)) for each, key in zip(invitees, known, strict=True)
    ]


def _organisations(session: Session, invitees: Sequence[Invitee]) -> list[Organisation]:
    """Of each: the chosen provider, locked so that two invitations do not both find it without people; or a new one."""
    chosen = {invitee.organisation_id for invitee in invitees if invitee.organisation_id}
    locked = select(Organisation).where(Organisation.id.in_(chosen)).order_by(Organisation.id).with_for_update()
    known = {organisation.id: organisation for organisation in session.scalars(locked)}
    added: dict[str, Organisation] = {}
    for invitee in invitees:
        if invitee.organisation_id is None:
            key = invitee.organisation_name.casefold()
            added.setdefault(key, Organisation(name=invitee.organisation_name, party=Party.PROVIDER))
    session.add_all(added.values())
    session.flush()
    return [
        known[invitee.organisation_id] if invitee.organisation_id else added[invitee.organisation_name.casefold()]
        for invitee in invitees
    ]


def _people(session: Session, engagement: Engagement, invitees: Sequence[Invitee]) -> list[Person]:
    """Of each: whom the officer chose; whom that address was invited as before, whatever address that person has by
    now; the person who has it, whose name is left alone; or a new one."""
    written = _written([invitee.email for invitee in invitees])
    invited = (
        select(written, Person)
        .select_from(Invitation)
        .join(Invitation.person)
        .where(Invitation.engagement_id == engagement.id, func.lower(Invitation.email) == func.lower(written))
    )
    people: dict[str, Person] = {row[0]: row[1] for row in session.execute(invited)}
    people |= {invitee.email: invitee.person for invitee in invitees if invitee.person is not None}
    others = [invitee for invitee in invitees if invitee.email not in people]
    if others:
        rows = [{"id": uuid.uuid4(), "name": invitee.name, "email": invitee.email} for invitee in others]
        rows.sort(key=lambda row: str(row["email"]).casefold())  # two lists at once wait for each other, never both
        session.execute(insert(Person).values(rows).on_conflict_do_nothing())  # some may be here, or come now
        written = _written([invitee.email for invitee in others])
        found = select(written, Person).join(Person, func.lower(Person.email) == func.lower(written))
        people |= {row[0]: row[1] for row in session.execute(found)}
    return [people[invitee.email] for invitee in invitees]


def _written(emails: list[str]) -> ColumnElement[str]:
    return func.unnest(bindparam("emails", emails, ARRAY(Text))).column_valued()


def _invitations(
    session: Session, engagement: Engagement, invited: Sequence[tuple[Organisation, Person, Invitee]]
) -> list[Invitation]:
    """By address as it was written: what the officer sees does not depend on whose it is by now. The newest name that
    was written beside it stands. In the order of the list: of a new provider's people the first is to join it.
    """
    rows = [
        {
            "id": uuid.uuid4(),
            "engagement_id": engagement.id,
            "organisation_id": organisation.id,
            "person_id": person.id,
            "email": invitee.email,
            "name": invitee.name or None,
        }
        for organisation, person, invitee in sorted(invited, key=lambda each: each[1].id)
    ]
    session.execute(insert(Invitation).values(rows).on_conflict_do_nothing())
    written = _written([invitee.email for _organisation, _person, invitee in invited])
    found = (
        select(written, Invitation)
        .where(Invitation.engagement_id == engagement.id, func.lower(Invitation.email) == func.lower(written))
        .options(joinedload(Invitation.organisation), joinedload(Invitation.person))
    )
    by_email: dict[str, Invitation] = {row[0]: row[1] for row in session.execute(found)}
    invitations: dict[uuid.UUID, Invitation] = {}
    for organisation, _person, invitee in invited:
        invitation = by_email[invitee.email]
        if invitation.organisation_id != organisation.id:
            raise InvitedForAnotherError
        invitation.name = invitee.name or invitation.name
        invitations[invitation.id] = invitation
    return list(invitations.values())


def _let_first_join(session: Session, invitations: Iterable[Invitation]) -> None:
    """Let a person act for the organisation if nobody does yet and it acts for no other.

    An officer never adds anybody to an organisation that has people of its own: whoever is added could read its
    drafts, and its answers to other buyers. Nor is anybody moved from one organisation to another.
    """
    invited = [(invitation.organisation_id, invitation.person_id) for invitation in invitations]
    organisations, people = ({pair[place] for pair in invited} for place in (0, 1))
    rows = session.execute(
        select(Membership.organisation_id, Membership.person_id).where(
            Membership.organisation_id.in_(organisations) | Membership.person_id.in_(people)
        )
    )
    taken = {taken_id for row in rows for taken_id in row}
    for organisation_id, person_id in invited:
        if not taken & {organisation_id, person_id}:
            taken |= {organisation_id, person_id}
            session.add(Membership(person_id=person_id, organisation_id=organisation_id, role=MembershipRole.SIGNATORY))
    session.flush()
