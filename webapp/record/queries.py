"""Reading the record of a programme."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, null, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager, joinedload, selectinload

from webapp.engagements.sealed import opened
from webapp.models import (
    Attendance,
    AuditEvent,
    Clarification,
    ConflictAction,
    ConflictDeclaration,
    Decision,
    Disclosure,
    Disposal,
    Document,
    EarlierAnswer,
    Engagement,
    EngagementEvent,
    EngagementSummary,
    Lesson,
    Lot,
    Meeting,
    Organisation,
    Person,
    TeamMember,
    TeamRole,
)
from webapp.programmes.permissions import Permission
from webapp.record.words import WORDS

_OF_RESPONSES = ("response.accepted_late", "responses.accepted_late")
"""Those that tell of responses: of sealed ones nothing before they are opened."""

Corrected = TypeVar("Corrected", Disclosure, Meeting, Decision, Lesson)


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of the log, by its time: an audit event's number, or a disclosure's id."""

    at: datetime
    event: int | None
    disclosure: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of one page of the log, with what they name."""

    events: Mapping[int, AuditEvent]
    disclosures: Mapping[uuid.UUID, Disclosure]
    people: Mapping[uuid.UUID, str]
    organisations: Mapping[uuid.UUID, str]
    engagements: Mapping[uuid.UUID, Engagement]
    documents: Mapping[uuid.UUID, str]
    market_events: Mapping[uuid.UUID, EngagementEvent]
    questions: Mapping[int, str]
    """By event, as they were published then: a correction since changes nothing of what was told."""


def moments(session: Session, programme_id: uuid.UUID, granted: frozenset[Permission]) -> list[Moment]:
    """Every disclosure, the newest first; light, so that a page's worth can be picked from thousands."""
    readable = select(Document.id).join(Document.engagement).where(_readable(programme_id, granted))
    events = session.execute(
        select(AuditEvent.at, AuditEvent.id).where(
            _told(programme_id),
            or_(AuditEvent.subject_kind != Document.__tablename__, AuditEvent.subject_id.in_(readable)),
        )
    )
    entered = session.execute(
        select(Disclosure.told_at, Disclosure.id).where(Disclosure.programme_id == programme_id, _stands(Disclosure))
    )
    found = [Moment(at, number, None) for at, number in events] + [Moment(at, None, each) for at, each in entered]
    return sorted(found, key=lambda moment: (moment.at, moment.event or 0), reverse=True)


def told(session: Session, entries: Sequence[Moment]) -> Told:
    numbers = [entry.event for entry in entries if entry.event is not None]
    ids = [entry.disclosure for entry in entries if entry.disclosure is not None]
    events = {event.id: event for event in session.scalars(select(AuditEvent).where(AuditEvent.id.in_(numbers)))}
    entered = session.scalars(select(Disclosure).where(Disclosure.id.in_(ids)).options(joinedload(Disclosure.recorder)))
    subjects = {event.subject_id for event in events.values()}
    about = {engagement_of(event) for event in events.values()}
    return Told(
        events=events,
        disclosures={each.id: each for each in entered},
        people=_names(session, Person.id, Person.name, {event.person_id for event in events.values()}),
        organisations=_names(
            session, Organisation.id, Organisation.name, {event.organisation_id for event in events.values()}
        ),
        engagements={each.id: each for each in session.scalars(select(Engagement).where(Engagement.id.in_(about)))},
        documents=_names(session, Document.id, Document.title, subjects),
        market_events={
            each.id: each for each in session.scalars(select(EngagementEvent).where(EngagementEvent.id.in_(subjects)))
        },
        questions=_questions(session, events.values()),
    )


def _questions(session: Session, events: Collection[AuditEvent]) -> dict[int, str]:
    about = {event.subject_id for event in events if event.subject_kind == Clarification.__tablename__}
    stands = _names(session, Clarification.id, Clarification.published_question, about)
    corrected: dict[uuid.UUID, list[EarlierAnswer]] = defaultdict(list)
    for earlier in session.scalars(
        select(EarlierAnswer).where(EarlierAnswer.clarification_id.in_(about)).order_by(EarlierAnswer.corrected_at)
    ):
        corrected[earlier.clarification_id].append(earlier)
    return {
        event.id: next(
            (each.question for each in corrected[event.subject_id] if each.corrected_at > event.at),
            stands.get(event.subject_id, ""),
        )
        for event in events
    }


def engagement_of(event: AuditEvent) -> uuid.UUID:
    return event.subject_id if event.subject_kind == Engagement.__tablename__ else uuid.UUID(event.detail["engagement"])


