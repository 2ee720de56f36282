"""A schedule as files: a calendar for one officer or all, and a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from urllib.parse import urlsplit

from intelligence import Schedule
from intelligence.schedule.costs import extended_days
from intelligence.schedule.load import Load, bidder_load, officer_load
from intelligence.schedule.plan import PlannedProcurement
from intelligence.schedule.routes import Stage
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
from webapp.exports.ics import Moment, calendar
from webapp.exports.workbook import Sheet, workbook
from webapp.web.format import LONDON, plural

BEGINNING_OF_WORK = time(9)
SLACK = "Slack, working days"
# The days on which somebody must act; the ends of the other stages are the beginnings of these.
_BEGINS = {
    Stage.PREPARE: "Begin to prepare",
    Stage.INTENDED_APPROACH: "Publish the notice of intended approach",
    Stage.PARTICIPATION: "Publish, and ask for requests to participate",
    Stage.DIALOGUE: "Dialogue begins",
    Stage.TENDER: "Publish the tender",
    Stage.EVALUATE: "Evaluation begins",
    Stage.STANDSTILL: "Publish the award notice; standstill begins",
    Stage.AWARD: "Let the contract",
    Stage.MOBILISE: "Mobilisation begins",
}
_ENDS = {
    Stage.APPROVE_TO_PROCEED: "Board: approve to proceed",
    Stage.PARTICIPATION: "Requests to participate close",
    Stage.TENDER: "Tender closes",
    Stage.APPROVE_AWARD: "Board: approve the award",
    Stage.STANDSTILL: "Last day of the standstill",
}


def calendar_file(
    schedule: Schedule, terms: PlanningTerms, *, officer: str, name: str, revision: int, address: str, now: datetime
) -> bytes:
    """At nine on each day: of one officer's procurements, or of all with the notices due to present suppliers.

    `revision` grows from each plan to the next, so that calendars move what they have instead of doubling it, and keep
    what a newer plan has put there.
    """
    shown = [item for item in schedule.procurements if not officer or (item.officer or NOBODY) == officer]
    moments = [each for item in shown for each in _moments(item, revision, address)]
    if not officer:
        moments += _notices(schedule, terms, revision, address)
    return calendar(sorted(moments, key=lambda each: (each.at, each.uid)), name=name, written_at=now)


def _moments(item: PlannedProcurement, revision: int, address: str) -> Iterator[Moment]:
    days = [(stage.stage, "begins", stage.start, _BEGINS.get(stage.stage)) for stage in item.stages]
    days += [(stage.stage, "ends", stage.end, _ENDS.get(stage.stage)) for stage in item.stages]
    for stage, edge, on, words in days:
        if words:
            yield Moment(
                uid=f"{item.procurement_id}-{stage.value}-{edge}@{urlsplit(address).hostname}",
                at=datetime.combine(on, BEGINNING_OF_WORK, LONDON),
                title=f"{words}: {item.title}",
                description=f"{ROUTES[item.route]}. Officer: {item.officer or NOBODY}.",
                address=address,
                revision=revision,
            )
    yield Moment(
        uid=f"{item.procurement_id}-service@{urlsplit(address).hostname}",
        at=datetime.combine(item.service_start, BEGINNING_OF_WORK, LONDON),
        title=f"Services start: {item.title}",
        description=f"{plural(item.slack_days, 'working day')} in hand when this was planned.",
        address=address,
        revision=revision,
    )


def _notices(schedule: Schedule, terms: PlanningTerms, revision: int, address: str) -> Iterator[Moment]:
    contracts = {contract.id: contract for contract in schedule.problem.contracts}
    for notice in terms.notices:
        if contract := contracts.get(notice.contract_id):
            yield Moment(
                uid=f"{notice.contract_id}-notice@{urlsplit(address).hostname}",
                at=datetime.combine(notice.by, BEGINNING_OF_WORK, LONDON),
                title=f"Last day for notice: {contract.title}",
                description=f"The contract asks for {notice.months} months.",
                address=address,
                revision=revision,
            )


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
