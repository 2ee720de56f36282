"""What each procurement must go through: its stages, the contracts it replaces, and when its services may start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from intelligence.market import Contract, Procurement
from intelligence.schedule.calendar import ONE_DAY, CalendarError, WorkingCalendar
from intelligence.schedule.problem import Actual, Blackout, ScheduleError, ScheduleProblem
from intelligence.schedule.routes import Counting, Evidence, Stage, StageRule, stage_end, stages_of

LONGEST_DELAY = timedelta(days=366)
WORKING_WEEK = 5
CALENDAR_WEEK = 7


def stages_for(problem: ScheduleProblem, procurement: Procurement) -> tuple[StageRule, ...]:
    """The stages of a procurement with the lengths that were given by hand; one for it alone beats one for all.

    Raises:
        ScheduleError: a length is below the legal floor, or is given for a stage that the procurement does not have.
    """
    rules = {rule.stage: rule for rule in stages_of(procurement.route)}
    if procurement.mobilisation_days is not None:
        rules[Stage.MOBILISE] = replace(
            rules[Stage.MOBILISE],
            days=procurement.mobilisation_days,
            evidence=Evidence.GIVEN,
            source="given for this procurement",
        )
    general = [entry for entry in enumerate(problem.stage_lengths) if entry[1].procurement_id is None]
    own = [entry for entry in enumerate(problem.stage_lengths) if entry[1].procurement_id == procurement.id]
    for position, length in general + own:
        rule = rules.get(length.stage)
        if rule is None:
            if length.procurement_id is None:
                continue
            reason = f"{procurement.id!r} has no stage {length.stage.value!r} on its route"
            raise ScheduleError(f"stage_lengths[{position}].stage", reason)
        if length.days < (floor := rule.legal_floor or 1):
            reason = f"{length.days} is below the floor of {floor} for {length.stage.value} ({rule.source})"
            raise ScheduleError(f"stage_lengths[{position}].days", reason)
        source = length.reason or "given by the officer"
        rules[length.stage] = replace(rule, days=length.days, evidence=Evidence.GIVEN, source=source)
    if Stage.TENDER in rules and (wanted := shortest_bid_days(problem, procurement.id)):
        rules[Stage.TENDER] = _at_least(rules[Stage.TENDER], wanted)
    return tuple(rules.values())


def _at_least(rule: StageRule, working_days: int) -> StageRule:
    """The tender's rule, long enough for those who said how long they need to bid."""
    days = working_days
    if rule.counting is not Counting.WORKING_DAYS:
        days = ceil(working_days / WORKING_WEEK) * CALENDAR_WEEK
    if rule.days >= days:
        return rule
    source = f"a bidder needs {working_days} working days"
    return replace(rule, days=days, evidence=Evidence.GIVEN, source=source)


def shortest_bid_days(problem: ScheduleProblem, procurement_id: str) -> int:
    """The working days that a tender must be open for the slowest of its bidders; 0 where none said so."""
    limits = (limit for limit in problem.bidder_limits if procurement_id in limit.procurement_ids)
    return max((limit.shortest_bid_days or 0 for limit in limits), default=0)


def begun_stages(
    problem: ScheduleProblem, procurement: Procurement, calendar: WorkingCalendar
) -> dict[Stage, tuple[date, date]]:
    """The first and last day of each stage that has begun. One still under way ends after as long as it should take,
    or on the first day from `as_of` on that its rules allow.

    Raises:
        ScheduleError: a stage is not on the route, came before the one before it had ended, or was left out.
    """
    actuals = {entry.stage: (n, entry) for n, entry in enumerate(problem.actuals) if _is_for(entry, procurement)}
    found: dict[Stage, tuple[date, date]] = {}
    last: date | None = None
    for rule in stages_for(problem, procurement):
        if rule.stage not in actuals:
            break
        n, entry = actuals.pop(rule.stage)
        if last is not None and (entry.start <= last or last >= problem.as_of):
            raise ScheduleError(f"actuals[{n}].start", f"is before the stage before {rule.stage.value} had ended")
        last = entry.end or _end_under_way(problem, procurement, calendar, rule, entry.start)
        found[rule.stage] = (entry.start, last)
    for stage, (n, _) in actuals.items():
        raise ScheduleError(f"actuals[{n}].stage", f"{stage.value!r} cannot follow what is known of {procurement.id!r}")
    return found


def _is_for(entry: Actual, procurement: Procurement) -> bool:
    return entry.procurement_id == procurement.id


