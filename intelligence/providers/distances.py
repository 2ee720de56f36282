"""How unlike two providers are, and groups of the least unlike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from intelligence.providers.profiles import Scale, Variable

Distances = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

MOST_ROUNDS = 50


def unlikeness(variables: Sequence[Variable]) -> list[Distances]:
    """For each variable, the distance of each pair of providers, from 0 to 1; NaN where either is not known.

    Amounts differ by their distance over the range, kinds by being other ones, sets by one less their Jaccard index.
    """
    return [_by_scale(variable) for variable in variables]


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
    np.fill_diagonal(distance, 0.0)
    return distance


def medoids(distance: Distances, number: int) -> Labels:
    """Split into `number` groups around members of their own: k-medoids, begun greedily (PAM's build), then in turn.

    >>> points = np.array([0.0, 0.1, 0.2, 5.0, 5.1])
    >>> medoids(np.abs(points[:, None] - points[None, :]), 2).tolist()
    [0, 0, 0, 1, 1]
    """
    chosen = _begin(distance, number)
    labels = _nearest(distance, chosen)
    for _ in range(MOST_ROUNDS):
        chosen = [_middle(distance, np.flatnonzero(labels == group)) for group in range(number)]
        moved = _nearest(distance, chosen)
        if (moved == labels).all():
            break
        labels = moved
    return _numbered(labels)


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


def _by_scale(variable: Variable) -> Distances:
    values = variable.values
    unknown = np.array([value is None for value in values])
    if variable.scale is Scale.AMOUNT:
        amounts = np.array([variable.compared(value) if isinstance(value, float | int) else np.nan for value in values])
        spread = float(np.nanmax(amounts) - np.nanmin(amounts))
        found: Distances = np.abs(amounts[:, None] - amounts[None, :]) / (spread or 1.0)
    elif variable.scale is Scale.KIND:
        words = np.array([str(value) for value in values])
        found = (words[:, None] != words[None, :]).astype(np.float64)
    else:
        found = _jaccard([value if isinstance(value, frozenset) else frozenset() for value in values])
    found[unknown, :] = np.nan
    found[:, unknown] = np.nan
    return found


def _jaccard(sets: Sequence[frozenset[str]]) -> Distances:
    every = sorted(frozenset().union(*sets))
    has = np.array([[word in found for word in every] for found in sets], np.float64).reshape(len(sets), -1)
    shared = has @ has.T
    either = has.sum(axis=1)[:, None] + has.sum(axis=1)[None, :] - shared
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
