"""From the tables of a file to the rows of a programme, or to every fault in them by line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.imports.columns import CellError, Column, as_text
from webapp.imports.sheets import SHEETS, Key, Row, Sheet
from webapp.imports.standing import Standing
from webapp.imports.tables import Cell, Table, simplified
from webapp.programmes.setting_up.rules import start_kept

MOST_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    sheet: str
    line: int
    """Of the file, counted from 1."""
    column: str
    found: str
    """What stands there."""
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file that has been read."""

    number: int
    key: Key
    row: Row


@dataclass(frozen=True, slots=True)
class Checked:
    sheets: Sequence[tuple[Sheet, Sequence[Line]]]
    faults: Sequence[Fault]
    more_faults: bool
    """Whether there are more than are listed."""


class _TooManyError(Exception):
    """Nobody reads more faults than this."""


def check(tables: Iterable[Table], standing: Standing) -> Checked:
    """Read every table; what the rows refer to may stand in the programme or anywhere in the file."""
    found: list[tuple[Sheet, Sequence[Line]]] = []
    faults: list[Fault] = []
    try:
        for table in tables:
            sheet = _sheet_of(table)
            if sheet is None:
                _report(faults, Fault(table.name, 1, "", ", ".join(table.header)[:200], _unknown(table)))
            else:
                found.append((sheet, list(_lines(sheet, table, faults))))
        for fault in _references(found, standing):
            _report(faults, fault)
    except _TooManyError:
        return Checked(found, faults, more_faults=True)
    return Checked(found, faults, more_faults=False)


def check_alone(sheet: Sheet, table: Table) -> Checked:
    """Read one table whose rows refer to nothing outside them."""
    lines: list[Line] = []
    faults: list[Fault] = []
    try:
        lines.extend(_lines(sheet, table, faults))
    except _TooManyError:
        return Checked([(sheet, lines)], faults, more_faults=True)
    return Checked([(sheet, lines)], faults, more_faults=False)


def _report(faults: list[Fault], fault: Fault) -> None:
    if len(faults) >= MOST_FAULTS:
        raise _TooManyError
    faults.append(fault)


def _sheet_of(table: Table) -> Sheet | None:
    """By its name, or for a table without a known name by its header."""
    named = next((sheet for sheet in SHEETS if simplified(sheet.title) == simplified(table.name)), None)
    if named is not None:
        return named
    header = set(table.header)
    fitting = [sheet for sheet in SHEETS if {simplified(title) for title in sheet.required} <= header]
    return max(fitting, key=lambda sheet: len(sheet.required), default=None)


def _unknown(table: Table) -> str:
    known = "; ".join(f"{sheet.title} ({', '.join(sorted(sheet.required))})" for sheet in SHEETS)
    return f"is no sheet that can be taken. These can, with the columns they need: {known}"


def _lines(sheet: Sheet, table: Table, faults: list[Fault]) -> Iterator[Line]:
    places = {name: place for place, name in enumerate(table.header)}
    wanted = [(column, places.get(simplified(column.title))) for column in sheet.columns]
    missing = [column for column, place in wanted if column.required and place is None]
    for column in missing:
        _report(faults, Fault(sheet.title, 1, column.title, "", "is missing from the header"))
    if missing:
        return
    first_lines: dict[Key, int] = {}
    for number, cells in table.rows:
        row = _row(sheet, number, cells, wanted, faults)
        if row is None:
            continue
        key = sheet.key(row)
        if key in first_lines:
            reason = f"names the same {sheet.noun} as line {first_lines[key]}"
            _report(faults, Fault(sheet.title, number, sheet.columns[0].title, str(key[0]), reason))
        first_lines.setdefault(key, number)
        yield Line(number, key, row)


def _row(
    sheet: Sheet,
    number: int,
    cells: Sequence[Cell],
    wanted: Sequence[tuple[Column, int | None]],
    faults: list[Fault],
) -> Row | None:
    row = {}
    whole = True
    for column, place in wanted:
        try:
            row[column.attribute] = _value(column, _cell(cells, place))
        except CellError as problem:
            whole = False
            _report(faults, Fault(sheet.title, number, column.title, _as_written(cells, place), str(problem)))
    if not whole:
        return None
    trouble = sheet.check(row)
    if trouble is not None:
        column, place = next(each for each in wanted if each[0].attribute == trouble.attribute)
        _report(faults, Fault(sheet.title, number, column.title, _as_written(cells, place), trouble.reason))
    return row if trouble is None else None


def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else ""


def _as_written(cells: Sequence[Cell], place: int | None) -> str:
    return as_text(_cell(cells, place))[:200]


def _value(column: Column, cell: Cell) -> object:
    if cell == "" or (isinstance(cell, str) and not cell.strip()):
        if column.required:
            raise CellError("must be filled in")
        return None
    return column.parse(cell)


def _references(found: Sequence[tuple[Sheet, Sequence[Line]]], standing: Standing) -> Iterator[Fault]:
    """What names a row that is nowhere, puts one service into two lots, or moves what was fixed."""
    known = {sheet.slug: set(standing.keys(sheet.slug)) for sheet in SHEETS}
    for sheet, lines in found:
        known[sheet.slug] |= {line.key for line in lines}
    lots = dict(standing.lot_of_service)
    for sheet, lines in found:
        if sheet.slug == "lots":
            changed = {line.key for line in lines}
            lots = {service: lot for service, lot in lots.items() if (lot.casefold(),) not in changed}
    for sheet, lines in found:
        for line in lines:
            yield from _dangling(sheet, line, known)
            if sheet.slug == "lots":
                yield from _shared(sheet, line, lots, standing)
            if sheet.slug == "procurements":
                yield from _moved(sheet, line, standing)


def _dangling(sheet: Sheet, line: Line, known: dict[str, set[Key]]) -> Iterator[Fault]:
    for attribute, slug, noun in (
        ("site", "sites", "site"),
        ("service_line", "service_lines", "service line"),
        ("procurement", "procurements", "procurement"),
    ):
        named = line.row.get(attribute)
        if named is not None and (named.casefold(),) not in known[slug]:
            reason = f"names no {noun} of the file or the programme"
            yield Fault(sheet.title, line.number, sheet.column(attribute).title, named, reason)
    for service in line.row.get("units") or ():
        if service not in known["units"]:
            reason = "names no service at a site of the file or the programme"
            yield Fault(sheet.title, line.number, sheet.column("units").title, "/".join(service), reason)


def _shared(sheet: Sheet, line: Line, lots: dict[Key, str], standing: Standing) -> Iterator[Fault]:
    code, column = line.row["code"], sheet.column("units").title
    for service in line.row["units"]:
        other = lots.setdefault(service, code)
        if other.casefold() != code.casefold():
            yield Fault(sheet.title, line.number, column, "/".join(service), f"is in lot {other} already")
    fixed = standing.published.get(code.casefold())
    if fixed is not None and fixed != set(line.row["units"]):
        reason = "must stay as it is, because a published engagement asks about this lot"
        yield Fault(sheet.title, line.number, column, "; ".join("/".join(each) for each in line.row["units"]), reason)


def _moved(sheet: Sheet, line: Line, standing: Standing) -> Iterator[Fault]:
    trouble = start_kept(line.row["service_start"], standing.keys(sheet.slug).get(line.key))
    if trouble is not None:
        title, found = sheet.column(trouble.attribute).title, line.row[trouble.attribute]
        yield Fault(sheet.title, line.number, title, as_text(found), trouble.reason)
