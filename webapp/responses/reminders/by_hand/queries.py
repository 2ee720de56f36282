"""Whom an officer may remind: a group of organisations, by what they have done so far.

Who has said that it will not respond is in none of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, func, select, union
from sqlalchemy.orm import Session

from webapp.engagements.declining.queries import has_declined
from webapp.models import (
    AuditEvent,
    DraftSection,
    Engagement,
    Invitation,
    Reminder,
    ReminderKind,
    Response,
    SignInLink,
    Submission,
)
from webapp.responses.reminders.by_hand.groups import Group

REMINDED = "engagement.reminded"
PAUSE = timedelta(days=1)
"""Between two reminders by hand to one person."""


def organisations(session: Session, engagement: Engagement, group: Group, *, destination: str) -> Sequence[uuid.UUID]:
    """`destination` is the path to which the links in invitations lead."""
    found = _in_group(engagement.id, group, destination).subquery()
    return session.scalars(select(found.c[0]).distinct().order_by(found.c[0])).all()


def count(session: Session, engagement: Engagement, group: Group, *, destination: str) -> int:
    found = _in_group(engagement.id, group, destination).subquery()
    return session.scalars(select(func.count(func.distinct(found.c[0])))).one()


def invited(session: Session, engagement: Engagement) -> int:
    """How many organisations have an invitation."""
    return session.scalars(
        select(func.count(func.distinct(Invitation.organisation_id))).where(Invitation.engagement_id == engagement.id)
    ).one()


def synthetic(session: Session, engagement: Engagement) -> int:
    """How many responses were made up: nobody stands behind them who could be reminded."""
    return session.scalars(
        select(func.count()).where(Response.engagement_id == engagement.id, Response.synthetic.is_(True))
    ).one()


def reminded_lately(session: Session, engagement_id: uuid.UUID, now: datetime) -> frozenset[uuid.UUID]:
    """The people who had a reminder by hand within the pause."""
    return frozenset(
        session.scalars(
            select(Reminder.person_id).where(
                Reminder.engagement_id == engagement_id,
                Reminder.kind == ReminderKind.BY_HAND,
                Reminder.created_at > now - PAUSE,
            )
        )
    )


def on_record_lately(session: Session, engagement_id: uuid.UUID, now: datetime) -> bool:
    """Whether a reminder by hand was put on record within the pause, and nobody has been invited since."""
    last = (
        select(func.max(AuditEvent.at))
        .where(
            AuditEvent.subject_kind == Engagement.__tablename__,
            AuditEvent.subject_id == engagement_id,
            AuditEvent.act == REMINDED,
            AuditEvent.at > now - PAUSE,
        )
        .scalar_subquery()
    )
    invited_since = exists().where(Invitation.engagement_id == engagement_id, Invitation.sent_at > last)
    return session.scalars(select(and_(last.is_not(None), ~invited_since))).one()


def _in_group(engagement_id: uuid.UUID, group: Group, destination: str) -> Select[uuid.UUID]:
    invited = select(Invitation.organisation_id).where(Invitation.engagement_id == engagement_id)
    responses = select(Response.organisation_id).where(
        Response.engagement_id == engagement_id, Response.withdrawn_at.is_(None), Response.synthetic.is_(False)
    )
    match group:
        case Group.EVERYBODY:
            everybody = union(invited, responses).subquery()
            return select(everybody.c[0]).where(~has_declined(engagement_id, everybody.c[0]))
        case Group.NOT_OPENED:
            used = exists().where(
                SignInLink.person_id == Invitation.person_id,
                SignInLink.destination == destination,
                SignInLink.used_at.is_not(None),
            )
            begun = exists().where(
                Response.engagement_id == engagement_id, Response.organisation_id == Invitation.organisation_id
            )
            return invited.where(~used, ~begun, ~has_declined(engagement_id, Invitation.organisation_id))
        case Group.DRAFT:
            return responses.where(
                Response.current_submission_id.is_(None), ~has_declined(engagement_id, Response.organisation_id)
            )
        case Group.CHANGES:
            saved_since = exists().where(
                DraftSection.response_id == Response.id, DraftSection.saved_at > Submission.submitted_at
            )
            return responses.join(Response.current_submission).where(saved_since)
