"""Answers in days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from webapp.responses.items import AnswerError, Item, Typed, Value, parts_of, rows_of
from webapp.responses.kinds.kind import PartsKind, RowsKind
from webapp.web import format as shown

DATE_PARTS = ("day", "month", "year")
ENDS = ("from", "to")
_DATE_FORMATS = ("%d %m %Y", "%d %b %Y", "%d %B %Y")


class Day(PartsKind):
    parts = DATE_PARTS
    first = "day"

    def read(self, item: Item, typed: Typed) -> Value:
        return day_of(parts_of(typed)).isoformat()

    def show(self, item: Item, value: Any) -> str:
        return shown.day(date.fromisoformat(value))


class DateRanges(RowsKind):
    """Up to six times from a day to a day, both included."""

    most = 6

    def parts_of_row(self, item: Item) -> tuple[str, ...]:
        return tuple(f"{end}-{part}" for end in ENDS for part in DATE_PARTS)

    def read(self, item: Item, typed: Typed) -> Value:
        return [self._range(number, row) for number, row in enumerate(rows_of(typed), 1)]

    def _range(self, number: int, row: Sequence[str]) -> dict[str, str]:
        days = {}
        for end, parts in zip(ENDS, (row[:3], row[3:]), strict=True):
            if not any(part.strip() for part in parts):
                raise AnswerError(f"must have two dates; “{end}” is missing in row {number}", f"{number}-{end}-day")
            try:
                days[end] = day_of(parts)
            except AnswerError as problem:
                part = problem.part or DATE_PARTS[0]
                raise AnswerError(
                    f"has a “{end}” in row {number} that {problem}", f"{number}-{end}-{part}"
                ) from problem
        if days["to"] < days["from"]:
            raise AnswerError(f"must not end before it starts, as row {number} does", f"{number}-to-day")
        return {end: day.isoformat() for end, day in days.items()}

    def show(self, item: Item, value: Any) -> str:
        return "\n".join(" to ".join(shown.day(date.fromisoformat(period[end])) for end in ENDS) for period in value)


def day_of(parts: Sequence[str]) -> date:
    """Raises AnswerError."""
    trimmed = [part.strip() for part in parts]
    missing = [name for name, part in zip(DATE_PARTS, trimmed, strict=False) if not part]
    if missing:
        raise AnswerError(f"must include a {' and '.join(missing)}", missing[0])
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(" ".join(trimmed), pattern).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise AnswerError("must be a real date, like 27 3 2027")
