"""What changed and why; and what limits on bids and awards do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lots import synthetic_design
from intelligence.lots.award_limits import USUAL_LIMITS, award_limit_effects
from intelligence.lots.compare import compare_structures
from intelligence.lots.design import BidTerms, LotDesign, LotDesignError, Rules
from intelligence.lots.evaluate import evaluate_structure
from intelligence.lots.result import Hindrance
from intelligence.lots.structures import by_service, by_site, each_unit, integrated
from intelligence.market import InterestLevel, Provider, ProviderSize
from tests.intelligence.lots.programmes import designs, merged, programme, structure, wants

WOULD_BID = InterestLevel.WOULD_BID
NAMES = ("N dental", "M dental", "N social", "M social")


def two_sites(**parts: object) -> LotDesign:
    """One provider wants everything, one dental only, one is too small for more than a unit."""
    interests = wants("P0", *NAMES, level=WOULD_BID) + wants("P1", *NAMES[:2], level=WOULD_BID)
    interests += wants("P2", *NAMES[2:], level=WOULD_BID)
    return programme(NAMES, interests, providers=[Provider("P2", "P2", size=ProviderSize.MICRO)], **parts)


@settings(max_examples=25, deadline=None)
@given(designs(most_units=4), st.data())
def test_the_differences_are_those_of_the_reports(design: LotDesign, data: st.DataObject) -> None:
    usual = [each_unit(design), by_site(design), by_service(design), integrated(design)]
    before, after = (data.draw(st.sampled_from(usual)) for _ in range(2))
    found = compare_structures(design, before, after, seed=1)
    old, new = (evaluate_structure(design, one, seed=1, draws=100) for one in (before, after))
    assert found.difference == pytest.approx(new.worth.value - old.worth.value, abs=1.0)
    told = sum(change.worth_after.value - change.worth_before.value for change in found.changes)
    assert found.difference == pytest.approx(told, abs=1.0)
    for change in found.changes:
        covered = [{unit for lot in lots for unit in lot.unit_ids} for lots in (change.before, change.after)]
        assert covered[0] == covered[1]
    assert set(found.newly_broken_rules) == set(new.broken_rules) - set(old.broken_rules)
    assert set(found.mended_rules) == set(old.broken_rules) - set(new.broken_rules)


def test_no_change_is_no_change() -> None:
    design = two_sites()
    found = compare_structures(design, by_site(design), by_site(design), seed=1)
    assert (found.difference, found.difference_error, found.changes) == (0.0, 0.0, ())


def test_a_move_tells_who_bids_less_and_why() -> None:
    design = two_sites(terms=(BidTerms("P0", packages=(("N social", "M social"),)),))
    before = structure(["N dental"], ["M dental"], ["N social", "M social"])
    after = structure(["N dental"], ["N social", "M social", "M dental"])
    (change,) = compare_structures(design, before, after, seed=1).changes
    assert {lot.unit_ids for lot in change.before} == {("M dental",), ("N social", "M social")}
    assert {lot.unit_ids for lot in change.after} == {("N social", "M social", "M dental")}
    told = {provider.provider_id: provider for provider in change.providers}
    assert told["P1"].bids_after == 0 < told["P1"].bids_before
    assert told["P1"].hindrances_before == ()
    assert told["P1"].hindrances_after == (Hindrance.COVERS_TOO_LITTLE,)
    assert told["P2"].hindrances_before == (Hindrance.TOO_LARGE,)
    split = structure(*([name] for name in NAMES))
    (change,) = compare_structures(design, before, split, seed=1).changes
    told = {provider.provider_id: provider for provider in change.providers}
    assert told["P0"].hindrances_after == (Hindrance.WANTS_MOST_OF_IT_LESS, Hindrance.BREAKS_PACKAGE)
    assert told["P2"].bids_after > told["P2"].bids_before


def test_lots_far_from_a_move_are_not_told() -> None:
    design = synthetic_design(12, 1, providers=6)
    before = each_unit(design)
    found = compare_structures(design, before, merged(before, 0, 1), seed=1)
    assert [(len(change.before), len(change.after)) for change in found.changes] == [(2, 1)]


def test_common_luck_makes_differences_surer_than_values() -> None:
    design = synthetic_design(12, 1, providers=6)
    before = each_unit(design)
    same_size = compare_structures(design, before, merged(before, 0, 1), seed=1)
    everything = compare_structures(design, before, integrated(design), seed=1)
    assert 0 < same_size.difference_error < everything.difference_error
    repeated = [compare_structures(design, before, merged(before, 0, 1), seed=n).difference for n in range(8)]
    assert max(repeated) - min(repeated) < 8 * same_size.difference_error


def test_a_rule_newly_broken_or_mended_is_told() -> None:
    design = two_sites(rules=Rules(lots_at_most=2, most_units=2))
    found = compare_structures(design, each_unit(design), integrated(design), seed=1)
    assert found.newly_broken_rules == ("at most 2 units in each lot",)
    assert found.mended_rules == ("at most 2 lots",)


def test_structures_must_cover_everything() -> None:
    design = two_sites()
    with pytest.raises(LotDesignError, match=r"after\.lots: unit 'M dental' is in no lot"):
        compare_structures(design, each_unit(design), structure(["N dental"]), seed=1)
    with pytest.raises(LotDesignError, match=r"structure\.lots"):
        award_limit_effects(design, structure(["N dental"]), seed=1)


def test_tighter_award_limits_never_make_it_likelier_that_every_lot_is_awarded() -> None:
    design = synthetic_design(12, 4, providers=6)
    limits = [(None, None), (None, 3), (None, 2), (None, 1)]
    effects = award_limit_effects(design, each_unit(design), seed=1, limits=limits, draws=500)
    chances = [effect.p_all_awardable for effect in effects]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1]
    expected = [effect.expected_awardable for effect in effects]
    assert expected == sorted(expected, reverse=True)
    assert len({effect.bids_per_lot for effect in effects}) == 1  # a limit on awards leaves bids alone


def test_tighter_bid_limits_mean_fewer_bids() -> None:
    design = synthetic_design(12, 4, providers=6)
    limits = [(None, None), (3, None), (2, None), (1, None)]
    effects = award_limit_effects(design, each_unit(design), seed=1, limits=limits, draws=500)
    bids = [effect.bids_per_lot for effect in effects]
    assert bids == sorted(bids, reverse=True)
    assert len(set(bids)) == len(bids)
    few = [effect.lots_with_few_bids for effect in effects]
    assert few == sorted(few)


def test_the_limits_are_told_with_their_effects_and_the_rules_play_no_part() -> None:
    free, bound = two_sites(), two_sites(rules=Rules(lots_awarded=1, lots_bid_for=1))
    effects = award_limit_effects(free, each_unit(free), seed=1, draws=200)
    assert [(effect.lots_bid_for, effect.lots_awarded) for effect in effects] == list(USUAL_LIMITS)
    assert effects == award_limit_effects(bound, each_unit(bound), seed=1, draws=200)
    report = evaluate_structure(bound, each_unit(bound), seed=1, draws=200)
    (limited,) = award_limit_effects(free, each_unit(free), seed=1, draws=200, limits=[(1, 1)])
    assert report.value_together == limited.value_together
    assert report.awards.p_all_awardable == limited.p_all_awardable
