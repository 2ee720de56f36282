"""What officers do with engagements: set up, publish, extend, close early."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.db import clock
from webapp.engagements import mails, queries
from webapp.engagements.disposed import is_to_go
from webapp.engagements.mails import Addresses
from webapp.engagements.questionnaires import why_not
from webapp.engagements.telling import tell
from webapp.models import (
    Engagement,
    EngagementLot,
    EngagementState,
    Lot,
    Programme,
    QuestionnaireVersion,
)


class NotReadyError(Exception):
    """The engagement cannot be published; the message says what is missing."""


class ChangedError(NotReadyError):
    """Somebody has changed the draft since the officer who publishes it has read it."""


class NotOpenError(Exception):
    """Only an engagement that is open can be closed early."""


class QuestionsDeadlineError(Exception):
    """The new deadline for questions is not later than the present one, `questions_until`, or has passed already."""

    def __init__(self, questions_until: datetime) -> None:
        super().__init__(questions_until)
        self.questions_until = questions_until


class NotLaterError(Exception):
    """The new closing time is not later than the present one, `closes_at`, or has passed already."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(closes_at)
        self.closes_at = closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementNotice:
    """What a market engagement notice says."""

    reference: str
    title: str
    summary: str
    process: str
    contact_email: str
    opens_at: datetime
    closes_at: datetime
    questions_close_at: datetime | None = None
    """The same as closing unless given."""
    sealed: bool = False


def create_engagement(
    session: Session,
    *,
    programme: Programme,
    notice: EngagementNotice,
    lots: Sequence[Lot],
    actor: Actor | None,
    engagement_id: uuid.UUID | None = None,
) -> Engagement:
    """A draft, which only its officers see."""
    engagement = Engagement(
        id=engagement_id or uuid.uuid4(),
        programme=programme,
        **asdict(notice),
        engagement_lots=[EngagementLot(lot=lot, position=position) for position, lot in enumerate(lots, 1)],
    )
    session.add(engagement)
    session.flush()
    audit.record(session, "engagement.created", subject=engagement, actor=actor)
    session.flush()
    return engagement


def publish(
    session: Session, *, engagement: Engagement, actor: Actor | None, now: datetime, seen: int | None = None
) -> None:
    """Show the engagement to everybody and fix its newest questionnaire. Raises NotReadyError.

    It never says that it opened before anybody could read it: what was to open earlier opens now.
    `seen` is the revision that was read before, if anybody has read it.
    """
    _lock(session, engagement)
    if seen is not None and seen != engagement.revision:
        raise ChangedError("a colleague has changed the draft since you opened this page. Read it again")
    if engagement.published_at is not None:
        raise NotReadyError("it has been published already")
    if engagement.closes_at <= now:
        raise NotReadyError("its closing time has passed")
    version = session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.engagement_id == engagement.id)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if version is None:
        raise NotReadyError("it has no questionnaire")
    if missing := why_not(version):
        raise NotReadyError(f"its questionnaire is not ready. {missing}")
    if version.published_at is None:
        publish_questionnaire(session, version=version, actor=actor, now=now)
    engagement.published_at = now
    engagement.opens_at = max(engagement.opens_at, now)
    audit.record(session, "engagement.published", subject=engagement, actor=actor, version=version.number)
    session.flush()


def publish_questionnaire(
    session: Session, *, version: QuestionnaireVersion, actor: Actor | None, now: datetime
) -> None:
    """From here on the database refuses any change to the version, its sections and its questions."""
    version.published_at = now
    audit.record(session, "questionnaire.published", subject=version, actor=actor, number=version.number)
    session.flush()


def extend(
    session: Session,
    *,
    engagement: Engagement,
    closes_at: datetime,
    questions_close_at: datetime | None = None,
    reason: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Move the closing time of a published engagement to a later one, and tell everybody concerned.

    A closed engagement opens again. Submitting and asking lock the same row, so that each is judged by the one
    time or the other. A deadline for questions that was set stays unless a later one is given. The same once more is
    nothing more. Raises NotReadyError, NotLaterError and QuestionsDeadlineError.
    """
    _lock(session, engagement)
    if engagement.published_at is None:
        raise NotReadyError("it has not been published")
    if engagement.opened_at is not None:
        raise NotReadyError("its responses have been opened")
    if is_to_go(session, engagement.id):
        raise NotReadyError("its responses are destroyed, or about to be")
    last = next(reversed(queries.closing_moves(session, engagement.id)), None)
    if last and (last.closes_at, last.questions_close_at, last.reason) == (closes_at, questions_close_at, reason):
        return
    if closes_at <= max(engagement.closes_at, now):
        raise NotLaterError(engagement.closes_at)
    _move_questions(engagement, questions_close_at, now)
    closed_at, engagement.closes_at = engagement.closes_at, closes_at
    audit.record(
        session,
        queries.EXTENDED,
        subject=engagement,
        actor=actor,
        closed_at=closed_at.isoformat(),
        closes_at=closes_at.isoformat(),
        questions_close_at=questions_close_at.isoformat() if questions_close_at else None,
        reason=reason,
    )
    people = queries.people_to_tell(session, engagement.id)
    tell(session, people, partial(mails.extension, engagement, reason=reason, addresses=addresses))
    session.flush()


def close_early(
    session: Session,
    *,
    engagement: Engagement,
    reason: str,
    addresses: Addresses,
    actor: Actor,
    read_clock: Callable[[Session], datetime] = clock,
) -> None:
    """Close an open engagement now, and tell everybody concerned. What was submitted before stays.

    Now is what the clock says once the row is locked: a submission that came first locked it first, and no submission
    is ever later than the closing time. Raises NotOpenError.
    """
    _lock(session, engagement)
    now = read_clock(session)
    if engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError
    closed_at, engagement.closes_at = engagement.closes_at, now
    if engagement.questions_close_at is not None:
        engagement.questions_close_at = min(engagement.questions_close_at, now)
    audit.record(
        session,
        queries.CLOSED_EARLY,
        subject=engagement,
        actor=actor,
        closed_at=closed_at.isoformat(),
        closes_at=now.isoformat(),
        reason=reason,
    )
    people = queries.people_to_tell(session, engagement.id)
    mail = partial(mails.closed_early, engagement, closed_at=closed_at, reason=reason, addresses=addresses)
    tell(session, people, mail)
    session.flush()


def _move_questions(engagement: Engagement, questions_close_at: datetime | None, now: datetime) -> None:
    if questions_close_at is None:
        return
    if questions_close_at <= max(engagement.questions_until, now):
        raise QuestionsDeadlineError(engagement.questions_until)
    engagement.questions_close_at = questions_close_at


def _lock(session: Session, engagement: Engagement) -> None:
    """Hold the engagement's row until the end of the transaction, with the values it has now."""
    session.scalars(
        select(Engagement)
        .where(Engagement.id == engagement.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
