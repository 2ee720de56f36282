"""The procurement schedule's inputs and results, as frozen values that can be stored and shown as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from intelligence.market import Contract, Procurement, Route
from intelligence.schedule.calendar import Nation, WorkingCalendar
from intelligence.schedule.routes import Counting, Evidence, Stage


class ScheduleError(ValueError):
    """The problem contradicts itself; `path` says where, for example ``stage_lengths[2].days``."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Blackout:
    """Days, both included, on which nothing is published and no tender closes."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Officer:
    """`capacity_percent` is the time the officer has for procurements, 100 being all of it."""

    name: str
    capacity_percent: int = 100


@dataclass(frozen=True, slots=True)
class BidderPair:
    """Two procurements whose tenders some providers could not answer at once.

    `weight` sums, over the providers interested in both, how far the tenders exceed what each said it can handle;
    a provider that declared no limit counts nothing. `provider_ids` are those that count.
    """

    first_id: str
    second_id: str
    weight: float
    provider_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageLength:
    """A length given by hand, in the stage's own kind of days, for one procurement or (`None`) for all of them."""

    stage: Stage
    days: int
    procurement_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Penalties:
    """What each fault of a schedule costs, in whole pounds. Every default is assumed; only their order matters much.

    `extension_day` is per calendar day that a contract runs on; `late_day` per calendar day that a service starts late;
    `overlap_day` per working day on which two tenders of a bidder pair are both open, times the pair's weight;
    `thin_slack_day` per working day of slack short of `wanted_slack_days`.
    """

    extension_day: int = 2_000
    late_day: int = 1_000
    overlap_day: int = 500
    thin_slack_day: int = 100
    wanted_slack_days: int = 20


@dataclass(frozen=True, slots=True)
class ScheduleProblem:
    """Everything a schedule rests on.

    `as_of` is the first day on which work can start. Approvals end on a board date; with no `board_dates` they may end
    on any working day. An officer who is not in `officers` has no limit. `tenders_open_at_most` caps the tenders open
    at once across the programme. `calendar` replaces the published bank holidays of `nation`.

    Raises:
        ScheduleError: an identifier is repeated or unknown, or a number or range of dates makes no sense.
    """

    as_of: date
    procurements: tuple[Procurement, ...]
    contracts: tuple[Contract, ...] = ()
    board_dates: tuple[date, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    officers: tuple[Officer, ...] = ()
    bidder_pairs: tuple[BidderPair, ...] = ()
    tenders_open_at_most: int | None = None
    stage_lengths: tuple[StageLength, ...] = ()
    penalties: Penalties = field(default_factory=Penalties)
    nation: Nation = Nation.ENGLAND_AND_WALES
    calendar: WorkingCalendar | None = None

    def __post_init__(self) -> None:
        known = _unique("procurements", tuple(procurement.id for procurement in self.procurements))
        _unique("contracts", tuple(contract.id for contract in self.contracts))
        _unique("officers", tuple(officer.name for officer in self.officers))
        for n, blackout in enumerate(self.blackouts):
            if blackout.last < blackout.first:
                raise ScheduleError(f"blackouts[{n}].last", "is before its first day")
        for n, pair in enumerate(self.bidder_pairs):
            for end, identifier in (("first_id", pair.first_id), ("second_id", pair.second_id)):
                if identifier not in known:
                    raise ScheduleError(f"bidder_pairs[{n}].{end}", f"{identifier!r} is not the id of a procurement")
            if pair.first_id == pair.second_id or pair.weight < 0:
                raise ScheduleError(f"bidder_pairs[{n}]", "must join two procurements with a weight of zero or more")
        for n, length in enumerate(self.stage_lengths):
            if length.procurement_id is not None and length.procurement_id not in known:
                reason = f"{length.procurement_id!r} is not the id of a procurement"
                raise ScheduleError(f"stage_lengths[{n}].procurement_id", reason)
        if self.tenders_open_at_most is not None and self.tenders_open_at_most < 1:
            raise ScheduleError("tenders_open_at_most", "must be one or more")


class ScheduleStatus(StrEnum):
    OPTIMAL = "optimal"  # proved: no schedule costs less
    FEASIBLE = "feasible"  # keeps every hard rule; the gap says how much cheaper another might be
    INFEASIBLE = "infeasible"  # proved: no schedule keeps every hard rule; the warnings say why
    UNKNOWN = "unknown"  # the limit came before any schedule was found


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """One stage from its first to its last day, both included and both working days unless a legal clock ends a stage.

    `days` and `legal_floor` are counted as `counting` says. `evidence` and `source` tell where `days` comes from.
    """

    stage: Stage
    start: date
    end: date
    days: int
    counting: Counting
    evidence: Evidence
    source: str
    legal_floor: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedProcurement:
    """Where one procurement stands in the schedule, and `why` in words.

    `publish` is the day of its first public notice, `award` the day the contract is let (both `None` if its route has
    no such stage); `slack_days` are the working days between the end of mobilisation and `service_start`.
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


def _unique(path: str, identifiers: tuple[str, ...]) -> frozenset[str]:
    for position, identifier in enumerate(identifiers):
        if identifier in identifiers[:position]:
            raise ScheduleError(f"{path}[{position}]", f"{identifier!r} appears more than once")
    return frozenset(identifiers)
