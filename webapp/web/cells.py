"""What stands in a table's cell or a list's value when it is more than text.

A long table has many, so they are put together by `%`, which takes a third of the time of `format`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask import Flask
from markupsafe import Markup, escape

from webapp.language import _

Cell = str | Markup
Row = tuple[Cell, ...]
"""Of a table: a cell for each column."""
Given = TypeVar("Given")

_LONG_WORD = re.compile(r"(\S{30,})")
_BREAKABLE = Markup('<span class="app-long-word">%s</span>')
_LINK = Markup('<a class="govuk-link" href="%s">%s</a>')
_TAG = Markup('<strong class="govuk-tag%s">%s</strong>')
_SYNTHETIC = Markup('%s <strong class="govuk-tag govuk-tag--yellow">%s</strong>')


def breakable(cell: Given) -> Given | Markup:
    """Text whose long words may break anywhere, so that no column grows beyond its table; shorter words stay whole."""
    if not isinstance(cell, str) or isinstance(cell, Markup) or not _LONG_WORD.search(cell):
        return cell
    return Markup("").join(
        _BREAKABLE % part if place % 2 else part for place, part in enumerate(_LONG_WORD.split(cell))
    )


def link(text: str, href: str) -> Markup:
    return _LINK % (href, breakable(text))


def tag(text: str, colour: str = "") -> Markup:
    """`colour`: grey, green, turquoise, blue, purple, orange, yellow, red or none."""
    return _TAG % (f" govuk-tag--{colour}" if colour else "", text)


def lines(parts: Iterable[str]) -> Markup:
    """Each part on a line of its own."""
    return Markup("<br>").join(map(breakable, parts))


def labelled(text: str, *, synthetic: bool) -> str | Markup:
    """The text, marked when what it names was invented."""
    return _SYNTHETIC % (text, _("Synthetic")) if synthetic else text


def row_cells(row: Iterable[object], columns: Iterable[Mapping[str, Any]]) -> Markup:
    """A table's row, the first cell being its header. Without a template, which takes twice as long, cell by cell."""
    first, *rest = row
    numeric = {place for place, column in enumerate(columns) if column.get("numeric")}
    others = "".join(
        f'<td class="govuk-table__cell{" govuk-table__cell--numeric" if place in numeric else ""}">'
        f"{escape(breakable(cell))}</td>"
        for place, cell in enumerate(rest, 1)
    )
    header = f'<th scope="row" class="govuk-table__header">{escape(breakable(first))}</th>'
    return Markup(header + others)  # noqa: S704 - names are ours, the rest is escaped


def stacked_cells(row: Iterable[object], columns: Iterable[Mapping[str, Any]]) -> Markup:
    """The same for a table that a narrow screen shows as a list: each cell says its column, and that it is a cell."""
    first, *rest = row
    _header, *named = columns
    others = "".join(
        f'<td role="cell" class="govuk-table__cell{" govuk-table__cell--numeric" if column.get("numeric") else ""}"'
        f' data-column="{escape(column["text"])}">{escape(breakable(cell))}</td>'
        for column, cell in zip(named, rest, strict=True)
    )
    header = f'<th scope="row" role="rowheader" class="govuk-table__header">{escape(breakable(first))}</th>'
    return Markup(header + others)  # noqa: S704 - names are ours, the rest is escaped


def register_cells(app: Flask) -> None:
    app.jinja_env.filters["breakable"] = breakable
    app.jinja_env.filters["row_cells"] = row_cells
    app.jinja_env.filters["stacked_cells"] = stacked_cells
