"""From the tables of a file to the rows of a programme, or to every fault in them by line and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from webapp.imports.checked import MOST_FAULTS, Checked, Fault, Line, SheetOfFile, Why
from webapp.imports.columns import CellError, Column, as_text, refuse_error
from webapp.imports.headings import Unread, headed, repeated, sheet_of, unread
from webapp.imports.references import Met, wrong_references
from webapp.imports.registers import as_ours
from webapp.imports.sheets import SHEETS, Row, Rule, Sheet
from webapp.imports.standing import Standing
from webapp.imports.tables import Cell, Table
from webapp.programmes.setting_up.rules import Trouble
from webapp.web.text import simplified

MOST_REMEMBERED = 1_000
_TOTALS = frozenset({"total", "totals", "grand total", "sum"})
_NOT_KNOWN = frozenset({"tbc", "tba", "to be confirmed", "to be agreed", "not known", "unknown", "n a", "na", "none"})
_CODES = frozenset({"code", "site"})
"""What may name a row in place of a title."""
_NOT_READ = {
    Why.HIDDEN: "are headings of a hidden sheet, which is not read. Show the sheet",
    Why.UNKNOWN: "are the headings of no part that can be set up",
    Why.CHOSEN: "are headings of a sheet that you leave out",
}


class _TooManyError(Exception):
    """Nobody reads more faults than this."""


def check(tables: Sequence[Table], standing: Standing, today: date, left_out: Collection[int] = ()) -> Checked:
    """Read every table; what the rows refer to may stand in the programme or anywhere in the file.

    `left_out` are the places of the sheets that somebody wants to leave out.
    """
    shown = [table if table.is_hidden else headed(table) for table in tables]
    parts = [_part(place, table, left_out) for place, table in enumerate(shown)]
    found: list[tuple[Sheet, Sequence[Line]]] = []
    faults: list[Fault] = []
    not_read: list[Unread] = []
    met: dict[str, Met] = {sheet.slug: Met() for sheet in SHEETS}
    try:
        for part, table in zip(parts, shown, strict=True):
            if part.sheet is not None and part.left_out is None:
                not_read += unread(part.sheet, table)
                found.append((part.sheet, list(_lines(part.sheet, table, faults, met[part.sheet.slug]))))
        if not found:
            faults += _nothing_read(parts, shown)
        found, wrong_services = as_ours(found, standing)
        if not any(fault.of_headings for fault in faults):  # else much of what is named has not been read
            for fault in (*wrong_services, *wrong_references(found, met, standing, today)):
                _report(faults, fault)
    except _TooManyError:
        return Checked(found, faults, more_faults=True, unread=not_read, sheets_of_file=parts)
    return Checked(found, faults, more_faults=False, unread=not_read, sheets_of_file=parts)


def _part(place: int, table: Table, left_out: Collection[int]) -> SheetOfFile:
    if table.is_hidden:
        return SheetOfFile(place, table.name, len(table.rows), None, Why.HIDDEN)
    sheet = sheet_of(table)
    if sheet is None:
        return SheetOfFile(place, table.name, len(table.rows), None, Why.UNKNOWN)
    return SheetOfFile(place, table.name, len(table.rows), sheet, Why.CHOSEN if place in left_out else None)


def _nothing_read(parts: Sequence[SheetOfFile], tables: Sequence[Table]) -> Iterator[Fault]:
    for part, table in zip(parts, tables, strict=True):
        if part.left_out is not None:
            yield _of_headings(table.name, table, "", _NOT_READ[part.left_out])


def check_alone(sheet: Sheet, table: Table) -> Checked:
    """Read one table whose rows refer to nothing outside them."""
    lines: list[Line] = []
    faults: list[Fault] = []
    try:
        lines.extend(_lines(sheet, table, faults, Met()))
    except _TooManyError:
        return Checked([(sheet, lines)], faults, more_faults=True)
    return Checked([(sheet, lines)], faults, more_faults=False)


def _of_headings(sheet: str, table: Table, column: str, reason: str) -> Fault:
    found = ", ".join(filter(None, table.titles))[:200]
    return Fault(sheet, table.header_line, column, found, reason, of_headings=True)


def _report(faults: list[Fault], fault: Fault) -> None:
    if len(faults) >= MOST_FAULTS:
        raise _TooManyError
    faults.append(fault)


def _lines(sheet: Sheet, table: Table, faults: list[Fault], met: Met) -> Iterator[Line]:
    """Those without a fault; none of a table without the headings that it needs, of which all faults are told."""
    wanted = [(_remembering(column), next(iter(column.places(table.header)), None)) for column in sheet.columns]
    missing = [column for column, place in wanted if column.required and place is None]
    for column in missing:
        _report(faults, _of_headings(table.name or sheet.title, table, column.title, "is missing from the headings"))
    for title in repeated(sheet, table):
        _report(faults, _of_headings(table.name or sheet.title, table, title, "is there more than once"))
    if missing[:1] == [wanted[0][0]]:  # nothing names a row
        return
    wanted = [(column, place) for column, place in wanted if column not in missing]
    where = table.name or sheet.title
    for number, cells in table.rows:
        merged = table.merged.get(number, frozenset())
        row, is_whole = _row(sheet, where, number, cells, wanted, merged, faults)
        try:
            key = sheet.key(row)
        except KeyError:  # what names the row is itself at fault
            continue
        if not is_whole:
            met.faulty.add(key)
            continue
        first_table, first_line = met.first.setdefault(key, (table.name, number))
        if (first_table, first_line) != (table.name, number):
            other = f" of “{first_table}”" if first_table != table.name else ""
            mended = f". {sheet.told_apart}" if sheet.told_apart else ""
            reason = f"names the same {sheet.noun} as line {first_line}{other}{mended}"
            _report(faults, Fault(where, number, sheet.columns[0].title, _as_written(cells, wanted[0][1]), reason))
        if not missing:
            yield Line(where, number, key, row)


def _remembering(column: Column) -> Column:
    """The same that reads a cell that was met before only once: columns say few things many times."""
    return replace(column, parse=lru_cache(MOST_REMEMBERED, typed=True)(column.parse))


def _row(
    sheet: Sheet,
    where: str,
    number: int,
    cells: Sequence[Cell],
    wanted: Sequence[tuple[Column, int | None]],
    merged: frozenset[int],
    faults: list[Fault],
) -> tuple[Row, bool]:
    """The cells that can be read, and whether nothing is wrong with any of them."""
    row: dict[str, Any] = {}
    known = len(faults)
    for column, place in wanted:
        try:
            if place in merged:
                raise CellError("is merged with the cell above. Unmerge them, and fill each in")
            row[column.attribute] = _value(column, _cell(cells, place))
        except CellError as problem:
            _report(faults, Fault(where, number, column.title, _as_written(cells, place), str(problem)))
    for trouble in filter(None, (_judged(rule, row) for rule in sheet.rules)):
        column, place = next(each for each in wanted if each[0].attribute == trouble.attribute)
        _report(faults, Fault(where, number, column.title, _as_written(cells, place), trouble.reason))
    if total := _total(cells if len(faults) > known else [_title(cells, *wanted[0])]):
        del faults[known:]
        reason = "must not be that of a total. Take the line out"
        _report(faults, Fault(where, number, sheet.columns[0].title, total, reason))
    return row, len(faults) == known


def _total(cells: Sequence[Cell]) -> str:
    """The word by which a line says that it sums up those above."""
    return next((each.strip() for each in cells if isinstance(each, str) and simplified(each) in _TOTALS), "")


def _title(cells: Sequence[Cell], column: Column, place: int | None) -> Cell:
    """What names the row in words. A code may well be SUM, and beside that of a total something else is missing."""
    return "" if column.attribute in _CODES else _cell(cells, place)


def _judged(rule: Rule, row: Row) -> Trouble | None:
    """Nothing where a cell that the rule is about cannot be read."""
    try:
        return rule(row)
    except KeyError:
        return None


def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else ""


def _as_written(cells: Sequence[Cell], place: int | None) -> str:
    return as_text(_cell(cells, place))[:200]


def _value(column: Column, cell: Cell) -> object:
    if cell == "" or (isinstance(cell, str) and not cell.strip()):
        if column.required:
            raise CellError("must be filled in")
        return None
    if isinstance(cell, str) and cell.startswith("#"):
        refuse_error(cell)
    try:
        return column.parse(cell)
    except CellError as problem:
        if column.required or not isinstance(cell, str) or simplified(cell) not in _NOT_KNOWN:
            raise
        raise CellError("is not known yet: leave the cell empty") from problem
