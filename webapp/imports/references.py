"""What the rows of a file name: other rows of it or of the programme, and names and services that are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from webapp.imports.checked import Fault, Line
from webapp.imports.columns import as_text
from webapp.imports.sheets import SHEETS, Key, Sheet
from webapp.imports.standing import Standing
from webapp.programmes.setting_up.rules import start_kept, start_to_come
from webapp.web.text import seen

_NAMED = ("sites", "service_lines")
"""Whose rows have a name beside their code."""


@dataclass(frozen=True, slots=True)
class Met:
    """What has been met of one part, in whichever of a workbook's sheets."""

    first: dict[Key, tuple[str, int]] = field(default_factory=dict)
    """The sheet and line that first names a row."""
    faulty: set[Key] = field(default_factory=set)
    """The rows at fault, as far as what names them can be read."""


def wrong_references(
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
    codes = {slug: _codes_by_name(slug, found, standing) for slug in _NAMED}
    for sheet, lines in found:
        if sheet.slug in _NAMED:
            yield from _names_taken(sheet, lines, standing)
        for line in lines:
            yield from _dangling(sheet, line, known, codes)
            if sheet.slug == "lots":
                yield from _shared(sheet, line, lots, standing)
            if sheet.slug == "procurements":
                yield from _starts(sheet, line, standing, today)


def _codes_by_name(slug: str, found: Sequence[tuple[Sheet, Sequence[Line]]], standing: Standing) -> Mapping[str, str]:
    codes = {seen(row.name): row.code for row in standing.keys(slug).values()}
    rows = (line.row for sheet, lines in found if sheet.slug == slug for line in lines)
    return codes | {seen(row["name"]): row["code"] for row in rows}


def _dangling(
    sheet: Sheet, line: Line, known: dict[str, set[Key]], codes: Mapping[str, Mapping[str, str]]
) -> Iterator[Fault]:
    for attribute, slug, noun in (
        ("site", "sites", "site"),
        ("service_line", "service_lines", "service line"),
        ("procurement", "procurements", "procurement"),
    ):
        named = line.row.get(attribute)
        if named is not None and (seen(named),) not in known[slug]:
            code = codes.get(slug, {}).get(seen(named))
            reason = f"must be the code: {code}" if code else f"names no {noun} of the file or the programme"
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
