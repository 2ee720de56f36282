"""Answers in days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from webapp.language import Later, _
from webapp.responses.items import AnswerError, Item, Say, Typed, Value, parts_of, refuse, rows_of, unanswered
from webapp.responses.kinds.kind import PartsKind, RowsKind
from webapp.web import format as shown

DATE_PARTS = ("day", "month", "year")
ENDS = ("from", "to")
END_LABELS = {"from": Later("From"), "to": Later("To")}
_DATE_FORMATS = ("%d %m %Y", "%d %b %Y", "%d %B %Y")
_WITHOUT: dict[tuple[str, ...], Say] = {
    ("day",): lambda subject: _("%(subject)s must include a day", subject=subject),
    ("month",): lambda subject: _("%(subject)s must include a month", subject=subject),
    ("year",): lambda subject: _("%(subject)s must include a year", subject=subject),
    ("day", "month"): lambda subject: _("%(subject)s must include a day and month", subject=subject),
    ("day", "year"): lambda subject: _("%(subject)s must include a day and year", subject=subject),
    ("month", "year"): lambda subject: _("%(subject)s must include a month and year", subject=subject),
}


class Day(PartsKind):
    parts = DATE_PARTS
    first = "day"

    def read(self, item: Item, typed: Typed) -> Value:
        return day_of(parts_of(typed)).isoformat()

    def retyped(self, item: Item, value: Any) -> Typed:
        return _parts(value)

    def show(self, item: Item, value: Any) -> str:
        return shown.day(date.fromisoformat(value))


class DateRanges(RowsKind):
    """Up to six times from a day to a day, both included."""

    most = 6

    def parts_of_row(self, item: Item) -> tuple[str, ...]:
        return tuple(f"{end}-{part}" for end in ENDS for part in DATE_PARTS)

    def read(self, item: Item, typed: Typed) -> Value:
        faults: list[AnswerError] = []
        read = [self._range(number, row, faults) for number, row in enumerate(rows_of(typed), 1)]
        refuse(faults)
        return read

    def _range(self, number: int, row: Sequence[str], faults: list[AnswerError]) -> dict[str, str]:
        days = {}
        for end, parts in zip(ENDS, (row[:3], row[3:]), strict=True):
            try:
                days[end] = day_of(parts)
            except AnswerError as problem:
                faults.append(problem.within(_end(end, number), f"{number}-{end}-{problem.part or DATE_PARTS[0]}"))
        if "from" in days and "to" in days and days["to"] < days["from"]:
            faults.append(AnswerError(lambda subject: ends_too_early(subject, number), f"{number}-to-day"))
        return {end: day.isoformat() for end, day in days.items()}

    def retyped(self, item: Item, value: Any) -> Typed:
        return [[part for end in ENDS for part in _parts(period[end])] for period in value]

    def show(self, item: Item, value: Any) -> str:
        return "\n".join(_period(*(date.fromisoformat(period[end]) for end in ENDS)) for period in value)


def ends_too_early(subject: str, row: int) -> str:
    return _("%(subject)s: the end in row %(row)s must not be before its start", subject=subject, row=row)


def _parts(iso: str) -> list[str]:
    return [str(int(part)) for part in reversed(iso.split("-"))]


def _period(first: date, last: date) -> str:
    return _("%(first)s to %(last)s", first=shown.day(first), last=shown.day(last))


def _end(end: str, number: int) -> Say:
    return lambda subject: _(
        "%(subject)s: “%(column)s” in row %(row)s", subject=subject, column=END_LABELS[end], row=number
    )


def day_of(parts: Sequence[str]) -> date:
    """Raises AnswerError."""
    trimmed = [part.strip() for part in parts]
    if not any(trimmed):
        raise AnswerError(unanswered)
    missing = [name for name, part in zip(DATE_PARTS, trimmed, strict=False) if not part]
    if missing:
        raise AnswerError(_WITHOUT[tuple(missing)], missing[0])
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(" ".join(trimmed), pattern).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise AnswerError(lambda subject: _("%(subject)s must be a real date, like 27 3 2027", subject=subject))
