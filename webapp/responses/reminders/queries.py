"""Who is to be reminded of what."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.engagements.declining.queries import has_declined
from webapp.models import (
    DraftSection,
    Engagement,
    Invitation,
    Membership,
    MembershipRole,
    Organisation,
    Person,
    Reminder,
    ReminderStop,
    Response,
    Submission,
)
from webapp.responses.reminders.times import Due, Situation


def open_engagements(session: Session, now: datetime) -> Sequence[Engagement]:
    return session.scalars(
        select(Engagement)
        .where(Engagement.published_at.is_not(None), Engagement.opens_at <= now, Engagement.closes_at >= now)
        .order_by(Engagement.closes_at, Engagement.id)
    ).all()


def organisations(session: Session, engagement: Engagement, situation: Situation, due: Due) -> Sequence[uuid.UUID]:
    """Those in this situation since the reminder was due, of whom nobody has had it.

    Whoever comes later has just seen the closing time. Changes are only looked for here: whether there are any, and
    whether anybody wants the reminder, is seen when it is sent.
    """
    found = _in_situation(engagement, situation, due).subquery()
    reminded = exists().where(
        Reminder.engagement_id == engagement.id,
        Reminder.organisation_id == found.c.organisation_id,
        Reminder.kind == due.kind,
    )
    return session.scalars(
        select(found.c.organisation_id).where(~reminded).distinct().order_by(found.c.organisation_id)
    ).all()


def _in_situation(engagement: Engagement, situation: Situation, due: Due) -> Select[uuid.UUID]:
    if situation is Situation.NOT_STARTED:
        begun = exists().where(
            Response.engagement_id == Invitation.engagement_id, Response.organisation_id == Invitation.organisation_id
        )
        return select(Invitation.organisation_id).where(
            Invitation.engagement_id == engagement.id,
            Invitation.sent_at <= due.at,
            ~begun,
            ~has_declined(Invitation.engagement_id, Invitation.organisation_id),
        )
    responses = select(Response.organisation_id).where(
        Response.engagement_id == engagement.id, Response.withdrawn_at.is_(None), Response.synthetic.is_(False)
    )
    if situation is Situation.DRAFT:
        return responses.where(
            Response.current_submission_id.is_(None),
            Response.started_at <= due.at,
            ~has_declined(Response.engagement_id, Response.organisation_id),
        )
    saved_since = exists().where(
        DraftSection.response_id == Response.id, DraftSection.saved_at > Submission.submitted_at
    )
    return responses.join(Response.current_submission).where(Submission.submitted_at <= due.at, saved_since)


def locked_engagement(session: Session, engagement_id: uuid.UUID) -> Engagement:
    """As it is until the transaction ends: its closing time is not moved meanwhile."""
    return session.scalars(
        select(Engagement)
        .where(Engagement.id == engagement_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()


def locked_response(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Response | None:
    """As it is until the transaction ends: nothing is submitted or withdrawn meanwhile."""
    return session.scalar(
        select(Response)
        .where(Response.engagement_id == engagement_id, Response.organisation_id == organisation_id)
        .options(joinedload(Response.organisation), joinedload(Response.current_submission))
        .with_for_update(read=True, of=Response)
        .execution_options(populate_existing=True)
    )


def organisation(session: Session, organisation_id: uuid.UUID) -> Organisation:
    return session.get_one(Organisation, organisation_id)


def people_invited(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Sequence[Person]:
    """Who had the invitation: the person invited, or everybody of the organisation if that was somebody else."""
    members = session.scalars(_members(engagement_id, organisation_id)).all()
    acts_for_it = exists().where(
        Membership.person_id == Invitation.person_id, Membership.organisation_id == organisation_id
    )
    invitations = session.execute(
        select(Invitation.person_id, acts_for_it.label("acts")).where(
            Invitation.engagement_id == engagement_id, Invitation.organisation_id == organisation_id
        )
    )
    acting = {row.person_id: row.acts for row in invitations}
    return [person for person in members if person.id in acting] if all(acting.values()) else members


def people_at_work(session: Session, response: Response) -> Sequence[Person]:
    """Who began the response or ever saved any of it, and who may submit it; of those who still act for it."""
    saved = select(DraftSection.saved_by).where(DraftSection.response_id == response.id)
    wrote = select(func.unnest(DraftSection.earlier_writers)).where(DraftSection.response_id == response.id)
    return session.scalars(
        _members(response.engagement_id, response.organisation_id).where(
            or_(
                Membership.role == MembershipRole.SIGNATORY,
                Person.id == response.started_by,
                Person.id.in_(saved),
                Person.id.in_(wrote),
            )
        )
    ).all()


def _members(engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Select[Person]:
    """Of an organisation, all who have not asked for no more reminders."""
    stopped = exists().where(ReminderStop.engagement_id == engagement_id, ReminderStop.person_id == Person.id)
    return (
        select(Person)
        .join(Person.memberships)
        .where(Membership.organisation_id == organisation_id, ~stopped)
        .order_by(Person.id)
    )


def engagement_of(session: Session, reminder: Reminder) -> Engagement:
    return session.get_one(Engagement, reminder.engagement_id)
