"""Summaries of engagements: the newest version is what everybody reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    Clarification,
    EngagementSummary,
    Membership,
    Person,
    Response,
    ThemeFramework,
    ThemeVersion,
)


def newest(session: Session, engagement_id: uuid.UUID) -> EngagementSummary | None:
    return session.scalars(
        select(EngagementSummary)
        .where(EngagementSummary.engagement_id == engagement_id)
        .order_by(EngagementSummary.version.desc())
        .limit(1)
    ).one_or_none()


def versions(session: Session, engagement_id: uuid.UUID) -> Sequence[EngagementSummary]:
    """Every version, the newest first."""
    return session.scalars(
        select(EngagementSummary)
        .where(EngagementSummary.engagement_id == engagement_id)
        .order_by(EngagementSummary.version.desc())
    ).all()


def signed_themes(session: Session, engagement_id: uuid.UUID) -> Sequence[tuple[ThemeFramework, ThemeVersion]]:
    """The questions whose themes somebody has signed, with the version that counts."""
    rows = session.execute(
        select(ThemeFramework, ThemeVersion)
        .join(
            ThemeVersion,
            (ThemeVersion.framework_id == ThemeFramework.id) & (ThemeVersion.number == ThemeFramework.official),
        )
        .where(ThemeFramework.engagement_id == engagement_id)
        .order_by(ThemeFramework.question_key)
    )
    return [(framework, version) for framework, version in rows]


def first_published(session: Session, engagement_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """When a summary was first published, of those engagements that have one."""
    rows = session.execute(
        select(EngagementSummary.engagement_id, EngagementSummary.published_at).where(
            EngagementSummary.engagement_id.in_(tuple(engagement_ids)), EngagementSummary.version == 1
        )
    )
    return {row.engagement_id: row.published_at for row in rows}


def count_submitted(session: Session, engagement_id: uuid.UUID) -> int:
    """How many responses count: those submitted and not withdrawn."""
    return session.scalars(
        select(func.count(Response.current_submission_id)).where(Response.engagement_id == engagement_id)
    ).one()


def people_who_took_part(session: Session, engagement_id: uuid.UUID) -> Sequence[Person]:
    """Everybody who acts for an organisation that has submitted a response which counts, or asked a question."""
    submitted = select(Response.organisation_id).where(
        Response.engagement_id == engagement_id, Response.current_submission_id.is_not(None)
    )
    asked = select(Clarification.organisation_id).where(Clarification.engagement_id == engagement_id)
    members = select(Membership.person_id).where(
        or_(Membership.organisation_id.in_(submitted), Membership.organisation_id.in_(asked))
    )
    return session.scalars(select(Person).where(Person.id.in_(members)).order_by(Person.id)).all()
