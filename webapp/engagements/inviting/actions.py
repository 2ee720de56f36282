"""Inviting many at once, all in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.engagements.actions import Invitee, invite
from webapp.engagements.inviting.lines import Line
from webapp.engagements.inviting.queries import Known
from webapp.engagements.mails import Addresses
from webapp.engagements.queries import known_providers
from webapp.models import Engagement


def invite_listed(
    session: Session,
    *,
    engagement: Engagement,
    lines: Sequence[Line],
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Invite the people of a list. An organisation that the officer knows by this name is that one; lines that name
    the same new one share it. Raises NotTakingPartError and InvitedForAnotherError.
    """
    ids = {provider.name.casefold(): provider.id for provider in known_providers(session, actor)}
    for line in lines:
        key = line.organisation.casefold()
        invitation = invite(
            session,
            engagement=engagement,
            invitee=Invitee(
                organisation_id=ids.get(key), organisation_name=line.organisation, name=line.name, email=line.email
            ),
            addresses=addresses,
            actor=actor,
            now=now,
        )
        ids[key] = invitation.organisation_id


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
    """Invite the chosen of those offered, at the addresses known; returns how many. Raises NotTakingPartError."""
    invitees = [
        Invitee(
            organisation_id=known.organisation.id,
            organisation_name="",
            name=known.person.name,
            email=known.person.email,
        )
        for known in offered
        if known.organisation.id in chosen and known.person is not None
    ]
    for invitee in invitees:
        invite(session, engagement=engagement, invitee=invitee, addresses=addresses, actor=actor, now=now)
    return len(invitees)
