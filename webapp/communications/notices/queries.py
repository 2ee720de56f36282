"""Reading what a notice is written from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.audit import Actor
from webapp.communications.notices.fields import Subject
from webapp.communications.notices.forms import FACTS
from webapp.communications.notices.release import Enquiry, Report
from webapp.engagements.mails import how_many
from webapp.engagements.queries import heard as newest_heard
from webapp.language import ENGLISH, speaking
from webapp.models import (
    Clarification,
    Document,
    Engagement,
    EngagementEvent,
    EngagementLot,
    EngagementSummary,
    Lot,
    NoticeFacts,
    Programme,
    ReplyPublication,
)
from webapp.programmes.permissions import Permission, within_reach


def facts(session: Session, programme_id: uuid.UUID) -> NoticeFacts:
    """What is kept, or an empty row that nothing has saved yet."""
    kept = session.get(NoticeFacts, programme_id)
    return kept or NoticeFacts(programme_id=programme_id, **dict.fromkeys(FACTS, ""))


def subject(session: Session, engagement_id: uuid.UUID, actor: Actor, *, address: str, now: datetime) -> Subject | None:
    about = session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, within_reach(actor, Permission.READ))
        .options(
            joinedload(Engagement.programme).options(joinedload(Programme.buyer), joinedload(Programme.agent)),
            selectinload(Engagement.engagement_lots)
            .joinedload(EngagementLot.lot)
            .options(joinedload(Lot.procurement), selectinload(Lot.units)),
        )
    ).one_or_none()
    if about is None:
        return None
    events = session.scalars(
        select(EngagementEvent)
        .where(EngagementEvent.engagement_id == engagement_id)
        .order_by(EngagementEvent.begins_at, EngagementEvent.id)
    ).all()
    return Subject(about.programme, about, facts(session, about.programme_id), events, address, now)


def enquiries(session: Session, engagement_id: uuid.UUID) -> list[Enquiry]:
    """What was published of questions to all: nothing of who asked, when, or in which words."""
    rows = session.execute(
        select(
            Clarification.lot_id,
            Clarification.published_question,
            Clarification.answer,
            func.coalesce(Clarification.corrected_at, Clarification.published_at),
        )
        .where(Clarification.engagement_id == engagement_id, Clarification.published_at.is_not(None))
        .order_by(Clarification.published_at, Clarification.id)
    )
    return [
        Enquiry(str(lot_id) if lot_id else None, question or "", answer or "", at)
        for lot_id, question, answer, at in rows
    ]


def reports(session: Session, engagement_id: uuid.UUID, *, summary: str, replies: str) -> list[Report]:
    """The newest summary and replies that everybody reads at these addresses, if there are any.

    The number of responses is told as it is published: not where it is so small that it would tell who responded.
    """
    heard, replied = newest_heard(session, engagement_id)
    if heard is None and replied is None:
        return []
    first_heard, first_replied = session.execute(
        select(*(_first_published(each, engagement_id) for each in (EngagementSummary, ReplyPublication)))
    ).one()
    found = []
    if heard is not None:
        with speaking(ENGLISH.code):
            told = how_many(heard.responses)
        corrected = heard.published_at if heard.version > 1 else None
        found.append(Report("summary", "Summary of the engagement", told, summary, first_heard, corrected))
    if replied is not None:
        corrected = replied.published_at if replied.version > 1 else None
        told = "What was said, what was decided about it, and why."
        found.append(Report("you-said-we-did", "You said, we did", told, replies, first_replied, corrected))
    return found


def _first_published(kind: type[EngagementSummary | ReplyPublication], engagement_id: uuid.UUID) -> ScalarSelect[Any]:
    return select(func.min(kind.published_at)).where(kind.engagement_id == engagement_id).scalar_subquery()


def documents(session: Session, engagement_id: uuid.UUID) -> Sequence[Document]:
    """Those that can be downloaded now."""
    return session.scalars(
        select(Document)
        .where(Document.engagement_id == engagement_id, Document.withdrawn_at.is_(None))
        .order_by(Document.title, Document.id)
    ).all()
