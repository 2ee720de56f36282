"""What past lots teach: assumptions updated by the outcomes of earlier lots, in closed form or on a small grid.

Bids of a past lot are modelled as ``BetaBinomial(interested, conversion) + Poisson(unseen entrants)``. The conversion
depends on one number, the log-odds by which the mix of all interest is stronger or weaker than assumed; that number and
the mean of the entrants get their posterior on a grid, which is then summarised by means and standard deviations. What
was learnt of the mix is divided among the coefficients in it by how far each varies with it. The share of credible bids
is a Beta distribution whose counts are discounted for the correlation of rejections within a lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import ceil, pi, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, expit, gammaln, logsumexp

from intelligence.capacity.priors import Prior, PriorKind, Priors
from intelligence.capacity.report import Learned
from intelligence.capacity.willingness import LEVEL_PRIORS, Candidate, find_candidates, mean_log_odds
from intelligence.market import Market, Outcome

SHIFT_STEP = 0.1  # between grid points of the log-odds of all interest
SHIFT_RANGE = 3.0  # to either side of the prior mean, or REACH prior deviations where that is more
REACH = 4
CERTAIN = 50.0  # log-odds beyond which a float can tell nothing from certain
ENTRANT_MEANS = 40  # grid points of the mean number of unseen entrants
MOST_ENTRANTS = 60  # in one past lot

Grid = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Past lots of the market itself, and those of other markets, which count for `weight` of a lot each."""

    own: tuple[Outcome, ...]
    elsewhere: tuple[Outcome, ...]
    weight: float

    def about(self, tells: Callable[[Outcome], bool]) -> Evidence:
        """Those that have something to tell."""
        return replace(self, own=tuple(filter(tells, self.own)), elsewhere=tuple(filter(tells, self.elsewhere)))

    def weighted(self) -> list[tuple[Outcome, float]]:
        return [*((outcome, 1.0) for outcome in self.own), *((outcome, self.weight) for outcome in self.elsewhere)]

    def __str__(self) -> str:
        others = f" and of {len(self.elsewhere)} elsewhere, each counting for {self.weight:g}" if self.elsewhere else ""
        return f"outcomes of {len(self.own)} past lots{others}"


def learn(
    outcomes: Sequence[Outcome],
    candidates: Sequence[Candidate],
    priors: Priors,
    *,
    elsewhere: Sequence[Outcome] = (),
) -> tuple[Priors, tuple[Learned, ...]]:
    """The priors after the outcomes of past lots, and what changed.

    `elsewhere` are past lots of other markets, such as other commissioners' published ones: each counts for the share
    of a lot that `priors.elsewhere_weight` says. The conversion that the model expects of past interest is its mean
    over the present `candidates`: past interest is taken to have been of the same mix. Without any candidate the
    measured mean conversion stands in.
    """
    evidence = Evidence(tuple(outcomes), tuple(elsewhere), priors.elsewhere_weight.value)
    updated = _learn_bids(evidence, candidates, priors)
    updated = _learn_credibility(evidence, updated)
    learned = []
    for field in fields(Priors):
        before, after = getattr(priors, field.name), getattr(updated, field.name)
        if before != after:
            learned.append(Learned(before.name, before.value, after.value, after.spread))
    return updated, tuple(learned)


def learned_priors(market: Market, priors: Priors, *, elsewhere: Sequence[Outcome] = ()) -> Priors:
    """The priors that a market's capacity report draws from: what its past lots make of these."""
    return learn(market.outcomes, find_candidates(market, priors), priors, elsewhere=elsewhere)[0]


def _learn_bids(evidence: Evidence, candidates: Sequence[Candidate], priors: Priors) -> Priors:
    evidence = evidence.about(lambda outcome: outcome.interested is not None)
    if not evidence.weighted():
        return priors
    in_mix = _weights_in_mix(candidates)
    mix = _mix(in_mix, priors)
    shifts, shift_prior = _shift_grid(mix)
    means, mean_prior = _entrants_grid(priors.unseen_entrants)
    conversion = _conversion(shifts - priors.all_interest.value, candidates, priors)
    lots: dict[tuple[int, int], float] = {}
    for outcome, weight in evidence.weighted():
        pair = outcome.interested or 0, outcome.bidders
        lots[pair] = lots.get(pair, 0.0) + weight
    posterior = shift_prior[:, None] + mean_prior[None, :]
    for (interested, bidders), count in lots.items():
        likelihood = _log_likelihood(interested, bidders, conversion, means, priors.past_weight.value)
        posterior = posterior + count * likelihood
    weights = np.exp(posterior - logsumexp(posterior))
    learned = _updated(mix, shifts, weights.sum(axis=1), evidence)
    return replace(
        priors,
        **{name: _share_of(learned, mix, weight, getattr(priors, name), evidence) for name, weight in in_mix.items()},
        unseen_entrants=_updated(priors.unseen_entrants, means, weights.sum(axis=0), evidence),
    )


def _learn_credibility(evidence: Evidence, priors: Priors) -> Priors:
    evidence = evidence.about(lambda outcome: outcome.credible is not None and outcome.bidders > 0)
    prior, correlation = priors.credibility, priors.rejection_correlation.value
    if not evidence.weighted() or prior.spread == 0 or prior.value == 1:
        return priors
    weight = max(prior.value * (1 - prior.value) / prior.spread**2 - 1, 0.0)
    credible, rejected = prior.value * weight, (1 - prior.value) * weight
    for outcome, counts_for in evidence.weighted():
        share = counts_for / (1 + (outcome.bidders - 1) * correlation)  # less the design effect of a cluster of bids
        credible += share * (outcome.credible or 0)
        rejected += share * (outcome.bidders - (outcome.credible or 0))
    total = credible + rejected
    mean = credible / total
    return replace(priors, credibility=_posterior(prior, mean, sqrt(mean * (1 - mean) / (total + 1)), evidence))


