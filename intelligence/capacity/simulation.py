"""The random half of the model: draws of who makes a credible bid for which lot.

One draw is one possible future of the whole programme. A provider bids for a lot when its willingness, with the random
effects of provider, lot and programme, exceeds a logistic disturbance; it keeps its best bids when it wants more than
it can tender for at once; a bid is credible with the lot's own share of credible bids, so that rejections cluster.
Results are kept as bits, eight draws to a byte, and draws are made in blocks, so memory stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from math import sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from intelligence.capacity.priors import Prior, Priors
from intelligence.capacity.streams import STEPS, stream, uniform_pairs
from intelligence.capacity.willingness import Candidate
from intelligence.compute import SERIAL, Progress, Workers, run_pieces
from intelligence.market import Market, Provider

DRAWS_PER_BLOCK = 10_000  # a multiple of eight; part of the result, since each block has its own streams
FARTHEST_LOG_ODDS = 30.0  # of the provider and of the lot; above, their product would overflow
MOST_COUNTED = 65_535  # bids of one provider: what a count of two bytes holds
ROWS_AT_ONCE = 4  # candidates whose draws fit into a processor's cache together

GATES = {"not_registered": "cqc_registered", "no_secure_experience": "secure_setting_experience"}
"""What makes a bid less credible where the provider said no: the prior, and the provider's field."""

Floats: TypeAlias = npt.NDArray[np.float32]
Flags: TypeAlias = npt.NDArray[np.bool_]
Bits: TypeAlias = npt.NDArray[np.uint8]
Counts: TypeAlias = npt.NDArray[np.int64]
Effects: TypeAlias = tuple[tuple[str, float], ...]


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
class Block:
    """What all candidates share in one block of draws. Arrays by lot have one row a lot, one column a draw.

    `lot_odds` is what the lot's effect does to the odds of a bid. `credible_steps` is the share of credible bids in the
    steps of the uniform numbers. `programme` holds the programme's effect and the uncertainty that all interest has in
    common.
    """

    seed: int
    number: int
    coefficients: Mapping[str, Floats]
    programme: Floats
    lot_odds: Floats
    credible_share: Floats
    credible_steps: Floats
    unseen: npt.NDArray[np.uint8]

    @property
    def draws(self) -> int:
        return len(self.programme)


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of draws: its number, and how many draws it has."""

    number: int
    draws: int


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


def pieces_of(draws: int) -> list[Piece]:
    """The blocks that make up this many draws."""
    starts = range(0, draws, DRAWS_PER_BLOCK)
    return [Piece(number, min(DRAWS_PER_BLOCK, draws - start)) for number, start in enumerate(starts)]


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
    block = draw_block(market, priors, seed, piece)
    groups = by_provider(candidates)
    credible = np.zeros((len(candidates), -(-piece.draws // 8)), np.uint8)
    over_limits, row = [], 0
    for done, (provider, own) in enumerate(groups, start=1):
        bids, over = provider_bids(provider, own, priors, block)
        credible[row : row + len(own)] = np.packbits(bids, axis=1)
        over_limits.append(over)
        row += len(own)
        progress(done / len(groups))
    return BlockBids(credible, block.unseen, tuple(over_limits))


def count_rows(flags: Flags) -> npt.NDArray[np.uint16]:
    """How many of the rows are true in each column; the sum that numpy offers for flags takes ten times as long."""
    width = np.uint8 if len(flags) < 256 else np.uint16
    counts: npt.NDArray[np.uint16] = np.add.reduce(flags.view(np.uint8), axis=0, dtype=width).astype(np.uint16)
    return counts


def draw_block(market: Market, priors: Priors, seed: int, piece: Piece) -> Block:
    """Draw what all candidates share in one block."""
    number, draws = piece.number, piece.draws
    coefficients = {
        name: draw_coefficient(seed, name, number, getattr(priors, name), draws) for name in Priors.__dataclass_fields__
    }
    programme = priors.programme_deviation.value * _standard(stream(seed, "programme", number), draws)
    programme += coefficients["all_interest"]
    credibility = _mean_credibility(stream(seed, "credibility", number), priors.credibility, draws)
    entrants = _mean_entrants(stream(seed, "entrants", number), priors.unseen_entrants, draws)
    lot_odds = _lot_odds(market, priors, seed, piece)
    credible_share = np.empty((len(market.lots), draws), np.float32)
    unseen = np.empty((len(market.lots), draws), np.uint8)
    for row, lot in enumerate(market.lots):
        generator = stream(seed, "credible share", lot.id, number)
        credible_share[row] = _clustered(generator, credibility, priors.rejection_correlation.value)
        rate = entrants * credible_share[row]  # a Poisson number of entrants, each credible with the lot's share
        unseen[row] = np.minimum(stream(seed, "unseen", lot.id, number).poisson(rate), 255)
    steps = credible_share * np.float32(STEPS)
    return Block(seed, number, coefficients, programme, lot_odds, credible_share, steps, unseen)


def _lot_odds(market: Market, priors: Priors, seed: int, piece: Piece) -> Floats:
    """What each lot's random effect does to the odds of a bid; lots of one procurement share a part of it."""
    packages = {lot_id: procurement.id for procurement in market.procurements for lot_id in procurement.lot_ids}
    common = {
        package: _standard(stream(seed, "procurement", package, piece.number), piece.draws)
        for package in set(packages.values())
    }
    shared, deviation = priors.package_correlation.value, priors.lot_deviation.value
    effects = np.empty((len(market.lots), piece.draws), np.float32)
    for row, lot in enumerate(market.lots):
        effects[row] = _standard(stream(seed, "lot", lot.id, piece.number), piece.draws)
        if lot.id in packages:
            effects[row] = sqrt(shared) * common[packages[lot.id]] + sqrt(1 - shared) * effects[row]
    return _odds(np.float32(deviation) * effects)


