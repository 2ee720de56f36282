"""Which part of the set-up a table is about, by its name or its headings, and what of its headings is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.imports.sheets import SHEETS, Sheet
from webapp.imports.tables import Table, simplified


@dataclass(frozen=True, slots=True)
class Unread:
    """A column of the file that its part does not have."""

    part: str
    title: str


def sheet_of(table: Table) -> Sheet | None:
    """By its name; or by its headings, the part that has all it needs, or else the one that comes nearest.

    Of one that comes nearest, most of the headings that it needs are there: what is missing can then be named.
    """
    named = next((sheet for sheet in SHEETS if simplified(sheet.title) == simplified(table.name)), None)
    return named or max(filter(lambda sheet: _share(sheet, table) > 0.5, SHEETS), key=_fit(table), default=None)


def unread(sheet: Sheet, table: Table) -> list[Unread]:
    known = {simplified(column.title) for column in sheet.columns}
    pairs = zip(table.header, table.titles, strict=True)
    return [Unread(sheet.title, title) for name, title in pairs if name and name not in known]


def repeated(sheet: Sheet, table: Table) -> list[str]:
    """The titles of the columns that the table has more than once."""
    return [column.title for column in sheet.columns if table.header.count(simplified(column.title)) > 1]


def _share(sheet: Sheet, table: Table) -> float:
    """Of the headings that the part needs, how much is there."""
    return sum(simplified(title) in table.header for title in sheet.required) / len(sheet.required)


def _fit(table: Table) -> Callable[[Sheet], tuple[float, int]]:
    """Of parts of which as much is there, the one that needs most."""
    return lambda sheet: (_share(sheet, table), len(sheet.required))