def attendances(session: Session, programme_id: uuid.UUID) -> list[Sequence[str | datetime | None]]:
    """Who came to which event of which engagement, in the order of the events; also events that nobody came to yet."""
    found = session.execute(
        select(
            EngagementEvent.begins_at,
            EngagementEvent.title,
            EngagementEvent.place,
            Engagement.title,
            Attendance.name,
            Attendance.organisation_name,
        )
        .join(Engagement, Engagement.id == EngagementEvent.engagement_id)
        .outerjoin(Attendance, Attendance.event_id == EngagementEvent.id)
        .where(Engagement.programme_id == programme_id)
        .order_by(EngagementEvent.begins_at, EngagementEvent.id, Attendance.position)
    )
    return [tuple(row) for row in found]


def documents(
    session: Session, programme_id: uuid.UUID, granted: frozenset[Permission]
) -> list[Sequence[str | int | datetime | None]]:
    """Every version that was ever put up, in the order of time."""
    found = session.execute(
        select(
            Document.created_at,
            Engagement.title,
            Document.title,
            Document.version,
            Document.file_name,
            Document.sha256,
            Person.name,
            Document.withdrawn_at,
        )
        .join(Engagement, Engagement.id == Document.engagement_id)
        .join(Person, Person.id == Document.uploaded_by)
        .where(_readable(programme_id, granted))
        .order_by(Document.created_at, Document.id)
    )
    return [tuple(row) for row in found]


def summaries(session: Session, programme_id: uuid.UUID) -> list[Sequence[str | int | datetime]]:
    """Every version of what an engagement heard and led to, in the order of time."""
    found = session.execute(
        select(
            EngagementSummary.published_at,
            Engagement.title,
            EngagementSummary.version,
            EngagementSummary.heard,
            EngagementSummary.changes,
            EngagementSummary.next_steps,
            Person.name,
        )
        .join(Engagement, Engagement.id == EngagementSummary.engagement_id)
        .join(Person, Person.id == EngagementSummary.published_by)
        .where(Engagement.programme_id == programme_id)
        .order_by(EngagementSummary.published_at, EngagementSummary.id)
    )
    return [tuple(row) for row in found]


def answers(session: Session, programme_id: uuid.UUID) -> list[Sequence[str | datetime | None]]:
    """Every text of a question and its answer that everybody could read, from when until when. Never who asked."""
    asked = (Clarification.asked_at, Engagement.title, Lot.code)
    replaced = select(
        *asked,
        EarlierAnswer.question,
        EarlierAnswer.answer,
        EarlierAnswer.published_at.label("since"),
        EarlierAnswer.corrected_at.label("until"),
        Person.name,
        Clarification.id,
    ).join_from(Clarification, EarlierAnswer, EarlierAnswer.clarification_id == Clarification.id)
    stands = select(
        *asked,
        Clarification.published_question,
        Clarification.answer,
        func.coalesce(Clarification.corrected_at, Clarification.published_at),
        null(),
        Person.name,
        Clarification.id,
    )
    every = union_all(
        *(
            texts.join(Person, Person.id == by)
            .join(Engagement, Engagement.id == Clarification.engagement_id)
            .outerjoin(Lot, Lot.id == Clarification.lot_id)
            .where(Engagement.programme_id == programme_id)
            for texts, by in ((replaced, EarlierAnswer.answered_by), (stands, Clarification.answered_by))
        )
    ).subquery()
    rows = session.execute(select(every).order_by(every.c.asked_at, every.c.id, every.c.since))
    return [tuple(row)[:-1] for row in rows]


def disposals(session: Session, programme_id: uuid.UUID) -> Sequence[Disposal]:
    """Whatever became of them, in the order in which they were asked for."""
    return session.scalars(
        select(Disposal)
        .join(Disposal.engagement)
        .where(Engagement.programme_id == programme_id)
        .options(
            contains_eager(Disposal.engagement),
            joinedload(Disposal.asker),
            joinedload(Disposal.agreer),
            joinedload(Disposal.stopper),
        )
        .order_by(Disposal.asked_at, Disposal.id)
    ).all()


