"""Negative binomial regression with shrinkage: how bids rise and fall with a lot's circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from intelligence.forecast.distributions import Distributions, negative_binomial
from intelligence.forecast.features import Features
from intelligence.forecast.histograms import TYPICAL_BIDS, TYPICAL_SIZE
from intelligence.forecast.timeline import Floats, Ints

LOTS_PER_COLUMN = 15  # circumstances join the regression, those that tell most first, as there are lots to learn from
SLOPE_DEVIATION = 0.25  # of the effect of one standard deviation of a circumstance, before any evidence
# Interest becomes bids less than in proportion. Assumed, in step with 22 tenders in which 7 to 63 firms took documents.
INTEREST_SLOPE, INTEREST_DEVIATION = 0.6, 0.3
INTERCEPT_DEVIATION = 1.0
SIZE_CENTRE, SIZE_DEVIATION = 1.5, 1.2  # of the logarithm of the size
SIZES = np.exp(np.linspace(-1.5, 5.0, 40))
FARTHEST = 4.0  # standard deviations: a circumstance beyond them has no further effect
LOG_MEANS = (-3.0, 7.0)
ROUNDS, STEPS = 4, 25


@dataclass(frozen=True, slots=True)
class Design:
    """How circumstances become columns of the regression, all learnt from the rows that it is fitted to."""

    centre: Floats
    scale: Floats
    squared: int | None
    prior_mean: Floats
    prior_deviation: Floats

    def columns(self, matrix: Floats) -> Floats:
        standard = np.clip((matrix - self.centre) / self.scale, -FARTHEST, FARTHEST)
        parts = [np.ones((len(matrix), 1)), standard]
        if self.squared is not None:
            parts.append(np.square(standard[:, [self.squared]]) - 1)
        return np.hstack(parts)


def regress(features: Features, telling: Ints, bids: Ints, train: Ints, rows: Ints) -> Distributions:
    """Fit to the rows `train` and forecast `rows`, from the columns `telling`."""
    used, known = telling[: len(train) // LOTS_PER_COLUMN], np.zeros(len(rows))
    if "log interest" in features.names:  # it comes first, and its effect is known beforehand
        if 0 not in telling:
            known = _effect_known_beforehand(features.matrix[:, 0], train, rows)
        elif 0 not in used:
            used = telling[:1]
    names, matrix = [features.names[place] for place in used], features.matrix[:, used]
    design = _design(names, matrix[train])
    observed = bids[train].astype(np.float64)
    coefficients, size = _fit(design.columns(matrix[train]), observed, design)
    log_mean = np.clip(design.columns(matrix[rows]) @ coefficients + known, *LOG_MEANS)
    return negative_binomial(np.exp(log_mean), size)


def _effect_known_beforehand(log_interest: Floats, train: Ints, rows: Ints) -> Floats:
    """What interest does to the log mean of the rows where the lots fitted to say nothing of it.

    Apart from the fit, so that interest that only later lots know leaves every other forecast as it was.
    """
    usual = float(log_interest[train].mean()) if len(train) else 0.0
    effect: Floats = INTEREST_SLOPE * np.clip(log_interest[rows] - usual, -FARTHEST, FARTHEST)
    return effect


def _design(names: Sequence[str], matrix: Floats) -> Design:
    width = len(names)
    centre, scale = (matrix.mean(axis=0), matrix.std(axis=0)) if len(matrix) else (np.zeros(width), np.ones(width))
    scale = np.where(scale > 1e-6, scale, 1.0)
    mean, deviation = np.zeros(width), np.full(width, SLOPE_DEVIATION)
    if "log interest" in names:
        place = names.index("log interest")
        mean[place], deviation[place] = INTEREST_SLOPE * scale[place], INTEREST_DEVIATION * scale[place]
    squared = names.index("log value") if "log value" in names else None
    curve = [] if squared is None else [SLOPE_DEVIATION]
    return Design(
        centre,
        scale,
        squared,
        np.concatenate([[np.log(TYPICAL_BIDS)], mean, np.zeros(len(curve))]),
        np.concatenate([[INTERCEPT_DEVIATION], deviation, curve]),
    )


def _fit(columns: Floats, bids: Floats, design: Design) -> tuple[Floats, float]:
    """Coefficients and size of largest posterior density, each found in turn with the other as it stands."""
    coefficients, size = design.prior_mean.copy(), TYPICAL_SIZE
    for _ in range(ROUNDS):
        coefficients = _newton(columns, bids, design, coefficients, size)
        found = _most_likely_size(np.exp(np.clip(columns @ coefficients, *LOG_MEANS)), bids)
        if found == size:
            break
        size = found
    return coefficients, size


def _newton(columns: Floats, bids: Floats, design: Design, start: Floats, size: float) -> Floats:
    """Fisher scoring with steps of bounded length."""
    coefficients = start
    certainty = 1 / np.square(design.prior_deviation)
    for _ in range(STEPS):
        mean = np.exp(np.clip(columns @ coefficients, *LOG_MEANS))
        weight = size / (size + mean)
        gradient = columns.T @ ((bids - mean) * weight) - certainty * (coefficients - design.prior_mean)
        information = (columns * (mean * weight)[:, None]).T @ columns + np.diag(certainty)
        step = np.linalg.solve(information, gradient)
        length = float(np.abs(step).max())
        coefficients = coefficients + step * min(1.0, 1.0 / max(length, 1e-12))
        if length < 1e-6:
            break
    return coefficients


def _most_likely_size(mean: Floats, bids: Floats) -> float:
    distinct, place = np.unique(bids, return_inverse=True)
    density = []
    for size in SIZES:
        ways = (gammaln(distinct + size) - gammaln(size))[place]
        fit = ways + size * np.log(size / (size + mean)) + bids * np.log(mean / (size + mean))
        density.append(float(fit.sum()) - 0.5 * ((np.log(size) - SIZE_CENTRE) / SIZE_DEVIATION) ** 2)
    return float(SIZES[int(np.argmax(density))])
