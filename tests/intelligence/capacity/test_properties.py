"""What must hold for every market, checked on many small ones."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.report import CapacityReport
from intelligence.files import canonical_json, from_json, to_json
from intelligence.market import BiddingRole, Interest, InterestLevel, Market, Provider
from tests.intelligence.capacity.markets import market_of

LOTS = 4
DRAWS = 120
cheap = settings(max_examples=25, deadline=None)

limits = st.none() | st.integers(0, 3)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Up to six providers, each interested in some of four lots, alone or in one of two consortia."""
    providers = [
        Provider(
            f"P{i}",
            f"Provider {i}",
            cqc_registered=draw(st.sampled_from([None, True, False])),
            held_at_most=draw(limits),
            startable_together=draw(limits),
            tenders_at_once=draw(limits),
        )
        for i in range(draw(st.integers(0, 6)))
    ]
    interests = [
        Interest(
            provider.id,
            f"L{lot}",
            draw(st.sampled_from(InterestLevel)),
            draw(st.sampled_from(BiddingRole)),
            wte_at_start=draw(st.none() | st.integers(0, 20).map(float)),
            consortium=draw(st.sampled_from([None, None, "North", "South"])),
        )
        for provider in providers
        for lot in sorted(draw(st.sets(st.integers(0, LOTS - 1))))
    ]
    return market_of(interests, lots=LOTS, providers=providers)


def estimate(market: Market) -> CapacityReport:
    return estimate_capacity(market, seed=7, draws=DRAWS)


@cheap
@given(markets(), st.sampled_from(InterestLevel), st.integers(0, LOTS - 1), st.none() | st.just("North"))
def test_another_interested_provider_never_lowers_the_chance_of_a_bid(
    market: Market, level: InterestLevel, lot: int, consortium: str | None
) -> None:
    newcomer = Interest("new", f"L{lot}", level, consortium=consortium)
    larger = replace(
        market, providers=(*market.providers, Provider("new", "New")), interests=(newcomer, *market.interests)
    )
    before, after = estimate(market), estimate(larger)
    for smaller_forecast, larger_forecast in zip(before.lots, after.lots, strict=True):
        assert larger_forecast.p_none <= smaller_forecast.p_none
        assert larger_forecast.expected_bids >= smaller_forecast.expected_bids
    assert after.awards.p_all_awardable >= before.awards.p_all_awardable - 1e-12


@cheap
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_providers_and_interests_changes_nothing(market: Market, random: object) -> None:
    providers, interests = list(market.providers), list(market.interests)
    random.shuffle(providers)
    random.shuffle(interests)
    shuffled = replace(market, providers=tuple(providers), interests=tuple(interests))
    assert canonical_json(estimate(shuffled)) == canonical_json(estimate(market))


@cheap
@given(markets())
def test_every_forecast_is_a_distribution_and_its_figures_agree(market: Market) -> None:
    report = estimate(market)
    for forecast in report.lots:
        assert abs(sum(forecast.distribution) - 1) < 1e-12
        assert min(forecast.distribution) >= 0
        assert forecast.p_none == forecast.distribution[0]
        assert abs(forecast.p_none + forecast.p_one + forecast.p_two_or_more - 1) < 1e-12
        assert forecast.p_three_or_more <= forecast.p_two_or_more
        mean = sum(bids * chance for bids, chance in enumerate(forecast.distribution))
        assert abs(forecast.expected_bids - mean) < 1e-9
        assert sum(forecast.distribution[forecast.bids_low : forecast.bids_high + 1]) >= report.interval - 1e-9
        assert 0 <= forecast.p_awardable <= 1 - forecast.p_none + 1e-12
        assert forecast.concentration is None or 0 < forecast.concentration <= 1 + 1e-6
    assert report.awards.p_all_awardable <= min(forecast.p_awardable for forecast in report.lots) + 1e-9


@cheap
@given(markets())
def test_equal_seeds_give_equal_bytes_and_the_report_survives_storage(market: Market) -> None:
    report = estimate(market)
    assert canonical_json(estimate(market)) == canonical_json(report)
    assert from_json(CapacityReport, to_json(report)) == report


@cheap
@given(markets())
def test_a_provider_leaving_is_the_market_without_it(market: Market) -> None:
    report = estimate(market)
    for bottleneck in report.bottlenecks[:1]:
        rest = tuple(found for found in market.interests if found.provider_id != bottleneck.provider_id)
        without = estimate(replace(market, interests=rest))
        chances = {forecast.lot_id: forecast.p_none for forecast in without.lots}
        for effect in bottleneck.lots:
            assert abs(effect.p_none_without - chances[effect.lot_id]) < 1e-9
        assert abs(bottleneck.p_all_awardable_without - without.awards.p_all_awardable) < 1e-9
