"""From past procurements, and what came of this programme's own lots, to what teaches a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

import intelligence as engine
from intelligence.forecast.blend import BothForecasts, choose_weight
from webapp.analysis.past import History
from webapp.models import Engagement, Lot, LotOutcome, Procurement, Unit
from webapp.past_procurements.queries import LotOutcome as PastOutcome
from webapp.past_procurements.queries import past_lots

MOST_PAST_LOTS = 5_000
"""The newest ones. More would make every run larger and the forecast hardly better."""
MONTHS = 12


def load(
    session: Session, *, engagement: Engagement, market: engine.Market, as_of: date, past: Sequence[BothForecasts] = ()
) -> tuple[engine.Market, History]:
    """The market with the outcomes of this buyer's past lots, and the rest of what past lots tell.

    `past` are lots that were forecast both from interest and from history, with what came.
    """
    programme = engagement.programme
    ours = {each.name.casefold() for each in (programme.buyer, programme.agent) if each is not None}
    imported = past_lots(session, programme.id)[-MOST_PAST_LOTS:]
    recorded = _recorded(session, engagement, as_of)
    lots = _lots(session, market)
    own = [each for each in imported if each.buyer.casefold() in ours]
    others = [each for each in imported if each.buyer.casefold() not in ours]
    told = tuple(_outcome(each) for each in own)
    told += tuple(_recorded_outcome(each, market) for each in recorded)
    history = History(
        elsewhere=tuple(_outcome(each) for each in others),
        past=tuple(_past_lot(each) for each in imported)
        + tuple(engine.PastLot(_planned(each.lot, engagement, each.closed_on), each.bids) for each in recorded),
        planned=tuple(_planned(lot, engagement, as_of) for lot in lots),
        weight=choose_weight(past),
    )
    return replace(market, outcomes=told), history


def _recorded(session: Session, engagement: Engagement, as_of: date) -> Sequence[LotOutcome]:
    """What officers entered about lots of this programme."""
    return session.scalars(
        select(LotOutcome)
        .join(LotOutcome.lot)
        .join(Lot.procurement)
        .where(Procurement.programme_id == engagement.programme_id, LotOutcome.closed_on < as_of)
        .order_by(LotOutcome.closed_on, LotOutcome.lot_id)
        .options(joinedload(LotOutcome.lot).selectinload(Lot.units).joinedload(Unit.service_line))
    ).all()


def _lots(session: Session, market: engine.Market) -> Sequence[Lot]:
    """In the market's order."""
    found = session.scalars(
        select(Lot)
        .where(Lot.id.in_([lot.id for lot in market.lots]))
        .options(selectinload(Lot.units).joinedload(Unit.service_line))
    )
    by_id = {str(lot.id): lot for lot in found}
    return [by_id[lot.id] for lot in market.lots]


def _identity(past: PastOutcome) -> str:
    return f"{past.procurement}/{past.lot}"


def _outcome(past: PastOutcome) -> engine.Outcome:
    return engine.Outcome(_identity(past), past.known_on, past.bids, past.interested, past.credible_bids)


def _recorded_outcome(recorded: LotOutcome, market: engine.Market) -> engine.Outcome:
    """With the number of providers that had declared their interest, where this engagement asked about the lot."""
    lot_id = str(recorded.lot_id)
    asked = any(lot.id == lot_id for lot in market.lots)
    interested = sum(
        interest.lot_id == lot_id and interest.level is not engine.InterestLevel.NO for interest in market.interests
    )
    return engine.Outcome(
        lot_id, recorded.closed_on, recorded.bids, interested if asked else None, recorded.credible_bids
    )


def _past_lot(past: PastOutcome) -> engine.PastLot:
    described = engine.PlannedLot(
        id=_identity(past),
        dated=past.known_on,
        buyer=past.buyer.casefold() or None,
        category=past.category.casefold() or None,
        region=past.region.casefold() or None,
        value=past.value,
        package=past.procurement,
        interest=past.interested,
    )
    return engine.PastLot(described, past.bids, past.firms)


def _planned(lot: Lot, engagement: Engagement, dated: date) -> engine.PlannedLot:
    """Without the present interest: what the forecast from history says must not say the same thing twice."""
    services = {unit.service_line.name.casefold() for unit in lot.units}
    annual = lot.annual_value
    return engine.PlannedLot(
        id=str(lot.id),
        dated=dated,
        buyer=engagement.programme.buyer.name.casefold(),
        category=services.pop() if len(services) == 1 else None,
        value=annual * lot.term_months / MONTHS if annual is not None and lot.term_months else None,
        package=str(lot.procurement_id),
    )
