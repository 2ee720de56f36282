"""Reading past procurements, the files they came from, and the names in them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Row, Select, any_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload, undefer

from webapp.audit import Actor
from webapp.models import (
    PastBidder,
    PastImport,
    PastLot,
    PastProcurement,
    PastSource,
    Programme,
    PublishedName,
)
from webapp.past_procurements.reading import Standing
from webapp.past_procurements.records import STERLING, Source
from webapp.programmes.permissions import Permission, within_reach

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """What is known of a past lot, as a forecast can use it."""

    procurement: str
    """The reference that lots of one procurement share."""
    lot: str
    """The lot's own reference within the procurement."""
    known_on: date
    """When bids closed or, where that was not published, when the lot was awarded."""
    buyer: str
    category: str
    region: str
    value: float | None
    """In pounds; None where it is unknown or in another currency."""
    bids: int
    credible_bids: int | None
    interested: int | None
    """Firms that expressed interest beforehand."""
    requests: int | None
    """Requests to take part in the procedure: another thing than interest, and kept apart from it."""
    firms: tuple[str, ...]
    """Of the bidders that are known: one text for one firm, whatever it was called; perhaps not all of them."""


def past_lots(session: Session, programme_id: uuid.UUID) -> list[LotOutcome]:
    """Every past lot of the programme whose day and number of bids are known, the earliest first."""
    rows = session.execute(_outcomes(programme_id)).all()
    firms = _firms(session, programme_id)
    return [_outcome(row, firms.get(row.id, ())) for row in rows]


def _outcomes(programme_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    known_on = func.coalesce(
        PastLot.closed_on, PastProcurement.closed_on, PastLot.awarded_on, PastProcurement.awarded_on
    )
    return (
        select(
            PastLot.id,
            PastProcurement.reference.label("procurement"),
            PastLot.reference.label("lot"),
            known_on.label("known_on"),
            PastProcurement.buyer_name,
            PastLot.category,
            PastLot.region,
            PastLot.value,
            PastLot.currency,
            PastLot.bids,
            PastLot.credible_bids,
            PastLot.interested,
            PastLot.requests,
        )
        .join(PastLot.procurement)
        .where(PastProcurement.programme_id == programme_id, PastLot.bids.is_not(None), known_on.is_not(None))
        .order_by(known_on, PastProcurement.reference, PastLot.position)
    )


def _outcome(row: Row[*tuple[Any, ...]], firms: tuple[str, ...]) -> LotOutcome:
    return LotOutcome(
        procurement=row.procurement,
        lot=row.lot,
        known_on=row.known_on,
        buyer=row.buyer_name,
        category=row.category,
        region=row.region,
        value=row.value if row.currency == STERLING else None,
        bids=row.bids,
        credible_bids=row.credible_bids,
        interested=row.interested,
        requests=row.requests,
        firms=firms,
    )


def _firms(session: Session, programme_id: uuid.UUID) -> Mapping[uuid.UUID, tuple[str, ...]]:
    rows = session.execute(
        select(
            PastBidder.lot_id,
            PublishedName.name,
            PublishedName.identifier,
            PublishedName.organisation_id,
            PublishedName.supplier_name,
        )
        .join(PastBidder.name)
        .where(PublishedName.programme_id == programme_id)
        .order_by(PastBidder.lot_id, PastBidder.position)
    )
    firms: defaultdict[uuid.UUID, dict[str, None]] = defaultdict(dict)
    for lot_id, name, identifier, organisation_id, supplier_name in rows:
        # A person's word first, then the number it published, then its name.
        firm = organisation_id or supplier_name or identifier or name
        firms[lot_id][str(firm).casefold()] = None
    return {lot_id: tuple(names) for lot_id, names in firms.items()}


def programme_of(session: Session, programme_id: uuid.UUID, actor: Actor, permission: Permission) -> Programme | None:
    return session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(actor, permission))
        .options(joinedload(Programme.buyer))
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which past procurements a list shows."""

    words: Sequence[str] = ()
    """All of which stand in its title, reference, buyer, category, region or among its bidders."""
    only_with_bids: bool = False
    """Whether the number of bids must be known for a lot of it."""


def count_procurements(session: Session, programme_id: uuid.UUID, wanted: Wanted) -> int:
    return session.scalars(select(func.count()).select_from(PastProcurement).where(*_fits(programme_id, wanted))).one()


def procurements(
    session: Session, programme_id: uuid.UUID, wanted: Wanted, *, limit: int, offset: int
) -> Sequence[PastProcurement]:
    """With their lots, those closed last first."""
    return session.scalars(
        select(PastProcurement)
        .where(*_fits(programme_id, wanted))
        .options(selectinload(PastProcurement.lots))
        .order_by(PastProcurement.closed_on.desc().nulls_last(), PastProcurement.reference)
        .limit(limit)
        .offset(offset)
    ).all()


def procurement(session: Session, procurement_id: uuid.UUID, programme_id: uuid.UUID) -> PastProcurement | None:
    """With everything that is known of it."""
    return session.scalars(
        select(PastProcurement)
        .where(PastProcurement.id == procurement_id, PastProcurement.programme_id == programme_id)
        .options(
            selectinload(PastProcurement.lots)
            .selectinload(PastLot.bidders)
            .joinedload(PastBidder.name)
            .joinedload(PublishedName.organisation),
            selectinload(PastProcurement.sources).joinedload(PastSource.file).joinedload(PastImport.applier),
        )
    ).one_or_none()


def imports(session: Session, programme_id: uuid.UUID, *, limit: int, offset: int) -> Sequence[PastImport]:
    """The newest first, without their content."""
    return session.scalars(
        select(PastImport)
        .where(PastImport.programme_id == programme_id)
        .options(joinedload(PastImport.sender), joinedload(PastImport.applier), joinedload(PastImport.remover))
        .order_by(PastImport.created_at.desc(), PastImport.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count_imports(session: Session, programme_id: uuid.UUID) -> int:
    return session.scalars(
        select(func.count()).select_from(PastImport).where(PastImport.programme_id == programme_id)
    ).one()


def file(session: Session, file_id: uuid.UUID, programme_id: uuid.UUID) -> PastImport | None:
    """With its content."""
    return session.scalars(
        select(PastImport)
        .where(PastImport.id == file_id, PastImport.programme_id == programme_id)
        .options(
            undefer(PastImport.content),
            joinedload(PastImport.sender),
            joinedload(PastImport.applier),
            joinedload(PastImport.remover),
        )
    ).one_or_none()


def one_of(column: InstrumentedAttribute[Value], values: Collection[Value]) -> ColumnElement[bool]:
    """As IN, but with all values in one parameter: a statement takes no more than 65,535."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def standing(session: Session, programme_id: uuid.UUID, references: Collection[str]) -> dict[str, Standing]:
    """What is on record of these."""
    return _standing(
        session, PastProcurement.programme_id == programme_id, one_of(PastProcurement.reference, references)
    )


