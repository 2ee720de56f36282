"""Writing past procurements: whole ones, in a few statements however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.models import Base, PastBidder, PastLot, PastProcurement, PastSource, PublishedName
from webapp.past_procurements.queries import one_of
from webapp.past_procurements.records import Bidder, Procurement

Row = dict[str, Any]
_ROWS_AT_ONCE = 2_000
_IN_OTHER_TABLES = ("lots", "sources", "bidders")


def put(
    session: Session, *, programme_id: uuid.UUID, import_id: uuid.UUID | None, found: Sequence[Procurement]
) -> None:
    """Put these on record; one that is there already is replaced, and keeps its id.

    `import_id` is the file of those sources that name none.
    """
    ids = _ids(session, programme_id, found)
    names = _names(session, programme_id, {_named(each) for one in found for lot in one.lots for each in lot.bidders})
    lots, bidders, sources = [], [], []
    for each in found:
        for position, lot in enumerate(each.lots, 1):
            lot_id = uuid.uuid4()
            lots.append({"id": lot_id, "procurement_id": ids[each.reference], "position": position, **_plain(lot)})
            bidders += [
                {"lot_id": lot_id, "position": place, "name_id": names[_named(bidder)], "won": bidder.won}
                for place, bidder in enumerate(lot.bidders, 1)
            ]
        sources += [
            {**_plain(source), "position": place, "procurement_id": ids[each.reference]}
            | {"import_id": source.import_id or import_id}
            for place, source in enumerate(each.sources, 1)
        ]
    for table, rows in ((PastLot, lots), (PastBidder, bidders), (PastSource, sources)):
        _insert(session, table, rows)


def _insert(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """In parts, none of which keeps the connection waiting for long."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        session.execute(insert(table), rows[start : start + _ROWS_AT_ONCE])


def _ids(session: Session, programme_id: uuid.UUID, found: Sequence[Procurement]) -> dict[str, uuid.UUID]:
    """Write the procurements themselves, and clear away what stood under those that were there."""
    references = [each.reference for each in found]
    stored = session.execute(
        select(PastProcurement.reference, PastProcurement.id).where(
            PastProcurement.programme_id == programme_id, one_of(PastProcurement.reference, references)
        )
    )
    known = {row.reference: row.id for row in stored}
    for table in (PastLot, PastSource):
        session.execute(delete(table).where(one_of(table.procurement_id, known.values())))
    changed = [{"id": known[each.reference], **_plain(each)} for each in found if each.reference in known]
    added = {each.reference: uuid.uuid4() for each in found if each.reference not in known}
    if changed:
        session.execute(update(PastProcurement), changed)
    if added:
        rows = [
            {"id": added[each.reference], "programme_id": programme_id, **_plain(each)}
            for each in found
            if each.reference in added
        ]
        _insert(session, PastProcurement, rows)
    return known | added


def _names(
    session: Session, programme_id: uuid.UUID, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], uuid.UUID]:
    stored = session.execute(
        select(PublishedName.name, PublishedName.identifier, PublishedName.id).where(
            PublishedName.programme_id == programme_id
        )
    )
    known = {(row.name, row.identifier): row.id for row in stored}
    added = {named: uuid.uuid4() for named in sorted(set(wanted) - known.keys())}
    if added:
        rows = [
            {"id": row_id, "programme_id": programme_id, "name": name, "identifier": identifier}
            for (name, identifier), row_id in added.items()
        ]
        _insert(session, PublishedName, rows)
    return known | added


def _named(bidder: Bidder) -> tuple[str, str]:
    return bidder.name, bidder.identifier


def _plain(record: Any) -> Row:
    """The values that stand in the row of the same kind."""
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name not in _IN_OTHER_TABLES}
