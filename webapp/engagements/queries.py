"""What anyone may read of engagements, and what their officers may."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from webapp.audit import Actor
from webapp.models import (
    AuditEvent,
    Clarification,
    Engagement,
    EngagementLot,
    EngagementState,
    EngagementSummary,
    InterestLevel,
    Invitation,
    Lot,
    Membership,
    Organisation,
    Party,
    Person,
    Programme,
    QuestionnaireVersion,
    ReplyPublication,
    Response,
    Section,
    Unit,
)
from webapp.programmes.joined import joined_to_others
from webapp.programmes.permissions import Permission, within_reach
from webapp.programmes.suppliers import met_by

INTERESTED = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY)
EXTENDED, CLOSED_EARLY = MOVES = ("engagement.extended", "engagement.closed_early")


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


def heard(session: Session, engagement_id: uuid.UUID) -> tuple[EngagementSummary | None, ReplyPublication | None]:
    """The newest that was published of what an engagement heard: its summary, and what was done about it."""
    summary, replies = session.execute(
        select(EngagementSummary, ReplyPublication)
        .select_from(Engagement)
        .outerjoin(EngagementSummary, EngagementSummary.engagement_id == Engagement.id)
        .outerjoin(ReplyPublication, ReplyPublication.engagement_id == Engagement.id)
        .where(Engagement.id == engagement_id)
        .order_by(EngagementSummary.version.desc(), ReplyPublication.version.desc())
        .limit(1)
    ).one()
    return summary, replies


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


def meant_to_close(session: Session, engagement: Engagement) -> datetime:
    """Its closing time; of one that was closed early, when it would have closed."""
    moves = closing_moves(session, engagement.id)
    return moves[-1].closed_at if moves and moves[-1].is_early else engagement.closes_at


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def known_providers(session: Session, actor: Actor, programme_id: uuid.UUID) -> Sequence[Organisation]:
    """Those that the actor's programmes have met, but for those that are said to be others in this programme."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.party == Party.PROVIDER,
            met_by(actor),
            Organisation.id.not_in(joined_to_others(programme_id)),
        )
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def invitation_of(session: Session, invitation_id: uuid.UUID, engagement_id: uuid.UUID) -> Invitation | None:
    return session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.engagement_id == engagement_id)
        .options(joinedload(Invitation.person), joinedload(Invitation.organisation))
    ).one_or_none()


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
