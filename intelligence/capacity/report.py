"""The market capacity report: plain frozen values, stored as they are and shown as they are.

Probabilities lie between 0 and 1. Fields that end in `_error` are Monte-Carlo standard errors: how far the figure
would move if the run were repeated with another seed. They say nothing about whether the assumptions hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from intelligence.capacity.priors import Prior
from intelligence.market import BiddingRole, InterestLevel

WINNERS_DRAWS = 300
"""In so many draws, the first, each lot is given to a winner."""


@dataclass(frozen=True, slots=True)
class InterestCount:
    """How many providers declared this level of interest in this role."""

    level: InterestLevel
    role: BiddingRole
    providers: int


@dataclass(frozen=True, slots=True)
class WteEstimate:
    """Whole-time equivalents: the mean over all draws, and the ends of the report's central interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StaffCapacity:
    """The staff that credible bidders declared for one lot, at one time, against what the lot needs.

    `pooled` adds up all credible bidders; `best_offer` is the largest single bid, a consortium counting as one; both
    count a draw without a bid as no staff. One contract goes to one bidder, so `p_one_bidder_meets_demand`, the chance
    of a credible bid with enough staff, is the chance that matters; the pool shows what subcontracting could reach.
    Both chances are `None` where the lot's demand is unknown. `silent` counts the possible bidders that declared no
    staff: they add nothing here, so the figures are then lower bounds.

    `p_offered` is the chance of a credible bid that comes with declared staff, and `best_if_offered` the largest single
    one in the draws that have any: what there is to expect *if* somebody bids, apart from whether anybody does. `None`
    in reports stored before it was computed, and `best_if_offered` also where no draw has such a bid.
    """

    pooled: WteEstimate
    best_offer: WteEstimate
    p_pool_meets_demand: float | None
    p_one_bidder_meets_demand: float | None
    silent: int
    p_offered: float | None = None
    best_if_offered: WteEstimate | None = None

    @property
    def p_enough_if_offered(self) -> float | None:
        """The chance that the best bid has enough staff, if a bid comes with any declared; `None` where not known."""
        if not self.p_offered or self.p_one_bidder_meets_demand is None:
            return None
        return self.p_one_bidder_meets_demand / self.p_offered


@dataclass(frozen=True, slots=True)
class IncumbentIntent:
    """What a present supplier of the lot declared (`None`: nothing), and its chance of a credible bid."""

    provider_id: str
    level: InterestLevel | None
    role: BiddingRole | None
    p_credible_bid: float


@dataclass(frozen=True, slots=True)
class ProviderLeaving:
    """The lot's chance of no credible bid if this provider did not take part."""

    provider_id: str
    p_none_without: float


@dataclass(frozen=True, slots=True)
class LotCapacity:
    """The forecast for one lot.

    `distribution[k]` is the probability of exactly k credible bids and sums to one; `bids_low` and `bids_high` hold at
    least the report's `interval` of it. `concentration` is the Herfindahl-Hirschman index (HHI, 0 to 1) of the
    chances of winning, each credible bidder being as likely as another to win; `None` when nobody ever bids.
    `p_awardable` is the chance that the lot finds a provider once all lots compete for the same limited providers.
    `most_needed` is the provider whose leaving raises the chance of no bid the most.
    """

    lot_id: str
    interest: tuple[InterestCount, ...]
    expected_bids: float
    expected_bids_error: float
    bids_low: int
    bids_high: int
    distribution: tuple[float, ...]
    p_none: float
    p_none_error: float
    p_one: float
    p_two_or_more: float
    p_three_or_more: float
    demand_wte: float | None
    staff_at_start: StaffCapacity | None
    staff_month_6: StaffCapacity | None
    incumbents: tuple[IncumbentIntent, ...]
    concentration: float | None
    p_awardable: float
    most_needed: ProviderLeaving | None


@dataclass(frozen=True, slots=True)
class LotWithout:
    """One lot's chance of no credible bid, with a provider and without it."""

    lot_id: str
    p_none: float
    p_none_without: float


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A provider on which the market hangs. `lots` are those it might bid for, most affected first.

    `p_over_limits` is the chance that it wants more than it declared it can do: bids in more tenders at once, or, with
    its credible bids, might be awarded more lots than it could hold or start together. `extra_lots_without_bid` is the
    expected number of lots that would lose their only credible bid if it left, and `p_all_awardable_without` the chance
    that every lot could still be awarded.
    """

    provider_id: str
    lots: tuple[LotWithout, ...]
    p_over_limits: float
    extra_lots_without_bid: float
    p_all_awardable_without: float


@dataclass(frozen=True, slots=True)
class PoolOverlap:
    """How far two lots share their possible bidders: `jaccard` is those in both over those in either."""

    first_lot_id: str
    second_lot_id: str
    shared_providers: int
    jaccard: float


@dataclass(frozen=True, slots=True)
class Awards:
    """All lots together, each provider holding no more than it declared it can; `draws` is the number of matchings."""

    p_all_awardable: float
    p_all_awardable_error: float
    expected_awardable: float
    expected_awardable_error: float
    draws: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What past lots did to one assumption: its mean before, and its mean and standard deviation after."""

    name: str
    before: float
    after: float
    after_deviation: float


@dataclass(frozen=True, slots=True)
class LotDrivers:
    """On whom one lot hangs: up to five providers and its chance of no credible bid without each, worst first."""

    lot_id: str
    p_none: float
    without: tuple[ProviderLeaving, ...]


@dataclass(frozen=True, slots=True)
class Wins:
    """In the draws in which a provider wins exactly so many `lots`: their share of all draws, its share of the
    programme's value, and the Herfindahl-Hirschman index of all winners' shares."""

    lots: int
    chance: float
    value_share: float
    concentration: float


@dataclass(frozen=True, slots=True)
class ProviderWins:
    """What one provider may win, if each lot goes to one of its credible bidders by lot and within their limits.

    Where the value of any lot is unknown or nothing, `values_known` is false and all lots count the same in its shares.
    """

    provider_id: str
    expected_lots: float
    expected_value_share: float
    wins: tuple[Wins, ...]
    values_known: bool = True


@dataclass(frozen=True, slots=True)
class SilentProvider:
    """A known provider that declared no interest in any lot, not even *no*: what it holds and what it did before."""

    provider_id: str
    incumbent_of: tuple[str, ...]
    past_interests: int
    past_bids: int


@dataclass(frozen=True, slots=True)
class MarketCover:
    """How much of the known market was heard. `silent` has the present suppliers first, then those who bid most."""

    known: int
    heard: int
    silent: tuple[SilentProvider, ...]


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """How many credible bids each lot would draw, and whether the market can take all lots at once.

    `prior_driven` is true below ten past lots with known outcomes: the figures then rest on `priors`, most of them
    assumed. `learned` lists what the past lots changed. The same market, seed, draws and priors give the same bytes.
    Reports stored before `drivers`, `concentration` and `cover` were computed have none.
    """

    lots: tuple[LotCapacity, ...]
    awards: Awards
    bottlenecks: tuple[Bottleneck, ...]
    overlaps: tuple[PoolOverlap, ...]
    priors: tuple[Prior, ...]
    learned: tuple[Learned, ...]
    past_lots: int
    prior_driven: bool
    warnings: tuple[str, ...]
    seed: int
    draws: int
    interval: float = 0.8
    drivers: tuple[LotDrivers, ...] = ()
    concentration: tuple[ProviderWins, ...] = ()
    cover: MarketCover | None = None
