"""Only a signatory submits. A contributor, when the answers are ready, asks for it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.accounts.organisations.queries import signatories
from webapp.audit import Actor
from webapp.mail import send
from webapp.models import EngagementState, Response
from webapp.responses import messages
from webapp.responses.actions import NotFoundError, NotOpenError


def ask_signatories(session: Session, *, response_id: uuid.UUID, link: str, actor: Actor, now: datetime) -> int:
    """Mail every signatory of the organisation the way to the check page; returns how many. Raises NotOpenError."""
    acting_for = actor.provider
    response = session.scalar(
        select(Response)
        .where(
            Response.id == response_id,
            Response.organisation_id == (acting_for.organisation_id if acting_for else None),
        )
        .options(joinedload(Response.engagement), joinedload(Response.organisation))
    )
    if response is None:
        raise NotFoundError
    if response.engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError(response.engagement)
    asked = signatories(session, response.organisation_id)
    for person in asked:
        send(session, recipient=person.email, **messages.request_to_submit(response, actor.name, link))
    audit.record(
        session,
        "response.signatories_asked",
        subject=response,
        actor=actor,
        organisation_id=response.organisation_id,
        signatories=len(asked),
    )
    session.flush()
    return len(asked)
