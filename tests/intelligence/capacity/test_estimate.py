"""The whole model against cases that can be worked out by hand."""

from __future__ import annotations

from datetime import date
from math import exp

import pytest

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.report import CapacityReport
from intelligence.market import (
    BiddingRole,
    Interest,
    InterestLevel,
    Market,
    Outcome,
    Procurement,
    Provider,
    Route,
)
from tests.intelligence.capacity.markets import certain_priors, eoi, lot, market_of, priors_with


def certain(market: Market, **priors: float) -> CapacityReport:
    return estimate_capacity(market, seed=1, draws=400, priors=certain_priors(**priors))


def test_without_interest_only_unseen_entrants_bid() -> None:
    priors = certain_priors(unseen_entrants=0.7, credibility=0.5)
    forecast = estimate_capacity(market_of([]), seed=1, draws=20_000, priors=priors).lots[0]

    # A Poisson number of entrants with mean .7, of which half are credible.
    assert forecast.p_none == pytest.approx(exp(-0.35), abs=4 * forecast.p_none_error)
    assert forecast.expected_bids == pytest.approx(0.35, abs=4 * forecast.expected_bids_error)
    assert forecast.concentration is None
    assert forecast.most_needed is None


def test_one_interested_provider_bids_with_the_chance_that_its_log_odds_say() -> None:
    priors = certain_priors(likely=0.5)
    market = market_of([eoi(0, level=InterestLevel.LIKELY)])
    forecast = estimate_capacity(market, seed=1, draws=20_000, priors=priors).lots[0]
    assert 1 - forecast.p_none == pytest.approx(1 / (1 + exp(-0.5)), abs=4 * forecast.p_none_error)


def test_what_moves_all_interest_moves_each_interest_once() -> None:
    priors = certain_priors(likely=0.5, all_interest=1.0)
    market = market_of([eoi(0, level=InterestLevel.LIKELY)])
    forecast = estimate_capacity(market, seed=1, draws=20_000, priors=priors).lots[0]
    assert 1 - forecast.p_none == pytest.approx(1 / (1 + exp(-1.5)), abs=4 * forecast.p_none_error)


def test_rejections_of_one_lot_cluster_without_changing_their_mean() -> None:
    market = market_of([eoi(provider) for provider in range(2)])
    alone = estimate_capacity(market, seed=1, draws=20_000, priors=certain_priors(credibility=0.6)).lots[0]
    clustered = certain_priors(credibility=0.6, rejection_correlation=0.5)
    together = estimate_capacity(market, seed=1, draws=20_000, priors=clustered).lots[0]

    assert alone.p_none == pytest.approx(0.4 * 0.4, abs=0.015)
    assert together.p_none == pytest.approx(0.4 * 0.4 + 0.5 * 0.4 * 0.6, abs=0.015)
    assert together.expected_bids == pytest.approx(1.2, abs=0.03)


def test_consortium_partners_make_one_bid_with_their_staff_together() -> None:
    partners = [
        eoi(0, role=BiddingRole.LEAD, consortium="North", wte_at_start=2.0),
        eoi(1, role=BiddingRole.CONSORTIUM, consortium="North", wte_at_start=3.0),
        eoi(2, wte_at_start=4.0),
    ]
    forecast = certain(market_of(partners, lot_values=(lot(0, demand_wte=4.5),))).lots[0]
    assert forecast.distribution == (0.0, 0.0, 1.0)
    assert forecast.staff_at_start is not None
    assert forecast.staff_at_start.best_offer.mean == 5.0
    assert forecast.staff_at_start.pooled.mean == 9.0
    assert forecast.staff_at_start.p_one_bidder_meets_demand == 1.0
    assert forecast.concentration == pytest.approx(0.5)


