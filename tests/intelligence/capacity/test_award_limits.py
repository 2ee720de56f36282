"""A procurement's limits on the lots that one supplier may bid for and be awarded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.report import CapacityReport
from intelligence.market import Market, MarketError, Procurement, Route
from tests.intelligence.capacity.markets import certain_priors, eoi, market_of
from tests.intelligence.capacity.test_properties import LOTS, estimate, markets

TENDER = Procurement("T", "Tender", Route.PSR_COMPETITIVE, ("L0", "L1", "L2"), date(2027, 4, 1))


def limited(market: Market, *, bid: int | None = None, awarded: int | None = None) -> Market:
    lots = tuple(lot.id for lot in market.lots)
    rule = replace(TENDER, lot_ids=lots, most_lots_bid=bid, most_lots_awarded=awarded)
    return replace(market, procurements=(rule,))


def certain(market: Market) -> CapacityReport:
    """Everybody who would bid does, and nobody else."""
    return estimate_capacity(market, seed=1, draws=200, priors=certain_priors())


def test_two_suppliers_of_one_award_each_cannot_be_awarded_three_lots() -> None:
    market = market_of([eoi(provider, lot) for provider in range(2) for lot in range(3)], lots=3)
    free, tight = certain(limited(market)).awards, certain(limited(market, awarded=1)).awards
    assert (free.p_all_awardable, free.expected_awardable) == (1, pytest.approx(3))
    assert (tight.p_all_awardable, tight.expected_awardable) == (0, pytest.approx(2))
    assert certain(limited(market, awarded=2)).awards.p_all_awardable == 1


def test_an_award_limit_takes_no_bid_and_spreads_the_wins() -> None:
    market = market_of([eoi(0, lot) for lot in range(3)] + [eoi(1, 0)], lots=3)
    free, tight = certain(limited(market)), certain(limited(market, awarded=1))
    assert [lot.distribution for lot in tight.lots] == [lot.distribution for lot in free.lots]
    most = {found.provider_id: max(wins.lots for wins in found.wins) for found in tight.concentration}
    assert most == {"P0": 1, "P1": 1}
    assert max(wins.lots for wins in free.concentration[0].wins) == 3


def test_a_limit_on_bids_takes_competition_away() -> None:
    market = market_of([eoi(provider, lot) for provider in range(2) for lot in range(3)], lots=3)
    report = certain(limited(market, bid=1))
    assert sum(lot.expected_bids for lot in report.lots) == pytest.approx(2)
    assert report.bottlenecks == () or all(found.p_over_limits == 0 for found in report.bottlenecks)


def test_the_officer_s_rule_on_bids_puts_no_provider_over_its_own_limits() -> None:
    """Two providers hang on the market with two lots each; a rule that lets each bid for one strains neither."""
    market = market_of(
        [eoi(provider, lot) for provider in range(2) for lot in range(2 * provider, 2 * provider + 2)], lots=4
    )
    ruled = replace(market, providers=tuple(replace(one, bids_at_most=1) for one in market.providers))
    report = certain(ruled)
    assert sum(lot.expected_bids for lot in report.lots) == pytest.approx(2)
    assert report.bottlenecks
    assert all(found.p_over_limits == 0 for found in report.bottlenecks)


def strain(market: Market) -> float:
    return max((found.p_over_limits for found in certain(market).bottlenecks), default=0.0)


def test_a_limit_on_awards_binds_what_is_won_and_puts_nobody_over_what_it_can_hold() -> None:
    """A provider that bids for three lots might win all three: more than it can hold, unless a rule forbids it."""
    market = market_of([eoi(0, lot) for lot in range(3)], lots=3)
    (said,) = market.providers
    able, unable = (replace(market, providers=(replace(said, held_at_most=held),)) for held in (3, 2))
    assert (strain(limited(able)), strain(limited(unable))) == (0, 1)
    assert strain(limited(able, awarded=1)) == strain(limited(unable, awarded=1)) == 0
    for held in (able, unable):
        ruled = replace(held, providers=tuple(replace(one, awards_at_most=1) for one in held.providers))
        report = certain(limited(ruled))
        assert strain(limited(ruled)) == 0
        assert report.awards.expected_awardable == pytest.approx(1)
        assert [lot.distribution for lot in report.lots] == [lot.distribution for lot in certain(limited(held)).lots]
        assert max(wins.lots for wins in report.concentration[0].wins) == 1


def test_starting_together_is_a_strain_only_for_what_can_be_won_of_each_tender() -> None:
    market = market_of([eoi(0, lot) for lot in range(4)], lots=4)
    ready = replace(market, providers=tuple(replace(one, startable_together=2) for one in market.providers))
    halves = [replace(TENDER, id=name, lot_ids=lots) for name, lots in (("T", ("L0", "L1")), ("U", ("L2", "L3")))]
    assert strain(replace(ready, procurements=tuple(halves))) == 1
    assert strain(replace(ready, procurements=tuple(replace(one, most_lots_awarded=1) for one in halves))) == 0


def test_limits_hold_in_their_own_procurement_alone() -> None:
    market = market_of([eoi(0, lot) for lot in range(4)], lots=4)
    first = replace(TENDER, lot_ids=("L0", "L1"), most_lots_bid=1, most_lots_awarded=1)
    second = replace(TENDER, id="U", lot_ids=("L2", "L3"))
    report = certain(replace(market, procurements=(first, second)))
    assert sum(lot.expected_bids for lot in report.lots[:2]) == pytest.approx(1)
    assert [lot.expected_bids for lot in report.lots[2:]] == pytest.approx([1, 1])
    assert report.awards.expected_awardable == pytest.approx(3)


@settings(max_examples=25, deadline=None)
@given(markets(), st.integers(1, LOTS))
def test_a_tighter_award_limit_never_raises_the_chance_that_all_are_awarded(market: Market, limit: int) -> None:
    free, tight = estimate(limited(market)), estimate(limited(market, awarded=limit))
    assert tight.awards.p_all_awardable <= free.awards.p_all_awardable
    assert all(wins.lots <= limit for found in tight.concentration for wins in found.wins)
    assert limit < LOTS or tight.awards == free.awards


@settings(max_examples=25, deadline=None)
@given(markets(), st.integers(0, LOTS))
def test_a_limit_on_bids_never_adds_any(market: Market, limit: int) -> None:
    free, tight = estimate(limited(market)), estimate(limited(market, bid=limit))
    assert sum(lot.expected_bids for lot in tight.lots) <= sum(lot.expected_bids for lot in free.lots) + 1e-9
    if limit == LOTS:
        assert tight.lots == free.lots


def test_a_limit_below_nothing_is_refused() -> None:
    with pytest.raises(MarketError, match="most_lots_awarded"):
        limited(market_of([eoi(0)]), awarded=-1)


@pytest.mark.parametrize("limit", ["held_at_most", "startable_together", "awards_at_most", "bids_at_most"])
def test_a_limit_beyond_all_counting_is_none(limit: str) -> None:
    market = limited(market_of([eoi(0, lot) for lot in range(3)], lots=3))
    known = tuple(replace(one, held_at_most=2) for one in market.providers)
    vast = tuple(replace(one, **{limit: 10**12}) for one in known)
    free = replace(market, providers=tuple(replace(one, **{limit: None}) for one in known))
    one, other = certain(replace(market, providers=vast)), certain(free)
    assert (one.lots, one.awards, one.concentration) == (other.lots, other.awards, other.concentration)
    rule = replace(market.procurements[0], most_lots_bid=10**12, most_lots_awarded=10**12)
    assert certain(replace(market, procurements=(rule,))) == certain(market)
