"""Inviting one or many: all in one transaction, and many by as many statements as one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.accounts.actions import link_address, make_links
from webapp.audit import Actor
from webapp.engagements import mails
from webapp.engagements.inviting.lines import Line
from webapp.engagements.inviting.queries import Known
from webapp.engagements.mails import Addresses
from webapp.engagements.queries import known_providers
from webapp.engagements.telling import Write, tell_each
from webapp.mail import was_sent
from webapp.models import (
    Engagement,
    Invitation,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
)
from webapp.programmes.joined import Joined, hold_as_joined, joined_in

LINK_LIFE = timedelta(days=14)


class NotTakingPartError(Exception):
    """Nobody can be invited: the engagement is a draft or closed."""

    def __init__(self) -> None:
        super().__init__("You can invite providers only while the engagement is published and has not closed")


class InvitedForAnotherError(Exception):
    """The address has been invited to this engagement for another organisation, as the officer can see."""


class JustInvitedError(Exception):
    """Somebody of the list has been invited since it was looked through: it was sent twice, or by a colleague too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Whom to invite. Without `organisation_id` it is a new provider named `organisation_name`."""

    organisation_id: uuid.UUID | None
    organisation_name: str
    name: str
    email: str
    person: Person | None = None
    """Whom the officer chose, where that was not by typing an address."""


def invite_listed(
    session: Session,
    *,
    engagement: Engagement,
    lines: Sequence[Line],
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> int:
    """Invite the people of a list. An organisation that the officer knows by this name is that one; lines that name
    the same new one share it. Returns how many. Raises NotTakingPartError and JustInvitedError.
    """
    ids = {
        provider.name.casefold(): provider.id for provider in known_providers(session, actor, engagement.programme_id)
    }
    invitees = [
        Invitee(
            organisation_id=ids.get(line.organisation.casefold()),
            organisation_name=line.organisation,
            name=line.name,
            email=line.email,
        )
        for line in lines
    ]
    _invite_new(session, engagement=engagement, invitees=invitees, addresses=addresses, actor=actor, now=now)
    return len(invitees)


def invite_known(
    session: Session,
    *,
    engagement: Engagement,
    offered: Sequence[Known],
    chosen: Sequence[uuid.UUID],
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> int:
    """Invite the chosen of those offered, at the addresses known; returns how many.

    Raises NotTakingPartError and JustInvitedError.
    """
    invitees = [
        Invitee(
            organisation_id=known.organisation.id,
            organisation_name="",
            name=known.name,
            email=known.email,
            person=known.person,
        )
        for known in offered
        if known.organisation.id in chosen and known.person is not None
    ]
    _invite_new(session, engagement=engagement, invitees=invitees, addresses=addresses, actor=actor, now=now)
    return len(invitees)


def invite(
    session: Session,
    *,
    engagement: Engagement,
    invitee: Invitee,
    once: uuid.UUID,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Invite somebody by e-mail; a second invitation of the same person sends a new link. `once` is of the form.

    What an officer sees is the same whoever an address belongs to: nobody learns here who else uses the service.
    Raises NotTakingPartError, InvitedForAnotherError and WrittenAlreadyError.
    """
    invitations = _invited(session, engagement, [invitee], now)
    _send(session, engagement=engagement, invitations=invitations, once=once, addresses=addresses, actor=actor, now=now)


def is_invited(session: Session, *, engagement: Engagement, invitee: Invitee, once: uuid.UUID) -> bool:
    """Whether this form has been sent before. Of two at the same moment the second waits here for the first."""
    session.execute(select(Engagement.id).where(Engagement.id == engagement.id).with_for_update(key_share=True))
    reached = session.scalar(
        select(Person.email)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(Invitation.engagement_id == engagement.id, func.lower(Invitation.email) == func.lower(invitee.email))
    )
    return was_sent(session, once=once, recipient=reached or invitee.email)


