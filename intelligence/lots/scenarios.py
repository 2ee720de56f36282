"""The scenarios under which every lot is valued: the same for all, so that lots differ by what they are, not by luck.

A scenario fixes what the bids for a lot have in common: every coefficient of the capacity model, the effects of
programme, lot and provider, the lot's share of credible bids and the rate of entrants from outside. Given these, the
capacity model's bidders are independent, and the number of bids follows exactly (a sum of unequal coin tosses). Each
quantity takes evenly spread quantiles of its distribution in a random order of its own (Latin hypercube sampling), from
a stream keyed by what it is about: one more provider leaves all other numbers as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, gammaincinv, ndtri

from intelligence.capacity.bidding import GATES
from intelligence.capacity.priors import Prior, Priors
from intelligence.capacity.streams import stream
from intelligence.capacity.willingness import past_log_odds
from intelligence.market import Provider

SCENARIOS = 256

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """One column a scenario. `own` has a row for each provider: its log-odds before level, role, incumbency and size,
    with the programme's and the lot's effect; `credible` likewise its chance that a bid is credible. `entrants` is the
    mean number of credible bids from outside."""

    coefficients: Mapping[str, Floats]
    own: Floats
    credible: Floats
    entrants: Floats


def draw_scenarios(providers: Sequence[Provider], priors: Priors, *, seed: int, count: int = SCENARIOS) -> Scenarios:
    """Draw `count` scenarios for these providers."""

    def quantiles(*key: str) -> Floats:
        order = stream(seed, "lots", *key).permutation(count)
        return (order + 0.5) / count

    def normal(deviation: float, *key: str) -> Floats:
        return deviation * np.asarray(ndtri(quantiles(*key)))

    coefficients: dict[str, Floats] = {}
    for field in fields(Priors):
        prior: Prior = getattr(priors, field.name)
        coefficients[field.name] = prior.value + normal(prior.spread, "coefficient", field.name)
    common = coefficients["all_interest"] + normal(priors.programme_deviation.value, "programme")
    common = common + normal(priors.lot_deviation.value, "lot")
    own = np.empty((len(providers), count))
    for row, provider in enumerate(providers):
        past = past_log_odds(provider, priors) * coefficients["past_conversion"]
        own[row] = common + past + normal(priors.provider_deviation.value, "provider", provider.id)
    share = _lot_share(
        _mean_share(priors.credibility, quantiles("credibility")),
        priors.rejection_correlation.value,
        quantiles("credible share"),
    )
    credible = np.array([_passed(provider, share, coefficients) for provider in providers]).reshape(-1, count)
    entrants = share * _mean_entrants(priors.unseen_entrants, quantiles("entrants"))
    return Scenarios(coefficients, own, credible, entrants)


def _mean_share(prior: Prior, at: Floats) -> Floats:
    """The programme's share of credible bids: a Beta distribution with the prior's mean and spread."""
    mean, variance = prior.value, prior.spread**2
    weight = mean * (1 - mean) / variance - 1 if variance else 0.0
    if weight <= 0:  # known, or more spread than a share can have
        return np.full(at.shape, mean)
    return np.asarray(betaincinv(mean * weight, (1 - mean) * weight, at))


def _lot_share(mean: Floats, correlation: float, at: Floats) -> Floats:
    """The lot's own share of credible bids: Beta, so that two bids of a lot correlate by `correlation`."""
    if correlation == 0:
        return mean
    weight = 1 / correlation - 1
    inside = np.clip(mean, 1e-6, 1 - 1e-6)
    share: Floats = np.where(mean < 1, betaincinv(inside * weight, (1 - inside) * weight, at), 1.0)
    return share


def _mean_entrants(prior: Prior, at: Floats) -> Floats:
    """The mean number of entrants a lot: a Gamma distribution with the prior's mean and spread."""
    if prior.value == 0 or prior.spread == 0:
        return np.full(at.shape, prior.value)
    scale = prior.spread**2 / prior.value
    return np.asarray(scale * gammaincinv(prior.value / scale, at), np.float64)


def _passed(provider: Provider, share: Floats, coefficients: Mapping[str, Floats]) -> Floats:
    """The chance that the provider's bid is credible, with the gates that it misses."""
    odds_of_rejection = np.ones_like(share)
    for name, passed in GATES.items():
        if getattr(provider, passed) is False:
            odds_of_rejection *= np.exp(-coefficients[name])
    return share / (share + (1 - share) * odds_of_rejection)
