"""What was said against what came: on the diagonal, chances mean what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import WIDTH, chart, element, group, line, text, tooltip
from webapp.web.format import percent, plural

_SIDE, _TOP, _BOTTOM, _LEFT = 230, 40, 46, 50
_MOST_PANELS = 3
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True)
class ReliabilityDot:
    """Of `count` forecasts that said about `said`, the share that came, with its interval; all from 0 to 1."""

    said: float
    came: float
    low: float
    high: float
    count: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.came <= self.high <= 1 or not 0 <= self.said <= 1:
            raise ValueError("what was said and what came lie between 0 and 1, and the interval around what came")


@dataclass(frozen=True, kw_only=True)
class ReliabilityPanel:
    title: str
    dots: tuple[ReliabilityDot, ...]


def reliability(chart_id: str, title: str, panels: Sequence[ReliabilityPanel], *, unit: str) -> Markup:
    """Up to three squares side by side: what was said runs to the right, what came upwards."""
    if len(panels) > _MOST_PANELS:
        raise ValueError(f"at most {_MOST_PANELS} panels fit side by side")
    return chart(
        chart_id,
        title,
        f"{plural(len(panels), 'square')}, each with dots of {unit}: the chance said against the share that came.",
        _TOP + _SIDE + _BOTTOM,
        [_panel(panel, _LEFT + place * (WIDTH / _MOST_PANELS), unit) for place, panel in enumerate(panels)],
    )


def _panel(panel: ReliabilityPanel, left: float, unit: str) -> Markup:
    bottom, right = _TOP + _SIDE, left + _SIDE
    grid = []
    for tick in _TICKS:
        x, y = left + tick * _SIDE, bottom - tick * _SIDE
        grid += [
            line(x, _TOP, x, bottom, "chart__grid" if tick else "chart__base"),
            line(left, y, right, y, "chart__grid" if tick else "chart__base"),
            text(percent(tick), x, bottom + 18, "chart__small", "middle"),
            text(percent(tick), left - 8, y + 4, "chart__small", "end"),
        ]
    return group(
        text(panel.title, left, _TOP - 16, "chart__value"),
        *grid,
        line(left, bottom, right, _TOP, "chart__reference"),
        *(_dot(dot, left, bottom, unit) for dot in panel.dots),
        text("said", (left + right) / 2, bottom + 38, "chart__small", "middle"),
    )


def _dot(dot: ReliabilityDot, left: float, bottom: float, unit: str) -> Markup:
    x = left + dot.said * _SIDE
    low, came, high = (bottom - value * _SIDE for value in (dot.low, dot.came, dot.high))
    words = f"{dot.count} {unit}: said {percent(dot.said)}, came {percent(dot.came)}"
    return group(
        tooltip(f"{words}, interval {percent(dot.low)} to {percent(dot.high)}"),
        line(x, low, x, high, "chart__whisker"),
        element("circle", cx=x, cy=came, r=6, class_="chart__point"),
    )
