"""A problem with one thing changed, to see what would move: see :func:`intelligence.schedule.replan.replan`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from intelligence.schedule.problem import ScheduleError, ScheduleProblem


def with_board_moved(problem: ScheduleProblem, was: date, now: date | None) -> ScheduleProblem:
    """The problem with a board date moved, or cancelled where `now` is `None`.

    Raises:
        ScheduleError: `was` is no board date.

    >>> problem = ScheduleProblem(date(2026, 1, 5), (), board_dates=(date(2026, 2, 18), date(2026, 3, 18)))
    >>> with_board_moved(problem, date(2026, 2, 18), None).board_dates
    (datetime.date(2026, 3, 18),)
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
