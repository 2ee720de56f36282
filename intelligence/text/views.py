"""Where everything said lies: by its wording and, with an encoder, its meaning, both in one view."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from intelligence.compute import Progress, Workers, beside
from intelligence.text.lexical import lexical_view
from intelligence.text.neighbours import neighbours_among, sharpened
from intelligence.text.points import Points
from intelligence.text.semantic import (
    LARGEST_ENCODED,
    RememberingEncoder,
    encoded_or_foretold,
    joined,
    semantic_view,
)

DIMENSIONS = 200

View = NDArray[np.float32]
"""A unit row for each point; a row of zeros has no place."""


class Views:
    """The points as they lie by their statements, or by whole comments.

    The wording is read beside the encoding, which is most of the work.
    """

    def __init__(self, points: Points, encode: RememberingEncoder | None, workers: Workers) -> None:
        self._points = points
        self._encode = encode
        self._workers = workers
        self._wording = beside(partial(lexical_view, points.words), workers)

    def by_statements(self, progress: Progress) -> View:
        """A whole comment lies where its statements do, which alone are encoded."""
        points, said = self._points, self._points.statements()
        if not points.words:
            return np.zeros((0, 0), dtype=np.float32)
        if self._encode is None:
            return points.in_context(self._wording())
        texts = [points.texts[point] for point in said]
        encoded = encoded_or_foretold(self._encode, texts, lambda: self._wording()[said], progress=progress)
        return self._view_of(points.completed(semantic_view(encoded)))

    def by_comments(self, statements: View, progress: Progress) -> View:
        """A whole comment lies where the encoder places it, unless there are more texts than are encoded.

        `statements` is the view by statements.
        """
        texts = self._points.texts
        if self._encode is None or len(texts) == len(self._points.statements()) or len(texts) > LARGEST_ENCODED:
            return statements
        return self._view_of(semantic_view(self._encode(texts, progress)))

    def _view_of(self, meaning: NDArray[np.float32]) -> View:
        """The two views joined and reduced to at most :data:`DIMENSIONS` principal axes.

        These keep nearly all of the cosines between neighbours at a fraction of the time.
        """
        view = _reduced(joined(self._wording(), meaning))
        return self._points.in_context(sharpened(view, neighbours_among(len(view)), workers=self._workers))


def _reduced(view: View) -> View:
    if view.shape[1] <= DIMENSIONS:
        return view
    axes = np.linalg.eigh((view.T @ view).astype(np.float64))[1][:, : -DIMENSIONS - 1 : -1]
    return np.asarray(normalize(view @ axes.astype(np.float32)), dtype=np.float32)
