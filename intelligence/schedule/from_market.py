"""The schedule problem that a market's own answers make."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from intelligence.market import BiddingRole, InterestLevel, Market
from intelligence.schedule.calendar import Nation, WorkingCalendar
from intelligence.schedule.plan import BidderPair, Blackout, Officer, Penalties, ScheduleProblem, StageLength

# Those who would write a tender; subcontractors join one that somebody else writes.
_BIDDING_LEVELS = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY)
_BIDDING_ROLES = (BiddingRole.LEAD, BiddingRole.CONSORTIUM)


def problem_from_market(
    market: Market,
    *,
    as_of: date,
    board_dates: tuple[date, ...] = (),
    blackouts: tuple[Blackout, ...] = (),
    officers: tuple[Officer, ...] = (),
    tenders_open_at_most: int | None = None,
    stage_lengths: tuple[StageLength, ...] = (),
    penalties: Penalties | None = None,
    nation: Nation = Nation.ENGLAND_AND_WALES,
    calendar: WorkingCalendar | None = None,
) -> ScheduleProblem:
    """A schedule problem with the market's procurements, contracts and the tenders that share bidders.

    >>> from intelligence.market import Lot, ServiceLine, Site, Unit
    >>> lot = Lot("D1", "Dental, HMP Liverpool", (Unit("LPI", "dental"),))
    >>> market = Market(lots=(lot,), sites=(Site("LPI", "HMP Liverpool"),), service_lines=(ServiceLine("dental", ""),))
    >>> problem_from_market(market, as_of=date(2026, 1, 5)).bidder_pairs
    ()
    """
    return ScheduleProblem(
        as_of=as_of,
        procurements=market.procurements,
        contracts=market.contracts,
        board_dates=board_dates,
        blackouts=blackouts,
        officers=officers,
        bidder_pairs=bidder_pairs(market),
        tenders_open_at_most=tenders_open_at_most,
        stage_lengths=stage_lengths,
        penalties=penalties or Penalties(),
        nation=nation,
        calendar=calendar,
    )


def bidder_pairs(market: Market) -> tuple[BidderPair, ...]:
    """The pairs of procurements that some provider wants to bid for but could not answer at once.

    A provider that wants n tenders and said it can handle k of them counts (n - k) / (n - 1) for each pair of the n:
    1 if it can answer only one at a time, 0 if it can answer all, or if it did not say.
    """
    procurement_of = {lot: entry.id for entry in market.procurements for lot in entry.lot_ids}
    order = {entry.id: position for position, entry in enumerate(market.procurements)}
    weights: dict[tuple[str, str], float] = {}
    providers: dict[tuple[str, str], list[str]] = {}
    for provider in market.providers:
        wanted = {
            procurement_of[interest.lot_id]
            for interest in market.interests
            if interest.provider_id == provider.id
            and interest.lot_id in procurement_of
            and interest.level in _BIDDING_LEVELS
            and interest.role in _BIDDING_ROLES
        }
        limit = provider.tenders_at_once
        if limit is None or limit >= len(wanted) or len(wanted) < 2:
            continue
        excess = (len(wanted) - max(limit, 1)) / (len(wanted) - 1)
        for pair in combinations(sorted(wanted, key=order.__getitem__), 2):
            weights[pair] = weights.get(pair, 0.0) + excess
            providers.setdefault(pair, []).append(provider.id)
    return tuple(
        BidderPair(*pair, weight=weights[pair], provider_ids=tuple(providers[pair]))
        for pair in sorted(weights, key=lambda pair: (order[pair[0]], order[pair[1]]))
    )
