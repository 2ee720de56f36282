"""Tables as files that spreadsheets open: workbooks and CSV, without a cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONDON = ZoneInfo("Europe/London")
Value = str | int | float | Decimal | bool | date | datetime | None
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""That a sheet of a workbook holds beneath its header."""
MOST_CHARACTERS = 32_767
"""That a cell of a workbook holds."""
_CUT = " [cut here: the cell can hold no more]"
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name that no other sheet of the workbook has."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX file. Text is stored as text by its type, so no program takes it for a formula or a link.

    Moments are shown in London's time. Raises ValueError for more rows than a sheet holds.
    """
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "d mmm yyyy", "valign": "top"})
        moment = book.add_format({"num_format": "d mmm yyyy hh:mm", "valign": "top"})
        formats = _Formats(bold, wrapped, day, moment)
        for sheet in sheets:
            _write(book.add_worksheet(_sheet_name(sheet.name)), sheet, formats)
    return target.getvalue()


def csv_file(sheet: Sheet) -> Iterator[str]:
    """The lines of a CSV file, whose reader cannot know types: what a spreadsheet would run gets an apostrophe."""
    yield "\ufeff"  # by which a spreadsheet knows UTF-8
    line = io.StringIO()
    writer = csv.writer(line)
    for row in (sheet.columns, *sheet.rows):
        writer.writerow([_plain(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


@dataclass(frozen=True, slots=True)
class _Formats:
    header: Format
    text: Format
    day: Format
    moment: Format


def _write(target: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    widths = [len(column) for column in sheet.columns]
    for place, column in enumerate(sheet.columns):
        target.write_string(0, place, column, formats.header)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        if last > MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS:,} rows at most")
        for place, value in enumerate(row):
            widths[place] = max(widths[place], min(len(str(value or "")), _WIDEST))
            _write_cell(target, last, place, value, formats)
    target.freeze_panes(1, 0)
    target.autofilter(0, 0, last, max(len(sheet.columns) - 1, 0))
    for place, width in enumerate(widths):
        target.set_column(place, place, width + 2)


def _write_cell(target: Worksheet, row: int, column: int, value: Value, formats: _Formats) -> None:
    match value:
        case None:
            return
        case bool():
            target.write_string(row, column, "Yes" if value else "No", formats.text)
        case int() | float() | Decimal():
            target.write_number(row, column, float(value), formats.text)
        case datetime():
            target.write_datetime(row, column, value.astimezone(LONDON), formats.moment)
        case date():
            target.write_datetime(row, column, value, formats.day)
        case _:
            target.write_string(row, column, _cut(_in_lines(value)), formats.text)


def _in_lines(text: str) -> str:
    """Browsers end lines with two characters, cells with one: the other would be read as _x000D_."""
    return text.replace("\r\n", "\n")


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(_CUT)] + _CUT


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return value.astimezone(LONDON).isoformat(timespec="minutes")
        case str():
            return f"'{value}" if value.lstrip(" ").startswith(_RUNS) else value
        case _:
            return str(value)


def _sheet_name(name: str) -> str:
    """As workbooks allow it: 31 characters, without those of addresses."""
    return "".join(" " if character in "[]:*?/\\" else character for character in name).strip("' ")[:31]
