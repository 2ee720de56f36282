"""The responses of one engagement, for those of the team who may read them, and only once they may be known."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, select, true
from sqlalchemy.dialects.postgresql import JSONPATH, distinct_on
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.audit import Actor
from webapp.engagements.provider_kinds import Described, described, kind_of_row
from webapp.engagements.sealed import opened
from webapp.models import (
    Answer,
    Engagement,
    EngagementLot,
    Interest,
    InterestLevel,
    Lot,
    Organisation,
    ProviderKind,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    ReceivedHow,
    Reception,
    Response,
    ResponseFlag,
    ResponseNote,
    Section,
    Submission,
)
from webapp.programmes.permissions import Permission, within_reach

INTERESTED = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY)
COUNTED = (QuestionKind.ONE_OF, QuestionKind.SOME_OF, QuestionKind.YES_NO)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which responses to list."""

    words: Sequence[str] = ()
    """All of which stand in the provider's name or in its answers."""
    lot_id: uuid.UUID | None = None
    kind: ProviderKind | None = None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    response: Response
    about: Described
    lots: int
    """In how many it is interested."""
    flagged: bool
    notes: int
    interest: Interest | None
    """In the lot that was asked for, if one was."""


@dataclass(frozen=True, slots=True)
class Given:
    """One provider's answer to a question."""

    organisation: Organisation
    response_id: uuid.UUID
    lot: Lot | None
    question: Question
    value: Any
    how: ReceivedHow | None
    """How it was received, where an officer entered it."""


def engagement(session: Session, engagement_id: uuid.UUID, actor: Actor) -> Engagement | None:
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, within_reach(actor, Permission.READ_RESPONSES), opened())
        .options(contains_eager(Engagement.programme))
    ).one_or_none()


def lots(session: Session, engagement_id: uuid.UUID) -> Sequence[Lot]:
    return session.scalars(
        select(Lot)
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .where(EngagementLot.engagement_id == engagement_id)
        .order_by(EngagementLot.position)
    ).all()


def questions(session: Session, engagement_id: uuid.UUID, *, with_restricted: bool) -> Sequence[Question]:
    """Each as the newest published version that asks it has it, in order; first those that the newest of all asks.

    To others than lead officers a version that restricts a question does not ask it, but those before may have.
    """
    newest = (
        select(Question.id)
        .join(Question.section)
        .join(Section.version)
        .where(QuestionnaireVersion.engagement_id == engagement_id, QuestionnaireVersion.published_at.is_not(None))
        .where(_may_be_read(with_restricted))
        .ext(distinct_on(Question.key))
        .order_by(Question.key, QuestionnaireVersion.number.desc())
    )
    return session.scalars(
        select(Question)
        .join(Question.section)
        .join(Section.version)
        .where(Question.id.in_(newest))
        .options(contains_eager(Question.section))
        .order_by(QuestionnaireVersion.number.desc(), Section.position, Question.position)
    ).all()


def count(session: Session, engagement_id: uuid.UUID, wanted: Wanted, *, with_restricted: bool) -> int:
    found = _wanted(engagement_id, wanted, with_restricted).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def listed(
    session: Session,
    engagement_id: uuid.UUID,
    wanted: Wanted,
    *,
    with_restricted: bool,
    limit: int | None = None,
    offset: int = 0,
) -> list[Listed]:
    found = session.scalars(
        _wanted(engagement_id, wanted, with_restricted)
        .options(
            contains_eager(Response.organisation),
            contains_eager(Response.current_submission).joinedload(Submission.reception),
        )
        .order_by(func.lower(Organisation.name), Response.id)
        .limit(limit)
        .offset(offset)
    ).all()
    ids = [response.id for response in found]
    lots_of_interest, notes_on = _lots_of_interest(session, ids), _notes_on(session, ids)
    interest = _interest_in(session, wanted.lot_id, found)
    flags = set(session.scalars(select(ResponseFlag.response_id).where(ResponseFlag.response_id.in_(ids))))
    return [
        Listed(
            response,
            described(response.organisation, response.current_submission),
            lots_of_interest.get(response.id, 0),
            response.id in flags,
            notes_on.get(response.id, 0),
            interest.get(response.current_submission_id),
        )
        for response in found
    ]


