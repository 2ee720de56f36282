"""A linear pool of forecasts, weighted by what each did on past lots that it had not seen.

The score of a pool is quadratic in its weights, so the best ones are found exactly; weights set beforehand count as
if a number of past lots had shown them to be right, so that a few lucky forecasts do not carry the day.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import nnls

from intelligence.forecast.distributions import Distributions, empirical
from intelligence.forecast.timeline import Floats, Ints

LOTS_THAT_PRIOR_COUNTS = 30.0
SUM_TO_ONE = 1e3  # how much a deviation from it costs, in units of the score


def pool(candidates: Sequence[Distributions], weights: Floats, rows: Ints) -> Distributions:
    """The candidates' distributions of these rows, mixed."""
    cumulative = sum(weight * found.cumulative[rows] for weight, found in zip(weights, candidates, strict=True))
    mean = sum(weight * found.mean[rows] for weight, found in zip(weights, candidates, strict=True))
    return Distributions(np.asarray(cumulative, np.float32), np.asarray(mean, np.float64))


def cross_products(candidates: Sequence[Distributions], bids: Ints, rows: Ints) -> Floats:
    """The matrix whose quadratic form, over the rows, is the summed score of a pool: candidates by candidates."""
    steps = empirical(bids[rows])
    errors = np.stack([(found.cumulative[rows] - steps).ravel() for found in candidates]).astype(np.float64)
    products: Floats = errors @ errors.T
    return products


def best_weights(products: Floats, lots: int, prior: Floats) -> Floats:
    """The weights, none negative and one in all, of the lowest score over the lots and the prior's own.

    >>> products = np.array([[100.0, 0.0], [0.0, 300.0]])  # uncorrelated errors, one candidate three times as good
    >>> best_weights(products, 100, np.array([0.5, 0.5])).round(2).tolist()
    [0.69, 0.31]
    """
    if lots == 0:
        return prior
    typical = float(np.trace(products)) / (lots * len(prior))  # a candidate's score on one lot
    strength = LOTS_THAT_PRIOR_COUNTS * typical
    if strength == 0:  # every candidate was right every time
        return prior
    values, vectors = np.linalg.eigh(products)
    root = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    rows = [root, np.sqrt(strength) * np.eye(len(prior)), SUM_TO_ONE * np.sqrt(strength) * np.ones((1, len(prior)))]
    target = [np.zeros(len(prior)), np.sqrt(strength) * prior, [SUM_TO_ONE * np.sqrt(strength)]]
    weights, _ = nnls(np.vstack(rows), np.concatenate(target))
    found: Floats = weights / weights.sum()
    return found
