"""Counts that grow from day to day: a stepped line for each, with its name and last count at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from markupsafe import Markup

from webapp.web.charts.calendar_axis import Calendar
from webapp.web.charts.svg import WIDTH, chart, element, group, line, nice_ceiling, text, tooltip
from webapp.web.format import number, short_day

_LEFT, _TOP, _HEIGHT, _BELOW, _NAMES = 44, 44, 240, 8, 150
_APART = 19
_TONES = 4


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """`counts` are those at the end of each of the chart's days, and never fall."""

    label: str
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if any(later < earlier for earlier, later in pairwise(self.counts)):
            raise ValueError(f"the counts of {self.label!r} fall")


def growing_counts(chart_id: str, title: str, days: Sequence[date], lines: Sequence[StepLine], *, unit: str) -> Markup:
    """Up to four lines over days in order. Each has a dash of its own, so that nothing hangs on colour."""
    if not days or len(lines) > _TONES or any(len(each.counts) != len(days) for each in lines):
        raise ValueError(f"a chart needs days, and a count for each of them in at most {_TONES} lines")
    bottom, right = _TOP + _HEIGHT, WIDTH - _NAMES
    top_count, step = nice_ceiling(max(count for each in lines for count in each.counts))
    step = max(step, 1)
    calendar = Calendar.around(days[0], days[-1] + timedelta(days=1), left=_LEFT, right=right)
    scale = _HEIGHT / max(top_count, 1)
    names = _spread([bottom - each.counts[-1] * scale for each in lines], bottom)
    return chart(
        chart_id,
        title,
        f"{len(lines)} lines of {unit}, from {short_day(days[0])} to {short_day(days[-1])}.",
        bottom + _BELOW,
        [
            calendar.draw(_TOP, bottom),
            _levels(top_count, step, bottom, right, scale),
            *(
                _line(tone, each, days, calendar, bottom, scale, name_at)
                for tone, (each, name_at) in enumerate(zip(lines, names, strict=True))
            ),
        ],
    )


def _levels(top_count: float, step: float, bottom: float, right: float, scale: float) -> Markup:
    drawn = []
    for level in range(0, int(top_count) + 1, int(step)):
        y = bottom - level * scale
        drawn.append(line(_LEFT, y, right, y, "chart__base" if level == 0 else "chart__grid"))
        drawn.append(text(number(level), _LEFT - 8, y + 4, "chart__small", "end"))
    return group(*drawn)


def _line(
    tone: int, drawn: StepLine, days: Sequence[date], calendar: Calendar, bottom: float, scale: float, name_at: float
) -> Markup:
    """Level until a day ends, then up: the count of a day is known when it is over."""
    path = [f"M{calendar.x(days[0]):.2f} {bottom:.2f}"]
    for day, count in zip(days, drawn.counts, strict=True):
        path.append(f"V{bottom - count * scale:.2f}H{calendar.x_after(day):.2f}")
    last = drawn.counts[-1]
    return group(
        tooltip(f"{drawn.label}: {number(last)}"),
        element("path", d="".join(path), class_=f"chart__step chart__step-{tone}"),
        text(
            f"{drawn.label} {number(last)}", WIDTH - _NAMES + 10, name_at + 5, f"chart__value chart__step-name-{tone}"
        ),
    )


def _spread(places: Sequence[float], bottom: float) -> list[float]:
    """Where the names go: beside the ends of their lines, but apart from each other."""
    order = sorted(range(len(places)), key=lambda index: (-places[index], index))
    spread, lowest = list(places), bottom
    for index in order:
        spread[index] = min(places[index], lowest)
        lowest = spread[index] - _APART
    return spread
