"""Documents as pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from webapp.models import Document, DocumentKind
from webapp.programmes.pages import Row
from webapp.web.cells import link
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
    version = f"version {document.version}, " if document.version > 1 else ""
    return f"{document.kind.value.upper()}, {file_size(document.size)}, {version}added on {day(document.created_at)}"
