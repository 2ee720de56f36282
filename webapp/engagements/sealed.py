"""Sealed engagements: before all their responses are opened together, nothing is said of any of them.

Whatever tells officers of responses holds to `opened`: a statement that counts or lists them then finds none, so that
an answer is the same to the last byte whether somebody has responded or not. Drafts are kept quiet as submissions are,
since they tell who is at work.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from webapp.models import Engagement


def opened() -> ColumnElement[bool]:
    """That the responses to an engagement may be known: they were never sealed, or have been opened."""
    return ~Engagement.waits_for_opening


def any_sealed(session: Session) -> bool:
    """Whether any published engagement waits to be opened; what counts every act in the database must then be kept."""
    waits = exists().where(Engagement.published_at.is_not(None), ~opened())
    return bool(session.scalar(select(waits)))
