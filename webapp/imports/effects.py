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
from webapp.imports.checked import Checked, Line
from webapp.imports.columns import Column
from webapp.imports.sheets import Key, Sheet
from webapp.imports.standing import Standing
from webapp.models import Contract, ContractForm, Route, SiteKind
from webapp.programmes.words import FORMS, ROUTES, SITE_KINDS
from webapp.web.format import money, number, short_day
from webapp.web.text import seen, shortened

_LABELS: Mapping[type[StrEnum], Mapping[Any, str]] = {SiteKind: SITE_KINDS, ContractForm: FORMS, Route: ROUTES}

_LONGEST_SAID = 100
_MONEY = frozenset({"annual_value"})


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowEffect:
    """What becomes of one row of the file that does not stand as it is; put into words only where it is shown."""

    sheet: Sheet
    line: Line
    row: Any
    """What stands by the same key; None of a new row."""
    changed: Sequence[Column]
    namesakes: Sequence[Contract]
    """Of a new contract: those of its title that stand already and that the file does not name."""
    standing: Standing

    @property
    def name(self) -> str:
        return ", ".join(_in_words(self.line.row[attribute], self.standing) for attribute in self.sheet.named_by)

    @property
    def changes(self) -> list[Change]:
        return [self._change(column) for column in self.changed]

    @property
    def said(self) -> list[tuple[str, str]]:
        """What the file says of a row beside its name, by column."""
        row, names = self.line.row, self.sheet.named_by
        columns = [
            each for each in self.sheet.columns if each.attribute not in names and row[each.attribute] is not None
        ]
        return [(each.title, shortened(self._words(each, row[each.attribute]), _LONGEST_SAID)) for each in columns]

    @property
    def beside(self) -> str:
        return "; ".join(map(_of_contract, self.namesakes))

    def _change(self, column: Column) -> Change:
        before, after = _stands(self.row, column.attribute), self.line.row[column.attribute]
        return Change(column.title, self._words(column, before), self._words(column, after))

    def _words(self, column: Column, value: Any) -> str:
        return money(value) if column.attribute in _MONEY and value is not None else _in_words(value, self.standing)


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
        return sum(bool(row.namesakes) for row in self.rows)


def effects(checked: Checked, standing: Standing) -> Effects:
    parts, rows = [], []
    for sheet, lines in checked.sheets:
        found = list(_rows(sheet, lines, standing))
        added = sum(row.row is None for row in found)
        parts.append(Effect(sheet.title, added, len(found) - added, len(lines) - len(found)))
        rows += found
    return Effects(parts, sorted(rows, key=lambda row: (not row.namesakes, row.row is None)))


def _rows(sheet: Sheet, lines: Sequence[Line], standing: Standing) -> Iterator[RowEffect]:
    known = standing.keys(sheet.slug)
    namesakes = _namesakes(known, lines) if sheet.slug == "contracts" else {}
    for line in lines:
        row = known.get(line.key)
        changed = [column for column in sheet.columns if _differs(column, line, row)] if row else []
        if row is None or changed:
            beside = namesakes.get(seen(line.row["title"]), ()) if namesakes and row is None else ()
            yield RowEffect(sheet, line, row, changed, beside, standing)


def _namesakes(known: Mapping[Key, Contract], lines: Sequence[Line]) -> Mapping[str, Sequence[Contract]]:
    """Contracts of the register by title, without those that the file names."""
    named = {line.key for line in lines}
    found = defaultdict(list)
    for key, contract in known.items():
        if key not in named:
            found[seen(contract.title)].append(contract)
    return found


def _of_contract(contract: Contract) -> str:
    return f"{contract.title} of {contract.supplier_name}, which ends on {short_day(contract.end_date)}"


def _differs(column: Column, line: Line, row: Any) -> bool:
    wanted = line.row[column.attribute]
    if wanted is None:
        return False
    return bool(_compared(column.attribute, _stands(row, column.attribute)) != _compared(column.attribute, wanted))


def _stands(row: Any, attribute: str) -> Any:
    """As a file says it: other rows by what names them."""
    value = getattr(row, attribute)
    match attribute:
        case "site" | "service_line":
            return value and value.code
        case "procurement":
            return value.title
        case "units":
            return tuple(sorted((seen(unit.site.code), seen(unit.service_line.code)) for unit in value))
        case _:
            return value


def _compared(attribute: str, value: Any) -> Any:
    """Rows are named whatever the capitals, spaces and order; what stands in a row is taken letter by letter."""
    if attribute not in LINKS or value is None:
        return value
    return seen(value) if isinstance(value, str) else frozenset(value)


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
