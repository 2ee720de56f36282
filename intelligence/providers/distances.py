"""How unlike two providers are, and groups of the least unlike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from intelligence.providers.profiles import Scale, Variable

Distances = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]

MOST_SWAPS = 50
LEAST_GAIN = 1e-9  # of the sum of distances; less is rounding


def unlikeness(variables: Sequence[Variable], rows: Rows, others: Rows) -> list[Distances]:
    """For each variable, how far each provider of `rows` is from each of `others`, from 0 to 1; NaN where either is
    not known.

    Amounts differ by their distance over the range of all providers, kinds by being other ones, sets by one less their
    Jaccard index.
    """
    return [_by_scale(variable, rows, others) for variable in variables]


def gower(parts: Sequence[Distances]) -> Distances:
    """Gower's distance: the mean over the variables that are known of both, each counting the same.

    Equal weights, because nothing says which answers matter most; unknown answers are left out rather than guessed,
    and two providers of whom nothing is known of both are as far apart as can be.
    """
    stacked = np.stack(parts)
    known = np.isfinite(stacked)
    count = known.sum(axis=0)
    total = np.where(known, stacked, 0.0).sum(axis=0)
    distance: Distances = np.where(count > 0, total / np.maximum(count, 1), 1.0)
    return distance


def among(parts: Sequence[Distances]) -> Distances:
    """Gower's distance between providers and the same providers: none from itself, whatever is known of it."""
    distance = gower(parts)
    np.fill_diagonal(distance, 0.0)
    return distance


def medoids(distance: Distances, number: int) -> Labels:
    """Split into `number` groups around members of their own: k-medoids by PAM (Kaufman and Rousseeuw, 1987).

    Begun greedily; then the one swap of a middle for another member that brings all nearest to their middles, until no
    swap does.

    >>> points = np.array([0.0, 0.1, 0.2, 5.0, 5.1])
    >>> medoids(np.abs(points[:, None] - points[None, :]), 2).tolist()
    [0, 0, 0, 1, 1]
    """
    chosen = _begin(distance, number)
    for _ in range(MOST_SWAPS):
        leaving, joining, change = _best_swap(distance, chosen)
        if change > -LEAST_GAIN:
            break
        chosen[leaving] = joining
    return _numbered(_nearest(distance, chosen))


def middle(distance: Distances, labels: Labels, group: int) -> int:
    """The member of a group that is nearest to all others of it."""
    return _middle(distance, np.flatnonzero(labels == group))


def silhouette(distance: Distances, labels: Labels) -> float:
    """The mean silhouette width (Rousseeuw, 1987); a member alone in its group counts 0."""
    groups = np.unique(labels)
    to_group = np.stack([distance[:, labels == group].sum(axis=1) for group in groups], axis=1)
    sizes = np.array([(labels == group).sum() for group in groups])
    place = np.searchsorted(groups, labels)
    rows = np.arange(len(labels))
    own_size = sizes[place]
    inside = to_group[rows, place] / np.maximum(own_size - 1, 1)
    means = to_group / sizes
    means[rows, place] = np.inf
    outside = means.min(axis=1)
    width = (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-12)
    return float(np.where(own_size > 1, width, 0.0).mean())


def _by_scale(variable: Variable, rows: Rows, others: Rows) -> Distances:
    values = variable.values
    if variable.scale is Scale.AMOUNT:
        amounts = np.array([variable.compared(value) if isinstance(value, float | int) else np.nan for value in values])
        spread = float(np.nanmax(amounts) - np.nanmin(amounts))
        found: Distances = np.abs(amounts[rows, None] - amounts[None, others]) / (spread or 1.0)
    elif variable.scale is Scale.KIND:
        words = np.array([str(value) for value in values])
        found = (words[rows, None] != words[None, others]).astype(np.float64)
    else:
        found = _jaccard([value if isinstance(value, frozenset) else frozenset() for value in values], rows, others)
    unknown = np.array([value is None for value in values])
    found[unknown[rows], :] = np.nan
    found[:, unknown[others]] = np.nan
    return found


def _jaccard(sets: Sequence[frozenset[str]], rows: Rows, others: Rows) -> Distances:
    every = sorted(frozenset().union(*sets))
    has = np.array([[word in found for word in every] for found in sets], np.float64).reshape(len(sets), -1)
    one, other = has[rows], has[others]
    shared = one @ other.T
    either = one.sum(axis=1)[:, None] + other.sum(axis=1)[None, :] - shared
    distance: Distances = np.where(either > 0, 1 - shared / np.maximum(either, 1), 0.0)
    return distance


def _begin(distance: Distances, number: int) -> list[int]:
    chosen = [int(distance.sum(axis=1).argmin())]
    nearest = distance[:, chosen[0]]
    while len(chosen) < number:
        gain = np.maximum(nearest[:, None] - distance, 0).sum(axis=0)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
        nearest = np.minimum(nearest, distance[:, chosen[-1]])
    return chosen


def _best_swap(distance: Distances, chosen: list[int]) -> tuple[int, int, float]:
    """The middle (its place in `chosen`) to replace, by which member, and what that does to the sum of distances.

    What a member would win whatever middle it replaced is worked out once for all of these (FastPAM: Schubert and
    Rousseeuw, 2019).
    """
    to_middles = distance[:, chosen]
    own = to_middles.argmin(axis=1)
    nearest, second = np.sort(to_middles, axis=1)[:, :2].T[:, :, None]
    won = np.minimum(distance - nearest, 0.0)
    without = np.minimum(distance, second) - nearest - won
    change = won.sum(axis=0) + np.stack([without[own == place].sum(axis=0) for place in range(len(chosen))])
    change[:, chosen] = 0.0
    leaving, joining = np.unravel_index(change.argmin(), change.shape)
    return int(leaving), int(joining), float(change[leaving, joining])


def _nearest(distance: Distances, chosen: list[int]) -> Labels:
    labels: Labels = distance[:, chosen].argmin(axis=1)
    labels[chosen] = np.arange(len(chosen))  # of two that are alike each keeps a group of its own
    return labels


def _middle(distance: Distances, members: npt.NDArray[np.int64]) -> int:
    return int(members[distance[np.ix_(members, members)].sum(axis=1).argmin()])


def _numbered(labels: Labels) -> Labels:
    """Groups numbered in the order of their first members."""
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    rank: Labels = np.argsort(np.argsort(first))
    return rank[place]
