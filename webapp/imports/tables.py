"""A file as tables of cells: a workbook's sheets, or the one table of a CSV file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from webapp.engagements.documents.kinds import MOST_UNPACKED, Unfit, UnfitError, kind_of
from webapp.imports import reading_csv, reading_workbook
from webapp.models import DocumentKind
from webapp.web.text import simplified

MOST_ROWS = 200_000
MOST_COLUMNS = 100
MOST_SHEETS = 100
MOST_ABOVE = 20
"""Lines above a header that may say what the table is."""
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
"""How workbooks begin that are older than XLSX, or have a password."""
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
    merged: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By line, the places of the cells that are merged with the one above."""
    is_hidden: bool = False
    is_guess: bool = False
    """Whether the file does not say in which encoding its letters are."""

    def headed_by(self, place: int) -> Table:
        """The same with one of its rows as the header, and what stands above left out."""
        number, cells = self.rows[place]
        titles = _titles(cells)
        header = [simplified(title) for title in titles]
        return replace(self, header=header, titles=titles, header_line=number, rows=self.rows[place + 1 :])


def read(content: bytes, wanted: str = "an XLSX or CSV file") -> list[Table]:
    """Those with rows beneath their header. Raises UnreadableError; of another kind of file it says what is wanted."""
    other_kind = f"The file must be {wanted}"
    if content.startswith(b"PK"):
        tables = _read_workbook(content, other_kind)
    elif content.startswith(_OLD_WORKBOOK):
        raise UnreadableError("The file is an old Excel workbook (XLS), or has a password. Save it as XLSX without one")
    elif content.startswith((b"%PDF-", b"{\\rtf")):
        raise UnreadableError(other_kind)
    else:
        tables = [_read_csv(content, other_kind)]
    return [table for table in tables if table.rows]


def kind_of_table(content: bytes) -> DocumentKind:
    """Of content that can be read."""
    return DocumentKind.XLSX if content.startswith(b"PK") else DocumentKind.CSV


def first_shown(tables: Sequence[Table]) -> Table:
    """Of a workbook the first sheet that is not hidden, if there is one."""
    return next((table for table in tables if not table.is_hidden), tables[0])


def doubtful_words(tables: Sequence[Table]) -> list[str]:
    """Some of the words with other letters than those of English, where the encoding of these is a guess."""
    cells = (str(cell) for table in tables if table.is_guess for _line, row in table.rows for cell in row)
    return list(islice(dict.fromkeys(word for cell in cells for word in cell.split() if not word.isascii()), 5))


def _read_workbook(content: bytes, other_kind: str) -> list[Table]:
    try:
        kind = kind_of(content)
    except UnfitError as problem:
        raise UnreadableError(other_kind if problem.reason is Unfit.OTHER_KIND else f"The file {problem}") from problem
    if kind is not DocumentKind.XLSX:
        raise UnreadableError(other_kind)
    _measure(content)
    command = [sys.executable, "-I", reading_workbook.__file__, str(MOST_UNPACKED)]
    done = subprocess.run(command, input=content, capture_output=True, check=False)  # noqa: S603 - our own program
    if done.returncode == reading_workbook.DAMAGED:
        raise UnreadableError("The file is damaged, and cannot be read")
    if done.returncode != 0:
        raise UnreadableError(
            "The file takes too much room to be read. Copy its tables to a new workbook, or save them as CSV files"
        )
    sheets = json.loads(done.stdout, object_hook=_cell)
    if len(sheets) > MOST_SHEETS:
        raise UnreadableError(f"The file has more than {MOST_SHEETS} sheets. Copy those to read to a new workbook")
    return [_sheet(*sheet) for sheet in sheets]


def _sheet(name: str, rows: Sequence[Sequence[Cell]], merged: Sequence[tuple[int, int]], is_hidden: bool) -> Table:
    places: defaultdict[int, set[int]] = defaultdict(set)
    for row, column in merged:
        places[row + 1].add(column)
    table = _table(name, rows)
    return replace(table, is_hidden=is_hidden, merged={line: frozenset(found) for line, found in places.items()})


def _read_csv(content: bytes, other_kind: str) -> Table:
    """As offices save it: in UTF-8, in UTF-16 or as Excel does in Windows."""
    try:
        rows, is_guess = reading_csv.rows_of(content)
    except reading_csv.NoTableError as problem:
        raise UnreadableError(f"{other_kind}. {problem}" if str(problem) else other_kind) from problem
    return replace(_table("", rows), is_guess=is_guess)


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


def _table(name: str, lines: Sequence[Sequence[Cell]]) -> Table:
    """The first line that is not empty is the header, after lines with one cell that say what the table is."""
    filled = [(number, line) for number, line in enumerate(lines, 1) if any(cell != "" for cell in line)]
    if not filled:
        return Table(name, (), ())
    first = next((place for place, (_number, line) in enumerate(filled[:MOST_ABOVE]) if _is_row(line)), 0)
    (number, header), *rows = filled[first:]
    if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise UnreadableError(f"The file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns in one table")
    titles = _titles(header)
    return Table(name, [simplified(title) for title in titles], rows, titles, number)


def _is_row(line: Sequence[Cell]) -> bool:
    return sum(cell != "" for cell in line) > 1


def _titles(line: Sequence[Cell]) -> list[str]:
    return [" ".join(str(cell).split()) for cell in line]
