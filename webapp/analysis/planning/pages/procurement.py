"""Why one procurement stands where it stands: its route, what binds it, and its stages with their slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence import Schedule
from intelligence.schedule.plan import Binding, BindingRule, PlannedProcurement, PlannedStage
from webapp.analysis.names import Names
from webapp.analysis.planning.pages.words import (
    EVIDENCE,
    KINDS,
    NOBODY,
    ROUTES,
    STAGES,
    length_of,
    marks_of,
    shades_of,
    timeline_row,
    titles_of,
)
from webapp.analysis.terms import PlanningTerms
from webapp.web import charts
from webapp.web.cells import lines, tag
from webapp.web.format import day, money, number, plural, short_day

RULES = {
    BindingRule.SHARED_BIDDERS: "Tenders that share bidders",
    BindingRule.OFFICER: "The officer’s time",
    BindingRule.OPEN_TENDERS: "Tenders open at once",
    BindingRule.BOARD_DATES: "Board dates",
    BindingRule.BLACKOUTS: "Days on which nothing is published",
    BindingRule.BIDDER_LIMITS: "What bidders need",
    BindingRule.PRECEDENCE: "Procurements before or after it",
    BindingRule.PIN: "A pinned stage",
    BindingRule.EARLIER_PLAN: "Staying near the plan before",
}
MOST_NAMED = 5

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class ProcurementPage:
    title: str
    facts: list[dict[str, str]]
    why: str
    chart: Markup
    binding_rows: Rows
    stage_rows: Rows
    route_rows: Rows


def procurement_page(
    schedule: Schedule, item: PlannedProcurement, terms: PlanningTerms, names: Names
) -> ProcurementPage:
    pins = {(pin.procurement_id, pin.stage): pin.reason for pin in schedule.problem.pins}
    titles = titles_of(schedule)
    steps = next((each.steps for each in terms.routes if each.procurement_id == item.procurement_id), ())
    return ProcurementPage(
        title=item.title,
        facts=[
            {"key": "Route", "value": ROUTES[item.route]},
            {"key": "Officer", "value": item.officer or NOBODY},
            {"key": "First notice", "value": day(item.publish) if item.publish else "None on this route"},
            {"key": "Award", "value": day(item.award)},
            {"key": "Services start", "value": _service_start(schedule, item)},
            {"key": "In hand before the start", "value": plural(item.slack_days, "working day")},
            *_waits(schedule, item),
        ],
        why=names.in_words(item.why),
        chart=charts.timeline(
            "procurement",
            f"The stages of {item.title}",
            [timeline_row(item)],
            kinds=KINDS,
            marks=marks_of(schedule, [item]),
            shades=shades_of(schedule),
        ),
        binding_rows=[_binding_row(binding, titles) for binding in item.binding],
        stage_rows=[_stage_row(stage, item, pins.get((item.procurement_id, stage.stage))) for stage in item.stages],
        route_rows=[(step.question, step.answer, step.reason, step.officer, short_day(step.on)) for step in steps],
    )


def _service_start(schedule: Schedule, item: PlannedProcurement) -> str:
    fixed = item.procurement_id in schedule.problem.fixed_start_ids
    return f"{day(item.service_start)}{', fixed to that day' if fixed else ''}"


def _waits(schedule: Schedule, item: PlannedProcurement) -> list[dict[str, str]]:
    """What the procurement waits for, each with the days that the plan leaves, and whether the check confirmed it.

    The check holds nobody to an order whose second stage has begun: what happened, happened.
    """
    planned = {each.procurement_id: each for each in schedule.procurements}
    lines = []
    for order in schedule.problem.precedences:
        if order.second_id != item.procurement_id or order.first_id not in planned:
            continue
        first = planned[order.first_id]
        ended = next(stage.end for stage in first.stages if stage.stage is order.after)
        lag = f", {plural(order.lag_days, 'working day')} or more before" if order.lag_days else ""
        lines.append(f"{STAGES[order.after][0]} of {first.title} until {day(ended)}{lag} {STAGES[order.before][0]}")
    if not lines:
        return []
    held = not schedule.broken_rules and not any(stage.begun for stage in item.stages)
    confirmed = ". The separate check confirmed it" if held else ""
    return [{"key": "Waits for", "value": "; ".join(lines) + confirmed}]


def _binding_row(binding: Binding, titles: dict[str, str]) -> Sequence[Any]:
    met = [titles[identifier] for identifier in binding.procurement_ids if identifier in titles]
    others = ", ".join(met[:MOST_NAMED]) + (
        f" and {number(len(met) - MOST_NAMED)} more" if len(met) > MOST_NAMED else ""
    )
    moved = f"{plural(abs(binding.days), 'working day')} {'later' if binding.days > 0 else 'sooner'}"
    saving = money(binding.saving) if binding.saving else "Nothing"
    better = lines([gain.words.capitalize() for gain in binding.gains]) or "-"
    return RULES[binding.rule], moved if binding.days else "On the same day", better, saving, others or "-"


def _stage_row(stage: PlannedStage, item: PlannedProcurement, pinned: str | None) -> Sequence[Any]:
    notes = [tag("On record", "green")] if stage.begun else []
    if pinned is not None:
        notes.append(tag("Pinned", "purple"))
    if stage.stage in item.critical and not stage.begun:
        notes.append(tag("Critical", "orange"))
    floor = "-" if stage.legal_floor is None else number(stage.legal_floor)
    spare = "-" if stage.spare_days is None else number(stage.spare_days)
    source = f"{EVIDENCE[stage.evidence]}: {stage.source}" + (f". Pinned: {pinned}" if pinned else "")
    return (
        Markup(" ").join([STAGES[stage.stage][0], *notes]),
        short_day(stage.start),
        short_day(stage.end),
        length_of(stage.days, stage.counting),
        floor,
        spare,
        source,
    )
