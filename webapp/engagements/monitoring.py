"""How an engagement goes: who was invited and who responds. Nothing of what they wrote.

Whatever the number of responses, the database counts them and hands over one page of lines.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased, joinedload

from webapp.engagements.declining.queries import may_be_known
from webapp.engagements.queries import INTERESTED, ClosingMove, closing_moves
from webapp.engagements.sealed import opened
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Decline,
    EngagementLot,
    Interest,
    Invitation,
    Lot,
    MailMessage,
    Organisation,
    Person,
    ProviderKind,
    ProviderSize,
    Response,
    RunState,
    SignInLink,
    Submission,
    Withdrawal,
)
from webapp.models.analysis import state_of_run
from webapp.web.pagination import Page, paginate

_TAKEN_BACK = aliased(Submission)
RUNS_SHOWN = RESPONSES_SHOWN = 10
LATEST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ResponseCounts:
    """Responses by what has become of them; together they are all that were started. Beside them, who declined."""

    draft: int
    submitted: int
    withdrawn: int
    declined: int
    """Providers that have said that they will not respond; some of them with a draft."""

    @property
    def all(self) -> int:
        return self.draft + self.submitted + self.withdrawn


class Became(Enum):
    """What has become of a response."""

    DRAFT = auto()
    SUBMITTED = auto()
    ENTERED = auto()
    """By an officer, from what was received otherwise."""
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True)
class ResponseLine:
    response_id: uuid.UUID
    became: Became
    since: datetime
    organisation: str
    kind: ProviderKind | None
    answered_kind: ProviderKind | None
    """For those who may read responses."""
    size: ProviderSize | None
    answered_size: ProviderSize | None
    """For those who may read responses."""
    synthetic: bool
    lots: str | None
    """The codes of the lots in which the submission that counts declares some interest."""
    reason: str | None
    """Why it was withdrawn, where that was said; for those who may read responses."""

    @property
    def is_submitted(self) -> bool:
        return self.became in (Became.SUBMITTED, Became.ENTERED)


@dataclass(frozen=True, slots=True)
class RunLine:
    run_id: uuid.UUID
    number: int
    requested_at: datetime
    requester: str
    progress: float
    """The finished share, from 0 to 1."""
    only_stopped: bool
    """Whether somebody stopped every part that failed, and some did."""
    state: RunState

    @property
    def was_stopped(self) -> bool:
        return self.state is RunState.FAILED and self.only_stopped


Invited = tuple[Invitation, datetime | None, Sequence[str] | None]
"""An invitation, when its link was last used, and why its provider will not respond, if it has said so."""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What costs the same whatever the number of responses."""

    counts: ResponseCounts
    latest: Sequence[ResponseLine]
    """The few in which something happened last."""
    invitations: Page[Invited]
    runs: Sequence[RunLine]
    moves: tuple[ClosingMove, ...]


def monitoring_of(
    session: Session, engagement_id: uuid.UUID, *, destination: str, invitations_page: str | None
) -> Monitoring:
    """`destination` is the path to which the links in invitations lead; the page is asked for as in an address."""
    return Monitoring(
        counts=_count_responses(session, engagement_id),
        latest=_responses(session, engagement_id, LATEST_SHOWN, 0),
        invitations=paginate(
            _count_invitations(session, engagement_id),
            lambda limit, offset: _invitations(session, engagement_id, destination, limit, offset),
            invitations_page,
        ),
        runs=_latest_runs(session, engagement_id),
        moves=closing_moves(session, engagement_id),
    )


def page_of_responses(
    session: Session, engagement_id: uuid.UUID, asked: str | None, *, total: int
) -> Page[ResponseLine]:
    """`total`: how many have been started, as far as they may be known."""
    return paginate(
        total,
        lambda limit, offset: _responses(session, engagement_id, limit, offset),
        asked,
        RESPONSES_SHOWN,
    )


def _count_invitations(session: Session, engagement_id: uuid.UUID) -> int:
    return session.scalars(
        select(func.count()).select_from(Invitation).where(Invitation.engagement_id == engagement_id)
    ).one()


def _invitations(
    session: Session, engagement_id: uuid.UUID, destination: str, limit: int, offset: int
) -> Sequence[Invited]:
    """The invitations, the last sent first, each with the time its link was last used to come to `destination`."""
    used_at = (
        select(func.max(SignInLink.used_at))
        .where(SignInLink.person_id == Invitation.person_id, SignInLink.destination == destination)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Invitation, used_at, Decline.reasons)
        .outerjoin(Decline, and_(Decline.organisation_id == Invitation.organisation_id, may_be_known(engagement_id)))
        .where(Invitation.engagement_id == engagement_id)
        .options(
            joinedload(Invitation.organisation),
            joinedload(Invitation.message).load_only(MailMessage.sent_at, MailMessage.refused_for),
        )
        .order_by(Invitation.sent_at.desc().nulls_last(), func.lower(Invitation.email))
        .limit(limit)
        .offset(offset)
    )
    return [(invitation, used, reasons) for invitation, used, reasons in rows]


