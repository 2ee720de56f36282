"""Published bank holidays, and the freezes that officers put around Christmas and Easter."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import chain

from govuk_bank_holidays.bank_holidays import BankHolidays

from intelligence.schedule.calendar import SATURDAY, Holiday, Nation, WorkingCalendar
from intelligence.schedule.problem import Blackout, ScheduleProblem

EXPECTED_YEARS = 10
FRIDAY, SUNDAY = 4, 6


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


@cache
def planning_calendar(nation: Nation = Nation.ENGLAND_AND_WALES) -> WorkingCalendar:
    """The published bank holidays of a nation, and those expected in the ten years after them.

    >>> planning_calendar().last.year - published_calendar().last.year
    10
    """
    published = published_calendar(nation)
    years = range(published.last.year + 1, published.last.year + 1 + EXPECTED_YEARS)
    expected = chain.from_iterable(expected_holidays(year, nation) for year in years)
    return WorkingCalendar(published.first, date(years[-1], 12, 31), (*published.holidays, *expected))


def expected_holidays(year: int, nation: Nation = Nation.ENGLAND_AND_WALES) -> tuple[Holiday, ...]:
    """The bank holidays of a nation in a year for which none are published yet.

    The Banking and Financial Dealings Act 1971, Schedule 1, fixes most of them for each nation; Good Friday and
    Christmas Day are holidays at common law outside Scotland. The others (New Year's Day and the first Monday of May in
    England, 12 July in Northern Ireland, the last Monday of May and Boxing Day in Scotland) and the substitutes for
    holidays at weekends are proclaimed every year: they are taken to go on as they have. What else may be proclaimed
    nobody can know.

    >>> [f"{holiday.day:%d %b}" for holiday in expected_holidays(2033)]
    ['03 Jan', '15 Apr', '18 Apr', '02 May', '30 May', '29 Aug', '26 Dec', '27 Dec']
    """
    days = _kept_everywhere(year) | _kept_in(nation, year)
    return tuple(Holiday(day, name) for name, day in sorted(days.items(), key=lambda entry: entry[1]))


def _kept_everywhere(year: int) -> dict[str, date]:
    christmas = date(year, 12, 25)
    substitutes = {SATURDAY: (27, 28), SUNDAY: (27, 26), FRIDAY: (25, 28)}
    first, second = substitutes.get(christmas.weekday(), (25, 26))
    return {
        "New Year’s Day": _weekday_from(date(year, 1, 1)),
        "Good Friday": easter_sunday(year) - timedelta(days=2),
        "Early May bank holiday": _monday_from(date(year, 5, 1)),
        "Spring bank holiday": _monday_from(date(year, 5, 25)),
        "Christmas Day": christmas.replace(day=first),
        "Boxing Day": christmas.replace(day=second),
    }


def _kept_in(nation: Nation, year: int) -> dict[str, date]:
    if nation is Nation.SCOTLAND:
        return {
            "2nd January": _weekday_from(_weekday_from(date(year, 1, 1)) + timedelta(days=1)),
            "Summer bank holiday": _monday_from(date(year, 8, 1)),
            "St Andrew’s Day": _weekday_from(date(year, 11, 30)),
        }
    days = {
        "Easter Monday": easter_sunday(year) + timedelta(days=1),
        "Summer bank holiday": _monday_from(date(year, 8, 25)),
    }
    if nation is Nation.NORTHERN_IRELAND:
        days["St Patrick’s Day"] = _weekday_from(date(year, 3, 17))
        days["Battle of the Boyne (Orangemen’s Day)"] = _weekday_from(date(year, 7, 12))
    return days


def easter_sunday(year: int) -> date:
    """The Sunday after the ecclesiastical full moon of spring, by the Gregorian computus.

    >>> easter_sunday(2030), easter_sunday(2038)
    (datetime.date(2030, 4, 21), datetime.date(2038, 4, 25))
    """
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= epact // 28 * (1 - 29 // (epact + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=epact - weekday)


def _weekday_from(day: date) -> date:
    return day if day.weekday() < SATURDAY else _monday_from(day)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def calendar_of(problem: ScheduleProblem) -> WorkingCalendar:
    return problem.calendar or planning_calendar(problem.nation)


def unpublished(problem: ScheduleProblem, last: date) -> tuple[str, ...]:
    """A warning where a plan up to `last` rests on bank holidays that are only expected."""
    if problem.calendar is not None or last <= (known := published_calendar(problem.nation).last):
        return ()
    return (
        f"Bank holidays are published until {known.year}. Later ones are those that the law fixes and that are "
        "proclaimed every year; a proclamation may add or move days, so check dates after that again.",
    )


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
