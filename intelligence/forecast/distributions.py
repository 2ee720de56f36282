"""Distributions of the number of bids as arrays, and the score that compares them with what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intelligence.forecast.tenders import MOST_BIDS
from intelligence.forecast.timeline import Floats, Ints

LEVELS = np.arange(MOST_BIDS + 1)


@dataclass(frozen=True, slots=True)
class Distributions:
    """One distribution a row: `cumulative[row, k]` is the chance of at most k bids, and 1 at the last level, which
    stands for all numbers from 40 on; `mean[row]` is the mean without that limit."""

    cumulative: npt.NDArray[np.float32]
    mean: Floats

    def replace(self, rows: Ints, other: Distributions) -> None:
        """Take these rows' distributions from another set, which holds no more than them."""
        self.cumulative[rows] = other.cumulative
        self.mean[rows] = other.mean

    def copy(self) -> Distributions:
        return Distributions(self.cumulative.copy(), self.mean.copy())


def empirical(bids: Ints) -> npt.NDArray[np.bool_]:
    """The cumulative distribution of a number that is known: 0 below it, 1 from it on.

    >>> empirical(np.array([0, 39, 300])).sum(axis=1).tolist()
    [41, 2, 1]
    """
    steps: npt.NDArray[np.bool_] = np.minimum(bids, MOST_BIDS)[:, None] <= LEVELS
    return steps


def negative_binomial(mean: Floats, size: float) -> Distributions:
    """Means by row and one size; the variance is ``mean + mean**2 / size``.

    >>> negative_binomial(np.array([2.0]), 1.0).cumulative[0, :3].round(3)
    array([0.333, 0.556, 0.704], dtype=float32)
    """
    chance = np.empty((len(mean), MOST_BIDS + 1))
    more = mean / (size + mean)
    chance[:, 0] = (size / (size + mean)) ** size
    for bids in range(MOST_BIDS):
        chance[:, bids + 1] = chance[:, bids] * more * (bids + size) / (bids + 1)
    cumulative = np.minimum(np.cumsum(chance, axis=1), 1.0)
    cumulative[:, -1] = 1.0
    return Distributions(cumulative.astype(np.float32), mean.copy())


def crps(cumulative: npt.NDArray[np.floating], bids: Ints) -> Floats:
    """The continuous ranked probability score of each row; numbers above 40 count as 40.

    >>> crps(empirical(np.array([3])).astype(float), np.array([5])).tolist()  # a sure forecast: the distance
    [2.0]
    """
    score: Floats = np.square(cumulative - empirical(bids)).sum(axis=1, dtype=np.float64)
    return score
