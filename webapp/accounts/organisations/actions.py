"""What signatories do about their organisation and its people, and how somebody leaves."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.organisations import mails, queries
from webapp.accounts.organisations.details import Details
from webapp.accounts.organisations.registering import write_details
from webapp.audit import Actor
from webapp.jobs import defer
from webapp.language import speaking
from webapp.mail import send
from webapp.models import ColleagueInvitation, Membership, MembershipRole, Organisation, Person

INVITATION_LIFE = timedelta(days=14)


class NotFoundError(Exception):
    """No such member or invitation, or not this organisation's."""


class NotSignatoryError(Exception):
    """Only a signatory may do this."""


class LastSignatoryError(Exception):
    """Without this signatory nobody could submit, or let anybody in."""


class AlreadyMemberError(Exception):
    """The address is of somebody who acts for this organisation."""


def change_details(session: Session, *, details: Details, actor: Actor) -> None:
    organisation = _governed(session, actor)
    changes = details.changes(organisation)
    if not changes:
        return
    write_details(session, organisation, details)
    _record(session, "organisation.details_changed", organisation, actor, changed=" ".join(changes))


def invite(
    session: Session,
    *,
    invitation_id: uuid.UUID,
    name: str,
    email: str,
    role: MembershipRole,
    actor: Actor,
    now: datetime,
) -> None:
    """Invite an address, in place of an earlier invitation of it; who it belongs to is for the worker to see.

    The same id again, as of a form that is sent twice, does nothing.
    """
    organisation = _governed(session, actor)
    if session.get(ColleagueInvitation, invitation_id) is not None:
        return
    if any(member.person.email.lower() == email.lower() for member in queries.members(session, organisation.id)):
        raise AlreadyMemberError
    session.execute(
        delete(ColleagueInvitation).where(
            ColleagueInvitation.organisation_id == organisation.id,
            func.lower(ColleagueInvitation.email) == func.lower(email),
        )
    )
    invitation = ColleagueInvitation(
        id=invitation_id,
        organisation_id=organisation.id,
        invited_by=actor.person_id,
        name=name,
        email=email,
        role=role,
        expires_at=now + INVITATION_LIFE,
    )
    session.add(invitation)
    session.flush()
    defer(session, "accounts.mail_colleague_invitation", invitation_id=str(invitation.id))
    _record(session, "organisation.colleague_invited", organisation, actor, role=role.value)


def withdraw_invitation(session: Session, *, invitation_id: uuid.UUID, actor: Actor) -> None:
    organisation = _governed(session, actor)
    withdrawn = session.scalar(
        delete(ColleagueInvitation)
        .where(ColleagueInvitation.id == invitation_id, ColleagueInvitation.organisation_id == organisation.id)
        .returning(ColleagueInvitation.role)
    )
    if withdrawn is None:
        raise NotFoundError
    _record(session, "organisation.invitation_withdrawn", organisation, actor, role=withdrawn.value)


def change_role(session: Session, *, membership_id: uuid.UUID, role: MembershipRole, actor: Actor) -> None:
    """Raises LastSignatoryError."""
    organisation = _governed(session, actor)
    membership = _member(session, membership_id, organisation)
    if membership.role is role:
        return
    if role is not MembershipRole.SIGNATORY:
        _refuse_last_signatory(session, membership)
    membership.role = role
    person = str(membership.person_id)
    _record(session, "organisation.role_changed", organisation, actor, person=person, role=role.value)


def remove(session: Session, *, membership_id: uuid.UUID, actor: Actor) -> None:
    """Raises LastSignatoryError."""
    organisation = _governed(session, actor)
    membership = _member(session, membership_id, organisation)
    _end(session, membership)
    _record(session, "organisation.member_removed", organisation, actor, person=str(membership.person_id))
    with speaking(membership.person.language):
        mail = mails.removed(organisation)
    send(session, recipient=membership.person.email, mail=mail)


def leave(session: Session, *, actor: Actor) -> None:
    """Raises LastSignatoryError."""
    organisation = _locked(session, actor)
    membership = session.scalars(
        select(Membership).where(Membership.organisation_id == organisation.id, Membership.person_id == actor.person_id)
    ).one_or_none()
    if membership is None:
        return
    _end(session, membership)
    _record(session, "organisation.left", organisation, actor, person=str(actor.person_id))


def _end(session: Session, membership: Membership) -> None:
    """With the membership go the invitations that the person had made for the organisation."""
    _refuse_last_signatory(session, membership)
    session.execute(
        delete(ColleagueInvitation).where(
            ColleagueInvitation.organisation_id == membership.organisation_id,
            ColleagueInvitation.invited_by == membership.person_id,
        )
    )
    session.delete(membership)


def _locked(session: Session, actor: Actor) -> Organisation:
    """The organisation's row: who belongs to it changes one act at a time."""
    if actor.provider is None:
        raise NotFoundError
    return session.scalars(
        select(Organisation).where(Organisation.id == actor.provider.organisation_id).with_for_update(key_share=True)
    ).one()


def _governed(session: Session, actor: Actor) -> Organisation:
    """The organisation, for somebody who is a signatory of it still, whatever a moment ago."""
    organisation = _locked(session, actor)
    role = session.scalar(
        select(Membership.role).where(
            Membership.organisation_id == organisation.id, Membership.person_id == actor.person_id
        )
    )
    if role is not MembershipRole.SIGNATORY:
        raise NotSignatoryError
    return organisation


def _member(session: Session, membership_id: uuid.UUID, organisation: Organisation) -> Membership:
    membership = queries.member(session, membership_id=membership_id, organisation_id=organisation.id)
    if membership is None:
        raise NotFoundError
    return membership


def _refuse_last_signatory(session: Session, membership: Membership) -> None:
    signatories: list[Person] = list(queries.signatories(session, membership.organisation_id))
    if [person.id for person in signatories] == [membership.person_id]:
        raise LastSignatoryError


def _record(session: Session, act: str, organisation: Organisation, actor: Actor, **detail: str) -> None:
    audit.record(session, act, subject=organisation, actor=actor, organisation_id=organisation.id, **detail)
    session.flush()
