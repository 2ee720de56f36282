"""What an invitation sends: a link to whoever may answer for the organisation, and word to whom it names."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.actions import link_address, make_links
from webapp.audit import Actor
from webapp.engagements import mails
from webapp.engagements.mails import Addresses
from webapp.engagements.telling import Write, tell_each
from webapp.models import Engagement, Invitation, Membership, Organisation, Person

LINK_LIFE = timedelta(days=14)


def send(
    session: Session,
    *,
    engagement: Engagement,
    invitations: Sequence[Invitation],
    addresses: Addresses,
    actor: Actor,
    now: datetime,
    once: uuid.UUID | None = None,
) -> None:
    """Write to all whom these invitations reach, and record it. Raises WrittenAlreadyError for a form sent twice."""
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
