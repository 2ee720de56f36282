"""A file as tables of cells: a workbook's sheets, or the one table of a CSV file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from webapp.engagements.documents.kinds import MOST_UNPACKED, UnfitError, kind_of
from webapp.models import DocumentKind

MOST_ROWS = 200_000
MOST_COLUMNS = 100
ACCEPTED = (DocumentKind.XLSX, DocumentKind.CSV)
_STEP = 1 << 20
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)

Cell = str | int | float | bool | date | datetime | time | timedelta
"""As it stands in the file; "" where nothing does."""


class UnreadableError(Exception):
    """The file cannot be taken; the message says why, as "The file ..."."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """Of the sheet; empty for a CSV file."""
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Cell]]]
    """Each with the number of its line in the file, counted from 1. Empty lines are left out."""


def read(content: bytes) -> list[Table]:
    """Raises UnreadableError."""
    try:
        kind = kind_of(content)
    except UnfitError as problem:
        raise UnreadableError(f"The file {problem}") from problem
    if kind not in ACCEPTED:
        raise UnreadableError("The file must be an XLSX or CSV file")
    tables = _read_workbook(content) if kind is DocumentKind.XLSX else [_read_csv(content)]
    return [table for table in tables if table.rows]


def simplified(name: str) -> str:
    """A name as it is compared: "Latest end *" and "latest_end" are one."""
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _read_workbook(content: bytes) -> list[Table]:
    _measure(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _table(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (CalamineError, ValueError, OSError) as problem:
        raise UnreadableError("The file is damaged, and cannot be read") from problem


def _measure(content: bytes) -> None:
    """Unpack every part once, to the limit: what an archive says of its sizes may be a lie."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                with archive.open(part) as unpacked:
                    while octets := unpacked.read(_STEP):
                        total += len(octets)
                        if total > MOST_UNPACKED:
                            raise UnreadableError("The file unpacks to more than 100 MB")
    except _DAMAGED as problem:
        raise UnreadableError("The file is damaged, and cannot be read") from problem


def _read_csv(content: bytes) -> Table:
    text = content.decode("utf-8-sig")
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    return _table("", list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))


def _table(name: str, lines: Sequence[Sequence[Cell]]) -> Table:
    """The first line that is not empty is the header."""
    filled = [(number, line) for number, line in enumerate(lines, 1) if any(cell != "" for cell in line)]
    if not filled:
        return Table(name, (), ())
    (_number, header), *rows = filled
    if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise UnreadableError(f"The file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns in one table")
    return Table(name, [simplified(str(cell)) for cell in header], rows)
