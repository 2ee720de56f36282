"""Only a signatory submits and withdraws. A contributor who finds it time for that asks for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.accounts.organisations.queries import signatories
from webapp.audit import Actor
from webapp.language import speaking
from webapp.mail import Letter, Mail, send_all, was_sent
from webapp.models import EngagementState, Response
from webapp.responses import mails
from webapp.responses.actions import NotFoundError, NotOpenError


class NothingToWithdrawError(Exception):
    """No submission counts, or no longer."""


def ask_to_submit(
    session: Session, *, response_id: uuid.UUID, link: str, once: uuid.UUID, actor: Actor, now: datetime
) -> int:
    """Mail every signatory of the organisation the way to the check page, once for a form that is sent twice.

    Returns how many. Raises NotOpenError.
    """
    response = _open_response(session, response_id, actor, now)
    mail = partial(mails.request_to_submit, response, actor.name, link)
    return _ask(session, response, "response.signatories_asked", mail, once, actor)


def ask_to_withdraw(
    session: Session, *, response_id: uuid.UUID, link: str, once: uuid.UUID, actor: Actor, now: datetime
) -> int:
    """Mail every signatory the way to the page that withdraws, once for a form that is sent twice.

    Returns how many. Raises NotOpenError or NothingToWithdrawError.
    """
    response = _open_response(session, response_id, actor, now)
    if response.current_submission_id is None:
        raise NothingToWithdrawError
    mail = partial(mails.request_to_withdraw, response, actor.name, link)
    return _ask(session, response, "response.withdrawal_asked", mail, once, actor)


def _open_response(session: Session, response_id: uuid.UUID, actor: Actor, now: datetime) -> Response:
    """Held: of a form that is sent twice at the same moment the second waits here for the first."""
    acting_for = actor.provider
    response = session.scalar(
        select(Response)
        .where(
            Response.id == response_id,
            Response.organisation_id == (acting_for.organisation_id if acting_for else None),
        )
        .options(joinedload(Response.engagement), joinedload(Response.organisation))
        .with_for_update(of=Response, key_share=True)
    )
    if response is None:
        raise NotFoundError
    if response.engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError(response.engagement)
    return response


def _ask(
    session: Session,
    response: Response,
    act: str,
    compose: Callable[[], Mail],
    once: uuid.UUID,
    actor: Actor,
) -> int:
    """Mail every signatory, each in the language to write to them in; returns how many."""
    people = signatories(session, response.organisation_id)
    if any(was_sent(session, once=once, recipient=person.email) for person in people):
        return len(people)
    letters = []
    for person in people:
        with speaking(person.language):
            letters.append(Letter(person.email, compose(), once))
    send_all(session, letters)
    organisation_id, asked = response.organisation_id, len(people)
    audit.record(session, act, subject=response, actor=actor, organisation_id=organisation_id, signatories=asked)
    session.flush()
    return asked
