"""Lines down a chart over days, for the dates that all its rows must respect, with their words above."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from webapp.web.charts.calendar_axis import Calendar
from webapp.web.charts.svg import SMALL, WIDTH, group, line, rect, text, text_width, tooltip
from webapp.web.format import short_day

_LEGEND, _LANE, _AXIS = 30, 18, 40
_LANES = 4
_APART = 8
_FIRST = ("expiry", "today", "board")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A line down all rows: a board's meeting, an expiry, or today."""

    label: str
    on: date
    kind: Literal["board", "expiry", "today"]


@dataclass(frozen=True, kw_only=True)
class Shade:
    """Days that lie darker under all rows, both ends included; the legend says its `kind`."""

    kind: str
    label: str
    first: date
    last: date


def shading(shades: Sequence[Shade], calendar: Calendar, top: float, bottom: float) -> Markup:
    drawn = []
    for shade in shades:
        left, right = max(calendar.x(shade.first), calendar.left), min(calendar.x_after(shade.last), calendar.right)
        words = f"{shade.kind}, {shade.label}: {short_day(shade.first)} to {short_day(shade.last)}"
        drawn.append(group(tooltip(words), rect(left, top, right - left, bottom - top, "chart__shade")))
    return group(*drawn)


def shades_within(shades: Sequence[Shade], calendar: Calendar) -> list[Shade]:
    return [shade for shade in shades if shade.first < calendar.last and shade.last >= calendar.first]


def shade_legend(shades: Sequence[Shade]) -> list[tuple[str, Markup]]:
    return [(kind, rect(0, -2, 22, 18, "chart__shade")) for kind in dict.fromkeys(shade.kind for shade in shades)]


class Marks:
    """Marks on a calendar, beneath a legend and above the axis: `top` is where the rows begin."""

    def __init__(self, marks: Sequence[Mark], calendar: Calendar) -> None:
        self._calendar = calendar
        self._repeated = {label for label, times in Counter(mark.label for mark in marks).items() if times > 1}
        self._placed = _lanes(marks, calendar, self._repeated)
        lowest = max((lane for _, lane in self._placed if lane is not None), default=-1)
        self.top = _LEGEND + _AXIS + (lowest + 1) * _LANE

    def legend(self) -> list[tuple[str, Markup]]:
        """What several lines are called is said once, beside one of them."""
        kinds = {mark.label: mark.kind for mark, _ in self._placed if mark.label in self._repeated}
        return [(label, line(11, -2, 11, 16, f"chart__mark chart__mark--{kind}")) for label, kind in kinds.items()]

    def lines(self, bottom: float) -> Markup:
        return group(*(_line(mark, lane, self._calendar, self.top, bottom) for mark, lane in self._placed))

    def labels(self) -> Markup:
        return group(*(_label(mark, lane, self._calendar) for mark, lane in self._placed if lane is not None))


def _line(mark: Mark, lane: int | None, calendar: Calendar, top: float, bottom: float) -> Markup:
    x = calendar.x(mark.on)
    start = top if lane is None else _lane_y(lane) - 11
    return group(
        tooltip(f"{mark.label}: {short_day(mark.on)}"),
        line(x, start, x, bottom, f"chart__mark chart__mark--{mark.kind}"),
    )


def _label(mark: Mark, lane: int, calendar: Calendar) -> Markup:
    left, right = _label_span(mark, calendar)
    at_edge = left < calendar.x(mark.on)
    x, anchor = (right - 6, "end") if at_edge else (left + 6, None)
    return text(mark.label, x, _lane_y(lane), "chart__small chart__small--strong", anchor)


def _lane_y(lane: int) -> float:
    return _LEGEND + (lane + 1) * _LANE


def _label_span(mark: Mark, calendar: Calendar) -> tuple[float, float]:
    """From its line to the right, or to the left where the chart ends."""
    x, width = calendar.x(mark.on), text_width(mark.label, SMALL, bold=True) + 6
    return (x - width, x) if x + width > WIDTH else (x, x + width)


def _lanes(marks: Sequence[Mark], calendar: Calendar, unlabelled: Collection[str]) -> list[tuple[Mark, int | None]]:
    """Each mark with the topmost line of text on which its label meets no other, or None when all are taken.

    Expiries choose first, for they bind; boards are many and can go without their words.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_LANES)]
    placed: list[tuple[Mark, int | None]] = []
    for mark in sorted(marks, key=lambda each: (_FIRST.index(each.kind), each.on, each.label)):
        if mark.label in unlabelled:
            placed.append((mark, None))
            continue
        left, right = _label_span(mark, calendar)
        free = (
            lane
            for lane, spans in enumerate(taken)
            if all(right + _APART <= start or end + _APART <= left for start, end in spans)
        )
        lane = next(free, None)
        if lane is not None:
            taken[lane].append((left, right))
        placed.append((mark, lane))
    return placed
