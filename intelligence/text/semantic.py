"""The semantic view: where statements lie by what they mean, as a sentence encoder that was trained elsewhere sees it.

What all comments on one question have in common says nothing about their differences, so the mean is taken away. The
lexical view stays beside it: names, acronyms and the trade's own words are what it knows best. Encoding is most of the
time of a run, and splits into pieces that need nothing of one another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from intelligence.compute import SERIAL, Progress, Workers, nobody_told, run_pieces
from intelligence.text.encoder import SentenceEncoder

Encoder = Callable[[Sequence[str]], NDArray[np.float32]]
"""From texts to one row each; it must place a text the same way whatever stands beside it."""

SHARE = 0.75
"""Of the semantic view in the cosine of the joined views; the lexical view has the rest."""

LONGEST_READ = 400
"""Characters of a text that the encoder reads; the topic of what is longer shows before that."""

LARGEST_ENCODED = 25_000
"""Texts that are encoded; the rest are placed by what their wording predicts, learnt from these."""

DIMENSIONS = 128
"""Principal components that are kept when not all texts are encoded."""

PIECE = 1_000
"""Texts that are encoded together: a worker's share of the task, and of the progress that is told."""

COMMON_MEAN = 20
"""Texts at which half of the mean is taken away: the mean of very few is not what all have in common."""


def minilm(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit rows of 384 dimensions, the same for a text whatever is encoded with it.

    >>> pay, wages, parking = minilm(["Low pay", "Poor wages", "Nowhere to park"])
    >>> bool(pay @ wages > pay @ parking)
    True
    """
    with _LOADING:  # threads that begin together would each load a model
        encoder = _loaded()
    return encoder.encode([text[:LONGEST_READ] for text in texts])


_LOADING = Lock()


@cache
def _loaded() -> SentenceEncoder:
    return SentenceEncoder()


def semantic_view(encoded: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit rows about the mean of all.

    >>> [[round(float(place), 2) for place in row] for row in semantic_view(np.array([[0.6, 0.8], [0.6, -0.8]]))]
    [[0.56, 0.83], [0.56, -0.83]]
    """
    common = encoded.mean(axis=0) * (len(encoded) / (len(encoded) + COMMON_MEAN))
    return np.asarray(normalize(encoded - common), dtype=np.float32)


class RememberingEncoder:
    """An encoder that encodes each text once, however often it is asked for, in pieces wherever the workers are.

    >>> encode = RememberingEncoder(minilm)
    >>> bool((encode(["Low pay", "Low pay"]) == minilm(["Low pay"])).all())
    True
    """

    def __init__(self, encode: Encoder, workers: Workers = SERIAL) -> None:
        self.name = encode.__name__
        self._encode = encode
        self._workers = workers
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, texts: Sequence[str], progress: Progress = nobody_told) -> NDArray[np.float32]:
        """One row for each text. `progress` is told the share that is done of those not yet known."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            encoded = encoded_by(self._encode, new, workers=self._workers, progress=progress)
            self._known.update(zip(new, encoded, strict=True))
        return np.array([self._known[text] for text in texts])


def remembering(encode: Encoder | None, workers: Workers) -> RememberingEncoder | None:
    """The encoder as one that remembers; one that does already, for several runs, stays as it is."""
    return encode if encode is None or isinstance(encode, RememberingEncoder) else RememberingEncoder(encode, workers)


def encoded_or_foretold(
    encode: RememberingEncoder,
    texts: Sequence[str],
    lexical: Callable[[], NDArray[np.float32]],
    *,
    progress: Progress = nobody_told,
) -> NDArray[np.float32]:
    """One row for each text: what the encoder makes of it or, where there are too many, what its wording foretells.

    At most :data:`LARGEST_ENCODED` are encoded. `lexical` gives the same texts by their wording. It is asked after the
    encoding, and only if not all were encoded.
    """
    stride = -(-len(texts) // LARGEST_ENCODED)
    encoded = encode(texts[::stride], progress)
    return _extended(encoded, lexical(), stride) if stride > 1 else encoded


def encoded_by(
    encode: Encoder, texts: Sequence[str], *, workers: Workers = SERIAL, progress: Progress = nobody_told
) -> NDArray[np.float32]:
    """What the encoder makes of the texts, in pieces wherever the workers are.

    >>> from intelligence.compute import parse_workers
    >>> texts = ["Low pay"] * 1_001
    >>> alone = encoded_by(minilm, texts)
    >>> bool((alone == encoded_by(minilm, texts, workers=parse_workers("threads:2"))).all())
    True
    """
    pieces = [texts[first : first + PIECE] for first in range(0, len(texts), PIECE)]
    found = run_pieces(partial(_encoded_piece, encode), pieces, workers=workers, progress=progress)
    return np.vstack(list(found))


def _encoded_piece(encode: Encoder, texts: Sequence[str], progress: Progress) -> NDArray[np.float32]:
    with threadpool_limits(limits=1):
        return encode(texts)


def _extended(encoded: NDArray[np.float32], lexical: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """The principal components of what was encoded, and for the rest a ridge regression of them on the wording.

    Far cheaper than encoding; every `stride`-th row keeps its own place. The components bound the memory it takes.
    """
    centred = encoded - encoded.mean(axis=0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, : -DIMENSIONS - 1 : -1]
    components = centred @ axes
    everywhere = np.asarray(Ridge(alpha=1.0).fit(lexical[::stride], components).predict(lexical), dtype=np.float32)
    everywhere[::stride] = components
    return everywhere


def joined(lexical: NDArray[np.float32], semantic: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit rows whose cosine is the weighted mean of the cosines of the two views.

    >>> round(float(joined(np.eye(2, dtype=np.float32), np.ones((2, 1), dtype=np.float32)).prod(axis=0).sum()), 2)
    0.75
    """
    parts = (math.sqrt(SHARE) * semantic, math.sqrt(1 - SHARE) * lexical)
    return np.asarray(normalize(np.hstack(parts)), dtype=np.float32)
