"""Lots in CSV files, read strictly: a bad cell is named by row, column and reason; unknown columns are ignored."""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from intelligence.files import FileError, os_reason
from intelligence.forecast.tenders import PastLot, PlannedLot

T = TypeVar("T")

LOT_COLUMNS = ("lot_id", "date", "buyer", "category", "region", "value", "package", "interest")
PAST_COLUMNS = (*LOT_COLUMNS, "bidders", "firms")
LONGEST_CELL = 2**31 - 1
MOST_FIRMS = 1_000_000
LARGEST_VALUE = 1e15
UNKNOWN = frozenset({"", "na", "n/a", "nan", "none", "null", "-"})

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ][\d:.+Z-]+)?)?)?")
WHOLE = re.compile(r"(\d{1,9})(?:\.0*)?")
NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file by the name of their column, each with its place for messages."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, Mapping[str, str]], ...]
    warnings: tuple[str, ...]


class BadCellError(ValueError):
    """What is wrong with a cell."""


def read_history(path: str) -> tuple[tuple[PastLot, ...], tuple[str, ...]]:
    """Past lots from a CSV file with at least date and bidders, and the warnings to show.

    Raises:
        FileError: the file is no such table, or a cell is bad; the message names the first by row, column and reason.
    """
    table = _read(path, PAST_COLUMNS, needed=("date", "bidders"))
    lots = _each_row(path, table, _past_lot)
    return tuple(lots), (*table.warnings, *_repeated(path, [past.lot.id for past in lots]))


def read_lots(path: str) -> tuple[tuple[PlannedLot, ...], tuple[str, ...]]:
    """Planned lots from a CSV file with at least lot_id and date, and the warnings to show.

    Raises:
        FileError: as for :func:`read_history`, or there is no lot.
    """
    table = _read(path, LOT_COLUMNS, needed=("lot_id", "date"))
    if not table.rows:
        raise FileError(f"{path}: line 2: no rows follow the header")
    lots = _each_row(path, table, _planned_lot)
    return tuple(lots), (*table.warnings, *_repeated(path, [lot.id for lot in lots]))


def _past_lot(cell: _Cells) -> PastLot:
    bidders = cell.read("bidders", _count)
    if bidders is None:
        raise BadCellError("column bidders: is empty, and the number of bidders must be known")
    firms = tuple(firm.strip() for firm in (cell.name("firms") or "").split(";") if firm.strip())
    return PastLot(_lot(cell, cell.text("lot_id") or cell.place), bidders, firms)


def _planned_lot(cell: _Cells) -> PlannedLot:
    identifier = cell.text("lot_id")
    if identifier is None:
        raise BadCellError("column lot_id: is empty")
    return _lot(cell, identifier)


def _lot(cell: _Cells, identifier: str) -> PlannedLot:
    span = cell.read("date", _span)
    if span is None:
        raise BadCellError("column date: is empty")
    first, last = span
    return PlannedLot(
        identifier,
        first,
        cell.name("buyer"),
        cell.name("category"),
        cell.name("region"),
        cell.read("value", _amount),
        cell.name("package"),
        cell.read("interest", _count),
        None if first == last else last,
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row of a table."""

    place: str
    row: Mapping[str, str]

    def text(self, column: str) -> str | None:
        return self.row.get(column, "").strip() or None

    def name(self, column: str) -> str | None:
        """The cell's text, or `None` if it is missing, empty or says that it is not known."""
        text = self.text(column)
        return None if text is None or text.lower() in UNKNOWN else text

    def read(self, column: str, convert: Callable[[str], T]) -> T | None:
        """The cell converted, or `None` if it is missing, empty or says that it is not known."""
        text = self.row.get(column, "").strip()
        if text.lower() in UNKNOWN:
            return None
        try:
            return convert(text)
        except BadCellError as error:
            raise BadCellError(f"column {column}: {text[:40]!r} {error}") from None


def _count(text: str) -> int:
    found = WHOLE.fullmatch(text)
    if not found or int(found[1]) > MOST_FIRMS:
        raise BadCellError(f"is not a whole number from 0 to {MOST_FIRMS:,}")
    return int(found[1])


def _amount(text: str) -> float:
    if not NUMBER.fullmatch(text) or float(text.replace(",", "")) > LARGEST_VALUE:
        raise BadCellError(f"is not a number from 0 to {LARGEST_VALUE:g}")
    return float(text.replace(",", ""))


def _span(text: str) -> tuple[date, date]:
    """The first and the last day that a date stands for: a day, a month or a year."""
    found = DATE.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last = date(first.year, last_month, day or monthrange(first.year, last_month)[1])
    except ValueError:
        raise BadCellError("is not a date like 2025-03-31") from None
    return first, last


def _each_row(path: str, table: Table, make: Callable[[_Cells], T]) -> list[T]:
    made, bad = [], []
    for place, row in table.rows:
        try:
            made.append(make(_Cells(place, row)))
        except BadCellError as error:
            bad.append(f"{place}, {error}")
    if bad:
        more = f" (and {len(bad) - 1} more bad rows)" if len(bad) > 1 else ""
        raise FileError(f"{path}: {bad[0]}{more}")
    return made


def _read(path: str, known: Sequence[str], *, needed: Sequence[str]) -> Table:
    text, warnings = _decode(path)
    lines = _lines(path, text)
    _, header = next(lines, (0, []))
    columns = tuple(name.strip().lower() for name in header)
    if not any(columns):
        raise FileError(f"{path}: line 1: a header was expected")
    for name in known:
        if columns.count(name) > 1:
            raise FileError(f"{path}: line 1: column {name!r} appears {columns.count(name)} times")
    for name in needed:
        if name not in columns:
            raise FileError(f"{path}: line 1: no column {name!r} among {', '.join(columns[:12])}")
    unknown = [name for name in columns if name not in known]
    if unknown:
        warnings.append(f"{path}: columns not used: {', '.join(name[:40] or '(no name)' for name in unknown[:10])}")
    rows = []
    for number, (line, row) in enumerate(lines, start=1):
        place = f"row {number} (line {line})"
        if len(row) != len(columns):
            raise FileError(f"{path}: {place}: {len(row)} cells where the header has {len(columns)}")
        rows.append((place, dict(zip(columns, row, strict=True))))
    return Table(columns, tuple(rows), tuple(warnings))


def _lines(path: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of CSV text, each with the line on which it begins; empty lines are no rows."""
    first = text.partition("\n")[0]
    separator = next((mark for mark in ",;\t" if mark in first), ",")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"{path}: line {line}: {error}") from error


def _decode(path: str) -> tuple[str, list[str]]:
    """The text of a file in UTF-8, in UTF-16 with its mark, or else in the encoding that Windows programs write."""
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise FileError(f"{path}: {os_reason(error)}") from error
    warnings = []
    try:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        warnings.append(f"{path}: not UTF-8 text; read as Windows-1252")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileError(f"{path}: line {line}: a NUL, which no text has")
    return text, warnings


def _repeated(path: str, identifiers: Sequence[str]) -> list[str]:
    repeats = len(identifiers) - len(set(identifiers))
    return [f"{path}: {repeats} rows repeat the lot_id of another; each counts as a lot"] if repeats else []
