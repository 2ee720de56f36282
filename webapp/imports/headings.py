"""Which part of the set-up a table is about, by its name or its headings, and what of its headings is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.imports.sheets import SHEETS, Sheet
from webapp.imports.tables import MOST_ABOVE, Table
from webapp.web.text import simplified

_ALMOST = 0.85
"""How like two names are of which one is the other mistyped."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A column of the file that its part does not have."""

    part: str
    title: str


def headed(table: Table) -> Table:
    """With the row as its header that has the most headings of one part, where its first lines are no header."""
    rows = [table.header, *([simplified(str(cell)) for cell in cells] for _line, cells in table.rows[:MOST_ABOVE])]
    known = [max(sum(bool(column.places(row)) for column in sheet.columns) for sheet in SHEETS) for row in rows]
    best = known.index(max(known))
    return table.headed_by(best - 1) if best else table


def sheet_of(table: Table) -> Sheet | None:
    """By its name; or by its headings, the part that has all it needs, or else the one that comes nearest.

    Of one that comes nearest, most of the headings that it needs are there: what is missing can then be named. So it
    can where the name of a sheet is almost that of a part: whoever mistyped it does not want it left out.
    """
    name = simplified(table.name)
    named = next((sheet for sheet in SHEETS if name in _names(sheet)), None)
    near = max(filter(lambda sheet: _share(sheet, table) > 0.5, SHEETS), key=_fit(table), default=None)
    return named or near or _almost_named(name)


def unread(sheet: Sheet, table: Table) -> list[Unread]:
    read = {place for column in sheet.columns for place in column.places(table.header)}
    return [Unread(sheet.title, title) for place, title in enumerate(table.titles) if title and place not in read]


def repeated(sheet: Sheet, table: Table) -> list[str]:
    """The titles of the columns that the table has more than once."""
    return [column.title for column in sheet.columns if len(column.places(table.header)) > 1]


def _names(sheet: Sheet) -> frozenset[str]:
    return sheet.also | {simplified(sheet.title)}


def _almost_named(name: str) -> Sheet | None:
    near = get_close_matches(name, [each for sheet in SHEETS for each in _names(sheet)], n=1, cutoff=_ALMOST)
    return next((sheet for sheet in SHEETS if near and near[0] in _names(sheet)), None)


def _share(sheet: Sheet, table: Table) -> float:
    """Of the headings that the part needs, how much is there."""
    return sum(bool(column.places(table.header)) for column in sheet.required) / len(sheet.required)


def _fit(table: Table) -> Callable[[Sheet], tuple[float, int]]:
    """Of parts of which as much is there, the one that needs most."""
    return lambda sheet: (_share(sheet, table), len(sheet.required))
