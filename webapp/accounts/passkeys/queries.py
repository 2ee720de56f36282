"""What the pages about passkeys read."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Passkey


def own(session: Session, *, passkey_id: uuid.UUID, person_id: uuid.UUID) -> Passkey | None:
    return session.scalars(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id)
    ).one_or_none()


def locked(session: Session, credential_id: bytes) -> Passkey | None:
    """The passkey with that id, whose count no other request reads meanwhile."""
    return session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    ).one_or_none()