def test_staff_if_a_bid_comes_is_told_apart_from_the_chance_of_one() -> None:
    said = [eoi(0, level=InterestLevel.LIKELY, wte_at_start=6.0), eoi(1, wte_at_start=None)]
    market = market_of(said, lot_values=(lot(0, demand_wte=5.0),))
    forecast = estimate_capacity(market, seed=1, draws=20_000, priors=certain_priors(likely=0.0)).lots[0]
    staff = forecast.staff_at_start
    assert staff is not None
    assert staff.best_if_offered is not None
    assert forecast.p_none == 0  # the other one bids for sure, and has not said with how many
    assert staff.p_offered == pytest.approx(0.5, abs=0.015)
    assert staff.best_if_offered.mean == staff.best_if_offered.low == staff.best_if_offered.high == 6.0
    assert staff.p_enough_if_offered == 1.0
    assert staff.p_one_bidder_meets_demand == staff.p_offered
    assert (staff.best_offer.mean, staff.silent) == (pytest.approx(6.0 * staff.p_offered), 1)


def test_where_nobody_would_bid_there_is_no_staff_to_tell_of() -> None:
    forecast = certain(market_of([eoi(0, wte_at_start=6.0)], lot_values=(lot(0, demand_wte=5.0),)), would_bid=-30.0)
    staff = forecast.lots[0].staff_at_start
    assert staff is not None
    assert (staff.p_offered, staff.best_if_offered, staff.p_enough_if_offered) == (0.0, None, None)


def test_consortium_partners_decide_together() -> None:
    partners = [eoi(provider, level=InterestLevel.LIKELY, consortium="North") for provider in range(2)]
    priors = certain_priors(likely=0.0)
    forecast = estimate_capacity(market_of(partners), seed=1, draws=20_000, priors=priors).lots[0]
    assert forecast.p_none == pytest.approx(0.5, abs=4 * forecast.p_none_error)  # apart it would be a quarter


def test_one_name_of_consortium_stands_for_one_bid_in_each_lot() -> None:
    partners = [eoi(provider, number, consortium="North") for provider in range(2) for number in range(2)]
    report = certain(market_of(partners, lots=2))
    assert [forecast.distribution for forecast in report.lots] == [(0.0, 1.0), (0.0, 1.0)]


def test_those_who_said_no_or_would_only_subcontract_do_not_bid() -> None:
    market = market_of([eoi(0, level=InterestLevel.NO), eoi(1, role=BiddingRole.SUBCONTRACT_ONLY)])
    forecast = certain(market).lots[0]
    assert forecast.distribution == (1.0,)
    assert [(count.level, count.role, count.providers) for count in forecast.interest] == [
        (InterestLevel.WOULD_BID, BiddingRole.SUBCONTRACT_ONLY, 1),
        (InterestLevel.NO, BiddingRole.LEAD, 1),
    ]


def test_a_provider_answers_no_more_tenders_than_it_can() -> None:
    busy = Provider("P0", "Busy", tenders_at_once=2)
    report = certain(market_of([eoi(0, number) for number in range(3)], lots=3, providers=[busy]))
    assert sum(forecast.expected_bids for forecast in report.lots) == pytest.approx(2)
    assert report.bottlenecks[0].p_over_limits == 1.0


def test_a_provider_keeps_the_bids_it_is_most_willing_to_make() -> None:
    busy = Provider("P0", "Busy", tenders_at_once=1)
    levels = (InterestLevel.LIKELY, InterestLevel.WOULD_BID, InterestLevel.LIKELY)
    interests = [eoi(0, number, level) for number, level in enumerate(levels)]
    report = certain(market_of(interests, lots=3, providers=[busy]), likely=12)
    assert [forecast.p_none for forecast in report.lots] == [1.0, 0.0, 1.0]


