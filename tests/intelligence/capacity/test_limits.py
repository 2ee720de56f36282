"""What a tender's limits on one supplier do: its lots with them and without, on the same draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.limits import weigh_limits
from intelligence.capacity.scenario import LimitEffect, LimitEffects
from intelligence.files import from_json, to_json
from intelligence.market import Interest, InterestLevel, Market, Procurement, Route
from tests.intelligence.capacity.markets import certain_priors, eoi, market_of

FIRST = Procurement("T", "First", Route.PSR_COMPETITIVE, ("L0", "L1", "L2"), date(2027, 4, 1))
SECOND = replace(FIRST, id="U", title="Second", lot_ids=("L3", "L4"), service_start=date(2027, 10, 1))


def tendered(interests: list[Interest], *procurements: Procurement) -> Market:
    return replace(market_of(interests, lots=5), procurements=procurements)


def certain(market: Market) -> tuple[LimitEffect, ...]:
    """Everybody who would bid does, and nobody else."""
    return weigh_limits(market, seed=1, draws=200, priors=certain_priors()).tenders


def test_a_limit_on_awards_spreads_the_wins_and_leaves_bids_alone() -> None:
    everything = [eoi(provider, lot) for provider in range(2) for lot in range(3)]
    (effect,) = certain(tendered(everything, replace(FIRST, most_lots_awarded=1)))
    assert effect.as_set
    assert (effect.without.bids_per_lot, effect.within.bids_per_lot) == (2, 2)
    assert (effect.without.p_all_awardable, effect.within.p_all_awardable) == (1, 0)
    assert (effect.without.expected_awardable, effect.within.expected_awardable) == (3, 2)
    assert effect.within.winners == 2 > effect.without.winners
    assert (effect.p_all_change_error, effect.lots_without_bid_change_error) == (0, 0)


def test_a_limit_on_bids_takes_them_away() -> None:
    everything = [eoi(provider, lot) for provider in range(2) for lot in range(3)]
    (effect,) = certain(tendered(everything, replace(FIRST, most_lots_bid=1)))
    assert (effect.without.bids_per_lot, effect.within.bids_per_lot) == (2, pytest.approx(2 / 3))
    assert effect.without.lots_without_bid == 0
    assert 1 <= effect.within.lots_without_bid <= 2  # one lot each: the same one or two
    assert effect.within.p_all_awardable == 0


def test_where_no_limit_is_set_the_tightest_is_tried_and_called_so() -> None:
    (effect,) = certain(tendered([eoi(0, lot) for lot in range(3)], FIRST))
    assert (effect.as_set, effect.most_lots_bid, effect.most_lots_awarded) == (False, None, 1)
    assert (effect.without.p_all_awardable, effect.within.p_all_awardable) == (1, 0)


def test_each_limit_is_lifted_by_itself_and_a_tender_of_one_lot_has_none_to_weigh() -> None:
    everything = [eoi(0, lot) for lot in range(5)]
    single = replace(SECOND, id="V", lot_ids=("L4",))
    pair = [replace(FIRST, most_lots_awarded=1), replace(SECOND, lot_ids=("L3",))]
    (effect,) = certain(tendered(everything, *pair, single))
    assert effect.procurement_id == "T"
    both = [replace(FIRST, most_lots_awarded=1), replace(SECOND, most_lots_awarded=1)]
    first, second = certain(tendered(everything, *both))
    assert (first.without.p_all_awardable, first.within.p_all_awardable) == (1, 0)
    assert second.without.p_all_awardable == 1
    assert first.without.p_programme == second.without.p_programme == 0  # the other one still limits
    assert certain(tendered(everything)) == ()


def test_with_its_limits_as_set_the_figures_are_the_report_s_own() -> None:
    interests = [eoi(provider, lot, InterestLevel.LIKELY) for provider in range(4) for lot in range(5)]
    market = tendered(interests, replace(FIRST, most_lots_bid=2, most_lots_awarded=1), SECOND)
    report = estimate_capacity(market, seed=3, draws=2_000)
    found = weigh_limits(market, seed=3, draws=2_000)
    limited, free = found.tenders
    assert limited.within.p_programme == free.without.p_programme == report.awards.p_all_awardable
    assert limited.within.bids_per_lot == pytest.approx(sum(lot.expected_bids for lot in report.lots[:3]) / 3)
    assert limited.within.lots_without_bid == pytest.approx(sum(lot.p_none for lot in report.lots[:3]))
    assert limited.within.expected_awardable == pytest.approx(sum(lot.p_awardable for lot in report.lots[:3]))
    assert limited.without.bids_per_lot > limited.within.bids_per_lot
    assert free.within.p_all_awardable <= free.without.p_all_awardable
    assert 0 < limited.lots_without_bid_change_error < 0.1
    assert from_json(LimitEffects, to_json(found)) == found
