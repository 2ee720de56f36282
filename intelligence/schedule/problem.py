"""What a procurement schedule rests on, as frozen values that are checked when they are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from intelligence.market import AvoidedDates, Contract, InputError, Procurement
from intelligence.schedule.calendar import Nation, WorkingCalendar
from intelligence.schedule.routes import Stage

_MOST_DAYS = 10_000
_MOST_PERCENT = 1_000_000
_MOST_POUNDS = 1_000_000
_MOST_EXTENSION = 1_000_000_000
_MOST_WEIGHT = 1_000


class ScheduleError(InputError):
    """The problem contradicts itself; `path` says where, for example ``stage_lengths[2].days``."""


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
class BidderLimit:
    """What a provider declared it needs, taken as a rule for the tenders of `procurement_ids`.

    No more than `tenders_open_at_most` of them are open on any day, each is open for `shortest_bid_days` working days
    or more, and none is published or closes in the dates to `avoid`. As a wish rather than a rule, shared bidders
    belong into :class:`BidderPair`, and what they said into :class:`TendersWish`.
    """

    provider_id: str
    procurement_ids: tuple[str, ...]
    tenders_open_at_most: int | None = None
    shortest_bid_days: int | None = None
    avoid: tuple[AvoidedDates, ...] = ()


@dataclass(frozen=True, slots=True)
class TendersWish:
    """How many of the tenders of `procurement_ids` a provider said it can answer at once.

    No rule: the cost of :class:`BidderPair` keeps a schedule near it, and loads are held against it.
    """

    provider_id: str
    procurement_ids: tuple[str, ...]
    at_most: int


@dataclass(frozen=True, slots=True)
class Precedence:
    """Stage `before` of the second procurement starts after stage `after` of the first has ended, and at least
    `lag_days` working days lie between them."""

    first_id: str
    second_id: str
    after: Stage = Stage.AWARD
    before: Stage = Stage.APPROVE_TO_PROCEED
    lag_days: int = 0


@dataclass(frozen=True, slots=True)
class Pin:
    """A stage that must start on this day."""

    procurement_id: str
    stage: Stage
    start: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Actual:
    """When a stage really started and ended; without an `end` it is still under way.

    What has happened is taken as it is, even where it broke a rule. A stage under way ends as its length says, but not
    before the day of planning.
    """

    procurement_id: str
    stage: Stage
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class EarlierStart:
    """Where an earlier plan put a stage; moving it costs `Penalties.moved_day` for each working day."""

    procurement_id: str
    stage: Stage
    start: date


@dataclass(frozen=True, slots=True)
class Penalties:
    """What each fault of a schedule costs, in whole pounds. Every default is assumed; only their order matters much.

    `extension_day` is per calendar day that a contract runs on which gives no price of its own; `late_day` per calendar
    day that a service starts late; `overlap_day` per working day on which two tenders of a bidder pair are both open,
    times the pair's weight; `thin_slack_day` per working day of slack short of `wanted_slack_days`; `moved_day` per
    working day by which a stage moves from where an earlier plan put it.
    """

    extension_day: int = 2_000
    late_day: int = 1_000
    overlap_day: int = 500
    thin_slack_day: int = 100
    wanted_slack_days: int = 20
    moved_day: int = 100

    def __post_init__(self) -> None:
        for name in ("extension_day", "late_day", "overlap_day", "thin_slack_day", "wanted_slack_days", "moved_day"):
            _in_range(name, getattr(self, name), 0, _MOST_POUNDS)


@dataclass(frozen=True, slots=True)
class ScheduleProblem:
    """Everything a schedule rests on.

    `as_of` is the first day on which work can start. Approvals end on a board date; with no `board_dates` they may end
    on any working day. An officer who is not in `officers` has no limit. `tenders_open_at_most` caps the tenders open
    at once across the programme. `calendar` replaces the published bank holidays of `nation`. The services of
    `fixed_start_ids` start on the day asked for and on no other.

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
    bidder_limits: tuple[BidderLimit, ...] = ()
    tenders_wishes: tuple[TendersWish, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    fixed_start_ids: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    actuals: tuple[Actual, ...] = ()
    earlier_starts: tuple[EarlierStart, ...] = ()

    def __post_init__(self) -> None:
        known = _unique("procurements", tuple(procurement.id for procurement in self.procurements))
        _unique("contracts", tuple(contract.id for contract in self.contracts))
        for n, procurement in enumerate(self.procurements):
            if procurement.mobilisation_days is not None:
                _in_range(f"procurements[{n}].mobilisation_days", procurement.mobilisation_days, 1, _MOST_DAYS)
        for n, contract in enumerate(self.contracts):
            if contract.extension_day is not None:
                _in_range(f"contracts[{n}].extension_day", contract.extension_day, 0, _MOST_EXTENSION)
            if contract.latest_end is not None and contract.latest_end < contract.end:
                raise ScheduleError(f"contracts[{n}].latest_end", "is before the contract's end")
        _unique("officers", tuple(officer.name for officer in self.officers))
        for n, officer in enumerate(self.officers):
            _in_range(f"officers[{n}].capacity_percent", officer.capacity_percent, 0, _MOST_PERCENT)
        for n, blackout in enumerate(self.blackouts):
            if blackout.last < blackout.first:
                raise ScheduleError(f"blackouts[{n}].last", "is before its first day")
        if self.tenders_open_at_most is not None:
            _in_range("tenders_open_at_most", self.tenders_open_at_most, 1, _MOST_DAYS)
        _check_bidders(self, known)
        _check_order(self, known)
        _check_stages(self, known)
        for n, length in enumerate(self.stage_lengths):
            _in_range(f"stage_lengths[{n}].days", length.days, 0, _MOST_DAYS)
        for n, actual in enumerate(self.actuals):
            if actual.end is not None and actual.end < actual.start:
                raise ScheduleError(f"actuals[{n}].end", "is before its start")
            if max(actual.start, actual.end or actual.start) >= self.as_of:
                raise ScheduleError(f"actuals[{n}]", f"has not happened yet on {self.as_of}")


def _unique(path: str, identifiers: tuple[str, ...]) -> frozenset[str]:
    seen: set[str] = set()
    for position, identifier in enumerate(identifiers):
        if identifier in seen:
            raise ScheduleError(f"{path}[{position}]", f"{identifier!r} appears more than once")
        seen.add(identifier)
    return frozenset(seen)


def _known(path: str, identifier: str | None, known: frozenset[str]) -> None:
    if identifier is not None and identifier not in known:
        raise ScheduleError(path, f"{identifier!r} is not the id of a procurement")


def _in_range(path: str, number: float, least: int, most: int) -> None:
    if not least <= number <= most:
        raise ScheduleError(path, f"must be from {least} to {most}, not {number!r}")


def _check_bidders(problem: ScheduleProblem, known: frozenset[str]) -> None:
    for n, pair in enumerate(problem.bidder_pairs):
        _known(f"bidder_pairs[{n}].first_id", pair.first_id, known)
        _known(f"bidder_pairs[{n}].second_id", pair.second_id, known)
        if pair.first_id == pair.second_id:
            raise ScheduleError(f"bidder_pairs[{n}]", "must join two procurements")
        _in_range(f"bidder_pairs[{n}].weight", pair.weight, 0, _MOST_WEIGHT)
    for n, wish in enumerate(problem.tenders_wishes):
        for k, identifier in enumerate(wish.procurement_ids):
            _known(f"tenders_wishes[{n}].procurement_ids[{k}]", identifier, known)
        _in_range(f"tenders_wishes[{n}].at_most", wish.at_most, 0, _MOST_DAYS)
    for n, limit in enumerate(problem.bidder_limits):
        for k, identifier in enumerate(limit.procurement_ids):
            _known(f"bidder_limits[{n}].procurement_ids[{k}]", identifier, known)
        if limit.tenders_open_at_most is not None:
            _in_range(f"bidder_limits[{n}].tenders_open_at_most", limit.tenders_open_at_most, 1, _MOST_DAYS)
        if limit.shortest_bid_days is not None:
            _in_range(f"bidder_limits[{n}].shortest_bid_days", limit.shortest_bid_days, 1, _MOST_DAYS)
        for k, dates in enumerate(limit.avoid):
            if dates.last < dates.first:
                raise ScheduleError(f"bidder_limits[{n}].avoid[{k}].last", "is before its first day")


def _check_stages(problem: ScheduleProblem, known: frozenset[str]) -> None:
    entries: dict[str, tuple[StageLength | Pin | Actual | EarlierStart, ...]] = {
        "stage_lengths": problem.stage_lengths,
        "pins": problem.pins,
        "actuals": problem.actuals,
        "earlier_starts": problem.earlier_starts,
    }
    for path, of_stages in entries.items():
        seen = set()
        for n, entry in enumerate(of_stages):
            _known(f"{path}[{n}].procurement_id", entry.procurement_id, known)
            if (key := (entry.procurement_id, entry.stage)) in seen:
                raise ScheduleError(f"{path}[{n}]", f"{entry.stage.value} is given twice for the same procurement")
            seen.add(key)


def _check_order(problem: ScheduleProblem, known: frozenset[str]) -> None:
    for n, order in enumerate(problem.precedences):
        _known(f"precedences[{n}].first_id", order.first_id, known)
        _known(f"precedences[{n}].second_id", order.second_id, known)
        if order.first_id == order.second_id:
            raise ScheduleError(f"precedences[{n}]", "must join two procurements")
        _in_range(f"precedences[{n}].lag_days", order.lag_days, 0, _MOST_DAYS)
    for n, identifier in enumerate(problem.fixed_start_ids):
        _known(f"fixed_start_ids[{n}]", identifier, known)
