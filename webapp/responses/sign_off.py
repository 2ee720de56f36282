"""Only a signatory submits and withdraws. A contributor who finds it time for that asks for it, and a signatory who
finds it too early sends the draft back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.accounts.organisations.queries import signatories
from webapp.audit import Actor
from webapp.language import speaking
from webapp.mail import Letter, Mail, send_all, was_sent
from webapp.models import DraftRemark, EngagementState, Person, RemarkKind, Response
from webapp.responses import mails, queries, remarks
from webapp.responses.actions import NotFoundError, NotOpenError, require_signatory
from webapp.responses.withdrawing import NothingToWithdrawError


class NotAskedError(Exception):
    """Nobody asks for the draft to be submitted, or it was submitted meanwhile."""


def ask_to_submit(
    session: Session,
    *,
    response_id: uuid.UUID,
    note: str | None,
    link: str,
    once: uuid.UUID,
    actor: Actor,
    now: datetime,
) -> int:
    """Mail every signatory of the organisation the way to the check page, once for a form that is sent twice.

    Of a draft that was sent back it is asked anew: what was said before is done with. Returns how many. Raises
    NotOpenError.
    """
    response = _open_response(session, response_id, actor, now, words=note)
    people = signatories(session, response.organisation_id)
    if not _done_before(session, people, once):
        if remarks.is_sent_back(remarks.standing(session, response.id)):
            remarks.end_round(session, response.id)
        _say(session, response, RemarkKind.ASKED, note, once, actor)
        _tell(session, people, partial(mails.request_to_submit, response, actor.name, note, link), once)
        _record(session, "response.signatories_asked", response, actor, signatories=len(people))
    return len(people)


def send_back(
    session: Session, *, response_id: uuid.UUID, remark: str, link: str, once: uuid.UUID, actor: Actor, now: datetime
) -> int:
    """Mail whoever asked for the draft to be submitted, or if they have left whoever else worked on it, once for a form
    that is sent twice.

    Returns how many. Raises NotOpenError, NotSignatoryError or NotAskedError.
    """
    response = _open_response(session, response_id, actor, now, words=remark)
    require_signatory(actor)
    said = remarks.standing(session, response.id)
    people = _who_hears_of_it(session, response, said, actor)
    if not _done_before(session, people, once):
        if not remarks.is_asked(said):
            raise NotAskedError
        _say(session, response, RemarkKind.SENT_BACK, remark, once, actor)
        _tell(session, people, partial(mails.sent_back, response, actor.name, remark, link), once)
        _record(session, "response.sent_back", response, actor, told=len(people))
    return len(people)


def ask_to_withdraw(
    session: Session, *, response_id: uuid.UUID, link: str, once: uuid.UUID, actor: Actor, now: datetime
) -> int:
    """Mail every signatory the way to the page that withdraws, once for a form that is sent twice.

    Returns how many. Raises NotOpenError or NothingToWithdrawError.
    """
    response = _open_response(session, response_id, actor, now)
    if response.current_submission_id is None:
        raise NothingToWithdrawError
    people = signatories(session, response.organisation_id)
    if not _done_before(session, people, once):
        _tell(session, people, partial(mails.request_to_withdraw, response, actor.name, link), once)
        _record(session, "response.withdrawal_asked", response, actor, signatories=len(people))
    return len(people)


def _open_response(
    session: Session, response_id: uuid.UUID, actor: Actor, now: datetime, words: str | None = None
) -> Response:
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
        raise NotOpenError(response.engagement, words=words)
    return response


def _who_hears_of_it(
    session: Session, response: Response, said: Sequence[DraftRemark], actor: Actor
) -> Sequence[Person]:
    asked = {remark.written_by for remark in said if remark.kind is RemarkKind.ASKED}
    others = [each for each in queries.people_to_tell(session, response, actor) if each.id != actor.person_id]
    return [each for each in others if each.id in asked] or others


def _done_before(session: Session, people: Sequence[Person], once: uuid.UUID) -> bool:
    if session.get(DraftRemark, once) is not None:
        return True
    return any(was_sent(session, once=once, recipient=person.email) for person in people)


def _say(
    session: Session, response: Response, kind: RemarkKind, text: str | None, once: uuid.UUID, actor: Actor
) -> None:
    session.add(DraftRemark(id=once, response_id=response.id, kind=kind, text=text, written_by=actor.person_id))


def _tell(session: Session, people: Sequence[Person], compose: Callable[[], Mail], once: uuid.UUID) -> None:
    """Each in the language to write to them in."""
    letters = []
    for person in people:
        with speaking(person.language):
            letters.append(Letter(person.email, compose(), once))
    send_all(session, letters)


def _record(session: Session, act: str, response: Response, actor: Actor, **told: int) -> None:
    audit.record(session, act, subject=response, actor=actor, organisation_id=response.organisation_id, **told)
    session.flush()
