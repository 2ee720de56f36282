"""Trees over themes: where they are cut, and what a reader of few groups is shown."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.preprocessing import normalize

from intelligence.text.clustering import RESOLUTION, balanced_tree, best_cut, cut


@pytest.fixture
def chain() -> NDArray[np.float64]:
    """Twenty themes on an arc, each a little farther from the last, and three small ones far from all."""
    angles = np.concatenate([np.cumsum(np.linspace(0.05, 0.07, 20)), [2.2, 2.9, 3.6]])
    return np.column_stack([np.cos(angles), np.sin(angles)])


def test_heavy_branches_are_kept_apart_where_average_distance_would_chain_them(chain: NDArray[np.float64]) -> None:
    weights = np.array([100.0] * 20 + [1.0] * 3)
    by_distance = fcluster(linkage(chain, "average", metric="cosine"), 4, "maxclust") - 1
    by_spread = cut(balanced_tree(chain, weights), len(chain), 4)
    largest = [np.bincount(groups, weights=weights).max() / weights.sum() for groups in (by_distance, by_spread)]
    assert largest[0] > 0.9
    assert largest[1] < 0.4


def test_it_joins_what_loses_least_of_the_spread_each_time() -> None:
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(8, 3))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    weights = rng.integers(1, 30, size=8).astype(float)
    tree = balanced_tree(centres, weights)
    for groups in range(7, 0, -1):
        before, after = cut(tree, 8, groups + 1), cut(tree, 8, groups)
        least = min(
            within(centres, weights, np.where(before == other, one, before))
            for one in range(groups + 1)
            for other in range(one)
        )
        assert within(centres, weights, after) == pytest.approx(least)


def test_the_distance_of_two_leaves_is_that_of_their_cosine() -> None:
    [joining] = balanced_tree(np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([5.0, 1.0]))
    assert (joining.left, joining.right) == (0, 1)
    assert joining.distance == pytest.approx(0.4)


def within(centres: NDArray[np.float64], weights: NDArray[np.float64], groups: NDArray[np.intp]) -> float:
    spread = 0.0
    for group in np.unique(groups):
        own, mass = centres[groups == group], weights[groups == group]
        spread += float(mass @ ((own - np.average(own, axis=0, weights=mass)) ** 2).sum(axis=1))
    return spread


def test_the_best_cut_has_the_highest_modularity_of_all() -> None:
    """Three groups of four whose members are all neighbours, and one link between each two groups."""
    groups = np.repeat([0, 1, 2], 4)
    links = (groups[:, None] == groups).astype(float)
    np.fill_diagonal(links, 0)
    for one, other in ((0, 4), (5, 8), (9, 1)):
        links[one, other] = links[other, one] = 1
    tree = balanced_tree(normalize(np.eye(3)[groups] + 0.1 * np.linspace(0, 1, 36).reshape(12, 3)), np.ones(12))
    number, best = best_cut(tree, sp.csr_matrix(links), np.arange(12))
    reached = {count: modularity(links, cut(tree, 12, count)) for count in range(1, 13)}
    assert number == max(reached, key=lambda count: reached[count]) == 3
    assert best == pytest.approx(reached[3])


def modularity(links: NDArray[np.float64], groups: NDArray[np.intp]) -> float:
    """Newman's, by its definition: what lies within groups beyond what the degrees alone would give."""
    degrees = links.sum(axis=1)
    expected = RESOLUTION * np.outer(degrees, degrees) / links.sum()
    return float(((links - expected) * (groups[:, None] == groups)).sum() / links.sum())