def _lots_of_interest(session: Session, response_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    rows = session.execute(
        select(Submission.response_id, func.count())
        .join(Interest, Interest.submission_id == Submission.id)
        .join(Response, Response.current_submission_id == Submission.id)
        .where(Response.id.in_(response_ids), Interest.level.in_(INTERESTED))
        .group_by(Submission.response_id)
    )
    return {row[0]: row[1] for row in rows}


def _notes_on(session: Session, response_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    rows = session.execute(
        select(ResponseNote.response_id, func.count())
        .where(ResponseNote.response_id.in_(response_ids))
        .group_by(ResponseNote.response_id)
    )
    return {row[0]: row[1] for row in rows}


def _interest_in(
    session: Session, lot_id: uuid.UUID | None, responses: Sequence[Response]
) -> Mapping[uuid.UUID | None, Interest]:
    """By submission."""
    if lot_id is None:
        return {}
    submissions = [each.current_submission_id for each in responses]
    found = session.scalars(select(Interest).where(Interest.lot_id == lot_id, Interest.submission_id.in_(submissions)))
    return {each.submission_id: each for each in found}


def response(session: Session, response_id: uuid.UUID, engagement_id: uuid.UUID) -> Response | None:
    return session.scalars(
        _submitted(engagement_id).where(Response.id == response_id).options(contains_eager(Response.organisation))
    ).one_or_none()


def notes(session: Session, response_id: uuid.UUID) -> Sequence[ResponseNote]:
    return session.scalars(
        select(ResponseNote)
        .where(ResponseNote.response_id == response_id)
        .options(joinedload(ResponseNote.writer))
        .order_by(ResponseNote.created_at, ResponseNote.id)
    ).all()


def is_flagged(session: Session, response_id: uuid.UUID) -> bool:
    return bool(session.scalar(select(exists().where(ResponseFlag.response_id == response_id))))


def responses_to_compare(session: Session, engagement_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Sequence[Response]:
    return session.scalars(
        _submitted(engagement_id)
        .where(Response.id.in_(ids))
        .options(contains_eager(Response.organisation), contains_eager(Response.current_submission))
        .order_by(func.lower(Organisation.name), Response.id)
    ).all()


def answer_count(session: Session, engagement_id: uuid.UUID, key: str, *, with_restricted: bool) -> int:
    given = _to(key, engagement_id, with_restricted).subquery()
    return session.scalar(select(func.count()).select_from(given)) or 0


def answers(
    session: Session,
    engagement_id: uuid.UUID,
    *,
    key: str | None = None,
    responses: Sequence[uuid.UUID] | None = None,
    with_restricted: bool,
    limit: int | None = None,
    offset: int = 0,
) -> list[Given]:
    """Of the submissions that count: to one question, or of some responses, or all."""
    wanted = _answers(engagement_id, with_restricted) if key is None else _to(key, engagement_id, with_restricted)
    if responses is not None:
        wanted = wanted.where(Response.id.in_(responses))
    rows = session.execute(
        wanted.order_by(
            func.lower(Organisation.name), Response.id, Section.position, Question.position, EngagementLot.position
        )
        .limit(limit)
        .offset(offset)
    )
    return [
        Given(organisation, response_id, lot, question, value, how)
        for organisation, response_id, lot, question, value, how in rows
    ]


def choices(session: Session, engagement_id: uuid.UUID, key: str, *, with_restricted: bool) -> Mapping[str, int]:
    """How often each option was chosen, over all lots; other kinds of answers, to earlier versions, chose none."""
    given = (
        _to(key, engagement_id, with_restricted)
        .where(Question.kind.in_(COUNTED))
        .with_only_columns(Answer.value.label("value"), maintain_column_froms=True)
        .subquery()
    )
    each = func.jsonb_path_query(given.c.value, cast("$[*]", JSONPATH)).label("each")
    chosen = select(each).select_from(given).subquery()
    text = func.trim(cast(chosen.c.each, String), '"')
    return {row[0]: row[1] for row in session.execute(select(text, func.count()).group_by(text))}


def interests(
    session: Session, engagement_id: uuid.UUID
) -> Sequence[tuple[Organisation, Lot, Interest, ReceivedHow | None]]:
    rows = session.execute(
        select(Organisation, Lot, Interest, Reception.how)
        .select_from(Interest)
        .join(Response, Response.current_submission_id == Interest.submission_id)
        .join(Submission, Submission.id == Interest.submission_id)
        .outerjoin(Reception, Reception.id == Submission.reception_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(Lot, Lot.id == Interest.lot_id)
        .join(EngagementLot, (EngagementLot.lot_id == Lot.id) & (EngagementLot.engagement_id == engagement_id))
        .where(Response.engagement_id == engagement_id)
        .order_by(func.lower(Organisation.name), Organisation.id, EngagementLot.position)
    )
    return [(organisation, lot, interest, how) for organisation, lot, interest, how in rows]


def _submitted(engagement_id: uuid.UUID) -> Select[Response]:
    return (
        select(Response)
        .join(Response.organisation)
        .join(Response.current_submission)
        .where(Response.engagement_id == engagement_id)
    )


def _wanted(engagement_id: uuid.UUID, wanted: Wanted, with_restricted: bool) -> Select[Response]:
    found = _submitted(engagement_id)
    if wanted.kind is not None:
        found = found.where(kind_of_row() == wanted.kind)
    if wanted.lot_id is not None:
        interested = exists().where(
            Interest.submission_id == Submission.id, Interest.lot_id == wanted.lot_id, Interest.level.in_(INTERESTED)
        )
        found = found.where(interested)
    if wanted.flagged:
        found = found.where(exists().where(ResponseFlag.response_id == Response.id))
    for word in wanted.words:
        found = found.where(_says(word, with_restricted))
    return found


def _says(word: str, with_restricted: bool) -> ColumnElement[bool]:
    answered = (
        select(Answer.id)
        .join(Answer.question)
        .where(Answer.submission_id == Submission.id, cast(Answer.value, String).icontains(word, autoescape=True))
        .where(_may_be_read(with_restricted))
    )
    return Organisation.name.icontains(word, autoescape=True) | answered.exists()


def _to(key: str, engagement_id: uuid.UUID, with_restricted: bool) -> Select[Any]:
    return _answers(engagement_id, with_restricted).where(Question.key == key)


def _answers(engagement_id: uuid.UUID, with_restricted: bool) -> Select[Any]:
    """A question may be restricted in one version and not in another: its answers are as the version that asked."""
    return (
        select(Organisation, Response.id, Lot, Question, Answer.value, Reception.how)
        .select_from(Answer)
        .join(Response, Response.current_submission_id == Answer.submission_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .outerjoin(Reception, Reception.id == Submission.reception_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(Question, Question.id == Answer.question_id)
        .join(Section, Section.id == Question.section_id)
        .outerjoin(Lot, Lot.id == Answer.lot_id)
        .outerjoin(EngagementLot, (EngagementLot.lot_id == Lot.id) & (EngagementLot.engagement_id == engagement_id))
        .where(Response.engagement_id == engagement_id, _may_be_read(with_restricted))
    )


def _may_be_read(with_restricted: bool) -> ColumnElement[bool]:
    """What a question must be for its answers to be read: any for lead officers, one of the whole team for others."""
    return true() if with_restricted else Question.restricted.is_(False)
