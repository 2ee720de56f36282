"""What anyone may read of engagements, and what their officers may."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from webapp.audit import Actor
from webapp.engagements.sealed import opened
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    AuditEvent,
    Clarification,
    Contract,
    Engagement,
    EngagementLot,
    EngagementState,
    Interest,
    InterestLevel,
    Invitation,
    Lot,
    MailMessage,
    Membership,
    Organisation,
    Party,
    Person,
    Programme,
    QuestionnaireVersion,
    Response,
    Section,
    SignInLink,
    Submission,
    Unit,
)
from webapp.programmes.permissions import Permission, within_reach
from webapp.web.pagination import Page, paginate

INTERESTED = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY)
RUNS_SHOWN = 10
EXTENDED, CLOSED_EARLY = MOVES = ("engagement.extended", "engagement.closed_early")


@dataclass(frozen=True, slots=True)
class ResponseCounts:
    """Responses by what has become of them; together they are all that were started."""

    draft: int
    submitted: int
    withdrawn: int

    @property
    def all(self) -> int:
        return self.draft + self.submitted + self.withdrawn


@dataclass(frozen=True, slots=True)
class ClosingMove:
    """A closing time that was moved, to a later one or by closing early, and why."""

    at: datetime
    closed_at: datetime
    closes_at: datetime
    questions_close_at: datetime | None
    """Until when questions may be asked since then, if that was moved too."""
    reason: str

    @property
    def is_early(self) -> bool:
        return self.closes_at < self.closed_at


Invited = tuple[Invitation, datetime | None]
"""An invitation, and when its link was last used."""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """How an engagement goes. Lots of interest are by submission, counts of interest by lot and level."""

    counts: ResponseCounts
    responses: Page[Response]
    interested: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    invitations: Page[Invited]
    interest: Mapping[tuple[uuid.UUID, InterestLevel], int]
    runs: Sequence[AnalysisRun]
    moves: tuple[ClosingMove, ...]


def _with_programme() -> Select[Engagement]:
    return (
        select(Engagement)
        .join(Engagement.programme)
        .options(contains_eager(Engagement.programme).options(joinedload(Programme.buyer), joinedload(Programme.agent)))
    )


_LOT_SHOWN = selectinload(Engagement.engagement_lots).joinedload(EngagementLot.lot)
_TO_SHOW = (
    _with_programme()
    .where(Engagement.id == bindparam("engagement_id"))
    .options(
        _LOT_SHOWN.joinedload(Lot.procurement),
        _LOT_SHOWN.joinedload(Lot.units).options(joinedload(Unit.site), joinedload(Unit.service_line)),
    )
)
"""For the page that most people open, so made once: making it takes longer than running it."""


def published_engagements(
    session: Session, *, words: Sequence[str] = (), state: EngagementState | None = None, now: datetime
) -> Sequence[Engagement]:
    """Those in which every word stands somewhere in the title, the summary or the buyer's name."""
    said = func.concat_ws(" ", Engagement.title, Engagement.summary, Organisation.name)
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .join(Programme.buyer)
        .where(Engagement.published_at.is_not(None), _is_in(state, now))
        .where(*(said.icontains(word, autoescape=True) for word in words))
        .options(contains_eager(Engagement.programme).contains_eager(Programme.buyer))
        .order_by(Engagement.closes_at, Engagement.title, Engagement.id)
    ).all()


def _is_in(state: EngagementState | None, now: datetime) -> ColumnElement[bool]:
    """What Engagement.state says of one that is published."""
    match state:
        case EngagementState.COMING:
            return Engagement.opens_at > now
        case EngagementState.OPEN:
            return and_(Engagement.opens_at <= now, Engagement.closes_at >= now)
        case EngagementState.CLOSED:
            return Engagement.closes_at < now
        case _:
            return true()


def published_engagement(session: Session, engagement_id: uuid.UUID) -> Engagement | None:
    return session.scalars(
        select(Engagement)
        .where(Engagement.id == engagement_id, Engagement.published_at.is_not(None))
        .options(joinedload(Engagement.programme).joinedload(Programme.buyer))
    ).one_or_none()


def engagement_to_show(session: Session, engagement_id: uuid.UUID, actor: Actor | None) -> Engagement | None:
    """A published engagement with its lots; a draft only for its officers."""
    visible = or_(Engagement.published_at.is_not(None), within_reach(actor))
    return session.scalars(_TO_SHOW.where(visible), {"engagement_id": engagement_id}).one_or_none()


