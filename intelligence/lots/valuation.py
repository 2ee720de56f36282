"""What each lot is worth: contract value x expected saving from competition, less what managing the contract costs.

    value = contract value x (price effect x E[ln(bids); bids >= 1] - no-bid cost x P(no bid)) - management cost

The expectation is over the capacity model's number of credible bids, each lot by itself: limits that act across lots
(tenders at once, lots held, award limits) are left to the report on a whole structure. Within a scenario that number
is a sum of independent bids of unequal chance and a Poisson number of entrants; its distribution is built up bidder by
bidder, for blocks of lots and all scenarios at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import factorial

from intelligence.capacity.priors import Priors
from intelligence.capacity.willingness import LEVEL_PRIORS, ROLE_PRIORS
from intelligence.lots.assumptions import Assumptions
from intelligence.lots.design import LotDesign
from intelligence.lots.lot_interest import (
    LEVELS,
    ROLES,
    Codes,
    Flags,
    LotInterest,
    UnitMarket,
    lot_interest,
    unit_market,
)
from intelligence.lots.scenarios import SCENARIOS, Scenarios, draw_scenarios

MOST_BIDS = 12
"""More bids than this count as this many: beyond it, another bid hardly moves the logarithm."""

MOST_ENTRANTS = 4
LOTS_PER_BLOCK = 128
NOBODY_ALONE = -1

Floats: TypeAlias = npt.NDArray[np.float64]
Singles: TypeAlias = npt.NDArray[np.float32]
Rows: TypeAlias = npt.NDArray[np.int64]

LOG_BIDS = np.log(np.maximum(np.arange(MOST_BIDS + 1), 1)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Outlook:
    """By lot (row) and scenario (column): P(no bid), P(one bid), and the expected logarithm of the number of bids."""

    none: Singles
    one: Singles
    log_bids: Singles


@dataclass(frozen=True, slots=True)
class Valuer:
    """Values lots of one design, all under the same scenarios."""

    market: UnitMarket
    scenarios: Scenarios
    assumptions: Assumptions
    contract_years: float

    def interest(self, lots: Flags) -> LotInterest:
        """Every provider's interest in each lot (row of unit flags)."""
        shares = self.assumptions.coverage.value, self.assumptions.incumbent_share.value
        return lot_interest(self.market, lots, coverage=shares[0], incumbent_share=shares[1])

    def outlook(self, lots: Flags) -> Outlook:
        """The number of credible bids for each lot under each scenario."""
        blocks = [self._block(lots[start : start + LOTS_PER_BLOCK]) for start in range(0, len(lots), LOTS_PER_BLOCK)]
        return Outlook(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))

    def averages(self, lots: Flags) -> tuple[Floats, Floats, Floats]:
        """P(no bid), P(one bid) and the expected logarithm of the number of bids of each lot, over the scenarios."""
        found = np.empty((3, len(lots)))
        for start in range(0, len(lots), LOTS_PER_BLOCK):
            block = self._block(lots[start : start + LOTS_PER_BLOCK])
            found[:, start : start + LOTS_PER_BLOCK] = [part.mean(axis=1, dtype=np.float64) for part in block]
        return found[0], found[1], found[2]

    def same_bids(self, other: Valuer) -> bool:
        """Do both expect the same bids, so that they differ at most in what bids are worth?"""
        mine, others = (known.assumptions for known in (self, other))
        return (mine.coverage, mine.incumbent_share) == (others.coverage, others.incumbent_share)

    def worth(self, lots: Flags, none: Floats, log_bids: Floats) -> Floats:
        """Pounds over the contract. `none` and `log_bids` have a row for each lot."""
        assumed = self.assumptions
        contract = lots @ self.market.values * self.contract_years
        gain = assumed.price_effect.value * log_bids - assumed.no_bid_cost.value * none
        found: Floats = (contract * gain.T).T - assumed.management_cost.value * self.contract_years
        return found

    def values(self, lots: Flags) -> Floats:
        """The worth of each lot, in pounds over the contract."""
        none, _, log_bids = self.averages(lots)
        return self.worth(lots, none, log_bids)

    def bid_chances(self, lots: Flags) -> Floats:
        """The chance that each provider (column) makes a credible bid for each lot (row); partners each count."""
        found = np.zeros((len(lots), len(self.market.providers)))
        for column, wanted, chances in self._chances(self.interest(lots)):
            found[wanted, column] = chances.mean(axis=1, dtype=np.float64)
        return found

    def only_bidders(self, lots: Flags) -> Rows:
        """The column of the only provider interested in each lot, or `NOBODY_ALONE`."""
        found = np.full(len(lots), NOBODY_ALONE)
        for start in range(0, len(lots), LOTS_PER_BLOCK):
            wanted = self.interest(lots[start : start + LOTS_PER_BLOCK]).level > 0
            alone = np.flatnonzero(wanted.sum(axis=1) == 1)
            if len(alone):
                found[start + alone] = wanted[alone].argmax(axis=1)
        return found

    def expected_bidders(self) -> float:
        """How many bidders to expect for the programme: each by the unit it is likeliest to bid for, alone in a lot, a
        consortium once, and the entrants from outside that one lot would draw."""
        units = np.eye(len(self.market.values), dtype=np.bool_)
        chances = self.bid_chances(units).max(axis=0, initial=0.0)
        consortia = self.market.consortium.max(axis=0, initial=0)
        alone = float(chances[consortia == 0].sum())
        joint = sum(float(chances[consortia == number].max()) for number in np.unique(consortia) if number)
        return alone + joint + float(self.scenarios.entrants.mean())

    def _block(self, lots: Flags) -> tuple[Singles, Singles, Singles]:
        """No bid, one bid and the expected logarithm for a block of lots: three arrays, lots by scenarios."""
        bids = np.zeros((MOST_BIDS + 1, len(lots), len(self.scenarios.entrants)), np.float32)
        bids[: MOST_ENTRANTS + 1] = _entrants(self.scenarios.entrants)[:, None]
        most = MOST_ENTRANTS
        for wanted, chance in self._bidders(self.interest(lots)):
            most = min(most + 1, MOST_BIDS)
            _add_bidder(bids, wanted, chance, most)
        log_bids = np.zeros_like(bids[0])
        for number in range(2, MOST_BIDS + 1):  # not a matrix product: its rounding would depend on the block's size
            log_bids += LOG_BIDS[number] * bids[number]
        return bids[0], bids[1], log_bids

    def _bidders(self, interest: LotInterest) -> Iterator[tuple[Rows, Singles]]:
        """Each possible bidder: the lots that it wants, and its chance of a credible bid for each, by scenario.
        Consortium partners share their luck, so that their bid is as likely as the most willing partner's."""
        joint: dict[int, Singles] = {}
        for column, wanted, chance in self._chances(interest):
            numbers = interest.consortium[wanted, column]
            for number in np.unique(numbers[numbers > 0]).tolist():
                partner = np.zeros((len(interest.level), chance.shape[1]), np.float32)
                partner[wanted[numbers == number]] = chance[numbers == number]
                joint[number] = np.maximum(joint[number], partner) if number in joint else partner
            alone = numbers == 0
            if alone.any():
                yield wanted[alone], chance[alone]
        yield from ((np.arange(len(chance)), chance) for chance in joint.values())

    def _chances(self, interest: LotInterest) -> Iterator[tuple[int, Rows, Singles]]:
        """Each provider that is interested in any of the lots: its column, the lots that it wants, and its chance of a
        credible bid for each of them by scenario. Most lots differ for a provider in a few codes only, so these are
        worked out once each."""
        too_large = self.scenarios.coefficients["too_large"]
        for column, wanted in _wanted(interest.level):
            codes = (part[wanted, column] for part in (interest.level, interest.role, interest.incumbent))
            kinds, kind_of = np.unique(
                np.column_stack([*codes, interest.doublings[wanted, column]]), axis=0, return_inverse=True
            )
            odds = np.empty((len(kinds), len(too_large)))
            for row, (level, role, incumbent, doublings) in enumerate(kinds.tolist()):
                effects = self._effects(int(level), int(role), bool(incumbent))
                odds[row] = np.exp(self.scenarios.own[column] + effects + doublings * too_large)
            chance = (odds / (1 + odds) * self.scenarios.credible[column]).astype(np.float32)
            yield column, wanted, chance[kind_of.reshape(-1)]

    def _effects(self, level: int, role: int, incumbent: bool) -> Floats:
        """What level, role and incumbency add to the log-odds, by scenario."""
        coefficients = self.scenarios.coefficients
        named = LEVELS[level]
        assert named is not None  # noqa: S101  # code 0, no interest, is never asked for
        total = coefficients[LEVEL_PRIORS[named]]
        role_prior = ROLE_PRIORS[ROLES[role]]
        if role_prior is not None:
            total = total + coefficients[role_prior]
        return total + coefficients["incumbent"] if incumbent else total


