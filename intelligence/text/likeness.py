"""How alike a text is to the examples of signed themes, and how alike it has to be to fit any of them.

The strength of an assignment says which theme is the best, not whether any is good: it begins at the share of the
examples that a theme has, so that with few themes what has nothing to do with any of them reaches as much as many an
example does when it is left out. So a text is held against the examples nearest to it, by its place among them and by
its meaning itself: the place is about the mean of the examples, and beside it anything else looks like something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEAREST = 2
"""Examples that a text is held against: with one a chance likeness would do, with more small themes lose their own."""

LEAST_TYPICAL = 0.05
"""Share of the signed examples, each left out in turn, that would not be recognised as fitting."""

FLOOR = 0.1
"""Likeness that a text needs however unlike one another the examples are: with less it shares next to nothing."""

CEILING = 0.35
"""With which it fits however alike the examples are: where they copy one another nothing new would be like them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Texts as the examples see them: unit rows of their places, which may be sparse, and of their meaning as the
    encoder has it."""

    view: Any
    meant: NDArray[np.float32]

    def beside(self, others: Placed) -> NDArray[np.float32]:
        """The mean of both cosines, of each text with each of the others, whose rows are not sparse; without an encoder
        there is only one."""
        cosines = self.view @ others.view.T
        if self.meant.shape[1]:
            cosines = (cosines + self.meant @ others.meant.T) / 2
        return np.asarray(cosines, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`least` is what a text needs to fit."""

    examples: Placed
    least: float

    def of(self, texts: Placed) -> NDArray[np.float32]:
        """The mean of each text's likeness to its nearest examples."""
        return _nearest(texts.beside(self.examples), among=len(self.examples.view))


def likeness(examples: Placed, said: NDArray[np.bool_]) -> Likeness:
    """Learn from how alike the examples are to one another what fits; `said` are those that are not just titles.

    >>> rows = np.eye(4, dtype=np.float32)[[0, 0, 1, 1]]
    >>> alike = likeness(Placed(rows, rows), np.ones(4, dtype=bool))
    >>> (alike.of(Placed(rows, rows)) >= alike.least).tolist()
    [True, True, True, True]
    """
    beside = examples.beside(examples)
    np.fill_diagonal(beside, -1)  # itself left out: no cosine is less
    left_out = _nearest(beside, among=len(beside) - 1)[said]
    return Likeness(examples, float(np.clip(np.quantile(left_out, LEAST_TYPICAL), FLOOR, CEILING)))


def _nearest(beside: NDArray[np.float32], *, among: int) -> NDArray[np.float32]:
    """The mean of the highest of each row, which are overwritten: looking twice is faster than sorting once."""
    few = min(NEAREST, max(among, 1))
    rows, total = np.arange(len(beside)), np.zeros(len(beside), dtype=np.float32)
    for _ in range(few):
        highest = beside.argmax(axis=1)
        total += beside[rows, highest]
        beside[rows, highest] = -1
    return total / np.float32(few)
