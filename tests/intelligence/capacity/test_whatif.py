"""What-ifs and the tornado: differences are real, and only what changed is drawn anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.priors import DEFAULT_PRIORS
from intelligence.capacity.redraw import draw, redraw_assumption
from intelligence.capacity.scenario import Scenario, ScenarioError, WhatIf
from intelligence.capacity.whatif import compare_scenarios, weigh_assumptions
from intelligence.files import from_json, to_json
from intelligence.market import InterestLevel, Market, Procurement, Provider, Route
from tests.intelligence.capacity.markets import certain_priors, eoi, lot, market_of, priors_with

APRIL = date(2027, 4, 1)
DRAWS = 1_200


def programme() -> Market:
    """Three lots in two procurements; P0 is small, P1 slow, P2 not registered, P3 none of these."""
    providers = [
        Provider("P0", "P0", largest_annual_value=100_000),
        Provider("P1", "P1", past_interests=4, past_bids=3),
        Provider("P2", "P2", cqc_registered=False),
        Provider("P3", "P3", held_at_most=2),
    ]
    interests = [
        eoi(0, 0, InterestLevel.LIKELY),
        eoi(1, 1, mobilisation_months=9),
        eoi(2, 0),
        eoi(3, 1),
        eoi(3, 2, InterestLevel.POSSIBLY),
    ]
    return market_of(
        interests,
        lots=3,
        providers=providers,
        lot_values=tuple(lot(number, annual_value=300_000.0) for number in range(3)),
        procurements=(
            Procurement("T1", "One", Route.PSR_COMPETITIVE, ("L0", "L1"), APRIL, mobilisation_days=60),
            Procurement("T2", "Two", Route.PSR_COMPETITIVE, ("L2",), APRIL, mobilisation_days=60),
        ),
    )


def ask(scenario: Scenario, market: Market | None = None, **priors: float) -> WhatIf:
    known = priors_with(**priors)
    return compare_scenarios(market or programme(), [scenario], seed=5, draws=DRAWS, priors=known)[0]


def test_nothing_changed_is_no_difference_and_nothing_is_drawn_anew() -> None:
    answer = ask(Scenario("as planned"))
    assert answer.redrawn_providers == 0
    assert all(change.before == change.after and change.p_none_change_error == 0 for change in answer.lots)
    assert answer.p_all_awardable_before == answer.p_all_awardable_after


def test_before_and_after_are_what_whole_runs_would_give() -> None:
    answer = ask(Scenario("later, in smaller bites", start_later_days=80, award_limit=1))
    market = programme()
    changed = replace(
        market,
        procurements=tuple(replace(found, mobilisation_days=140) for found in market.procurements),
        providers=tuple(replace(provider, held_at_most=1) for provider in market.providers),
    )
    plan, other = (estimate_capacity(each, seed=5, draws=DRAWS) for each in (market, changed))
    for change, before, after in zip(answer.lots, plan.lots, other.lots, strict=True):
        assert change.before.p_none == before.p_none
        assert (change.after.p_none, change.after.p_one) == (after.p_none, after.p_one)
        assert change.after.p_awardable == pytest.approx(after.p_awardable)
    assert answer.p_all_awardable_before == pytest.approx(plan.awards.p_all_awardable)
    assert answer.p_all_awardable_after == pytest.approx(other.awards.p_all_awardable)


def test_only_whom_a_change_touches_is_drawn_anew() -> None:
    answer = ask(Scenario("more time for one lot", lot_ids=("L1",), start_later_days=100))
    assert (answer.redrawn_providers, answer.providers) == (1, 4)
    moved = [change for change in answer.lots if change.before != change.after]
    assert [change.lot_id for change in moved] == ["L1"]
    assert moved[0].after.p_none < moved[0].before.p_none


def test_a_later_start_of_one_lot_leaves_the_others_of_its_procurement_as_planned() -> None:
    market = programme()
    slow = replace(market, interests=tuple(replace(each, mobilisation_months=9.0) for each in market.interests))
    answer = ask(Scenario("more time for one lot", lot_ids=("L1",), start_later_days=100), slow)
    assert [change.lot_id for change in answer.lots if change.before != change.after] == ["L1"]


def test_a_difference_is_known_far_better_than_the_figures() -> None:
    change = ask(Scenario("a little longer", term_years_added=1), longer_term=0.1).lots[0]
    figure_error = (change.before.p_none * (1 - change.before.p_none) / DRAWS) ** 0.5
    assert change.after.p_none < change.before.p_none
    assert 0 < change.p_none_change_error < figure_error / 2


def test_a_larger_lot_gains_appeal_and_loses_those_for_whom_it_is_too_large() -> None:
    wanted = ask(Scenario("double", value_factor=2), too_large=0.0, more_value=0.5).lots[0]
    feared = ask(Scenario("double", value_factor=2), too_large=-3.0, more_value=0.0).lots[0]
    assert wanted.after.expected_bids > wanted.before.expected_bids
    assert feared.after.expected_bids < feared.before.expected_bids


def test_an_award_limit_leaves_a_lot_over_where_one_provider_bids_for_two() -> None:
    market = market_of([eoi(0, 0), eoi(0, 1)], lots=2)
    (answer,) = compare_scenarios(
        market, [Scenario("one each", award_limit=1)], seed=1, draws=400, priors=certain_priors()
    )
    assert (answer.p_all_awardable_before, answer.p_all_awardable_after) == (1, 0)
    assert answer.expected_awardable_after == pytest.approx(1)


def test_what_cannot_be_asked_is_refused_and_what_cannot_be_judged_is_said() -> None:
    with pytest.raises(ScenarioError, match="lot_ids: 'L9' is not the id of a lot"):
        ask(Scenario("?", lot_ids=("L9",)))
    for wrong in ({"value_factor": 0.0}, {"term_years_added": 99.0}, {"award_limit": 0}, {"start_later_days": 9_999}):
        with pytest.raises(ScenarioError, match=next(iter(wrong))):
            Scenario("?", **wrong)
    bare = market_of([eoi(0)])
    answer = ask(Scenario("more of all", value_factor=1.1, start_later_days=20), bare)
    assert len(answer.warnings) == 2


@pytest.mark.parametrize("name", ["would_bid", "not_registered", "unseen_entrants", "credibility", "all_interest"])
def test_a_changed_assumption_draws_what_a_whole_run_with_it_would(name: str) -> None:
    prior = replace(getattr(DEFAULT_PRIORS, name), value=0.5, spread=0.0)
    drawn = draw(programme(), DEFAULT_PRIORS, seed=2, draws=DRAWS)
    partly = redraw_assumption(drawn, name, prior)
    wholly = draw(programme(), replace(DEFAULT_PRIORS, **{name: prior}), seed=2, draws=DRAWS)
    assert np.array_equal(partly.simulation.credible, wholly.simulation.credible)
    assert np.array_equal(partly.simulation.unseen, wholly.simulation.unseen)
    assert partly.redrawn == {"would_bid": 3, "not_registered": 1, "unseen_entrants": 0}.get(name, 4)


@pytest.mark.parametrize("draws", [-1, 0, 99, 100_001])
def test_what_too_few_or_too_many_draws_would_say_is_not_said(draws: int) -> None:
    with pytest.raises(ValueError, match="draws must be between"):
        compare_scenarios(programme(), [Scenario("as planned")], seed=1, draws=draws)
    with pytest.raises(ValueError, match="draws must be between"):
        weigh_assumptions(programme(), seed=1, draws=draws)


def test_the_tornado_puts_the_widest_swing_first_and_leaves_out_what_concerns_nobody() -> None:
    tornado = weigh_assumptions(programme(), seed=2, draws=DRAWS)
    widths = [abs(swing.without_bid_high - swing.without_bid_low) for swing in tornado.swings]
    assert widths == sorted(widths, reverse=True)
    swings = {swing.name: swing for swing in tornado.swings}
    would = swings[DEFAULT_PRIORS.would_bid.name]
    assert would.without_bid_low > tornado.without_bid > would.without_bid_high
    assert would.p_none_low > would.p_none_high
    assert DEFAULT_PRIORS.undecided.name not in swings  # nobody is
    assert DEFAULT_PRIORS.lot_deviation.name not in swings  # taken as known
    assert DEFAULT_PRIORS.unseen_entrants.name in swings


def test_answers_survive_storage() -> None:
    answer = ask(Scenario("longer", term_years_added=2))
    assert from_json(WhatIf, to_json(answer)) == answer


def test_progress_rises_to_the_end_and_what_it_raises_stops_the_work() -> None:
    for work in (
        lambda tell: compare_scenarios(programme(), [Scenario("one"), Scenario("two")], seed=5, progress=tell),
        lambda tell: weigh_assumptions(programme(), seed=5, draws=DRAWS, progress=tell),
    ):
        told: list[float] = []
        work(told.append)
        assert told == sorted(told)
        assert 0 < told[0] < told[-1] == 1
        with pytest.raises(InterruptedError):
            work(_cancel)


def _cancel(share: float) -> None:
    raise InterruptedError(share)
