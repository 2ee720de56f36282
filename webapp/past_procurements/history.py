"""A table with a line for each past lot: the columns that the forecast command reads, and the credible bids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from webapp.imports.checked import Checked, Fault, Line
from webapp.imports.checking import check_alone
from webapp.imports.columns import CellError, Column, as_text, day, money, organisation, text, whole
from webapp.imports.sheets import Row, Sheet
from webapp.imports.tables import Cell, Table
from webapp.models import RecordFormat
from webapp.past_procurements.records import MOST_BIDS, STERLING, Bidder, Lot, Procurement, Source
from webapp.programmes.setting_up.rules import Trouble
from webapp.web.fields import MAX_MONEY

MOST_FIRMS = 200
_SHORT = text(200)
_NAME = organisation(200)


def _firms(cell: Cell) -> tuple[str, ...]:
    """Names separated by semicolons."""
    names = [_NAME(name) for name in as_text(cell).split(";") if name.strip()]
    if len(names) > MOST_FIRMS:
        raise CellError(f"must name {MOST_FIRMS} firms or fewer")
    if len({name.casefold() for name in names}) < len(names):
        raise CellError("names a firm twice")
    return tuple(names)


def _credible(row: Row) -> Trouble | None:
    if row["credible_bids"] is not None and row["credible_bids"] > row["bids"]:
        return Trouble("credible_bids", "must not be more than the bidders")
    return None


def _named(row: Row) -> Trouble | None:
    if row["bidders"] is not None and len(row["bidders"]) > row["bids"]:
        return Trouble("bidders", "must not name more firms than there were bidders")
    return None


def _closed(row: Row, today: date) -> Trouble | None:
    if row["closed_on"] > today:
        return Trouble("closed_on", "must not be after today: bids are counted once a lot has closed")
    return None


SHEET = Sheet(
    "past_lots",
    "Past lots",
    "lot",
    (
        Column("reference", "lot_id", _SHORT, "2021-dental-1", required=True),
        Column("closed_on", "date", day, "20/07/2021", required=True),
        Column("bids", "bidders", whole(0, MOST_BIDS), "3", required=True),
        Column("buyer_name", "buyer", _NAME, "A commissioning board"),
        Column("category", "category", _SHORT, "Dental services"),
        Column("region", "region", _SHORT, "North West"),
        Column("value", "value", money(MAX_MONEY), "1250000"),
        Column("package", "package", _SHORT, "2021-dental"),
        Column("interested", "interest", whole(0, MOST_BIDS), "7"),
        Column("bidders", "firms", _firms, "A Dental Provider Ltd; Another Dental CIC"),
        Column("credible_bids", "credible", whole(0, MOST_BIDS), "2"),
    ),
    ("reference",),
    (_credible, _named),
)


def unknown_columns(table: Table) -> list[str]:
    known = {column.title.replace("_", " ") for column in SHEET.columns}
    return [name for name in table.header if name and name not in known]


def check(table: Table, today: date) -> Checked:
    """`today` is the day on which the file is read: what it counts must have happened by then."""
    sheet = replace(SHEET, rules=(*SHEET.rules, lambda row: _closed(row, today)))
    checked = check_alone(sheet, table)
    ((_sheet, lines),) = checked.sheets
    return replace(checked, faults=[*checked.faults, *_buyers(lines)])


def procurements(lines: Sequence[Line]) -> list[Procurement]:
    """The lots of one package are those of one procurement; a lot without a package is one by itself."""
    packages: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        packages[_package(line.row).casefold()].append(line)
    return [_procurement(package) for package in packages.values()]


def _procurement(lines: Sequence[Line]) -> Procurement:
    first = lines[0].row
    values = [line.row["value"] for line in lines]
    return Procurement(
        origin=RecordFormat.TABLE,
        reference=_package(first),
        buyer_name=first["buyer_name"] or "",
        title=_package(first),
        category=_shared(lines, "category"),
        region=_shared(lines, "region"),
        procedure="",
        published_on=None,
        closed_on=max(_closed_on(line) for line in lines),
        awarded_on=None,
        value=None if None in values else sum(values),
        currency=STERLING,
        lots=tuple(_lot(line.row) for line in lines),
        sources=tuple(Source(f"line {line.number}", None, None, None) for line in lines),
    )


def _lot(row: Row) -> Lot:
    return Lot(
        reference=row["reference"],
        title=row["reference"],
        category=row["category"] or "",
        region=row["region"] or "",
        closed_on=row["closed_on"],
        awarded_on=None,
        value=row["value"],
        awarded_value=None,
        currency=STERLING,
        starts_on=None,
        duration_days=None,
        bids=row["bids"],
        credible_bids=row["credible_bids"],
        requests=None,
        interested=row["interested"],
        bidders=tuple(Bidder(name, "", won=False) for name in row["bidders"] or ()),
    )


def _package(row: Row) -> str:
    return str(row["package"] or row["reference"])


def _closed_on(line: Line) -> date:
    found: date = line.row["closed_on"]
    return found


def _shared(lines: Sequence[Line], attribute: str) -> str:
    """What all lots have in common; empty where they differ."""
    values: set[Any] = {line.row[attribute] for line in lines}
    return values.pop() or "" if len(values) == 1 else ""


def _buyers(lines: Sequence[Line]) -> list[Fault]:
    """A procurement has one buyer."""
    first: dict[str, Line] = {}
    faults = []
    for line in lines:
        before = first.setdefault(_package(line.row).casefold(), line)
        if (line.row["buyer_name"] or "").casefold() != (before.row["buyer_name"] or "").casefold():
            reason = f"is another than on line {before.number}, which has the same package"
            faults.append(Fault(SHEET.title, line.number, "buyer", line.row["buyer_name"] or "", reason))
    return faults
