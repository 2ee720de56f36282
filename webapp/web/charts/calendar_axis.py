"""Days along a line, and the months and years above them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from webapp.web.charts.svg import SMALL, WIDTH, group, line, text, text_width

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ROOM_FOR_MONTH = 34


@dataclass(frozen=True)
class Calendar:
    """Whole months from `first` up to `last`, the first day after them, between two places on the drawing."""

    first: date
    last: date
    left: float
    right: float

    @classmethod
    def around(cls, earliest: date, latest: date, *, left: float, right: float) -> "Calendar":
        return cls(earliest.replace(day=1), _next_month(latest.replace(day=1)), left, right)

    def x(self, day: date) -> float:
        """Where a day begins."""
        return self.left + (self.right - self.left) * (day - self.first).days / (self.last - self.first).days

    def x_after(self, day: date) -> float:
        """Where a day ends."""
        return self.x(day + timedelta(days=1))

    def draw(self, top: float, bottom: float) -> Markup:
        """Two lines of words that end above `top`, and grid lines down to `bottom`: as many months as have room."""
        months = list(self._months())
        room = (self.right - self.left) / len(months)
        every = next(each for each in (1, 3, 6, 12) if each == 12 or room * each >= _ROOM_FOR_MONTH)
        drawn = []
        for month in months:
            x, is_first = self.x(month), month == self.first
            if month.month == 1 or (is_first and self.x(date(month.year + 1, 1, 1)) - x > _ROOM_FOR_MONTH):
                drawn.append(_label(str(month.year), x + 4, top - 24, "chart__small chart__small--strong"))
            if (month.month - 1) % every == 0 or is_first:
                drawn.append(line(x, top - 6, x, bottom, "chart__base" if month.month == 1 else "chart__grid"))
            if (month.month - 1) % every == 0:
                drawn.append(_label(_MONTHS[month.month - 1], x + 4, top - 8, "chart__small"))
        return group(*drawn)

    def _months(self) -> Iterator[date]:
        month = self.first
        while month < self.last:
            yield month
            month = _next_month(month)


def _label(words: str, x: float, y: float, class_: str) -> Markup:
    """Nothing at the very end of the line, where the edge of the drawing would cut it."""
    return text(words, x, y, class_) if x + text_width(words, SMALL, bold=True) <= WIDTH else Markup("")


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