def _invite_new(
    session: Session,
    *,
    engagement: Engagement,
    invitees: Sequence[Invitee],
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    try:
        invitations = _invited(session, engagement, invitees, now)
    except InvitedForAnotherError as problem:
        raise JustInvitedError from problem
    if any(invitation.sent_at for invitation in invitations):
        raise JustInvitedError
    _send(session, engagement=engagement, invitations=invitations, addresses=addresses, actor=actor, now=now)


def _invited(
    session: Session, engagement: Engagement, invitees: Sequence[Invitee], now: datetime
) -> Sequence[Invitation]:
    if not engagement.state(now).awaits_closing:
        raise NotTakingPartError
    hold_as_joined(session, engagement.programme_id)
    invitees = _as_joined(joined_in(session, engagement.programme_id), invitees)
    organisations, people = _organisations(session, invitees), _people(session, engagement, invitees)
    invitations = _invitations(session, engagement, list(zip(organisations, people, invitees, strict=True)))
    _let_first_join(session, invitations)
    return invitations


def send_again(
    session: Session,
    *,
    engagement: Engagement,
    invitation: Invitation,
    once: uuid.UUID,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Send an invitation once more, with a new link. Raises NotTakingPartError and WrittenAlreadyError."""
    if not engagement.state(now).awaits_closing:
        raise NotTakingPartError
    # One page has a form for each invitation, and the same people may be told of several.
    once = uuid.uuid5(once, str(invitation.id))
    invited = [invitation]
    _send(session, engagement=engagement, invitations=invited, once=once, addresses=addresses, actor=actor, now=now)


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


def _send(
    session: Session,
    *,
    engagement: Engagement,
    invitations: Sequence[Invitation],
    addresses: Addresses,
    actor: Actor,
    now: datetime,
    once: uuid.UUID | None = None,
) -> None:
    letters = _letters(session, engagement, invitations, addresses, now)
    messages = tell_each(session, letters.values(), once=once)
    sent = dict(zip(letters, messages, strict=True))
    audit.record_all(session, [_event(engagement, each) for each in invitations], actor=actor)
    for invitation in invitations:
        message = sent[invitation.organisation_id, invitation.person_id]
        invitation.sent_at, invitation.message_id = now, message.id if message else None
    session.flush()


def _letters(
    session: Session,
    engagement: Engagement,
    invitations: Sequence[Invitation],
    addresses: Addresses,
    now: datetime,
) -> Mapping[tuple[uuid.UUID, uuid.UUID], tuple[Person, Write]]:
    """By organisation and person: a link for each invited who acts for the organisation; of others, one for each who
    does, once."""
    members = _members(session, {invitation.organisation_id for invitation in invitations})
    letters: dict[tuple[uuid.UUID, uuid.UUID], tuple[Person, Write]] = {}
    linked: dict[tuple[uuid.UUID, uuid.UUID], tuple[Organisation, Person]] = {}
    for invitation in invitations:
        organisation, invited = invitation.organisation, invitation.person
        is_member = invited in members[organisation.id]
        for person in [invited] if is_member else members[organisation.id]:
            linked[organisation.id, person.id] = organisation, person
        if not is_member:
            without_link = partial(mails.invitation_without_link, engagement, organisation, addresses=addresses)
            letters[organisation.id, invited.id] = invited, without_link
    people = [person for _organisation, person in linked.values()]
    tokens = make_links(session, people=people, destination=addresses.engagement, life=LINK_LIFE, now=now)
    for (key, (organisation, person)), token in zip(linked.items(), tokens, strict=True):
        with_link = partial(
            mails.invitation,
            engagement,
            organisation,
            link=link_address(addresses.base_url, token, addresses.engagement),
            works_until=now + LINK_LIFE,
            addresses=addresses,
            now=now,
        )
        letters[key] = person, with_link
    return letters


def _members(session: Session, organisation_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[Person]]:
    rows = session.execute(
        select(Membership.organisation_id, Person)
        .join(Membership.person)
        .where(Membership.organisation_id.in_(organisation_ids))
        .order_by(Membership.organisation_id, Person.id)
    )
    members: defaultdict[uuid.UUID, list[Person]] = defaultdict(list)
    for organisation_id, person in rows:
        members[organisation_id].append(person)
    return members


def _event(engagement: Engagement, invitation: Invitation) -> audit.Event:
    return audit.Event(
        "engagement.invited" if invitation.sent_at is None else "engagement.invited_again",
        invitation,
        invitation.organisation_id,
        {"engagement": str(engagement.id), "person": str(invitation.person_id)},
    )
