"""Who has said that it will not respond, and why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager, joinedload

from webapp.engagements.sealed import opened
from webapp.models import (
    AuditEvent,
    Decline,
    DraftSection,
    Engagement,
    Invitation,
    Organisation,
    Person,
    Response,
)
from webapp.web.pagination import Page, paginate

DECLINES_SHOWN = 25
SAID = "engagement.declined"
"""The act on record."""


def stands() -> ColumnElement[bool]:
    """That an organisation has not acted otherwise since: nothing that it submitted counts, and it has not begun,
    saved, submitted or withdrawn anything later.

    So whoever starts a response, or goes on with one, takes back what was said, with nothing to delete in a hurry or to
    forget.
    """
    response = aliased(Response)
    saved = exists().where(DraftSection.response_id == response.id, DraftSection.saved_at > Decline.declined_at)
    saved = saved.correlate(response, Decline)  # by itself a clause within a clause would look at every decline
    acted = or_(response.current_submission_id.is_not(None), response.latest_at > Decline.declined_at, saved)
    return ~exists().where(
        response.engagement_id == Decline.engagement_id, response.organisation_id == Decline.organisation_id, acted
    )


def has_declined(
    engagement_id: ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID] | uuid.UUID,
    organisation_id: ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID] | uuid.UUID,
) -> ColumnElement[bool]:
    """For those who write to providers: it holds in sealed engagements too."""
    return exists().where(Decline.engagement_id == engagement_id, Decline.organisation_id == organisation_id, stands())


def may_be_known(engagement_id: uuid.UUID | BindParameter[uuid.UUID]) -> ColumnElement[bool]:
    """For officers: of an engagement that is not sealed, what stands."""
    is_opened = select(Engagement.id).where(Engagement.id == engagement_id, opened()).correlate(None).exists()
    return and_(Decline.engagement_id == engagement_id, stands(), is_opened)


def can_decline(engagement: Engagement, now: datetime) -> bool:
    """From when it is published, since a provider may know at once."""
    return engagement.state(now).awaits_closing


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organisation has done about an engagement."""

    response: Response | None
    decline: Decline | None
    """While it stands."""


NOTHING_DONE = Standing(None, None)


def standing_of(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Standing:
    row = session.execute(
        select(Response, Decline)
        .select_from(Organisation)
        .outerjoin(Response, and_(Response.organisation_id == Organisation.id, Response.engagement_id == engagement_id))
        .outerjoin(
            Decline,
            and_(Decline.organisation_id == Organisation.id, Decline.engagement_id == engagement_id, stands()),
        )
        .outerjoin(Decline.decliner)
        .where(Organisation.id == organisation_id)
        .options(contains_eager(Decline.decliner).load_only(Person.name))
    ).one()
    return Standing(*row)


def has_said_no(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    return bool(session.scalar(select(has_declined(engagement_id, organisation_id))))


def declined_by(session: Session, organisation_id: uuid.UUID) -> Sequence[Engagement]:
    """To which an organisation will not respond, the last to close first."""
    return session.scalars(
        select(Engagement)
        .join(Decline, Decline.engagement_id == Engagement.id)
        .where(Decline.organisation_id == organisation_id, stands())
        .order_by(Engagement.closes_at.desc(), Engagement.id)
    ).all()


def is_said(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID, said: Mapping[str, object]) -> bool:
    """Whether just these values stand."""
    same = (getattr(Decline, name).is_not_distinct_from(value) for name, value in said.items())
    key = {"engagement_id": engagement_id, "organisation_id": organisation_id}
    return session.scalar(select(Decline.nonce).filter_by(**key).where(*same, stands())) is not None


def was_said(session: Session, engagement_id: uuid.UUID, nonce: uuid.UUID) -> bool:
    """Whether it was ever said from this opening of the page; what was taken back is only on record."""
    on_record = exists().where(
        AuditEvent.subject_kind == Engagement.__tablename__,
        AuditEvent.subject_id == engagement_id,
        AuditEvent.act == SAID,
        AuditEvent.detail["nonce"].astext == str(nonce),
    )
    return bool(session.scalar(select(on_record)))


def has_submitted(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    counts = exists().where(
        Response.engagement_id == engagement_id,
        Response.organisation_id == organisation_id,
        Response.current_submission_id.is_not(None),
    )
    return bool(session.scalar(select(counts)))


def count_of_declines(session: Session, engagement_id: uuid.UUID) -> int:
    """As far as they may be known."""
    counted = select(func.count()).select_from(Decline).where(may_be_known(engagement_id))
    return session.scalar(counted) or 0


@dataclass(frozen=True, slots=True)
class Declined:
    decline: Decline
    invited: bool


def page_of_declines(session: Session, engagement_id: uuid.UUID, asked: str | None, *, total: int) -> Page[Declined]:
    """For those who may read responses. `total`: how many there are, as far as they may be known."""
    return paginate(
        total,
        lambda limit, offset: _declined(session, engagement_id, limit, offset),
        asked,
        DECLINES_SHOWN,
    )


def every_decline(session: Session, engagement_id: uuid.UUID) -> Sequence[Declined]:
    """The same for a file."""
    return _declined(session, engagement_id, None, None)


def _declined(session: Session, engagement_id: uuid.UUID, limit: int | None, offset: int | None) -> Sequence[Declined]:
    invited = exists().where(
        Invitation.engagement_id == Decline.engagement_id, Invitation.organisation_id == Decline.organisation_id
    )
    rows = session.execute(
        select(Decline, invited)
        .where(may_be_known(engagement_id))
        .options(joinedload(Decline.organisation))
        .order_by(Decline.declined_at.desc(), Decline.organisation_id)
        .limit(limit)
        .offset(offset)
    )
    return [Declined(decline, was_invited) for decline, was_invited in rows]
