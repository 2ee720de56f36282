"""From where everything said lies to drafts of themes: neighbourhoods, micro-themes, a tree and its cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from intelligence.compute import Progress, Workers
from intelligence.text.clustering import (
    CHANCE,
    Joining,
    balanced_tree,
    best_cut,
    centres_of,
    cut,
    micro_theme_count,
    micro_themes,
)
from intelligence.text.neighbours import diffused, diffusion_steps_among, joining, neighbour_graph, neighbours_among
from intelligence.text.points import Points
from intelligence.text.semantic import RememberingEncoder
from intelligence.text.statements import Statement
from intelligence.text.themes import ThemeParameters
from intelligence.text.views import Views

LARGEST_FIT = 16_000
"""Points from which themes are learnt; the rest join those they are like, so that time grows with their number."""

SMALLEST_TRIAL = 200
LARGEST_TRIAL = 4_000
"""Points on which it is tried whether statements or whole comments fall into clearer groups."""

CLEARER = 0.01
"""Modularity by which whole comments must fall into clearer groups; another drawing of the points moves it as far."""

ALMOST = 0.04
"""What a theme's cosine may fall short of that of the nearest one for a statement to speak to it too."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A theme before it has a name: statements and whole comments, by position, with their strengths."""

    centre: NDArray[np.float64]
    statements: dict[int, float]
    comments: dict[int, float]

    def size(self, statements: Sequence[Statement]) -> int:
        return len(self.comments.keys() | {statements[number].comment for number in self.statements})


@dataclass(frozen=True, slots=True)
class _Groups:
    """What some points fall into: where they lie once diffused, the leaf of each, the tree and its best cut."""

    near: NDArray[np.float32]
    leaves: NDArray[np.intp]
    tree: tuple[Joining, ...]
    number: int
    modularity: float


def grouped(
    points: Points,
    *,
    seed: int,
    themes: int | None,
    encode: RememberingEncoder | None,
    workers: Workers,
    progress: Progress,
) -> tuple[list[Draft], ThemeParameters]:
    """The themes before they have names; the last holds what has no place beside anything, where there is such."""
    views = Views(points, encode, workers)
    view = views.by_statements(lambda share: progress(0.1 + 0.3 * share))
    placed = np.flatnonzero(view.any(axis=1))
    learnt, what = _learnt_from(points, view, placed, seed, workers)
    if what == "comments":
        view = views.by_comments(view, lambda share: progress(0.4 + 0.1 * share))
    progress(0.5)
    neighbours, steps = neighbours_among(len(learnt)), diffusion_steps_among(len(learnt))
    count = micro_theme_count(len(learnt), themes)
    encoder = "none" if encode is None else encode.name
    parameters = ThemeParameters(themes, view.shape[1], neighbours, steps, count, encoder, what)
    if not len(placed):
        return _unlike_any_other(points, range(len(points.words))), parameters
    groups = _groups(view[learnt], points.weights()[learnt], themes, workers)
    progress(0.6)
    number = groups.number if themes is None else themes
    leaves = int(groups.leaves.max()) + 1
    centres = centres_of(groups.near, cut(groups.tree, leaves, number)[groups.leaves])
    near = np.zeros_like(view)
    near[learnt] = groups.near
    rest = np.setdiff1d(placed, learnt)
    if len(rest):
        near[rest] = joining(view[rest], view[learnt], groups.near, max(neighbours, 1), workers=workers)
    progress(0.7)
    where = dict(zip(placed.tolist(), range(len(placed)), strict=True))
    drafts = _drafts(points, near[placed], centres, where, _deciding(points, what))
    return drafts + _unlike_any_other(points, set(range(len(points.words))) - where.keys()), parameters


def _learnt_from(
    points: Points, view: NDArray[np.float32], placed: NDArray[np.intp], seed: int, workers: Workers
) -> tuple[NDArray[np.intp], str]:
    """The points from which the themes are learnt, statements or whole comments: whichever fall into clearer groups.

    People who are asked for all their views say several things, and their comments fall into groups only once they are
    cut; where each writes about one thing, cutting takes the context away. Of few comments neither can be told, and
    statements are the safer guess.
    """
    statements, wholes = np.intersect1d(points.statements(), placed), np.intersect1d(points.wholes(), placed)
    size = min(len(statements), len(wholes), LARGEST_TRIAL)
    learnt, what = statements, "statements"
    if size >= SMALLEST_TRIAL and not np.array_equal(statements, wholes):
        clear = [_groups(view[some], np.ones(size), None, workers).modularity for some in (
            _some(statements, size, CHANCE), _some(wholes, size, CHANCE))]  # fmt: skip
        if clear[1] > clear[0] + CLEARER:
            learnt, what = wholes, "comments"
    return _some(learnt if len(learnt) else placed, LARGEST_FIT, seed), what


