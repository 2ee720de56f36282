"""The providers on which a market hangs, and how far lots share their possible bidders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby

import numpy as np

from intelligence.capacity.awards import Matchings
from intelligence.capacity.report import Bottleneck, LotCapacity, LotWithout, PoolOverlap
from intelligence.capacity.simulation import Bits, Simulation
from intelligence.capacity.willingness import Candidate
from intelligence.market import Lot

MOST_BOTTLENECKS = 10


def find_bottlenecks(
    simulation: Simulation,
    lots: Sequence[LotCapacity],
    sole: Bits,
    every_lot_has_bid: Bits,
    matchings: Matchings,
) -> tuple[Bottleneck, ...]:
    """The ten providers whose leaving costs the most lots their only bid, or who most often exceed their limits.

    `sole` marks the draws (bits, a row for each lot) in which a known provider makes the lot's only credible bid,
    `every_lot_has_bid` the draws in which no lot is without one.
    """
    found = []
    for provider, group in groupby(
        range(len(simulation.candidates)), key=lambda row: simulation.candidates[row].provider
    ):
        rows = list(group)
        lost = {row: simulation.credible[row] & sole[simulation.candidates[row].lot] for row in rows}
        extra = sum(_share(bits, simulation.draws) for bits in lost.values())
        over = simulation.p_over_limits[provider.id]
        if extra > 0 or over > 0:
            found.append((-extra, -over, provider.id, lost))
    found.sort(key=lambda entry: entry[:3])
    return tuple(
        Bottleneck(
            provider_id=provider_id,
            lots=_lots_without(simulation, lots, lost),
            p_over_limits=-over,
            extra_lots_without_bid=-extra,
            p_all_awardable_without=_p_all_without(simulation, provider_id, lost, every_lot_has_bid, matchings),
        )
        for extra, over, provider_id, lost in found[:MOST_BOTTLENECKS]
    )


def find_overlaps(candidates: Sequence[Candidate], lots: Sequence[Lot]) -> tuple[PoolOverlap, ...]:
    """The Jaccard index of each pair of lots with a possible bidder in common, in the order of lots."""
    pools: list[set[str]] = [set() for _ in lots]
    for candidate in candidates:
        pools[candidate.lot].add(candidate.provider.id)
    overlaps = []
    for first, second in combinations(range(len(lots)), 2):
        shared = len(pools[first] & pools[second])
        if shared:
            jaccard = shared / len(pools[first] | pools[second])
            overlaps.append(PoolOverlap(lots[first].id, lots[second].id, shared, jaccard))
    return tuple(overlaps)


def _lots_without(simulation: Simulation, lots: Sequence[LotCapacity], lost: dict[int, Bits]) -> tuple[LotWithout, ...]:
    rises = [(-_share(bits, simulation.draws), simulation.candidates[row].lot) for row, bits in lost.items()]
    return tuple(LotWithout(lots[lot].lot_id, lots[lot].p_none, lots[lot].p_none - fall) for fall, lot in sorted(rises))


def _p_all_without(
    simulation: Simulation, provider_id: str, lost: dict[int, Bits], every_lot_has_bid: Bits, matchings: Matchings
) -> float:
    """The chance that all lots have a bid, less the chance that they have but cannot all be awarded at once."""
    any_lost = np.bitwise_or.reduce(list(lost.values()))
    all_have_bid = _share(every_lot_has_bid & ~any_lost, simulation.draws)
    return max(all_have_bid - matchings.p_blocked_without(provider_id), 0.0)


def _share(bits: Bits, draws: int) -> float:
    return int(np.bitwise_count(bits).sum()) / draws
