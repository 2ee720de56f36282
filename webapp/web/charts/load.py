"""How much each of several people has to do over time: a lane each, against what they have time for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from webapp.web.charts.calendar_axis import Calendar
from webapp.web.charts.svg import LABEL_WIDTH, SMALL, WIDTH, chart, group, legend, line, rect, row_label, text, tooltip
from webapp.web.charts.svg import text_width as width_of
from webapp.web.format import number, plural, short_day

_LANE, _TALLEST = 78, 58
_TOP = 70


@dataclass(frozen=True, kw_only=True)
class LoadSpan:
    """Days, both included, on which the load stays the same."""

    first: date
    last: date
    load: int


@dataclass(frozen=True, kw_only=True)
class LoadLane:
    label: str
    spans: tuple[LoadSpan, ...]
    capacity: int | None = None


def load_lanes(chart_id: str, title: str, lanes: Sequence[LoadLane], *, unit: str) -> Markup:
    """Lanes in the order given, all to one scale. What is above the capacity is drawn apart, in its own pattern."""
    days = [day for lane in lanes for span in lane.spans for day in (span.first, span.last)]
    if not days:
        raise ValueError("a chart of loads needs at least one load")
    calendar = Calendar.around(min(days), max(days), left=LABEL_WIDTH, right=WIDTH)
    most = max(max((span.load for span in lane.spans), default=0) for lane in lanes)
    scale = _TALLEST / max(most, *(lane.capacity or 0 for lane in lanes), 1)
    bottom = _TOP + len(lanes) * _LANE
    content = [
        legend(
            [
                ("Load", rect(0, -2, 22, 18, "chart__load")),
                ("Above the limit", rect(0, -2, 22, 18, "chart__load-over")),
                ("Limit", line(0, 7, 22, 7, "chart__limit")),
            ],
            left=0,
        ),
        calendar.draw(_TOP, bottom),
        *(_lane(lane, calendar, _TOP + place * _LANE, scale, unit) for place, lane in enumerate(lanes)),
    ]
    said = f"{plural(len(lanes), 'lane')} of {unit}, from {short_day(min(days))} to {short_day(max(days))}."
    return chart(chart_id, title, said, bottom + 4, content)


def _lane(lane: LoadLane, calendar: Calendar, top: float, scale: float, unit: str) -> Markup:
    base = top + _LANE - 4
    drawn = [row_label(lane.label, top + _LANE / 2), line(0, base, WIDTH, base, "chart__base")]
    drawn += [_span(span, lane.capacity, calendar, base, scale, unit) for span in lane.spans]
    if lane.capacity is not None:
        y = base - lane.capacity * scale
        drawn.append(line(calendar.left, y, calendar.right, y, "chart__limit"))
    if peak := max(lane.spans, key=lambda span: span.load, default=None):
        words = f"most {number(peak.load)}"
        x = min(calendar.x(peak.first), WIDTH - width_of(words, SMALL, bold=True))
        drawn.append(text(words, x, base - peak.load * scale - 5, "chart__small chart__small--strong"))
    return group(*drawn)


def _span(span: LoadSpan, capacity: int | None, calendar: Calendar, base: float, scale: float, unit: str) -> Markup:
    left, width = calendar.x(span.first), calendar.x_after(span.last) - calendar.x(span.first)
    within = span.load if capacity is None else min(span.load, capacity)
    words = f"{number(span.load)} {unit}: {short_day(span.first)} to {short_day(span.last)}"
    drawn = [tooltip(words), rect(left, base - within * scale, width, within * scale, "chart__load")]
    if span.load > within:
        over = (span.load - within) * scale
        drawn.append(rect(left, base - span.load * scale, width, over, "chart__load-over"))
    return group(*drawn)
