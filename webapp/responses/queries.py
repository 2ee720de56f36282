"""What the pages and actions of responses read. Another organisation's row is not found, as if it did not exist."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import starmap
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.audit import Actor
from webapp.engagements.sealed import opened
from webapp.models import (
    Answer,
    AuditEvent,
    DraftSection,
    Engagement,
    EngagementLot,
    EngagementState,
    Lot,
    LotFormerName,
    Membership,
    Person,
    Programme,
    Question,
    QuestionnaireVersion,
    Reception,
    Response,
    Section,
    Submission,
)
from webapp.programmes.permissions import Permission, permissions_on, within_reach
from webapp.responses.drafts import Draft, Saved
from webapp.responses.items import AnswerKey
from webapp.responses.published import questionnaire_of
from webapp.responses.questionnaire import Questionnaire

_ASKED_ABOUT_IT = ("response.signatories_asked", "response.withdrawal_asked", "response.sent_back")

# What every page of the journey reads. The statements are made once: making one takes as long as running it.
_RESPONSE = (
    select(Response)
    .where(Response.id == bindparam("response_id"), Response.organisation_id == bindparam("organisation_id"))
    .options(
        joinedload(Response.engagement).load_only(
            Engagement.title,
            Engagement.contact_email,
            Engagement.opens_at,
            Engagement.closes_at,
            Engagement.questions_close_at,
            Engagement.published_at,
        ),
        joinedload(Response.engagement).joinedload(Engagement.programme).load_only(Programme.synthetic_note),
        joinedload(Response.current_submission).load_only(Submission.number, Submission.reference),
    )
)
_LOTS = (
    select(Lot)
    .join(EngagementLot, EngagementLot.lot_id == Lot.id)
    .where(EngagementLot.engagement_id == bindparam("engagement_id"))
    .order_by(EngagementLot.position, Lot.id)
)
_CALLED_THEN = (
    select(LotFormerName.code, LotFormerName.title)
    .where(LotFormerName.lot_id == Lot.id, LotFormerName.until > bindparam("at"))
    .order_by(LotFormerName.until)
    .limit(1)
    .lateral()
)
_LOTS_AS_CALLED = _LOTS.outerjoin(_CALLED_THEN, true()).add_columns(_CALLED_THEN.c.code, _CALLED_THEN.c.title)
_LOTS_WITH_UNITS = (
    select(Lot).where(Lot.id.in_(bindparam("lot_ids", expanding=True))).options(joinedload(Lot.units)).order_by(Lot.id)
)
_DRAFTS = (
    select(
        DraftSection.section_id,
        DraftSection.revision,
        DraftSection.answers,
        DraftSection.saved_at,
        DraftSection.saved_by,
        Person.name,
    )
    .join(Person, Person.id == DraftSection.saved_by)
    .where(DraftSection.response_id == bindparam("response_id"))
    .order_by(DraftSection.section_id)
)
_BEGINNING = (
    select(Engagement, Response.id)
    .outerjoin(
        Response,
        (Response.engagement_id == Engagement.id) & (Response.organisation_id == bindparam("organisation_id")),
    )
    .where(Engagement.id == bindparam("engagement_id"), Engagement.published_at.is_not(None))
)
_VERSION = (
    select(QuestionnaireVersion.id)
    .where(
        QuestionnaireVersion.engagement_id == bindparam("engagement_id"), QuestionnaireVersion.published_at.is_not(None)
    )
    .order_by(QuestionnaireVersion.number.desc())
    .limit(1)
)
_HISTORY = (
    select(Submission)
    .where(Submission.response_id == bindparam("response_id"))
    .options(joinedload(Submission.submitter).load_only(Person.name))
    .order_by(Submission.number.desc())
)
_ANSWERS = (
    select(Answer.question_id, Answer.lot_id, Answer.value)
    .where(Answer.submission_id == bindparam("submission_id"))
    .order_by(Answer.question_id, Answer.lot_id)
)


def _with_response() -> Sequence[Any]:
    """What a page of a submission shows of it, of its response and of its engagement."""
    submitter = joinedload(Submission.submitter).load_only(Person.name)
    received = joinedload(Submission.reception).joinedload(Reception.enterer).load_only(Person.name)
    response = joinedload(Submission.response)
    engagement = response.joinedload(Response.engagement)
    return (
        submitter,
        received,
        response.joinedload(Response.organisation),
        engagement.joinedload(Engagement.programme).load_only(Programme.synthetic_note),
    )


_RECEIPT = (
    select(Submission)
    .join(Submission.response)
    .where(
        Submission.id == bindparam("submission_id"),
        Response.id == bindparam("response_id"),
        Response.organisation_id == bindparam("organisation_id"),
    )
    .options(*_with_response())
)


@dataclass(frozen=True)
class Journey:
    """One organisation's response with everything its pages need."""

    response: Response
    draft: Draft
    submitted: dict[AnswerKey, Any] | None
    """The answers that count now, if any were submitted and not withdrawn."""

    @property
    def engagement(self) -> Engagement:
        return self.response.engagement

    @property
    def unsent_changes(self) -> bool:
        """Whether submitting would say anything that the current submission does not."""
        if self.submitted is None:
            return True
        return bool(self.draft.general_problems) or self.submitted != self.draft.answers_by_key

    def is_open(self, now: datetime) -> bool:
        return self.engagement.state(now) is EngagementState.OPEN

    def with_saved(self, *saved: Saved) -> Journey:
        """The same with sections as they are saved now."""
        newest = {**self.draft.saved, **{row.section_id: row for row in saved}}
        return replace(self, draft=replace(self.draft, saved=newest))

    @property
    def fingerprint(self) -> str:
        return self.draft.fingerprint(self.response.current_submission_id)


