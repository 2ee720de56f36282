"""What one provider does in each draw of a block: for which lots it makes a credible bid, and whether a limit holds it.

First each bid by itself, then what the limits of provider, tender and officer leave of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from intelligence.capacity.arrays import Flags, Floats, count_rows
from intelligence.capacity.block import Block, odds_of, standard_normal
from intelligence.capacity.priors import Priors
from intelligence.capacity.streams import STEPS, stream, uniform_pairs
from intelligence.capacity.willingness import Candidate
from intelligence.market import Provider

MOST_COUNTED = 65_535  # bids of one provider: what a count of two bytes holds
ROWS_AT_ONCE = 4  # candidates whose draws fit into a processor's cache together

GATES = {"not_registered": "cqc_registered", "no_secure_experience": "secure_setting_experience"}
"""What makes a bid less credible where the provider said no: the prior, and the provider's field."""

Effects: TypeAlias = tuple[tuple[str, float], ...]


def provider_bids(
    provider: Provider, candidates: Sequence[Candidate], priors: Priors, block: Block
) -> tuple[Flags, int]:
    """The provider's credible bids (a row for each candidate, a column for each draw), and in how many draws it is over
    a limit."""
    strength, credible = _each_by_itself(provider, candidates, priors, block)
    waves = _tenders(candidates)
    for tender in chain.from_iterable(waves):
        rule = candidates[tender.start].most_bid
        if rule is not None:  # the tender's, not the provider's: to keep it does not mean that the provider is strained
            strength[tender] *= _keep_best(strength[tender], [_each_row(tender.stop - tender.start)], rule)[0]
    bids, over = _keep_best(strength, waves, provider.tenders_at_once)
    if provider.bids_at_most is not None:  # the officer's rule likewise
        strength *= bids
        bids, _ = _keep_best(strength, [_each_row(len(candidates))], provider.bids_at_most)
    bids &= credible
    over |= _strained(provider, candidates, waves, bids)
    return bids, int(over.sum())


def _each_by_itself(
    provider: Provider, candidates: Sequence[Candidate], priors: Priors, block: Block
) -> tuple[Floats, Flags]:
    """How strongly the provider wants to bid, above one if it would, and whether the bid would be credible."""
    own = block.programme + priors.provider_deviation.value * standard_normal(
        stream(block.seed, "provider", provider.id, block.number), block.draws
    )
    gates = _gates(provider, block)
    odds = {effects: _provider_odds(own, effects, block) for effects in {one.effects for one in candidates}}
    strength = np.empty((len(candidates), block.draws), np.float32)
    credible = np.empty((len(candidates), block.draws), np.bool_)
    for start in range(0, len(candidates), ROWS_AT_ONCE):
        some = candidates[start : start + ROWS_AT_ONCE]
        # Partners decide together and are judged together: the bid's luck is the consortium's, not the provider's.
        keys = [("bid", *candidate.bidder, candidate.interest.lot_id, block.number) for candidate in some]
        luck = uniform_pairs(block.seed, keys, draws=block.draws)
        rows = slice(start, start + len(some))
        _bid_strength(some, odds, luck[:, 0], block, out=strength[rows])
        _pass_gates(some, gates, luck[:, 1], block, out=credible[rows])
    return strength, credible


def _provider_odds(own: Floats, effects: Effects, block: Block) -> Floats:
    """The odds that the provider bids for a lot of middling appeal, in each draw."""
    log_odds = own.copy()
    for name, amount in effects:
        log_odds += block.coefficients[name] if amount == 1 else np.float32(amount) * block.coefficients[name]
    return odds_of(log_odds)


def _bid_strength(
    some: Sequence[Candidate], odds: Mapping[Effects, Floats], luck: Floats, block: Block, *, out: Floats
) -> None:
    """Write the odds of bidding over the odds of the draw's luck, a uniform number: the provider bids when above one.

    It is the logistic model ``log-odds - logit(luck) > 0``, taken as an exponential so that no logarithm is needed.
    """
    for row, candidate in enumerate(some):
        np.multiply(odds[candidate.effects], block.lot_odds[candidate.lot], out=out[row])
    out *= np.float32(STEPS) - luck
    out /= luck


