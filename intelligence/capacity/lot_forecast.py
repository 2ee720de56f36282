"""From draws to the forecast of one lot: how many credible bids, whose, and with what staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

import numpy as np

from intelligence.capacity.arrays import Bits, Counts, Flags, Floats, count_rows
from intelligence.capacity.report import (
    IncumbentIntent,
    InterestCount,
    LotCapacity,
    ProviderLeaving,
    StaffCapacity,
    WteEstimate,
)
from intelligence.capacity.simulation import Simulation
from intelligence.market import BiddingRole, Interest, InterestLevel, Lot

MOST_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class LotDraws:
    """One lot's draws. `candidates` are the rows of its candidates, `bids` their credible bids, `bidders` the same with
    consortium partners made one; `count` is the number of credible bids, entrants from outside included. `sole` marks
    the draws in which one known provider makes the only credible bid, and `alone` counts these for each candidate."""

    candidates: Sequence[int]
    bids: Flags
    bidders: Flags
    bidder_starts: Sequence[int]
    count: Counts
    sole: Bits
    alone: Counts


def lot_draws(simulation: Simulation, lot: int, rows: Sequence[int]) -> LotDraws:
    """Unpack one lot; `rows` are its candidates."""
    by_bidder = sorted(rows, key=lambda row: simulation.candidates[row].bidder)
    bids = simulation.flags(by_bidder)
    groups = groupby(range(len(by_bidder)), key=lambda place: simulation.candidates[by_bidder[place]].bidder)
    starts = [next(places) for _, places in groups]
    unseen = simulation.unseen[lot].astype(np.int64)
    known = count_rows(bids)
    sole = np.packbits((known == 1) & (unseen == 0))
    bidders, count = bids, known + unseen
    if len(starts) < len(by_bidder):
        bidders = np.logical_or.reduceat(bids, starts, axis=0)
        count = count_rows(bidders) + unseen
    alone = np.bitwise_count(simulation.credible[by_bidder] & sole).sum(axis=1, dtype=np.int64)
    return LotDraws(by_bidder, bids, bidders, starts, count, sole, alone)


def forecast_lot(
    lot: Lot, interests: Sequence[Interest], drawn: LotDraws, simulation: Simulation, interval: float, blocked: float
) -> LotCapacity:
    """Summarise one lot. `blocked` is the chance that it has a bid but no provider left that could take it."""
    draws = simulation.draws
    times = np.bincount(drawn.count)
    cumulative = np.cumsum(times / draws)
    tail = (1 - interval) / 2
    p_none = int(times[0]) / draws
    bids = drawn.bids.astype(np.float32)
    at_start = _staff(lot, drawn, bids, simulation, interval, month_6=False)
    grows = any(interest.wte_month_6 is not None for interest in interests)
    return LotCapacity(
        lot_id=lot.id,
        interest=_count_interest(interests),
        expected_bids=float(drawn.count.mean()),
        expected_bids_error=float(drawn.count.std() / sqrt(draws)),
        bids_low=int(np.searchsorted(cumulative, tail)),
        bids_high=int(np.searchsorted(cumulative, 1 - tail)),
        distribution=tuple((times / draws).tolist()),
        p_none=p_none,
        p_none_error=sqrt(p_none * (1 - p_none) / draws),
        p_one=int(times[1:2].sum()) / draws,
        p_two_or_more=int(times[2:].sum()) / draws,
        p_three_or_more=int(times[3:].sum()) / draws,
        demand_wte=lot.demand_wte,
        staff_at_start=at_start,
        staff_month_6=_staff(lot, drawn, bids, simulation, interval, month_6=True) if grows else at_start,
        incumbents=_incumbents(lot, interests, drawn, simulation),
        concentration=_concentration(drawn, bids),
        p_awardable=max(1 - p_none - blocked, 0.0),
        most_needed=next(iter(find_drivers(drawn, simulation)), None),
    )


def _count_interest(interests: Sequence[Interest]) -> tuple[InterestCount, ...]:
    counts = Counter((interest.level, interest.role) for interest in interests)
    return tuple(
        InterestCount(level, role, counts[level, role])
        for level in InterestLevel
        for role in BiddingRole
        if counts[level, role]
    )


def _concentration(drawn: LotDraws, bids: Floats) -> float | None:
    """HHI of the chances of winning, with a winner drawn evenly from the credible bidders.

    Entrants from outside take their share of wins, but as many different firms they add nothing to the index.
    """
    share_of_draw = (1 / np.maximum(drawn.count, 1)).astype(np.float32)
    bidders = bids if drawn.bidders is drawn.bids else drawn.bidders.astype(np.float32)
    wins = np.einsum("ij,j->i", bidders, share_of_draw)  # not a matrix product: its rounding depends on the threads
    if not wins.any():
        return None
    return float(np.square(wins / np.count_nonzero(drawn.count), dtype=np.float64).sum())


def find_drivers(drawn: LotDraws, simulation: Simulation) -> tuple[ProviderLeaving, ...]:
    """The five providers that most often make the only credible bid, and what their leaving would mean."""
    none = int((drawn.count == 0).sum())
    most = np.argsort(-drawn.alone, kind="stable")[:MOST_DRIVERS].tolist()
    return tuple(
        ProviderLeaving(
            simulation.candidates[drawn.candidates[place]].provider.id,
            (none + int(drawn.alone[place])) / simulation.draws,
        )
        for place in most
        if drawn.alone[place]
    )


def _incumbents(
    lot: Lot, interests: Sequence[Interest], drawn: LotDraws, simulation: Simulation
) -> tuple[IncumbentIntent, ...]:
    declared = {interest.provider_id: interest for interest in interests}
    places = {simulation.candidates[row].provider.id: place for place, row in enumerate(drawn.candidates)}
    found = []
    for provider_id in lot.incumbent_ids:
        interest = declared.get(provider_id)
        chance = float(drawn.bids[places[provider_id]].mean()) if provider_id in places else 0.0
        level, role = (interest.level, interest.role) if interest else (None, None)
        found.append(IncumbentIntent(provider_id, level, role, chance))
    return tuple(found)


def _staff(
    lot: Lot, drawn: LotDraws, bids: Floats, simulation: Simulation, interval: float, *, month_6: bool
) -> StaffCapacity | None:
    """The declared staff of credible bidders; `None` where no possible bidder declared any."""
    interests = [simulation.candidates[row].interest for row in drawn.candidates]
    declared = [
        interest.wte_month_6 if month_6 and interest.wte_month_6 is not None else interest.wte_at_start
        for interest in interests
    ]
    if all(amount is None for amount in declared):
        return None
    offers = bids * np.array([[amount or 0.0] for amount in declared], np.float32)
    if len(drawn.bidders) < len(drawn.bids):
        offers = np.add.reduceat(offers, drawn.bidder_starts, axis=0)
    known = [place for place, amount in enumerate(declared) if amount is not None]
    offered: Flags = np.logical_or.reduce(drawn.bids[known], axis=0)
    silent = len(declared) - len(known)
    return _against_demand(lot.demand_wte, offers.sum(axis=0), offers.max(axis=0), offered, interval, silent)


def _against_demand(
    demand: float | None, pooled: Floats, best: Floats, offered: Flags, interval: float, silent: int
) -> StaffCapacity:
    """From each draw's staff of all bids and of the best one; `offered` marks the draws with any bid that says its."""
    without = len(offered) - int(np.count_nonzero(offered))  # as many draws of no staff stand first once sorted
    in_order = np.sort(best)
    return StaffCapacity(
        pooled=_wte_estimate(np.sort(pooled), interval),
        best_offer=_wte_estimate(in_order, interval),
        p_pool_meets_demand=None if demand is None else float((offered & (pooled >= demand)).mean()),
        p_one_bidder_meets_demand=None if demand is None else float((offered & (best >= demand)).mean()),
        silent=silent,
        p_offered=1 - without / len(offered),
        best_if_offered=_wte_estimate(in_order[without:], interval) if without < len(offered) else None,
    )


def _wte_estimate(in_order: Floats, interval: float) -> WteEstimate:
    """The mean and interval of draws that come sorted."""
    tail = (1 - interval) / 2
    low, high = (_quantile(in_order, share) for share in (tail, 1 - tail))
    return WteEstimate(float(in_order.mean(dtype=np.float64)), low, high)


def _quantile(in_order: Floats, share: float) -> float:
    """Between the two draws about it in proportion, as numpy's, which would sort the draws each time."""
    place = share * (len(in_order) - 1)
    below = int(place)
    lower, upper = float(in_order[below]), float(in_order[min(below + 1, len(in_order) - 1)])
    return lower + (upper - lower) * (place - below)
