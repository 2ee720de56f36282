"""The files of a response: what was attached to it, and who may fetch which."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, undefer

from webapp.audit import Actor
from webapp.engagements.sealed import opened
from webapp.models import Engagement, Programme, Question, Response, ResponseFile, SubmissionFile
from webapp.programmes.permissions import Permission, within_reach
from webapp.responses.items import Item, Typed, rows_of
from webapp.responses.kinds.files import Attached


def files_of(session: Session, response_id: uuid.UUID) -> Sequence[ResponseFile]:
    """Without their content, in the order in which they came."""
    return session.scalars(
        select(ResponseFile)
        .where(ResponseFile.response_id == response_id)
        .order_by(ResponseFile.uploaded_at, ResponseFile.id)
    ).all()


def answers(file: ResponseFile, item: Item) -> bool:
    """Whether a file was attached for this item."""
    return (file.question_key, file.lot_id) == (item.question.key, item.lot.id if item.lot else None)


def attached(file: ResponseFile) -> Attached:
    return Attached(str(file.id), file.name, file.kind.value, file.size, file.sha256)


def with_files(session: Session, response_id: uuid.UUID, typed: Mapping[Item, Typed]) -> dict[Item, Typed]:
    """What a page sent, with all that is known of the files whose ids it sent; others than this item's are left out."""
    found = dict(typed)
    taking = [item for item in typed if item.takes_files]
    kept = files_of(session, response_id) if taking else ()
    for item in taking:
        own = {str(file.id): attached(file).row for file in kept if answers(file, item)}
        found[item] = [own[row[0]] for row in rows_of(typed[item]) if row[0] in own]
    return found


def file_of_provider(
    session: Session, *, response_id: uuid.UUID, file_id: uuid.UUID, organisation_id: uuid.UUID
) -> ResponseFile | None:
    """With its content, for the people of the organisation that answers."""
    return session.scalars(
        select(ResponseFile)
        .join(ResponseFile.response)
        .where(
            ResponseFile.id == file_id,
            ResponseFile.response_id == response_id,
            Response.organisation_id == organisation_id,
        )
        .options(undefer(ResponseFile.content))
    ).one_or_none()


def file_for_officer(
    session: Session, *, engagement_id: uuid.UUID, response_id: uuid.UUID, file_id: uuid.UUID, actor: Actor
) -> ResponseFile | None:
    """With its content, if the submission that counts names it and the officer may read the answer that it is."""
    return session.scalars(
        select(ResponseFile)
        .join(SubmissionFile, SubmissionFile.file_id == ResponseFile.id)
        .join(Question, Question.id == SubmissionFile.question_id)
        .join(Response, Response.current_submission_id == SubmissionFile.submission_id)
        .join(Engagement, Engagement.id == Response.engagement_id)
        .join(Programme, Programme.id == Engagement.programme_id)
        .where(
            ResponseFile.id == file_id,
            Response.id == response_id,
            Engagement.id == engagement_id,
            within_reach(actor, Permission.READ_RESPONSES),
            _readable(actor),
            opened(),
        )
        .options(undefer(ResponseFile.content))
    ).one_or_none()


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Answers to restricted questions are for those who lead."""
    return or_(Question.restricted.is_(False), within_reach(actor, Permission.LEAD))
