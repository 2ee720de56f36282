"""From statements to drafts of themes: two views, their neighbourhoods, micro-themes, a tree and its cut."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from intelligence.text.clustering import (
    average_link_tree,
    best_number,
    centres_of,
    cut,
    micro_theme_count,
    micro_themes,
)
from intelligence.text.lexical import lexical_view
from intelligence.text.neighbours import diffused, neighbour_graph
from intelligence.text.points import Points
from intelligence.text.semantic import Encoder, joined, semantic_view
from intelligence.text.statements import Statement
from intelligence.text.themes import ThemeParameters

NEIGHBOURS = 10
DIFFUSION_STEPS = 3

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


def grouped(
    points: Points, *, seed: int, themes: int | None, encode: Encoder | None, progress: Callable[[float], None]
) -> tuple[list[Draft], ThemeParameters]:
    """The themes before they have names; the last holds what has no place beside anything, where there is such."""
    view = view_of(points, seed=seed, encode=encode)
    progress(0.4)
    placed = np.flatnonzero(view.any(axis=1))
    neighbours = max(min(NEIGHBOURS, int(len(placed) ** 0.5 * 2 / 3), len(placed) - 1), 0)
    count = micro_theme_count(len(placed), themes)
    encoder = "none" if encode is None else encode.__name__
    parameters = ThemeParameters(themes, view.shape[1], neighbours, DIFFUSION_STEPS, count, encoder)
    if not len(placed):
        return _unlike_any_other(points, range(len(points.words))), parameters
    graph = neighbour_graph(view[placed], neighbours, seed=seed)
    near = diffused(view[placed], graph, DIFFUSION_STEPS)
    progress(0.6)
    micro = micro_themes(near, points.weights()[placed], count, seed=seed)
    tree = average_link_tree(centres_of(near, micro))
    leaves = int(micro.max()) + 1
    number = best_number(tree, graph, micro) if themes is None else themes
    centres = centres_of(near, cut(tree, leaves, number)[micro])
    progress(0.8)
    where = dict(zip(placed.tolist(), range(len(placed)), strict=True))
    drafts = _drafts(points, near, centres, where)
    return drafts + _unlike_any_other(points, set(range(len(points.words))) - where.keys()), parameters


def view_of(points: Points, *, seed: int, encode: Encoder | None) -> NDArray[np.float32]:
    """Where every point lies, by its wording and, with an encoder, its meaning; a row of zeros has no place."""
    if not points.words:
        return np.zeros((0, 0), dtype=np.float32)
    view = lexical_view(points.words, seed=seed)
    if encode is not None:
        view = joined(view, semantic_view(points.texts, view, encode))
    return points.in_context(view)


def _drafts(
    points: Points, near: NDArray[np.float32], centres: NDArray[np.float64], where: dict[int, int]
) -> list[Draft]:
    """Every statement in its nearest theme and those almost as near; every comment in that of it and its opening.

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
    comments = [comment for comment, (whole, _) in points.of_comment.items() if whole in where]
    rows = [[where.get(point, where[whole]) for point in (whole, first)] for whole, first in
            (points.of_comment[comment] for comment in comments)]  # fmt: skip
    mains = np.asarray(normalize(near[rows].sum(axis=1)), dtype=np.float32)
    for comment, label, strength in zip(comments, *_nearest(mains, centres), strict=True):
        drafts[label].comments[comment] = strength
    return drafts


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
