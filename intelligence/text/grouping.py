"""From statements to drafts of themes: the lexical view, its neighbourhoods, micro-themes, a tree and its cut.

The points that are grouped are the distinct statements and the distinct whole comments together. Statements let one
comment speak to several themes; the whole of a comment and its opening, which have the context, decide its main one.
"""

from __future__ import annotations

from collections import defaultdict
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
from intelligence.text.statements import Statement
from intelligence.text.themes import ThemeParameters

NEIGHBOURS = 10
DIFFUSION_STEPS = 3


@dataclass(frozen=True, slots=True)
class _Points:
    """What is grouped, each distinct wording once: the words of every point, and the point of everything said.

    `of_comment` maps the position of a comment to the points of the whole of it and of its first statement.
    """

    words: list[tuple[str, ...]]
    of_statement: list[int]
    of_comment: dict[int, tuple[int, int]]

    def weights(self) -> NDArray[np.float64]:
        """The square root of how often each was said, so that a stock answer does not pull every centre to it."""
        said = np.bincount(self.of_statement, minlength=len(self.words))
        return np.sqrt(np.maximum(said, 1).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Draft:
    """A theme before it has a name: statements and whole comments, by position, with their strengths."""

    centre: NDArray[np.float64]
    statements: dict[int, float]
    comments: dict[int, float]

    def size(self, statements: Sequence[Statement]) -> int:
        return len(self.comments.keys() | {statements[number].comment for number in self.statements})


def _points(statements: Sequence[Statement]) -> _Points:
    points: dict[tuple[str, ...], int] = {}
    of_statement = [points.setdefault(statement.words, len(points)) for statement in statements]
    own: defaultdict[int, list[int]] = defaultdict(list)
    for number, statement in enumerate(statements):
        own[statement.comment].append(number)
    of_comment = {}
    for comment, numbers in own.items():
        words = tuple(word for number in numbers for word in statements[number].words)
        of_comment[comment] = (points.setdefault(words, len(points)), of_statement[numbers[0]])
    return _Points(list(points), of_statement, of_comment)


def grouped(
    statements: Sequence[Statement], *, seed: int, themes: int | None, progress: Callable[[float], None]
) -> tuple[list[Draft], ThemeParameters]:
    """The themes before they have names; the last holds what shares no wording with anything, where there is such."""
    points = _points(statements)
    view = lexical_view(points.words, seed=seed) if points.words else np.zeros((0, 0), dtype=np.float32)
    progress(0.4)
    placed = np.flatnonzero(view.any(axis=1))
    neighbours = max(min(NEIGHBOURS, int(len(placed) ** 0.5 * 2 / 3), len(placed) - 1), 0)
    count = micro_theme_count(len(placed), themes)
    parameters = ThemeParameters(themes, view.shape[1], neighbours, DIFFUSION_STEPS, count)
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


def _drafts(
    points: _Points, near: NDArray[np.float32], centres: NDArray[np.float64], where: dict[int, int]
) -> list[Draft]:
    """Every statement in its nearest theme, and every comment in the theme nearest to it and its opening together."""
    drafts = [Draft(centre, {}, {}) for centre in centres]
    labels, strengths = _nearest(near, centres)
    for number, point in enumerate(points.of_statement):
        if point in where:
            row = where[point]
            drafts[labels[row]].statements[number] = strengths[row]
    comments = [comment for comment, (whole, _) in points.of_comment.items() if whole in where]
    rows = [[where.get(point, where[whole]) for point in (whole, first)] for whole, first in
            (points.of_comment[comment] for comment in comments)]  # fmt: skip
    mains = np.asarray(normalize(near[rows].sum(axis=1)), dtype=np.float32)
    for comment, label, strength in zip(comments, *_nearest(mains, centres), strict=True):
        drafts[label].comments[comment] = strength
    return [draft for draft in drafts if draft.statements or draft.comments]


def _nearest(view: NDArray[np.float32], centres: NDArray[np.float64]) -> tuple[list[int], list[float]]:
    """The nearest centre of each row and its cosine, rounded so that no machine's last digit shows."""
    cosines = view @ centres.T.astype(np.float32)
    labels = cosines.argmax(axis=1)
    strengths = np.clip(cosines.max(axis=1), 0, 1).astype(float).round(4)
    return labels.tolist(), strengths.tolist()


def _unlike_any_other(points: _Points, lost: Collection[int]) -> list[Draft]:
    """One draft of the comments that share no wording with any other, or nothing when there are none."""
    comments = {comment: 0.0 for comment, (whole, _) in points.of_comment.items() if whole in lost}
    return [Draft(np.zeros(0), {}, comments)] if comments else []
