"""Learning from outcomes that were drawn from a known truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.special import expit, logit

from intelligence.capacity.learning import learn
from intelligence.capacity.priors import DEFAULT_PRIORS, PriorKind
from intelligence.capacity.willingness import Candidate, find_candidates, mean_log_odds
from intelligence.market import InterestLevel, Outcome
from tests.intelligence.capacity.markets import eoi, market_of, priors_with

CLOSED = date(2024, 1, 1)


def outcomes(lots: int, *, conversion: float, entrants: float, credible: float = 1.0) -> tuple[Outcome, ...]:
    random = np.random.default_rng(3)
    found = []
    for number in range(lots):
        interested = int(random.integers(1, 12))
        bidders = int(random.binomial(interested, conversion) + random.poisson(entrants))
        found.append(Outcome(f"old{number}", CLOSED, bidders, interested, int(random.binomial(bidders, credible))))
    return tuple(found)


def test_many_outcomes_outweigh_the_priors() -> None:
    learned, changes = learn(outcomes(300, conversion=0.6, entrants=1.0, credible=0.7), (), DEFAULT_PRIORS)
    mean = expit(logit(DEFAULT_PRIORS.past_mean.value) + learned.all_interest.value)
    assert mean == pytest.approx(0.6, abs=0.05)
    assert learned.unseen_entrants.value == pytest.approx(1.0, abs=0.25)
    assert learned.credibility.value == pytest.approx(0.7, abs=0.03)
    assert {change.name for change in changes} == {
        learned.all_interest.name,
        learned.unseen_entrants.name,
        learned.credibility.name,
    }
    assert learned.all_interest.kind is PriorKind.MEASURED
    assert learned.all_interest.source.startswith("outcomes of 300 past lots")


def test_few_outcomes_move_the_priors_a_little() -> None:
    truth = {"conversion": 0.8, "entrants": 0.0}
    shifts = [learn(outcomes(lots, **truth), (), DEFAULT_PRIORS)[0].all_interest for lots in (2, 20, 200)]
    assert 0 < shifts[0].value < shifts[1].value < shifts[2].value
    assert DEFAULT_PRIORS.all_interest.spread > shifts[0].spread > shifts[1].spread > shifts[2].spread


def test_past_lots_put_what_is_assumed_of_levels_to_the_test() -> None:
    few_convert = outcomes(20, conversion=0.3, entrants=0.3)
    candidates = find_candidates(market_of([eoi(number) for number in range(5)]), DEFAULT_PRIORS)
    learned, changes = learn(few_convert, candidates, DEFAULT_PRIORS)
    surer, _ = learn(few_convert, candidates, priors_with(would_bid=DEFAULT_PRIORS.would_bid.value))
    assert mean_log_odds(candidates[0], learned) < mean_log_odds(candidates[0], surer) - 0.3
    assert 0 < learned.all_interest.spread < DEFAULT_PRIORS.all_interest.spread
    assert {learned.would_bid.name, learned.all_interest.name} <= {change.name for change in changes}


def test_past_lots_teach_little_of_a_level_that_few_hold() -> None:
    said = [*(eoi(number) for number in range(9)), eoi(9, level=InterestLevel.POSSIBLY)]
    usual, *_, rare = candidates = find_candidates(market_of(said), DEFAULT_PRIORS)
    learned, _ = learn(outcomes(20, conversion=0.3, entrants=0.3), candidates, DEFAULT_PRIORS)

    def moved(candidate: Candidate) -> float:
        return mean_log_odds(candidate, learned) - mean_log_odds(candidate, DEFAULT_PRIORS)

    shared = DEFAULT_PRIORS.all_interest.spread**2
    of_usual, of_rare = 0.9 * DEFAULT_PRIORS.would_bid.spread**2, 0.1 * DEFAULT_PRIORS.possibly.spread**2
    assert moved(usual) < -0.3
    assert moved(rare) == pytest.approx(moved(usual) * (shared + of_rare) / (shared + of_usual))
    assert learned.would_bid.spread < learned.possibly.spread < DEFAULT_PRIORS.possibly.spread
    assert learned.likely == DEFAULT_PRIORS.likely


@pytest.mark.parametrize("spread", [1.0, 2.0, 3.0])
def test_past_lots_without_interest_teach_nothing_of_it_however_little_is_known(spread: float) -> None:
    priors = replace(DEFAULT_PRIORS, all_interest=replace(DEFAULT_PRIORS.all_interest, spread=spread))
    learned, _ = learn((Outcome("old", CLOSED, bidders=0, interested=0),), (), priors)
    assert learned.all_interest.spread == pytest.approx(spread, rel=0.005)


def test_bids_beyond_the_interest_can_only_come_from_outside() -> None:
    surprised = (Outcome("old", CLOSED, bidders=3, interested=0),) * 5
    learned, _ = learn(surprised, (), DEFAULT_PRIORS)
    assert learned.unseen_entrants.value > 3 * DEFAULT_PRIORS.unseen_entrants.value
    assert learned.all_interest.value == pytest.approx(0, abs=0.01)


def test_rejections_in_one_lot_teach_less_than_in_many() -> None:
    one = (Outcome("old", CLOSED, bidders=12, credible=0),)
    many = tuple(Outcome(f"old{n}", CLOSED, bidders=1, credible=0) for n in range(12))
    assert (
        DEFAULT_PRIORS.credibility.value
        > learn(one, (), DEFAULT_PRIORS)[0].credibility.value
        > learn(many, (), DEFAULT_PRIORS)[0].credibility.value
    )


def test_what_is_taken_as_known_stays() -> None:
    priors = priors_with(all_interest=0.0, unseen_entrants=0.3, credibility=0.9)
    assert learn(outcomes(50, conversion=0.9, entrants=2.0, credible=0.2), (), priors) == (priors, ())


def test_an_absurd_outcome_is_survived() -> None:
    huge = (Outcome("old", CLOSED, bidders=10**9, interested=10),)
    learned, _ = learn(huge, (), DEFAULT_PRIORS)
    assert np.isfinite(learned.unseen_entrants.value)


def test_lots_of_other_markets_teach_less_and_are_named() -> None:
    past = outcomes(40, conversion=0.8, entrants=0.0, credible=0.5)
    own, _ = learn(past, (), DEFAULT_PRIORS)
    other, changes = learn((), (), DEFAULT_PRIORS, elsewhere=past)
    assert 0 < other.all_interest.value < own.all_interest.value
    assert DEFAULT_PRIORS.credibility.value > other.credibility.value > own.credibility.value
    assert other.credibility.source.startswith(
        "outcomes of 0 past lots and of 40 elsewhere, each counting for 0.25, starting from: "
    )
    assert len(changes) == 3
    quarter, _ = learn(past[:10], (), DEFAULT_PRIORS)
    assert other.all_interest.spread == pytest.approx(quarter.all_interest.spread, rel=0.15)
