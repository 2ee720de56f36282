from dataclasses import replace
from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from intelligence.market import Route
from intelligence.schedule.calendar import (
    CalendarError,
    Holiday,
    Nation,
    WorkingCalendar,
    pa23_standstill_end,
    psr_standstill_end,
)
from intelligence.schedule.holidays import expected_holidays, published_calendar, seasonal_blackouts
from intelligence.schedule.routes import Stage, stage_end, stages_of
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import PROCUREMENTS, dental

GOV_UK = BankHolidays(use_cached_holidays=True)
CALENDARS = {nation: published_calendar(nation) for nation in Nation}
DAY = timedelta(days=1)
LEAP_YEAR = [date(2024, 1, 1) + n * DAY for n in range(366)]
CHRISTMAS_WEEKS = [date(year, 12, 14) + n * DAY for year in range(2012, 2028) for n in range(25)]
EASTER_WEEKS = [
    holiday.day + n * DAY
    for holiday in CALENDARS[Nation.ENGLAND_AND_WALES].holidays
    if holiday.name == "Good Friday"
    for n in range(-14, 12)
]
EVERY_START = LEAP_YEAR + CHRISTMAS_WEEKS + EASTER_WEEKS


PROCLAIMED_ONCE = {date(2012, 6, 4), date(2012, 6, 5), date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3)} | {
    date(2022, 9, 19),
    date(2023, 5, 8),
}
MOVED_ONCE = {date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)}  # for a jubilee or a victory day


@pytest.mark.parametrize("nation", Nation)
def test_what_is_expected_of_a_year_is_what_was_published_but_for_single_proclamations(nation: Nation) -> None:
    published = CALENDARS[nation]
    for year in range(published.first.year, published.last.year + 1):
        known = {holiday.day for holiday in published.holidays if holiday.day.year == year}
        expected = {holiday.day for holiday in expected_holidays(year, nation)}
        assert known - expected <= PROCLAIMED_ONCE
        assert expected - known <= MOVED_ONCE


def test_a_plan_beyond_the_published_years_says_that_its_holidays_are_expected() -> None:
    late = replace(PROCUREMENTS[3], service_start=date(2033, 4, 1))
    schedule = plan_schedule(dental(date(2032, 2, 2), procurements=(late,), contracts=()), seed=1)
    assert schedule.broken_rules == ()
    assert schedule.warnings[-1].startswith("Bank holidays are published until 2028.")


def counted_off(day: date, count: int, nation: Nation) -> date:
    """The naive count: cross off one working day after another, asking GOV.UK's own list about each."""
    while count:
        day += DAY
        if GOV_UK.is_work_day(day, division=nation.value):
            count -= 1
    return day


@pytest.mark.parametrize("nation", Nation)
def test_psr_standstill_agrees_with_a_naive_count_from_every_start(nation: Nation) -> None:
    for published in EVERY_START:
        begins = published + DAY
        assert psr_standstill_end(CALENDARS[nation], published) == counted_off(begins, 8, nation), published


@pytest.mark.parametrize("nation", Nation)
def test_pa23_standstill_holds_eight_working_days_counting_the_day_of_the_notice(nation: Nation) -> None:
    for published in EVERY_START:
        ends = pa23_standstill_end(CALENDARS[nation], published)
        days = [published + n * DAY for n in range((ends - published).days + 1)]
        assert sum(GOV_UK.is_work_day(day, division=nation.value) for day in days) == 8, published
        assert GOV_UK.is_work_day(ends, division=nation.value), published


@given(st.dates(date(2012, 1, 1), date(2027, 12, 31)), st.integers(min_value=0, max_value=150), st.sampled_from(Nation))
def test_adding_working_days_agrees_with_a_naive_count(day: date, count: int, nation: Nation) -> None:
    assert CALENDARS[nation].add_working_days(day, count) == counted_off(day, count, nation)


@given(st.dates(date(2012, 1, 1), date(2028, 12, 1)), st.integers(min_value=0, max_value=30))
def test_working_days_are_those_of_the_published_list(first: date, length: int) -> None:
    last = first + length * DAY
    expected = [day for n in range(length + 1) if GOV_UK.is_work_day(day := first + n * DAY, division="scotland")]
    assert list(CALENDARS[Nation.SCOTLAND].working_days(first, last)) == expected
    assert CALENDARS[Nation.SCOTLAND].count(first, last) == len(expected)


