"""A lot's two forecasts, from what providers declared and from what earlier lots drew, made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma

from intelligence.forecast.scores import ForecastOutcome, crps_of

INTEREST_WEIGHT = 0.7  # assumed: declared interest is about this lot, history about lots like it
LOTS_THAT_PRIOR_COUNTS = 20.0
LEAST_CORRELATION = 1e-6  # below, gamma functions lose more digits than the correlation is worth


@dataclass(frozen=True, slots=True)
class BothForecasts:
    """A past lot that was forecast both ways, and how many credible bids came."""

    lot_id: str
    from_interest: tuple[float, ...]
    from_history: tuple[float, ...]
    came: int


@dataclass(frozen=True, slots=True)
class BlendWeight:
    """The weight of declared interest, between 0 and 1, with the mean CRPS on the past lots that moved it there.

    The scores are `None` without past lots; the weight is then the assumed one.
    """

    interest: float
    lots: int
    crps_interest: float | None
    crps_history: float | None
    crps_blend: float | None


def choose_weight(past: Sequence[BothForecasts]) -> BlendWeight:
    """The weight of lowest score over past lots, drawn towards the assumed .7 as if that rested on 20 lots.

    The score of a blend is quadratic in its weight, so the best one is known exactly.

    >>> good, bad = (0.0, 1.0), (1.0,)  # one bid for certain, none for certain
    >>> weight = choose_weight([BothForecasts(str(n), bad, good, 1) for n in range(60)])
    >>> round(weight.interest, 2), weight.crps_interest
    (0.1, 1.0)
    """
    if not past:
        return BlendWeight(INTEREST_WEIGHT, 0, None, None, None)
    own = [_score(lot, 1.0) for lot in past]
    other = [_score(lot, 0.0) for lot in past]
    half = [_score(lot, 0.5) for lot in past]
    # For each lot: score(w) = other + slope w + curve w^2, through its values at 0, 1/2 and 1.
    curve = sum(2 * (one + none - 2 * mid) for one, none, mid in zip(own, other, half, strict=True))
    slope = sum(own) - sum(other) - curve
    strength = LOTS_THAT_PRIOR_COUNTS * (sum(own) + sum(other)) / (2 * len(past))
    best = (strength * INTEREST_WEIGHT - slope / 2) / (strength + curve) if strength + curve > 0 else INTEREST_WEIGHT
    weight = min(max(best, 0.0), 1.0)
    blended = sum(_score(lot, weight) for lot in past)
    return BlendWeight(weight, len(past), sum(own) / len(past), sum(other) / len(past), blended / len(past))


def blend(from_interest: Sequence[float], from_history: Sequence[float], weight: float) -> tuple[float, ...]:
    """The two distributions mixed, that from interest with this weight.

    Raises:
        ValueError: the weight is not between 0 and 1.

    >>> blend((0.5, 0.5), (0.0, 0.5, 0.5), 0.5)
    (0.25, 0.5, 0.25)
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"the weight must be between 0 and 1, not {weight}")
    longest = max(len(from_interest), len(from_history))
    one, other = (list(given) + [0.0] * (longest - len(given)) for given in (from_interest, from_history))
    return tuple(weight * first + (1 - weight) * second for first, second in zip(one, other, strict=True))


def credible_only(distribution: Sequence[float], credibility: float, correlation: float) -> tuple[float, ...]:
    """From bids to credible bids: history counts all bids, the capacity model only credible ones.

    Each lot has a share of credible bids of its own, Beta distributed with mean `credibility`, so that two bids of a
    lot correlate by `correlation`.

    >>> [round(chance, 3) for chance in credible_only((0.0, 0.0, 1.0), 0.5, 0.0)]
    [0.25, 0.5, 0.25]
    """
    found = [0.0] * len(distribution)
    for bids, chance in enumerate(distribution):
        for credible in range(bids + 1):
            found[credible] += chance * _share_credible(credible, bids, credibility, correlation)
    return tuple(found)


def _share_credible(credible: int, bids: int, mean: float, correlation: float) -> float:
    """Beta-binomial, or binomial without correlation."""
    if mean in (0.0, 1.0):
        return float(credible == (bids if mean else 0))
    ways = lgamma(bids + 1) - lgamma(credible + 1) - lgamma(bids - credible + 1)
    if correlation < LEAST_CORRELATION:
        return exp(ways) * mean**credible * (1 - mean) ** (bids - credible)
    weight = 1 / correlation - 1
    yes, no = mean * weight, (1 - mean) * weight
    together = lgamma(yes + credible) + lgamma(no + bids - credible) - lgamma(yes + no + bids)
    return exp(ways + together - lgamma(yes) - lgamma(no) + lgamma(yes + no))


def _score(lot: BothForecasts, weight: float) -> float:
    mixed = blend(lot.from_interest, lot.from_history, weight)
    return crps_of(ForecastOutcome(lot.lot_id, mixed, 0, 0, lot.came))
