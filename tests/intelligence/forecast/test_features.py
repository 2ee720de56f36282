"""What a lot's circumstances were, worked out by hand."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from intelligence.forecast.features import ACTIVE_DAYS, Features, describe
from intelligence.forecast.tenders import PastLot
from intelligence.forecast.timeline import Trailing, arrange, dividing
from tests.intelligence.forecast.past_lots import planned


def column(features: Features, name: str) -> list[float]:
    found: list[float] = features.matrix[:, features.names.index(name)].tolist()
    return found


def test_firms_are_active_from_the_day_after_they_bid_until_two_years_have_passed() -> None:
    history = [
        PastLot(planned(0, buyer="North"), 2, ("A", "B")),
        PastLot(planned(10, buyer="South"), 2, ("B", "C")),
        PastLot(planned(20, buyer="North"), 1, ("A",)),
    ]
    days = [0, 1, 10, 11, ACTIVE_DAYS + 10, ACTIVE_DAYS + 11, ACTIVE_DAYS + 20, ACTIVE_DAYS + 21]
    lots = [planned(day, buyer="North") for day in days]
    features = describe(arrange(history, lots))
    active = [round(exp(value) - 1) for value in column(features, "firms, all")[3:]]
    assert active == [0, 2, 2, 3, 3, 1, 1, 0]
    in_north = [round(exp(value) - 1) for value in column(features, "firms, buyer")[3:]]
    assert in_north == [0, 2, 2, 2, 1, 1, 1, 0]


def test_each_row_knows_the_lots_of_its_group_dated_before_it() -> None:
    history = [PastLot(planned(day, buyer=buyer), day) for day, buyer in ((1, "N"), (1, "S"), (2, "N"), (3, "N"))]
    timeline = arrange(history, [planned(2, buyer="N"), planned(9, buyer="N"), planned(9, buyer="new"), planned(9)])
    trailing = Trailing(timeline, timeline.groups["buyer"])
    assert trailing.counts().tolist() == [0, 0, 1, 2, 1, 3, 0, 0]
    assert trailing.sums(timeline.bids).tolist() == [0, 0, 1, 3, 1, 6, 0, 0]
    assert trailing.sums(timeline.bids, 2).tolist() == [0, 0, 1, 3, 1, 5, 0, 0]


def test_a_group_counts_once_it_tells_lots_apart() -> None:
    history = [PastLot(planned(day, buyer="N", category=f"C{day % 2}"), day) for day in range(4)]
    timeline = arrange(history, [planned(9, buyer="S")])
    assert dividing(timeline, np.arange(4)) == {"category": 2}
    assert set(dividing(timeline, np.arange(5))) == {"buyer", "category", "buyer and category"}
    features = describe(timeline)
    telling = [features.names[place] for place in features.telling(timeline, np.arange(4))]
    assert "category" in telling
    assert not [name for name in telling if "buyer" in name]


def test_unknown_values_are_marked_and_stand_in_the_middle() -> None:
    history = [PastLot(planned(1, value=100.0), 1), PastLot(planned(2, value=200.0), 1)]
    features = describe(arrange(history, [planned(3)]))
    assert column(features, "log value") == pytest.approx([0, np.log(2), 0])
    assert column(features, "log value unknown") == [0, 0, 1]
