"""Learning from a person: confirmed themes of some comments teach what the rest are proposed, and what to ask next.

What is asked is what would teach most: comments that lie far from all the confirmed ones and whose best theme is
unsure, no two that say the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from intelligence.compute import SERIAL, Workers
from intelligence.market import Comment
from intelligence.text.classifier import Fit, decided, fitted, samples_f1
from intelligence.text.lexical import lexical_view
from intelligence.text.points import Points, points_of
from intelligence.text.proposals import Learned, Proposal, Question
from intelligence.text.reasons import shared_words
from intelligence.text.semantic import (
    Encoder,
    RememberingEncoder,
    encoded_or_foretold,
    joined,
    minilm,
    remembering,
    semantic_view,
)
from intelligence.text.statements import statements_of

CANDIDATES_PER_QUESTION = 6
"""Comments among which each question is chosen: of the most informative ones, no two that say the same."""

NEAREST = 3


def learn_themes(
    comments: Sequence[Comment],
    confirmed: Mapping[str, Sequence[str]],
    *,
    questions: int = 20,
    seed: int,
    encode: Encoder | None = minilm,
    workers: Workers = SERIAL,
) -> Learned:
    """Propose themes for every comment that is not confirmed, and ask about those that would teach most.

    `confirmed` maps ids of comments to all the themes a person gave them; an empty sequence says that none fits. With
    nothing confirmed there are only questions, spread over all that was said. The `workers` encode texts in pieces; the
    result is the same from each kind. Method: docs/methods/themes.md.

    Raises:
        ValueError: an id is not among the comments, or `questions` is negative.
        WorkersError: the workers cannot be had.

    >>> texts = ("Parking is dear", "Too few nurses", "Nowhere to park a car", "No nurse came")
    >>> comments = [Comment(str(n), str(n), "q", text) for n, text in enumerate(texts)]
    >>> learned = learn_themes(comments, {"0": ["parking"], "1": ["nurses"]}, questions=1, seed=1)
    >>> [(proposal.comment_id, proposal.theme_id) for proposal in learned.proposals]
    [('2', 'parking'), ('3', 'nurses')]
    """
    _check(comments, confirmed, questions)
    themes = sorted({theme for own in confirmed.values() for theme in own})
    with threadpool_limits(limits=1):
        view = _comment_view(comments, encode=encode, workers=workers)
        rows = [row for row, comment in enumerate(comments) if comment.id in confirmed]
        rest = [row for row, comment in enumerate(comments) if comment.id not in confirmed]
        if not rows or not themes:
            asked = _spread(view, rest, np.zeros(len(rest)), questions, seed)
            return Learned((), tuple(Question(comments[row].id, None) for row in asked), len(rows), 0.0)
        truth = np.array([[theme in confirmed[comments[row].id] for theme in themes] for row in rows])
        fit = fitted(view[rows], truth)
        scores = fit.scores(view[rest])
        proposals = tuple(_proposals(comments, rows, rest, fit, themes, scores, view[rest] @ view[rows].T))
        asked = _spread(view, rest, _information(fit, view[rest], scores), questions, seed)
    expected = round(samples_f1(truth, decided(fit.left_out, fit.threshold)), 4)
    return Learned(proposals, _asking([comments[row].id for row in asked], proposals), len(rows), expected)


def _check(comments: Sequence[Comment], confirmed: Mapping[str, Sequence[str]], questions: int) -> None:
    if unknown := confirmed.keys() - {comment.id for comment in comments}:
        raise ValueError(f"comment {min(unknown)} was confirmed and is not among the comments")
    if questions < 0:
        raise ValueError(f"questions must not be negative, not {questions}")


def _asking(asked: Sequence[str], proposals: Sequence[Proposal]) -> tuple[Question, ...]:
    """The questions about these comments, each with the theme that is likeliest."""
    guesses = {proposal.comment_id: proposal for proposal in reversed(proposals)}  # the likeliest comes first
    return tuple(Question(comment, guesses[comment]) for comment in asked)


def _comment_view(comments: Sequence[Comment], *, encode: Encoder | None, workers: Workers) -> NDArray[np.float32]:
    """One row for each comment: the place of the whole of it, and the mean place of its statements beside that."""
    statements = [said for n, comment in enumerate(comments) for said in statements_of(n, comment.text)]
    points: Points = points_of(comments, statements)
    places = _places(points, remembering(encode, workers))
    dimensions = places.shape[1]
    view = np.zeros((len(comments), 2 * dimensions), dtype=np.float32)
    for comment, (whole, _) in points.of_comment.items():
        view[comment, :dimensions] = places[whole]
    np.add.at(view[:, dimensions:], [said.comment for said in statements], places[points.of_statement])
    for half in (view[:, :dimensions], view[:, dimensions:]):
        half /= np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-9) * np.float32(2**0.5)
    return view


def _places(points: Points, encode: RememberingEncoder | None) -> NDArray[np.float32]:
    """Where every point lies. Unlike what themes are found by, a whole comment is encoded as such, and nothing reduced.

    A classifier makes use of both: with the wholes where their statements are and 200 dimensions, the samples F1 of the
    election survey's remainder at 500 answers was .660 instead of .704.
    """
    if not points.words:
        return np.zeros((0, 0), dtype=np.float32)
    view = lexical_view(points.words)
    if encode is not None:
        view = joined(view, semantic_view(encoded_or_foretold(encode, points.texts, lambda: view)))
    return points.in_context(view)


def _proposals(
    comments: Sequence[Comment],
    rows: Sequence[int],
    rest: Sequence[int],
    fit: Fit,
    themes: Sequence[str],
    scores: NDArray[np.float64],
    likeness: NDArray[np.float32],
) -> Iterator[Proposal]:
    """The themes of each comment, the likeliest first, each with the confirmed comments that speak for it."""
    confidence, numbers = fit.confidence(), decided(scores, fit.threshold).sum(axis=1)
    for row, own, number, alike in zip(rest, scores, numbers, likeness, strict=True):
        for theme in np.argsort(-own, kind="stable")[:number]:
            having = np.flatnonzero(fit.truth[:, theme])
            near = [comments[rows[place]] for place in having[np.argsort(-alike[having], kind="stable")[:NEAREST]]]
            words = shared_words(comments[row].text, [comment.text for comment in near])
            ids = tuple(comment.id for comment in near)
            yield Proposal(comments[row].id, themes[theme], confidence(float(own[theme])), words, ids)


def _information(fit: Fit, view: NDArray[np.float32], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much an answer would teach: how little the confirmed say about its place, and how unsure its best theme is.

    The first is the variance of a Gaussian process on the same kernel. Together they reached a samples F1 of .700 on
    the election survey's remainder with 500 answers; either alone, .690 and .674; random choice, .680.
    """
    own = view.astype(np.float64)
    to_known = own @ fit.known.T
    explained = np.einsum("ij,ij->i", to_known @ fit.inverse, to_known)
    return np.asarray(np.maximum((own * own).sum(axis=1) - explained, 0) * np.clip(1 - scores.max(axis=1), 0, 1))


def _spread(
    view: NDArray[np.float32], rest: Sequence[int], information: NDArray[np.float64], questions: int, seed: int
) -> list[int]:
    """The most informative rows, one from each of as many groups of what they say; most informative first."""
    few = np.argsort(-information, kind="stable")
    if information.any():
        few = few[: questions * CANDIDATES_PER_QUESTION]
    candidates = np.asarray(rest, dtype=np.intp)[few]
    if not questions or len(candidates) <= questions:
        return [int(row) for row in candidates[:questions]]
    means = KMeans(questions, n_init=1, max_iter=30, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # comments that say the same are asked about once
        means.fit(view[candidates])
    nearness = -means.transform(view[candidates]).min(axis=1)
    worth = information[few] if information.any() else nearness
    chosen: dict[int, int] = {}
    for place in np.argsort(-worth, kind="stable"):
        chosen.setdefault(int(means.labels_[place]), int(candidates[place]))
    return list(chosen.values())
