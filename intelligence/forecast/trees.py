"""Lots in like circumstances: a kernel whose neighbourhoods are the leaves of randomised trees.

The trees are grown to explain the logarithm of the number of bids; the forecast is the mixture, over trees, of what
the past lots in the same leaf drew (a quantile regression forest: Meinshausen, 2006).
"""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor

from intelligence.forecast.distributions import LEVELS, Distributions
from intelligence.forecast.features import Features
from intelligence.forecast.tenders import MOST_BIDS
from intelligence.forecast.timeline import Ints

TREES = 40
SMALLEST_LEAF = 15
FEWEST_LOTS = 60  # below, leaves would hold all there is
MOST_LOTS = 6_000  # the latest ones; more take longer and tell little more
SHARE_OF_FEATURES = 0.5


def neighbours(features: Features, telling: Ints, bids: Ints, train: Ints, rows: Ints, *, seed: int) -> Distributions:
    """Grow the trees on the rows `train`, oldest first, and forecast `rows`, from the columns `telling`."""
    train = train[-MOST_LOTS:]
    forest = ExtraTreesRegressor(
        TREES, min_samples_leaf=SMALLEST_LEAF, max_features=SHARE_OF_FEATURES, random_state=seed
    )
    matrix = features.matrix[:, telling].astype(np.float32)
    forest.fit(matrix[train], np.log1p(bids[train]))
    leaves, wanted = forest.apply(matrix[train]), forest.apply(matrix[rows])
    capped = np.minimum(bids[train], MOST_BIDS)
    cumulative = np.zeros((len(rows), len(LEVELS)))
    mean = np.zeros(len(rows))
    for tree in range(TREES):
        leaf, size = leaves[:, tree], int(leaves[:, tree].max()) + 1
        seen = np.bincount(leaf * len(LEVELS) + capped, minlength=size * len(LEVELS)).reshape(size, -1)
        lots = np.maximum(seen.sum(axis=1), 1)
        cumulative += (np.cumsum(seen, axis=1) / lots[:, None])[wanted[:, tree]]
        mean += (np.bincount(leaf, bids[train], minlength=size) / lots)[wanted[:, tree]]
    return Distributions((cumulative / TREES).astype(np.float32), mean / TREES)