def published_questionnaire(session: Session, engagement_id: uuid.UUID) -> QuestionnaireVersion | None:
    """The newest version that a published engagement has published, with all it asks and the engagement's lots."""
    lots = selectinload(Engagement.engagement_lots).joinedload(EngagementLot.lot)
    return session.scalars(
        select(QuestionnaireVersion)
        .join(QuestionnaireVersion.engagement)
        .where(
            Engagement.id == engagement_id,
            Engagement.published_at.is_not(None),
            QuestionnaireVersion.published_at.is_not(None),
        )
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
        .options(
            contains_eager(QuestionnaireVersion.engagement).options(lots),
            selectinload(QuestionnaireVersion.sections).selectinload(Section.questions),
        )
    ).one_or_none()


def engagement_of_officer(
    session: Session, engagement_id: uuid.UUID, actor: Actor, permission: Permission = Permission.READ
) -> Engagement | None:
    return session.scalars(
        _with_programme()
        .where(Engagement.id == engagement_id, within_reach(actor, permission))
        .options(selectinload(Engagement.engagement_lots).joinedload(EngagementLot.lot))
    ).one_or_none()


def response_of(session: Session, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Response | None:
    return session.scalars(
        select(Response).where(Response.engagement_id == engagement_id, Response.organisation_id == organisation_id)
    ).one_or_none()


def closing_moves(session: Session, engagement_id: uuid.UUID) -> tuple[ClosingMove, ...]:
    """Every move of the closing time, the oldest first."""
    events = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_kind == Engagement.__tablename__,
            AuditEvent.subject_id == engagement_id,
            AuditEvent.act.in_(MOVES),
        )
        .order_by(AuditEvent.id)
    )
    return tuple(
        ClosingMove(
            at=event.at,
            closed_at=datetime.fromisoformat(event.detail["closed_at"]),
            closes_at=datetime.fromisoformat(event.detail["closes_at"]),
            questions_close_at=_moment(event.detail.get("questions_close_at")),
            reason=event.detail["reason"],
        )
        for event in events
    )


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def known_providers(session: Session, actor: Actor) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation)
        .where(Organisation.party == Party.PROVIDER, met_by(actor))
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def met_by(actor: Actor) -> ColumnElement[bool]:
    """The organisations that this officer has met: in contract registers, among those invited and those that answered.

    Not every provider there is: which others use the service is nobody's business.
    """
    suppliers = select(Contract.supplier_id).join(Programme).where(within_reach(actor))
    invited = select(Invitation.organisation_id).join(Engagement).join(Programme).where(within_reach(actor))
    answered = select(Response.organisation_id).join(Engagement).join(Programme).where(within_reach(actor), opened())
    return or_(Organisation.id.in_(suppliers), Organisation.id.in_(invited), Organisation.id.in_(answered))


def monitoring(
    session: Session,
    engagement_id: uuid.UUID,
    *,
    destination: str,
    responses_page: str | None,
    invitations_page: str | None,
) -> Monitoring:
    """`destination` is the path to which the links in invitations lead; the pages are asked for as in an address."""
    counts = _count_responses(session, engagement_id)
    responses = paginate(
        counts.all, lambda limit, offset: _responses(session, engagement_id, limit, offset), responses_page
    )
    return Monitoring(
        counts=counts,
        responses=responses,
        interested=_lots_of_interest(session, responses.items),
        invitations=paginate(
            _count_invitations(session, engagement_id),
            lambda limit, offset: _invitations(session, engagement_id, destination, limit, offset),
            invitations_page,
        ),
        interest=_count_interest(session, engagement_id),
        runs=_latest_runs(session, engagement_id),
        moves=closing_moves(session, engagement_id),
    )


def _count_invitations(session: Session, engagement_id: uuid.UUID) -> int:
    return session.scalars(
        select(func.count()).select_from(Invitation).where(Invitation.engagement_id == engagement_id)
    ).one()


def _invitations(
    session: Session, engagement_id: uuid.UUID, destination: str, limit: int, offset: int
) -> Sequence[Invited]:
    """The invitations, the newest first, each with the time its link was last used to come to `destination`."""
    used_at = (
        select(func.max(SignInLink.used_at))
        .where(SignInLink.person_id == Invitation.person_id, SignInLink.destination == destination)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Invitation, used_at)
        .where(Invitation.engagement_id == engagement_id)
        .options(
            joinedload(Invitation.person),
            joinedload(Invitation.organisation),
            joinedload(Invitation.message).load_only(MailMessage.sent_at, MailMessage.refused_for),
        )
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(limit)
        .offset(offset)
    )
    return [(invitation, used) for invitation, used in rows]


