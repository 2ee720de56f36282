"""Assign new comments to signed themes, without touching what was assigned before.

Where a text lies depends on the signed examples alone, never on the other new comments, so that a comment gets the
same themes whoever comes with it and whenever. What is as unlike the examples as the least typical twentieth of them
are unlike one another does not fit, and when enough does not fit, themes are found in it for a person to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from intelligence.compute import SERIAL, Workers
from intelligence.market import Comment
from intelligence.text.classifier import Fit, fitted
from intelligence.text.find import find_themes
from intelligence.text.likeness import Likeness, Placed, likeness
from intelligence.text.semantic import COMMON_MEAN, SHARE, Encoder, encoded_by, minilm
from intelligence.text.signed import AssignedThemes, SignedTheme, SignedThemes
from intelligence.text.statements import set_aside, statements_of
from intelligence.text.themes import Assignment
from intelligence.text.vocabulary import FUNCTION_WORDS
from intelligence.text.words import stem_of, words_of

ENOUGH = 10
"""Comments that do not fit from which new themes are proposed."""

CHUNK = 5_000

WITHIN = 1.0
"""Weight of the whole comment in the place of one of its statements, whose own is 1: twice as much as in finding, which
draws a statement to its paraphrases besides. In small sets themes then have nearly the shares that finding gives them.
"""


class _Columns(dict[str, int]):
    """The column that each word counts in, by its stem; -1 where no example has that. Words are stemmed once each."""

    def __init__(self, examples: Sequence[Sequence[str]]) -> None:
        super().__init__()
        words = chain.from_iterable(examples)
        stems = dict.fromkeys(stem_of(word) for word in words if word not in FUNCTION_WORDS)
        self._of_stem = {stem: column for column, stem in enumerate(stems)}

    def __missing__(self, word: str) -> int:
        self[word] = -1 if word in FUNCTION_WORDS else self._of_stem.get(stem_of(word), -1)
        return self[word]

    def counts(self, said: Sequence[Sequence[str]]) -> Any:
        """Sparse matrix (texts x columns) of how often each text has the stem of each column."""
        rows = np.repeat(np.arange(len(said)), [len(words) for words in said])
        columns = np.fromiter(map(self.__getitem__, chain.from_iterable(said)), np.intp, len(rows))
        known = columns >= 0
        at = (rows[known], columns[known])
        return sp.csr_matrix((np.ones(len(at[0]), np.float32), at), shape=(len(said), max(len(self._of_stem), 1)))

    def are_none(self) -> bool:
        return not self._of_stem


class _Places:
    """Where texts lie as the examples of signed themes see them: by their meaning and the words of the examples."""

    def __init__(self, examples: Sequence[str], encode: Encoder | None, workers: Workers) -> None:
        self._encode, self._workers = encode, workers
        self._said = [words_of(example) for example in examples]
        self._columns = _Columns(self._said)
        self._wording = TfidfTransformer(sublinear_tf=True).fit(self._columns.counts(self._said))
        self._encoded = self._meant(examples)
        self._common = self._encoded.mean(axis=0) * (len(examples) / (len(examples) + COMMON_MEAN))

    def of_examples(self) -> Placed:
        view = self._joined(self._encoded, self._said)
        return Placed(view if self._encoded.shape[1] else view.toarray(), self._encoded)

    def of(self, texts: Sequence[str], said: Sequence[Sequence[str]]) -> Placed:
        """Unit rows (or shorter ones, where a text has no word of the examples), given the texts and their words."""
        meant = self._meant(texts)
        return Placed(self._joined(meant, said), meant)

    def _meant(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What the encoder makes of each text, those that are written alike encoded once; no columns without one."""
        if self._encode is None:
            return np.zeros((len(texts), 0), dtype=np.float32)
        places: dict[str, int] = {}
        rows = [places.setdefault(text, len(places)) for text in texts]
        return encoded_by(self._encode, list(places), workers=self._workers)[rows]

    def _joined(self, encoded: NDArray[np.float32], said: Sequence[Sequence[str]]) -> Any:
        """Sparse without an encoder: a text has few of the words of all examples."""
        dimensions = encoded.shape[1]
        words = self._wording.transform(self._columns.counts(said))
        if not dimensions:
            return words
        words = words.tocoo()
        view = np.zeros((len(said), dimensions + words.shape[1]), dtype=np.float32)
        share = 1.0 if self._columns.are_none() else SHARE
        view[:, :dimensions] = np.sqrt(share) * normalize(encoded - self._common)
        view[words.row, dimensions + words.col] = np.sqrt(1 - share) * words.data
        return view


