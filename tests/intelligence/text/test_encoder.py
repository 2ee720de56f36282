"""The encoder places texts by what they mean, each on its own, whatever is written in them."""

from __future__ import annotations

import numpy as np
import pytest

from intelligence.compute import parse_workers
from intelligence.text.encoder import DIMENSIONS, LONGEST, SentenceEncoder
from intelligence.text.semantic import PIECE, encoded_by, minilm
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


def test_every_text_has_a_direction(encoder: SentenceEncoder) -> None:
    assert np.allclose(np.linalg.norm(encoder.encode([*ANSWERS, *HOSTILE]), axis=1), 1)


def test_no_text_moves_another(encoder: SentenceEncoder) -> None:
    together = encoder.encode([*ANSWERS, *HOSTILE])
    alone = np.vstack([encoder.encode([text]) for text in (*ANSWERS, *HOSTILE)])
    assert np.array_equal(together, alone)


def test_what_means_the_same_is_nearer_than_what_sounds_the_same(encoder: SentenceEncoder) -> None:
    vacancies, recruiting, posting = encoder.encode(
        ["Too many nursing vacancies", "We struggle to recruit nurses", "Too many job postings on the website"]
    )
    assert vacancies @ recruiting > vacancies @ posting


def test_what_is_too_long_to_read_counts_by_its_beginning(encoder: SentenceEncoder) -> None:
    beginning = "pay " * (LONGEST + 10)
    one, other = encoder.encode([beginning, beginning + "parking " * 500])
    assert np.array_equal(one, other)


def test_nothing_to_encode_is_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_every_kind_of_workers_encodes_the_same() -> None:
    texts = [f"{answer} {number}" for number in range(PIECE // 20) for answer in ANSWERS]
    alone = encoded_by(minilm, texts)
    for workers in ("threads:2", "processes:2"):
        assert np.array_equal(alone, encoded_by(minilm, texts, workers=parse_workers(workers)))
