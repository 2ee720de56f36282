"""Documents as pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from webapp.language import _
from webapp.models import Document, DocumentKind, Engagement
from webapp.web.cells import Row, link
from webapp.web.format import day, file_size, moment

MEDIA_TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DocumentKind.ODT: "application/vnd.oasis.opendocument.text",
    DocumentKind.CSV: "text/csv",
}


@dataclass(frozen=True, slots=True)
class Listed:
    id: uuid.UUID
    title: str
    href: str
    about: str
    """Its kind, size, version and day."""


@dataclass(frozen=True, slots=True)
class PublicDocuments:
    current: tuple[Listed, ...]
    changes: tuple[str, ...]
    """Since the engagement was published, the latest first."""


def public_documents(engagement: Engagement, documents: Sequence[Document]) -> PublicDocuments:
    """Of every version there ever was: what can be downloaded, and what changed since publication."""
    current = sorted((each for each in documents if each.withdrawn_at is None), key=lambda each: (each.title, each.id))
    changes = sorted(_changes(documents), key=lambda change: change[0], reverse=True)
    since = engagement.published_at
    return PublicDocuments(listed(current), tuple(said for at, said in changes if since is not None and at > since))


def _changes(documents: Sequence[Document]) -> Iterator[tuple[datetime, str]]:
    """When, and what is said of it: by its present title, and of what was removed not even that."""
    newest = {each.series_id: each for each in documents}  # the versions of a series come in their order
    for each in documents:
        last = newest[each.series_id]
        if last.withdrawn_at is None:
            yield each.created_at, _added(each, last.title)
        elif each is last:
            yield last.withdrawn_at, _("On %(day)s a document was removed.", day=day(last.withdrawn_at))


def _added(document: Document, title: str) -> str:
    said = {"day": day(document.created_at), "document": title}
    if document.version == 1:
        return _("On %(day)s “%(document)s” was added.", **said)
    return _("On %(day)s version %(version)s of “%(document)s” was added.", version=document.version, **said)


def listed(documents: Iterable[Document]) -> tuple[Listed, ...]:
    return tuple(Listed(each.id, each.title, _address(each), _about(each)) for each in documents)


def earlier_rows(documents: Iterable[Document]) -> tuple[Row, ...]:
    return tuple(
        (
            link(each.title, _address(each)),
            str(each.version),
            moment(each.created_at),
            moment(each.withdrawn_at) if each.withdrawn_at else "",
        )
        for each in documents
    )


def _address(document: Document) -> str:
    return url_for("documents.download", engagement_id=document.engagement_id, document_id=document.id)


def _about(document: Document) -> str:
    said = {
        "kind": document.kind.value.upper(),
        "size": file_size(document.size),
        "day": day(document.created_at),
    }
    if document.version > 1:
        return _("%(kind)s, %(size)s, version %(version)s, added on %(day)s", version=document.version, **said)
    return _("%(kind)s, %(size)s, added on %(day)s", **said)
