"""Laying themes out on a plane, those that say similar things near to each other.

Classical scaling (Torgerson 1952): the plane on which the distances between points are kept best, from the two largest
eigenvalues of their inner products about the mean. It has no random start, so the same themes always lie the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from intelligence.text.places import ThemeMap, ThemePlace
from intelligence.text.semantic import Encoder, minilm
from intelligence.text.words import stem_of, words_of


def lay_out(said: Mapping[str, Sequence[str]], *, encode: Encoder | None = minilm) -> ThemeMap:
    """Place themes, given by what was said to each, by the centres of what was said.

    Distances are those of unit vectors; the plane is scaled so that the farthest coordinate is 1. Without an encoder
    wording alone places them. A theme to which nothing was said is left out.

    >>> said = {"pay": ("Pay is low", "Poor pay"), "wages": ("Low pay, low wages",), "site": ("A remote site",)}
    >>> places = {place.theme_id: (place.x, place.y) for place in lay_out(said, encode=None).places}
    >>> apart = lambda one, other: sum((a - b) ** 2 for a, b in zip(places[one], places[other]))
    >>> apart("pay", "wages") < apart("pay", "site")
    True
    """
    themes = [theme for theme, texts in said.items() if texts]
    if not themes:
        return ThemeMap((), 0.0)
    with threadpool_limits(limits=1):
        view = _view([text for theme in themes for text in said[theme]], encode)
        ends = np.cumsum([len(said[theme]) for theme in themes])
        centres = normalize([part.sum(axis=0) for part in np.split(view, ends[:-1])])
        plane, kept = _scaled(centres)
    places = tuple(ThemePlace(theme, float(x), float(y)) for theme, (x, y) in zip(themes, plane, strict=True))
    return ThemeMap(places, kept)


def _view(texts: Sequence[str], encode: Encoder | None) -> NDArray[np.float64]:
    if encode is not None:
        encoded = encode(texts).astype(np.float64)
        return np.asarray(normalize(encoded - encoded.mean(axis=0)))
    wording = TfidfVectorizer(analyzer=lambda text: [stem_of(word) for word in words_of(text)] or [""])
    return np.asarray(wording.fit_transform(texts).toarray())


def _scaled(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Two coordinates for each row, and the share of the squared distances that they keep."""
    plane = np.zeros((len(points), 2))
    centred = points - points.mean(axis=0)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    values = values.clip(0)
    if not values[-1] > 0:
        return plane, 1.0
    for axis in range(min(2, len(points))):
        vector = vectors[:, -1 - axis]
        plane[:, axis] = vector * np.sign(vector[np.abs(vector).argmax()]) * values[-1 - axis] ** 0.5
    kept = float(values[-2:].sum() / values.sum())
    return (plane / np.abs(plane).max()).round(4) + 0.0, round(kept, 4)
