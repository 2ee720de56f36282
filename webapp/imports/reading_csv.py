"""The rows of a CSV file as programs write them: with commas, semicolons or tabs, in UTF-8, UTF-16 or as of Windows."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from webapp.web.text import is_storable

_OF_WINDOWS = "cp1252"
"""In which Excel saves a CSV file unless it is told otherwise."""
_DELIMITERS = ",;\t|"
_LOOKED_AT = 50
"""The first lines tell what stands between cells."""


class NoTableError(Exception):
    """The content is no table; the message says more where there is something to correct."""


def rows_of(content: bytes) -> tuple[list[list[str]], bool]:
    """The rows, and whether their encoding is a guess. Raises NoTableError."""
    text, is_guess = _decoded(content)
    if not is_storable(text):
        raise NoTableError
    delimiter = max(_DELIMITERS, key=lambda each: _fit(text, each))
    try:
        rows = list(_reader(text, delimiter))
    except csv.Error as problem:
        raise NoTableError("A quotation mark in it is not closed, or stands in the middle of a cell") from problem
    _check(rows)
    return rows, is_guess


def _decoded(content: bytes) -> tuple[str, bool]:
    """UTF-8 cannot be mistaken for anything else, nor UTF-16 that says what it is; other letters are taken for those
    of Windows, as long as somebody looks at what came of it.
    """
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16"), False
        try:
            return content.decode("utf-8-sig"), False
        except UnicodeDecodeError:
            return content.decode(_OF_WINDOWS), True
    except UnicodeDecodeError as problem:
        raise NoTableError from problem


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first lines fall into equally many cells, at least two, and how many these are."""
    try:
        widths = Counter(len(row) for row in islice(_reader(text, delimiter), _LOOKED_AT) if len(row) > 1)
    except csv.Error:
        return 0, 0
    width, times = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    return times, width


def _check(rows: Sequence[Sequence[str]]) -> None:
    """A row with more cells than there are headings has a mark between cells within one: all after it are out of place.

    Lines with one cell may say above the headings what the table is.
    """
    headings = next((number for number, row in enumerate(rows) if sum(map(bool, row)) > 1), None)
    if headings is None:
        raise NoTableError
    width = len(rows[headings])
    for number, row in enumerate(rows, 1):
        if any(cell.strip() for cell in row[width:]):
            raise NoTableError(
                f"Line {number:,} has more cells than the headings on line {headings + 1:,}. "
                "Put quotation marks around a cell that has a comma or semicolon in it"
            )
