"""What a provider reads of its responses that are destroyed, or will be."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from webapp.engagements.disposed import last_day
from webapp.language import _
from webapp.models import Disposal, DisposedResponse, Response
from webapp.web.format import day, moment


def disposals_of(session: Session, organisation_id: uuid.UUID) -> Sequence[tuple[Disposal, DisposedResponse | None]]:
    """What will be destroyed of an organisation's responses, and what was, each with its engagement."""
    has_response = exists().where(
        Response.engagement_id == Disposal.engagement_id, Response.organisation_id == organisation_id
    )
    own = (DisposedResponse.disposal_id == Disposal.id) & (DisposedResponse.organisation_id == organisation_id)
    rows = session.execute(
        select(Disposal, DisposedResponse)
        .join(Disposal.engagement)
        .outerjoin(DisposedResponse, own)
        .where(
            Disposal.agreed_at.is_not(None),
            Disposal.stopped_at.is_(None),
            or_(DisposedResponse.reference.is_not(None), has_response),
        )
        .options(contains_eager(Disposal.engagement))
        .order_by(Disposal.due_at.desc(), Disposal.id, DisposedResponse.reference)
    )
    return [(disposal, gone) for disposal, gone in rows]


def going_and_gone(
    found: Iterable[tuple[Disposal, DisposedResponse | None]],
) -> tuple[Mapping[uuid.UUID, str], Sequence[str]]:
    """By engagement, what to do before a response is destroyed; and a line for each that was."""
    going: dict[uuid.UUID, str] = {}
    gone: list[str] = []
    for disposal, response in found:
        if response is not None and disposal.done_at is not None:
            gone.append(
                _(
                    "%(engagement)s: your response %(reference)s, submitted at %(submitted)s, was destroyed on %(day)s",
                    engagement=disposal.engagement.title,
                    reference=response.reference,
                    submitted=moment(response.submitted_at),
                    day=day(disposal.done_at),
                )
            )
        elif disposal.due_at is not None:
            going[disposal.engagement_id] = _(
                "This is destroyed after %(day)s. If you want to keep a copy, download it before then.",
                day=day(last_day(disposal.due_at)),
            )
    return going, gone
