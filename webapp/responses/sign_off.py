"""Only a signatory submits and withdraws. A contributor who finds it time for that asks for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.accounts.organisations.queries import signatories
from webapp.audit import Actor
from webapp.language import speaking
from webapp.mail import send
from webapp.models import EngagementState, Response
from webapp.responses import messages
from webapp.responses.actions import NotFoundError, NotOpenError


class NothingToWithdrawError(Exception):
    """No submission counts, or no longer."""


def ask_to_submit(session: Session, *, response_id: uuid.UUID, link: str, actor: Actor, now: datetime) -> int:
    """Mail every signatory of the organisation the way to the check page; returns how many. Raises NotOpenError."""
    response = _open_response(session, response_id, actor, now)
    asked = _mail(session, response, lambda: messages.request_to_submit(response, actor.name, link))
    _record(session, "response.signatories_asked", response, actor, asked)
    return asked


def ask_to_withdraw(session: Session, *, response_id: uuid.UUID, link: str, actor: Actor, now: datetime) -> int:
    """Mail every signatory the way to the page that withdraws; returns how many.

    Raises NotOpenError or NothingToWithdrawError.
    """
    response = _open_response(session, response_id, actor, now)
    if response.current_submission_id is None:
        raise NothingToWithdrawError
    asked = _mail(session, response, lambda: messages.request_to_withdraw(response, actor.name, link))
    _record(session, "response.withdrawal_asked", response, actor, asked)
    return asked


def _open_response(session: Session, response_id: uuid.UUID, actor: Actor, now: datetime) -> Response:
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
    return response


def _mail(session: Session, response: Response, compose: Callable[[], dict[str, str]]) -> int:
    """To every signatory, each in the language to write to them in; returns how many."""
    people = signatories(session, response.organisation_id)
    for person in people:
        with speaking(person.language):
            mail = compose()
        send(session, recipient=person.email, **mail)
    return len(people)


def _record(session: Session, act: str, response: Response, actor: Actor, asked: int) -> None:
    audit.record(
        session, act, subject=response, actor=actor, organisation_id=response.organisation_id, signatories=asked
    )
    session.flush()
