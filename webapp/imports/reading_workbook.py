"""A program of its own that reads a workbook: run with the workbook as its input, it prints the cells as JSON.

Some workbooks of a few kilobytes need more memory than any computer has, since a sheet is laid out up to its last cell
and a text may be named by a million cells. Whoever reads one dies of it, which must not be the web server. That this is
not part of the service's own process is the point, so it imports nothing of it.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

MOST_MEMORY = 1 << 30
MOST_SECONDS = 30
MOST_MERGED = 1_000_000
DAMAGED, TOO_LARGE = 3, 4
NOT_WORKED_OUT = "#FORMULA"
"""Stands for a formula whose value no program has saved."""

_FORMULA = rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)"
_ERROR = re.compile(rb"<c\b(?P<about>[^>]*[^>/])>" + _FORMULA + rb"?<v>(?P<error>#[^<]{1,20})</v>")
_WITHOUT_VALUE = re.compile(rb"<c\b(?P<about>[^>]*[^>/])>" + _FORMULA + rb"(?:<v\s*/>|<v></v>)?</c>")
_PLACE = re.compile(rb'\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})"')
_FORMULA_ENDS = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")

Rows = list[list[Any]]


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        hidden = [sheet.visible is not SheetVisibleEnum.Visible for sheet in book.sheets_metadata]
        sheets = [_sheet(book, name) for name in book.sheet_names]
        _tell_unread(content, {name: rows for name, rows, _merged in sheets})
    except (CalamineError, ElementTree.ParseError, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return DAMAGED
    characters = sum(len(cell) for _name, rows, _merged in sheets for row in rows for cell in row if _is_text(cell))
    if characters > int(sys.argv[1]) or sum(len(merged) for _name, _rows, merged in sheets) > MOST_MERGED:
        return TOO_LARGE
    json.dump([[*sheet, away] for sheet, away in zip(sheets, hidden, strict=True)], sys.stdout, default=_named)
    return 0


def _sheet(book: CalamineWorkbook, name: str) -> tuple[str, Rows, list[tuple[int, int]]]:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    return name, rows, list(_merged_with_above(rows, sheet.merged_cell_ranges or ()))


def _merged_with_above(rows: Rows, ranges: Any) -> Iterator[tuple[int, int]]:
    """Row and column, from 0, of the cells that are empty only because what is said above is said of them too."""
    for (top, left), (bottom, right) in ranges:
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                yield row, column


def _tell_unread(content: bytes, sheets: dict[str, Rows]) -> None:
    """Errors and formulas without a value are read as empty cells: put in what they are, so that somebody is told."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _parts(archive):
            xml = archive.read(part)
            for column, row, said in _unread(xml):
                rows = sheets.get(name, [])
                if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
                    rows[row][column] = said


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name, and the part of the archive that holds its cells."""
    there = set(archive.namelist())
    related = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - this process is fenced in
    targets = {each.get("Id"): each.get("Target", "") for each in related}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):  # noqa: S314
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        part = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
        if part in there:
            yield sheet.get("name", ""), part


def _unread(xml: bytes) -> Iterator[tuple[int, int, str]]:
    if b'"e"' in xml:
        for cell in _ERROR.finditer(xml):
            if b't="e"' in cell["about"]:
                yield from _placed(cell["about"], cell["error"].decode("ascii", "replace"))
    if any(end in xml for end in _FORMULA_ENDS):
        for cell in _WITHOUT_VALUE.finditer(xml):
            if b't="str"' not in cell["about"]:
                yield from _placed(cell["about"], NOT_WORKED_OUT)


def _placed(about: bytes, said: str) -> Iterator[tuple[int, int, str]]:
    if place := _PLACE.search(about):
        column = 0
        for letter in place["column"]:
            column = column * 26 + letter - 64
        yield column - 1, int(place["row"]) - 1, said


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str)


def _named(cell: Any) -> dict[str, Any]:
    """What JSON has no word for, under the name of its type."""
    return {type(cell).__name__: cell.total_seconds() if isinstance(cell, timedelta) else cell.isoformat()}


if __name__ == "__main__":
    sys.exit(main())
