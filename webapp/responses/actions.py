"""Beginning, saving and submitting a response.

A deadline is judged on `now`, the moment at which the request reached the database, with the engagement's row locked
so that an extension or a closing comes either before or after.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, contains_eager

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.provider_kinds import said_of_provider
from webapp.language import speaking
from webapp.mail import Letter, Mail, send_all
from webapp.models import (
    Answer,
    DraftSection,
    Engagement,
    EngagementState,
    Interest,
    Response,
    Section,
    Submission,
)
from webapp.responses import mails, queries, remarks
from webapp.responses.drafts import Draft, Saved, holds, with_typed
from webapp.responses.files import actions as files
from webapp.responses.interests import interest_rows
from webapp.responses.items import Item, Typed
from webapp.responses.queries import Journey

REFERENCE_CHARACTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another, and no vowels: no words


# What every save writes and every submission locks, made once: making it takes longer than running it.
_DRAFT = DraftSection.metadata.tables[DraftSection.__tablename__]
_FIRST = upsert(_DRAFT).on_conflict_do_nothing().returning(_DRAFT.c.saved_at)
_WRITERS = _DRAFT.c.earlier_writers
_WITH_WRITER = func.array_append(func.array_remove(_WRITERS, _DRAFT.c.saved_by), _DRAFT.c.saved_by, type_=_WRITERS.type)
_NEXT = (
    update(_DRAFT)
    .where(
        _DRAFT.c.response_id == bindparam("of_response"),
        _DRAFT.c.section_id == bindparam("of_section"),
        _DRAFT.c.revision == bindparam("of_revision"),
    )
    .values(saved_at=func.clock_timestamp(), earlier_writers=_WITH_WRITER)
    .returning(_DRAFT.c.saved_at)
)


_LOCKED = (
    select(Response)
    .join(Response.engagement)
    .join(Response.organisation)
    .where(Response.id == bindparam("response_id"), Response.organisation_id == bindparam("organisation_id"))
    .options(contains_eager(Response.engagement), contains_eager(Response.organisation))
    .with_for_update(of=Response, key_share=True)
    .suffix_with("FOR SHARE OF engagement")
    .execution_options(populate_existing=True)
)


class NotFoundError(Exception):
    """No such row, or not this organisation's."""


class NotOpenError(Exception):
    """The engagement does not take answers at this moment; `typed` or `words` is what was to be saved."""

    def __init__(
        self, engagement: Engagement, typed: Mapping[Item, Typed] | None = None, words: str | None = None
    ) -> None:
        super().__init__(f"engagement {engagement.id} does not take answers")
        self.engagement = engagement
        self.typed = typed or {}
        self.words = words or ""


class ClashError(Exception):
    """Somebody saved the section after this page was opened."""


class NotSignatoryError(Exception):
    """Only a signatory may submit or withdraw."""


class NotReadyError(Exception):
    """Answers are missing or cannot be used."""


class StaleCheckError(Exception):
    """The draft is no longer what the check page showed."""


