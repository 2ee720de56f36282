"""What entering received responses reads. While an engagement is sealed, nobody reads back what has been recorded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from webapp.audit import Actor
from webapp.engagements.sealed import opened
from webapp.models import (
    Contract,
    Engagement,
    Invitation,
    Organisation,
    Party,
    Programme,
    ReceivedFile,
    Reception,
    ReceptionSection,
    Response,
    Submission,
)
from webapp.programmes.permissions import Permission, within_reach

MOST_OFFERED = 300


def engagement(session: Session, engagement_id: uuid.UUID, actor: Actor, now: datetime) -> Engagement | None:
    """One that has opened, for those who run engagements and read responses too: whoever enters one reads it."""
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(
            Engagement.id == engagement_id,
            Engagement.published_at.is_not(None),
            Engagement.opens_at <= now,
            _may_enter(actor),
        )
        .options(contains_eager(Engagement.programme))
    ).one_or_none()


def _may_enter(actor: Actor) -> ColumnElement[bool]:
    return within_reach(actor, Permission.RUN) & within_reach(actor, Permission.READ_RESPONSES)


def reception(session: Session, reception_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor) -> Reception | None:
    """One that is being entered; of a sealed engagement only for the officer who began it."""
    return session.scalars(
        select(Reception)
        .where(Reception.id == reception_id, Reception.engagement_id == engagement_id, _is_at_work(actor))
        .join(Reception.engagement)
        .join(Engagement.programme)
        .where(_may_enter(actor))
        .options(
            contains_eager(Reception.engagement).contains_eager(Engagement.programme),
            joinedload(Reception.organisation),
            joinedload(Reception.file),
            joinedload(Reception.enterer),
        )
    ).one_or_none()


def being_entered(session: Session, engagement_id: uuid.UUID, actor: Actor, *, at_most: int) -> Sequence[Reception]:
    """The newest that are not recorded yet."""
    return session.scalars(
        select(Reception)
        .join(Reception.engagement)
        .where(Reception.engagement_id == engagement_id, _is_at_work(actor))
        .options(joinedload(Reception.enterer))
        .order_by(Reception.created_at.desc(), Reception.id)
        .limit(at_most)
    ).all()


def _is_at_work(actor: Actor) -> ColumnElement[bool]:
    recorded = exists().where(Submission.reception_id == Reception.id)
    return ~recorded & or_(opened(), Reception.entered_by == actor.person_id)


def sections(session: Session, reception_id: uuid.UUID) -> Sequence[ReceptionSection]:
    return session.scalars(
        select(ReceptionSection)
        .where(ReceptionSection.reception_id == reception_id)
        .options(joinedload(ReceptionSection.saver))
        .execution_options(populate_existing=True)  # as they are now, whatever the session read before
    ).all()


def offered(session: Session, about: Engagement) -> Sequence[Organisation]:
    """The providers that one would expect to hear from: those invited, and the present suppliers."""
    invited = select(Invitation.organisation_id).where(Invitation.engagement_id == about.id)
    suppliers = select(Contract.supplier_id).where(Contract.programme_id == about.programme_id)
    return session.scalars(
        select(Organisation)
        .where(Organisation.party == Party.PROVIDER, Organisation.id.in_(invited) | Organisation.id.in_(suppliers))
        .order_by(func.lower(Organisation.name), Organisation.id)
        .limit(MOST_OFFERED)
    ).all()


def names_entered(session: Session, engagement_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str]]:
    """The organisations that officers have entered for an engagement: for recording alone, since it tells of them."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Reception, Reception.organisation_id == Organisation.id)
        .where(Reception.engagement_id == engagement_id)
        .distinct()
        .order_by(Organisation.id)
    )
    return [(key, name) for key, name in rows]


def submission_to_correct(
    session: Session, response_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor
) -> Submission | None:
    """The entered submission that counts, of responses that may be known."""
    return session.scalars(
        _current()
        .where(Response.id == response_id, Engagement.id == engagement_id, _may_enter(actor), opened())
        .options(
            contains_eager(Submission.response).options(
                contains_eager(Response.engagement).contains_eager(Engagement.programme),
                joinedload(Response.organisation),
            ),
            joinedload(Submission.reception).joinedload(Reception.enterer),
        )
    ).one_or_none()


def original(session: Session, response_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor) -> ReceivedFile | None:
    """The file that came, with its content. It may answer restricted questions, so it is for those who lead."""
    return session.scalars(
        _current()
        .join(Reception, Reception.id == Submission.reception_id)
        .join(ReceivedFile, ReceivedFile.id == Reception.file_id)
        .with_only_columns(ReceivedFile, maintain_column_froms=True)
        .where(
            Response.id == response_id,
            Engagement.id == engagement_id,
            within_reach(actor, Permission.LEAD),
            opened(),
        )
        .options(undefer(ReceivedFile.content))
    ).one_or_none()


def _current() -> Select[Submission]:
    return (
        select(Submission)
        .join(Response, Response.current_submission_id == Submission.id)
        .join(Engagement, Engagement.id == Response.engagement_id)
        .join(Programme, Programme.id == Engagement.programme_id)
        .where(Submission.reception_id.is_not(None))
    )
