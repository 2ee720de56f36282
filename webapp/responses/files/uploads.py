"""Files as they come with a section's form, each known by its content before anything is kept of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.engagements.documents.kinds import MOST_UNPACKED, Unfit, UnfitError, kind_of
from webapp.language import Later, _
from webapp.models import MOST_FILE_BYTES, DocumentKind
from webapp.responses.drafts import Problem
from webapp.responses.items import Item, Say
from webapp.responses.kinds.files import MOST_FILES, Attached, FileUpload
from webapp.web.files import MOST_STEM, clean_name
from webapp.web.format import file_size
from webapp.web.text import show

MOST_SENT_BYTES = MOST_FILES * MOST_FILE_BYTES
"""With one section."""

_UNFIT = {
    Unfit.OTHER_KIND: Later("%(subject)s: “%(file)s” must be a PDF, DOCX, XLSX, ODT or CSV file"),
    Unfit.NOT_UTF_8: Later(
        "%(subject)s: “%(file)s” is a CSV file that is not in UTF-8. "
        "In Excel, save it as “CSV UTF-8”, or as an XLSX file"
    ),
    Unfit.CUT_SHORT: Later("%(subject)s: “%(file)s” is damaged. The end of the PDF is missing"),
    Unfit.DAMAGED: Later("%(subject)s: “%(file)s” is damaged, and programs may not open it"),
    Unfit.CROWDED: Later("%(subject)s: “%(file)s” has too many parts to be a document"),
    Unfit.SWOLLEN: Later("%(subject)s: “%(file)s” unpacks to more than %(size)s"),
    Unfit.ENCRYPTED: Later("%(subject)s: “%(file)s” is encrypted. Save it without a password"),
    Unfit.MACROS: Later("%(subject)s: “%(file)s” contains macros. Save it without them"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    name: str
    kind: DocumentKind
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def without_id(self) -> Attached:
        """As long as it is kept nowhere."""
        return Attached("", self.name, self.kind.value, len(self.content), self.sha256)


class RefusedError(ValueError):
    """The file cannot be kept."""

    def __init__(self, about: Say) -> None:
        super().__init__(about("the file"))
        self.about = about


def read_uploads(
    sent: MultiDict[str, FileStorage], items: Iterable[Item]
) -> tuple[dict[Item, list[Upload]], list[Problem]]:
    """What was chosen for each item, and what of it cannot be kept."""
    uploads: dict[Item, list[Upload]] = {}
    problems = []
    for item in items:
        for file in sent.getlist(f"{item.name}-{FileUpload.first}") if item.takes_files else ():
            if not file.filename:
                continue
            try:
                uploads.setdefault(item, []).append(_upload(file))
            except RefusedError as refusal:
                problems.append(Problem(item, refusal.about, part=FileUpload.first))
    return uploads, problems


def _upload(file: FileStorage) -> Upload:
    name, content = show(file.filename or "")[-MOST_STEM:], file.stream.read(MOST_FILE_BYTES + 1)
    if not content:
        raise RefusedError(lambda subject: _("%(subject)s: “%(file)s” is empty", subject=subject, file=name))
    if len(content) > MOST_FILE_BYTES:
        raise RefusedError(_too_large(name))
    try:
        kind = kind_of(content)
    except UnfitError as problem:
        raise RefusedError(_unfit(problem.reason, name)) from problem
    return Upload(name=clean_name(file.filename or "", kind.value), kind=kind, content=content)


def _too_large(name: str) -> Say:
    most = MOST_FILE_BYTES
    return lambda subject: _(
        "%(subject)s: “%(file)s” must be %(size)s or smaller", subject=subject, file=name, size=file_size(most)
    )


def _unfit(reason: Unfit, name: str) -> Say:
    return lambda subject: _UNFIT[reason].said(subject=subject, file=name, size=file_size(MOST_UNPACKED))