def start(session: Session, *, engagement_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Begin a response, or find the one a colleague began; returns its id."""
    organisation_id = _provider(actor)
    found = queries.beginning(session, engagement_id=engagement_id, organisation_id=organisation_id)
    if found is None:
        raise NotFoundError
    if found.response_id is not None:
        return found.response_id
    version_id = queries.published_version_id(session, engagement_id)
    if version_id is None or found.engagement.state(now) is not EngagementState.OPEN:
        raise NotOpenError(found.engagement)
    response_id: uuid.UUID | None = session.scalar(
        upsert(Response)
        .values(
            engagement_id=engagement_id,
            organisation_id=organisation_id,
            version_id=version_id,
            started_at=now,
            started_by=actor.person_id,
        )
        .on_conflict_do_nothing(constraint="uq_response_engagement_id_organisation_id")
        .returning(Response.id)
    )
    if response_id is None:  # a colleague was faster by a moment
        return start(session, engagement_id=engagement_id, actor=actor, now=now)
    response = session.get_one(Response, response_id)
    audit.record(session, "response.started", subject=response, actor=actor, organisation_id=organisation_id)
    session.flush()
    return response_id


def save_section(
    session: Session,
    *,
    journey: Journey,
    section: Section,
    typed: Mapping[Item, Typed],
    revision: int,
    actor: Actor,
    now: datetime,
) -> Saved:
    """Save what was typed, whether or not it can be used, and return what is now saved.

    Raises NotOpenError, or ClashError if `revision` is not the newest; saving again what is saved already is no clash.
    """
    if not journey.is_open(now):
        raise NotOpenError(journey.engagement, typed)
    saved = journey.draft.saved.get(section.id)
    if saved is not None and holds(saved, typed):
        return saved
    if revision == (saved.revision if saved else 0):
        before = saved.answers if saved else {}
        after = with_typed(before, typed)
        files.hold_for(session, journey.response.id, section)
        written = _write(session, journey.response.id, section.id, after, revision, actor)
        if written is not None:
            files.let_go(session, response_id=journey.response.id, section=section, before=before, after=after, now=now)
            return written
    newest = queries.drafts_of(session, journey.response.id).get(section.id)
    if newest is not None and holds(newest, typed):
        return newest
    raise ClashError


def _write(
    session: Session,
    response_id: uuid.UUID,
    section_id: uuid.UUID,
    answers: dict[str, Any],
    revision: int,
    actor: Actor,
) -> Saved | None:
    """Write the next revision, unless somebody else has just done so."""
    written: dict[str, Any] = {"answers": answers, "revision": revision + 1, "saved_by": actor.person_id}
    if revision == 0:
        saved_at = session.scalar(_FIRST, {"response_id": response_id, "section_id": section_id, **written})
    else:
        replaced = {"of_response": response_id, "of_section": section_id, "of_revision": revision}
        saved_at = session.scalar(_NEXT, {**replaced, **written})
    return Saved(section_id, saved_at=saved_at, saver=actor.name, **written) if saved_at else None


def submit(
    session: Session,
    *,
    response_id: uuid.UUID,
    nonce: uuid.UUID,
    seen: str,
    leave_out: bool,
    link: str,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Make a submission of the draft as it was checked, and return its id.

    The same nonce again gives the same submission again, whatever has happened since. With `leave_out`, lots with a
    problem stay behind in the draft and stop nothing. Raises NotSignatoryError, NotOpenError, StaleCheckError or
    NotReadyError.
    """
    response = locked(session, response_id, actor)
    require_signatory(actor)
    draft = queries.draft(session, response)
    refusal = _refusal(response, draft, seen=seen, leave_out=leave_out, now=now)
    if refusal is None:
        submission = _insert(session, response, draft, nonce=nonce, actor=actor, now=now)
        if submission is not None:
            _complete(session, response, submission, draft, link=link, actor=actor)
            return submission.id
    made_before = queries.submission_by_nonce(session, response_id=response.id, nonce=nonce)
    if made_before is not None:
        return made_before.id
    raise refusal or StaleCheckError


def _refusal(response: Response, draft: Draft, *, seen: str, leave_out: bool, now: datetime) -> Exception | None:
    if response.engagement.state(now) is not EngagementState.OPEN:
        return NotOpenError(response.engagement)
    if draft.fingerprint(response.current_submission_id) != seen:
        return StaleCheckError()
    if draft.general_problems or (draft.lots_with_problems and not leave_out):
        return NotReadyError()
    return None


def _insert(
    session: Session, response: Response, draft: Draft, *, nonce: uuid.UUID, actor: Actor, now: datetime
) -> Submission | None:
    """The next submission, or nothing if the nonce (or, once in a billion, the reference) is taken."""
    numbers = select(func.coalesce(func.max(Submission.number), 0) + 1).where(Submission.response_id == response.id)
    return session.scalar(
        upsert(Submission)
        .values(
            response_id=response.id,
            number=numbers.scalar_subquery(),
            reference=new_reference(),
            nonce=nonce,
            submitted_at=now,
            submitted_by=actor.person_id,
            **said_of_provider((item.question, value) for item, value in draft.answers.items() if item.lot is None),
        )
        .on_conflict_do_nothing()
        .returning(Submission)
    )


def _complete(
    session: Session, response: Response, submission: Submission, draft: Draft, *, link: str, actor: Actor
) -> None:
    answers = [
        {"submission_id": submission.id, "question_id": item.key[0], "lot_id": item.key[1], "value": value}
        for item, value in draft.answers.items()
    ]
    interests = [{"submission_id": submission.id, **row} for row in interest_rows(draft.answers)]
    for model, rows in ((Answer, answers), (Interest, interests)):
        if rows:
            session.execute(insert(model), rows, execution_options={"render_nulls": True})  # one statement each
    files.name_files(session, submission, draft.answers)
    response.current_submission_id = submission.id
    response.withdrawn_at = None
    remarks.end_round(session, response.id)
    audit.record(
        session,
        "response.submitted",
        subject=response,
        actor=actor,
        organisation_id=response.organisation_id,
        submission_id=str(submission.id),
        number=submission.number,
        answers=len(answers),
    )
    receipt = partial(mails.receipt, response, submission, draft, actor.name, link)
    tell(session, response, actor, receipt, partial(mails.submitted, response, submission, actor.name, link))


def tell(
    session: Session, response: Response, actor: Actor, own: Callable[[], Mail], colleagues: Callable[[], Mail]
) -> None:
    """Who acts and every colleague who worked on it, each in the language to write to them in."""
    letters = []
    for person in queries.people_to_tell(session, response, actor):
        with speaking(person.language):
            letters.append(Letter(person.email, own() if person.id == actor.person_id else colleagues()))
    send_all(session, letters)
    session.flush()


def locked(session: Session, response_id: uuid.UUID, actor: Actor) -> Response:
    """Hold the response alone and its engagement together with others: an extension waits, or has been waited for."""
    response = session.scalar(_LOCKED, {"response_id": response_id, "organisation_id": _provider(actor)})
    if response is None:
        raise NotFoundError
    return response


def require_signatory(actor: Actor) -> None:
    if actor.provider is None or not actor.provider.is_signatory:
        raise NotSignatoryError


def _provider(actor: Actor) -> uuid.UUID:
    if actor.provider is None:
        raise NotFoundError
    return actor.provider.organisation_id


def new_reference() -> str:
    characters = "".join(secrets.choice(REFERENCE_CHARACTERS) for _ in range(8))
    return f"SND-{characters[:4]}-{characters[4:]}"
