"""Publishing a version after the first, and what becomes of those who have begun to answer.

A submission stays as it was made, under its version, and so does a response that was ever submitted. Drafts that never
were may move on. Nothing that was saved is deleted: what cannot go along stays where it was saved.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements import actions
from webapp.engagements.builder import mails, queries
from webapp.engagements.mails import Addresses
from webapp.engagements.questionnaires import why_not
from webapp.engagements.telling import tell
from webapp.models import (
    DraftSection,
    EngagementState,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    Response,
    Section,
)


class NotPublishableError(Exception):
    """The version cannot be published; the message says why."""


def publish_next(
    session: Session,
    *,
    version: QuestionnaireVersion,
    move_drafts: bool,
    reason: str,
    addresses: Addresses,
    actor: Actor,
    now: datetime,
) -> None:
    """Publish a version of an engagement that is published, and tell everybody who is answering.

    The caller holds the engagement's row. Nothing says how many drafts there were: they may be sealed.
    Raises NotPublishableError.
    """
    engagement = version.engagement
    _refuse_unless_answerable(version, now)
    actions.publish_questionnaire(session, version=version, actor=actor, now=now)
    moved = _move_drafts(session, version, actor) if move_drafts else frozenset()
    for person, response in queries.people_answering(session, engagement.id):
        mail = partial(
            mails.new_version,
            engagement,
            reason=reason,
            moved=response.id in moved,
            submitted=response.current_submission_id is not None,
            addresses=addresses,
        )
        tell(session, [person], mail)
    audit.record(
        session,
        "questionnaire.replaced",
        subject=engagement,
        actor=actor,
        number=version.number,
        reason=reason,
        moves_drafts=move_drafts,
    )
    session.flush()


def _refuse_unless_answerable(version: QuestionnaireVersion, now: datetime) -> None:
    if version.engagement.published_at is None:
        raise NotPublishableError("The questionnaire is published with the engagement.")
    if version.engagement.state(now) is EngagementState.CLOSED:
        raise NotPublishableError("The engagement has closed: nobody could answer a new version.")
    if missing := why_not(version):
        raise NotPublishableError(missing)


def _move_drafts(session: Session, version: QuestionnaireVersion, actor: Actor) -> frozenset[uuid.UUID]:
    """Pin what was never submitted to the version, with its answers.

    The rows are locked against saving and submitting: a save that comes first is moved, one that comes later fails and
    is offered to be sent again, and a submission that comes first keeps its response where it is.
    """
    responses = session.scalars(
        select(Response)
        .where(
            Response.engagement_id == version.engagement_id,
            Response.version_id != version.id,
            Response.current_submission_id.is_(None),
            Response.withdrawn_at.is_(None),
        )
        .order_by(Response.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    drafts, asked = _drafts_of(session, responses), _questions_of(session, responses)
    for response in responses:
        left = drafts[response.id]
        before, response.version_id = response.version_id, version.id
        session.flush()  # the database takes drafts of the pinned version alone
        session.add_all(_carried(version, response.id, left, asked[before]))
        for draft in left:  # a page opened before the move may no longer save here
            draft.revision += 1
        audit.record(session, "response.moved", subject=response, actor=actor, number=version.number)
    session.flush()
    return frozenset(response.id for response in responses)


def _drafts_of(session: Session, responses: Sequence[Response]) -> Mapping[uuid.UUID, list[DraftSection]]:
    """By response: what is saved in the version that it is pinned to."""
    found: defaultdict[uuid.UUID, list[DraftSection]] = defaultdict(list)
    rows = session.scalars(
        select(DraftSection)
        .join(DraftSection.section)
        .join(Response, (Response.id == DraftSection.response_id) & (Response.version_id == Section.version_id))
        .where(DraftSection.response_id.in_([response.id for response in responses]))
        .order_by(DraftSection.response_id, Section.position)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found[row.response_id].append(row)
    return found


def _questions_of(session: Session, responses: Sequence[Response]) -> Mapping[uuid.UUID, Mapping[str, Question]]:
    """By version and key: the questions of the versions that these answer."""
    found: defaultdict[uuid.UUID, dict[str, Question]] = defaultdict(dict)
    rows = session.execute(
        select(Section.version_id, Question)
        .join(Question.section)
        .where(Section.version_id.in_({response.version_id for response in responses}))
    )
    for version_id, question in rows:
        found[version_id][question.key] = question
    return found


def _carried(
    version: QuestionnaireVersion,
    response_id: uuid.UUID,
    left: Sequence[DraftSection],
    before: Mapping[str, Question],
) -> list[DraftSection]:
    """The sections of the version with the answers that go along, in revisions that no page opened before knows."""
    saved = {key: (draft, kept) for draft in left for key, kept in draft.answers.items()}
    by_slug = {draft.section.slug: draft for draft in left}
    revision = max((draft.revision for draft in left), default=0) + 2
    made = []
    for section in version.sections:
        found = {
            question.key: (
                saved[question.key][0],
                carried_answer(before[question.key], question, saved[question.key][1]),
            )
            for question in section.questions
            if question.key in saved and question.key in before and is_same(before[question.key], question)
        }
        sources = [draft for draft, _answer in found.values()]
        if not sources and section.slug in by_slug:  # a page of it that is open then finds out that it changed
            sources = [by_slug[section.slug]]
        if sources:
            newest = max(sources, key=lambda draft: draft.saved_at)
            writers = {person for draft in sources for person in (*draft.earlier_writers, draft.saved_by)}
            made.append(
                DraftSection(
                    response_id=response_id,
                    section_id=section.id,
                    revision=revision,
                    answers={key: answer for key, (_draft, answer) in found.items()},
                    saved_at=newest.saved_at,
                    saved_by=newest.saved_by,
                    earlier_writers=sorted(writers - {newest.saved_by}),
                )
            )
    return made


def is_same(before: Question, after: Question) -> bool:
    """Whether an answer to the one is an answer to the other: the key is the same, and so are kind and lots."""
    return before.kind is after.kind and before.is_about_a_lot == after.is_about_a_lot


def carried_answer(before: Question, after: Question, kept: Any) -> Any:
    """What was typed, with the cells of a table under their columns."""
    if after.kind is not QuestionKind.ROWS or not isinstance(kept, list):
        return kept
    places = {column["value"]: place for place, column in enumerate(before.options)}
    order = [places.get(column["value"]) for column in after.options]
    return [[row[place] if place is not None and place < len(row) else "" for place in order] for row in kept]
