"""What each side may read of questions and answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from webapp.models import (
    Clarification,
    EarlierAnswer,
    Engagement,
    EngagementLot,
    Invitation,
    Lot,
    Membership,
    Organisation,
    Person,
    Programme,
)
from webapp.web.pagination import Page, paginate

_ASKED_HERE = Clarification.entered_by.is_(None)
"""What an officer entered is in the officer's words, and whose it is only as the officer says: other people's eyes are
kept from it, in case it is another's."""


@dataclass(frozen=True, slots=True)
class Published:
    """All that the public learns of a question: nothing of who asked it, when, or in which words."""

    lot: str | None
    question: str
    answer: str
    published_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    waiting: int
    clarifications: Page[Clarification]


def engagement_to_ask_about(session: Session, engagement_id: uuid.UUID) -> Engagement | None:
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, Engagement.published_at.is_not(None))
        .options(
            contains_eager(Engagement.programme).joinedload(Programme.buyer),
            selectinload(Engagement.engagement_lots).joinedload(EngagementLot.lot),
        )
    ).one_or_none()


def published(session: Session, engagement_id: uuid.UUID) -> tuple[Published, ...]:
    rows = session.execute(
        select(
            Lot.code,
            Lot.title,
            Clarification.published_question,
            Clarification.answer,
            Clarification.published_at,
            Clarification.corrected_at,
        )
        .outerjoin_from(Clarification, Clarification.lot)
        .where(Clarification.engagement_id == engagement_id, Clarification.published_at.is_not(None))
        .order_by(Clarification.published_at, Clarification.id)
    )
    return tuple(
        Published(f"{code}: {title}" if code else None, question or "", answer or "", at, corrected)
        for code, title, question, answer, at, corrected in rows
        if at is not None
    )


def own_questions(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Sequence[Clarification]:
    return session.scalars(
        select(Clarification)
        .where(
            Clarification.engagement_id == engagement_id,
            Clarification.organisation_id == organisation_id,
            _ASKED_HERE,
        )
        .options(joinedload(Clarification.lot))
        .order_by(Clarification.asked_at.desc(), Clarification.id)
    ).all()


def own_question(
    session: Session, clarification_id: uuid.UUID, engagement_id: uuid.UUID, organisation_id: uuid.UUID
) -> Clarification | None:
    return session.scalars(
        select(Clarification)
        .join(Clarification.engagement)
        .where(
            Clarification.id == clarification_id,
            Clarification.engagement_id == engagement_id,
            Clarification.organisation_id == organisation_id,
            _ASKED_HERE,
        )
        .options(
            joinedload(Clarification.lot), joinedload(Clarification.asker), contains_eager(Clarification.engagement)
        )
    ).one_or_none()


def inbox(session: Session, engagement_id: uuid.UUID, page: str | None) -> Inbox:
    """What waits, the oldest first, then what was published, the newest first."""
    asked, answered = session.execute(
        select(func.count(), func.count(Clarification.published_at)).where(Clarification.engagement_id == engagement_id)
    ).one()

    def fetch(limit: int, offset: int) -> Sequence[Clarification]:
        return session.scalars(
            select(Clarification)
            .where(Clarification.engagement_id == engagement_id)
            .options(joinedload(Clarification.lot), joinedload(Clarification.organisation))
            .order_by(Clarification.published_at.desc().nulls_first(), Clarification.asked_at, Clarification.id)
            .limit(limit)
            .offset(offset)
        ).all()

    return Inbox(asked - answered, paginate(asked, fetch, page))


def question_to_answer(session: Session, clarification_id: uuid.UUID, engagement_id: uuid.UUID) -> Clarification | None:
    """With the people of its organisation, whose names are not to be published."""
    people = joinedload(Clarification.organisation).selectinload(Organisation.memberships)
    return session.scalars(
        select(Clarification)
        .where(Clarification.id == clarification_id, Clarification.engagement_id == engagement_id)
        .options(
            joinedload(Clarification.lot),
            joinedload(Clarification.asker),
            joinedload(Clarification.enterer),
            people.joinedload(Membership.person),
        )
    ).one_or_none()


def locked(session: Session, clarification_id: uuid.UUID) -> Clarification | None:
    """As it stands now, held against whoever answers or removes it."""
    return session.scalars(
        select(Clarification)
        .where(Clarification.id == clarification_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def invited_providers(session: Session, engagement_id: uuid.UUID) -> Sequence[Organisation]:
    """Those from whom a question may have come, and of whom it tells nothing about responses to name them."""
    invited = select(Invitation.organisation_id).where(Invitation.engagement_id == engagement_id)
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(invited))
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def invited_people(session: Session, clarification: Clarification) -> Sequence[Person]:
    """Of the organisation that asked; not all who were invited act for it already."""
    if clarification.organisation_id is None:
        return ()
    return session.scalars(
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.engagement_id == clarification.engagement_id,
            Invitation.organisation_id == clarification.organisation_id,
        )
        .order_by(Person.id)
    ).all()


def earlier_answers(session: Session, clarification_id: uuid.UUID) -> Sequence[EarlierAnswer]:
    """What was published before it was corrected, the latest first."""
    return session.scalars(
        select(EarlierAnswer)
        .where(EarlierAnswer.clarification_id == clarification_id)
        .order_by(EarlierAnswer.published_at.desc(), EarlierAnswer.id)
    ).all()


def same_question(session: Session, nonce: uuid.UUID, organisation_id: uuid.UUID) -> Clarification | None:
    """The question that a form carrying this nonce has asked already."""
    return session.scalars(
        select(Clarification).where(Clarification.organisation_id == organisation_id, Clarification.nonce == nonce)
    ).one_or_none()
