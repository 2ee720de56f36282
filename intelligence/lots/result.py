"""What lot design returns: plain frozen values, stored as they are and shown as they are.

Money is in pounds over the whole contract unless a name says *annual*. A *saving* is what the assumed price effect
makes of the expected number of bids: a way to compare structures, not a forecast of prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from intelligence.capacity.priors import Prior
from intelligence.capacity.report import Awards, LotCapacity
from intelligence.lots.design import LotDesign, Structure, StructureLot


@dataclass(frozen=True, slots=True)
class Worth:
    """`value` is `saving` less `no_bid_cost` less `management_cost`."""

    value: float
    saving: float
    no_bid_cost: float
    management_cost: float


@dataclass(frozen=True, slots=True)
class LotReport:
    """One lot. `capacity` is its forecast with all lots competing for the same providers, under their own limits and
    the award limits. `worth` takes the lot by itself. `sme_sized` is `None` where the rules do not say what that is;
    `sme_interested` and `expected_sme_bids` count interested micro, small and medium providers and their bids."""

    title: str
    unit_ids: tuple[str, ...]
    annual_value: float
    worth: Worth
    capacity: LotCapacity
    sme_sized: bool | None
    sme_interested: int
    expected_sme_bids: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """The shares of the programme, from 0 to 1, expected in lots that draw so many bids: unlike a number of lots, they
    can be compared between few large lots and many small ones. `demand` is that of the lots whose need of staff is
    known; `None` where none is."""

    units: float
    annual_value: float
    demand: float | None


@dataclass(frozen=True, slots=True)
class StructureReport:
    """One way to cut the programme into lots.

    `worth` adds up the lots, each by itself: what the optimiser compares. `value_together` is the same sum from the
    joint forecast, in which limits on bids and awards bind and a lot that nobody can take counts as one without a bid;
    `value_together_error` is its Monte-Carlo standard error, lots taken as independent. `lots_without_bid` and
    `lots_with_one_bid` are expected numbers from the joint forecast. `expected_bidders` and `incumbents` are those of
    the programme. `broken_rules` are sentences.
    """

    name: str
    lots: tuple[LotReport, ...]
    worth: Worth
    value_together: float
    value_together_error: float
    awards: Awards
    lots_without_bid: float
    lots_with_one_bid: float
    sme_lots: int | None
    expected_bidders: float
    incumbents: int
    broken_rules: tuple[str, ...]

    def without_bid(self) -> Exposure:
        """What is expected in lots that draw no bid, by the joint forecast."""
        return self._exposure([lot.capacity.p_none for lot in self.lots])

    def with_one_bid(self) -> Exposure:
        """What is expected in lots that draw a single bid, by the joint forecast."""
        return self._exposure([lot.capacity.p_one for lot in self.lots])

    def _exposure(self, chances: Sequence[float]) -> Exposure:
        needs = [lot.capacity.demand_wte or 0.0 for lot in self.lots]
        return Exposure(
            units=_expected_share([len(lot.unit_ids) for lot in self.lots], chances),
            annual_value=_expected_share([lot.annual_value for lot in self.lots], chances),
            demand=_expected_share(needs, chances) if any(needs) else None,
        )

    def structure(self) -> Structure:
        """The structure that this is about, to change it or compare it with another."""
        return Structure(self.name, tuple(StructureLot(lot.unit_ids, lot.title) for lot in self.lots))


def _expected_share(sizes: Sequence[float], chances: Sequence[float]) -> float:
    return sum(size * chance for size, chance in zip(sizes, chances, strict=True)) / sum(sizes)


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What one rule costs: by how much the best structure would be worth more without it, all other rules kept."""

    key: str
    sentence: str
    price: float
    lots_without: tuple[StructureLot, ...]
    proved: bool


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The best structure under another value of one assumption. `regret` is by how much the recommended structure
    would then fall short of it; 0 means that it stays the best."""

    assumption: str
    value: float
    regret: float
    lots: tuple[StructureLot, ...]


class DesignStatus(StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class LotDesignResult:
    """The best structure by the rules, what comes next, and what each rule costs.

    `status` is *optimal* when no other structure of the `candidates` lots is worth more, *feasible* when the time ran
    out before that was proved (none is worth more than `bound`), *infeasible* when no structure keeps the rules:
    `conflict` then holds a smallest set of rules that cannot all be kept, such that dropping any one of them would do;
    *undecided* when the time ran out before a structure was found. Where not `all_lots_considered`, both proofs are
    about the lots considered; a warning says which. `alternatives` are the next best structures in order; `baselines`
    the four usual ones; `drafts` the officer's own.
    """

    design: LotDesign
    status: DesignStatus
    best: StructureReport | None
    bound: float | None
    alternatives: tuple[StructureReport, ...]
    baselines: tuple[StructureReport, ...]
    drafts: tuple[StructureReport, ...]
    rule_prices: tuple[RulePrice, ...]
    sensitivities: tuple[Sensitivity, ...]
    conflict: tuple[str, ...]
    candidates: int
    all_lots_considered: bool
    priors: tuple[Prior, ...]
    warnings: tuple[str, ...]
    seed: int
    draws: int


class Hindrance(StrEnum):
    """Why a provider is less likely to bid for a lot, or does not."""

    COVERS_TOO_LITTLE = "covers_too_little"
    WANTS_MOST_OF_IT_LESS = "wants_most_of_it_less"
    NEEDS_PARTNERS = "needs_partners"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    BREAKS_PACKAGE = "breaks_package"


@dataclass(frozen=True, slots=True)
class ProviderChange:
    """One provider's expected credible bids for the lots concerned, before and after, and what hinders it there."""

    provider_id: str
    bids_before: float
    bids_after: float
    hindrances_before: tuple[Hindrance, ...]
    hindrances_after: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Lots that share units before and after. Probabilities add up over the lots; `providers` are those whose bids
    change, the largest change first."""

    before: tuple[StructureLot, ...]
    after: tuple[StructureLot, ...]
    worth_before: Worth
    worth_after: Worth
    lots_without_bid_before: float
    lots_without_bid_after: float
    lots_with_one_bid_before: float
    lots_with_one_bid_after: float
    providers: tuple[ProviderChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one structure to another. Every lot is seen under the same scenarios (common random numbers), so that
    `difference_error`, the Monte-Carlo standard error, is far below that of the two values. Lots in both structures
    are left out of `changes`: they change nothing. Each lot is taken by itself."""

    before: str
    after: str
    difference: float
    difference_error: float
    changes: tuple[Change, ...]
    newly_broken_rules: tuple[str, ...]
    mended_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AwardLimitEffect:
    """One pair of limits (`None`: no limit) on the same structure. `lots_with_few_bids` is the expected number of lots
    with fewer than two credible bids, `most_exposed` the lot with the least chance to be awarded."""

    lots_bid_for: int | None
    lots_awarded: int | None
    bids_per_lot: float
    lots_with_few_bids: float
    p_all_awardable: float
    p_all_awardable_error: float
    expected_awardable: float
    most_exposed: str
    most_exposed_p_awardable: float
    value_together: float
