"""What officers do with documents. Each version stays in the records, whatever follows it.

Once the engagement is published, everybody concerned is told of a new document and of a new version of one.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements import mails
from webapp.engagements.documents import queries
from webapp.engagements.mails import Addresses
from webapp.engagements.queries import people_to_tell
from webapp.engagements.telling import tell
from webapp.models import Document, DocumentKind, Engagement


class NotCurrentError(Exception):
    """Somebody else has replaced or removed the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    title: str
    file_name: str
    kind: DocumentKind
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def add(session: Session, *, engagement: Engagement, upload: Upload, addresses: Addresses, actor: Actor) -> Document:
    """Add a document; the same file under the same title is there only once, however often it is sent."""
    session.refresh(engagement, ("published_at",), with_for_update={"key_share": True})
    found = queries.same_document(session, engagement.id, upload.title, upload.sha256)
    if found is not None:
        return found
    identity = uuid.uuid4()
    document = _written(session, upload, actor, id=identity, engagement_id=engagement.id, series_id=identity, version=1)
    _record(session, "document.added", document, actor)
    _tell(session, engagement, document, addresses)
    return document


def replace(
    session: Session, *, document: Document, upload: Upload, addresses: Addresses, actor: Actor, now: datetime
) -> Document:
    """Put a new version in the place of a document. Raises NotCurrentError."""
    session.refresh(document, ("withdrawn_at",), with_for_update=True)
    if document.withdrawn_at is not None:
        raise NotCurrentError
    document.withdrawn_at = now
    session.flush()  # before the next version, since only one of a series is current
    newer = _written(
        session,
        upload,
        actor,
        id=uuid.uuid4(),
        engagement_id=document.engagement_id,
        series_id=document.series_id,
        version=document.version + 1,
    )
    _record(session, "document.replaced", newer, actor)
    session.refresh(document.engagement, ("published_at",), with_for_update={"key_share": True})
    _tell(session, document.engagement, newer, addresses)
    return newer


def remove(session: Session, *, document: Document, actor: Actor, now: datetime) -> None:
    """Take a document off the page. Raises NotCurrentError."""
    session.refresh(document, ("withdrawn_at",), with_for_update=True)
    if document.withdrawn_at is not None:
        raise NotCurrentError
    document.withdrawn_at = now
    _record(session, "document.removed", document, actor)


def _written(session: Session, upload: Upload, actor: Actor, **place: uuid.UUID | int) -> Document:
    document = Document(
        title=upload.title,
        file_name=upload.file_name,
        kind=upload.kind,
        size=len(upload.content),
        sha256=upload.sha256,
        content=upload.content,
        uploaded_by=actor.person_id,
        **place,
    )
    session.add(document)
    session.flush()
    return document


def _tell(session: Session, engagement: Engagement, document: Document, addresses: Addresses) -> None:
    if engagement.published_at is not None:
        mail = partial(mails.document, engagement, document, addresses=addresses)
        tell(session, people_to_tell(session, engagement.id), mail)


def _record(session: Session, act: str, document: Document, actor: Actor) -> None:
    audit.record(
        session,
        act,
        subject=document,
        actor=actor,
        engagement=str(document.engagement_id),
        series=str(document.series_id),
        version=document.version,
        kind=document.kind,
        size=document.size,
        sha256=document.sha256,
    )
    session.flush()