def _some(rows: NDArray[np.intp], most: int, seed: int) -> NDArray[np.intp]:
    return rows if len(rows) <= most else np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _groups(view: NDArray[np.float32], weights: NDArray[np.float64], themes: int | None, workers: Workers) -> _Groups:
    graph = neighbour_graph(view, neighbours_among(len(view)), workers=workers)
    near = diffused(view, graph, diffusion_steps_among(len(view)))
    leaves = micro_themes(near, weights, micro_theme_count(len(view), themes))
    centres = centres_of(near, leaves)
    tree = balanced_tree(centres, np.ones(len(centres)))
    number, modularity = best_cut(tree, graph, leaves)
    return _Groups(near, leaves, tree, number, modularity)


def _drafts(
    points: Points,
    near: NDArray[np.float32],
    centres: NDArray[np.float64],
    where: dict[int, int],
    deciding: dict[int, list[int]],
) -> list[Draft]:
    """Every statement in its nearest theme and those almost as near; every comment in that of what decides it.

    A theme is what statements say: one that only whole comments would join is left out.
    """
    labels, _ = _nearest(near, centres)
    said = sorted({labels[where[point]] for point in points.of_statement if point in where} or set(labels))
    centres = centres[said]
    drafts = [Draft(centre, {}, {}) for centre in centres]
    spoken = _almost_nearest(near, centres)
    for number, point in enumerate(points.of_statement):
        for label, strength in spoken[where[point]] if point in where else ():
            drafts[label].statements[number] = strength
    comments = [comment for comment, (whole, *_) in deciding.items() if whole in where]
    rows = [[where.get(point, where[deciding[comment][0]]) for point in deciding[comment]] for comment in comments]
    mains = np.asarray(normalize(near[rows].sum(axis=1)), dtype=np.float32)
    for comment, label, strength in zip(comments, *_nearest(mains, centres), strict=True):
        drafts[label].comments[comment] = strength
    return drafts


def _deciding(points: Points, what: str) -> dict[int, list[int]]:
    """The points by which each comment has its main theme, the whole first.

    Who says several things opens with what matters most; where each comment is about one thing, the whole says which.
    """
    openings = what == "statements"
    return {comment: [whole, first] if openings else [whole] for comment, (whole, first) in points.of_comment.items()}


def _nearest(view: NDArray[np.float32], centres: NDArray[np.float64]) -> tuple[list[int], list[float]]:
    """The nearest centre of each row and its cosine, rounded so that no machine's last digit shows."""
    cosines = view @ centres.T.astype(np.float32)
    labels = cosines.argmax(axis=1)
    strengths = np.clip(cosines.max(axis=1), 0, 1).astype(float).round(4)
    return labels.tolist(), strengths.tolist()


def _almost_nearest(view: NDArray[np.float32], centres: NDArray[np.float64]) -> list[list[tuple[int, float]]]:
    """The centres of each row that are nearest or almost so, with their cosines, as :func:`_nearest` rounds them."""
    cosines = view @ centres.T.astype(np.float32)
    rows, labels = np.nonzero(cosines >= cosines.max(axis=1, keepdims=True) - np.float32(ALMOST))
    strengths = np.clip(cosines[rows, labels], 0, 1).astype(float).round(4)
    spoken: list[list[tuple[int, float]]] = [[] for _ in view]
    for row, label, strength in zip(rows.tolist(), labels.tolist(), strengths.tolist(), strict=True):
        spoken[row].append((label, strength))
    return spoken


def _unlike_any_other(points: Points, lost: Collection[int]) -> list[Draft]:
    """One draft of the comments that share no wording with any other, or nothing when there are none."""
    comments = {comment: 0.0 for comment, (whole, _) in points.of_comment.items() if whole in lost}
    return [Draft(np.zeros(0), {}, comments)] if comments else []
