"""The schedule problem that a market's own answers make."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TypedDict, Unpack

from intelligence.market import BiddingRole, InterestLevel, Market, Provider
from intelligence.schedule.calendar import Nation, WorkingCalendar
from intelligence.schedule.problem import (
    Actual,
    BidderLimit,
    BidderPair,
    Blackout,
    Officer,
    Penalties,
    Pin,
    Precedence,
    ScheduleProblem,
    StageLength,
    TendersWish,
)

# Those who would write a tender; subcontractors join one that somebody else writes.
_BIDDING_LEVELS = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY)
_BIDDING_ROLES = (BiddingRole.LEAD, BiddingRole.CONSORTIUM)
# Those for whose calendar a tender is worth fitting: a rule for every possible bidder would leave no day to publish on.
_LIKELY_LEVELS = (InterestLevel.WOULD_BID, InterestLevel.LIKELY)


class Rules(TypedDict, total=False):
    """What a :class:`ScheduleProblem` may be given beside the market's own answers."""

    board_dates: tuple[date, ...]
    blackouts: tuple[Blackout, ...]
    officers: tuple[Officer, ...]
    tenders_open_at_most: int | None
    stage_lengths: tuple[StageLength, ...]
    penalties: Penalties
    nation: Nation
    calendar: WorkingCalendar | None
    bidder_limits: tuple[BidderLimit, ...]
    precedences: tuple[Precedence, ...]
    fixed_start_ids: tuple[str, ...]
    pins: tuple[Pin, ...]
    actuals: tuple[Actual, ...]


def problem_from_market(market: Market, *, as_of: date, **rules: Unpack[Rules]) -> ScheduleProblem:
    """A schedule problem with the market's procurements, contracts and the tenders that share bidders.

    What bidders need becomes a rule only when given, for example by :func:`bidder_limits`.

    >>> from intelligence.market import Lot, ServiceLine, Site, Unit
    >>> lot = Lot("D1", "Dental, HMP Liverpool", (Unit("LPI", "dental"),))
    >>> market = Market(lots=(lot,), sites=(Site("LPI", "HMP Liverpool"),), service_lines=(ServiceLine("dental", ""),))
    >>> problem_from_market(market, as_of=date(2026, 1, 5)).bidder_pairs
    ()
    """
    return ScheduleProblem(
        as_of,
        market.procurements,
        market.contracts,
        bidder_pairs=bidder_pairs(market),
        tenders_wishes=tenders_wishes(market),
        **rules,
    )


def bidder_limits(market: Market, *, bid_time: bool = True, dates: bool = True) -> tuple[BidderLimit, ...]:
    """What the likely bidders of each procurement asked for as rules: time enough to bid, and dates left free.

    How many tenders a provider can answer at once stays a wish: see :func:`tenders_wishes`.
    """
    limits = []
    for provider in market.providers:
        needs = provider.shortest_bid_days or None if bid_time else None
        avoid = provider.avoid if dates else ()
        wanted = _wanted(market, provider, _LIKELY_LEVELS) if needs or avoid else ()
        if wanted:
            limits.append(BidderLimit(provider.id, wanted, shortest_bid_days=needs, avoid=avoid))
    return tuple(limits)


def _wanted(market: Market, provider: Provider, levels: tuple[InterestLevel, ...]) -> tuple[str, ...]:
    """The procurements, in their order, for which the provider would write a tender."""
    lots = {
        interest.lot_id
        for interest in market.interests
        if interest.provider_id == provider.id and interest.level in levels and interest.role in _BIDDING_ROLES
    }
    return tuple(entry.id for entry in market.procurements if lots.intersection(entry.lot_ids))


def tenders_wishes(market: Market) -> tuple[TendersWish, ...]:
    """How many tenders at once each provider said it can answer, of those for which it would write one."""
    return tuple(
        TendersWish(provider.id, wanted, provider.tenders_at_once)
        for provider in market.providers
        if provider.tenders_at_once is not None and (wanted := _wanted(market, provider, _BIDDING_LEVELS))
    )


def bidder_pairs(market: Market) -> tuple[BidderPair, ...]:
    """The pairs of procurements that some provider wants to bid for but could not answer at once.

    A provider that wants n tenders and said it can handle k of them counts (n - k) / (n - 1) for each pair of the n:
    1 if it can answer only one at a time, 0 if it can answer all, or if it did not say.
    """
    order = {entry.id: position for position, entry in enumerate(market.procurements)}
    weights: dict[tuple[str, str], float] = {}
    providers: dict[tuple[str, str], list[str]] = {}
    for wish in tenders_wishes(market):
        wanted = len(wish.procurement_ids)
        if wish.at_most >= wanted or wanted < 2:
            continue
        excess = (wanted - max(wish.at_most, 1)) / (wanted - 1)
        for pair in combinations(wish.procurement_ids, 2):
            weights[pair] = weights.get(pair, 0.0) + excess
            providers.setdefault(pair, []).append(wish.provider_id)
    return tuple(
        BidderPair(*pair, weight=weights[pair], provider_ids=tuple(providers[pair]))
        for pair in sorted(weights, key=lambda pair: (order[pair[0]], order[pair[1]]))
    )
