"""What stages, routes and kinds of evidence are called on pages and in files."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from intelligence import Route, Schedule, ScheduleProblem
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, ScheduleStatus
from intelligence.schedule.routes import Counting, Evidence, Stage
from webapp.analysis.names import Names
from webapp.web import charts
from webapp.web.format import day, number, percent, short_day

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
    Evidence.GIVEN: "Given",
}
COUNTING = {
    Counting.WORKING_DAYS: "working days",
    Counting.CALENDAR_DAYS_AFTER_NOTICE: "days after the day of the notice",
    Counting.PSR_STANDSTILL: "working days, as regulation 12 counts them",
    Counting.PA23_STANDSTILL: "working days from the day of the notice",
}
STATUS = {
    ScheduleStatus.OPTIMAL: "It is proved that no schedule under these rules is better.",
    ScheduleStatus.FEASIBLE: "This schedule keeps every rule. A cheaper one may exist.",
    ScheduleStatus.INFEASIBLE: "No schedule keeps every rule.",
    ScheduleStatus.UNKNOWN: "No schedule was found within the time limit.",
}
TERMS = {
    "extension": "Contracts that run on",
    "late": "Services that start late",
    "overlap": "Tenders of the same bidders side by side",
    "thin_slack": "Too few days in hand before services start",
    "moved": "Stages moved from the earlier plan",
}
NOBODY = "Nobody named"
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def status_of(schedule: Schedule) -> str:
    said = STATUS[schedule.status]
    if schedule.status is ScheduleStatus.FEASIBLE and schedule.gap is not None:
        return f"{said} At most {percent(schedule.gap)} of its cost could be saved."
    return said


def length_of(days: int, counting: Counting) -> str:
    """1 working day, 30 days after the day of the notice."""
    words = COUNTING[counting]
    return f"{number(days)} {words if days != 1 else words.replace('days', 'day', 1)}"


def timeline_row(planned: PlannedProcurement, label: str = "") -> charts.TimelineRow:
    return charts.TimelineRow(
        label=label or planned.title,
        stages=tuple(_block(stage) for stage in planned.stages),
        milestones=(charts.Milestone(label="Service starts", on=planned.service_start),),
    )


def _block(stage: PlannedStage) -> charts.Stage:
    label, kind = STAGES[stage.stage]
    return charts.Stage(label=label, kind=kind, start=stage.start, end=stage.end)


def marks_of(schedule: Schedule, shown: Collection[PlannedProcurement]) -> list[charts.Mark]:
    """The dates that the procurements shown must respect: their contracts' ends and the boards within their days."""
    lots = {
        lot
        for procurement in schedule.problem.procurements
        if procurement.id in {planned.procurement_id for planned in shown}
        for lot in procurement.lot_ids
    }
    ends = {contract.end for contract in schedule.problem.contracts if lots.intersection(contract.lot_ids)}
    first = min((planned.stages[0].start for planned in shown if planned.stages), default=schedule.problem.as_of)
    last = max((planned.service_start for planned in shown), default=schedule.problem.as_of)
    marks = [charts.Mark(label="Start of planning", on=schedule.problem.as_of, kind="today")]
    marks += [charts.Mark(label=f"Contracts end {short_day(end)}", on=end, kind="expiry") for end in sorted(ends)]
    boards = [board for board in schedule.problem.board_dates if min(first, schedule.problem.as_of) <= board <= last]
    return marks + [charts.Mark(label="Board", on=board, kind="board") for board in boards]


def titles_of(schedule: Schedule) -> dict[str, str]:
    return titles_in(schedule.problem)


def titles_in(problem: ScheduleProblem) -> dict[str, str]:
    return {procurement.id: procurement.title for procurement in problem.procurements}


def bidder_name(names: Names, provider_id: str) -> str:
    return names.organisations.get(provider_id, provider_id)


def broken_in_words(schedule: Schedule, names: Names) -> list[str]:
    """What the separate check found, with titles for ids and dates as officers write them."""
    contracts = {contract.id: contract.title for contract in schedule.problem.contracts}
    every = Names(names.lots, {**names.organisations, **titles_of(schedule), **contracts})
    return [
        _DAY.sub(lambda found: day(date.fromisoformat(found.group())), every.in_words(sentence))
        for sentence in schedule.broken_rules
    ]


def shades_of(schedule: Schedule) -> list[charts.Shade]:
    """The days on which nothing may be published."""
    return [
        charts.Shade(kind="No publication", label=each.name, first=each.first, last=each.last)
        for each in schedule.problem.blackouts
    ]
