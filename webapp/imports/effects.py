"""What applying a checked file would do, row by row, without doing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from webapp.imports.applying import LINKS
from webapp.imports.checking import Checked, Line
from webapp.imports.sheets import Key, Sheet
from webapp.imports.standing import Standing
from webapp.models import Contract, ContractForm, Route, SiteKind
from webapp.programmes.pages import ROUTES, SITE_KINDS
from webapp.programmes.setting_up.parts.contracts import FORMS
from webapp.web.format import number, short_day

_LABELS: Mapping[type[StrEnum], Mapping[Any, str]] = {SiteKind: SITE_KINDS, ContractForm: FORMS, Route: ROUTES}


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowEffect:
    """What becomes of one row of the file that does not stand as it is."""

    part: str
    line: int
    name: str
    changes: Sequence[Change]
    """None of a new row."""
    beside: str = ""
    """Of a new row: what stands already and may be the same."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a file does to one part of the programme."""

    title: str
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Effects:
    parts: Sequence[Effect]
    rows: Sequence[RowEffect]
    """Those to think about first, then those that change, then those that are new."""

    @property
    def doubtful(self) -> int:
        return sum(bool(row.beside) for row in self.rows)


def effects(checked: Checked, standing: Standing) -> Effects:
    parts, rows = [], []
    for sheet, lines in checked.sheets:
        found = list(_rows(sheet, lines, standing))
        added = sum(not row.changes for row in found)
        parts.append(Effect(sheet.title, added, len(found) - added, len(lines) - len(found)))
        rows += found
    return Effects(parts, sorted(rows, key=lambda row: (not row.beside, not row.changes)))


def _rows(sheet: Sheet, lines: Sequence[Line], standing: Standing) -> Iterator[RowEffect]:
    known = standing.keys(sheet.slug)
    namesakes = _namesakes(known, lines) if sheet.slug == "contracts" else {}
    for line in lines:
        row = known.get(line.key)
        changes = _changes(sheet, line, row, standing) if row else []
        if row and not changes:
            continue
        name = ", ".join(_in_words(line.row[attribute], standing) for attribute in sheet.named_by)
        beside = namesakes.get(line.row["title"].casefold(), ()) if namesakes and not row else ()
        yield RowEffect(sheet.title, line.number, name, changes, "; ".join(map(_of_contract, beside)))


def _namesakes(known: Mapping[Key, Contract], lines: Sequence[Line]) -> Mapping[str, Sequence[Contract]]:
    """Contracts of the register by title, without those that the file names."""
    named = {line.key for line in lines}
    found = defaultdict(list)
    for key, contract in known.items():
        if key not in named:
            found[contract.title.casefold()].append(contract)
    return found


def _of_contract(contract: Contract) -> str:
    return f"{contract.title} of {contract.supplier_name}, which ends on {short_day(contract.end_date)}"


def _changes(sheet: Sheet, line: Line, row: Any, standing: Standing) -> list[Change]:
    changes = []
    for column in sheet.columns:
        wanted, stands = line.row[column.attribute], _stands(row, column.attribute)
        if wanted is not None and _compared(column.attribute, stands) != _compared(column.attribute, wanted):
            changes.append(Change(column.title, _in_words(stands, standing), _in_words(wanted, standing)))
    return changes


def _stands(row: Any, attribute: str) -> Any:
    """As a file says it: other rows by what names them."""
    value = getattr(row, attribute)
    match attribute:
        case "site" | "service_line":
            return value and value.code
        case "procurement":
            return value.title
        case "units":
            return tuple(sorted((unit.site.code.casefold(), unit.service_line.code.casefold()) for unit in value))
        case _:
            return value


def _compared(attribute: str, value: Any) -> Any:
    """Rows are named whatever the capitals and the order; what stands in a row is taken letter by letter."""
    if attribute not in LINKS or value is None:
        return value
    return value.casefold() if isinstance(value, str) else frozenset(value)


def _in_words(value: Any, standing: Standing) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return _LABELS[type(value)][value]
        case date():
            return short_day(value)
        case int() | Decimal():
            return number(value, 2)
        case tuple():
            return "; ".join(_service(each, standing) for each in value) or "nothing"
        case _:
            return str(value)


def _service(key: Key, standing: Standing) -> str:
    unit = standing.keys("units").get(key)
    return f"{unit.site.code}/{unit.service_line.code}" if unit else "/".join(key)
