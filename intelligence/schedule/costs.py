"""What a schedule costs, counted from its dates alone."""

from __future__ import annotations

from datetime import date

from intelligence.schedule.calendar import ONE_DAY, WorkingCalendar
from intelligence.schedule.plan import CostTerm, PlannedProcurement, PlannedStage
from intelligence.schedule.problem import BidderPair, ScheduleProblem
from intelligence.schedule.requirements import contracts_by_procurement, extension_days, extension_price
from intelligence.schedule.routes import Stage


def cost_terms(
    problem: ScheduleProblem, calendar: WorkingCalendar, planned: tuple[PlannedProcurement, ...]
) -> tuple[CostTerm, ...]:
    """The parts of the cost of a schedule, in whole pounds; what moved counts only against an earlier plan."""
    price = problem.penalties
    extended = extended_days(problem, planned)
    late = _late_days(problem, planned)
    overlap = 0
    overlap_cost = 0
    windows = {item.procurement_id: tender_window(item) for item in planned}
    for pair in problem.bidder_pairs:
        days = shared_tender_days(calendar, windows[pair.first_id], windows[pair.second_id])
        overlap += days
        overlap_cost += days * overlap_price(problem, pair)
    wanted = price.wanted_slack_days
    thin = sum(max(0, wanted - item.slack_days) for item in planned)
    terms = (
        CostTerm(
            "extension",
            sum(extended.values()),
            sum(extended[contract.id] * extension_price(problem, contract) for contract in problem.contracts),
            "calendar days contracts run past their end",
        ),
        CostTerm("late", late, late * price.late_day, "calendar days services start after the day asked for"),
        CostTerm("overlap", overlap, overlap_cost, "working days on which tenders that share bidders are both open"),
        CostTerm("thin_slack", thin, thin * price.thin_slack_day, f"working days of slack short of {wanted}"),
    )
    if not problem.earlier_starts:
        return terms
    moved = _moved_days(problem, calendar, planned)
    return (*terms, CostTerm("moved", moved, moved * price.moved_day, "working days by which stages moved"))


def overlap_price(problem: ScheduleProblem, pair: BidderPair) -> int:
    """Whole pounds for each working day on which both tenders of the pair are open."""
    return round(problem.penalties.overlap_day * pair.weight)


def extended_days(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> dict[str, int]:
    """For how many calendar days each contract runs past its end, by its id."""
    starts = {item.procurement_id: item.service_start for item in planned}
    longest = {contract.id: 0 for contract in problem.contracts}
    for procurement_id, contracts in contracts_by_procurement(problem).items():
        for contract in contracts:
            days = extension_days(contract, starts[procurement_id])
            longest[contract.id] = max(longest[contract.id], days)
    return longest


def _late_days(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> int:
    asked = {procurement.id: procurement.service_start for procurement in problem.procurements}
    return sum((item.service_start - asked[item.procurement_id]).days for item in planned)


def _moved_days(problem: ScheduleProblem, calendar: WorkingCalendar, planned: tuple[PlannedProcurement, ...]) -> int:
    earlier = {(entry.procurement_id, entry.stage): entry.start for entry in problem.earlier_starts}
    return sum(
        _working_days_apart(calendar, earlier[item.procurement_id, stage.stage], stage.start)
        for item in planned
        for stage in item.stages
        if (item.procurement_id, stage.stage) in earlier and not stage.begun
    )


def _working_days_apart(calendar: WorkingCalendar, one: date, other: date) -> int:
    first, last = sorted((one, other))
    return calendar.count(first, last - ONE_DAY)


def days_between(calendar: WorkingCalendar, before: PlannedStage, after: PlannedStage) -> int:
    return calendar.count(before.end + ONE_DAY, after.start - ONE_DAY)


def tender_window(item: PlannedProcurement) -> PlannedStage | None:
    return next((stage for stage in item.stages if stage.stage is Stage.TENDER), None)


def shared_tender_days(calendar: WorkingCalendar, first: PlannedStage | None, second: PlannedStage | None) -> int:
    """The working days on which both tenders are open."""
    if first is None or second is None:
        return 0
    opened, closed = max(first.start, second.start), min(first.end, second.end)
    return calendar.count(opened, closed)
