"""Inviting one or many: all in one transaction, and many by as many statements as one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.engagements.inviting import letters
from webapp.engagements.inviting.invitees import InvitedForAnotherError, Invitee, invitations_of
from webapp.engagements.inviting.lines import Line
from webapp.engagements.inviting.queries import Known
from webapp.engagements.mails import Addresses
from webapp.engagements.queries import known_providers
from webapp.mail import was_sent
from webapp.models import Engagement, Invitation, Person


class NotTakingPartError(Exception):
    """Nobody can be invited: the engagement is a draft or closed."""

    def __init__(self) -> None:
        super().__init__("You can invite providers only while the engagement is published and has not closed")


class JustInvitedError(Exception):
    """Somebody of the list has been invited since it was looked through: it was sent twice, or by a colleague too."""


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
    letters.send(
        session, engagement=engagement, invitations=invitations, once=once, addresses=addresses, actor=actor, now=now
    )


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
    letters.send(session, engagement=engagement, invitations=invitations, addresses=addresses, actor=actor, now=now)


def _invited(
    session: Session, engagement: Engagement, invitees: Sequence[Invitee], now: datetime
) -> Sequence[Invitation]:
    if not engagement.state(now).awaits_closing:
        raise NotTakingPartError
    return invitations_of(session, engagement, invitees)


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
    letters.send(
        session, engagement=engagement, invitations=invited, once=once, addresses=addresses, actor=actor, now=now
    )
