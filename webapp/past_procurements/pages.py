"""Past procurements as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from webapp.imports.checked import Fault
from webapp.models import (
    PastBidder,
    PastImport,
    PastLot,
    PastProcurement,
    PastSource,
    Programme,
    PublishedName,
    RecordFormat,
)
from webapp.past_procurements.matching import Open
from webapp.past_procurements.records import STERLING, Procurement, Reading
from webapp.web.cells import Cell, Row, lines, link, tag
from webapp.web.format import moment, money, number, plural, short_day

NOT_KNOWN = "Not known"
MOST_SOURCES = 200
MOST_NOTES = 100
"""How many of these a page shows."""
FORMATS = {RecordFormat.OCDS: "OCDS (JSON)", RecordFormat.TABLE: "Table (XLSX or CSV)"}


@dataclass(frozen=True, slots=True)
class Effects:
    """What taking a file would do."""

    new: int
    changed: int
    unchanged: int
    lots: int
    lots_with_bids: int
    firms: int


def effects(reading: Reading) -> Effects:
    kept = [[source.import_id is not None for source in each.sources] for each in reading.procurements]
    lots = [lot for each in reading.procurements for lot in each.lots]
    return Effects(
        new=sum(not any(each) for each in kept),
        changed=sum(any(each) and not all(each) for each in kept),
        unchanged=sum(all(each) for each in kept),
        lots=len(lots),
        lots_with_bids=sum(lot.bids is not None for lot in lots),
        firms=len({(bidder.name, bidder.identifier) for lot in lots for bidder in lot.bidders}),
    )


def effect_rows(found: Effects) -> list[Row]:
    return [
        ("Procurements that are new", number(found.new)),
        ("Procurements of which more becomes known", number(found.changed)),
        ("Procurements that stay as they are", number(found.unchanged)),
        ("Lots", number(found.lots)),
        ("Lots of which the number of bids is known", number(found.lots_with_bids)),
        ("Names of firms that bid or won", number(found.firms)),
    ]


def listed(programme: Programme, rows: Sequence[PastProcurement]) -> list[Row]:
    def address(row: PastProcurement) -> str:
        return url_for("past_procurements.show", programme_id=programme.id, past_procurement_id=row.id)

    return [
        (
            link(row.title, address(row)),
            row.buyer_name or NOT_KNOWN,
            _day(row.closed_on),
            *_bids([lot.bids for lot in row.lots]),
        )
        for row in rows
    ]


def previewed(rows: Iterable[Procurement]) -> list[Row]:
    return [
        (row.title, row.buyer_name or NOT_KNOWN, _day(row.closed_on), *_bids([lot.bids for lot in row.lots]))
        for row in rows
    ]


def fault_rows(faults: Iterable[Fault]) -> list[Row]:
    return [
        (each.sheet or "The file", number(each.line), each.column, each.found, f"{each.column} {each.reason}".strip())
        for each in faults
    ]


def facts(row: PastProcurement) -> list[dict[str, Cell]]:
    reference = "OCID" if row.origin is RecordFormat.OCDS else "Reference"
    return [
        {"key": key, "value": value}
        for key, value in (
            (reference, row.reference),
            ("Buyer", row.buyer_name or NOT_KNOWN),
            ("Category", row.category or NOT_KNOWN),
            ("Region", row.region or NOT_KNOWN),
            ("Procedure", row.procedure or NOT_KNOWN),
            ("Published", _day(row.published_on)),
            ("Closed", _day(row.closed_on)),
            ("Awarded", _day(row.awarded_on)),
            ("Value", _money(row.value, row.currency)),
        )
    ]


def lot_facts(lot: PastLot, of: PastProcurement) -> list[dict[str, Cell]]:
    """Category and region only where they are other than those of the whole."""
    own = [("Category", lot.category, of.category), ("Region", lot.region, of.region)]
    return [
        {"key": key, "value": value}
        for key, value in (
            ("Bids received", _count(lot.bids)),
            ("Of these credible", _count(lot.credible_bids)),
            ("Interest expressed beforehand", _count(lot.interested)),
            ("Requests to take part", _count(lot.requests)),
            ("Value", _money(lot.value, lot.currency)),
            ("Awarded", " for ".join(_awarded(lot)) or NOT_KNOWN),
            ("Services start", _day(lot.starts_on)),
            ("Term", NOT_KNOWN if lot.duration_days is None else plural(lot.duration_days, "day")),
            *((name, value) for name, value, shared in own if value != shared),
        )
    ]


def bidder_rows(bidders: Sequence[PastBidder], *, shows_match: bool) -> list[Row]:
    return [
        (each.name.name, each.name.identifier or "None", tag("Won", "green") if each.won else "Bid")
        + ((_match(each.name),) if shows_match else ())
        for each in bidders
    ]


def source_rows(programme: Programme, sources: Sequence[PastSource], *, may_open: bool) -> list[Row]:
    def file(row: PastImport) -> Cell:
        address = url_for("past_procurements.preview", programme_id=programme.id, past_import_id=row.id)
        return link(row.file_name, address) if may_open else row.file_name

    return [
        (
            each.place,
            moment(each.published_at) if each.published_at else NOT_KNOWN,
            file(each.file),
            moment(each.file.applied_at) if each.file.applied_at else "",
            each.file.applier.name if each.file.applier else "",
        )
        for each in sources
    ]


def import_rows(programme: Programme, files: Sequence[PastImport]) -> list[Row]:
    return [
        (
            link(
                each.file_name, url_for("past_procurements.preview", programme_id=programme.id, past_import_id=each.id)
            ),
            FORMATS[each.format],
            f"{moment(each.created_at)}, by {each.sender.name}",
            _state(each),
        )
        for each in files
    ]


def open_rows(programme: Programme, names: Sequence[Open]) -> list[Row]:
    return [
        (
            link(each.name, url_for("past_procurements.decide", programme_id=programme.id, name_id=each.id)),
            number(each.lots),
            lines(proposal.known.name for proposal in each.proposals),
        )
        for each in names
    ]


def decided_rows(programme: Programme, names: Sequence[PublishedName]) -> list[Row]:
    return [
        (
            link(each.name, url_for("past_procurements.decide", programme_id=programme.id, name_id=each.id)),
            _match(each),
            moment(each.decided_at) if each.decided_at else "",
        )
        for each in names
    ]


def _match(name: PublishedName) -> str:
    if name.decided_at is None:
        return "Not decided"
    found = name.organisation.name if name.organisation else name.supplier_name
    return f"The same as {found}" if found else "None of those known"


def _state(file: PastImport) -> Cell:
    if file.removed_at is not None and file.remover is not None:
        return f"Removed {moment(file.removed_at)}, by {file.remover.name}"
    if file.applied_at is not None and file.applier is not None:
        return f"On record since {moment(file.applied_at)}, by {file.applier.name}"
    return "Not on record"


def _bids(bids: Sequence[int | None]) -> tuple[str, str]:
    """How many lots, and the bids of each in their order."""
    known = ", ".join("?" if each is None else number(each) for each in bids)
    return number(len(bids)), NOT_KNOWN if all(each is None for each in bids) else known


def _awarded(lot: PastLot) -> list[str]:
    found: list[str] = []
    if lot.awarded_on is not None:
        found.append(short_day(lot.awarded_on))
    if lot.awarded_value is not None:
        found.append(_money(lot.awarded_value, lot.currency))
    return found


def _day(value: date | None) -> str:
    return NOT_KNOWN if value is None else short_day(value)


def _count(value: int | None) -> str:
    return NOT_KNOWN if value is None else number(value)


def _money(value: float | None, currency: str) -> str:
    if value is None:
        return NOT_KNOWN
    return money(value) if currency == STERLING else f"{number(value)} {currency}"
