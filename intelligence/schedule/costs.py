"""What a schedule costs, counted from its dates alone."""

from __future__ import annotations

from intelligence.schedule.calendar import ONE_DAY, WorkingCalendar
from intelligence.schedule.plan import BidderPair, CostTerm, PlannedProcurement, PlannedStage, ScheduleProblem
from intelligence.schedule.requirements import extension_days, replaced_contracts
from intelligence.schedule.routes import Stage


def cost_terms(
    problem: ScheduleProblem, calendar: WorkingCalendar, planned: tuple[PlannedProcurement, ...]
) -> tuple[CostTerm, ...]:
    """The four parts of the cost of a schedule, in whole pounds."""
    price = problem.penalties
    extension = extension_total(problem, planned)
    late = late_days(problem, planned)
    overlap = 0
    overlap_cost = 0
    for pair in problem.bidder_pairs:
        days = shared_tender_days(calendar, pair, planned)
        overlap += days
        overlap_cost += days * overlap_price(problem, pair)
    wanted = price.wanted_slack_days
    thin = sum(max(0, wanted - item.slack_days) for item in planned)
    return (
        CostTerm("extension", extension, extension * price.extension_day, "calendar days contracts run past their end"),
        CostTerm("late", late, late * price.late_day, "calendar days services start after the day asked for"),
        CostTerm("overlap", overlap, overlap_cost, "working days on which tenders that share bidders are both open"),
        CostTerm("thin_slack", thin, thin * price.thin_slack_day, f"working days of slack short of {wanted}"),
    )


def overlap_price(problem: ScheduleProblem, pair: BidderPair) -> int:
    """Whole pounds for each working day on which both tenders of the pair are open."""
    return round(problem.penalties.overlap_day * pair.weight)


def extension_total(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> int:
    starts = {item.procurement_id: item.service_start for item in planned}
    longest: dict[str, int] = {}
    for procurement in problem.procurements:
        for contract in replaced_contracts(problem, procurement):
            days = extension_days(contract, starts[procurement.id])
            longest[contract.id] = max(longest.get(contract.id, 0), days)
    return sum(longest.values())


def late_days(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> int:
    asked = {procurement.id: procurement.service_start for procurement in problem.procurements}
    return sum((item.service_start - asked[item.procurement_id]).days for item in planned)


def days_between(calendar: WorkingCalendar, before: PlannedStage, after: PlannedStage) -> int:
    return len(calendar.working_days(before.end + ONE_DAY, after.start - ONE_DAY))


def tender_window(item: PlannedProcurement) -> PlannedStage | None:
    return next((stage for stage in item.stages if stage.stage is Stage.TENDER), None)


def shared_tender_days(calendar: WorkingCalendar, pair: BidderPair, planned: tuple[PlannedProcurement, ...]) -> int:
    windows = [tender_window(item) for item in planned if item.procurement_id in (pair.first_id, pair.second_id)]
    first, second = windows
    if first is None or second is None:
        return 0
    return len(calendar.working_days(max(first.start, second.start), min(first.end, second.end)))