def meetings(session: Session, programme_id: uuid.UUID) -> Sequence[Meeting]:
    """Those that no correction has replaced, the newest first."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.programme_id == programme_id, _stands(Meeting))
        .options(joinedload(Meeting.recorder))
        .order_by(Meeting.held_at.desc(), Meeting.id)
    ).all()


def decisions(session: Session, programme_id: uuid.UUID) -> Sequence[Decision]:
    """Those that no correction has replaced, the newest first."""
    return session.scalars(
        select(Decision)
        .where(Decision.programme_id == programme_id, _stands(Decision))
        .options(joinedload(Decision.recorder))
        .order_by(Decision.decided_on.desc(), Decision.id)
    ).all()


def lessons(session: Session, programme_id: uuid.UUID) -> Sequence[Lesson]:
    """Those that no correction has replaced, the newest first."""
    return session.scalars(
        select(Lesson)
        .where(Lesson.programme_id == programme_id, _stands(Lesson))
        .options(joinedload(Lesson.recorder))
        .order_by(Lesson.happened_on.desc(), Lesson.id)
    ).all()


def versions(session: Session, kind: type[Corrected], row: Corrected) -> list[Corrected]:
    """What the row corrects, and what that corrected, back to the first."""
    found, earlier = [], row.corrects_id
    while earlier is not None:
        found.append(session.get_one(kind, earlier))
        earlier = found[-1].corrects_id
    return found


def standing(session: Session, kind: type[Corrected], row_id: uuid.UUID, programme_id: uuid.UUID) -> Corrected | None:
    """The row, or what has taken its place."""
    wanted = select(kind).where(kind.programme_id == programme_id).options(joinedload(kind.recorder))
    found = None
    later = session.scalars(wanted.where(kind.id == row_id)).one_or_none()
    while later is not None:
        found = later
        later = session.scalars(wanted.where(kind.corrects_id == found.id)).one_or_none()
    return found


def every(session: Session, kind: type[Corrected], programme_id: uuid.UUID) -> Sequence[Corrected]:
    """Also what corrections have replaced, the oldest first."""
    return session.scalars(
        select(kind)
        .where(kind.programme_id == programme_id)
        .options(joinedload(kind.recorder))
        .order_by(kind.created_at, kind.id)
    ).all()


def conflicts(
    session: Session, programme_id: uuid.UUID, *, recorded_by: uuid.UUID | None
) -> Sequence[ConflictDeclaration]:
    """All, or those that one person recorded."""
    wanted = select(ConflictDeclaration).where(ConflictDeclaration.programme_id == programme_id)
    if recorded_by is not None:
        wanted = wanted.where(ConflictDeclaration.recorded_by == recorded_by)
    return session.scalars(
        wanted.options(
            joinedload(ConflictDeclaration.recorder),
            selectinload(ConflictDeclaration.actions).joinedload(ConflictAction.recorder),
        ).order_by(
            ConflictDeclaration.declared_on.desc(),
            ConflictDeclaration.created_at.desc(),
            ConflictDeclaration.id,
        )
    ).all()


def conflict(session: Session, declaration_id: uuid.UUID, programme_id: uuid.UUID) -> ConflictDeclaration | None:
    return session.scalars(
        select(ConflictDeclaration).where(
            ConflictDeclaration.id == declaration_id, ConflictDeclaration.programme_id == programme_id
        )
    ).one_or_none()


def others_lead(session: Session, programme_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    leading = TeamMember.programme_id == programme_id, TeamMember.role == TeamRole.LEAD_OFFICER
    return bool(session.scalar(select(exists().where(*leading, TeamMember.person_id != person_id))))


def _stands(kind: type[Corrected]) -> ColumnElement[bool]:
    """That no correction has replaced the row."""
    correction = aliased(kind)
    return ~select(correction.id).where(correction.corrects_id == kind.id).exists()


def _told(programme_id: uuid.UUID) -> ColumnElement[bool]:
    engagements = select(Engagement.id).where(Engagement.programme_id == programme_id)
    written = select(cast(Engagement.id, String)).where(Engagement.programme_id == programme_id)
    return and_(
        AuditEvent.act.in_(WORDS),
        or_(
            and_(AuditEvent.subject_kind == Engagement.__tablename__, AuditEvent.subject_id.in_(engagements)),
            func.jsonb_extract_path_text(AuditEvent.detail, "engagement").in_(written),
        ),
        or_(AuditEvent.act.not_in(_OF_RESPONSES), AuditEvent.subject_id.in_(engagements.where(opened()))),
    )


def _readable(programme_id: uuid.UUID, granted: frozenset[Permission]) -> ColumnElement[bool]:
    """Of documents with their engagements: what was never published is for those who run engagements."""
    published = or_(Document.withdrawn_at.is_(None), Document.withdrawn_at > Engagement.published_at)
    return and_(
        Engagement.programme_id == programme_id,
        true() if Permission.RUN in granted else and_(Engagement.published_at.is_not(None), published),
    )


def _names(
    session: Session,
    key: InstrumentedAttribute[uuid.UUID],
    name: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ids: set[uuid.UUID] | set[uuid.UUID | None],
) -> dict[uuid.UUID, str]:
    wanted = [each for each in ids if each is not None]
    return {row[0]: row[1] or "" for row in session.execute(select(key, name).where(key.in_(wanted)))} if wanted else {}
