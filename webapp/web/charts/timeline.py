"""Procurements over time: a row each, its stages as coloured blocks, and the dates that all must respect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from webapp.web.charts.calendar_axis import Calendar
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
_LEGEND, _LANE, _AXIS = 30, 18, 40
_LANES = 4
_APART = 8
_FIRST = ("expiry", "today", "board")
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


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A line down all rows: a board's meeting, an expiry, or today."""

    label: str
    on: date
    kind: Literal["board", "expiry", "today"]


def timeline(
    chart_id: str, title: str, rows: Sequence[TimelineRow], *, kinds: tuple[str, ...], marks: Sequence[Mark] = ()
) -> Markup:
    """Rows in the order given; `kinds` gives the stages their colours and the legend its order."""
    stages = [stage for row in rows for stage in row.stages]
    if len(kinds) > _TONES or any(stage.kind not in kinds for stage in stages):
        raise ValueError(f"every stage needs one of at most {_TONES} kinds")
    days = [day for stage in stages for day in (stage.start, stage.end)]
    days += [milestone.on for row in rows for milestone in row.milestones] + [mark.on for mark in marks]
    if not days:
        raise ValueError("a timeline needs at least one date")
    calendar = Calendar.around(min(days), max(days), left=LABEL_WIDTH, right=WIDTH)
    lanes = _lanes(marks, calendar)
    top = _LEGEND + _AXIS + (max((lane for _, lane in lanes if lane is not None), default=-1) + 1) * _LANE
    bottom = top + len(rows) * _ROW
    content = [
        legend([(kind, _swatch(tone)) for tone, kind in enumerate(kinds)], left=0),
        *(_mark_line(mark, lane, calendar, top, bottom) for mark, lane in lanes),
        calendar.draw(top, bottom),
        *(_band(top + index * _ROW) for index in range(len(rows) + 1)),
        *(_mark_label(mark, lane, calendar) for mark, lane in lanes if lane is not None),
        *(_row(row, kinds, calendar, top + index * _ROW) for index, row in enumerate(rows)),
    ]
    said = f"{plural(len(rows), 'row')} of stages from {short_day(min(days))} to {short_day(max(days))}."
    return chart(chart_id, title, said, bottom + 4, content)


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


def _mark_line(mark: Mark, lane: int | None, calendar: Calendar, top: float, bottom: float) -> Markup:
    x = calendar.x(mark.on)
    start = top if lane is None else _lane_y(lane) - 11
    return group(
        tooltip(f"{mark.label}: {short_day(mark.on)}"),
        line(x, start, x, bottom, f"chart__mark chart__mark--{mark.kind}"),
    )


def _mark_label(mark: Mark, lane: int, calendar: Calendar) -> Markup:
    left, right = _label_span(mark, calendar)
    at_edge = left < calendar.x(mark.on)
    x, anchor = (right - 6, "end") if at_edge else (left + 6, None)
    return text(mark.label, x, _lane_y(lane), "chart__small chart__small--strong", anchor)


def _lane_y(lane: int) -> float:
    return _LEGEND + (lane + 1) * _LANE


def _label_span(mark: Mark, calendar: Calendar) -> tuple[float, float]:
    """From its line to the right, or to the left where the chart ends."""
    x, width = calendar.x(mark.on), text_width(mark.label, SMALL, bold=True) + 6
    return (x - width, x) if x + width > WIDTH else (x, x + width)


def _lanes(marks: Sequence[Mark], calendar: Calendar) -> list[tuple[Mark, int | None]]:
    """Each mark with the topmost line of text on which its label meets no other, or None when all are taken.

    Expiries choose first, for they bind; boards are many and can go without their words.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_LANES)]
    placed: list[tuple[Mark, int | None]] = []
    for mark in sorted(marks, key=lambda each: (_FIRST.index(each.kind), each.on, each.label)):
        left, right = _label_span(mark, calendar)
        free = (
            lane
            for lane, spans in enumerate(taken)
            if all(right + _APART <= start or end + _APART <= left for start, end in spans)
        )
        lane = next(free, None)
        if lane is not None:
            taken[lane].append((left, right))
        placed.append((mark, lane))
    return placed


def _band(y: float) -> Markup:
    return line(0, y, WIDTH, y, "chart__grid")


def _swatch(tone: int) -> Markup:
    box = rect(0, -2, 22, 18, f"chart__stage chart__stage-{tone}", rx=2)
    return group(box, text(str(tone + 1), 11, 12, f"chart__on-stage-{tone}", "middle"))
