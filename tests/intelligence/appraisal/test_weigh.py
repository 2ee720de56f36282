"""Weighing is compared with trying everything out, and with shares that can be worked out by hand."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import product
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.appraisal.problem import Appraisal, AppraisalError, Criterion, Option, ScoreRange
from intelligence.appraisal.result import WeighedOptions
from intelligence.appraisal.weigh import weigh_options
from intelligence.files import from_json, to_json

HAIR = Fraction(1, 10**14)
"""Less than what lies between any two turning points of the appraisals drawn here."""


def of(weights: list[int], *options: list[tuple[int, int]]) -> Appraisal:
    criteria = tuple(Criterion(f"c{place}", weight) for place, weight in enumerate(weights))
    return Appraisal(
        criteria,
        tuple(
            Option(f"o{place}", tuple(ScoreRange(low, high) for low, high in scores))
            for place, scores in enumerate(options)
        ),
    )


@st.composite
def appraisals(draw: st.DrawFn, most_criteria: int = 4, most_options: int = 4) -> Appraisal:
    score = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(lambda pair: (min(pair), max(pair)))
    weights = draw(st.lists(st.integers(1, 20), min_size=1, max_size=most_criteria))
    each = st.lists(score, min_size=len(weights), max_size=len(weights))
    return of(weights, *draw(st.lists(each, min_size=2, max_size=most_options)))


def middles_at(appraisal: Appraisal, criterion: int, share: Fraction) -> dict[str, Fraction]:
    """Each option's middle score if one criterion had this share and the others theirs in proportion."""
    others = sum(each.weight for each in appraisal.criteria) - appraisal.criteria[criterion].weight
    shares = [
        share if place == criterion else (1 - share) * Fraction(each.weight, others)
        for place, each in enumerate(appraisal.criteria)
    ]
    return {
        option.id: sum(
            (weight * Fraction(score.low + score.high, 2) for weight, score in zip(shares, option.scores, strict=True)),
            Fraction(),
        )
        for option in appraisal.options
    }


def leaders_of(middles: dict[str, Fraction]) -> tuple[str, ...]:
    return tuple(option for option, middle in middles.items() if middle == max(middles.values()))


@given(appraisals(most_criteria=2, most_options=2))
def test_the_range_is_from_the_worst_to_the_best_that_any_scores_within_theirs_give(appraisal: Appraisal) -> None:
    total = sum(criterion.weight for criterion in appraisal.criteria)
    for option, found in zip(appraisal.options, weigh_options(appraisal, seed=1, draws=1).standings, strict=True):
        within = [range(score.low, score.high + 1) for score in option.scores]
        sums = [
            Fraction(sum(each.weight * score for each, score in zip(appraisal.criteria, scores, strict=True)), total)
            for scores in product(*within)
        ]
        assert (found.lowest, found.highest) == (float(min(sums)), float(max(sums)))
        assert found.middle == float((min(sums) + max(sums)) / 2)


@given(appraisals(most_criteria=2, most_options=3))
def test_one_beats_another_where_no_scores_and_no_weights_put_it_behind(appraisal: Appraisal) -> None:
    """Weights for one criterion alone stand for all: what holds for each of them holds for any mixture."""
    within = {
        option.id: list(product(*(range(score.low, score.high + 1) for score in option.scores)))
        for option in appraisal.options
    }
    expected: dict[str, set[str]] = {}
    for one, other in product(within, within):
        pairs = list(product(within[one], within[other]))
        is_never_behind = all(mine >= theirs for a, b in pairs for mine, theirs in zip(a, b, strict=True))
        if is_never_behind and all(a != b for a, b in pairs):
            expected.setdefault(other, set()).add(one)
    found = weigh_options(appraisal, seed=1, draws=1).beaten
    assert {each.option_id: set(each.by) for each in found} == expected


