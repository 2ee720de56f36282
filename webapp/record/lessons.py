"""What a programme may learn from: what came of signed dates and of forecasts, and what its team wrote down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from webapp.analysis.planning.pages.words import KINDS, STAGES
from webapp.analysis.recommendations.outturn import Outturn, StageOutturn
from webapp.models import LessonKind
from webapp.web import charts
from webapp.web.format import plural, short_day

KIND_WORDS = {
    LessonKind.WENT_WELL: ("Went well", "It went well"),
    LessonKind.OTHERWISE: ("To be done otherwise", "It should be done otherwise next time"),
    LessonKind.COMPLAINT: ("Complaint", "Somebody complained"),
    LessonKind.REPRESENTATION: ("Representation", "A provider made a representation within the standstill"),
    LessonKind.CHALLENGE: ("Challenge", "It went before a panel or a court"),
}
"""As a heading says it, and as an answer."""

UNDER_WAY = "Under way"


@dataclass(frozen=True, slots=True)
class OutturnPage:
    sentence: str
    chart: Markup
    rows: Sequence[Sequence[Any]]


def outturn_page(shown: Sequence[Outturn], *, among: Sequence[Outturn]) -> OutturnPage:
    """Of the procurements that are shown; the sentence is of all."""
    return OutturnPage(
        sentence=_sentence(among),
        chart=charts.timeline(
            "outturn", "Stages as signed and as they came", [row for each in shown for row in _drawn(each)], kinds=KINDS
        ),
        rows=outturn_rows(shown),
    )


def outturn_rows(found: Sequence[Outturn]) -> Sequence[Sequence[Any]]:
    return [
        (
            f"{each.procurement}: {STAGES[stage.stage][0]}",
            "Not in what was signed" if stage.signed is None else _span(*stage.signed),
            f"Since {short_day(stage.began_on)}" if stage.ended_on is None else _span(stage.began_on, stage.ended_on),
            _moved(stage),
        )
        for each in found
        for stage in each.stages
    ]


def _sentence(found: Sequence[Outturn]) -> str:
    late = [(days, each, stage) for each in found for stage in each.stages if (days := stage.days_late) is not None]
    if not late:
        return "No stage that was signed has ended yet."
    kept = sum(days <= 0 for days, _, _ in late)
    said = f"Of {plural(len(late), 'stage')} on record, {kept} ended by the day that was signed first."
    days, each, stage = max(late, key=lambda one: one[0])
    if days <= 0:
        return said
    return f"{said} The latest was “{STAGES[stage.stage][0]}” of {each.procurement}, {plural(days, 'day')} after it."


def _drawn(each: Outturn) -> list[charts.TimelineRow]:
    signed = [(stage, *stage.signed) for stage in each.stages if stage.signed is not None]
    came = [(stage, stage.began_on, stage.ended_on or stage.began_on) for stage in each.stages]
    return [
        charts.TimelineRow(
            label=f"{each.procurement}: {words}",
            stages=tuple(
                charts.Stage(label=STAGES[stage.stage][0], kind=STAGES[stage.stage][1], start=first, end=last)
                for stage, first, last in spans
            ),
        )
        for words, spans in (("signed", signed), ("came", came))
    ]


def _span(first: date, last: date) -> str:
    return f"{short_day(first)} to {short_day(last)}"


def _moved(stage: StageOutturn) -> str:
    days = stage.days_late
    if days is None:
        return UNDER_WAY if stage.ended_on is None else "-"
    if not days:
        return "On the day"
    return f"{plural(abs(days), 'day')} {'later' if days > 0 else 'sooner'}"
