"""What contract registers say in their own way: in two cells which service a contract covers, and its notice in words.

A site and a service line can be named by code or by name there; one of each, since of several nobody can tell which go
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.imports.checked import Fault, Line
from webapp.imports.sheets import Key, Sheet
from webapp.imports.standing import Standing
from webapp.web.text import seen

Found = Sequence[tuple[Sheet, Sequence[Line]]]
SEVERAL = (
    "If the contract covers several services, empty the cell and name them in a column “Services”, like LIV/dental; "
    "HAV/dental"
)
_OWN = {"site": None, "service_line": None, "notice_period": None}
"""The cells that no contract has."""


@dataclass(frozen=True, slots=True)
class _Places:
    """What can be named, by code or by name, each with its code as keys have it."""

    sites: Mapping[str, str]
    service_lines: Mapping[str, str]
    services: frozenset[Key]


def as_ours(found: Found, standing: Standing) -> tuple[list[tuple[Sheet, Sequence[Line]]], list[Fault]]:
    """The same with each contract as the set-up has it, and what is wrong with how it names its service."""
    places = _Places(
        _codes("sites", found, standing),
        _codes("service_lines", found, standing),
        frozenset(_keys("units", found, standing)),
    )
    read: list[tuple[Sheet, Sequence[Line]]] = []
    faults: list[Fault] = []
    for sheet, lines in found:
        if sheet.slug == "contracts":
            faults += [fault for line in lines for fault in _faults(sheet, line, places)]
            read.append((sheet, [_ours(line, places) for line in lines]))
        else:
            read.append((sheet, lines))
    return read, faults


def _codes(slug: str, found: Found, standing: Standing) -> Mapping[str, str]:
    rows = [(row.name, row.code) for row in standing.keys(slug).values()]
    rows += [(line.row["name"], line.row["code"]) for sheet, lines in found if sheet.slug == slug for line in lines]
    return {seen(name): seen(code) for name, code in rows} | {seen(code): seen(code) for _name, code in rows}


def _keys(slug: str, found: Found, standing: Standing) -> Iterator[Key]:
    yield from standing.keys(slug)
    yield from (line.key for sheet, lines in found if sheet.slug == slug for line in lines)


def _ours(line: Line, places: _Places) -> Line:
    row = line.row
    notice = row["notice_period"] if row["notice_months"] is None else row["notice_months"]
    service = _service(line, places) if _names_service(line) else None
    units = (service,) if service in places.services else row["units"]
    return replace(line, row={**row, "units": units, "notice_months": notice, **_OWN})


def _names_service(line: Line) -> bool:
    """By both cells, where no column “Services” says it."""
    return bool(line.row["units"] is None and line.row["site"] and line.row["service_line"])


def _service(line: Line, places: _Places) -> Key:
    return places.sites.get(seen(line.row["site"])), places.service_lines.get(seen(line.row["service_line"]))


def _faults(sheet: Sheet, line: Line, places: _Places) -> Iterator[Fault]:
    if not _names_service(line):
        return
    site, service_line = _service(line, places)
    for attribute, code, noun in (("site", site, "site"), ("service_line", service_line, "service line")):
        if code is None:
            reason = f"names no {noun} of the file or the programme, by code or by name. {SEVERAL}"
            yield Fault(line.sheet, line.number, sheet.column(attribute).title, line.row[attribute], reason)
    if site and service_line and (site, service_line) not in places.services:
        reason = f"is not on record as a service at {line.row['site']}. Add it to the part “Services”"
        yield Fault(line.sheet, line.number, sheet.column("service_line").title, line.row["service_line"], reason)
