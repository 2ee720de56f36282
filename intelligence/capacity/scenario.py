"""What would change the answer: questions to a capacity forecast, and plain frozen answers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from intelligence.capacity.priors import PriorKind
from intelligence.market import InputError


class ScenarioError(InputError):
    """A scenario asks for what cannot be; `path` names the field."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Other terms than those that providers were asked about, for some lots (`lot_ids`; none named: all).

    `value_factor` multiplies the annual value, `term_years_added` lengthens the contract, `start_later_days` adds
    working days between award and start; `award_limit` is the most lots that one provider may win.

    Raises:
        ScenarioError: a number is out of range.

    >>> Scenario("twice the money", value_factor=20)
    Traceback (most recent call last):
    intelligence.capacity.scenario.ScenarioError: value_factor: must be from 0.1 to 10
    """

    title: str
    lot_ids: tuple[str, ...] = ()
    value_factor: float = 1.0
    term_years_added: float = 0.0
    start_later_days: int = 0
    award_limit: int | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.value_factor) and 0.1 <= self.value_factor <= 10):
            raise ScenarioError("value_factor", "must be from 0.1 to 10")
        if not -20 <= self.term_years_added <= 20:
            raise ScenarioError("term_years_added", "must be from -20 to 20")
        if not -1_000 <= self.start_later_days <= 1_000:
            raise ScenarioError("start_later_days", "must be from -1000 to 1000")
        if self.award_limit is not None and self.award_limit < 1:
            raise ScenarioError("award_limit", "must be at least 1")


@dataclass(frozen=True, slots=True)
class LotOutlook:
    """The figures of a lot that a scenario can move."""

    p_none: float
    p_one: float
    expected_bids: float
    p_awardable: float


@dataclass(frozen=True, slots=True)
class LotChange:
    """One lot before and after. Both rest on the same draws, so the difference has a standard error of its own, far
    smaller than those of the two figures: `p_none_change_error`."""

    lot_id: str
    before: LotOutlook
    after: LotOutlook
    p_none_change_error: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A scenario's answer. `redrawn_providers` of `providers` were drawn anew; nothing changed for the others."""

    scenario: Scenario
    lots: tuple[LotChange, ...]
    p_all_awardable_before: float
    p_all_awardable_after: float
    expected_awardable_before: float
    expected_awardable_after: float
    redrawn_providers: int
    providers: int
    warnings: tuple[str, ...]
    seed: int
    draws: int


@dataclass(frozen=True, slots=True)
class AssumptionSwing:
    """One assumption at the ends of its own 80% range, all others as they were.

    `without_bid_low` and `without_bid_high` are the expected numbers of lots without a credible bid when it is at
    `low` and at `high`. `most_moved_lot` is the lot whose chance of no bid moves the most, from `p_none_low` to
    `p_none_high`.
    """

    name: str
    kind: PriorKind
    low: float
    high: float
    without_bid_low: float
    without_bid_high: float
    most_moved_lot: str
    p_none_low: float
    p_none_high: float


@dataclass(frozen=True, slots=True)
class Tornado:
    """What each uncertain assumption does to the expected number of lots without a credible bid, widest swing first."""

    without_bid: float
    swings: tuple[AssumptionSwing, ...]
    seed: int
    draws: int


@dataclass(frozen=True, slots=True)
class TenderOutlook:
    """The lots of one tender under some limits on one supplier.

    `bids_per_lot` are credible bids; `lots_without_bid` and `lots_with_one_bid` are expected numbers of lots. All lots
    of the programme compete for the same providers: `p_all_awardable` is the chance that every lot of the tender finds
    one, `expected_awardable` how many do, and `p_programme` the chance that every lot of the programme does. `winners`
    is the expected number of different firms among the tender's winners, each lot going to one of its credible bidders
    by lot, nobody above its limits.
    """

    bids_per_lot: float
    lots_without_bid: float
    lots_with_one_bid: float
    p_all_awardable: float
    expected_awardable: float
    winners: float
    p_programme: float


@dataclass(frozen=True, slots=True)
class LimitEffect:
    """One tender without limits on one supplier and with them, all others as they are.

    The limits are the tender's own (`as_set`), or, where it has none, that one supplier wins one lot: the tightest it
    could set. Both outlooks rest on the same draws, so their differences have standard errors of their own, the
    `_error`s.
    """

    procurement_id: str
    title: str
    lots: int
    most_lots_bid: int | None
    most_lots_awarded: int | None
    as_set: bool
    without: TenderOutlook
    within: TenderOutlook
    p_all_change_error: float
    lots_without_bid_change_error: float


@dataclass(frozen=True, slots=True)
class LimitEffects:
    """Every tender of two lots or more, in the order of the market. `draws` are those of the bids; awards are matched
    in the first `matched` of them."""

    tenders: tuple[LimitEffect, ...]
    seed: int
    draws: int
    matched: int
