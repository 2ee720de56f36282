"""What is grouped: the distinct wordings of statements and of whole comments, and which of them everybody used.

Statements let one comment speak to several themes; the whole of a comment and its opening, which have the context,
decide its main one. By its meaning a whole lies where its statements do, unless themes are learnt from whole comments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from intelligence.market import Comment
from intelligence.text.statements import Statement

Rows = NDArray[np.intp]

CONTEXT = 0.5
"""Weight of the whole comment in the place of one of its statements, whose own is 1: a clause alone says little."""


@dataclass(frozen=True, slots=True)
class Points:
    """Each distinct wording once: its words, a text that has them, and the point of everything said.

    `of_comment` maps the position of a comment to the points of the whole of it and of its first statement; `within`
    has, for each statement, the point of the whole of its comment.
    """

    words: list[tuple[str, ...]]
    texts: list[str]
    of_statement: list[int]
    within: list[int]
    of_comment: dict[int, tuple[int, int]]

    def statements(self) -> Rows:
        """The points that are statements, in their order."""
        return np.unique(np.asarray(self.of_statement, dtype=np.intp))

    def wholes(self) -> Rows:
        """The points that are whole comments; a comment of one statement is both."""
        return np.unique(np.array([whole for whole, _ in self.of_comment.values()], dtype=np.intp))

    def weights(self) -> NDArray[np.float64]:
        """The square root of how often each was said, so that a stock answer does not pull every centre to it."""
        said = np.bincount(self.of_statement, minlength=len(self.words))
        return np.sqrt(np.maximum(said, 1).astype(np.float64))

    def completed(self, said: NDArray[np.float32]) -> NDArray[np.float32]:
        """Rows for all points, given those of :meth:`statements`: a whole is the sum of its statements.

        Each counts by the square root of its words, as it would in the encoder's own sum over words.
        """
        view = np.zeros((len(self.words), said.shape[1]), dtype=np.float32)
        view[self.statements()] = said
        lengths = np.sqrt([len(self.words[point]) for point in self.of_statement]).astype(np.float32)
        only = np.setdiff1d(self.wholes(), self.statements())
        view[only] = (self._memberships(lengths) @ view)[only]
        return np.asarray(normalize(view), dtype=np.float32)

    def in_context(self, view: NDArray[np.float32]) -> NDArray[np.float32]:
        """The view with every statement drawn towards the comments it is part of; whole comments stay in place."""
        wholes = self._memberships(np.ones(len(self.within), dtype=np.float32)).T
        drawn = view + np.float32(CONTEXT) * normalize(wholes @ view)
        drawn[self.wholes()] = view[self.wholes()]
        return np.asarray(normalize(drawn), dtype=np.float32)

    def _memberships(self, shares: NDArray[np.float32]) -> Any:
        """Sparse matrix (points x points): the share of each statement (column) in the whole (row) it is part of."""
        count = len(self.words)
        return sp.csr_matrix((shares, (self.within, self.of_statement)), shape=(count, count))


def points_of(comments: Sequence[Comment], statements: Sequence[Statement]) -> Points:
    """The points of the statements, in the order in which they first appear, and of the comments they make up."""
    points: dict[tuple[str, ...], int] = {}
    texts: list[str] = []

    def point_of(words: tuple[str, ...], text: str) -> int:
        if words not in points:
            points[words] = len(points)
            texts.append(text)
        return points[words]

    of_statement = [point_of(s.words, comments[s.comment].text[s.start : s.end]) for s in statements]
    own: defaultdict[int, list[int]] = defaultdict(list)
    for number, statement in enumerate(statements):
        own[statement.comment].append(number)
    of_comment = {}
    for comment, numbers in own.items():
        words = tuple(word for number in numbers for word in statements[number].words)
        text = comments[comment].text[statements[numbers[0]].start : statements[numbers[-1]].end]
        of_comment[comment] = (point_of(words, text), of_statement[numbers[0]])
    within = [of_comment[statement.comment][0] for statement in statements]
    return Points(list(points), texts, of_statement, within, of_comment)