def assign_themes(
    comments: Sequence[Comment],
    signed: SignedThemes,
    *,
    seed: int,
    encode: Encoder | None = minilm,
    workers: Workers = SERIAL,
) -> AssignedThemes:
    """Say which signed themes new comments speak to.

    `seed` matters only for the themes that are proposed among what does not fit. The `workers` encode texts in pieces;
    the result is the same from each kind. Method: docs/methods/themes.md.

    Raises:
        ValueError: themes are to be proposed, and `seed` is out of range or two comments share an id.
        WorkersError: the workers cannot be had.

    >>> signed = SignedThemes((
    ...     SignedTheme("t1", "Parking", ("Parking is dear", "Nowhere to park", "No car park")),
    ...     SignedTheme("t2", "Nurses", ("Too few nurses", "Nurse vacancies", "No nurse came")),
    ... ))
    >>> new = [Comment("a", "P1", "q", "The car park is full"), Comment("b", "P2", "q", "Nurses are hard to find")]
    >>> [(one.comment_id, one.theme_id) for one in assign_themes(new, signed, seed=1).assignments]
    [('a', 't1'), ('b', 't2')]
    """
    aside = set_aside(comments)
    skipped = {one.comment_id for one in aside}
    read = [comment for comment in comments if comment.id not in skipped]
    with threadpool_limits(limits=1):
        examples = [(theme, text) for theme in signed.themes for text in (theme.title, *theme.examples) if text.strip()]
        places = _Places([text for _, text in examples], encode, workers)
        truth = np.array([[theme is own for theme in signed.themes] for own, _ in examples])
        placed, said = places.of_examples(), np.array([text is not own.title for own, text in examples])
        fit, alike = fitted(placed.view, truth), likeness(placed, said)
        assignments: list[Assignment] = []
        for first in range(0, len(read), CHUNK):
            assignments.extend(_assigned(read[first : first + CHUNK], signed.themes, places, fit, alike))
    fitting = {assignment.comment_id for assignment in assignments}
    outside = [comment for comment in read if comment.id not in fitting]
    enough = len(outside) >= ENOUGH
    proposed = find_themes(outside, seed=seed, encode=encode, workers=workers) if enough else None
    return AssignedThemes(tuple(assignments), tuple(comment.id for comment in outside), aside, proposed)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Whole comments, then the statements of those that have several: where each lies and its words; `wholes` has the
    row of the comment that each is part of.
    """

    of: list[tuple[Comment, int, int]]
    words: list[Sequence[str]]
    wholes: list[int]

    def texts(self) -> list[str]:
        return [comment.text[start:end] for comment, start, end in self.of]


def _spans(comments: Sequence[Comment]) -> _Spans:
    of = [(comment, 0, len(comment.text)) for comment in comments]
    words: list[Sequence[str]] = [words_of(comment.text) for comment in comments]
    wholes = list(range(len(comments)))
    for number, comment in enumerate(comments):
        statements = statements_of(number, comment.text)
        if len(statements) > 1:
            of.extend((comment, said.start, said.end) for said in statements)
            words.extend(said.words for said in statements)
            wholes.extend([number] * len(statements))
    return _Spans(of, words, wholes)


def _assigned(
    comments: Sequence[Comment], themes: Sequence[SignedTheme], places: _Places, fit: Fit, alike: Likeness
) -> list[Assignment]:
    """The best theme of the whole of each comment, and of each of its statements that speaks to another.

    Which is best is told without regard to how many of the examples it has: whoever signed the themes chose that, and
    it says nothing of how many will speak to it.
    """
    if not comments:
        return []
    spans = _spans(comments)
    placed = places.of(spans.texts(), spans.words)
    leanings = fit.leanings(normalize(placed.view + np.float32(WITHIN) * placed.view[spans.wholes]))
    best = leanings.argmax(axis=1)
    reached = leanings[np.arange(len(best)), best] + fit.shares()[best]
    fits, strengths = alike.of(placed) >= alike.least, np.round(np.clip(reached, 0, 1), 4).tolist()
    found: dict[tuple[int, int], Assignment] = {}
    for row in np.flatnonzero(fits).tolist():
        (comment, start, end), theme = spans.of[row], int(best[row])
        own = Assignment(comment.id, start, end, themes[theme].id, strengths[row])
        found.setdefault((spans.wholes[row], theme), own)
    return [found[key] for key in sorted(found, key=lambda key: key[0])]
