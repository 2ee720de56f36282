"""A procurement schedule, as frozen values that can be stored and shown as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intelligence.market import Route
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.routes import Counting, Evidence, Stage


class ScheduleStatus(StrEnum):
    OPTIMAL = "optimal"  # proved: no schedule costs less
    FEASIBLE = "feasible"  # keeps every hard rule; the gap says how much cheaper another might be
    INFEASIBLE = "infeasible"  # proved: no schedule keeps every hard rule; the warnings say why
    UNKNOWN = "unknown"  # the limit came before any schedule was found


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """One stage from its first to its last day, both included and both working days unless a legal clock ends a stage.

    `days` and `legal_floor` are counted as `counting` says. `evidence` and `source` tell where `days` comes from. A
    stage that has `begun` stands as it happened. `spare_days` are the working days by which it may overrun before the
    service start moves or a rule breaks, all other procurements staying where they are.
    """

    stage: Stage
    start: date
    end: date
    days: int
    counting: Counting
    evidence: Evidence
    source: str
    legal_floor: int | None = None
    begun: bool = False
    spare_days: int | None = None


class BindingRule(StrEnum):
    """What may keep a procurement from a better place."""

    SHARED_BIDDERS = "shared_bidders"
    OFFICER = "officer"
    OPEN_TENDERS = "open_tenders"
    BOARD_DATES = "board_dates"
    BLACKOUTS = "blackouts"
    BIDDER_LIMITS = "bidder_limits"
    PRECEDENCE = "precedence"
    PIN = "pin"
    EARLIER_PLAN = "earlier_plan"


class Gain(StrEnum):
    """What is better where a procurement would stand without a rule."""

    SERVICE_START = "service_start"
    OVERLAP = "overlap"
    SLACK = "slack"
    MOVED = "moved"
    LATE_START = "late_start"  # costs the same, as does the next: its work begins no sooner than it must
    WAITING = "waiting"

    @property
    def words(self) -> str:
        """As part of a sentence."""
        return _GAINS[self]


_GAINS = {
    Gain.SERVICE_START: "the services would start sooner",
    Gain.OVERLAP: "its tender would run less beside others with the same bidders",
    Gain.SLACK: "more days would be in hand before the services start",
    Gain.MOVED: "less would move from the plan before",
    Gain.LATE_START: "its work would begin no sooner than it needs to",
    Gain.WAITING: "it would wait less between its stages",
}


@dataclass(frozen=True, slots=True)
class Binding:
    """Without this rule the procurement would stand better, all others staying where they are.

    Its work would start `days` working days later (sooner if negative), and the schedule would cost `saving` pounds
    less; `gains` are what would be better, and `procurement_ids` the others that it meets in the rule.
    """

    rule: BindingRule
    days: int
    saving: int
    procurement_ids: tuple[str, ...] = ()
    gains: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedProcurement:
    """Where one procurement stands in the schedule, and `why` in words.

    `publish` is the day of its first public notice, `award` the day the contract is let (both `None` if its route has
    no such stage); `slack_days` are the working days between the end of mobilisation and `service_start`. `binding` are
    the rules that hold it, the costliest first; the `critical` stages are those with the fewest spare days.
    """

    procurement_id: str
    title: str
    route: Route
    stages: tuple[PlannedStage, ...]
    publish: date | None
    award: date
    service_start: date
    slack_days: int
    why: str
    officer: str | None = None
    binding: tuple[Binding, ...] = ()
    critical: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class CostTerm:
    """A part of the schedule's cost: `quantity` of something, what it costs in pounds, and a sentence on what it is."""

    name: str
    quantity: float
    cost: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule with its proof: `bound` is a cost below which no schedule can go, `gap` the share of cost above it.

    Among schedules of the same cost it prefers those that wait less between stages and start no earlier than needed;
    that preference is not part of the cost or of the proof.

    `checked_rules` are the hard rules that an independent checker looked at and `broken_rules` what it found. When no
    plan is possible `procurements` is empty and `warnings` says why.
    """

    problem: ScheduleProblem
    procurements: tuple[PlannedProcurement, ...]
    status: ScheduleStatus
    cost: int | None
    bound: int | None
    gap: float | None
    cost_terms: tuple[CostTerm, ...]
    warnings: tuple[str, ...]
    checked_rules: tuple[str, ...]
    broken_rules: tuple[str, ...]
    seed: int
    seconds: float
