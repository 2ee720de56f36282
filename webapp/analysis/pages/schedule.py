"""The procurement schedule: a timeline, and why each procurement stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence import Route, Schedule
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, ScheduleStatus
from intelligence.schedule.routes import Evidence, Stage
from webapp.analysis.names import Names
from webapp.web import charts
from webapp.web.format import day, money, number, percent, plural, short_day

KINDS = ("Prepare", "Tender", "Evaluate", "Approve", "Standstill and award", "Mobilise")
STAGES = {
    Stage.APPROVE_TO_PROCEED: ("Approval to proceed", "Approve"),
    Stage.PREPARE: ("Prepare documents", "Prepare"),
    Stage.INTENDED_APPROACH: ("Notice of intended approach", "Prepare"),
    Stage.PARTICIPATION: ("Requests to participate", "Tender"),
    Stage.DIALOGUE: ("Dialogue", "Tender"),
    Stage.TENDER: ("Tender open", "Tender"),
    Stage.EVALUATE: ("Evaluate bids", "Evaluate"),
    Stage.APPROVE_AWARD: ("Approve the award", "Approve"),
    Stage.STANDSTILL: ("Standstill, from the day of its notice", "Standstill and award"),
    Stage.AWARD: ("Award", "Standstill and award"),
    Stage.MOBILISE: ("Mobilise", "Mobilise"),
}
ROUTES = {
    Route.PSR_DIRECT_A: "PSR direct award A",
    Route.PSR_DIRECT_B: "PSR direct award B",
    Route.PSR_DIRECT_C: "PSR direct award C",
    Route.PSR_MOST_SUITABLE: "PSR most suitable provider",
    Route.PSR_COMPETITIVE: "PSR competitive process",
    Route.PA23_OPEN: "Procurement Act open procedure",
    Route.PA23_COMPETITIVE_FLEXIBLE: "Procurement Act competitive flexible procedure",
    Route.PCR_LIGHT_TOUCH: "2015 Regulations, light touch",
}
EVIDENCE = {
    Evidence.LEGAL: "Law",
    Evidence.MEASURED: "Measured",
    Evidence.BELIEVED: "Believed, to be verified",
    Evidence.ASSUMED: "Assumed",
    Evidence.GIVEN: "Given by the officer",
}
STATUS = {
    ScheduleStatus.OPTIMAL: "It is proved that no schedule under these rules is better.",
    ScheduleStatus.FEASIBLE: "This schedule keeps every rule. A cheaper one may exist.",
    ScheduleStatus.INFEASIBLE: "No schedule keeps every rule.",
    ScheduleStatus.UNKNOWN: "No schedule was found within the time limit.",
}

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class PlannedOnPage:
    title: str
    route: str
    why: str
    stage_rows: Rows


@dataclass(frozen=True, slots=True)
class SchedulePage:
    status: str
    checked: str
    warnings: list[str]
    chart: Markup | None
    rows: Rows
    procurements: list[PlannedOnPage]
    cost_rows: Rows
    rules: tuple[str, ...]
    as_of: str


def schedule_page(schedule: Schedule, names: Names) -> SchedulePage:
    planned = schedule.procurements
    return SchedulePage(
        status=_status(schedule),
        checked=_checked(schedule),
        warnings=[names.in_words(warning) for warning in schedule.warnings],
        chart=_chart(schedule) if planned else None,
        rows=[_row(procurement) for procurement in planned],
        procurements=[_planned(procurement, names) for procurement in planned],
        cost_rows=[
            (_words(term.name), number(term.quantity, 1), money(term.cost), term.meaning)
            for term in schedule.cost_terms
        ],
        rules=schedule.checked_rules,
        as_of=day(schedule.problem.as_of),
    )


def _status(schedule: Schedule) -> str:
    said = STATUS[schedule.status]
    if schedule.status is ScheduleStatus.FEASIBLE and schedule.gap is not None:
        return f"{said} At most {percent(schedule.gap)} of its cost could be saved."
    return said


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _checked(schedule: Schedule) -> str:
    if not schedule.procurements:
        return ""
    rules = plural(len(schedule.checked_rules), "hard rule")
    if schedule.broken_rules:
        return f"A separate check of {rules} found: {'; '.join(schedule.broken_rules)}."
    boards = (
        "" if schedule.problem.board_dates else " No board dates are known, so an approval may end on any working day."
    )
    return f"A separate check, which does not use the solver, confirmed {rules}.{boards}"


def _chart(schedule: Schedule) -> Markup:
    expiries = sorted({contract.end for contract in schedule.problem.contracts})
    marks = [charts.Mark(label="Start of planning", on=schedule.problem.as_of, kind="today")]
    marks += [charts.Mark(label=f"Contracts end {short_day(end)}", on=end, kind="expiry") for end in expiries]
    marks += [charts.Mark(label="Board", on=board, kind="board") for board in schedule.problem.board_dates]
    return charts.timeline(
        "schedule",
        "The stages of each procurement, against the end of the contracts they replace",
        [
            charts.TimelineRow(
                label=procurement.title,
                stages=tuple(_block(stage) for stage in procurement.stages),
                milestones=(charts.Milestone(label="Service starts", on=procurement.service_start),),
            )
            for procurement in schedule.procurements
        ],
        kinds=KINDS,
        marks=marks,
    )


def _block(stage: PlannedStage) -> charts.Stage:
    label, kind = STAGES[stage.stage]
    return charts.Stage(label=label, kind=kind, start=stage.start, end=stage.end)


def _row(procurement: PlannedProcurement) -> Sequence[Any]:
    return (
        procurement.title,
        short_day(procurement.stages[0].start) if procurement.stages else "-",
        short_day(procurement.publish) if procurement.publish else "-",
        short_day(procurement.award),
        short_day(procurement.service_start),
        plural(procurement.slack_days, "working day"),
    )


def _planned(procurement: PlannedProcurement, names: Names) -> PlannedOnPage:
    return PlannedOnPage(
        title=procurement.title,
        route=ROUTES[procurement.route],
        why=names.in_words(procurement.why),
        stage_rows=[
            (
                STAGES[stage.stage][0],
                short_day(stage.start),
                short_day(stage.end),
                number(stage.days),
                number(stage.legal_floor) if stage.legal_floor is not None else "-",
                f"{EVIDENCE[stage.evidence]}: {stage.source}",
            )
            for stage in procurement.stages
        ],
    )