def standing_without(session: Session, file: PastImport) -> dict[str, Standing]:
    """Of the procurements that the file tells of, what other files say of them; those of which nothing are left out."""
    told = select(PastSource.procurement_id).where(PastSource.import_id == file.id)
    return _standing(session, PastProcurement.id.in_(told), PastSource.import_id != file.id)


def _standing(session: Session, *wanted: ColumnElement[bool]) -> dict[str, Standing]:
    rows = session.execute(
        select(
            PastProcurement.reference,
            PastProcurement.origin,
            PastImport.file_name,
            PastSource.place,
            PastSource.published_at,
            PastSource.release,
            PastSource.import_id,
        )
        .join(PastSource.procurement)
        .join(PastSource.file)
        .where(*wanted)
        .order_by(PastProcurement.reference, PastSource.position)
    )
    found: dict[str, Standing] = {}
    for row in rows:
        source = Source(row.place, row.published_at, row.release, row.import_id)
        before = found.get(row.reference, Standing(row.origin, (), row.file_name))
        found[row.reference] = Standing(before.origin, (*before.sources, source), before.file_name)
    return found


def _fits(programme_id: uuid.UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [PastProcurement.programme_id == programme_id]
    texts = (
        PastProcurement.title,
        PastProcurement.reference,
        PastProcurement.buyer_name,
        PastProcurement.category,
        PastProcurement.region,
    )
    for word in wanted.words:
        bidder = PastProcurement.lots.any(
            PastLot.bidders.any(PastBidder.name.has(PublishedName.name.icontains(word, autoescape=True)))
        )
        conditions.append(or_(*(text.icontains(word, autoescape=True) for text in texts), bidder))
    if wanted.only_with_bids:
        conditions.append(PastProcurement.lots.any(PastLot.bids.is_not(None)))
    return conditions
