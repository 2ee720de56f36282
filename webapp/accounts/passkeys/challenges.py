"""Challenges that passkeys sign: kept here, each for one browser, one purpose and one answer."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.accounts.tokens import digest, new_token
from webapp.models import PasskeyChallenge

LIFE = timedelta(minutes=5)
BYTES = 32


def give(session: Session, *, person_id: uuid.UUID | None, now: datetime) -> tuple[str, bytes]:
    """A token for the cookie of the browser, and the challenge."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    token, challenge = new_token(), secrets.token_bytes(BYTES)
    session.add(
        PasskeyChallenge(token_digest=digest(token), challenge=challenge, person_id=person_id, expires_at=now + LIFE)
    )
    session.flush()
    return token, challenge


def take(session: Session, *, token: str | None, person_id: uuid.UUID | None, now: datetime) -> bytes | None:
    """The challenge given with the token, once: of several answers at the same time one gets it."""
    if token is None:
        return None
    return session.scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.token_digest == digest(token),
            PasskeyChallenge.person_id.is_not_distinct_from(person_id),
            PasskeyChallenge.expires_at > now,
        )
        .returning(PasskeyChallenge.challenge)
    )
