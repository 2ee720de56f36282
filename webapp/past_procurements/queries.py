"""Reading past procurements, the files they came from, and the names in them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from webapp.models import PastBidder, PastLot, PastProcurement, PublishedName

STERLING = "GBP"


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
