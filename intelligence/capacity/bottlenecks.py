"""The providers on which a market hangs, and how far lots share their possible bidders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

import numpy as np

from intelligence.capacity.arrays import Bits, Counts
from intelligence.capacity.awards import Matchings
from intelligence.capacity.report import Bottleneck, LotCapacity, LotWithout, PoolOverlap
from intelligence.capacity.simulation import Simulation
from intelligence.capacity.willingness import Candidate
from intelligence.market import Lot, Provider

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
    for provider, rows in _rows_by_provider(simulation.candidates):
        lost = _count(_bids_missed(simulation, rows, sole))
        over = simulation.p_over_limits[provider.id]
        if lost.any() or over > 0:
            found.append((-int(lost.sum()), -over, provider.id, rows, lost))
    found.sort(key=lambda entry: entry[:3])
    return tuple(
        Bottleneck(
            provider_id=provider_id,
            lots=_lots_without(simulation, lots, rows, lost),
            p_over_limits=-over,
            extra_lots_without_bid=-extra / simulation.draws,
            p_all_awardable_without=_p_all_without(
                simulation.draws,
                every_lot_has_bid & ~np.bitwise_or.reduce(_bids_missed(simulation, rows, sole)),
                matchings.p_blocked_without(provider_id),
            ),
        )
        for extra, over, provider_id, rows, lost in found[:MOST_BOTTLENECKS]
    )


def find_overlaps(candidates: Sequence[Candidate], lots: Sequence[Lot]) -> tuple[PoolOverlap, ...]:
    """The Jaccard index of each pair of lots with a possible bidder in common, in the order of lots."""
    columns = {provider.id: column for column, (provider, _) in enumerate(_rows_by_provider(candidates))}
    pools = np.zeros((len(lots), len(columns)), np.int64)
    for candidate in candidates:
        pools[candidate.lot, columns[candidate.provider.id]] = 1
    shared = pools @ pools.T
    sizes = pools.sum(axis=1)
    return tuple(
        PoolOverlap(lots[first].id, lots[second].id, number, number / int(sizes[first] + sizes[second] - number))
        for first, second in combinations(range(len(lots)), 2)
        if (number := int(shared[first, second]))
    )


def _rows_by_provider(candidates: Sequence[Candidate]) -> Iterator[tuple[Provider, Sequence[int]]]:
    for provider, rows in groupby(range(len(candidates)), key=lambda row: candidates[row].provider):
        yield provider, list(rows)


def _bids_missed(simulation: Simulation, rows: Sequence[int], sole: Bits) -> Bits:
    """The draws (bits, a row for each candidate) in which its lot would be without a bid but for this one."""
    missed: Bits = simulation.credible[rows] & sole[[simulation.candidates[row].lot for row in rows]]
    return missed


def _lots_without(
    simulation: Simulation, lots: Sequence[LotCapacity], rows: Sequence[int], lost: Counts
) -> tuple[LotWithout, ...]:
    falls = sorted((-fall, simulation.candidates[row].lot) for row, fall in zip(rows, lost.tolist(), strict=True))
    return tuple(
        LotWithout(lots[lot].lot_id, lots[lot].p_none, lots[lot].p_none - fall / simulation.draws)
        for fall, lot in falls
    )


def _p_all_without(draws: int, all_have_bid: Bits, p_blocked: float) -> float:
    """The chance that all lots have a bid, less the chance that they have but cannot all be awarded at once."""
    return max(int(_count(all_have_bid)) / draws - p_blocked, 0.0)


def _count(bits: Bits) -> Counts:
    """How many draws are marked in each row of bits."""
    counts: Counts = np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)
    return counts
