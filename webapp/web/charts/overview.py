"""Very many procurements at a glance: a thin line each, in groups that are named."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.calendar_axis import Calendar
from webapp.web.charts.marks import Mark, Marks
from webapp.web.charts.svg import LABEL_WIDTH, WIDTH, chart, group, legend, line, rect, row_label, tooltip
from webapp.web.charts.timeline import TimelineRow, span_of, swatch
from webapp.web.format import plural, short_day

_ROW, _BAR = 9, 7
_LEAST = 44
"""Room for the two lines of a group's name."""
_PADDING = 8


@dataclass(frozen=True, kw_only=True)
class TimelineGroup:
    label: str
    rows: tuple[TimelineRow, ...]

    @property
    def height(self) -> int:
        return max(len(self.rows) * _ROW, _LEAST) + 2 * _PADDING


def timeline_overview(
    chart_id: str, title: str, groups: Sequence[TimelineGroup], *, kinds: tuple[str, ...], marks: Sequence[Mark] = ()
) -> Markup:
    """The groups in the order given. A line's name is in its tooltip alone: the lists beneath name every one."""
    rows = [row for each in groups for row in each.rows]
    first, last = span_of(rows, marks)
    calendar = Calendar.around(first, last, left=LABEL_WIDTH, right=WIDTH)
    drawn_marks = Marks(marks, calendar)
    tops = [drawn_marks.top]
    for each in groups:
        tops.append(tops[-1] + each.height)
    bottom = tops[-1]
    content = [
        legend([*((kind, swatch(tone)) for tone, kind in enumerate(kinds)), *drawn_marks.legend()], left=0),
        drawn_marks.lines(bottom),
        calendar.draw(drawn_marks.top, bottom),
        *(line(0, y, WIDTH, y, "chart__grid") for y in tops),
        drawn_marks.labels(),
        *(_group(each, kinds, calendar, top) for each, top in zip(groups, tops, strict=False)),
    ]
    said = (
        f"{plural(len(rows), 'procurement')} in {plural(len(groups), 'group')}, "
        f"from {short_day(first)} to {short_day(last)}."
    )
    return chart(chart_id, title, said, bottom + 4, content)


def _group(drawn: TimelineGroup, kinds: tuple[str, ...], calendar: Calendar, top: float) -> Markup:
    rows = [_row(row, kinds, calendar, top + _PADDING + place * _ROW) for place, row in enumerate(drawn.rows)]
    return group(row_label(drawn.label, top + drawn.height / 2), *rows)


def _row(row: TimelineRow, kinds: tuple[str, ...], calendar: Calendar, y: float) -> Markup:
    bars = [
        rect(
            calendar.x(stage.start),
            y,
            calendar.x_after(stage.end) - calendar.x(stage.start),
            _BAR,
            f"chart__stage chart__stage-{kinds.index(stage.kind)}",
        )
        for stage in row.stages
    ]
    return group(tooltip(row.label), *bars)
