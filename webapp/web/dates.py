"""A date typed as day, month and year."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from webapp.language import Later
from webapp.web import widgets
from webapp.web.fields import GovField
from webapp.web.text import show

PARTS = ("day", "month", "year")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIGITS = re.compile(r"[0-9]{1,4}")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_MISSING = {
    ("day",): Later("%(subject)s must include a day"),
    ("month",): Later("%(subject)s must include a month"),
    ("year",): Later("%(subject)s must include a year"),
    ("day", "month"): Later("%(subject)s must include a day and month"),
    ("day", "year"): Later("%(subject)s must include a day and year"),
    ("month", "year"): Later("%(subject)s must include a month and year"),
}


class DateField(GovField):
    """Three boxes, sent as <name>-day, <name>-month and <name>-year; `data` is a date, or None when all are blank.

    Messages name the part to correct, and the error summary leads to that part.
    """

    widget = widgets.date_input

    def __init__(self, label: str, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.wrong_parts: tuple[str, ...] = ()

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Gather the three parts under the field's own name, which is never sent itself."""
        if formdata is not None:
            formdata = _Parts({self.name: [formdata.get(f"{self.name}-{part}", "") for part in PARTS]})
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = dict(zip(PARTS, (raw.strip() for raw in valuelist), strict=True))
        if not any(typed.values()):
            return
        missing = tuple(part for part in PARTS if not typed[part])
        if missing:
            raise self._problem(missing, _MISSING[missing])
        self.data = self._read(typed["day"], typed["month"], typed["year"])

    def _read(self, day: str, month: str, year: str) -> date:
        if _DIGITS.fullmatch(day) is None:
            raise self._problem(("day",), Later("%(subject)s must include a day as a number, like 27"))
        number = month_number(month)
        if number is None:
            raise self._problem(("month",), Later("%(subject)s must include a month from 1 to 12"))
        if _DIGITS.fullmatch(year) is None or len(year) != 4:
            raise self._problem(("year",), Later("%(subject)s must include a year with 4 numbers"))
        try:
            value = date(int(year), number, int(day))
        except ValueError as problem:
            wrong = PARTS if int(day) <= 31 else ("day",)
            raise self._problem(wrong, Later("%(subject)s must be a real date")) from problem
        if not EARLIEST <= value <= LATEST:
            sentence = Later("%(subject)s must have a year between %(first)s and %(last)s")
            raise self._problem(("year",), sentence, first=EARLIEST.year, last=LATEST.year)
        return value

    def _problem(self, parts: tuple[str, ...], sentence: Later, **values: int) -> ValueError:
        self.wrong_parts = parts
        return ValueError(sentence.said(subject=self.subject, **values))

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Per part: its name, what stands in it, and whether it is wrong."""
        if self.raw_data:
            shown = [show(raw) for raw in self.raw_data]
        else:
            shown = [str(getattr(self.data, part)) if self.data else "" for part in PARTS]
        wrong = self.wrong_parts or (PARTS if self.errors else ())
        return [(part, text, part in wrong) for part, text in zip(PARTS, shown, strict=True)]

    @property
    def control_id(self) -> str:
        return f"{self.id}-{(self.wrong_parts or PARTS)[0]}"


class _Parts(dict[str, list[str]]):
    """As much of a multi-dict as a WTForms field asks for."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def month_number(typed: str) -> int | None:
    """The number of a month written "4", "04", "Apr" or "april"."""
    if typed.isascii() and typed.isdigit():
        return int(typed) if 1 <= int(typed[:4]) <= 12 and len(typed) <= 2 else None
    abbreviation = typed[:3].lower()
    return _MONTHS.index(abbreviation) + 1 if abbreviation in _MONTHS and typed.isalpha() else None
