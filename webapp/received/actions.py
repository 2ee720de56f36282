"""Entering one received response: begun, filled in section by section, recorded; and corrected or set aside later."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.documents.kinds import kind_of
from webapp.models import (
    DocumentKind,
    Engagement,
    ProviderKind,
    ProviderSize,
    ReceivedFile,
    ReceivedHow,
    Reception,
    ReceptionSection,
    Section,
    Submission,
)
from webapp.once import add_once
from webapp.programmes.joined import entered_for
from webapp.received.drafts import draft_of
from webapp.received.recorded import Recorded
from webapp.received.recording import Entry, record
from webapp.responses import questions
from webapp.responses.drafts import Draft, Problem, holds, with_typed
from webapp.responses.items import Item, Typed
from webapp.responses.published import questionnaire_of
from webapp.responses.queries import answers_of, lots_of, published_version_id, version_answered
from webapp.responses.withdrawing import take_back
from webapp.web.fields import SentFile
from webapp.web.files import clean_name

ACCEPTED_LATE = "response.accepted_late"


class ClashError(Exception):
    """Somebody changed the entry after this page was opened."""


class RecordedError(Exception):
    """The entry has been recorded, and changes no more."""


class NothingAnsweredError(Exception):
    """There is nothing to record."""


class NotReadyError(Exception):
    """Answers cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Whose response it is, and how it came."""

    organisation_id: uuid.UUID | None
    organisation_name: str
    provider_kind: ProviderKind | None
    size: ProviderSize | None
    vcse: bool | None
    how: ReceivedHow
    sent_by: str
    received_at: datetime
    late_reason: str | None


def begin(
    session: Session,
    *,
    reception_id: uuid.UUID,
    engagement: Engagement,
    details: Details,
    original: SentFile | None,
    actor: Actor,
) -> Reception:
    """Raises WrittenAlreadyError."""
    version_id = published_version_id(session, engagement.id)
    if version_id is None:
        raise LookupError("a published engagement has no questionnaire")
    reception = Reception(
        id=reception_id, engagement_id=engagement.id, version_id=version_id, entered_by=actor.person_id
    )
    _write(session, reception, engagement, details, original, actor)
    add_once(session, reception)
    _record(session, "reception.begun", reception, actor)
    return reception


def change(
    session: Session, *, reception: Reception, details: Details, original: SentFile | None, actor: Actor
) -> None:
    """Say otherwise whose it is and how it came. The form has seen to it that nobody else has meanwhile.

    The organisation that was chosen before keeps the name under which it was entered.
    """
    if details.organisation_id is not None and details.organisation_id == reception.organisation_id:
        details = replace(details, organisation_name=reception.organisation_name)
    _write(session, reception, reception.engagement, details, original, actor)
    reception.revision += 1
    _record(session, "reception.changed", reception, actor)


def _write(
    session: Session,
    reception: Reception,
    engagement: Engagement,
    details: Details,
    original: SentFile | None,
    actor: Actor,
) -> None:
    for name, value in asdict(details).items():
        setattr(reception, name, value)
    if original is not None:
        reception.file_id = keep_file(
            session, engagement=engagement, sent=original, kind=kind_of(original.content), actor=actor
        ).id


def keep_file(
    session: Session, *, engagement: Engagement, sent: SentFile, kind: DocumentKind, actor: Actor
) -> ReceivedFile:
    """Its form has found it fit."""
    kept = ReceivedFile(
        id=uuid.uuid4(),
        engagement_id=engagement.id,
        name=clean_name(sent.name, kind.value),
        kind=kind,
        size=len(sent.content),
        sha256=hashlib.sha256(sent.content).hexdigest(),
        content=sent.content,
        uploaded_by=actor.person_id,
    )
    session.add(kept)
    session.flush()
    return kept


def hold(session: Session, reception: Reception) -> None:
    """Alone with an entry that is not recorded yet. Raises RecordedError."""
    session.scalars(
        select(Reception)
        .where(Reception.id == reception.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if session.scalar(select(exists().where(Submission.reception_id == reception.id))):
        raise RecordedError


def save_section(
    session: Session,
    *,
    reception: Reception,
    section: Section,
    typed: Mapping[Item, Typed],
    revision: int,
    actor: Actor,
) -> None:
    """Save what was typed, whether or not it can be used. Raises RecordedError, or ClashError if `revision` is old."""
    hold(session, reception)
    saved = draft_of(session, reception).saved.get(section.id)
    if saved is not None and holds(saved, typed):
        return
    if revision != (saved.revision if saved else 0):
        raise ClashError
    values = {
        "answers": with_typed(saved.answers if saved else {}, typed),
        "revision": revision + 1,
        "saved_by": actor.person_id,
    }
    session.execute(
        upsert(ReceptionSection)
        .values(reception_id=reception.id, section_id=section.id, **values)
        .on_conflict_do_update(constraint="pk_reception_section", set_={**values, "saved_at": func.clock_timestamp()})
    )
    session.flush()


def record_entry(
    session: Session, *, reception: Reception, link_of: Callable[[uuid.UUID], str], actor: Actor
) -> Recorded:
    """Make it a submission. Raises RecordedError, NotReadyError, NothingAnsweredError and those of recording."""
    hold(session, reception)
    draft = draft_of(session, reception)
    if in_the_way(draft):
        raise NotReadyError
    if not draft.usable:
        raise NothingAnsweredError
    engagement = reception.engagement
    entry = Entry(reception, draft.usable)
    [made] = record(session, engagement=engagement, entries=[entry], link_of=link_of, actor=actor)
    session.execute(delete(ReceptionSection).where(ReceptionSection.reception_id == reception.id))
    audit.record(
        session,
        "response.entered",
        subject=reception,
        actor=actor,
        organisation_id=reception.organisation_id,
        engagement=str(engagement.id),
        submission_id=str(made.submission_id),
        how=reception.how.value,
        answers=len(draft.usable),
    )
    if made.is_late:
        audit.record(
            session,
            ACCEPTED_LATE,
            subject=engagement,
            actor=actor,
            organisation_id=reception.organisation_id,
            received_at=reception.received_at.isoformat(),
            reason=reception.late_reason,
        )
    session.flush()
    return made


def in_the_way(draft: Draft) -> list[Problem]:
    """Answers that cannot be used. What a provider left unanswered stays so: nobody can answer it for them."""
    return [problem for section in draft.sections for problem in draft.problems(section) if not problem.missing]


def discard(session: Session, *, reception: Reception, actor: Actor) -> None:
    """Give up an entry that is not recorded. Raises RecordedError."""
    hold(session, reception)
    _record(session, "reception.discarded", reception, actor)
    file_id = reception.file_id
    session.delete(reception)
    session.flush()
    elsewhere = exists().where(Reception.file_id == ReceivedFile.id)
    session.execute(delete(ReceivedFile).where(ReceivedFile.id == file_id, ~elsewhere))


def correct(session: Session, *, submission: Submission, actor: Actor) -> Reception:
    """Begin a new version of an entered response, with what the present one says. The present one stays as it is."""
    before, response = submission.reception, submission.response
    if before is None:
        raise LookupError("the submission was not entered by an officer")
    engagement = response.engagement
    said = {field.name: getattr(before, field.name) for field in fields(Details)}
    said["organisation_id"] = entered_for(session, response)  # `before` may be of one that it is joined to no more
    reception = Reception(
        id=uuid.uuid4(),
        engagement_id=engagement.id,
        version_id=version_answered(session, submission),
        entered_by=actor.person_id,
        file_id=before.file_id,
        **said,
    )
    session.add(reception)
    session.flush()
    session.add_all(_typed_again(session, reception, submission, actor))
    _record(session, "reception.begun", reception, actor)
    return reception


def _typed_again(
    session: Session, reception: Reception, submission: Submission, actor: Actor
) -> Sequence[ReceptionSection]:
    values = answers_of(session, submission.id)
    lots = lots_of(session, reception.engagement_id)
    blank = Draft(questionnaire_of(session, reception.version_id), lots, saved={})
    made = []
    for section in blank.sections:
        items = [item for item in blank.recorded_items(section, values) if not item.takes_files]
        answers = with_typed({}, {item: questions.retyped(item, values[item.key]) for item in items})
        if answers:
            made.append(
                ReceptionSection(
                    reception_id=reception.id,
                    section_id=section.id,
                    revision=1,
                    answers=answers,
                    saved_by=actor.person_id,
                )
            )
    return made


def set_aside(session: Session, *, submission: Submission, reason: str, actor: Actor, now: datetime) -> None:
    """Let an entered response count no more, as when its organisation has responded itself under another name."""
    response = submission.response
    session.refresh(response, with_for_update={"key_share": True})
    if response.current_submission_id == submission.id:
        take_back(session, response=response, now=now)
    audit.record(
        session,
        "response.set_aside",
        subject=response,
        actor=actor,
        organisation_id=response.organisation_id,
        engagement=str(response.engagement_id),
        submission_id=str(submission.id),
        reason=reason,
    )
    session.flush()


def _record(session: Session, act: str, reception: Reception, actor: Actor) -> None:
    audit.record(session, act, subject=reception, actor=actor, engagement=str(reception.engagement_id))
    session.flush()
