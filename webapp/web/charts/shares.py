"""Shares of a whole, one bar a row: the chances of 0, 1, 2 and more bids for each lot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import (
    LABEL_WIDTH,
    SMALL,
    WIDTH,
    chart,
    element,
    group,
    legend,
    rect,
    row_label,
    text,
    text_width,
    tooltip,
)
from webapp.web.format import chance, plural

_ROW, _BAR, _TOP = 46, 30, 36
_TONES = 4


@dataclass(frozen=True, kw_only=True)
class ShareRow:
    """A row and its shares, which add up to 1."""

    label: str
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        if any(share < 0 for share in self.shares) or not math.isclose(sum(self.shares), 1, abs_tol=1e-6):
            raise ValueError(f"the shares of {self.label!r} do not add up to 1")


def stacked_shares(chart_id: str, title: str, rows: Sequence[ShareRow], series: tuple[str, ...]) -> Markup:
    """A bar per row, cut into up to four shares named by `series`, worst first."""
    if len(series) > _TONES or any(len(row.shares) != len(series) for row in rows):
        raise ValueError(f"every row needs a share for each of at most {_TONES} series")
    swatches = [(name, _segment(tone, 0, 0, 22, 14)) for tone, name in enumerate(series)]
    bars = [_row(row, series, _TOP + index * _ROW) for index, row in enumerate(rows)]
    return chart(
        chart_id,
        title,
        f"{plural(len(rows), 'bar')}, each divided into {', '.join(series)}.",
        _TOP + len(rows) * _ROW,
        [legend(swatches), *bars],
    )


def _row(row: ShareRow, series: tuple[str, ...], top: float) -> Markup:
    drawn = [row_label(row.label, top + _ROW / 2)]
    left, y = float(LABEL_WIDTH), top + (_ROW - _BAR) / 2
    for tone, (name, share) in enumerate(zip(series, row.shares, strict=True)):
        width, words = share * (WIDTH - LABEL_WIDTH), chance(share)
        drawn.append(_segment(tone, left, y, width, _BAR, f"{row.label}: {name} {words}"))
        if text_width(words, SMALL, bold=True) + 6 <= width:
            drawn.append(text(words, left + width / 2, y + 20, f"chart__on-tone-{tone}", "middle"))
        left += width
    return group(*drawn)


def _segment(tone: int, x: float, y: float, width: float, height: float, words: str | None = None) -> Markup:
    """A block of the tone; the thin outline in the page's colour keeps neighbours apart.

    Its hatching, for paper without colours and for eyes that do not tell them apart, is one dashed line as thick as
    the block is high: a pattern would be a picture for each block when the page is printed.
    """
    middle = y + height / 2
    return group(
        *([tooltip(words)] if words else []),
        rect(x, y, width, height, f"chart__share chart__tone-{tone}"),
        element("line", class_=f"chart__hatch-{tone}", x1=x, y1=middle, x2=x + width, y2=middle, stroke_width=height),
    )
