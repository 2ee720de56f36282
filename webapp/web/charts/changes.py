"""A figure before and after, one arrow a row."""

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
    row_label,
    text,
    tooltip,
)
from webapp.web.format import chance, plural

_ROW, _TOP, _AXIS = 40, 36, 30
_VALUES = 130
_HEAD = 9
_STEP = 20


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A chance, from 0 to 1, before and after."""

    label: str
    before: float
    after: float

    def __post_init__(self) -> None:
        if not (0 <= self.before <= 1 and 0 <= self.after <= 1):
            raise ValueError(f"the chances of {self.label!r} do not lie between 0 and 1")


def changes_of_chance(
    chart_id: str,
    title: str,
    rows: Sequence[ChangeRow],
    *,
    words: tuple[str, str] = ("As planned", "With the change"),
) -> Markup:
    """A ring at the chance before, a dot at that after, an arrow between, on a scale to 100; `words` name the two."""
    width = WIDTH - LABEL_WIDTH - _VALUES
    bottom = _TOP + len(rows) * _ROW
    return chart(
        chart_id,
        title,
        f"{plural(len(rows), 'row')}, each a chance in per cent before and after.",
        bottom + _AXIS,
        [
            legend([(words[0], _ring(11, 7)), (words[1], _dot(11, 7))]),
            axis(_TOP, bottom, LABEL_WIDTH, width, 100, _STEP, "%"),
            *(_row(row, _TOP + (place + 0.5) * _ROW, width) for place, row in enumerate(rows)),
        ],
    )


def _row(row: ChangeRow, y: float, width: float) -> Markup:
    before, after = (LABEL_WIDTH + value * width for value in (row.before, row.after))
    words = f"{chance(row.before)} to {chance(row.after)}"
    return group(
        tooltip(f"{row.label}: {words}"),
        row_label(row.label, y),
        line(before, y, after, y, "chart__change"),
        *([_head(before, after, y)] if abs(after - before) > 2 * _HEAD else []),
        _ring(before, y),
        _dot(after, y),
        text(words, WIDTH, y + 5, "chart__small", "end"),
    )


def _head(before: float, after: float, y: float) -> Markup:
    """In the middle of the line, pointing the way."""
    x, way = (before + after) / 2, 1 if after > before else -1
    return element(
        "path", d=f"M{x - way * 4:.2f} {y - 5:.2f}l{way * _HEAD} 5l{-way * _HEAD} 5z", class_="chart__change-head"
    )


def _ring(x: float, y: float) -> Markup:
    return element("circle", cx=x, cy=y, r=6, class_="chart__ring")


def _dot(x: float, y: float) -> Markup:
    return element("circle", cx=x, cy=y, r=6, class_="chart__point")