def _odds(log_odds: Floats) -> Floats:
    """The odds, written over their logarithm."""
    return np.exp(np.minimum(log_odds, np.float32(FARTHEST_LOG_ODDS), out=log_odds), out=log_odds)


def draw_coefficient(seed: int, name: str, number: int, prior: Prior, draws: int) -> Floats:
    """One assumption's value in each draw of a block."""
    return _normal(stream(seed, "coefficient", name, number), prior, draws)


def provider_bids(
    provider: Provider, candidates: Sequence[Candidate], priors: Priors, block: Block
) -> tuple[Flags, int]:
    """The provider's credible bids (a row for each candidate, a column for each draw), and in how many draws it is over
    a limit."""
    own = block.programme + priors.provider_deviation.value * _standard(
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


def _provider_odds(own: Floats, effects: Effects, block: Block) -> Floats:
    """The odds that the provider bids for a lot of middling appeal, in each draw."""
    log_odds = own.copy()
    for name, amount in effects:
        log_odds += block.coefficients[name] if amount == 1 else np.float32(amount) * block.coefficients[name]
    return _odds(log_odds)


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


def _gates(provider: Provider, block: Block) -> Floats | None:
    """What the gates that the provider misses do to the odds that its bid is rejected: a factor for each draw."""
    moved = [block.coefficients[name] for name, passed in GATES.items() if getattr(provider, passed) is False]
    return np.exp(-np.sum(moved, axis=0, dtype=np.float32)) if moved else None


def _standard(generator: np.random.Generator, draws: int) -> Floats:
    return generator.standard_normal(draws, dtype=np.float32)


def _normal(generator: np.random.Generator, prior: Prior, draws: int) -> Floats:
    return np.float32(prior.value) + np.float32(prior.spread) * _standard(generator, draws)


def _mean_credibility(generator: np.random.Generator, prior: Prior, draws: int) -> Floats:
    """The programme's share of credible bids: a Beta distribution with the prior's mean and spread."""
    mean, variance = prior.value, prior.spread**2
    weight = mean * (1 - mean) / variance - 1 if variance else 0.0
    if weight <= 0:  # known, or more spread than a share can have
        return np.full(draws, mean, np.float32)
    return generator.beta(mean * weight, (1 - mean) * weight, draws).astype(np.float32)


def _mean_entrants(generator: np.random.Generator, prior: Prior, draws: int) -> Floats:
    """The mean number of unseen entrants a lot: a Gamma distribution with the prior's mean and spread."""
    if prior.value == 0 or prior.spread == 0:
        return np.full(draws, prior.value, np.float32)
    scale = prior.spread**2 / prior.value
    return generator.gamma(prior.value / scale, scale, draws).astype(np.float32)


def _clustered(generator: np.random.Generator, mean: Floats, correlation: float) -> Floats:
    """One lot's share of credible bids in each draw: Beta, so that two bids of a lot correlate by `correlation`."""
    if correlation == 0:
        return mean
    weight = 1 / correlation - 1
    inside = np.clip(mean.astype(np.float64), 1e-6, 1 - 1e-6)
    share = generator.beta(inside * weight, (1 - inside) * weight).astype(np.float32)
    return np.where(mean < 1, share, np.float32(1))
