"""What everybody was told that the buyer made of what it heard: the newest version is what everybody reads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from webapp.models import ReplyPublication


def newest(session: Session, engagement_id: uuid.UUID) -> ReplyPublication | None:
    return session.scalars(_newest_first(engagement_id).limit(1)).one_or_none()


def versions(session: Session, engagement_id: uuid.UUID) -> Sequence[ReplyPublication]:
    """Each with its replies, the newest first."""
    return session.scalars(_newest_first(engagement_id).options(selectinload(ReplyPublication.replies))).all()


def _newest_first(engagement_id: uuid.UUID) -> Select[ReplyPublication]:
    return (
        select(ReplyPublication)
        .where(ReplyPublication.engagement_id == engagement_id)
        .order_by(ReplyPublication.version.desc())
    )
