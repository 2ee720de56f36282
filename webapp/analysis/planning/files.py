"""A schedule as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from intelligence import Schedule
from intelligence.schedule.costs import extended_days
from intelligence.schedule.load import Load, bidder_load, officer_load
from webapp.analysis.names import Names
from webapp.analysis.planning.pages.schedule import checked, cost_of_extension, outcome
from webapp.analysis.planning.pages.words import (
    COUNTING,
    EVIDENCE,
    NOBODY,
    ROUTES,
    STAGES,
    TERMS,
    bidder_name,
    status_of,
    titles_of,
)
from webapp.analysis.terms import PlanningTerms
from webapp.exports.workbook import Sheet, workbook

SLACK = "Slack, working days"


def workbook_file(schedule: Schedule, terms: PlanningTerms, names: Names, *, about: Sequence[tuple[str, str]]) -> bytes:
    """`about` says where the plan came from; what it is worth and warns of stands beneath."""
    titles = titles_of(schedule)
    return workbook(
        [
            Sheet("About this file", ("What", "Value"), [*about, *_worth(schedule, names)]),
            _procurements(schedule, names),
            _stages(schedule),
            _contracts(schedule, terms),
            _loads("Officers", "Load in percent", officer_load(schedule), titles, str),
            _loads("Bidders", "Tenders open", bidder_load(schedule), titles, lambda key: bidder_name(names, key)),
            Sheet(
                "Cost",
                ("Term", "Quantity", "Cost in pounds", "Meaning"),
                [(TERMS[term.name], term.quantity, term.cost, term.meaning) for term in schedule.cost_terms],
            ),
            _terms(schedule),
        ]
    )


def _worth(schedule: Schedule, names: Names) -> Iterator[tuple[str, str]]:
    if said := outcome(schedule):
        yield "What it comes to", said
    yield "How good it is", status_of(schedule)
    if said := checked(schedule, names):
        yield "Whether it keeps the rules", said
    for warning in schedule.warnings:
        yield "Warning", names.in_words(warning)


def _contracts(schedule: Schedule, terms: PlanningTerms) -> Sheet:
    due = {notice.contract_id: notice.by for notice in terms.notices}
    extended = extended_days(schedule.problem, schedule.procurements) if schedule.procurements else {}
    return Sheet(
        "Contracts",
        ("Contract", "Ends", "Latest end", "Runs on, calendar days", "What that costs", "Last day for notice"),
        [
            (
                contract.title,
                contract.end,
                contract.latest_end,
                days,
                cost_of_extension(schedule, [contract], days) if days else "-",
                due.get(contract.id),
            )
            for contract in schedule.problem.contracts
            for days in (extended.get(contract.id, 0),)
        ],
    )


def _procurements(schedule: Schedule, names: Names) -> Sheet:
    return Sheet(
        "Procurements",
        ("Procurement", "Route", "Officer", "Work starts", "Published", "Award", "Services start", SLACK, "Why"),
        [
            (
                item.title,
                ROUTES[item.route],
                item.officer or NOBODY,
                item.stages[0].start if item.stages else None,
                item.publish,
                item.award,
                item.service_start,
                item.slack_days,
                names.in_words(item.why),
            )
            for item in schedule.procurements
        ],
    )


def _stages(schedule: Schedule) -> Sheet:
    return Sheet(
        "Stages",
        (
            "Procurement",
            "Stage",
            "First day",
            "Last day",
            "Days",
            "Counted in",
            "Legal floor",
            "Spare working days",
            "Critical",
            "On record",
            "Kind of evidence",
            "Source",
        ),
        [
            (
                item.title,
                STAGES[stage.stage][0],
                stage.start,
                stage.end,
                stage.days,
                COUNTING[stage.counting],
                stage.legal_floor,
                stage.spare_days,
                stage.stage in item.critical,
                stage.begun,
                EVIDENCE[stage.evidence],
                stage.source,
            )
            for item in schedule.procurements
            for stage in item.stages
        ],
    )


def _loads(name: str, unit: str, loads: Iterable[Load], titles: dict[str, str], named: Callable[[str], str]) -> Sheet:
    return Sheet(
        name,
        ("Who", "From", "To", unit, "Limit or wish", "Procurements"),
        [
            (
                named(load.name),
                period.first,
                period.last,
                period.load,
                load.capacity,
                ", ".join(titles[identifier] for identifier in period.procurement_ids),
            )
            for load in loads
            for period in load.periods
        ],
    )


def _terms(schedule: Schedule) -> Sheet:
    problem = schedule.problem
    rows = [("Board date", "", board, board) for board in problem.board_dates]
    rows += [("Nothing is published", each.name, each.first, each.last) for each in problem.blackouts]
    rows += [("Pinned", f"{STAGES[pin.stage][0]}: {pin.reason}", pin.start, pin.start) for pin in problem.pins]
    return Sheet("Terms", ("What", "Note", "From", "To"), rows)