def journey(session: Session, *, response_id: uuid.UUID, organisation_id: uuid.UUID) -> Journey | None:
    response = session.scalar(_RESPONSE, {"response_id": response_id, "organisation_id": organisation_id})
    if response is None:
        return None
    submitted = answers_of(session, response.current_submission_id) if response.current_submission_id else None
    return Journey(response, draft(session, response), submitted)


def draft(session: Session, response: Response) -> Draft:
    return Draft(
        questionnaire_of(session, response.version_id),
        lots_of(session, response.engagement_id),
        drafts_of(session, response.id),
    )


def lots_of(session: Session, engagement_id: uuid.UUID) -> Sequence[Lot]:
    return session.scalars(_LOTS, {"engagement_id": engagement_id}).all()


def lots_as_called(session: Session, engagement_id: uuid.UUID, at: datetime) -> Sequence[Lot]:
    """By the codes and titles that they had then; those that have others now are stand-ins that no session knows."""
    rows = session.execute(_LOTS_AS_CALLED, {"engagement_id": engagement_id, "at": at})
    return [lot if code is None else Lot(id=lot.id, code=code, title=title) for lot, code, title in rows]


def with_units(session: Session, lot_ids: Collection[uuid.UUID]) -> Sequence[Lot]:
    """Lots with what they are made of, which says what they are worth and need."""
    return session.scalars(_LOTS_WITH_UNITS, {"lot_ids": list(lot_ids)}).unique().all()


def drafts_of(session: Session, response_id: uuid.UUID) -> dict[uuid.UUID, Saved]:
    """As they are now, by section id."""
    saved = starmap(Saved, session.execute(_DRAFTS, {"response_id": response_id}))
    return {row.section_id: row for row in saved}


def answers_of(session: Session, submission_id: uuid.UUID) -> dict[AnswerKey, Any]:
    rows = session.execute(_ANSWERS, {"submission_id": submission_id})
    return {(row.question_id, row.lot_id): row.value for row in rows}


def history(session: Session, response_id: uuid.UUID) -> Sequence[Submission]:
    """Every submission of a response, the newest first."""
    return session.scalars(_HISTORY, {"response_id": response_id}).all()


def submission_by_nonce(session: Session, *, response_id: uuid.UUID, nonce: uuid.UUID) -> Submission | None:
    return session.scalar(select(Submission).where(Submission.response_id == response_id, Submission.nonce == nonce))


@dataclass(frozen=True)
class Submitted:
    """One submission as it was made, with what it answered."""

    submission: Submission
    response: Response
    draftless: Draft
    """The questionnaire and the lots, without any draft."""
    values: dict[AnswerKey, Any]
    withheld: frozenset[AnswerKey] = frozenset()
    """What was answered to restricted questions, where the reader may not read it: `values` is without it."""


def receipt(
    session: Session, *, response_id: uuid.UUID, submission_id: uuid.UUID, organisation_id: uuid.UUID
) -> Submitted | None:
    asked = {"submission_id": submission_id, "response_id": response_id, "organisation_id": organisation_id}
    return _submitted(session, session.scalar(_RECEIPT, asked))


def current_submission(
    session: Session, *, engagement_id: uuid.UUID, response_id: uuid.UUID, actor: Actor
) -> Submitted | None:
    """For those of the programme's team who may read responses: the submission that counts, never a draft.

    Answers to restricted questions are for those who lead; others learn only that there are some.
    """
    submission = session.scalar(
        select(Submission)
        .join(Response, Response.current_submission_id == Submission.id)
        .join(Engagement, Engagement.id == Response.engagement_id)
        .join(Programme, Programme.id == Engagement.programme_id)
        .where(
            Engagement.id == engagement_id,
            Response.id == response_id,
            within_reach(actor, Permission.READ_RESPONSES),
            opened(),
        )
        .options(*_with_response())
    )
    found = _submitted(session, submission)
    if found is None:
        return None
    leads = Permission.LEAD in permissions_on(session, found.response.engagement.programme_id, actor)
    return found if leads else _without_restricted(found)