@pytest.mark.parametrize(
    ("published", "ends"),
    [
        # The West Yorkshire notice: intention published on Tuesday 16 December 2025, representations until the 31st.
        (date(2025, 12, 16), date(2025, 12, 31)),
        # The standstill begins on a Saturday, which is no working day, so the eight run from Monday.
        (date(2026, 6, 5), date(2026, 6, 17)),
        # It begins on a Friday; that day is the day it begins and so not one of the eight.
        (date(2026, 6, 4), date(2026, 6, 17)),
        # Over Easter 2026: it begins on Thursday 2 April; Good Friday and Easter Monday do not count.
        (date(2026, 4, 1), date(2026, 4, 16)),
    ],
)
def test_psr_standstill_worked_examples(published: date, ends: date) -> None:
    assert psr_standstill_end(CALENDARS[Nation.ENGLAND_AND_WALES], published) == ends


def test_pa23_standstill_worked_example() -> None:
    # A notice of 24 December 2024 keeps a contract from being let for fourteen calendar days.
    ends = pa23_standstill_end(CALENDARS[Nation.ENGLAND_AND_WALES], date(2024, 12, 24))
    assert ends == date(2025, 1, 7)


def test_nations_keep_their_own_holidays() -> None:
    second_of_january, twelfth_of_july, easter_monday = date(2026, 1, 2), date(2027, 7, 12), date(2026, 4, 6)
    assert [CALENDARS[nation].is_working_day(second_of_january) for nation in Nation] == [True, False, True]
    assert [CALENDARS[nation].is_working_day(twelfth_of_july) for nation in Nation] == [True, True, False]
    assert [CALENDARS[nation].is_working_day(easter_monday) for nation in Nation] == [False, True, False]


@pytest.mark.parametrize("nation", Nation)
def test_every_covered_year_has_its_holidays(nation: Nation) -> None:
    calendar = CALENDARS[nation]
    assert (calendar.first, calendar.last.year >= 2028) == (date(2012, 1, 1), True)
    for year in range(calendar.first.year, calendar.last.year + 1):
        names = {holiday.name for holiday in calendar.holidays if holiday.day.year == year}
        assert {"Good Friday", "Christmas Day", "Boxing Day"} <= names, year


def test_days_outside_the_known_years_are_refused() -> None:
    calendar = CALENDARS[Nation.ENGLAND_AND_WALES]
    with pytest.raises(CalendarError, match=f"from 2012-01-01 to {calendar.last}, so {calendar.last + 2 * DAY} cannot"):
        psr_standstill_end(calendar, calendar.last)
    with pytest.raises(CalendarError, match="2011-12-31"):
        calendar.is_working_day(date(2011, 12, 31))


def test_holidays_can_be_given_as_data() -> None:
    jubilee = WorkingCalendar(date(2030, 1, 1), date(2030, 12, 31), (Holiday(date(2030, 6, 3), "A jubilee"),))
    assert jubilee.add_working_days(date(2030, 5, 31), 1) == date(2030, 6, 4)


def test_seasonal_blackouts_surround_christmas_and_easter() -> None:
    calendar = CALENDARS[Nation.ENGLAND_AND_WALES]
    freezes = seasonal_blackouts(calendar, date(2026, 1, 1), date(2026, 12, 31))
    assert [(freeze.name, freeze.first, freeze.last) for freeze in freezes] == [
        ("Christmas 2025", date(2025, 12, 20), date(2026, 1, 2)),
        ("Easter 2026", date(2026, 4, 1), date(2026, 4, 7)),
        ("Christmas 2026", date(2026, 12, 20), date(2027, 1, 2)),
    ]


@pytest.mark.parametrize("nation", Nation)
def test_pa23_tenders_stay_open_for_25_days_after_the_day_of_the_notice_from_every_start(nation: Nation) -> None:
    calendar = CALENDARS[nation]
    tender = next(rule for rule in stages_of(Route.PA23_OPEN) if rule.stage is Stage.TENDER)
    shortest = replace(tender, days=tender.legal_floor or 0)
    for published in EVERY_START:
        closes = stage_end(shortest, calendar, published)
        counted = published
        for _ in range(25):  # the day of the notice is not one of them
            counted += DAY
        assert closes >= counted, published
        assert GOV_UK.is_work_day(closes, division=nation.value), published
        assert not any(GOV_UK.is_work_day(day, division=nation.value) for day in _between(counted, closes)), published


def _between(first: date, after: date) -> list[date]:
    return [first + n * DAY for n in range((after - first).days)]


def test_boxing_day_keeps_its_date_where_christmas_falls_on_a_sunday() -> None:
    """As GOV.UK names them: the substitute for Christmas Day comes after Boxing Day, as in 2022."""
    for year in (2022, 2033):
        named = {holiday.name: holiday.day for holiday in expected_holidays(year)}
        assert named["Boxing Day"] == date(year, 12, 26)
        assert named["Christmas Day"] == date(year, 12, 27)
    published = {holiday.day: holiday.name for holiday in published_calendar().holidays}
    assert (published[date(2022, 12, 26)], published[date(2022, 12, 27)]) == ("Boxing Day", "Christmas Day")
