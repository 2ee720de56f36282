"""From points to themes: many micro-themes, a tree over them, and the cut at which the tree reads best.

A tree over micro-themes that count alike keeps small real themes apart where k-means would divide the large ones, and
lets a reader go broader without another run. The number of themes is that of the cut with the highest modularity
(Newman 2006) on the graph of nearest neighbours: groups within which people's neighbours lie, beyond what their sizes
alone would give. Its resolution (Reichardt and Bornholdt 2006) is set above the usual 1, because broad themes are
joined from the tree in no time, whereas a theme that was never told apart cannot be read at all.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

MOST_MICRO_THEMES = 400
ROWS_TO_BEGIN = 10
"""Rows for each micro-theme among which its first centre is sought."""

ITERATIONS = 12

CHANCE = 0
"""Seed of the first centres. It is the same in every run, so that no reader's themes depend on luck."""

RESOLUTION = 2.0
"""How much the sizes of two groups count against joining them."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Two nodes of a tree become one; leaves are numbered from 0, joinings follow in their order."""

    left: int
    right: int
    distance: float


def micro_theme_count(rows: int, themes: int | None) -> int:
    """About 2.5 times the square root of the rows, within bounds, and no fewer than the themes asked for."""
    usual = min(max(20, int(2.5 * rows**0.5)), MOST_MICRO_THEMES, max(rows // 2, min(rows, 20)))
    return usual if themes is None else min(max(usual, themes), rows)


def micro_themes(view: NDArray[np.float32], weights: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Number of the micro-theme of each row, from 0 without gaps, by k-means on unit rows."""
    count = min(count, len(view))
    some = np.random.default_rng(CHANCE).permutation(len(view))[: ROWS_TO_BEGIN * count]
    centres, _ = kmeans_plusplus(view[some], count, sample_weight=weights[some], random_state=CHANCE, n_local_trials=1)
    means = KMeans(count, init=centres, n_init=1, max_iter=ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct rows than micro-themes is no fault
        means.fit(view, sample_weight=weights)
    labels: NDArray[np.intp] = np.unique(means.labels_, return_inverse=True)[1].astype(np.intp)
    return labels


def centres_of(view: NDArray[np.float32], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    """Unit mean of the rows of each label. Shape: (labels, dimensions)."""
    count = int(labels.max()) + 1
    members = sp.csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=(count, len(labels)))
    return np.asarray(normalize(members @ view.astype(np.float64)))


def balanced_tree(centres: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[Joining, ...]:
    """The tree in which each joining loses least of the spread of what the leaves hold (Ward's), with cosine distances.

    Two heavy branches are dear to join. By average distance, branches chain from one to the next: most of a hundred
    themes end in one of ten groups, and their reader learns that nearly everybody spoke of one thing.
    """
    means, masses, names = centres.copy(), weights.astype(np.float64), list(range(len(centres)))
    shares = masses[:, None] * masses / (masses[:, None] + masses)
    losses = shares * np.clip(2 - 2 * centres @ centres.T, 0, None)
    np.fill_diagonal(losses, np.inf)
    joined = np.zeros(len(centres), dtype=bool)
    tree: list[Joining] = []
    for number in range(len(centres), 2 * len(centres) - 1):
        left, right = sorted(divmod(int(losses.argmin()), len(centres)))
        one, other = normalize(means[[left, right]])
        tree.append(Joining(names[left], names[right], max(1 - float(one @ other), 0.0)))
        means[left] = np.average(means[[left, right]], axis=0, weights=masses[[left, right]])
        masses[left], names[left] = masses[left] + masses[right], number
        joined[right] = True
        row = masses[left] * masses / (masses[left] + masses) * ((means - means[left]) ** 2).sum(axis=1)
        row[joined], row[left] = np.inf, np.inf
        losses[left], losses[:, left], losses[right], losses[:, right] = row, row, np.inf, np.inf
    return tuple(tree)


def cut(tree: tuple[Joining, ...], leaves: int, groups: int) -> NDArray[np.intp]:
    """Group of each leaf when the tree is cut into `groups` (at most `leaves`), numbered by their first leaf."""
    branches: dict[int, list[int]] = {leaf: [leaf] for leaf in range(leaves)}
    for number, joining in enumerate(tree[: leaves - min(groups, leaves)]):
        branches[leaves + number] = branches.pop(joining.left) + branches.pop(joining.right)
    labels = np.empty(leaves, dtype=np.intp)
    for group, members in enumerate(sorted(branches.values(), key=min)):
        labels[members] = group
    return labels


def best_cut(tree: tuple[Joining, ...], graph: Any, labels: NDArray[np.intp]) -> tuple[int, float]:
    """The number of groups whose cut has the highest modularity on the graph, the fewest of equals; and that.

    `labels` are the leaves of the graph's rows. Modularities are rounded so that no machine's last digit shows.
    """
    leaves = int(labels.max()) + 1
    members = sp.csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=(leaves, len(labels)))
    links = np.zeros((2 * leaves - 1, 2 * leaves - 1))
    links[:leaves, :leaves] = (members @ graph @ members.T).toarray()
    total = links.sum()
    if total == 0:
        return leaves, 0.0
    degrees = links.sum(axis=1)
    modularity = float((np.diag(links) / total - RESOLUTION * (degrees / total) ** 2).sum())
    modularities = [(round(modularity, 9), -leaves)]
    for step, joining in enumerate(tree):
        left, right, new = joining.left, joining.right, leaves + step
        modularity += 2 * float(links[left, right] / total - RESOLUTION * degrees[left] * degrees[right] / total**2)
        links[new] = links[left] + links[right]
        links[:, new] = links[:, left] + links[:, right]
        degrees[new] = degrees[left] + degrees[right]
        modularities.append((round(modularity, 9), step + 1 - leaves))
    best, fewest = max(modularities)
    return -fewest, best