def _without_restricted(found: Submitted) -> Submitted:
    restricted = {
        question.id for section in found.draftless.sections for question in section.questions if question.restricted
    }
    return replace(
        found,
        values={key: value for key, value in found.values.items() if key[0] not in restricted},
        withheld=frozenset(key for key in found.values if key[0] in restricted),
    )


def _submitted(session: Session, submission: Submission | None) -> Submitted | None:
    if submission is None:
        return None
    response, values = submission.response, answers_of(session, submission.id)
    lots = lots_as_called(session, response.engagement_id, submission.submitted_at)
    draftless = Draft(_answered_in(session, submission, values), lots, saved={})
    return Submitted(submission, response, draftless, values)


def _answered_in(session: Session, submission: Submission, values: Mapping[AnswerKey, Any]) -> Questionnaire:
    pinned = questionnaire_of(session, submission.response.version_id)
    own = {question.id for _section, question in pinned.by_key.values()}
    if all(question_id in own for question_id, _lot_id in values):
        return pinned
    return questionnaire_of(session, version_answered(session, submission))


def version_answered(session: Session, submission: Submission) -> uuid.UUID:
    """Mostly that which its response is pinned to. What an officer enters answers the version of the day, also beside a
    draft of an earlier one, and a correction may answer another than what it corrects.
    """
    of_answers = (
        select(Section.version_id)
        .join(Section.questions)
        .join(Answer, Answer.question_id == Question.id)
        .where(Answer.submission_id == submission.id)
        .limit(1)
    )
    return session.scalar(of_answers) or submission.response.version_id


def responses_of(session: Session, organisation_id: uuid.UUID) -> Sequence[Response]:
    """What an organisation has begun, the last to close first."""
    return session.scalars(
        select(Response)
        .join(Response.engagement)
        .where(Response.organisation_id == organisation_id)
        .options(contains_eager(Response.engagement), joinedload(Response.current_submission))
        .order_by(Engagement.closes_at.desc(), Response.id)
    ).all()


def people_to_tell(session: Session, response: Response, actor: Actor) -> Sequence[Person]:
    """What becomes of a response: the one who acts, and who began it, ever saved a section of it, asked signatories to
    submit or withdraw it, sent it back, or submitted it, of those who still act for the organisation.
    """
    asked = select(AuditEvent.person_id).where(
        AuditEvent.subject_kind == Response.__tablename__,
        AuditEvent.subject_id == response.id,
        AuditEvent.act.in_(_ASKED_ABOUT_IT),
    )
    saved = select(DraftSection.saved_by).where(DraftSection.response_id == response.id)
    wrote = select(func.unnest(DraftSection.earlier_writers)).where(DraftSection.response_id == response.id)
    submitted = select(Submission.submitted_by).where(Submission.response_id == response.id)
    parts = [Person.id.in_(each) for each in (saved, wrote, asked, submitted)]
    concerned = or_(Person.id.in_((actor.person_id, response.started_by)), *parts)
    return session.scalars(
        select(Person)
        .join(Person.memberships)
        .where(Membership.organisation_id == response.organisation_id, concerned)
        .order_by(Person.id)
    ).all()


@dataclass(frozen=True)
class Beginning:
    """A published engagement, and what an organisation has begun in it."""

    engagement: Engagement
    response_id: uuid.UUID | None


def beginning(session: Session, *, engagement_id: uuid.UUID, organisation_id: uuid.UUID) -> Beginning | None:
    asked = {"engagement_id": engagement_id, "organisation_id": organisation_id}
    row = session.execute(_BEGINNING, asked).one_or_none()
    return Beginning(row[0], row[1]) if row else None


def published_version_id(session: Session, engagement_id: uuid.UUID) -> uuid.UUID | None:
    """The version that a response begun now is pinned to."""
    return session.scalar(_VERSION, {"engagement_id": engagement_id})


def was_published(session: Session, engagement_id: uuid.UUID, version_id: uuid.UUID) -> bool:
    """Whether a version of the questionnaire is one that providers of this engagement have been asked."""
    published = exists().where(
        QuestionnaireVersion.id == version_id,
        QuestionnaireVersion.engagement_id == engagement_id,
        QuestionnaireVersion.published_at.is_not(None),
    )
    return bool(session.scalar(select(published)))


def had_section(session: Session, engagement_id: uuid.UUID, slug: str) -> bool:
    """Whether any published version of an engagement's questionnaire has this section."""
    had = exists().where(
        Section.slug == slug,
        Section.version_id == QuestionnaireVersion.id,
        QuestionnaireVersion.engagement_id == engagement_id,
        QuestionnaireVersion.published_at.is_not(None),
    )
    return bool(session.scalar(select(had)))
