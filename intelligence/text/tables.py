"""Comments, confirmed themes and assignments as CSV files, and the one line that says what is wrong with one."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from intelligence.files import FileError, os_reason
from intelligence.market import Comment

COLUMNS = ("row", "theme", "label", "strength")
LONGEST_CELL = 2**31 - 1
YES = frozenset({"1", "true", "yes", "y"})

Line = tuple[str, str, str, float]
"""Row, theme, label and strength."""


def read_comments(path: str, *, text_column: str, consent_column: str | None) -> tuple[Comment, ...]:
    """One comment a row, its id the number of the row from 0; each row is a respondent of its own.

    Raises:
        FileError: the file is missing, is not UTF-8 or CSV, has no such column, no rows, or rows of another length.
    """
    rows = _rows(path)
    header = next(rows, None)
    if header is None:
        raise FileError(f"{path}: line 1: the file is empty, and a header was expected")
    width = len(header[1])
    text_at = _column(path, header[1], text_column)
    consent_at = None if consent_column is None else _column(path, header[1], consent_column)
    comments: list[Comment] = []
    for line, row in rows:
        if len(row) != width:
            raise FileError(f"{path}: line {line}: {len(row)} cells where the header has {width}")
        may_quote = consent_at is None or row[consent_at].strip().lower() in YES
        number = str(len(comments))
        comments.append(Comment(number, number, text_column, row[text_at], may_quote))
    if not comments:
        raise FileError(f"{path}: line 2: no rows follow the header")
    return tuple(comments)


def read_confirmed(path: str, rows: int) -> dict[str, list[str]]:
    """The themes that a person gave each row, by its number; a row with an empty theme fits none.

    Raises:
        FileError: the file cannot be read, lacks a column `row` or `theme`, names a row that the comments lack, or says
            of one both that none fits and that one does.
    """
    lines = _rows(path)
    header = next(lines, None)
    if header is None:
        raise FileError(f"{path}: line 1: the file is empty, and a header was expected")
    row_at, theme_at = _column(path, header[1], "row"), _column(path, header[1], "theme")
    confirmed: dict[str, list[str]] = {}
    for line, cells in lines:
        if len(cells) != len(header[1]):
            raise FileError(f"{path}: line {line}: {len(cells)} cells where the header has {len(header[1])}")
        number = cells[row_at].strip()
        if not (number.isascii() and number.isdigit() and len(number) < 10 and int(number) < rows):
            raise FileError(f"{path}: line {line}: row must be a whole number below {rows}, not {number[:40]!r}")
        known, theme = confirmed.get(str(int(number))), cells[theme_at].strip()
        if known is not None and bool(known) != bool(theme):
            raise FileError(f"{path}: line {line}: row {number} has a theme and, as an empty one says, none that fits")
        confirmed[str(int(number))] = list(dict.fromkeys([*(known or ()), *filter(None, [theme])]))
    return confirmed


def write_lines(path: str, lines: Iterable[Line]) -> None:
    """A line for each row and theme.

    Raises:
        FileError: the file cannot be written.
    """
    write_table(path, COLUMNS, ((row, theme, label, f"{strength:.4f}") for row, theme, label, strength in lines))


def write_table(path: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """A CSV file in UTF-8.

    Raises:
        FileError: the file cannot be written.
    """
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(lines)
    except OSError as error:
        raise FileError(f"{path}: {os_reason(error)}") from error


def _rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the line on which it begins; empty lines are no rows."""
    text = _text(path)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"{path}: line {line}: {error}") from error


def _text(path: str) -> str:
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise FileError(f"{path}: {os_reason(error)}") from error
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise FileError(f"{path}: line 1: UTF-16 text, where UTF-8 is expected")
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise FileError(f"{path}: line {line}: a NUL byte, which no text has")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}: line {line}: not UTF-8 text") from error


def _column(path: str, header: Sequence[str], name: str) -> int:
    places = [place for place, column in enumerate(header) if column.strip() == name.strip()]
    if not places:
        known = ", ".join(header[:10]) + (", ..." if len(header) > 10 else "")
        raise FileError(f"{path}: line 1: no column {name!r} among {known}")
    if len(places) > 1:
        raise FileError(f"{path}: line 1: column {name!r} appears {len(places)} times")
    return places[0]
