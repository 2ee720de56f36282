"""From the tables of a file to the rows of a programme, or to every fault in them by line and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from webapp.imports.columns import CellError, Column, as_text, refuse_error
from webapp.imports.headings import Unread, headed, repeated, sheet_of, unread
from webapp.imports.sheets import SHEETS, Key, Row, Rule, Sheet
from webapp.imports.standing import Standing
from webapp.imports.tables import Cell, Table
from webapp.programmes.setting_up.rules import Trouble, start_kept, start_to_come
from webapp.web.text import seen, simplified

MOST_FAULTS = 1_000
MOST_OFTEN = 20
MOST_REMEMBERED = 1_000
_TOTALS = frozenset({"total", "totals", "grand total", "sum"})
_CODES = frozenset({"code", "site"})
"""What may name a row in place of a title."""
_NAMED = ("sites", "service_lines")
"""Whose rows have a name beside their code."""


@dataclass(frozen=True, slots=True)
class Fault:
    sheet: str
    line: int
    """Of the file, counted from 1."""
    column: str
    found: str
    """What stands there."""
    reason: str
    of_headings: bool = False

    @property
    def told(self) -> str:
        return f"{self.column or 'These'} {self.reason}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file that has been read."""

    sheet: str
    """Where it stands, as faults name it."""
    number: int
    key: Key
    row: Row


class Why(StrEnum):
    """Why a sheet of a workbook is left out."""

    HIDDEN = "hidden"
    UNKNOWN = "unknown"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class SheetOfFile:
    """A sheet of the workbook, and what it is read as."""

    place: int
    """Among the sheets that have rows."""
    name: str
    rows: int
    sheet: Sheet | None
    left_out: Why | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    sheets: Sequence[tuple[Sheet, Sequence[Line]]]
    faults: Sequence[Fault]
    more_faults: bool
    """Whether there are more than are listed."""
    unread: Sequence[Unread] = ()
    sheets_of_file: Sequence[SheetOfFile] = ()
    """Of a workbook."""

    @property
    def often(self) -> list[tuple[Fault, int]]:
        """What is wrong alike in several lines, with their number: a search and replace mends each. Most first."""
        first: dict[tuple[str, ...], Fault] = {}
        for fault in self.faults:
            first.setdefault(_alike(fault), fault)
        numbers = Counter(map(_alike, self.faults)).most_common(MOST_OFTEN)
        return [(first[alike], number) for alike, number in numbers if number > 1]

    @property
    def unknown(self) -> list[SheetOfFile]:
        """Those that are left out only if somebody agrees."""
        return [each for each in self.sheets_of_file if each.left_out is Why.UNKNOWN]


def _alike(fault: Fault) -> tuple[str, ...]:
    return fault.sheet, fault.column, fault.found, fault.reason


@dataclass(frozen=True, slots=True)
class Met:
    """What has been met of one part, in whichever of a workbook's sheets."""

    first: dict[Key, tuple[str, int]] = field(default_factory=dict)
    """The sheet and line that first names a row."""
    faulty: set[Key] = field(default_factory=set)
    """The rows at fault, as far as what names them can be read."""


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
        if not any(fault.of_headings for fault in faults):  # else much of what is named has not been read
            for fault in _references(found, met, standing, today):
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
    """Those without a fault."""
    wanted = [(_remembering(column), next(iter(column.places(table.header)), None)) for column in sheet.columns]
    missing = [column for column, place in wanted if column.required and place is None]
    for column in missing:
        _report(faults, _of_headings(table.name or sheet.title, table, column.title, "is missing from the headings"))
    for title in repeated(sheet, table):
        _report(faults, _of_headings(table.name or sheet.title, table, title, "is there more than once"))
    if missing:
        return
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
            reason = f"names the same {sheet.noun} as line {first_line}{other}"
            _report(faults, Fault(where, number, sheet.columns[0].title, str(key[0]), reason))
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
    return column.parse(cell)


def _references(
    found: Sequence[tuple[Sheet, Sequence[Line]]],
    met: Mapping[str, Met],
    standing: Standing,
    today: date,
) -> Iterator[Fault]:
    """What names a row that is nowhere, takes another's name or service, or moves what was fixed."""
    known = {sheet.slug: {*standing.keys(sheet.slug), *met[sheet.slug].faulty} for sheet in SHEETS}
    for sheet, lines in found:
        known[sheet.slug] |= {line.key for line in lines}
    lots = dict(standing.lot_of_service)
    for sheet, lines in found:
        if sheet.slug == "lots":
            changed = {line.key for line in lines}
            lots = {service: lot for service, lot in lots.items() if (seen(lot),) not in changed}
    for sheet, lines in found:
        if sheet.slug in _NAMED:
            yield from _names_taken(sheet, lines, standing)
        for line in lines:
            yield from _dangling(sheet, line, known)
            if sheet.slug == "lots":
                yield from _shared(sheet, line, lots, standing)
            if sheet.slug == "procurements":
                yield from _starts(sheet, line, standing, today)


def _dangling(sheet: Sheet, line: Line, known: dict[str, set[Key]]) -> Iterator[Fault]:
    for attribute, slug, noun in (
        ("site", "sites", "site"),
        ("service_line", "service_lines", "service line"),
        ("procurement", "procurements", "procurement"),
    ):
        named = line.row.get(attribute)
        if named is not None and (seen(named),) not in known[slug]:
            reason = f"names no {noun} of the file or the programme"
            yield Fault(line.sheet, line.number, sheet.column(attribute).title, named, reason)
    for service in line.row.get("units") or ():
        if service not in known["units"]:
            reason = "names no service at a site of the file or the programme"
            yield Fault(line.sheet, line.number, sheet.column("units").title, "/".join(service), reason)


def _shared(sheet: Sheet, line: Line, lots: dict[Key, str], standing: Standing) -> Iterator[Fault]:
    code, column = line.row["code"], sheet.column("units").title
    for service in line.row["units"]:
        other = lots.setdefault(service, code)
        if seen(other) != seen(code):
            yield Fault(line.sheet, line.number, column, "/".join(service), f"is in lot {other} already")
    fixed = standing.published.get(seen(code))
    if fixed is not None and fixed != set(line.row["units"]):
        reason = "must stay as it is, because a published engagement asks about this lot"
        yield Fault(line.sheet, line.number, column, "; ".join("/".join(each) for each in line.row["units"]), reason)


def _starts(sheet: Sheet, line: Line, standing: Standing, today: date) -> Iterator[Fault]:
    start, stands = line.row["service_start"], standing.keys(sheet.slug).get(line.key)
    for trouble in (start_to_come(start, today, stands), start_kept(start, stands)):
        if trouble is not None:
            yield Fault(line.sheet, line.number, sheet.column(trouble.attribute).title, as_text(start), trouble.reason)


def _names_taken(sheet: Sheet, lines: Sequence[Line], standing: Standing) -> Iterator[Fault]:
    """Lists are by name alone: two of one name cannot be told apart."""
    changed = {line.key for line in lines}
    kept = [row for key, row in standing.keys(sheet.slug).items() if key not in changed]
    names: dict[str, str] = {seen(row.name): row.code for row in kept}
    for line in lines:
        other = names.setdefault(seen(line.row["name"]), line.row["code"])
        if seen(other) != seen(line.row["code"]):
            reason = f"is the name of {other} already. Tell them apart"
            yield Fault(line.sheet, line.number, sheet.column("name").title, line.row["name"], reason)
