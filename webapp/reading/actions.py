"""What a team notes as it reads."""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import Engagement, Response, ResponseFlag, ResponseNote
from webapp.once import add_once


def note(session: Session, *, note_id: uuid.UUID, response: Response, text: str, actor: Actor) -> None:
    """Raises WrittenAlreadyError."""
    add_once(session, ResponseNote(id=note_id, response_id=response.id, written_by=actor.person_id, text=text))
    audit.record(session, "response.noted", subject=response, actor=actor)
    session.flush()


def flag(session: Session, *, response: Response, raised: bool, actor: Actor) -> None:
    """Raise or take down the team's flag; doing so twice changes nothing."""
    if raised:
        session.execute(
            insert(ResponseFlag).values(response_id=response.id, raised_by=actor.person_id).on_conflict_do_nothing()
        )
    else:
        session.execute(delete(ResponseFlag).where(ResponseFlag.response_id == response.id))
    audit.record(session, "response.flagged", subject=response, actor=actor, raised=raised)
    session.flush()


def exported(session: Session, *, engagement: Engagement, kind: str, with_restricted: bool, actor: Actor) -> None:
    """That responses left the service."""
    audit.record(session, "responses.exported", subject=engagement, actor=actor, kind=kind, restricted=with_restricted)
    session.flush()