def test_the_lots_of_one_procurement_are_one_tender() -> None:
    busy = Provider("P0", "Busy", tenders_at_once=1)
    start = date(2027, 4, 1)
    tenders = (
        Procurement("T0", "Two lots", Route.PSR_COMPETITIVE, ("L0", "L1"), start),
        Procurement("T1", "One lot", Route.PSR_COMPETITIVE, ("L2",), start),
    )
    levels = (InterestLevel.LIKELY, InterestLevel.WOULD_BID, InterestLevel.LIKELY)
    interests = [eoi(0, number, level) for number, level in enumerate(levels)]
    report = certain(market_of(interests, lots=3, providers=[busy], procurements=tenders), likely=12)
    assert [forecast.p_none for forecast in report.lots] == [0.0, 0.0, 1.0]


def test_tenders_for_different_start_dates_do_not_compete_for_a_bid_team() -> None:
    busy = Provider("P0", "Busy", tenders_at_once=1)
    starts = [
        Procurement(f"T{n}", f"Tender {n}", Route.PSR_COMPETITIVE, (f"L{n}",), date(2027, 4 + n, 1)) for n in range(2)
    ]
    interests = [eoi(0, number) for number in range(2)]
    report = certain(market_of(interests, lots=2, providers=[busy], procurements=tuple(starts)))
    assert [forecast.p_none for forecast in report.lots] == [0.0, 0.0]


def test_a_provider_that_can_hold_one_lot_cannot_be_awarded_two() -> None:
    small = Provider("P0", "Small", held_at_most=1)
    report = certain(market_of([eoi(0, number) for number in range(2)], lots=2, providers=[small]))
    assert [forecast.p_none for forecast in report.lots] == [0.0, 0.0]
    assert report.awards.p_all_awardable == 0.0
    assert report.awards.expected_awardable == pytest.approx(1.0)
    assert report.bottlenecks[0].p_over_limits == 1.0
    # Neither lot is served first more often for being listed first.
    assert report.lots[0].p_awardable == pytest.approx(0.5, abs=0.1)


def test_a_provider_that_can_start_one_lot_at_a_time_can_be_awarded_two_with_different_starts() -> None:
    slow = Provider("P0", "Slow", startable_together=1)

    def p_all_awardable(*starts: date) -> float:
        tenders = tuple(
            Procurement(f"T{n}", "Tender", Route.PSR_COMPETITIVE, (f"L{n}",), start) for n, start in enumerate(starts)
        )
        interests = [eoi(0, number) for number in range(2)]
        return certain(market_of(interests, lots=2, providers=[slow], procurements=tenders)).awards.p_all_awardable

    assert p_all_awardable(date(2027, 4, 1), date(2027, 4, 1)) == 0.0
    assert p_all_awardable(date(2027, 4, 1), date(2027, 10, 1)) == 1.0


def test_a_provider_leaving_is_felt_where_it_is_the_only_bidder() -> None:
    report = certain(market_of([eoi(0, 0), eoi(0, 1), eoi(1, 1)], lots=2))
    worst = report.bottlenecks[0]
    assert worst.provider_id == "P0"
    assert [(effect.lot_id, effect.p_none, effect.p_none_without) for effect in worst.lots] == [
        ("L0", 0.0, 1.0),
        ("L1", 0.0, 0.0),
    ]
    assert worst.extra_lots_without_bid == 1.0
    assert worst.p_all_awardable_without == 0.0
    assert report.lots[0].most_needed is not None
    assert report.lots[0].most_needed.provider_id == "P0"
    assert report.lots[1].most_needed is None


def test_pools_overlap_by_the_providers_they_share() -> None:
    overlaps = certain(market_of([eoi(0, 0), eoi(1, 0), eoi(1, 1), eoi(2, 1), eoi(3, 2)], lots=3)).overlaps
    assert [(pair.first_lot_id, pair.second_lot_id, pair.shared_providers) for pair in overlaps] == [("L0", "L1", 1)]
    assert overlaps[0].jaccard == pytest.approx(1 / 3)


