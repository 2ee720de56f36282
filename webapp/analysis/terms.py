"""What a programme's set-up asks of its plans, as frozen values that a run keeps: the same run plans the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intelligence.schedule.calendar import Nation
from intelligence.schedule.problem import Actual, Blackout, Pin, Precedence, StageLength


@dataclass(frozen=True, slots=True)
class RouteStep:
    """An answer on the way to a procurement's route, with who gave it and why."""

    question: str
    answer: str
    reason: str
    officer: str
    on: date


@dataclass(frozen=True, slots=True)
class RouteReasons:
    procurement_id: str
    steps: tuple[RouteStep, ...]


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """The last day on which a present supplier can be given the notice that its contract asks for."""

    contract_id: str
    by: date
    months: int


@dataclass(frozen=True, slots=True)
class PlanningTerms:
    """Board dates are the days on which any board of the programme meets.

    Without blackouts of its own a programme plans with the usual freezes around Christmas and Easter. `partners` have a
    say in the programme: they bind nothing here, but are told.
    """

    board_dates: tuple[date, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    nation: Nation = Nation.ENGLAND_AND_WALES
    tenders_open_at_most: int | None = None
    gives_bid_time: bool = True
    keeps_dates_free: bool = True
    stage_lengths: tuple[StageLength, ...] = ()
    pins: tuple[Pin, ...] = ()
    actuals: tuple[Actual, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    fixed_starts: tuple[str, ...] = ()
    routes: tuple[RouteReasons, ...] = ()
    notices: tuple[NoticeDue, ...] = ()
    partners: tuple[str, ...] = ()
