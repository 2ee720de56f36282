"""What officers do with engagements: set up, publish, invite, extend, close early."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.actions import link_address, make_link
from webapp.accounts.queries import person_by_email
from webapp.audit import Actor
from webapp.db import clock
from webapp.engagements import mails, queries
from webapp.engagements.mails import Addresses
from webapp.engagements.questionnaires import why_not
from webapp.engagements.telling import tell, tell_one
from webapp.models import (
    Engagement,
    EngagementLot,
    EngagementState,
    Invitation,
    Lot,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Programme,
    QuestionnaireVersion,
)

LINK_LIFE = timedelta(days=14)


class NotReadyError(Exception):
    """The engagement cannot be published; the message says what is missing."""


class ChangedError(NotReadyError):
    """Somebody has changed the draft since the officer who publishes it has read it."""


class NotTakingPartError(Exception):
    """Nobody can be invited: the engagement is a draft or closed."""


class InvitedForAnotherError(Exception):
    """The address has been invited to this engagement for another organisation, as the officer can see."""


class NotOpenError(Exception):
    """Only an engagement that is open can be closed early."""


class QuestionsDeadlineError(Exception):
    """The new deadline for questions is not later than the present one, `questions_until`, or has passed already."""

    def __init__(self, questions_until: datetime) -> None:
        super().__init__(questions_until)
        self.questions_until = questions_until


class NotLaterError(Exception):
    """The new closing time is not later than the present one, `closes_at`, or has passed already."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(closes_at)
        self.closes_at = closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementNotice:
    """What a market engagement notice says."""

    reference: str
    title: str
    summary: str
    process: str
    contact_email: str
    opens_at: datetime
    closes_at: datetime
    questions_close_at: datetime | None = None
    """The same as closing unless given."""
    sealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Whom to invite. Without `organisation_id` it is a new provider named `organisation_name`."""

    organisation_id: uuid.UUID | None
    organisation_name: str
    name: str
    email: str


def create_engagement(
    session: Session, *, programme: Programme, notice: EngagementNotice, lots: Sequence[Lot], actor: Actor | None
) -> Engagement:
    """A draft, which only its officers see."""
    engagement = Engagement(
        programme=programme,
        **asdict(notice),
        engagement_lots=[EngagementLot(lot=lot, position=position) for position, lot in enumerate(lots, 1)],
    )
    session.add(engagement)
    session.flush()
    audit.record(session, "engagement.created", subject=engagement, actor=actor)
    session.flush()
    return engagement


def publish(
    session: Session, *, engagement: Engagement, actor: Actor | None, now: datetime, seen: int | None = None
) -> None:
    """Show the engagement to everybody and fix its newest questionnaire. Raises NotReadyError.

    It never says that it opened before anybody could read it: what was to open earlier opens now.
    `seen` is the revision that was read before, if anybody has read it.
    """
    _lock(session, engagement)
    if seen is not None and seen != engagement.revision:
        raise ChangedError("a colleague has changed the draft since you opened this page. Read it again")
    if engagement.published_at is not None:
        raise NotReadyError("it has been published already")
    if engagement.closes_at <= now:
        raise NotReadyError("its closing time has passed")
    if not engagement.engagement_lots:
        raise NotReadyError("it asks about no lot")
    version = session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.engagement_id == engagement.id)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if version is None:
        raise NotReadyError("it has no questionnaire")
    if missing := why_not(version):
        raise NotReadyError(f"its questionnaire is not ready. {missing}")
    if version.published_at is None:
        publish_questionnaire(session, version=version, actor=actor, now=now)
    engagement.published_at = now
    engagement.opens_at = max(engagement.opens_at, now)
    audit.record(session, "engagement.published", subject=engagement, actor=actor, version=version.number)
    session.flush()


def publish_questionnaire(
    session: Session, *, version: QuestionnaireVersion, actor: Actor | None, now: datetime
) -> None:
    """From here on the database refuses any change to the version, its sections and its questions."""
    version.published_at = now
    audit.record(session, "questionnaire.published", subject=version, actor=actor, number=version.number)
    session.flush()


def invite(
    session: Session, *, engagement: Engagement, invitee: Invitee, addresses: Addresses, actor: Actor, now: datetime
) -> Invitation:
    """Invite somebody by e-mail; a second invitation of the same person sends a new link.

    What an officer sees is the same whoever the address belongs to: nobody learns here who else uses the service.
    Raises NotTakingPartError and InvitedForAnotherError.
    """
    if engagement.state(now) not in (EngagementState.COMING, EngagementState.OPEN):
        raise NotTakingPartError
    organisation = _organisation(session, invitee)
    person = _person(session, invitee)
    invitation = _invitation(session, engagement, organisation, person)
    _join_if_first(session, organisation, person)
    _send_invitation(session, engagement=engagement, invitation=invitation, addresses=addresses, actor=actor, now=now)
    return invitation


def send_again(
    session: Session,
    *,
    engagement: Engagement,
    invitation: Invitation,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Send an invitation once more, with a new link. Raises NotTakingPartError."""
    if engagement.state(now) not in (EngagementState.COMING, EngagementState.OPEN):
        raise NotTakingPartError
    _send_invitation(session, engagement=engagement, invitation=invitation, addresses=addresses, actor=actor, now=now)


