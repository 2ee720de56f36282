"""The files sent for a programme."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from webapp.models import ImportFile


def sent(session: Session, programme_id: uuid.UUID, *, at_most: int) -> Sequence[ImportFile]:
    """The newest, without their content."""
    return session.scalars(
        select(ImportFile)
        .where(ImportFile.programme_id == programme_id)
        .options(joinedload(ImportFile.sender))
        .order_by(ImportFile.created_at.desc(), ImportFile.id)
        .limit(at_most)
    ).all()


def file(session: Session, file_id: uuid.UUID, programme_id: uuid.UUID) -> ImportFile | None:
    """With its content."""
    return session.scalars(
        select(ImportFile)
        .where(ImportFile.id == file_id, ImportFile.programme_id == programme_id)
        .options(joinedload(ImportFile.sender), undefer(ImportFile.content))
    ).one_or_none()