def _weights_in_mix(candidates: Sequence[Candidate]) -> dict[str, float]:
    """By how much the log-odds of the present mix of interest move with each coefficient of what was said."""
    levels = Counter(LEVEL_PRIORS[candidate.interest.level] for candidate in candidates)
    return {"all_interest": 1.0} | {name: count / len(candidates) for name, count in levels.items()}


def _mix(weights: Mapping[str, float], priors: Priors) -> Prior:
    """What is not known of all interest, with what is not known of the levels in their mix: outcomes of past lots
    cannot tell the one from the other, and tell of both."""
    variance = sum((weight * getattr(priors, name).spread) ** 2 for name, weight in weights.items())
    return replace(priors.all_interest, spread=sqrt(variance))


def _share_of(learned: Prior, mix: Prior, weight: float, prior: Prior, evidence: Evidence) -> Prior:
    """What was learnt of the mix, as it bears on one coefficient in it: as far as the one varies with the other, which
    for a level that few hold is little. All are taken as jointly normal."""
    if mix.spread == 0 or prior.spread == 0:
        return prior
    slope = weight * (prior.spread / mix.spread) ** 2  # the covariance by the variance of the mix
    variance = prior.spread**2 - slope**2 * (mix.spread**2 - learned.spread**2)
    moved = prior.value + slope * (learned.value - mix.value)
    return _posterior(prior, moved, sqrt(max(variance, 0.0)), evidence)


def _shift_grid(prior: Prior) -> tuple[Grid, Grid]:
    """Values of the log-odds of all interest, and the logarithm of their prior weight (a normal distribution)."""
    if prior.spread == 0:
        return np.array([prior.value]), np.zeros(1)
    reach = min(max(SHIFT_RANGE, REACH * prior.spread), CERTAIN)
    shifts = np.linspace(prior.value - reach, prior.value + reach, 2 * ceil(reach / SHIFT_STEP) + 1)
    return shifts, -0.5 * ((shifts - prior.value) / prior.spread) ** 2


def _entrants_grid(prior: Prior) -> tuple[Grid, Grid]:
    """Values of the mean number of unseen entrants, and the logarithm of their prior weight (a Gamma distribution)."""
    if prior.spread == 0 or prior.value == 0:
        return np.array([prior.value]), np.zeros(1)
    means = np.geomspace(prior.value / 30, prior.value * 30, ENTRANT_MEANS)
    shape = (prior.value / prior.spread) ** 2
    density = (shape - 1) * np.log(means) - means * shape / prior.value
    return means, density + np.log(means)  # the points are spaced by a ratio, so each stands for more than the last


def _conversion(shifts: Grid, candidates: Sequence[Candidate], priors: Priors) -> Grid:
    """The mean chance that an interested provider bids, for each shift, with the random effects averaged out."""
    if not candidates:
        mean = priors.past_mean.value
        found: Grid = expit(np.log(mean / (1 - mean)) + shifts)
        return found
    deviations = (priors.provider_deviation, priors.lot_deviation, priors.programme_deviation)
    variance = sum(prior.value**2 for prior in deviations)
    flattening = sqrt(1 + pi * variance / 8)  # the usual approximation of a logistic averaged over a normal
    odds = Counter(round(mean_log_odds(candidate, priors), 2) for candidate in candidates)
    centres = np.array(list(odds))
    weights = np.array(list(odds.values())) / len(candidates)
    chance: Grid = (expit((centres[None, :] + shifts[:, None]) / flattening) * weights).sum(axis=1)
    return chance


def _log_likelihood(interested: int, bidders: int, conversion: Grid, means: Grid, weight: float) -> Grid:
    """The log-probability of `bidders` bids, by conversion (rows) and mean number of entrants (columns)."""
    entrants = np.arange(max(0, bidders - interested), min(bidders, max(MOST_ENTRANTS, bidders - interested)) + 1)
    converted = bidders - entrants
    chance = np.clip(conversion, 1e-6, 1 - 1e-6)[:, None]
    yes, no = chance * weight, (1 - chance) * weight
    ways = gammaln(interested + 1) - gammaln(converted + 1) - gammaln(interested - converted + 1)
    from_interest = ways + betaln(yes + converted, no + interested - converted) - betaln(yes, no)
    mean = np.maximum(means, 1e-12)[:, None]
    from_outside = entrants * np.log(mean) - mean - gammaln(entrants + 1)
    total: Grid = logsumexp(from_interest[:, None, :] + from_outside[None, :, :], axis=2)
    return total


def _updated(prior: Prior, values: Grid, weights: Grid, evidence: Evidence) -> Prior:
    if len(values) == 1:
        return prior
    mean = float((values * weights).sum())
    return _posterior(prior, mean, sqrt(float((weights * (values - mean) ** 2).sum())), evidence)


def _posterior(prior: Prior, mean: float, deviation: float, evidence: Evidence) -> Prior:
    source = f"{evidence}, starting from: {prior.source}"
    return Prior(prior.name, mean, deviation, PriorKind.MEASURED, source)
