"""The chart and table of how many bids a lot will draw, for few bids and for hundreds."""

from __future__ import annotations

from math import comb

import pytest

from webapp.analysis.pages.bids import LEAST_SHOWN, MOST_ROWS, chances


def binomial(providers: int, p: float) -> tuple[float, ...]:
    return tuple(comb(providers, bids) * p**bids * (1 - p) ** (providers - bids) for bids in range(providers + 1))


def test_few_bids_have_a_row_each_and_the_unlikely_end_has_one() -> None:
    assert chances((0.3, 0.7)) == [("0", 0.3), ("1", 0.7)]
    assert [label for label, _ in chances(binomial(8, 0.4))] == [*map(str, range(8)), "8 or more"]


def test_hundreds_of_bids_are_shown_in_ranges() -> None:
    labels = [label for label, _ in chances(binomial(240, 0.5))]
    assert labels[:2] == ["0 to 99", "100 to 104"]
    assert labels[-2:] == ["140 to 144", "145 or more"]


@pytest.mark.parametrize("providers", [1, 3, 20, 40, 500, 1000])
@pytest.mark.parametrize("p", [0.01, 0.3, 0.99])
def test_the_rows_are_few_and_leave_nothing_out(providers: int, p: float) -> None:
    rows = chances(binomial(providers, p))
    assert len(rows) <= MOST_ROWS + 3
    assert sum(share for _, share in rows) == pytest.approx(1)
    assert all(share <= LEAST_SHOWN for label, share in rows if label.endswith("more"))
