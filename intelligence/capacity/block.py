"""What all candidates share in one block of draws: beliefs about the programme, and the luck of each lot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from intelligence.capacity.arrays import Floats
from intelligence.capacity.priors import Prior, Priors
from intelligence.capacity.streams import STEPS, stream
from intelligence.market import Market

DRAWS_PER_BLOCK = 10_000  # a multiple of eight; part of the result, since each block has its own streams
FARTHEST_LOG_ODDS = 30.0  # of the provider and of the lot; above, their product would overflow


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


def pieces_of(draws: int) -> list[Piece]:
    """The blocks that make up this many draws."""
    starts = range(0, draws, DRAWS_PER_BLOCK)
    return [Piece(number, min(DRAWS_PER_BLOCK, draws - start)) for number, start in enumerate(starts)]


def draw_block(market: Market, priors: Priors, seed: int, piece: Piece) -> Block:
    """Draw what all candidates share in one block."""
    number, draws = piece.number, piece.draws
    coefficients = {
        name: draw_coefficient(seed, name, number, getattr(priors, name), draws) for name in Priors.__dataclass_fields__
    }
    programme = priors.programme_deviation.value * standard_normal(stream(seed, "programme", number), draws)
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
        package: standard_normal(stream(seed, "procurement", package, piece.number), piece.draws)
        for package in set(packages.values())
    }
    shared, deviation = priors.package_correlation.value, priors.lot_deviation.value
    effects = np.empty((len(market.lots), piece.draws), np.float32)
    for row, lot in enumerate(market.lots):
        effects[row] = standard_normal(stream(seed, "lot", lot.id, piece.number), piece.draws)
        if lot.id in packages:
            effects[row] = sqrt(shared) * common[packages[lot.id]] + sqrt(1 - shared) * effects[row]
    return odds_of(np.float32(deviation) * effects)


def draw_coefficient(seed: int, name: str, number: int, prior: Prior, draws: int) -> Floats:
    """One assumption's value in each draw of a block."""
    return _normal(stream(seed, "coefficient", name, number), prior, draws)


def odds_of(log_odds: Floats) -> Floats:
    """The odds, written over their logarithm."""
    return np.exp(np.minimum(log_odds, np.float32(FARTHEST_LOG_ODDS), out=log_odds), out=log_odds)


def standard_normal(generator: np.random.Generator, draws: int) -> Floats:
    return generator.standard_normal(draws, dtype=np.float32)


def _normal(generator: np.random.Generator, prior: Prior, draws: int) -> Floats:
    return np.float32(prior.value) + np.float32(prior.spread) * standard_normal(generator, draws)


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