@given(appraisals())
def test_a_lead_holds_up_to_its_turning_points_and_no_further(appraisal: Appraisal) -> None:
    found = weigh_options(appraisal, seed=1, draws=1)
    total = sum(criterion.weight for criterion in appraisal.criteria)
    if len(appraisal.criteria) == 1 or len(found.leaders) > 1:
        assert found.turns == ()
        return
    for place, criterion in enumerate(appraisal.criteria):
        share = Fraction(criterion.weight, total)
        assert leaders_of(middles_at(appraisal, place, share)) == found.leaders
        turns = [turn for turn in found.turns if turn.criterion_id == criterion.id]
        for direction, end in ((1, Fraction(1)), (-1, Fraction(0))):
            own = [turn for turn in turns if (turn.at > turn.share) == (direction > 0)]
            assert len(own) <= 1
            at = Fraction(own[0].at).limit_denominator(10_000) if own else end
            for step in range(20):
                middles = middles_at(appraisal, place, share + (at - share) * Fraction(step, 20))
                assert leaders_of(middles) == found.leaders
            if own:
                assert 0 < own[0].at < 1
                assert own[0].share == float(share)
                assert leaders_of(middles_at(appraisal, place, at + direction * HAIR)) == own[0].leaders


@given(appraisals(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_shares_and_each_draw_has_a_first(appraisal: Appraisal, seed: int) -> None:
    found = weigh_options(appraisal, seed=seed, draws=7)
    assert found == weigh_options(appraisal, seed=seed, draws=7)
    assert sum(each.first for each in found.standings) == pytest.approx(1)
    assert sum(each.first_any_weights for each in found.standings) == pytest.approx(1)
    assert from_json(WeighedOptions, to_json(found)) == found


def test_shares_are_those_worked_out_by_hand() -> None:
    # One of 2 to 8 is below one of 0 to 4 in a triangle of 2 by 2 within 6 by 4.
    ranges = weigh_options(of([1], [(2, 8)], [(0, 4)]), seed=3, draws=20_000)
    assert ranges.standings[0].first == pytest.approx(1 - 2 / 24, abs=0.01)
    # 9 and 1 are above 1 and 5 as soon as the first criterion weighs more than a third.
    fixed = weigh_options(of([1, 9], [(9, 9), (1, 1)], [(1, 1), (5, 5)]), seed=3, draws=20_000)
    assert fixed.standings[0].first == 0
    assert fixed.standings[0].first_any_weights == pytest.approx(2 / 3, abs=0.01)


def test_what_is_equal_shares_the_first_place() -> None:
    found = weigh_options(of([3, 7], [(7, 7), (0, 0)], [(0, 0), (3, 3)]), seed=1, draws=50)
    assert found.leaders == ("o0", "o1")
    assert found.turns == ()
    assert [each.first for each in found.standings] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("weights", "options", "path"),
    [
        ([], [[], []], "criteria"),
        ([1], [[(1, 2)]], "options"),
        ([0], [[(1, 2)], [(1, 2)]], "criteria[0].weight"),
        ([1, 101], [[(1, 2)] * 2, [(1, 2)] * 2], "criteria[1].weight"),
        ([1], [[(1, 2)], []], "options[1].scores"),
        ([1], [[(1, 2)], [(2, 1)]], "options[1].scores[0]"),
        ([1], [[(0, 11)], [(1, 2)]], "options[0].scores[0]"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    weights: list[int], options: list[list[tuple[int, int]]], path: str
) -> None:
    with pytest.raises(AppraisalError) as refused:
        of(weights, *options)
    assert refused.value.path == path


def test_an_id_that_comes_twice_is_refused() -> None:
    one = Option("same", (ScoreRange(1, 2),))
    with pytest.raises(AppraisalError, match="options: an id comes twice"):
        Appraisal((Criterion("c", 1),), (one, one))


def test_a_page_can_weigh_without_numerical_libraries() -> None:
    asked = "import sys, intelligence; intelligence.weigh_options; sys.exit('numpy' in sys.modules)"
    assert run([sys.executable, "-c", asked], check=False).returncode == 0
