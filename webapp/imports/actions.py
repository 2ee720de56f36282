"""Keeping a file that was sent, and writing into the programme what it says."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.imports.applying import apply
from webapp.imports.checked import Checked
from webapp.imports.standing import Standing
from webapp.models import Contract, ImportFile, Programme
from webapp.programmes.suppliers import stand_behind


class AppliedAlreadyError(Exception):
    """What the file says has been written into the programme."""


class FaultyError(Exception):
    """A file with faults writes nothing at all."""


def keep(
    session: Session, *, file_id: uuid.UUID, programme: Programme, file_name: str, content: bytes, actor: Actor
) -> ImportFile:
    kept = ImportFile(
        id=file_id,
        programme_id=programme.id,
        sent_by=actor.person_id,
        file_name=file_name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(kept)
    session.flush()
    _record(session, "import.sent", kept, programme, actor)
    return kept


def write(
    session: Session,
    *,
    file: ImportFile,
    programme: Programme,
    checked: Checked,
    standing: Standing,
    actor: Actor,
    now: datetime,
) -> None:
    """All of it or, when anything is wrong, nothing. Raises AppliedAlreadyError and FaultyError."""
    if checked.faults:
        raise FaultyError
    applied = session.scalar(select(ImportFile.applied_at).where(ImportFile.id == file.id).with_for_update())
    if applied is not None:
        raise AppliedAlreadyError
    written = apply(session, programme=programme, checked=checked, standing=standing)
    contracts = [row for row in written if isinstance(row, Contract)]
    stand_behind(session, programme=programme, contracts=contracts, actor=actor)
    file.applied_at = now
    _record(session, "import.applied", file, programme, actor)


def _record(session: Session, act: str, file: ImportFile, programme: Programme, actor: Actor) -> None:
    audit.record(
        session,
        act,
        subject=file,
        actor=actor,
        organisation_id=programme.buyer_id,
        programme=str(programme.id),
        sha256=file.sha256,
    )
    session.flush()
