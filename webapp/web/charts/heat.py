"""A grid of shades: how strongly each row goes with each column, such as which lots share their bidders."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import SMALL, WIDTH, chart, fit, group, rect, row_label, text, text_width, tooltip
from webapp.web.format import plural

_ROW, _TOP, _LABELS = 40, 30, 230
_WIDEST = 120
_SHADES = 5


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """`strength` from 0 to 1 shades the cell, `words` stand in it where they fit, `tip` says what it means."""

    strength: float
    words: str
    tip: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise ValueError(f"a strength lies between 0 and 1, not at {self.strength!r}")


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """A row with a cell, or none, for each column."""

    label: str
    cells: tuple[HeatCell | None, ...]


def heat_map(chart_id: str, title: str, columns: Sequence[str], rows: Sequence[HeatRow]) -> Markup:
    """A cell for each row and column; the darker the stronger, with its value written in it where there is room."""
    if any(len(row.cells) != len(columns) for row in rows):
        raise ValueError("every row needs a cell, or none, for each column")
    width = min((WIDTH - _LABELS) / max(len(columns), 1), _WIDEST)
    heads = [
        text(fit(name, SMALL, width - 4), _LABELS + (place + 0.5) * width, _TOP - 10, "chart__small", "middle")
        for place, name in enumerate(columns)
    ]
    written = [cell.words for row in rows for cell in row.cells if cell is not None]
    bare = any(text_width(words, SMALL) > width - 2 for words in written)
    return chart(
        chart_id,
        title,
        f"{plural(len(rows), 'row')} and {plural(len(columns), 'column')}; a darker cell is a higher figure.",
        _TOP + len(rows) * _ROW + 4,
        [*heads, *(_row(row, columns, _TOP + place * _ROW, width, bare=bare) for place, row in enumerate(rows))],
    )


def _bare(words: str) -> str:
    """A figure without its sign: among many columns 100% would be cut to what reads as 10."""
    return words.removesuffix("%")


def _row(row: HeatRow, columns: Sequence[str], top: float, width: float, *, bare: bool) -> Markup:
    drawn = [row_label(row.label, top + _ROW / 2, _LABELS - 16)]
    for place, cell in enumerate(row.cells):
        left = _LABELS + place * width
        if cell is None:
            drawn.append(rect(left, top, width, _ROW, "chart__heat chart__heat--none"))
            continue
        shade = min(int(cell.strength * _SHADES), _SHADES - 1)
        drawn.append(
            group(
                tooltip(cell.tip or f"{row.label}, {columns[place]}: {cell.words}"),
                rect(left, top, width, _ROW, f"chart__heat chart__heat-{shade}"),
                text(
                    fit(_bare(cell.words) if bare else cell.words, SMALL, width - 2),
                    left + width / 2,
                    top + _ROW / 2 + 5,
                    f"chart__on-heat-{shade}",
                    "middle",
                ),
            )
        )
    return group(*drawn)