def _count_responses(session: Session, engagement_id: uuid.UUID) -> ResponseCounts:
    declined = select(func.count()).select_from(Decline).where(may_be_known(engagement_id)).scalar_subquery()
    started, submitted, withdrawn, not_responding = session.execute(
        select(func.count(), func.count(Response.current_submission_id), func.count(Response.withdrawn_at), declined)
        .select_from(Response)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, opened())
    ).one()
    return ResponseCounts(
        draft=started - submitted - withdrawn, submitted=submitted, withdrawn=withdrawn, declined=not_responding
    )


def _lines_of_responses() -> Select[Any]:
    """First the few ids of the page, so that nothing else is read of thousands of responses."""
    few = _few_responses().subquery()
    return (
        select(
            few.c.id,
            few.c.since,
            Submission.id,
            Submission.reception_id,
            Response.withdrawn_at,
            Organisation.name,
            Organisation.provider_kind,
            Submission.answered_kind,
            Organisation.size,
            Submission.answered_size,
            or_(Response.synthetic, Organisation.synthetic),
            _codes_of_interest(),
            _reason_of_withdrawal(),
        )
        .join(Response, Response.id == few.c.id)
        .join(Response.organisation)
        .outerjoin(Response.current_submission)
        .order_by(few.c.since.desc(), few.c.id)
    )


def _few_responses() -> Select[uuid.UUID, datetime]:
    return (
        select(Response.id, Response.latest_at.label("since"))
        .join(Response.engagement)
        .where(Response.engagement_id == bindparam("engagement_id"), opened())
        .order_by(Response.latest_at.desc(), Response.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


def _codes_of_interest() -> ScalarSelect[str]:
    """Of the lots in which a response declares some interest, in their order."""
    return (
        select(func.string_agg(Lot.code, aggregate_order_by(literal(", "), EngagementLot.position, Lot.id)))
        .join(Interest, Interest.lot_id == Lot.id)
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .where(
            Interest.submission_id == Response.current_submission_id,
            Interest.level.in_(INTERESTED),
            EngagementLot.engagement_id == Response.engagement_id,
        )
        .correlate(Response)
        .scalar_subquery()
    )


def _reason_of_withdrawal() -> ScalarSelect[str | None]:
    """Of the one that stands; the same stands beside each of its submissions that were taken back together."""
    return (
        select(func.max(Withdrawal.reason))
        .join(_TAKEN_BACK, _TAKEN_BACK.id == Withdrawal.submission_id)
        .where(_TAKEN_BACK.response_id == Response.id, Withdrawal.withdrawn_at == Response.withdrawn_at)
        .correlate(Response)
        .scalar_subquery()
    )


_RESPONSES = _lines_of_responses()


def _responses(session: Session, engagement_id: uuid.UUID, limit: int, offset: int) -> Sequence[ResponseLine]:
    """Who has started, submitted or withdrawn, the latest first."""
    rows = session.execute(_RESPONSES, {"engagement_id": engagement_id, "limit": limit, "offset": offset})
    return [
        ResponseLine(response_id, _became(submission_id, reception_id, withdrawn_at), since, name, *organisation)
        for response_id, since, submission_id, reception_id, withdrawn_at, name, *organisation in rows
    ]


def _became(submission_id: uuid.UUID | None, reception_id: uuid.UUID | None, withdrawn_at: datetime | None) -> Became:
    if submission_id is not None:
        return Became.ENTERED if reception_id else Became.SUBMITTED
    return Became.WITHDRAWN if withdrawn_at else Became.DRAFT


_RUNS: Select[Any] = (
    select(
        AnalysisRun.id,
        AnalysisRun.number,
        AnalysisRun.requested_at,
        Person.name,
        func.avg(AnalysisPart.progress),
        func.coalesce(
            func.bool_and(AnalysisPart.stop_asked_at.is_not(None)).filter(AnalysisPart.state == RunState.FAILED), False
        ),
        func.array_agg(AnalysisPart.state.distinct()),
    )
    .join(AnalysisRun.requester)
    .join(AnalysisRun.parts)
    .where(AnalysisRun.engagement_id == bindparam("engagement_id"))
    .group_by(AnalysisRun.id, Person.name)
    .order_by(AnalysisRun.number.desc())
    .limit(RUNS_SHOWN)
)


def _latest_runs(session: Session, engagement_id: uuid.UUID) -> Sequence[RunLine]:
    """The newest analysis runs, with what their parts come to."""
    rows = session.execute(_RUNS, {"engagement_id": engagement_id})
    return [
        RunLine(run_id, number, requested_at, requester, progress, only_stopped, state_of_run(states))
        for run_id, number, requested_at, requester, progress, only_stopped, states in rows
    ]
