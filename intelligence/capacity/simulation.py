"""The random half of the model: draws of who makes a credible bid for which lot.

One draw is one possible future of the whole programme. A provider bids for a lot when its willingness, with the random
effects of provider, lot and programme, exceeds a logistic disturbance; it keeps its best bids when it wants more than
it can tender for at once; a bid is credible with the lot's own share of credible bids, so that rejections cluster.
Results are kept as bits, eight draws to a byte, and draws are made in blocks, so memory stays small. `block` draws what
all share, `bidding` what each provider makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np
import numpy.typing as npt

from intelligence.capacity.arrays import Bits, Flags
from intelligence.capacity.bidding import provider_bids
from intelligence.capacity.block import DRAWS_PER_BLOCK, Block, Piece, draw_block, pieces_of
from intelligence.capacity.priors import Priors
from intelligence.capacity.willingness import Candidate
from intelligence.compute import SERIAL, Progress, Workers, nobody_told, run_pieces
from intelligence.market import Market, Provider


@dataclass(frozen=True, slots=True)
class Simulation:
    """`credible` holds one row of draws for each candidate, as bits; `unseen` counts each lot's (row's) credible bids
    from firms outside the engagement in each draw; `p_over_limits` is by provider id."""

    candidates: tuple[Candidate, ...]
    draws: int
    credible: Bits
    unseen: npt.NDArray[np.uint8]
    p_over_limits: Mapping[str, float]

    def flags(self, rows: Sequence[int], draws: int | None = None) -> Flags:
        """The chosen candidates' draws, one row each: does it make a credible bid? The first `draws`, or all."""
        return np.unpackbits(self.credible[list(rows)], axis=1, count=draws or self.draws).view(np.bool_)


@dataclass(frozen=True, slots=True)
class BlockBids:
    """What came out of one block: as :class:`Simulation`, with `over_limits` counting draws, provider by provider."""

    credible: Bits
    unseen: npt.NDArray[np.uint8]
    over_limits: tuple[int, ...]


def simulate(
    market: Market,
    candidates: tuple[Candidate, ...],
    priors: Priors,
    *,
    seed: int,
    draws: int,
    progress: Progress,
    workers: Workers = SERIAL,
) -> Simulation:
    """Draw the programme's future `draws` times. `progress` is told the share that is done, between 0 and 1."""
    work = partial(_simulate_piece, market, candidates, priors, seed)
    blocks = run_pieces(work, pieces_of(draws), workers=workers, progress=progress)
    return put_together(candidates, draws, len(market.lots), blocks)


def put_together(candidates: tuple[Candidate, ...], draws: int, lots: int, blocks: Iterable[BlockBids]) -> Simulation:
    """One simulation from its blocks, in their order."""
    credible = np.zeros((len(candidates), -(-draws // 8)), np.uint8)
    unseen = np.zeros((lots, draws), np.uint8)
    providers = [provider.id for provider, _ in by_provider(candidates)]
    over_limits = np.zeros(len(providers), np.int64)
    for start, block in zip(range(0, draws, DRAWS_PER_BLOCK), blocks, strict=True):
        end = start + block.unseen.shape[1]
        credible[:, start // 8 : -(-end // 8)] = block.credible
        unseen[:, start:end] = block.unseen
        over_limits += np.array(block.over_limits, np.int64)
    shares = dict(zip(providers, (over_limits / draws).tolist(), strict=True))
    return Simulation(candidates, draws, credible, unseen, shares)


def by_provider(candidates: Sequence[Candidate]) -> list[tuple[Provider, tuple[Candidate, ...]]]:
    """Candidates come ordered by provider; each provider with its own."""
    return [(provider, tuple(found)) for provider, found in groupby(candidates, key=lambda one: one.provider)]


def _simulate_piece(
    market: Market,
    candidates: tuple[Candidate, ...],
    priors: Priors,
    seed: int,
    piece: Piece,
    progress: Progress,
) -> BlockBids:
    return block_bids(candidates, priors, draw_block(market, priors, seed, piece), progress=progress)


def block_bids(
    candidates: tuple[Candidate, ...],
    priors: Priors,
    block: Block,
    *,
    known: Mapping[str, tuple[Bits, int]] | None = None,
    progress: Progress = nobody_told,
) -> BlockBids:
    """What all providers make of a block. `known` has by id what some did, which is then taken over."""
    known = known or {}
    groups = by_provider(candidates)
    credible = np.zeros((len(candidates), -(-block.draws // 8)), np.uint8)
    over_limits, row = [], 0
    for done, (provider, own) in enumerate(groups, start=1):
        if provider.id in known:
            bits, over = known[provider.id]
        else:
            bids, over = provider_bids(provider, own, priors, block)
            bits = np.packbits(bids, axis=1)
        credible[row : row + len(own)] = bits
        over_limits.append(over)
        row += len(own)
        progress(done / len(groups))
    return BlockBids(credible, block.unseen, tuple(over_limits))
