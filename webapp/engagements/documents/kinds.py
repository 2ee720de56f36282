"""What a file is, by its content alone, and whether it is fit to be passed on. Nothing is unpacked to find out."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from enum import StrEnum

from webapp.models import DocumentKind
from webapp.web.format import file_size
from webapp.web.text import is_storable

MOST_UNPACKED = 100_000_000
MOST_PARTS = 5_000
MOST_DIRECTORY = 1_000_000
"""Bytes of an archive's central directory, which is read before anything else is known of the archive."""
ACCEPTED = "a PDF, DOCX, XLSX, ODT or CSV file"

_OF_WINDOWS = "cp1252"
"""In which Excel saves a CSV file unless it is told otherwise. Other encodings look alike: none is guessed."""
_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_END_64 = b"PK\x06\x07"
_END_SIZE = 22
_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 65_535
_MAIN_PARTS = {"word/document.xml": DocumentKind.DOCX, "xl/workbook.xml": DocumentKind.XLSX}
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, struct.error)


class Unfit(StrEnum):
    """Why a file cannot be passed on, in English, as "It ..."."""

    OTHER_KIND = f"must be {ACCEPTED}"
    NOT_UTF_8 = "is a CSV file that is not in UTF-8. In Excel, save it as “CSV UTF-8”, or as an XLSX file"
    CUT_SHORT = "is damaged: the end of the PDF is missing"
    DAMAGED = "is damaged, and programs may not open it"
    CROWDED = "has too many parts to be a document"
    SWOLLEN = f"unpacks to more than {file_size(MOST_UNPACKED)}"
    ENCRYPTED = "is encrypted. Save it without a password"
    MACROS = "contains macros. Save it without them"


class UnfitError(Exception):
    """The file cannot be passed on; the message says why, as "It ..."."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(reason.value)
        self.reason = reason


def kind_of(content: bytes) -> DocumentKind:
    """The kind of a file. Raises UnfitError."""
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise UnfitError(Unfit.CUT_SHORT)
        return DocumentKind.PDF
    if content.startswith(b"PK"):
        return _kind_of_archive(content)
    if _is_csv(content, "utf-8-sig"):
        return DocumentKind.CSV
    if not _is_utf_8(content) and _is_csv(content, _OF_WINDOWS):
        raise UnfitError(Unfit.NOT_UTF_8)
    raise UnfitError(Unfit.OTHER_KIND)


def _kind_of_archive(content: bytes) -> DocumentKind:
    _check_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _kind_of_parts(archive)
    except _DAMAGED as problem:
        raise UnfitError(Unfit.DAMAGED) from problem


def _check_directory(content: bytes) -> None:
    """Refuse a central directory so long that reading it would be the attack. ZIP64 is for far larger files."""
    end = content.rfind(_DIRECTORY_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
    if end < 0 or len(content) - end < _END_SIZE:
        raise UnfitError(Unfit.DAMAGED)
    (size,) = struct.unpack_from("<L", content, end + 12)
    if size > MOST_DIRECTORY or content[max(0, end - _LOCATOR_SIZE) : end].startswith(_DIRECTORY_END_64):
        raise UnfitError(Unfit.CROWDED)


def _kind_of_parts(archive: zipfile.ZipFile) -> DocumentKind:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS:
        raise UnfitError(Unfit.CROWDED)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnfitError(Unfit.SWOLLEN)
    if any(part.flag_bits & 1 for part in parts):
        raise UnfitError(Unfit.ENCRYPTED)
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise UnfitError(Unfit.MACROS)
    if "[Content_Types].xml" in names:
        for name, kind in _MAIN_PARTS.items():
            if name in names:
                return kind
    if parts and _is_odt(archive, parts[0]):
        return DocumentKind.ODT
    raise UnfitError(Unfit.OTHER_KIND)


def _is_odt(archive: zipfile.ZipFile, first: zipfile.ZipInfo) -> bool:
    """OpenDocument says its type in a first part that is stored as it is."""
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return False
    with archive.open(first) as part:
        return part.read(len(_ODT_TYPE) + 1) == _ODT_TYPE


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_csv(content: bytes, encoding: str) -> bool:
    """Text in rows of equally many cells, at least two."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return is_storable(text) and any(_has_even_rows(text, delimiter) for delimiter in ",;\t|")


def _has_even_rows(text: str, delimiter: str) -> bool:
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            width = width or len(row)
            if row and (len(row) != width or width < 2):
                return False
    except csv.Error:
        return False
    return width >= 2
