"""Planning again: after actuals, or to see what would move if a date slipped; what need not move stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from intelligence.schedule.changes import Replan, changes_between, in_sentences
from intelligence.schedule.plan import EarlierStart, Schedule, ScheduleError, ScheduleProblem
from intelligence.schedule.search import TimeLeft, for_ever
from intelligence.schedule.solve import plan_schedule


def replan(
    earlier: Schedule,
    problem: ScheduleProblem,
    *,
    seed: int,
    seconds: float = 10.0,
    time_left: TimeLeft = for_ever,
) -> Replan:
    """Plan `problem`, which changed since the `earlier` plan was made, moving as little as is worth it.

    Every working day by which a stage moves costs `problem.penalties.moved_day`, so it moves only where a rule forces
    it or where it saves more than that.

    Raises:
        ScheduleError: as :func:`plan_schedule`.
    """
    known = {procurement.id for procurement in problem.procurements}
    begun = {(actual.procurement_id, actual.stage) for actual in problem.actuals}
    starts = tuple(
        EarlierStart(item.procurement_id, stage.stage, stage.start)
        for item in earlier.procurements
        for stage in item.stages
        if item.procurement_id in known and (item.procurement_id, stage.stage) not in begun
    )
    schedule = plan_schedule(replace(problem, earlier_starts=starts), seed=seed, seconds=seconds, time_left=time_left)
    changes = changes_between(earlier, schedule) if schedule.procurements else ()
    return Replan(schedule, changes, in_sentences(changes) if schedule.procurements else schedule.warnings)


def with_board_moved(problem: ScheduleProblem, was: date, now: date | None) -> ScheduleProblem:
    """The problem with a board date moved, or cancelled where `now` is `None`.

    Raises:
        ScheduleError: `was` is no board date.
    """
    if was not in problem.board_dates:
        raise ScheduleError("board_dates", f"{was} is not among them")
    kept = {board for board in problem.board_dates if board != was} | ({now} if now else set())
    return replace(problem, board_dates=tuple(sorted(kept)))


def with_contract_extended(problem: ScheduleProblem, contract_id: str, end: date) -> ScheduleProblem:
    """The problem with a contract that ends, or can be extended, later (or sooner).

    Raises:
        ScheduleError: there is no such contract.
    """
    if contract_id not in {contract.id for contract in problem.contracts}:
        raise ScheduleError("contracts", f"{contract_id!r} is not the id of a contract")
    contracts = tuple(
        replace(
            contract,
            end=end,
            latest_end=None if contract.latest_end is None else max(contract.latest_end, end),
        )
        if contract.id == contract_id
        else contract
        for contract in problem.contracts
    )
    return replace(problem, contracts=contracts)
