"""An estimate and its interval, one dot a row: the credible bids to expect for each lot."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import (
    LABEL_WIDTH,
    WIDTH,
    axis,
    chart,
    element,
    group,
    line,
    nice_ceiling,
    row_label,
    text,
    tooltip,
)
from webapp.web.format import estimate, number, plural

_ROW, _TOP, _AXIS = 42, 34, 30
_VALUES = 130


@dataclass(frozen=True, kw_only=True)
class IntervalRow:
    label: str
    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.middle <= self.high:
            raise ValueError(f"the interval of {self.label!r} is out of order")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A level to read the rows against, such as two bids."""

    label: str
    value: float


def interval_dots(
    chart_id: str, title: str, rows: Sequence[IntervalRow], *, unit: str, reference: Reference | None = None
) -> Markup:
    """A dot with a line through its interval for each row, and the figures at the right."""
    width = WIDTH - LABEL_WIDTH - _VALUES
    end, step = nice_ceiling(max([row.high for row in rows] + [reference.value if reference else 0]))
    bottom = _TOP + len(rows) * _ROW
    scale = width / end
    drawn = [axis(_TOP, bottom, LABEL_WIDTH, width, end, step)]
    if reference:
        x = LABEL_WIDTH + reference.value * scale
        drawn.append(
            group(
                line(x, _TOP - 8, x, bottom, "chart__reference"),
                text(reference.label, x, _TOP - 14, "chart__small", "middle"),
            )
        )
    drawn += [_row(row, _TOP + (index + 0.5) * _ROW, scale, unit) for index, row in enumerate(rows)]
    description = f"{plural(len(rows), 'row')}, each an estimate of {unit} with its interval."
    return chart(chart_id, title, description, bottom + _AXIS, drawn)


def _row(row: IntervalRow, y: float, scale: float, unit: str) -> Markup:
    low, middle, high = (LABEL_WIDTH + value * scale for value in (row.low, row.middle, row.high))
    interval = f"{number(row.low, 1)} to {number(row.high, 1)}"
    return group(
        tooltip(f"{row.label}: {estimate(row.middle)} {unit}, {interval}"),
        row_label(row.label, y),
        line(low, y, high, y, "chart__interval"),
        line(low, y - 6, low, y + 6, "chart__interval-end"),
        line(high, y - 6, high, y + 6, "chart__interval-end"),
        element("circle", cx=middle, cy=y, r=7, class_="chart__point"),
        text(estimate(row.middle), WIDTH - 78, y + 5, "chart__value", "end"),
        text(interval, WIDTH, y + 5, "chart__small", "end"),
    )
