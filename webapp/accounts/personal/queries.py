"""What the pages about a person's own account read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Passkey, SignedInSession


def sessions(session: Session, person_id: uuid.UUID, now: datetime) -> Sequence[SignedInSession]:
    """Where the person is signed in, the newest first."""
    return session.scalars(
        select(SignedInSession)
        .where(SignedInSession.person_id == person_id, SignedInSession.expires_at > now)
        .order_by(SignedInSession.created_at.desc(), SignedInSession.id)
    ).all()


def passkeys(session: Session, person_id: uuid.UUID) -> Sequence[Passkey]:
    return session.scalars(
        select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.created_at, Passkey.id)
    ).all()


def is_confirmed(session: Session, session_id: uuid.UUID, *, since: datetime) -> bool:
    """Whether a link or a code, not a password alone, began this session, and not before `since`."""
    confirmed_at = session.scalar(select(SignedInSession.confirmed_at).where(SignedInSession.id == session_id))
    return confirmed_at is not None and confirmed_at >= since
