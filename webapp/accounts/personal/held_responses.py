"""What is held of an organisation's responses: drafts, submissions and files, and those that were destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, func, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from webapp.models import (
    Answer,
    Disposal,
    DisposedResponse,
    DraftRemark,
    DraftSection,
    Interest,
    Lot,
    Person,
    Question,
    Response,
    ResponseFile,
    Section,
    Submission,
    Withdrawal,
)

Record = dict[str, Any]


def responses(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    """Drafts and every submission, in a number of statements that does not grow with them."""
    name = load_only(Person.name)
    submissions = selectinload(Response.submissions)
    drafts = selectinload(Response.drafts)
    found = session.execute(
        select(Response, _names_of_earlier_writers())
        .where(Response.organisation_id == organisation_id)
        .options(
            joinedload(Response.engagement),
            drafts.joinedload(DraftSection.saver).options(name),
            drafts.joinedload(DraftSection.section).load_only(Section.title),
            submissions.joinedload(Submission.submitter).options(name),
            submissions.selectinload(Submission.answers).joinedload(Answer.question).load_only(Question.wording),
            submissions.selectinload(Submission.interests).joinedload(Interest.lot).load_only(Lot.code, Lot.title),
        )
        .order_by(Response.started_at, Response.id)
    ).all()
    lots = _lot_codes(session, [row for row, _names in found])
    files, remarks = _files(session, organisation_id), _remarks(session, organisation_id)
    withdrawals = _withdrawals(session, organisation_id)
    return [
        {
            "engagement": row.engagement.title,
            "reference": row.engagement.reference,
            "started_at": row.started_at,
            "withdrawn_at": row.withdrawn_at,
            "withdrawals": [
                {"withdrawn_at": each.withdrawn_at, "reason": each.reason}
                for each in withdrawals
                if each.response_id == row.id
            ],
            "draft": [_draft(saved, names or {}) for saved in row.drafts],
            "remarks": [_remark(said) for said in remarks if said.response_id == row.id],
            "files": [_file(file) for file in files if file.response_id == row.id],
            "submissions": [_submission(made, row, lots) for made in row.submissions],
        }
        for row, names in found
    ]


def _names_of_earlier_writers() -> ScalarSelect[dict[str, str] | None]:
    """By id, as JSON, of all sections of a response; None if nobody saved any before whoever did last."""
    wrote = select(func.unnest(DraftSection.earlier_writers)).where(DraftSection.response_id == Response.id)
    return (
        select(func.jsonb_object_agg(Person.id, Person.name))
        .where(Person.id.in_(wrote.correlate(Response)))
        .correlate(Response)
        .scalar_subquery()
    )


def _withdrawals(session: Session, organisation_id: uuid.UUID) -> Sequence[Row[uuid.UUID, datetime, str | None]]:
    """Each once, whatever number of submissions it took back."""
    return session.execute(
        select(Submission.response_id, Withdrawal.withdrawn_at, Withdrawal.reason)
        .distinct()
        .join(Submission, Submission.id == Withdrawal.submission_id)
        .join(Response, Response.id == Submission.response_id)
        .where(Response.organisation_id == organisation_id)
        .order_by(Withdrawal.withdrawn_at, Submission.response_id)
    ).all()


def _files(session: Session, organisation_id: uuid.UUID) -> Sequence[ResponseFile]:
    """Without what is in them: that can be fetched from the pages of a response."""
    return session.scalars(
        select(ResponseFile)
        .join(ResponseFile.response)
        .where(Response.organisation_id == organisation_id)
        .options(joinedload(ResponseFile.uploader).load_only(Person.name))
        .order_by(ResponseFile.uploaded_at, ResponseFile.id)
    ).all()


def _remarks(session: Session, organisation_id: uuid.UUID) -> Sequence[DraftRemark]:
    return session.scalars(
        select(DraftRemark)
        .join(Response, Response.id == DraftRemark.response_id)
        .where(Response.organisation_id == organisation_id)
        .options(joinedload(DraftRemark.writer).load_only(Person.name))
        .order_by(DraftRemark.created_at, DraftRemark.id)
    ).all()


def _remark(said: DraftRemark) -> Record:
    return {"kind": said.kind, "text": said.text, "written_by": said.writer.name, "written_at": said.created_at}


def _file(file: ResponseFile) -> Record:
    return {
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at,
        "uploaded_by": file.uploader.name,
    }


def _lot_codes(session: Session, responses: Iterable[Response]) -> dict[uuid.UUID, str]:
    answers = (answer for row in responses for made in row.submissions for answer in made.answers)
    ids = {answer.lot_id for answer in answers if answer.lot_id is not None}
    return {row.id: row.code for row in session.execute(select(Lot.id, Lot.code).where(Lot.id.in_(ids)))}


def _draft(saved: DraftSection, names: Mapping[str, str]) -> Record:
    """Without the name of whoever has become an earlier writer since `names` were read."""
    before = [str(writer) for writer in saved.earlier_writers]
    return {
        "section": saved.section.title,
        "saved_at": saved.saved_at,
        "saved_by": saved.saver.name,
        "saved_before_by": [names[writer] for writer in before if writer in names],
        "answers": saved.answers,
    }


def _submission(made: Submission, response: Response, lots: dict[uuid.UUID, str]) -> Record:
    return {
        "reference": made.reference,
        "version": made.number,
        "submitted_at": made.submitted_at,
        "submitted_by": made.submitter.name,
        "entered_by_an_officer": made.reception_id is not None,
        "counts": made.id == response.current_submission_id,
        "answers": [
            {
                "question": answer.question.wording,
                "lot": lots[answer.lot_id] if answer.lot_id else None,
                "answer": answer.value,
            }
            for answer in made.answers
        ],
        "interests": [
            {
                "lot": interest.lot.code,
                "title": interest.lot.title,
                "level": interest.level,
                "role": interest.role,
                "staff_at_start": interest.wte_at_start,
                "staff_in_month_6": interest.wte_month_6,
                "mobilisation_months": interest.mobilisation_months,
                "consortium": interest.consortium,
            }
            for interest in made.interests
        ],
    }


def destroyed(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    """Of which it is still known that they were."""
    gone = session.scalars(
        select(DisposedResponse)
        .where(DisposedResponse.organisation_id == organisation_id)
        .options(joinedload(DisposedResponse.disposal).joinedload(Disposal.engagement))
        .order_by(DisposedResponse.submitted_at, DisposedResponse.reference)
    )
    return [
        {
            "engagement": row.disposal.engagement.title,
            "reference": row.reference,
            "submitted_at": row.submitted_at,
            "destroyed_at": row.disposal.done_at,
            "policy": row.disposal.policy,
        }
        for row in gone
    ]