def valuer_of(design: LotDesign, priors: Priors, *, seed: int, scenarios: int = SCENARIOS) -> Valuer:
    """Prepare to value lots of this design."""
    market = unit_market(design, priors)
    drawn = draw_scenarios(market.providers, priors, seed=seed, count=scenarios)
    return Valuer(market, drawn, design.assumptions, design.contract_years)


def _wanted(level: Codes) -> Iterator[tuple[int, Rows]]:
    """Each column in which any level is above none, with the rows where it is."""
    columns, rows = np.nonzero(level.T)
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    return zip(columns[starts].tolist(), np.split(rows, starts)[1:], strict=True)


def _add_bidder(bids: Singles, wanted: Rows, chance: Singles, most: int) -> None:
    """Add one possible bid for the lots that it wants, in place. `bids[n]` is the chance of n bids so far, none above
    `most`."""
    so_far = bids[: most + 1, wanted]
    moving = so_far[:most] * chance
    so_far[:most] -= moving
    so_far[1:] += moving
    bids[: most + 1, wanted] = so_far


def _entrants(rate: Floats) -> Floats:
    """The chance of each number of entrants (row) by scenario; the last row is that number or more."""
    counts = np.arange(MOST_ENTRANTS)[:, None]
    shares = np.exp(-rate) * rate**counts / factorial(counts)
    return np.vstack([shares, 1 - shares.sum(axis=0)])
