"""What moves a figure, and how far: a tornado, the widest swing on top."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import (
    LABEL_WIDTH,
    WIDTH,
    axis,
    chart,
    group,
    legend,
    line,
    nice_ceiling,
    rect,
    row_label,
    text,
    tooltip,
)
from webapp.web.format import estimate, plural

_ROW, _BAR, _TOP, _AXIS = 40, 22, 58, 30
_VALUES = 130


@dataclass(frozen=True, kw_only=True)
class Swing:
    """What the figure would be with the thing named at its low end and at its high end."""

    label: str
    at_low: float
    at_high: float


def tornado(chart_id: str, title: str, swings: Sequence[Swing], *, middle: float, unit: str) -> Markup:
    """Bars from the figure as it is to the figure at either end, in the order given."""
    if any(value < 0 for swing in swings for value in (swing.at_low, swing.at_high)) or middle < 0:
        raise ValueError("a tornado's figures are 0 or more")
    width = WIDTH - LABEL_WIDTH - _VALUES
    furthest = max([middle, *(max(swing.at_low, swing.at_high) for swing in swings)])
    end, step = nice_ceiling(furthest)
    bottom = _TOP + len(swings) * _ROW
    scale = width / end
    at = LABEL_WIDTH + middle * scale
    return chart(
        chart_id,
        title,
        f"{plural(len(swings), 'bar')} of {unit}, each from one end of an assumption's range to the other.",
        bottom + _AXIS,
        [
            legend(
                [
                    ("Assumption at its low end", rect(0, 0, 22, 14, "chart__swing--low")),
                    ("At its high end", rect(0, 0, 22, 14, "chart__swing--high")),
                ]
            ),
            axis(_TOP, bottom, LABEL_WIDTH, width, end, step),
            *(_row(swing, middle, _TOP + (place + 0.5) * _ROW, scale) for place, swing in enumerate(swings)),
            line(at, _TOP - 8, at, bottom, "chart__reference"),
            text(f"As it is: {estimate(middle, 2)}", at, _TOP - 14, "chart__small", "middle"),
        ],
    )


def _row(swing: Swing, middle: float, y: float, scale: float) -> Markup:
    words = f"{estimate(swing.at_low, 2)} to {estimate(swing.at_high, 2)}"
    return group(
        tooltip(f"{swing.label}: {words}"),
        row_label(swing.label, y),
        _side(middle, swing.at_low, y, scale, "low"),
        _side(middle, swing.at_high, y, scale, "high"),
        text(words, WIDTH, y + 5, "chart__small", "end"),
    )


def _side(middle: float, value: float, y: float, scale: float, end: str) -> Markup:
    """Where both ends lie on one side of the middle the nearer one is drawn thinner, so that both are seen."""
    left, right = sorted((middle, value))
    height = _BAR if end == "low" else _BAR * 0.6
    return rect(LABEL_WIDTH + left * scale, y - height / 2, (right - left) * scale, height, f"chart__swing--{end}")
