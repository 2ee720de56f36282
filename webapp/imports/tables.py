"""A file as tables of cells: a workbook's sheets, or the one table of a CSV file."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from webapp.engagements.documents.kinds import MOST_UNPACKED, Unfit, UnfitError, kind_of
from webapp.imports import reading_workbook
from webapp.models import DocumentKind

MOST_ROWS = 200_000
MOST_COLUMNS = 100
ACCEPTED = (DocumentKind.XLSX, DocumentKind.CSV)
_OTHER_KIND = "The file must be an XLSX or CSV file. A CSV file has equally many columns in every row"
_STEP = 1 << 20
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)

Cell = str | int | float | bool | date | datetime | time | timedelta
"""As it stands in the file; "" where nothing does."""
_TYPES: Mapping[str, Callable[[Any], Cell]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


class UnreadableError(Exception):
    """The file cannot be taken; the message says why, as "The file ..."."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """Of the sheet; empty for a CSV file."""
    header: Sequence[str]
    """Simplified, as columns are known by."""
    rows: Sequence[tuple[int, Sequence[Cell]]]
    """Each with the number of its line in the file, counted from 1. Empty lines are left out."""
    titles: Sequence[str] = ()
    """The header as it stands in the file."""
    header_line: int = 1


def read(content: bytes) -> list[Table]:
    """Raises UnreadableError."""
    try:
        kind = kind_of(content)
    except UnfitError as problem:
        raise UnreadableError(_OTHER_KIND if problem.reason is Unfit.OTHER_KIND else f"The file {problem}") from problem
    if kind not in ACCEPTED:
        raise UnreadableError(_OTHER_KIND)
    tables = _read_workbook(content) if kind is DocumentKind.XLSX else [_read_csv(content)]
    return [table for table in tables if table.rows]


def simplified(name: str) -> str:
    """A name as it is compared: "Latest end *" and "latest_end" are one."""
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _read_workbook(content: bytes) -> list[Table]:
    _measure(content)
    command = [sys.executable, "-I", reading_workbook.__file__, str(MOST_UNPACKED)]
    done = subprocess.run(command, input=content, capture_output=True, check=False)  # noqa: S603 - our own program
    if done.returncode == reading_workbook.DAMAGED:
        raise UnreadableError("The file is damaged, and cannot be read")
    if done.returncode != 0:
        raise UnreadableError(
            "The file takes too much room to be read. Copy its tables to a new workbook, or save them as CSV files"
        )
    return [_table(name, rows) for name, rows in json.loads(done.stdout, object_hook=_cell)]


def _cell(named: Mapping[str, Any]) -> Cell:
    """What `reading_workbook` names by its type."""
    ((kind, value),) = named.items()
    return _TYPES[kind](value)


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
    (number, header), *rows = filled
    if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise UnreadableError(f"The file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns in one table")
    titles = [str(cell).strip() for cell in header]
    return Table(name, [simplified(title) for title in titles], rows, titles, number)
