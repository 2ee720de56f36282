"""Published bank holidays, and the freezes that officers put around Christmas and Easter."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from intelligence.schedule.calendar import Holiday, Nation, WorkingCalendar
from intelligence.schedule.plan import Blackout, ScheduleProblem


@cache
def published_calendar(nation: Nation = Nation.ENGLAND_AND_WALES) -> WorkingCalendar:
    """The bank holidays of a nation as GOV.UK published them, from the copy in govuk-bank-holidays; nothing is fetched.

    >>> calendar = published_calendar()
    >>> calendar.is_working_day(date(2026, 5, 25)), calendar.is_working_day(date(2026, 5, 26))
    (False, True)
    """
    events = BankHolidays(use_cached_holidays=True).get_holidays(division=nation.value)
    holidays = tuple(Holiday(event["date"], event["title"]) for event in events)
    return WorkingCalendar(date(holidays[0].day.year, 1, 1), date(holidays[-1].day.year, 12, 31), holidays)


def calendar_of(problem: ScheduleProblem) -> WorkingCalendar:
    return problem.calendar or published_calendar(problem.nation)


def seasonal_blackouts(calendar: WorkingCalendar, first: date, last: date) -> tuple[Blackout, ...]:
    """The Christmas and Easter freezes that touch the days from `first` to `last`. Their lengths are assumed.

    Christmas runs from 20 December to 2 January, Easter from the Wednesday before Good Friday to the Tuesday after it.

    >>> [blackout.name for blackout in seasonal_blackouts(published_calendar(), date(2026, 2, 1), date(2026, 12, 24))]
    ['Easter 2026', 'Christmas 2026']
    """
    fridays = (holiday.day for holiday in calendar.holidays if holiday.name == "Good Friday")
    freezes = [Blackout(f"Easter {day.year}", day - timedelta(days=2), day + timedelta(days=4)) for day in fridays]
    for year in range(first.year - 1, last.year + 1):
        freezes.append(Blackout(f"Christmas {year}", date(year, 12, 20), date(year + 1, 1, 2)))
    touching = (freeze for freeze in freezes if freeze.first <= last and freeze.last >= first)
    return tuple(sorted(touching, key=lambda freeze: freeze.first))
