"""How much the pool counts beside the histogram, by how sure its gain is."""

from __future__ import annotations

import numpy as np
import pytest

from intelligence.forecast.evidence import Evidence

NOTHING = Evidence(with_interest=False)


def scored(gains: list[float], start: Evidence = NOTHING) -> Evidence:
    histogram = np.ones(len(gains))
    return start.and_also(histogram, histogram - np.array(gains))


def test_the_same_gain_counts_more_on_more_lots() -> None:
    few, many = scored([0.3, -0.2] * 3), scored([0.3, -0.2] * 60)
    assert 0 < few.share() < 0.5
    assert many.share() > 0.9


@pytest.mark.parametrize("gains", [[-0.1], [0.2, -0.2], [0.3, -0.2, -0.2]])
def test_a_pool_that_did_no_better_leaves_the_histogram_alone(gains: list[float]) -> None:
    assert scored(gains).share() == 0


def test_where_interest_is_known_a_few_losses_do_not_yet_undo_it_and_many_do() -> None:
    known = Evidence(with_interest=True)
    assert 0 < scored([-0.2] * 2, known).share() < known.share()
    assert scored([-0.2] * 40, known).share() == 0


def test_where_interest_is_known_losses_that_hardly_differ_overrule_it_sooner_than_wild_ones() -> None:
    known = Evidence(with_interest=True)
    alike, wild = scored([-0.1] * 16, known), scored([-1.1, 0.9] * 8, known)
    assert alike.gain == pytest.approx(wild.gain)
    assert alike.share() == 0 < wild.share() < known.share()


def test_evidence_adds_up() -> None:
    assert scored([0.1, 0.4], scored([0.2])).share() == pytest.approx(scored([0.2, 0.1, 0.4]).share())


def test_lots_on_which_both_do_the_same_say_nothing() -> None:
    assert scored([0.0] * 50).share() == 1
