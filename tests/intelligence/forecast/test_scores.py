"""Scores of stored forecasts, against their definitions and on forecasts known to be right or wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.files import from_json, to_json
from intelligence.forecast.blend import BothForecasts, blend, choose_weight, credible_only
from intelligence.forecast.scores import ForecastOutcome, ForecastScores, crps_of, score_forecasts

TRUTH = (0.1, 0.2, 0.3, 0.25, 0.15)


def outcomes_of(distribution: tuple[float, ...], *, lots: int = 4_000) -> list[ForecastOutcome]:
    """Lots that come as TRUTH says, forecast by another distribution."""
    came = np.random.default_rng(4).choice(len(TRUTH), lots, p=TRUTH).tolist()
    return [ForecastOutcome(str(n), distribution, 1, 3, bids) for n, bids in enumerate(came)]


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=8), st.integers(0, 12))
def test_crps_is_the_mean_distance_less_half_the_spread(weights: list[float], came: int) -> None:
    chances = np.array(weights) / sum(weights)
    bids = np.arange(len(chances))
    spread = chances @ np.abs(bids[:, None] - bids[None, :]) @ chances
    expected = chances @ np.abs(bids - came) - spread / 2
    assert crps_of(ForecastOutcome("x", tuple(chances.tolist()), 0, 0, came)) == pytest.approx(expected, abs=1e-9)


def test_a_right_forecast_is_calibrated_by_every_measure() -> None:
    scores = score_forecasts(outcomes_of(TRUTH))
    assert scores.coverage == pytest.approx(scores.expected_coverage, abs=0.02)
    assert scores.pit_distance < 0.02
    assert all(share == pytest.approx(0.1, abs=0.015) for share in scores.pit)
    assert sum(scores.pit) == pytest.approx(1)
    for event in scores.events:
        assert event.said == pytest.approx(event.came, abs=0.02)
        assert event.brier == pytest.approx(event.brier_of_base_rate, abs=0.001)
        assert [point.lots for point in event.reliability] == [4_000]


def test_wrong_forecasts_show() -> None:
    right, wide, low = (score_forecasts(outcomes_of(given)) for given in (TRUTH, (0.2,) * 5, (0.6, 0.3, 0.1, 0.0, 0.0)))
    assert right.crps < wide.crps < low.crps
    assert low.pit_distance > 0.4
    assert low.pit[-1] > 0.3
    assert low.events[0].brier > low.events[0].brier_of_base_rate + 0.1


def test_reliability_points_go_from_low_chances_to_high() -> None:
    dice = np.random.default_rng(1)
    outcomes = []
    for n in range(1_000):
        chance = float(dice.random())
        outcomes.append(ForecastOutcome(str(n), (chance, 1 - chance), 0, 1, int(dice.random() > chance)))
    points = score_forecasts(outcomes).events[0].reliability
    assert [point.lots for point in points] == [200] * 5
    assert [point.said for point in points] == sorted(point.said for point in points)
    assert all(point.low <= point.said <= point.high for point in points)


def test_more_bids_than_an_open_end_count_as_the_end() -> None:
    forecast = ForecastOutcome("x", (0.5, 0.5), 0, 1, 7, ends_open=True)
    assert crps_of(forecast) == pytest.approx(0.25)
    assert score_forecasts([forecast]).lots[0].said == 0.5
    with pytest.raises(ValueError, match="no outcomes"):
        score_forecasts([])


def test_scores_survive_storage() -> None:
    scores = score_forecasts(outcomes_of(TRUTH, lots=20))
    assert from_json(ForecastScores, to_json(scores)) == scores


def test_the_weight_of_interest_follows_who_was_right() -> None:
    came = np.random.default_rng(4).choice(len(TRUTH), 300, p=TRUTH).tolist()
    poor = (0.7, 0.2, 0.1)
    assumed = choose_weight([])
    trusting = choose_weight([BothForecasts(str(n), TRUTH, poor, bids) for n, bids in enumerate(came)])
    doubting = choose_weight([BothForecasts(str(n), poor, TRUTH, bids) for n, bids in enumerate(came)])
    assert doubting.interest < 0.2 < assumed.interest < trusting.interest
    for found in (trusting, doubting):
        assert found.crps_blend is not None
        assert found.crps_blend <= min(found.crps_interest or 9, found.crps_history or 9) * 1.02


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=9), st.floats(0, 1), st.floats(0, 0.9))
def test_credible_bids_are_a_distribution_with_the_share_as_its_mean(
    weights: list[float], share: float, correlation: float
) -> None:
    given_bids = tuple(weight / sum(weights) for weight in weights)
    credible = credible_only(given_bids, share, correlation)
    assert sum(credible) == pytest.approx(1)
    means = [sum(bids * chance for bids, chance in enumerate(found)) for found in (given_bids, credible)]
    assert means[1] == pytest.approx(share * means[0], abs=1e-6)
    assert sum(blend(credible, given_bids, 0.3)) == pytest.approx(1)