def test_the_incumbent_is_named_with_what_it_said() -> None:
    lots = (lot(0, incumbent_ids=("P0", "P1")),)
    present = market_of([eoi(0)], providers=[Provider("P1", "Silent")], lot_values=lots)
    said, silent = certain(present).lots[0].incumbents
    assert (said.provider_id, said.level, said.p_credible_bid) == ("P0", InterestLevel.WOULD_BID, 1.0)
    assert (silent.provider_id, silent.level, silent.p_credible_bid) == ("P1", None, 0.0)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"cqc_registered": True}, {"cqc_registered": False}),
        ({"secure_setting_experience": True}, {"secure_setting_experience": False}),
        ({"largest_annual_value": 2_000_000}, {"largest_annual_value": 500_000}),
        ({"past_interests": 20, "past_bids": 18}, {"past_interests": 20, "past_bids": 1}),
    ],
)
def test_what_a_provider_is_moves_its_chance_the_right_way(better: dict[str, float], worse: dict[str, float]) -> None:
    def p_none(**values: float) -> float:
        provider = Provider("P0", "One", **values)
        market = market_of([eoi(0)], providers=[provider], lot_values=(lot(0, annual_value=2_000_000),))
        return estimate_capacity(market, seed=1, draws=2_000).lots[0].p_none

    assert p_none(**better) < p_none(**worse) - 0.02


def test_too_little_time_to_mobilise_costs_bids() -> None:
    def p_none(days: int) -> float:
        tender = Procurement("T", "Tender", Route.PSR_COMPETITIVE, ("L0",), date(2027, 4, 1), mobilisation_days=days)
        market = market_of([eoi(0, mobilisation_months=6.0)], procurements=(tender,))
        return estimate_capacity(market, seed=1, draws=2_000).lots[0].p_none

    assert p_none(127) == p_none(250) < p_none(120) < p_none(40) - 0.05  # six months have 126.5 working days


def test_lots_of_one_procurement_fare_alike() -> None:
    def p_neither(*packages: tuple[str, ...]) -> float:
        tenders = tuple(
            Procurement(f"T{n}", "Tender", Route.PSR_COMPETITIVE, lots, date(2027, 4, 1))
            for n, lots in enumerate(packages)
        )
        market = market_of([eoi(0, 0), eoi(1, 1)], lots=2, procurements=tenders)
        priors = priors_with(lot_deviation=3.0, provider_deviation=0, unseen_entrants=0, package_correlation=0.9)
        report = estimate_capacity(market, seed=1, draws=10_000, priors=priors)
        return 1 - report.awards.expected_awardable + report.awards.p_all_awardable

    assert p_neither(("L0", "L1")) > p_neither(("L0",), ("L1",)) + 0.04


def test_below_ten_past_lots_the_report_is_prior_driven() -> None:
    def report(past: int) -> CapacityReport:
        outcomes = tuple(Outcome(f"old{n}", date(2024, 1, 1), bidders=3, interested=4) for n in range(past))
        return estimate_capacity(market_of([eoi(0)], outcomes=outcomes), seed=1, draws=200)

    assert report(9).prior_driven
    assert not report(10).prior_driven
    assert "all interest taken together" in {learned.name for learned in report(10).learned}


@pytest.mark.parametrize("draws", [99, 100_001])
def test_draws_are_bounded(draws: int) -> None:
    with pytest.raises(ValueError, match="draws must be between 100 and 100,000"):
        estimate_capacity(market_of([]), seed=1, draws=draws)


def test_progress_rises_to_one_and_may_stop_the_run() -> None:
    shares: list[float] = []
    market = market_of([eoi(provider) for provider in range(3)])
    estimate_capacity(market, seed=1, draws=25_000, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 5

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        estimate_capacity(market, seed=1, draws=100, progress=stop)


def test_draws_beyond_one_block_are_new_ones() -> None:
    market = market_of([Interest("P0", "L0", InterestLevel.LIKELY)])
    one, two = (estimate_capacity(market, seed=1, draws=draws).lots[0].p_none for draws in (10_000, 20_000))
    assert one != two
    assert one == pytest.approx(two, abs=0.02)
