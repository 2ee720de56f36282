"""The providers that a programme has met, which of them were joined, and what keeps two from being joined."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from webapp.engagements.sealed import opened
from webapp.models import (
    ColleagueInvitation,
    Decline,
    DraftSection,
    Engagement,
    JoinedProvider,
    Membership,
    Programme,
    Response,
    Submission,
)
from webapp.past_procurements.matching import known
from webapp.programmes.joined import joined_to_others
from webapp.programmes.like_names import Known
from webapp.programmes.suppliers import meetings


def providers(session: Session, programme: Programme) -> Mapping[uuid.UUID, Known]:
    """Those that the programme has met, by name, without those that were joined to others.

    Nor those that only sealed responses tell of.
    """
    return {each.organisation_id: each for each in known(session, programme) if each.organisation_id is not None}


def met(
    session: Session, programme: Programme, organisation_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[str]]:
    """Of each, where the programme met it."""
    return meetings(session, Programme.id == programme.id, organisation_ids)


def joins(session: Session, programme_id: uuid.UUID) -> Sequence[JoinedProvider]:
    """Also those that were undone, the latest first."""
    return session.scalars(
        select(JoinedProvider)
        .where(JoinedProvider.programme_id == programme_id)
        .options(
            joinedload(JoinedProvider.organisation),
            joinedload(JoinedProvider.into),
            joinedload(JoinedProvider.joiner),
            joinedload(JoinedProvider.undoer),
        )
        .order_by(JoinedProvider.created_at.desc(), JoinedProvider.id)
    ).all()


def join(session: Session, join_id: uuid.UUID, programme_id: uuid.UUID) -> JoinedProvider | None:
    return session.scalars(
        select(JoinedProvider)
        .where(JoinedProvider.id == join_id, JoinedProvider.programme_id == programme_id)
        .options(joinedload(JoinedProvider.organisation), joinedload(JoinedProvider.into))
        .execution_options(populate_existing=True)
    ).one_or_none()


def join_in_force(session: Session, organisation_id: uuid.UUID, programme_id: uuid.UUID) -> JoinedProvider | None:
    """The one by which a provider was joined to another."""
    return session.scalars(
        select(JoinedProvider).where(
            JoinedProvider.organisation_id == organisation_id,
            JoinedProvider.programme_id == programme_id,
            JoinedProvider.undone_at.is_(None),
        )
    ).one_or_none()


def sealed_engagements(session: Session, programme_id: uuid.UUID, now: datetime) -> Sequence[str]:
    """The titles of those that take responses, or have taken them, and wait to be opened."""
    return session.scalars(
        select(Engagement.title)
        .where(
            Engagement.programme_id == programme_id,
            Engagement.published_at.is_not(None),
            Engagement.opens_at <= now,
            ~opened(),
        )
        .order_by(Engagement.title, Engagement.id)
    ).all()


def with_people(session: Session, organisation_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those that anybody can sign in for: as one of its people, or once they accept that they are asked to."""
    members, invited = (
        select(each.organisation_id).where(each.organisation_id.in_(organisation_ids))
        for each in (Membership, ColleagueInvitation)
    )
    return set(session.scalars(union(members, invited)))


def others_joined_to(session: Session, organisation_id: uuid.UUID, programme_id: uuid.UUID) -> Sequence[str]:
    return [
        each.organisation.name
        for each in joins(session, programme_id)
        if each.into_id == organisation_id and each.undone_at is None
    ]


def answered_itself(session: Session, organisation_id: uuid.UUID, programme_id: uuid.UUID) -> bool:
    """Whether people of its own began or submitted a response in the programme, or said that it will not respond.

    Also what does not stand: it would again, once the response that ended it points to another. Never what a sealed
    engagement waits to open.
    """
    responded = exists().where(
        Response.organisation_id == organisation_id,
        Response.engagement_id.in_(engagements_of(programme_id)),
        is_own(),
    )
    declined = exists().where(
        Decline.organisation_id == organisation_id,
        Decline.engagement_id == Engagement.id,
        Engagement.programme_id == programme_id,
        opened(),
    )
    return bool(session.scalar(select(or_(responded, declined))))


def answering_apart(session: Session, programme_id: uuid.UUID) -> set[uuid.UUID]:
    """Those joined to others whose own people have submitted a response since. None before sealed ones are opened."""
    return set(
        session.scalars(
            select(Response.organisation_id)
            .join(Engagement, Engagement.id == Response.engagement_id)
            .where(
                Engagement.programme_id == programme_id,
                opened(),
                Response.organisation_id.in_(joined_to_others(programme_id)),
                Response.current_submission_id.is_not(None),
                is_own(),
            )
        )
    )


def answered_by_both(
    session: Session, one_id: uuid.UUID, other_id: uuid.UUID, programme_id: uuid.UUID
) -> Sequence[str]:
    """The engagements in which a response of the first counts, and the other has one too."""
    return session.scalars(
        select(Engagement.title)
        .join(Response, Response.engagement_id == Engagement.id)
        .where(
            Engagement.programme_id == programme_id,
            Response.organisation_id == one_id,
            Response.current_submission_id.is_not(None),
            has_other(other_id),
        )
        .order_by(Engagement.title, Engagement.id)
    ).all()


def engagements_of(programme_id: uuid.UUID) -> ColumnElement[uuid.UUID]:
    return select(Engagement.id).where(Engagement.programme_id == programme_id).scalar_subquery()


def is_own() -> ColumnElement[bool]:
    """That people of the response's organisation worked on it; others are as officers entered them."""
    return or_(
        exists().where(DraftSection.response_id == Response.id),
        exists().where(Submission.response_id == Response.id, Submission.reception_id.is_(None)),
    )


def has_other(organisation_id: uuid.UUID) -> ColumnElement[bool]:
    """That this organisation has a response in the same engagement."""
    other = aliased(Response)
    return exists().where(other.engagement_id == Response.engagement_id, other.organisation_id == organisation_id)
