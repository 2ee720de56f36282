"""Procurements over time: a row each, its stages as coloured blocks, and the dates that all must respect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from webapp.web.charts.calendar_axis import Calendar
from webapp.web.charts.marks import Mark, Marks, Shade, shade_legend, shades_within, shading
from webapp.web.charts.svg import (
    LABEL_WIDTH,
    SMALL,
    WIDTH,
    chart,
    element,
    group,
    legend,
    line,
    rect,
    row_label,
    text,
    text_width,
    tooltip,
)
from webapp.web.format import plural, short_day

_ROW, _BAR = 62, 26
_TONES = 8


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A block of days, both ends included; `kind` is one of the timeline's kinds."""

    label: str
    kind: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the stage {self.label!r} ends before it starts")


@dataclass(frozen=True, kw_only=True)
class Milestone:
    label: str
    on: date


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    label: str
    stages: tuple[Stage, ...]
    milestones: tuple[Milestone, ...] = ()


def timeline(
    chart_id: str,
    title: str,
    rows: Sequence[TimelineRow],
    *,
    kinds: tuple[str, ...],
    marks: Sequence[Mark] = (),
    shades: Sequence[Shade] = (),
) -> Markup:
    """Rows in the order given; `kinds` gives the stages their colours and the legend its order."""
    stages = [stage for row in rows for stage in row.stages]
    if len(kinds) > _TONES or any(stage.kind not in kinds for stage in stages):
        raise ValueError(f"every stage needs one of at most {_TONES} kinds")
    first, last = span_of(rows, marks)
    calendar = Calendar.around(first, last, left=LABEL_WIDTH, right=WIDTH)
    drawn_marks, shaded = Marks(marks, calendar), shades_within(shades, calendar)
    top = drawn_marks.top
    bottom = top + len(rows) * _ROW
    content = [
        legend(
            [
                *((kind, swatch(tone)) for tone, kind in enumerate(kinds)),
                *drawn_marks.legend(),
                *shade_legend(shaded),
            ],
            left=0,
        ),
        shading(shaded, calendar, top, bottom),
        drawn_marks.lines(bottom),
        calendar.draw(top, bottom),
        *(_band(top + index * _ROW) for index in range(len(rows) + 1)),
        drawn_marks.labels(),
        *(_row(row, kinds, calendar, top + index * _ROW) for index, row in enumerate(rows)),
    ]
    said = f"{plural(len(rows), 'row')} of stages from {short_day(first)} to {short_day(last)}."
    return chart(chart_id, title, said, bottom + 4, content)


def span_of(rows: Sequence[TimelineRow], marks: Sequence[Mark]) -> tuple[date, date]:
    """The first and the last day that rows and marks name."""
    days = [day for row in rows for stage in row.stages for day in (stage.start, stage.end)]
    days += [milestone.on for row in rows for milestone in row.milestones] + [mark.on for mark in marks]
    if not days:
        raise ValueError("a timeline needs at least one date")
    return min(days), max(days)


def _row(row: TimelineRow, kinds: tuple[str, ...], calendar: Calendar, top: float) -> Markup:
    drawn = [row_label(row.label, top + _ROW / 2)]
    drawn += [_stage(stage, kinds.index(stage.kind), calendar, top + 8) for stage in row.stages]
    free_from = float(LABEL_WIDTH)
    for milestone in sorted(row.milestones, key=lambda each: each.on):
        x = calendar.x(milestone.on)
        width = text_width(milestone.label, SMALL)
        # Beside its diamond where there is room, on the other side at the chart's edge, else in the tooltip only.
        start = x + 9 if x + 9 + width <= WIDTH else x - 9 - width
        shown = start >= free_from
        drawn.append(_milestone(milestone, x, top + 46, start if shown else None))
        free_from = max(free_from, start + width + 8, x + 8) if shown else max(free_from, x + 8)
    return group(*drawn)


def _stage(stage: Stage, tone: int, calendar: Calendar, y: float) -> Markup:
    left, right = calendar.x(stage.start), calendar.x_after(stage.end)
    words = f"{stage.label}: {short_day(stage.start)} to {short_day(stage.end)}"
    drawn = [tooltip(words), rect(left, y, right - left, _BAR, f"chart__stage chart__stage-{tone}", rx=2)]
    # A narrow stage carries its number in the legend, so that it can be told without its colour.
    fitting = [said for said in (stage.label, str(tone + 1)) if text_width(said, SMALL) + 4 <= right - left]
    if fitting:
        drawn.append(text(fitting[0], (left + right) / 2, y + 17, f"chart__on-stage-{tone}", "middle"))
    return group(*drawn)


def _milestone(milestone: Milestone, x: float, y: float, label_at: float | None) -> Markup:
    diamond = element("path", d=f"M{x:.2f} {y - 6:.2f}l6 6-6 6-6-6z", class_="chart__milestone")
    words = [] if label_at is None else [text(milestone.label, label_at, y + 4, "chart__small")]
    return group(tooltip(f"{milestone.label}: {short_day(milestone.on)}"), diamond, *words)


def _band(y: float) -> Markup:
    return line(0, y, WIDTH, y, "chart__grid")


def swatch(tone: int) -> Markup:
    box = rect(0, -2, 22, 18, f"chart__stage chart__stage-{tone}", rx=2)
    return group(box, text(str(tone + 1), 11, 12, f"chart__on-stage-{tone}", "middle"))
