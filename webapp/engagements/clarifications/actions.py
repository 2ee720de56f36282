"""Asking in confidence, entering what was asked elsewhere, answering to everybody, and correcting an answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements import mails
from webapp.engagements.clarifications import queries
from webapp.engagements.mails import Addresses
from webapp.engagements.queries import people_to_tell
from webapp.engagements.telling import tell
from webapp.models import AskedHow, Clarification, EarlierAnswer, Engagement
from webapp.once import add_once


class QuestionsClosedError(Exception):
    """The question arrived after the deadline."""


class PublishedAlreadyError(Exception):
    """Somebody has published another answer to the same question."""


class NotEnteredError(Exception):
    """The question was asked through the service, or it is gone."""


class RemovedError(Exception):
    """Somebody has removed the question that an officer had entered."""


class NotPublishedError(Exception):
    """There is no published answer to correct."""


class CorrectedAlreadyError(Exception):
    """Somebody else has corrected the answer since this officer read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    question: str
    lot_id: uuid.UUID | None
    nonce: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A question that came otherwise than through the service."""

    organisation_id: uuid.UUID | None
    how: AskedHow
    asked_at: datetime
    late_reason: str | None
    question: str
    lot_id: uuid.UUID | None


def ask(
    session: Session, *, engagement: Engagement, asking: Asking, organisation_id: uuid.UUID, actor: Actor, now: datetime
) -> Clarification:
    """Ask a question in confidence; asking it again with the same nonce finds the one that was asked.

    The deadline is judged on `now`, with the engagement's row locked against an extension under way.
    Raises QuestionsClosedError.
    """
    asked = queries.same_question(session, asking.nonce, organisation_id)
    if asked is not None:
        return asked
    session.refresh(engagement, ("published_at", "closes_at", "questions_close_at"), with_for_update={"read": True})
    if not engagement.takes_questions(now):
        raise QuestionsClosedError
    clarification = _add(session, engagement, asking, organisation_id, actor, now)
    if clarification is None:  # the same form, sent twice at the same moment
        return ask(session, engagement=engagement, asking=asking, organisation_id=organisation_id, actor=actor, now=now)
    audit.record(
        session,
        "clarification.asked",
        subject=clarification,
        actor=actor,
        organisation_id=organisation_id,
        engagement=str(engagement.id),
    )
    session.flush()
    return clarification


def _add(
    session: Session, engagement: Engagement, asking: Asking, organisation_id: uuid.UUID, actor: Actor, now: datetime
) -> Clarification | None:
    """None if the same form has just added it."""
    added: Clarification | None = session.scalar(
        insert(Clarification)
        .values(
            id=uuid.uuid4(),
            engagement_id=engagement.id,
            organisation_id=organisation_id,
            asked_by=actor.person_id,
            lot_id=asking.lot_id,
            nonce=asking.nonce,
            question=asking.question,
            asked_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Clarification)
    )
    return added


def enter(
    session: Session, *, clarification_id: uuid.UUID, engagement: Engagement, received: Received, actor: Actor
) -> Clarification:
    """Enter a question that came otherwise, to be answered like any other.

    Whether it came in time is judged with the engagement's row locked against an extension under way.
    Raises QuestionsClosedError for one that came late without a reason to accept it, and WrittenAlreadyError.
    """
    session.refresh(engagement, ("published_at", "closes_at", "questions_close_at"), with_for_update={"read": True})
    is_late = received.asked_at > engagement.questions_until
    if is_late and received.late_reason is None:
        raise QuestionsClosedError
    clarification = Clarification(
        id=clarification_id,
        nonce=clarification_id,
        engagement_id=engagement.id,
        organisation_id=received.organisation_id,
        entered_by=actor.person_id,
        asked_how=received.how,
        asked_at=received.asked_at,
        late_reason=received.late_reason if is_late else None,
        question=received.question,
        lot_id=received.lot_id,
    )
    add_once(session, clarification)
    audit.record(
        session,
        "clarification.entered",
        subject=clarification,
        actor=actor,
        organisation_id=received.organisation_id,
        how=received.how.value,
        asked_at=received.asked_at.isoformat(),
        engagement=str(engagement.id),
    )
    if is_late:
        audit.record(
            session,
            "clarification.accepted_late",
            subject=clarification,
            actor=actor,
            received_at=received.asked_at.isoformat(),
            reason=received.late_reason,
            engagement=str(engagement.id),
        )
    session.flush()
    return clarification


def remove(session: Session, *, clarification: Clarification, reason: str, actor: Actor) -> None:
    """Take out what an officer entered by mistake; that it was there, and why it went, stays on the trail.

    Raises PublishedAlreadyError and NotEnteredError.
    """
    found = queries.locked(session, clarification.id)
    if found is None or found.entered_by is None:
        raise NotEnteredError
    if found.published_at is not None:
        raise PublishedAlreadyError
    audit.record(
        session,
        "clarification.removed",
        subject=found,
        actor=actor,
        organisation_id=found.organisation_id,
        engagement=str(found.engagement_id),
        reason=reason,
    )
    if found.late_reason is not None:
        audit.record(
            session,
            "clarification.removed_late",
            subject=found,
            actor=actor,
            received_at=found.asked_at.isoformat(),
            reason=reason,
            engagement=str(found.engagement_id),
        )
    session.delete(found)
    session.flush()


def publish(
    session: Session,
    *,
    engagement: Engagement,
    clarification: Clarification,
    question: str,
    answer: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> bool:
    """Publish question and answer to everybody and tell them; False if just that has been published before.

    Raises PublishedAlreadyError and RemovedError.
    """
    if queries.locked(session, clarification.id) is None:
        raise RemovedError
    if clarification.published_at is not None:
        if (clarification.published_question, clarification.answer) == (question, answer):
            return False
        raise PublishedAlreadyError
    clarification.published_question, clarification.answer = question, answer
    clarification.published_at, clarification.answered_by = now, actor.person_id
    audit.record(session, "clarification.published", subject=clarification, actor=actor, engagement=str(engagement.id))
    mail = partial(mails.clarification, engagement, question=question, answer=answer, addresses=addresses)
    tell(session, people_to_tell(session, engagement.id), mail)
    session.flush()
    return True


def correct(
    session: Session,
    *,
    engagement: Engagement,
    clarification: Clarification,
    question: str,
    answer: str,
    seen: datetime,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> bool:
    """Put another text in the place of a published one and tell everybody; False if it is no other text.

    The earlier text stays in the records. `seen` is since when the text stood that the officer corrected.
    Raises NotPublishedError and CorrectedAlreadyError.
    """
    told = ("published_question", "answer", "answered_by", "published_at", "corrected_at")
    session.refresh(clarification, told, with_for_update=True)
    if (clarification.published_question, clarification.answer) == (question, answer):
        return False
    if clarification.published_since != seen:
        raise CorrectedAlreadyError
    session.add(_earlier(clarification, now))
    clarification.published_question, clarification.answer = question, answer
    clarification.corrected_at, clarification.answered_by = now, actor.person_id
    audit.record(session, "clarification.corrected", subject=clarification, actor=actor, engagement=str(engagement.id))
    mail = partial(mails.correction, engagement, question=question, answer=answer, addresses=addresses)
    tell(session, people_to_tell(session, engagement.id), mail)
    session.flush()
    return True


def _earlier(clarification: Clarification, now: datetime) -> EarlierAnswer:
    since, answered_by = clarification.published_since, clarification.answered_by
    if since is None or answered_by is None:
        raise NotPublishedError
    return EarlierAnswer(
        clarification_id=clarification.id,
        question=clarification.published_question,
        answer=clarification.answer,
        answered_by=answered_by,
        published_at=since,
        corrected_at=now,
    )