def extend(
    session: Session,
    *,
    engagement: Engagement,
    closes_at: datetime,
    questions_close_at: datetime | None = None,
    reason: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Move the closing time of a published engagement to a later one, and tell everybody concerned.

    A closed engagement opens again. Submitting and asking lock the same row, so that each is judged by the one
    time or the other. A deadline for questions that was set stays unless a later one is given.
    Raises NotReadyError, NotLaterError and QuestionsDeadlineError.
    """
    _lock(session, engagement)
    if engagement.published_at is None:
        raise NotReadyError("it has not been published")
    if engagement.opened_at is not None:
        raise NotReadyError("its responses have been opened")
    if closes_at <= max(engagement.closes_at, now):
        raise NotLaterError(engagement.closes_at)
    _move_questions(engagement, questions_close_at, now)
    closed_at, engagement.closes_at = engagement.closes_at, closes_at
    audit.record(
        session,
        queries.EXTENDED,
        subject=engagement,
        actor=actor,
        closed_at=closed_at.isoformat(),
        closes_at=closes_at.isoformat(),
        questions_close_at=questions_close_at.isoformat() if questions_close_at else None,
        reason=reason,
    )
    people = queries.people_to_tell(session, engagement.id)
    tell(session, people, partial(mails.extension, engagement, reason=reason, addresses=addresses))
    session.flush()


def close_early(
    session: Session,
    *,
    engagement: Engagement,
    reason: str,
    addresses: Addresses,
    actor: Actor,
    read_clock: Callable[[Session], datetime] = clock,
) -> None:
    """Close an open engagement now, and tell everybody concerned. What was submitted before stays.

    Now is what the clock says once the row is locked: a submission that came first locked it first, and no submission
    is ever later than the closing time. Raises NotOpenError.
    """
    _lock(session, engagement)
    now = read_clock(session)
    if engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError
    closed_at, engagement.closes_at = engagement.closes_at, now
    if engagement.questions_close_at is not None:
        engagement.questions_close_at = min(engagement.questions_close_at, now)
    audit.record(
        session,
        queries.CLOSED_EARLY,
        subject=engagement,
        actor=actor,
        closed_at=closed_at.isoformat(),
        closes_at=now.isoformat(),
        reason=reason,
    )
    people = queries.people_to_tell(session, engagement.id)
    mail = partial(mails.closed_early, engagement, closed_at=closed_at, reason=reason, addresses=addresses)
    tell(session, people, mail)
    session.flush()


def _move_questions(engagement: Engagement, questions_close_at: datetime | None, now: datetime) -> None:
    if questions_close_at is None:
        return
    if questions_close_at <= max(engagement.questions_until, now):
        raise QuestionsDeadlineError(engagement.questions_until)
    engagement.questions_close_at = questions_close_at


def _lock(session: Session, engagement: Engagement) -> None:
    """Hold the engagement's row until the end of the transaction, with the values it has now."""
    session.scalars(
        select(Engagement)
        .where(Engagement.id == engagement.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _organisation(session: Session, invitee: Invitee) -> Organisation:
    """The chosen provider, locked so that two invitations do not both find it without people; or a new one."""
    if invitee.organisation_id is not None:
        return session.scalars(
            select(Organisation).where(Organisation.id == invitee.organisation_id).with_for_update()
        ).one()
    organisation = Organisation(name=invitee.organisation_name, party=Party.PROVIDER)
    session.add(organisation)
    session.flush()
    return organisation


def _person(session: Session, invitee: Invitee) -> Person:
    """The person with that address, whose name is left alone; or a new one."""
    session.execute(
        insert(Person)
        .values(id=uuid.uuid4(), name=invitee.name, email=invitee.email)
        .on_conflict_do_nothing()  # another request may add the same person at this moment
    )
    person = person_by_email(session, invitee.email)
    if person is None:
        raise LookupError("a person was neither found nor added")
    return person


def _invitation(session: Session, engagement: Engagement, organisation: Organisation, person: Person) -> Invitation:
    session.execute(
        insert(Invitation)
        .values(id=uuid.uuid4(), engagement_id=engagement.id, organisation_id=organisation.id, person_id=person.id)
        .on_conflict_do_nothing()
    )
    invitation = session.scalars(
        select(Invitation).where(Invitation.engagement_id == engagement.id, Invitation.person_id == person.id)
    ).one()
    if invitation.organisation_id != organisation.id:
        raise InvitedForAnotherError
    return invitation


def _join_if_first(session: Session, organisation: Organisation, person: Person) -> None:
    """Let the person act for the organisation if nobody does yet and it acts for no other.

    An officer never adds anybody to an organisation that has people of its own: whoever is added could read its
    drafts, and its answers to other buyers. Nor is anybody moved from one organisation to another.
    """
    taken = session.scalars(
        select(Membership.id)
        .where((Membership.organisation_id == organisation.id) | (Membership.person_id == person.id))
        .limit(1)
    ).one_or_none()
    if taken is None:
        session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=MembershipRole.SIGNATORY))
        session.flush()


def _send_invitation(
    session: Session,
    *,
    engagement: Engagement,
    invitation: Invitation,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """A link for the person invited if it acts for the organisation; if not, one for each who does."""
    organisation, invited, message = invitation.organisation, invitation.person, None
    members = queries.people_of(session, organisation.id)
    if invited in members:
        members = [invited]
    else:
        without = partial(mails.invitation_without_link, engagement, organisation, addresses=addresses)
        message = tell_one(session, invited, without)
    for person in members:
        token = make_link(session, person=person, destination=addresses.engagement, life=LINK_LIFE, now=now)
        mail = partial(
            mails.invitation,
            engagement,
            organisation,
            link=link_address(addresses.base_url, token),
            works_until=now + LINK_LIFE,
            addresses=addresses,
        )
        told = tell_one(session, person, mail)
        message = told if person is invited else message
    act = "engagement.invited" if invitation.sent_at is None else "engagement.invited_again"
    invitation.sent_at, invitation.message_id = now, message.id if message else None
    audit.record(
        session,
        act,
        subject=invitation,
        actor=actor,
        organisation_id=organisation.id,
        engagement=str(engagement.id),
        person=str(invited.id),
    )
    session.flush()
