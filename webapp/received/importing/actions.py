"""Importing many responses from one file: kept, its columns and words explained, all recorded or none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.imports.tables import kind_of_table
from webapp.jobs import defer
from webapp.models import Engagement, ReceivedFile, ReceivedHow, Reception, ResponseImport
from webapp.once import add_once
from webapp.received.actions import keep_file
from webapp.received.importing.checking import Checked
from webapp.received.importing.columns import Target
from webapp.received.recorded import Recorded
from webapp.received.recording import Entry, Told, record, untold
from webapp.responses.queries import published_version_id
from webapp.web.fields import SentFile
from webapp.web.text import simplified

ACCEPTED_LATE = "responses.accepted_late"
RECORD = "received.record_import"


class RecordedAlreadyError(Exception):
    """What the file says has been recorded, or the worker is about to."""


class GivenUpError(Exception):
    """The file is there no more."""


class FaultyError(Exception):
    """A file with faults records nothing at all."""


class ChangedError(Exception):
    """What the file would record is not what the officer checked."""


def keep(
    session: Session,
    *,
    import_id: uuid.UUID,
    engagement: Engagement,
    tool: str,
    received_at: datetime,
    sent: SentFile,
    actor: Actor,
) -> ResponseImport:
    """Raises WrittenAlreadyError."""
    kept = ResponseImport(
        id=import_id,
        engagement_id=engagement.id,
        entered_by=actor.person_id,
        tool=tool,
        received_at=received_at,
        file_id=keep_file(session, engagement=engagement, sent=sent, kind=kind_of_table(sent.content), actor=actor).id,
        columns={},
        meanings={},
    )
    add_once(session, kept)
    _record(session, "responses.file_sent", kept, actor)
    return kept


def map_columns(
    session: Session,
    *,
    of: ResponseImport,
    targets: Mapping[str, Target],
    meanings: Mapping[str, Mapping[str, str]],
    actor: Actor,
) -> None:
    """Say what each column answers. `meanings` are those of an earlier file, to begin with.

    Raises RecordedAlreadyError.
    """
    _revise(session, of)
    of.columns = {name: target.stored() for name, target in targets.items()}
    of.meanings = {**meanings, **of.meanings}
    _record(session, "responses.columns_mapped", of, actor)


def explain(session: Session, *, of: ResponseImport, words: Mapping[tuple[str, str], str], actor: Actor) -> None:
    """Say which option each word means, by question key and word; an empty one answers nothing.

    Raises RecordedAlreadyError.
    """
    _revise(session, of)
    meanings = {key: dict(known) for key, known in of.meanings.items()}
    for (key, word), value in words.items():
        meanings.setdefault(key, {})[simplified(word)] = value
    of.meanings = meanings
    _record(session, "responses.words_explained", of, actor)


def _revise(session: Session, of: ResponseImport) -> None:
    """What was asked of the file as it was, and why that failed, bears on it no more."""
    _refuse_if_under_way(session, of)
    of.revision += 1
    of.asked_at = of.asked_by = of.seen = of.late_reason = of.failure = None
    of.progress = 0


def _refuse_if_under_way(session: Session, of: ResponseImport) -> None:
    """Nobody else can ask for it to be recorded until the transaction ends.

    Raises RecordedAlreadyError, and GivenUpError if a colleague was faster by a moment.
    """
    locked = select(ResponseImport.id).where(ResponseImport.id == of.id).with_for_update()
    if session.scalar(locked) is None:
        raise GivenUpError
    session.refresh(of)
    if of.recorded_at is not None or of.is_under_way:
        raise RecordedAlreadyError


def ask_to_record(
    session: Session,
    *,
    of: ResponseImport,
    checked: Checked,
    seen: str,
    late_reason: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Have the worker record what was checked, whose digest is `seen`. Raises FaultyError and RecordedAlreadyError."""
    if not checked.is_fit:
        raise FaultyError
    _refuse_if_under_way(session, of)
    of.asked_at, of.asked_by, of.seen, of.late_reason = now, actor.person_id, seen, late_reason
    of.progress, of.failure = 0, None
    _record(session, "responses.import_asked", of, actor, len(checked.rows))
    defer(session, RECORD, lock=f"responses of {of.engagement_id}", response_import_id=str(of.id))


def record_all(
    session: Session,
    *,
    of: ResponseImport,
    engagement: Engagement,
    checked: Checked,
    late_reason: str | None,
    link_of: Callable[[uuid.UUID], str],
    actor: Actor,
    now: datetime,
    told: Told = untold,
) -> list[Recorded]:
    """Every row, or when anything is wrong none. Raises RecordedAlreadyError, FaultyError and those of recording."""
    if not checked.is_fit:
        raise FaultyError
    if of.recorded_at is not None:
        raise RecordedAlreadyError
    entries = _entries(session, of, engagement, checked, late_reason, actor)
    recorded = record(session, engagement=engagement, entries=entries, link_of=link_of, actor=actor, told=told)
    late = sum(made.is_late for made in recorded)
    if late:
        audit.record(
            session, ACCEPTED_LATE, subject=engagement, actor=actor, responses=late, tool=of.tool, reason=late_reason
        )
    of.recorded_at = now  # last, since whoever tells how far this is changes the same row
    _record(session, "responses.imported", of, actor, len(recorded))
    return recorded


def _entries(
    session: Session,
    of: ResponseImport,
    engagement: Engagement,
    checked: Checked,
    late_reason: str | None,
    actor: Actor,
) -> list[Entry]:
    version_id = published_version_id(session, engagement.id)
    if version_id is None:
        raise LookupError("a published engagement has no questionnaire")
    return [
        Entry(
            Reception(
                id=uuid.uuid4(),
                engagement_id=engagement.id,
                version_id=version_id,
                organisation_id=row.organisation_id,
                organisation_name=row.name,
                how=ReceivedHow.TOOL,
                sent_by=of.tool,
                received_at=row.received_at,
                late_reason=late_reason,
                file_id=of.file_id,
                entered_by=actor.person_id,
            ),
            row.answers,
        )
        for row in checked.rows
    ]


def discard(session: Session, *, of: ResponseImport, actor: Actor) -> None:
    """Give up a file that is not recorded, and what it holds with it. Raises RecordedAlreadyError."""
    _refuse_if_under_way(session, of)
    _record(session, "responses.file_discarded", of, actor)
    file_id = of.file_id
    session.delete(of)
    session.flush()
    if not session.scalar(select(exists().where(Reception.file_id == file_id))):
        session.delete(session.get_one(ReceivedFile, file_id))
    session.flush()


def _record(session: Session, act: str, of: ResponseImport, actor: Actor, responses: int | None = None) -> None:
    audit.record(
        session, act, subject=of, actor=actor, engagement=str(of.engagement_id), tool=of.tool, responses=responses
    )
    session.flush()