def _end_under_way(
    problem: ScheduleProblem, procurement: Procurement, calendar: WorkingCalendar, rule: StageRule, start: date
) -> date:
    try:
        end = stage_end(rule, calendar, calendar.next_working_day(start))
        end = calendar.next_working_day(max(end, problem.as_of))
        while not may_end(problem, procurement, rule, end):
            end = calendar.next_working_day(end + ONE_DAY)
    except CalendarError:  # it ends on no day that is known, as where the last board has met: nothing can follow it
        return calendar.last
    return end


def replaced_contracts(problem: ScheduleProblem, procurement: Procurement) -> tuple[Contract, ...]:
    """The contracts that share a lot with the procurement."""
    lots = set(procurement.lot_ids)
    return tuple(contract for contract in problem.contracts if lots.intersection(contract.lot_ids))


def contracts_by_procurement(problem: ScheduleProblem) -> dict[str, tuple[Contract, ...]]:
    """:func:`replaced_contracts` of every procurement, found lot by lot."""
    by_lot: dict[str, list[Contract]] = {}
    for contract in problem.contracts:
        for lot in contract.lot_ids:
            by_lot.setdefault(lot, []).append(contract)
    return {
        procurement.id: tuple(
            {entry.id: entry for lot in procurement.lot_ids for entry in by_lot.get(lot, ())}.values()
        )
        for procurement in problem.procurements
    }


def horizon(problem: ScheduleProblem, calendar: WorkingCalendar) -> date:
    """The last day worth planning: a year past every date asked for, or the last one whose bank holidays are known.

    Raises:
        CalendarError: work or a service would start on a day whose bank holidays are not known.
    """
    dates = {f"procurements[{n}].service_start": entry.service_start for n, entry in enumerate(problem.procurements)}
    dates["as_of"] = problem.as_of
    happened = {f"actuals[{n}].start": actual.start for n, actual in enumerate(problem.actuals)}
    for path, day in (dates | happened).items():
        try:
            calendar.is_working_day(day)
        except CalendarError as error:
            raise CalendarError(f"{path}: {error}") from error
    return min(calendar.last, max(dates.values()) + LONGEST_DELAY)


def service_starts(problem: ScheduleProblem, procurement: Procurement, last: date) -> tuple[date, ...]:
    """The days on which the services may start, earliest first; empty when a contract ends for good before them all.

    They are the day asked for and, unless it is fixed, the first day of each later month, as long as every contract
    with a `latest_end` can still run up to it.
    """
    if procurement.id in problem.fixed_start_ids:
        last = min(last, procurement.service_start)
    limits = [contract.latest_end for contract in replaced_contracts(problem, procurement) if contract.latest_end]
    latest = min([last, *(limit + ONE_DAY for limit in limits if limit < last)])
    days = (procurement.service_start, *_months_after(procurement.service_start, latest))
    return tuple(day for day in days if day <= latest)


def extension_days(contract: Contract, service_start: date) -> int:
    """For how many calendar days the contract must run past its end so that no day is left without a service."""
    return max(0, (service_start - contract.end).days - 1)


def extension_price(problem: ScheduleProblem, contract: Contract) -> int:
    """What each of those days costs, in pounds: the contract's own price, or what is assumed of all."""
    return problem.penalties.extension_day if contract.extension_day is None else contract.extension_day


def may_start(problem: ScheduleProblem, procurement: Procurement, rule: StageRule, day: date) -> bool:
    """Whether the dates of the programme and of its bidders let a stage start on a working day."""
    if rule.publishes and blackout_on(problem, day):
        return False
    return not (rule.stage is Stage.TENDER and _is_avoided(problem, procurement.id, day))


def may_end(problem: ScheduleProblem, procurement: Procurement, rule: StageRule, day: date) -> bool:
    """Whether the dates of the programme and of its bidders let `day` be the last day of a stage."""
    if rule.needs_board and problem.board_dates and day not in problem.board_dates:
        return False
    if rule.submissions and blackout_on(problem, day):
        return False
    return not (rule.stage is Stage.TENDER and _is_avoided(problem, procurement.id, day))


def _is_avoided(problem: ScheduleProblem, procurement_id: str, day: date) -> bool:
    """Whether a bidder of the procurement asked to avoid the day."""
    return any(
        dates.first <= day <= dates.last
        for limit in problem.bidder_limits
        if procurement_id in limit.procurement_ids
        for dates in limit.avoid
    )


def blackout_on(problem: ScheduleProblem, day: date) -> Blackout | None:
    return next((blackout for blackout in problem.blackouts if blackout.first <= day <= blackout.last), None)


def _months_after(day: date, last: date) -> Iterator[date]:
    first = day.replace(day=1)
    while (first := (first + timedelta(days=31)).replace(day=1)) <= last:
        yield first
