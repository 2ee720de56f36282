"""How pages write dates, money, numbers and chances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.web import format as written

steady = settings(max_examples=50, deadline=None)  # a busy machine is no fault of ours


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 4, 1, 15, 30, tzinfo=UTC), "4:30pm on 1 April 2027"),
        (datetime(2027, 1, 1, 12, 0, tzinfo=UTC), "noon on 1 January 2027"),
        (datetime(2027, 6, 30, 23, 0, tzinfo=UTC), "midnight on 1 July 2027"),
        (datetime(2027, 1, 5, 0, 5, tzinfo=UTC), "12:05am on 5 January 2027"),
        (datetime(2027, 1, 5, 9, 0, tzinfo=UTC), "9am on 5 January 2027"),
    ],
)
def test_moments_are_in_london_time(moment: datetime, expected: str) -> None:
    assert written.moment(moment) == expected


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        written.moment(datetime(2027, 4, 1, 12))  # noqa: DTZ001 - the fault in question


def test_days() -> None:
    assert written.day(date(2027, 4, 1)) == "1 April 2027"
    assert written.day(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2027"
    assert written.short_day(date(2027, 9, 1)) == "1 Sept 2027"
    assert written.month(date(2027, 4, 1)) == "April 2027"


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (written.money, 1200, "£1,200"),
        (written.money, Decimal("1200.5"), "£1,200.50"),
        (written.money, Decimal("0.005"), "£0.01"),
        (written.money, -5, "-£5"),
        (written.compact_money, 48_150_009, "£48.2m"),
        (written.compact_money, 131_985_039, "£132m"),
        (written.compact_money, 950_000, "£950k"),
        (written.compact_money, 999_960, "£1m"),
        (written.compact_money, 1_500, "£1.5k"),
        (written.compact_money, 620, "£620"),
        (written.compact_money, 0, "£0"),
        (written.compact_money, 2_500_000_000_000, "£2,500bn"),
        (written.compact_money, -2_000_000, "-£2m"),
        (written.number, 1234.5, "1,235"),
        (written.number, 24.5, "25"),
        (written.number, -0.2, "0"),
        (written.percent, 0.374, "37%"),
        (written.chance, 0, "<1%"),
        (written.chance, 0.0099, "<1%"),
        (written.chance, 0.01, "1%"),
        (written.chance, 0.99, "99%"),
        (written.chance, 1, ">99%"),
        (written.file_size, 620, "620 bytes"),
        (written.file_size, 48_300, "48 kB"),
        (written.file_size, 1_340_000, "1.3 MB"),
    ],
)
def test_figures(function: Callable[[float | Decimal], str], value: float | Decimal, expected: str) -> None:
    assert function(value) == expected


def test_an_estimate_has_all_its_places_whatever_they_are() -> None:
    assert [written.estimate(value) for value in (1, 0.96, 15.04, 1234.5)] == ["1.0", "1.0", "15.0", "1,234.5"]
    assert [written.estimate(value, 2) for value in (0.1, 3.2, 0.115)] == ["0.10", "3.20", "0.12"]


def test_plurals() -> None:
    assert [written.plural(count, "lot") for count in (0, 1, 1200)] == ["0 lots", "1 lot", "1,200 lots"]
    assert written.plural(2, "party", "parties") == "2 parties"
    assert [written.all_of(count, "lot") for count in (2, 3)] == ["both lots", "all 3 lots"]


@steady
@given(value=st.integers(min_value=1, max_value=10**12))
def test_compact_money_is_within_a_twentieth(value: int) -> None:
    shown = written.compact_money(value)
    unit = {"k": 1e3, "m": 1e6, "n": 1e9}.get(shown[-1], 1)
    assert float(shown.strip("£kmbn").replace(",", "")) * unit == pytest.approx(value, rel=0.05)


def test_words_are_listed_as_a_sentence_has_them() -> None:
    assert written.listed([]) == ""
    assert written.listed(["a"]) == "a"
    assert written.listed(["a", "b"]) == "a and b"
    assert written.listed(["a", "b", "c"], "or") == "a, b or c"