def invitation_of(session: Session, invitation_id: uuid.UUID, engagement_id: uuid.UUID) -> Invitation | None:
    return session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.engagement_id == engagement_id)
        .options(joinedload(Invitation.person), joinedload(Invitation.organisation))
    ).one_or_none()


def _count_responses(session: Session, engagement_id: uuid.UUID) -> ResponseCounts:
    started, submitted, withdrawn = session.execute(
        select(func.count(), func.count(Response.current_submission_id), func.count(Response.withdrawn_at))
        .select_from(Response)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, opened())
    ).one()
    return ResponseCounts(draft=started - submitted - withdrawn, submitted=submitted, withdrawn=withdrawn)


def _responses(session: Session, engagement_id: uuid.UUID, limit: int, offset: int) -> Sequence[Response]:
    """Who has started, submitted or withdrawn, the latest first; nothing of what they wrote."""
    latest = func.coalesce(Submission.submitted_at, Response.withdrawn_at, Response.started_at)
    return session.scalars(
        select(Response)
        .join(Response.engagement)
        .outerjoin(Response.current_submission)
        .where(Response.engagement_id == engagement_id, opened())
        .options(contains_eager(Response.current_submission), joinedload(Response.organisation))
        .order_by(latest.desc(), Response.id)
        .limit(limit)
        .offset(offset)
    ).all()


def _lots_of_interest(session: Session, responses: Sequence[Response]) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """By the submission that counts: the lots in which it declares some interest."""
    submission_ids = [response.current_submission_id for response in responses]
    found: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = session.execute(
        select(Interest.submission_id, Interest.lot_id).where(
            Interest.submission_id.in_(submission_ids), Interest.level.in_(INTERESTED)
        )
    )
    for submission_id, lot_id in rows:
        found[submission_id].add(lot_id)
    return {submission_id: frozenset(lots) for submission_id, lots in found.items()}


def _count_interest(session: Session, engagement_id: uuid.UUID) -> Mapping[tuple[uuid.UUID, InterestLevel], int]:
    """How many submissions that count declare each level of interest in each lot."""
    rows = session.execute(
        select(Interest.lot_id, Interest.level, func.count())
        .join(Response, Response.current_submission_id == Interest.submission_id)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, opened())
        .group_by(Interest.lot_id, Interest.level)
    )
    return {(lot_id, level): count for lot_id, level, count in rows}


def _latest_runs(session: Session, engagement_id: uuid.UUID) -> Sequence[AnalysisRun]:
    """The newest analysis runs, without their inputs and results, which are large."""
    progress = selectinload(AnalysisRun.parts).load_only(AnalysisPart.state, AnalysisPart.progress)
    return session.scalars(
        select(AnalysisRun)
        .where(AnalysisRun.engagement_id == engagement_id)
        .options(defer(AnalysisRun.inputs), defer(AnalysisRun.parameters), joinedload(AnalysisRun.requester), progress)
        .order_by(AnalysisRun.number.desc())
        .limit(RUNS_SHOWN)
    ).all()


def people_of(session: Session, organisation_id: uuid.UUID) -> Sequence[Person]:
    return session.scalars(
        select(Person).join(Person.memberships).where(Membership.organisation_id == organisation_id).order_by(Person.id)
    ).all()


def people_to_tell(session: Session, engagement_id: uuid.UUID) -> Sequence[Person]:
    """Everybody who was invited, and everybody who acts for an organisation that has started a response or asked."""
    invited = select(Invitation.person_id).where(Invitation.engagement_id == engagement_id)
    started = (
        select(Membership.person_id)
        .join(Response, Response.organisation_id == Membership.organisation_id)
        .where(Response.engagement_id == engagement_id)
    )
    asked = (
        select(Membership.person_id)
        .join(Clarification, Clarification.organisation_id == Membership.organisation_id)
        .where(Clarification.engagement_id == engagement_id)
    )
    return session.scalars(
        select(Person)
        .where(or_(Person.id.in_(invited), Person.id.in_(started), Person.id.in_(asked)))
        .order_by(Person.id)
    ).all()
