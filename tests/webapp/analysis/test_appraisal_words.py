"""What an appraisal says of weights and of shares of draws, whatever the scores."""

from __future__ import annotations

import random
from dataclasses import replace

from intelligence.appraisal.problem import Appraisal, Criterion, Option, ScoreRange
from intelligence.appraisal.result import Turn
from intelligence.appraisal.weigh import weigh_options
from webapp.analysis.appraisals.content import Appraised, AppraisedCriterion, AppraisedOption
from webapp.analysis.appraisals.pages import appraisal_page
from webapp.analysis.appraisals.words import sensitivity


def appraised(of: Appraisal) -> Appraised:
    criteria = tuple(AppraisedCriterion(each.id, each.id, "", each.weight) for each in of.criteria)
    options = tuple(AppraisedOption(each.id, each.id, "", None, "", "", "", "", "", ()) for each in of.options)
    return Appraised("How to buy", "", criteria, options, None, None, "", "")


def drawn(luck: random.Random) -> Appraisal:
    criteria, options = luck.randint(2, 6), luck.randint(2, 5)
    return Appraisal(
        tuple(Criterion(str(place), luck.randint(1, 100)) for place in range(criteria)),
        tuple(
            Option(
                str(place),
                tuple(ScoreRange(*sorted((luck.randint(0, 10), luck.randint(0, 10)))) for _ in range(criteria)),
            )
            for place in range(options)
        ),
    )


def test_no_weight_is_less_than_nothing_or_more_than_everything() -> None:
    luck, said = random.Random(3), ""  # noqa: S311  # the same each time
    for _ in range(600):
        of = drawn(luck)
        said += " ".join(sensitivity(appraised(of), weigh_options(of, seed=1, draws=1)))
    for never in ("less than 0%", "more than 100%", "weighs 0% now"):
        assert never not in said
    assert "stays first unless it weighs less than 0." in said


def test_a_limit_that_rounds_to_the_end_is_said_in_words() -> None:
    of = drawn(random.Random(1))  # noqa: S311
    first, other = (each.id for each in of.options[:2])
    (criterion, *_rest) = of.criteria
    found = replace(weigh_options(of, seed=1, draws=1), leaders=(first,), beaten=())
    for at, said in ((0.0004, "next to nothing"), (0.9999, "next to everything"), (0.004, "less than 0.4%")):
        turned = replace(found, turns=(Turn(criterion.id, 0.3, at, (other,)),))
        assert f"unless it weighs {said}, when" in sensitivity(appraised(of), turned)[0]


def test_shares_of_draws_are_all_or_none_only_where_they_are() -> None:
    of = drawn(random.Random(1))  # noqa: S311
    found = weigh_options(of, seed=1, draws=1)
    for share, said in ((0.9996, ">99%"), (1.0, "100%"), (0.0, "0%"), (0.0005, "<1%"), (0.5, "50%")):
        standings = tuple(replace(each, first=share, first_any_weights=share) for each in found.standings)
        rows = appraisal_page(replace(appraised(of), weighed=replace(found, standings=standings))).standing_rows
        assert rows[0][-2:] == (said, said)
