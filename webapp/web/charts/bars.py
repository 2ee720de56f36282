"""Counts, one bar a row: how many comments speak of each theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import (
    LABEL_WIDTH,
    TEXT,
    WIDTH,
    chart,
    group,
    line,
    rect,
    row_label,
    text,
    text_width,
    tooltip,
)
from webapp.web.format import number, plural

_ROW, _BAR, _TOP = 40, 22, 4


@dataclass(frozen=True, kw_only=True)
class Bar:
    label: str
    value: float
    note: str = ""
    """Said after the value, such as the share it stands for."""

    def __post_init__(self) -> None:
        if not self.value >= 0:
            raise ValueError(f"the bar of {self.label!r} needs a value of 0 or more")


def horizontal_bars(chart_id: str, title: str, bars: Sequence[Bar], *, unit: str) -> Markup:
    """Bars from one base line, each with its value at its end, so that no axis is needed."""
    words = [f"{number(bar.value)}{f' ({bar.note})' if bar.note else ''}" for bar in bars]
    room = max((text_width(said, TEXT, bold=True) for said in words), default=0) + 12
    scale = (WIDTH - LABEL_WIDTH - room) / (max((bar.value for bar in bars), default=0) or 1)
    bottom = _TOP + len(bars) * _ROW
    drawn = [
        _row(bar, said, _TOP + (index + 0.5) * _ROW, scale)
        for index, (bar, said) in enumerate(zip(bars, words, strict=True))
    ]
    drawn.append(line(LABEL_WIDTH, _TOP, LABEL_WIDTH, bottom, "chart__base"))
    description = f"{plural(len(bars), 'bar')} of {unit}."
    return chart(chart_id, title, description, bottom + 4, drawn)


def _row(bar: Bar, words: str, y: float, scale: float) -> Markup:
    width = bar.value * scale
    return group(
        tooltip(f"{bar.label}: {words}"),
        row_label(bar.label, y),
        rect(LABEL_WIDTH, y - _BAR / 2, width, _BAR, "chart__bar"),
        text(words, LABEL_WIDTH + width + 8, y + 5, "chart__value"),
    )
