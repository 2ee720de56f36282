"""What each procurement must go through: its stages, the contracts it replaces, and when its services may start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from intelligence.market import Contract, Procurement
from intelligence.schedule.calendar import ONE_DAY, WorkingCalendar
from intelligence.schedule.plan import Blackout, ScheduleError, ScheduleProblem
from intelligence.schedule.routes import Evidence, Stage, StageRule, stages_of

LONGEST_DELAY = timedelta(days=366)


def stages_for(problem: ScheduleProblem, procurement: Procurement) -> tuple[StageRule, ...]:
    """The stages of a procurement with the lengths that were given by hand; one for it alone beats one for all.

    Raises:
        ScheduleError: a length is below the legal floor, or is given for a stage that the procurement does not have.
    """
    rules = {rule.stage: rule for rule in stages_of(procurement.route)}
    if procurement.mobilisation_days is not None:
        if procurement.mobilisation_days < 1:
            position = problem.procurements.index(procurement)
            raise ScheduleError(f"procurements[{position}].mobilisation_days", "must be one working day or more")
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
    return tuple(rules.values())


def replaced_contracts(problem: ScheduleProblem, procurement: Procurement) -> tuple[Contract, ...]:
    """The contracts that share a lot with the procurement."""
    lots = set(procurement.lot_ids)
    return tuple(contract for contract in problem.contracts if lots.intersection(contract.lot_ids))


def horizon(problem: ScheduleProblem, calendar: WorkingCalendar) -> date:
    """The last day worth planning: a year past every date asked for, or the last one whose bank holidays are known.

    Raises:
        CalendarError: work or a service would start on a day whose bank holidays are not known.
    """
    dates = [problem.as_of, *(procurement.service_start for procurement in problem.procurements)]
    for day in dates:
        calendar.is_working_day(day)
    return min(calendar.last, max(dates) + LONGEST_DELAY)


def service_starts(problem: ScheduleProblem, procurement: Procurement, last: date) -> tuple[date, ...]:
    """The days on which the services may start, earliest first; empty when a contract ends for good before them all.

    They are the day asked for and, when that cannot be met, the first day of each later month, as long as every
    contract with a `latest_end` can still run up to it.
    """
    limits = [contract.latest_end for contract in replaced_contracts(problem, procurement) if contract.latest_end]
    latest = min([last, *(limit + ONE_DAY for limit in limits)])
    days = (procurement.service_start, *_months_after(procurement.service_start, latest))
    return tuple(day for day in days if day <= latest)


def extension_days(contract: Contract, service_start: date) -> int:
    """For how many calendar days the contract must run past its end so that no day is left without a service."""
    return max(0, (service_start - contract.end).days - 1)


def may_start(problem: ScheduleProblem, rule: StageRule, day: date) -> bool:
    """Whether the programme's dates let a stage start on a working day."""
    return not (rule.publishes and blackout_on(problem, day))


def may_end(problem: ScheduleProblem, rule: StageRule, day: date) -> bool:
    """Whether the programme's dates let `day` be the last day of a stage."""
    if rule.needs_board and problem.board_dates and day not in problem.board_dates:
        return False
    return not (rule.submissions and blackout_on(problem, day))


def blackout_on(problem: ScheduleProblem, day: date) -> Blackout | None:
    return next((blackout for blackout in problem.blackouts if blackout.first <= day <= blackout.last), None)


def _months_after(day: date, last: date) -> Iterator[date]:
    first = day.replace(day=1)
    while (first := (first + timedelta(days=31)).replace(day=1)) <= last:
        yield first
