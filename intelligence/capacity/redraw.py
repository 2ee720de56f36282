"""Draws kept for comparison: when terms or assumptions change, only what they touch is drawn anew.

Every random number belongs to what it is about, so what is not drawn anew is what drawing anew would give, and a
difference between two forecasts is due to the change alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from intelligence.capacity.arrays import Bits, Counts, Flags
from intelligence.capacity.awards import MATCHING_DRAWS, prepare_matchings
from intelligence.capacity.bidding import GATES
from intelligence.capacity.block import Block, draw_block, draw_coefficient, pieces_of
from intelligence.capacity.estimate import check_draws
from intelligence.capacity.learning import learn
from intelligence.capacity.lot_forecast import lot_draws
from intelligence.capacity.priors import Prior, Priors
from intelligence.capacity.simulation import BlockBids, Simulation, block_bids, by_provider, put_together
from intelligence.capacity.willingness import Candidate, find_candidates, rows_by_lot
from intelligence.compute import Progress, nobody_told
from intelligence.market import Market, Outcome

OUTSIDERS = "unseen_entrants"
SHARED = frozenset({"all_interest", "credibility", OUTSIDERS})  # drawn for all providers together

Candidates: TypeAlias = tuple[Candidate, ...]
Touches: TypeAlias = Callable[[Candidates], bool]  # of one provider


@dataclass(frozen=True, slots=True)
class Drawn:
    """A simulation with all that it was made of. `redrawn` counts the providers that were not taken over."""

    market: Market
    priors: Priors
    candidates: Candidates
    blocks: tuple[Block, ...]
    bids: tuple[BlockBids, ...]
    simulation: Simulation
    seed: int
    redrawn: int

    def counts(self) -> Counts:
        """The number of credible bids of each lot (row) in each draw (column)."""
        rows = rows_by_lot(self.candidates, len(self.market.lots))
        return np.stack([lot_draws(self.simulation, lot, own).count for lot, own in enumerate(rows)])

    def blocked(self) -> Flags:
        """Where each lot (row) has a bid and yet finds no provider, in each of the matched draws (column)."""
        rows = rows_by_lot(self.candidates, len(self.market.lots))
        draws = min(self.simulation.draws, MATCHING_DRAWS)
        matchings = prepare_matchings(self.simulation, self.market.lots, rows, seed=self.seed, draws=draws)
        return matchings.has_bid & ~matchings.award()


def p_all_awardable(counts: Counts, blocked: Flags) -> float:
    """As in the report: the chance that every lot has a bid, less that some lot is left over all the same.

    Of all lots, or of those whose rows of :meth:`Drawn.counts` and :meth:`Drawn.blocked` are given.
    """
    every_lot = np.all(counts > 0, axis=0)
    only_blocked = every_lot[: blocked.shape[1]] & blocked.any(axis=0)
    return max(float(every_lot.mean() - only_blocked.mean()), 0.0)


def draw(
    market: Market,
    priors: Priors,
    *,
    seed: int,
    draws: int,
    elsewhere: Sequence[Outcome] = (),
    progress: Progress = nobody_told,
) -> Drawn:
    """Draw everything, after past lots have updated the priors. `progress` is told the share that is done.

    Raises:
        ValueError: `draws` is not between 100 and 100,000.
    """
    check_draws(draws)
    candidates = find_candidates(market, priors)
    posterior, _ = learn(market.outcomes, candidates, priors, elsewhere=elsewhere)
    blocks = tuple(draw_block(market, posterior, seed, piece) for piece in pieces_of(draws))
    bids = []
    for done, block in enumerate(blocks, start=1):
        bids.append(block_bids(candidates, posterior, block))
        progress(done / len(blocks))
    simulation = put_together(candidates, draws, len(market.lots), bids)
    return Drawn(market, posterior, candidates, blocks, tuple(bids), simulation, seed, len(by_provider(candidates)))


def first_of(steps: int, progress: Progress) -> Progress:
    """Who hears of the drawing, where it is the first of so many steps."""
    return lambda share: progress(share / steps)


def redraw_terms(drawn: Drawn, market: Market, candidates: Candidates) -> Drawn:
    """The same assumptions with other terms: providers whose own terms did not change are taken over."""
    before = {provider.id: own for provider, own in by_provider(drawn.candidates)}

    def touched(own: Candidates) -> bool:
        return before.get(own[0].provider.id) != own

    return _redraw(drawn, market, drawn.priors, candidates, drawn.blocks, touched)


def redraw_assumption(drawn: Drawn, name: str, prior: Prior) -> Drawn:
    """The same terms with another uncertain assumption: providers that it does not concern are taken over."""
    priors = replace(drawn.priors, **{name: prior})
    if name not in SHARED:
        blocks = tuple(_with_coefficient(block, name, prior) for block in drawn.blocks)
        return _redraw(drawn, drawn.market, priors, drawn.candidates, blocks, lambda own: _concerned(own, name))
    pieces = pieces_of(drawn.simulation.draws)
    blocks = tuple(draw_block(drawn.market, priors, drawn.seed, piece) for piece in pieces)
    return _redraw(drawn, drawn.market, priors, drawn.candidates, blocks, lambda own: name != OUTSIDERS)


def _with_coefficient(block: Block, name: str, prior: Prior) -> Block:
    drawn = draw_coefficient(block.seed, name, block.number, prior, block.draws)
    return replace(block, coefficients={**block.coefficients, name: drawn})


def _concerned(own: Candidates, name: str) -> bool:
    if name in GATES:
        return getattr(own[0].provider, GATES[name]) is False
    return any(effect == name for candidate in own for effect, _ in candidate.effects)


def _redraw(
    drawn: Drawn, market: Market, priors: Priors, candidates: Candidates, blocks: Sequence[Block], touches: Touches
) -> Drawn:
    touched = {provider.id: touches(own) for provider, own in by_provider(candidates)}
    kept = {name for name, is_touched in touched.items() if not is_touched}
    bids = tuple(
        block_bids(candidates, priors, block, known=_done_by(kept, drawn.candidates, earlier))
        for block, earlier in zip(blocks, drawn.bids, strict=True)
    )
    simulation = put_together(candidates, drawn.simulation.draws, len(market.lots), bids)
    return Drawn(market, priors, candidates, tuple(blocks), bids, simulation, drawn.seed, sum(touched.values()))


def _done_by(kept: Collection[str], candidates: Candidates, bids: BlockBids) -> dict[str, tuple[Bits, int]]:
    """What some providers (by id) did in a block before: their bids, and in how many draws they were over a limit."""
    done, row = {}, 0
    for (provider, own), over in zip(by_provider(candidates), bids.over_limits, strict=True):
        if provider.id in kept:
            done[provider.id] = (bids.credible[row : row + len(own)], over)
        row += len(own)
    return done
