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


def outturn_page(shown: Sequence[Outturn], *, among: Sequence[Outturn], today: date) -> OutturnPage:
    """Of the procurements that are shown; the sentences are of all."""
    return OutturnPage(
        sentence=_sentences(among, today),
        chart=charts.timeline(
            "outturn",
            "Stages as signed and as they came",
            [row for each in shown for row in _drawn(each, today)],
            kinds=KINDS,
        ),
        rows=outturn_rows(shown, today),
    )


def outturn_rows(found: Sequence[Outturn], today: date) -> Sequence[Sequence[Any]]:
    return [
        (
            f"{each.procurement}: {STAGES[stage.stage][0]}",
            _promised(stage),
            f"Since {short_day(stage.began_on)}" if stage.ended_on is None else _span(stage.began_on, stage.ended_on),
            _moved(stage, today),
        )
        for each in found
        for stage in each.stages
    ]


def _sentences(found: Sequence[Outturn], today: date) -> str:
    """How many signed ends were kept, and what is past its own."""
    judged = [
        (days, each, stage) for each in found for stage in each.stages if (days := stage.days_late(today)) is not None
    ]
    ended = [one for one in judged if one[2].ended_on is not None]
    overdue = sum(days > 0 for days, _, stage in judged if stage.ended_on is None)
    said = ["No stage has ended since its end was signed."]
    if ended:
        kept = sum(days <= 0 for days, _, _ in ended)
        said = [
            f"Of {plural(len(ended), 'signed stage')} that ended since, {kept} did so by the day that was signed first."
        ]
        days, each, stage = max(ended, key=lambda one: one[0])
        if days > 0:
            said.append(
                f"The latest was “{STAGES[stage.stage][0]}” of {each.procurement}, {plural(days, 'day')} after it."
            )
    if overdue:
        said.append(f"{plural(overdue, 'stage is', 'stages are')} under way after the signed end.")
    return " ".join(said)


def _drawn(each: Outturn, today: date) -> list[charts.TimelineRow]:
    signed = [(STAGES[stage.stage], "", *stage.signed) for stage in each.stages if stage.signed is not None]
    came = [
        (STAGES[stage.stage], "", stage.began_on, stage.ended_on)
        if stage.ended_on is not None
        else (STAGES[stage.stage], ", under way", stage.began_on, max(stage.began_on, today))
        for stage in each.stages
    ]
    return [
        charts.TimelineRow(
            label=f"{each.procurement}: {words}",
            stages=tuple(
                charts.Stage(label=label + note, kind=kind, start=first, end=last)
                for (label, kind), note, first, last in spans
            ),
        )
        for words, spans in (("signed", signed), ("came", came))
    ]


def _promised(stage: StageOutturn) -> str:
    if stage.had_ended:
        return "Had ended when it was signed"
    return "Not in what was signed" if stage.signed is None else _span(*stage.signed)


def _span(first: date, last: date) -> str:
    return f"{short_day(first)} to {short_day(last)}"


def _moved(stage: StageOutturn, today: date) -> str:
    days = stage.days_late(today)
    if stage.ended_on is None:
        return UNDER_WAY if days is None or days <= 0 else f"{UNDER_WAY}, {plural(days, 'day')} late so far"
    if days is None:
        return "-"
    if not days:
        return "On the day"
    return f"{plural(abs(days), 'day')} {'later' if days > 0 else 'sooner'}"
