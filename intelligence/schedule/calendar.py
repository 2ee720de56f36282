"""Working days, and the legal clocks counted in them.

A :class:`WorkingCalendar` knows every bank holiday between two dates and refuses to guess outside them: a deadline
computed over an unknown Christmas would look as sure as any other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

ONE_DAY = timedelta(days=1)
SATURDAY = 5
STANDSTILL_WORKING_DAYS = 8
MOST_YEARS = 200


class Nation(StrEnum):
    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class CalendarError(ValueError):
    """A date lies outside the years whose bank holidays are known."""


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str


@dataclass(frozen=True)  # no slots, so that what is looked up often is made once
class WorkingCalendar:
    """The bank holidays from `first` to `last`, both included; Saturdays and Sundays are never working days.

    Every method raises :class:`CalendarError` for a day outside that range, and so does a range that makes no sense.

    >>> easter = (Holiday(date(2026, 4, 3), "Good Friday"), Holiday(date(2026, 4, 6), "Easter Monday"))
    >>> calendar = WorkingCalendar(date(2026, 1, 1), date(2026, 12, 31), easter)
    >>> calendar.is_working_day(date(2026, 4, 3))
    False
    >>> calendar.add_working_days(date(2026, 4, 1), 2)
    datetime.date(2026, 4, 7)
    """

    first: date
    last: date
    holidays: tuple[Holiday, ...] = ()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise CalendarError(f"its last day, {self.last}, is before its first, {self.first}")
        if self.last.year - self.first.year > MOST_YEARS:
            raise CalendarError(f"it covers more than {MOST_YEARS} years")

    def is_working_day(self, day: date) -> bool:
        self._require(day)
        return day.weekday() < SATURDAY and day not in self._closed

    def working_days(self, first: date, last: date) -> tuple[date, ...]:
        """Every working day from `first` to `last`, both included."""
        self._require(first)
        self._require(last)
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return tuple(day for day in days if self.is_working_day(day))

    def count(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both included."""
        self._require(first)
        self._require(last)
        return max(0, bisect_right(self._open, last) - bisect_left(self._open, first))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted and need not be a working day."""
        if count <= 0:
            return day
        self._require(day + ONE_DAY)
        return self._working_day(bisect_right(self._open, day) + count - 1)

    def next_working_day(self, day: date) -> date:
        """`day` when it is a working day, else the first one after it."""
        self._require(day)
        return self._working_day(bisect_left(self._open, day))

    def _working_day(self, position: int) -> date:
        if position >= len(self._open):
            self._require(self.last + ONE_DAY)
        return self._open[position]

    @cached_property
    def _open(self) -> tuple[date, ...]:
        return self.working_days(self.first, self.last)

    @cached_property
    def _closed(self) -> frozenset[date]:
        return frozenset(holiday.day for holiday in self.holidays)

    def _require(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise CalendarError(
                f"bank holidays are known from {self.first} to {self.last}, so {day} cannot be counted; "
                "pass a calendar that covers it"
            )


def psr_standstill_end(calendar: WorkingCalendar, published: date, days: int = STANDSTILL_WORKING_DAYS) -> date:
    """The last day of the standstill after a Provider Selection Regime notice of intention; it ends at midnight.

    SI 2023/1348 reg 12: the standstill begins on the day after the notice is published, and representations may be made
    until midnight at the end of the eighth working day after the day it begins. A notice of Tuesday 16 December 2025
    was therefore open until 31 December, as the notice itself said.
    """
    return calendar.add_working_days(published + ONE_DAY, days)


def pa23_standstill_end(calendar: WorkingCalendar, published: date, days: int = STANDSTILL_WORKING_DAYS) -> date:
    """The last day of the standstill under the Procurement Act 2023, s51.

    It is the period of eight working days beginning with the day on which the contract award notice is published, so a
    notice published on a working day uses up one of them.
    """
    return calendar.add_working_days(published - ONE_DAY, days)