def _gates(provider: Provider, block: Block) -> Floats | None:
    """What the gates that the provider misses do to the odds that its bid is rejected: a factor for each draw."""
    moved = [block.coefficients[name] for name, passed in GATES.items() if getattr(provider, passed) is False]
    return np.exp(-np.sum(moved, axis=0, dtype=np.float32)) if moved else None


def _pass_gates(some: Sequence[Candidate], gates: Floats | None, luck: Floats, block: Block, *, out: Flags) -> None:
    """Write whether a bid would be credible: with the lot's share, less the odds that missed gates take off.

    The luck is used up.
    """
    if gates is not None:
        share = block.credible_share[[candidate.lot for candidate in some]]
        luck *= share + (1 - share) * gates
    np.less_equal(luck, block.credible_steps[[candidate.lot for candidate in some]], out=out)


def _tenders(candidates: Sequence[Candidate]) -> list[list[slice]]:
    """The rows of each tender, wave by wave; candidates come ordered by wave and tender."""
    rows = range(len(candidates))
    return [
        [_span(tender) for _, tender in groupby(wave, key=lambda row: candidates[row].tender)]
        for _, wave in groupby(rows, key=lambda row: candidates[row].wave)
    ]


def _each_row(rows: int) -> list[slice]:
    return [slice(row, row + 1) for row in range(rows)]


def _span(rows: Iterable[int]) -> slice:
    found = list(rows)
    return slice(found[0], found[-1] + 1)


def _keep_best(strength: Floats, waves: Sequence[Sequence[slice]], limit: int | None) -> tuple[Flags, Flags]:
    """The bids (of a strength above one) in the `limit` tenders of each wave that it is most willing to bid in.

    Tell also the draws in which any was dropped.
    """
    bids = strength > 1
    over = np.zeros(strength.shape[1], np.bool_)
    for wave in waves:
        if limit is None or len(wave) <= limit:
            continue
        wanted = np.stack([np.logical_or.reduce(bids[rows], axis=0) for rows in wave])
        columns = np.flatnonzero(count_rows(wanted) > limit)
        over[columns] = True
        first = wave[0].start
        strongest = strength[first : wave[-1].stop].take(columns, axis=1)
        keenest = np.stack([np.maximum.reduce(strongest[rows.start - first : rows.stop - first]) for rows in wave])
        best = np.argpartition(-keenest, limit, axis=0)[:limit]
        kept = np.zeros(keenest.shape, np.bool_)
        kept[best, np.arange(len(columns))] = True
        for tender, rows in enumerate(wave):
            for row in bids[rows]:
                row[columns] &= kept[tender]
    return bids, over


def _strained(
    provider: Provider, candidates: Sequence[Candidate], waves: Sequence[Sequence[slice]], bids: Flags
) -> Flags:
    """The draws in which it could come to win more than it declared it could start on one date, or hold.

    What the limits on awards keep from it, of a tender or of the officer's rule, it need not be able to take on.
    """
    strained: Flags = np.zeros(bids.shape[1], np.bool_)
    if provider.startable_together is None and provider.held_at_most is None:
        return strained
    if provider.startable_together is not None:
        for wave in waves:
            strained |= _most_won(provider, candidates, wave, bids) > provider.startable_together
    if provider.held_at_most is not None:
        every_tender = list(chain.from_iterable(waves))
        strained |= _most_won(provider, candidates, every_tender, bids) > provider.held_at_most
    return strained


def _most_won(
    provider: Provider, candidates: Sequence[Candidate], tenders: Sequence[slice], bids: Flags
) -> npt.NDArray[np.uint16]:
    """How many lots of these tenders, which follow each other, its bids could win it at most in each draw."""
    limits = [candidates[tender.start].most_awarded for tender in tenders]
    if all(limit is None for limit in limits):
        won = count_rows(bids[tenders[0].start : tenders[-1].stop])
    else:
        of_each = (_at_most(count_rows(bids[tender]), limit) for tender, limit in zip(tenders, limits, strict=True))
        won = np.add.reduce(list(of_each))
    return _at_most(won, provider.awards_at_most)


def _at_most(counts: npt.NDArray[np.uint16], limit: int | None) -> npt.NDArray[np.uint16]:
    return counts if limit is None else np.minimum(counts, np.uint16(min(limit, MOST_COUNTED)))
