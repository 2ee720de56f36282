"""Forecasts from history alone: what may inform them, what they gain, and that they never lose to the histogram."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.files import from_json, to_json
from intelligence.forecast.distributions import crps
from intelligence.forecast.forecast import forecast_bids
from intelligence.forecast.result import HistoryForecast
from intelligence.forecast.tenders import MOST_BIDS, PastLot, PlannedLot
from intelligence.forecast.timeline import Ints
from tests.intelligence.forecast.past_lots import by_chance, driven_by_value, planned

names = st.sampled_from([None, "North", "South"])


@st.composite
def past_lots(draw: st.DrawFn) -> PastLot:
    lot = planned(
        draw(st.integers(0, 30)),
        buyer=draw(names),
        category=draw(names),
        value=draw(st.none() | st.floats(1, 1e9)),
        interest=draw(st.none() | st.integers(0, 50)),
    )
    return PastLot(lot, draw(st.integers(0, 60)), tuple(draw(st.sets(st.sampled_from("ABCDE")))))


def score(forecast: HistoryForecast, came: list[int]) -> float:
    cumulative = np.cumsum([lot.probabilities for lot in forecast.lots], axis=1)
    return float(crps(cumulative, np.array(came)).mean())


def histogram_score(history: list[PastLot], came: list[int]) -> float:
    seen = np.bincount([min(past.bidders, MOST_BIDS) for past in history], minlength=MOST_BIDS + 1)
    cumulative = np.tile(np.cumsum(seen / len(history)), (len(came), 1))
    bids: Ints = np.array(came)
    return float(crps(cumulative, bids).mean())


def test_progress_rises_to_one_and_what_it_raises_stops_the_work() -> None:
    history, told = [PastLot(planned(day), day % 4) for day in range(30)], [0.0]
    forecast_bids(history, [planned(40, "new")], progress=told.append)
    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        forecast_bids(history, [planned(40, "new")], progress=stop)


@settings(max_examples=40, deadline=None)
@given(st.lists(past_lots(), max_size=25), st.integers(0, 40), st.randoms(use_true_random=False))
def test_only_what_is_dated_before_a_lot_informs_it(history: list[PastLot], day: int, random: object) -> None:
    lot = planned(day, "new", buyer="North", value=1_000.0)
    changed = [
        replace(past, bidders=past.bidders * 3 + 7, firms=("Z",)) if past.lot.dated >= lot.dated else past
        for past in history
    ]
    random.shuffle(changed)
    assert forecast_bids(history, [lot]).lots == forecast_bids(changed, [lot]).lots
    earlier = [past for past in history if past.lot.dated < lot.dated]
    assert forecast_bids(history, [lot]).lots[0].past_lots == len(earlier)


@settings(max_examples=40, deadline=None)
@given(st.lists(past_lots(), max_size=25), st.lists(past_lots(), max_size=4), st.randoms(use_true_random=False))
def test_forecasts_are_distributions_and_the_order_of_the_history_changes_nothing(
    history: list[PastLot], lots: list[PastLot], random: object
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    wanted = [past.lot for past in lots]
    forecast = forecast_bids(history, wanted)
    assert forecast == forecast_bids(shuffled, wanted)
    assert from_json(HistoryForecast, to_json(forecast)) == forecast
    assert [lot.lot_id for lot in forecast.lots] == [lot.id for lot in wanted]
    for lot in forecast.lots:
        assert len(lot.probabilities) == MOST_BIDS + 1
        assert min(lot.probabilities) >= 0
        assert sum(lot.probabilities) == pytest.approx(1, abs=1e-9)
        assert lot.mean >= 0


def test_a_day_that_is_not_known_is_taken_as_late_as_it_may_be() -> None:
    somewhen = planned(0, "2020", until=planned(365).dated)
    during, after = planned(100, "during"), planned(366, "after")
    known = [lot.past_lots for lot in forecast_bids([PastLot(somewhen, 5)], [during, after]).lots]
    assert known == [0, 1]


def test_without_history_a_typical_market_is_forecast_and_interest_moves_it() -> None:
    few, many = forecast_bids([], [planned(0, interest=2), planned(0, interest=30)]).lots
    assert 1 < few.mean < many.mean < 10
    assert forecast_bids([], [planned(0)]).lots[0].mean == pytest.approx(3.5, rel=0.05)


def test_one_past_lot_counts_but_is_not_believed_alone() -> None:
    forecast = forecast_bids([PastLot(planned(0), 9)], [planned(1)]).lots[0]
    assert 6 < forecast.mean < 9
    assert 0.3 < forecast.probabilities[9] < 0.6, "nor is any other number of bids all but ruled out"


@pytest.mark.parametrize("past", [1, 2, 3])
def test_no_bid_for_a_few_past_lots_makes_none_not_certain(past: int) -> None:
    forecast = forecast_bids([PastLot(planned(day), 0) for day in range(past)], [planned(20)]).lots[0]
    assert 0.5 < forecast.probabilities[0] < 0.95
    assert forecast.mean == pytest.approx(sum(n * chance for n, chance in enumerate(forecast.probabilities)), abs=0.02)


def test_what_drives_bids_is_found_and_the_skill_is_shown() -> None:
    lots = driven_by_value(500)
    history, later = lots[:350], lots[350:]
    forecast = forecast_bids(history, [past.lot for past in later])
    came = [past.bidders for past in later]
    assert score(forecast, came) < 0.85 * histogram_score(history, came)
    skill = {found.name: found for found in forecast.candidates}
    assert skill["regression"].crps is not None
    assert skill["regression"].crps < 0.85 * (skill["histogram"].crps or 0)
    assert skill["regression"].weight > 0.5 > skill["histogram"].weight
    assert sum(found.weight for found in forecast.candidates) == pytest.approx(1)
    assert forecast.pool_crps is not None
    assert forecast.pool_crps < (skill["histogram"].crps or 0)


@pytest.mark.parametrize("known", [6, 25, 120, 300])
def test_the_histogram_is_never_lost_to_where_nothing_else_helps(known: int) -> None:
    ours = theirs = 0.0
    for seed in range(2):
        lots = by_chance(known + 120, seed)
        history, came = lots[:known], [past.bidders for past in lots[known:]]
        ours += score(forecast_bids(history, [past.lot for past in lots[known:]]), came)
        theirs += histogram_score(history, came)
    assert ours < 1.01 * theirs


def test_interest_beats_the_histogram_where_bids_follow_it() -> None:
    dice = np.random.default_rng(5)
    interest = dice.integers(2, 40, 60)
    lots = [PastLot(planned(day, interest=int(n)), int(dice.binomial(n, 0.3))) for day, n in enumerate(interest)]
    history, came = lots[:20], [past.bidders for past in lots[20:]]
    forecast = forecast_bids(history, [past.lot for past in lots[20:]])
    assert score(forecast, came) < 0.75 * histogram_score(history, came)


def test_a_few_lots_that_hardly_differ_overrule_what_interest_is_hoped_to_tell() -> None:
    history = [PastLot(planned(day, interest=2 + 7 * day % 23), 1 + day % 2) for day in range(6)]
    following = [planned(9, f"new {number}", interest=2 + 7 * number % 23) for number in range(20)]
    came = [1 + number % 2 for number in range(20)]
    assert score(forecast_bids(history, following), came) <= 1.1 * histogram_score(history, came)


def test_interest_that_no_past_lot_knows_is_not_relied_on() -> None:
    history = [PastLot(planned(day), 7 * day % 11) for day in range(20)]
    following = [planned(30, f"new {number}", interest=40) for number in range(22)]
    came = [7 * number % 11 for number in range(22)]
    assert score(forecast_bids(history, following), came) <= 1.05 * histogram_score(history, came)


def test_what_comes_later_changes_nothing_at_all() -> None:
    """Not even the last digit: lots on the day itself and later, of other buyers and with other firms."""
    history = [replace(past, lot=replace(past.lot, buyer="North"), firms=("A",)) for past in driven_by_value(100)]
    later = [
        PastLot(planned(99 + n // 9, f"later {n}", buyer=f"B{n % 4}", category="C", interest=n), 40, (f"F{n}",))
        for n in range(60)
    ]
    lot = replace(history[99].lot, id="new")
    assert forecast_bids(history, [lot]).lots == forecast_bids([*history, *later], [lot]).lots
    after_some = replace(lot, dated=lot.dated + timedelta(days=2))
    assert forecast_bids([*history, *later], [after_some]).lots[0].mean > 6


def test_no_lots_no_forecasts() -> None:
    assert forecast_bids(driven_by_value(30), []).lots == ()


def test_bids_far_above_the_last_level_count_in_the_mean() -> None:
    history = [PastLot(planned(day), 300) for day in range(40)]
    forecast = forecast_bids(history, [PlannedLot("new", planned(60).dated)]).lots[0]
    assert forecast.probabilities[MOST_BIDS] > 0.9
    assert forecast.mean > 200
