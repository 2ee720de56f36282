"""Stability: what is plain is found every time, and the figure shows where it is not."""

from __future__ import annotations

import pytest

from intelligence.text.stability import stability
from tests.intelligence.text.answers import ANSWERS, comments_of


def test_plain_subjects_are_found_whatever_the_seed() -> None:
    found = stability(comments_of(ANSWERS), seed=3, runs=3)
    assert found.between_seeds >= 0.7
    assert found.between_samples <= found.between_seeds
    assert len(found.themes_by_seed) == len(found.themes_by_sample) == 3
    assert stability(comments_of(ANSWERS), seed=3, runs=3) == found


def test_one_run_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        stability(comments_of(ANSWERS), seed=3, runs=1)
