"""What the market could deliver as a share of what is needed, one bar a row: small lots read like large ones."""

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
    legend,
    line,
    rect,
    row_label,
    text,
    tooltip,
)
from webapp.web.format import number, plural, rounded

_ROW, _BAR, _TOP, _AXIS = 50, 20, 36, 30
_NOTE = 16  # what a third line of words adds to a row
_VALUES = 170
_MOST, _STEP = 250, 50
"""The axis, in per cent of the need. What is far more than enough is cut there: the words beside it say how much."""


@dataclass(frozen=True, kw_only=True)
class CapacityRow:
    """An estimate of capacity with its interval, and the demand it has to meet, in one unit."""

    label: str
    low: float
    middle: float
    high: float
    demand: float
    note: str = ""
    """Said after what is short or spare, such as how likely it is."""

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.middle <= self.high or self.demand < 0:
            raise ValueError(f"the capacity of {self.label!r} is out of order")


def capacity_against_demand(chart_id: str, title: str, rows: Sequence[CapacityRow], *, unit: str) -> Markup:
    """A bar to the estimate, a line over its interval, a marker at the demand, and in words what is short or spare.

    Each row is drawn against its own demand.
    """
    width = WIDTH - LABEL_WIDTH - _VALUES
    height = _ROW + _NOTE * any(row.note for row in rows)
    bottom = _TOP + len(rows) * height
    scale = width / _MOST
    return chart(
        chart_id,
        title,
        f"{plural(len(rows), 'bar')} of {unit}, each in per cent of its own demand.",
        bottom + _AXIS,
        [
            legend(
                [
                    ("Capacity", rect(0, 0, 22, 14, "chart__bar")),
                    ("Interval", group(line(0, 7, 22, 7, "chart__whisker"), _ends(0, 22, 7))),
                    ("Demand", _marker(11, 0, 14)),
                ]
            ),
            axis(_TOP, bottom, LABEL_WIDTH, width, _MOST, _STEP, "%"),
            *(_row(row, _TOP + (index + 0.5) * height, scale, unit) for index, row in enumerate(rows)),
        ],
    )


def _row(row: CapacityRow, y: float, scale: float, unit: str) -> Markup:
    low, middle, high = (_share(value, row.demand) * scale for value in (row.low, row.middle, row.high))
    met, outcome = _words(row, unit)
    top = y - _NOTE / 2 if row.note else y
    tone = "short" if row.middle < row.demand else "enough"
    return group(
        tooltip(", ".join(filter(None, (f"{row.label}: {met}", outcome, row.note)))),
        row_label(row.label, y),
        rect(LABEL_WIDTH, y - _BAR / 2, middle, _BAR, f"chart__bar chart__bar--{tone}"),
        line(LABEL_WIDTH + low, y, LABEL_WIDTH + high, y, "chart__whisker"),
        _ends(LABEL_WIDTH + low, LABEL_WIDTH + high, y),
        _marker(LABEL_WIDTH + 100 * scale, y - 16, 32),
        text(met, WIDTH, top - 2, "chart__value", "end"),
        text(outcome, WIDTH, top + 16, f"chart__small chart__small--{tone}", "end"),
        *([text(row.note, WIDTH, top + 33, "chart__small", "end")] if row.note else []),
    )


def _share(value: float, demand: float) -> float:
    """In per cent of the demand, as far as the axis goes; where nothing is needed, nothing is enough."""
    if not demand:
        return _MOST if value else 100
    return min(100 * value / demand, _MOST)


def _words(row: CapacityRow, unit: str) -> tuple[str, str]:
    """What there is of what is needed, and the difference of these two figures as they are written."""
    places = 1 if max(row.middle, row.demand) < 100 else 0
    middle, demand = rounded(row.middle, places), rounded(row.demand, places)
    gap = number(abs(middle - demand), places)
    if row.middle < row.demand:
        outcome = "just short" if middle == demand else f"short by {gap}"
    else:
        outcome = "just enough" if middle == demand else f"{gap} to spare"
    return f"{number(middle, places)} of {number(demand, places)} {unit}", outcome


def _ends(low: float, high: float, y: float) -> Markup:
    return group(line(low, y - 5, low, y + 5, "chart__whisker"), line(high, y - 5, high, y + 5, "chart__whisker"))


def _marker(x: float, top: float, height: float) -> Markup:
    """A line with a small arrow head, so that it is not taken for the end of a bar."""
    head = element("path", d=f"M{x - 5:.2f} {top:.2f}h10l-5 6z", class_="chart__demand-head")
    return group(line(x, top, x, top + height, "chart__demand"), head)
