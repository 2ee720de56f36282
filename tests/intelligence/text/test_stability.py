"""Stability: what is plain is found every time, and the figure shows where it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intelligence.text.find import find_themes
from intelligence.text.stability import MOST_TESTED, find_tested, stability
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


def test_a_theme_of_many_is_found_again_more_than_one_of_few() -> None:
    comments = comments_of([*ANSWERS, "Bats nest in the roof", "Bats nest in the attic"])
    found = find_tested(comments, seed=3)
    plain = find_themes(comments, seed=3)
    assert replace(found, themes=tuple(replace(theme, found_again=None) for theme in found.themes)) == plain
    shares = [theme.found_again for theme in found.themes]
    assert all(share is not None and 0 <= share <= 1 for share in shares)
    sizes = [theme.size for theme in found.themes]
    assert max(filter(None, shares)) > 0.9
    assert min(filter(None, shares)) == shares[sizes.index(min(sizes))] < 0.8
    assert find_tested(comments, seed=3) == found


def test_very_many_comments_are_not_looked_at_again() -> None:
    found = find_tested(comments_of(["Low pay", "Dear parking"] * (MOST_TESTED // 2 + 1)), seed=1)
    assert {theme.found_again for theme in found.themes} == {None}
