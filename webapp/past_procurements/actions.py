"""Keeping a file that was sent, putting on record what it says, taking it off again, and saying who a name is."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import PastImport, PastProcurement, PastSource, Programme, PublishedName, RecordFormat
from webapp.past_procurements.queries import one_of, standing_without
from webapp.past_procurements.reading import recompiled
from webapp.past_procurements.records import Reading
from webapp.past_procurements.storing import put


class AppliedAlreadyError(Exception):
    """What the file says is on record, or was and has been taken off it."""


class NotOnRecordError(Exception):
    """The file was not put on record, or has been taken off it."""


class FaultyError(Exception):
    """A file with faults puts nothing on record at all."""


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a published name is; neither for none of those proposed."""

    organisation_id: uuid.UUID | None = None
    supplier_name: str | None = None


def keep(
    session: Session,
    *,
    file_id: uuid.UUID,
    programme: Programme,
    file_name: str,
    content: bytes,
    format: RecordFormat,
    actor: Actor,
) -> PastImport:
    kept = PastImport(
        id=file_id,
        programme_id=programme.id,
        sent_by=actor.person_id,
        format=format,
        file_name=file_name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(kept)
    session.flush()
    _record(session, "past_import.sent", kept, programme, actor)
    return kept


def apply(
    session: Session, *, file: PastImport, programme: Programme, reading: Reading, actor: Actor, now: datetime
) -> None:
    """All of it or, when anything is wrong, nothing. Raises AppliedAlreadyError and FaultyError."""
    if reading.faults:
        raise FaultyError
    if file.applied_at is not None:
        raise AppliedAlreadyError
    put(session, programme_id=programme.id, import_id=file.id, found=reading.procurements)
    file.applied_at, file.applied_by = now, actor.person_id
    _record(session, "past_import.applied", file, programme, actor, procurements=len(reading.procurements))


def remove(session: Session, *, file: PastImport, programme: Programme, actor: Actor, now: datetime) -> None:
    """What other files say of the same procurements stays. So does what was said of names. Raises NotOnRecordError."""
    if file.applied_at is None or file.removed_at is not None:
        raise NotOnRecordError
    told = select(PastSource.procurement_id).where(PastSource.import_id == file.id)
    stays = recompiled(standing_without(session, file))
    session.execute(
        delete(PastProcurement).where(
            PastProcurement.id.in_(told), ~one_of(PastProcurement.reference, [each.reference for each in stays])
        )
    )
    put(session, programme_id=programme.id, import_id=None, found=stays)
    file.removed_at, file.removed_by = now, actor.person_id
    _record(session, "past_import.removed", file, programme, actor, still_told_of=len(stays))


def decide(
    session: Session, *, name: PublishedName, match: Match, programme: Programme, actor: Actor, now: datetime
) -> None:
    """Say whom a published name is. It may be said anew."""
    name.organisation_id, name.supplier_name = match.organisation_id, match.supplier_name
    name.decided_at, name.decided_by = now, actor.person_id
    audit.record(
        session,
        "published_name.decided",
        subject=name,
        actor=actor,
        organisation_id=programme.buyer_id,
        programme=str(programme.id),
        organisation=str(match.organisation_id) if match.organisation_id else None,
        matched=match != Match(),
    )
    session.flush()


def _record(session: Session, act: str, file: PastImport, programme: Programme, actor: Actor, **counts: int) -> None:
    audit.record(
        session,
        act,
        subject=file,
        actor=actor,
        organisation_id=programme.buyer_id,
        programme=str(programme.id),
        sha256=file.sha256,
        **counts,
    )
    session.flush()
