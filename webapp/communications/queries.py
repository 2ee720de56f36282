"""Reading a programme's plan of communication and its events."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Attendance, Engagement, EngagementEvent, PlannedActivity, TeamMember


def count_activities(session: Session, programme_id: uuid.UUID) -> int:
    wanted = select(func.count()).select_from(PlannedActivity).where(PlannedActivity.programme_id == programme_id)
    return session.scalars(wanted).one()


def activities(
    session: Session, programme_id: uuid.UUID, *, limit: int | None = None, offset: int = 0
) -> Sequence[PlannedActivity]:
    """What is still to be done first, by the day it is due."""
    return session.scalars(
        select(PlannedActivity)
        .where(PlannedActivity.programme_id == programme_id)
        .options(joinedload(PlannedActivity.owner).joinedload(TeamMember.person))
        .order_by(PlannedActivity.done_on.is_not(None), PlannedActivity.due_on, PlannedActivity.id)
        .limit(limit)
        .offset(offset)
    ).all()


def activity(session: Session, activity_id: uuid.UUID, programme_id: uuid.UUID) -> PlannedActivity | None:
    return session.scalars(
        select(PlannedActivity).where(PlannedActivity.id == activity_id, PlannedActivity.programme_id == programme_id)
    ).one_or_none()


def team(session: Session, programme_id: uuid.UUID) -> Sequence[TeamMember]:
    return session.scalars(
        select(TeamMember)
        .where(TeamMember.programme_id == programme_id)
        .options(joinedload(TeamMember.person))
        .order_by(TeamMember.created_at, TeamMember.id)
    ).all()


def count_events(session: Session, programme_id: uuid.UUID) -> int:
    return session.scalars(
        select(func.count())
        .select_from(EngagementEvent)
        .join(EngagementEvent.engagement)
        .where(Engagement.programme_id == programme_id)
    ).one()


def events(
    session: Session, programme_id: uuid.UUID, *, limit: int | None = None, offset: int = 0
) -> Sequence[EngagementEvent]:
    """The latest first."""
    return session.scalars(
        select(EngagementEvent)
        .join(EngagementEvent.engagement)
        .where(Engagement.programme_id == programme_id)
        .options(joinedload(EngagementEvent.engagement))
        .order_by(EngagementEvent.begins_at.desc(), EngagementEvent.id)
        .limit(limit)
        .offset(offset)
    ).all()


def event(session: Session, event_id: uuid.UUID, programme_id: uuid.UUID) -> EngagementEvent | None:
    return session.scalars(
        select(EngagementEvent)
        .join(EngagementEvent.engagement)
        .where(EngagementEvent.id == event_id, Engagement.programme_id == programme_id)
        .options(joinedload(EngagementEvent.engagement))
    ).one_or_none()


def attendances(session: Session, event_id: uuid.UUID) -> Sequence[Attendance]:
    return session.scalars(
        select(Attendance).where(Attendance.event_id == event_id).order_by(Attendance.position)
    ).all()


def attended(session: Session, event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many came to each event."""
    counted = (
        select(Attendance.event_id, func.count())
        .where(Attendance.event_id.in_(event_ids))
        .group_by(Attendance.event_id)
    )
    return {row.event_id: row[1] for row in session.execute(counted)}
