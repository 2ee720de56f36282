"""From draws to the forecast of one lot: how many credible bids, whose, and with what staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

import numpy as np
import numpy.typing as npt

from intelligence.capacity.report import (
    IncumbentIntent,
    InterestCount,
    LotCapacity,
    ProviderLeaving,
    StaffCapacity,
    WteEstimate,
)
from intelligence.capacity.simulation import Flags, Simulation, count_rows
from intelligence.market import BiddingRole, Interest, InterestLevel, Lot

MOST_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class LotDraws:
    """One lot's draws. `candidates` are the rows of its candidates, `bids` their credible bids, `bidders` the same with
    consortium partners made one; `count` is the number of credible bids, entrants from outside included. `sole` marks
    the draws in which one known provider makes the only credible bid."""

    candidates: Sequence[int]
    bids: Flags
    bidders: Flags
    bidder_starts: Sequence[int]
    count: npt.NDArray[np.int64]
    sole: Flags


def lot_draws(simulation: Simulation, lot: int, rows: Sequence[int]) -> LotDraws:
    """Unpack one lot; `rows` are its candidates."""
    by_bidder = sorted(rows, key=lambda row: simulation.candidates[row].bidder)
    bids = simulation.flags(by_bidder)
    groups = groupby(range(len(by_bidder)), key=lambda place: simulation.candidates[by_bidder[place]].bidder)
    starts = [next(places) for _, places in groups]
    bidders = bids if len(starts) == len(by_bidder) else np.logical_or.reduceat(bids, starts, axis=0)
    unseen = simulation.unseen[lot]
    sole = (count_rows(bids) == 1) & (unseen == 0)
    return LotDraws(by_bidder, bids, bidders, starts, count_rows(bidders) + unseen.astype(np.int64), sole)


def forecast_lot(
    lot: Lot, interests: Sequence[Interest], drawn: LotDraws, simulation: Simulation, interval: float, blocked: float
) -> LotCapacity:
    """Summarise one lot. `blocked` is the chance that it has a bid but no provider left that could take it."""
    draws = simulation.draws
    distribution = np.bincount(drawn.count) / draws
    cumulative = np.cumsum(distribution)
    tail = (1 - interval) / 2
    p_none = float(distribution[0])
    at_start = _staff(lot, drawn, simulation, interval, month_6=False)
    grows = any(interest.wte_month_6 is not None for interest in interests)
    return LotCapacity(
        lot_id=lot.id,
        interest=_count_interest(interests),
        expected_bids=float(drawn.count.mean()),
        expected_bids_error=float(drawn.count.std() / sqrt(draws)),
        bids_low=int(np.searchsorted(cumulative, tail)),
        bids_high=int(np.searchsorted(cumulative, 1 - tail)),
        distribution=tuple(distribution.tolist()),
        p_none=p_none,
        p_none_error=sqrt(p_none * (1 - p_none) / draws),
        p_one=float((drawn.count == 1).mean()),
        p_two_or_more=float((drawn.count >= 2).mean()),
        p_three_or_more=float((drawn.count >= 3).mean()),
        demand_wte=lot.demand_wte,
        staff_at_start=at_start,
        staff_month_6=_staff(lot, drawn, simulation, interval, month_6=True) if grows else at_start,
        incumbents=_incumbents(lot, interests, drawn, simulation),
        concentration=_concentration(drawn),
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


def _concentration(drawn: LotDraws) -> float | None:
    """HHI of the chances of winning, with a winner drawn evenly from the credible bidders.

    Entrants from outside take their share of wins, but as many different firms they add nothing to the index.
    """
    share_of_draw = (1 / np.maximum(drawn.count, 1)).astype(np.float32)
    wins = (drawn.bidders * share_of_draw).sum(axis=1)
    if not wins.any():
        return None
    return float(np.square(wins / np.count_nonzero(drawn.count), dtype=np.float64).sum())


def find_drivers(drawn: LotDraws, simulation: Simulation) -> tuple[ProviderLeaving, ...]:
    """The five providers that most often make the only credible bid, and what their leaving would mean."""
    alone = drawn.bids[:, drawn.sole].sum(axis=1)
    none = int((drawn.count == 0).sum())
    most = np.argsort(-alone, kind="stable")[:MOST_DRIVERS].tolist()
    return tuple(
        ProviderLeaving(
            simulation.candidates[drawn.candidates[place]].provider.id, (none + int(alone[place])) / simulation.draws
        )
        for place in most
        if alone[place]
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
    lot: Lot, drawn: LotDraws, simulation: Simulation, interval: float, *, month_6: bool
) -> StaffCapacity | None:
    """The declared staff of credible bidders; `None` where no possible bidder declared any."""
    interests = [simulation.candidates[row].interest for row in drawn.candidates]
    declared = [
        interest.wte_month_6 if month_6 and interest.wte_month_6 is not None else interest.wte_at_start
        for interest in interests
    ]
    if all(amount is None for amount in declared):
        return None
    wte = np.array([[amount or 0.0] for amount in declared], np.float32)
    offers = drawn.bids * wte
    if len(drawn.bidders) < len(drawn.bids):
        offers = np.add.reduceat(offers, drawn.bidder_starts, axis=0)
    pooled, best = offers.sum(axis=0), offers.max(axis=0)
    demand = lot.demand_wte
    return StaffCapacity(
        pooled=_wte_estimate(pooled, interval),
        best_offer=_wte_estimate(best, interval),
        p_pool_meets_demand=None if demand is None else float((pooled >= demand).mean()),
        p_one_bidder_meets_demand=None if demand is None else float((best >= demand).mean()),
        silent=sum(amount is None for amount in declared),
    )


def _wte_estimate(draws: npt.NDArray[np.float32], interval: float) -> WteEstimate:
    tail = (1 - interval) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return WteEstimate(float(draws.mean(dtype=np.float64)), float(low), float(high))
