"""Who drives a lot, who would win how much, and who was not heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.report import CapacityReport
from intelligence.files import from_json, to_json
from intelligence.market import InterestLevel, Market, Provider
from tests.intelligence.capacity.markets import certain_priors, eoi, lot, market_of
from tests.intelligence.capacity.test_properties import LOTS, estimate, markets

cheap = settings(max_examples=25, deadline=None)


@cheap
@given(markets())
def test_without_a_driver_is_the_market_without_it(market: Market) -> None:
    report = estimate(market)
    for found, forecast in zip(report.drivers, report.lots, strict=True):
        assert found.p_none == forecast.p_none
        assert forecast.most_needed == (found.without[0] if found.without else None)
        for leaving in found.without[:1]:
            rest = tuple(said for said in market.interests if said.provider_id != leaving.provider_id)
            without = estimate(replace(market, interests=rest))
            chances = {other.lot_id: other.p_none for other in without.lots}
            assert leaving.p_none_without == pytest.approx(chances[found.lot_id])


@cheap
@given(markets())
def test_nobody_wins_more_than_it_can_hold(market: Market) -> None:
    limits = {provider.id: provider.held_at_most for provider in market.providers}
    for found in estimate(market).concentration:
        limit = limits[found.provider_id]
        assert max(wins.lots for wins in found.wins) <= (LOTS if limit is None else limit)
        assert sum(wins.chance for wins in found.wins) == pytest.approx(1)
        assert found.expected_lots == pytest.approx(sum(wins.lots * wins.chance for wins in found.wins))


@cheap
@given(markets(), st.permutations(range(7)))
def test_other_names_for_providers_change_nothing_beyond_chance(market: Market, order: list[int]) -> None:
    names = {f"P{old}": f"P{new}" for old, new in enumerate(order)}
    renamed = replace(
        market,
        providers=tuple(replace(provider, id=names[provider.id]) for provider in market.providers),
        interests=tuple(replace(said, provider_id=names[said.provider_id]) for said in market.interests),
    )
    one, other = (estimate_capacity(each, seed=7, draws=2_000) for each in (market, renamed))
    for before, after in zip(one.lots, other.lots, strict=True):
        error = 6 * (before.p_none_error + after.p_none_error) + 0.01
        assert after.p_none == pytest.approx(before.p_none, abs=error)
        assert after.expected_bids == pytest.approx(
            before.expected_bids, abs=6 * (before.expected_bids_error + after.expected_bids_error) + 0.01
        )


def test_concentration_rises_with_the_lots_that_one_provider_wins() -> None:
    interests = [eoi(provider, number) for provider in range(2) for number in range(3)]
    values = tuple(lot(number, annual_value=100.0) for number in range(3))
    market = market_of(interests, lots=3, lot_values=values)
    report = estimate_capacity(market, seed=1, draws=1_000, priors=certain_priors())
    first = report.concentration[0]
    assert [wins.lots for wins in first.wins] == [0, 1, 2, 3]
    assert [wins.value_share for wins in first.wins] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert [wins.concentration for wins in first.wins] == pytest.approx([1, 5 / 9, 5 / 9, 1])
    assert first.expected_lots == pytest.approx(1.5, abs=0.2)
    assert first.values_known


@pytest.mark.parametrize("value", [None, 0.0])
def test_where_a_lot_has_no_known_value_all_count_the_same_and_that_is_told(value: float | None) -> None:
    values = (lot(0, annual_value=value), lot(1, annual_value=900.0))
    market = market_of([eoi(0, 0), eoi(0, 1)], lots=2, lot_values=values)
    (first,) = estimate_capacity(market, seed=1, draws=1_000, priors=certain_priors()).concentration
    assert not first.values_known
    assert [wins.value_share for wins in first.wins if wins.lots == 1] in ([], [0.5])
    assert next(wins.value_share for wins in first.wins if wins.lots == 2) == 1


def test_partners_of_a_consortium_win_as_one() -> None:
    interests = [eoi(0, consortium="North"), eoi(1, consortium="North"), eoi(2)]
    report = estimate_capacity(market_of(interests), seed=1, draws=1_000, priors=certain_priors())
    shares = {found.provider_id: found.expected_lots for found in report.concentration}
    assert shares["P2"] == pytest.approx(0.5, abs=0.1)


def test_silent_providers_are_named_with_present_suppliers_first() -> None:
    providers = [Provider(f"P{n}", "", past_interests=5, past_bids=n) for n in range(5)]
    market = market_of(
        [eoi(0), eoi(1, level=InterestLevel.NO)],
        providers=providers,
        lot_values=(lot(0, incumbent_ids=("P2",)),),
    )
    cover = estimate_capacity(market, seed=1, draws=100).cover
    assert cover is not None
    assert (cover.known, cover.heard) == (5, 2)
    assert [found.provider_id for found in cover.silent] == ["P2", "P4", "P3"]
    assert cover.silent[0].incumbent_of == ("L0",)


def test_a_report_stored_before_these_parts_still_reads() -> None:
    stored = to_json(estimate_capacity(market_of([eoi(0)]), seed=1, draws=100))
    assert isinstance(stored, dict)
    for part in ("drivers", "concentration", "cover"):
        del stored[part]
    old = from_json(CapacityReport, stored)
    assert (old.drivers, old.concentration, old.cover) == ((), (), None)
