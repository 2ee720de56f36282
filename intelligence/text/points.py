"""What is grouped: the distinct wordings of statements and of whole comments, and which of them everybody used.

Statements let one comment speak to several themes; the whole of a comment and its opening, which have the context,
decide its main one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from intelligence.market import Comment
from intelligence.text.statements import Statement

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

    def weights(self) -> NDArray[np.float64]:
        """The square root of how often each was said, so that a stock answer does not pull every centre to it."""
        said = np.bincount(self.of_statement, minlength=len(self.words))
        return np.sqrt(np.maximum(said, 1).astype(np.float64))

    def in_context(self, view: NDArray[np.float32]) -> NDArray[np.float32]:
        """The view with every statement drawn towards the comments it is part of; whole comments stay in place."""
        count = len(self.words)
        shares = np.ones(len(self.within), dtype=np.float32)
        wholes = sp.csr_matrix((shares, (self.of_statement, self.within)), shape=(count, count))
        drawn = view + np.float32(CONTEXT) * normalize(wholes @ view)
        whole = [point for point, _ in self.of_comment.values()]
        drawn[whole] = view[whole]
        return np.asarray(normalize(drawn), dtype=np.float32)


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
