"""Where the questions about a route lead, against the guidance's own order."""

from itertools import product

import pytest

from intelligence.market import Route
from intelligence.schedule.route_choice import OUTCOMES, QUESTIONS, walk

HEALTH = {"health": "yes", "began": "no", "framework": "no"}
KNOWN = HEALTH | {"existing": "yes", "only_capable": "no", "choice": "no"}
GOOD = KNOWN | {"expiring": "yes", "satisfied": "yes"}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (HEALTH | {"framework": "yes"}, "must be used"),
        (HEALTH | {"existing": "no", "choice_anew": "no", "suitable": "no"}, "is the one to use"),
        (HEALTH | {"existing": "yes", "only_capable": "yes"}, "must be used"),
        (GOOD | {"considerable": "no", "wish": "yes"}, "may be used"),
        (HEALTH | {"began": "yes"}, "under the light touch"),
        ({"health": "no", "other_began": "yes"}, "if it does not apply, say yourself"),
    ],
)
def test_an_outcome_says_no_more_than_the_law(answers: dict[str, str], words: str) -> None:
    outcome = walk(answers).outcome
    assert outcome is not None
    assert words in outcome.words


@pytest.mark.parametrize(
    ("answers", "route"),
    [
        (HEALTH | {"existing": "yes", "only_capable": "yes"}, Route.PSR_DIRECT_A),
        (HEALTH | {"existing": "yes", "only_capable": "no", "choice": "yes"}, Route.PSR_DIRECT_B),
        (HEALTH | {"existing": "no", "choice_anew": "yes"}, Route.PSR_DIRECT_B),
        (GOOD | {"considerable": "no", "wish": "yes"}, Route.PSR_DIRECT_C),
        (GOOD | {"considerable": "no", "wish": "no", "suitable": "yes"}, Route.PSR_MOST_SUITABLE),
        (GOOD | {"considerable": "yes", "suitable": "no"}, Route.PSR_COMPETITIVE),
        (KNOWN | {"expiring": "yes", "satisfied": "no", "suitable": "yes"}, Route.PSR_MOST_SUITABLE),
        (HEALTH | {"framework": "yes", "existing": "yes", "only_capable": "yes"}, Route.PSR_COMPETITIVE),
        (HEALTH | {"began": "yes"}, Route.PCR_LIGHT_TOUCH),
        ({"health": "no", "other_began": "no", "direct": "no", "one_stage": "yes"}, Route.PA23_OPEN),
        ({"health": "no", "other_began": "no", "direct": "no", "one_stage": "no"}, Route.PA23_COMPETITIVE_FLEXIBLE),
        ({"health": "no", "other_began": "no", "direct": "yes"}, None),
    ],
)
def test_answers_lead_to_the_route_of_the_guidance(answers: dict[str, str], route: Route | None) -> None:
    outcome = walk(answers).outcome
    assert outcome is not None
    assert outcome.route is route


def test_direct_award_c_needs_every_condition() -> None:
    conditions = {"expiring": "yes", "satisfied": "yes", "considerable": "no", "wish": "yes"}
    for values in product(("yes", "no"), repeat=len(conditions)):
        answers = KNOWN | dict(zip(conditions, values, strict=True)) | {"suitable": "no"}
        outcome = walk(answers).outcome
        assert outcome is not None
        assert (outcome.route is Route.PSR_DIRECT_C) == (answers.items() >= conditions.items())


def test_every_question_is_reached_and_every_way_ends() -> None:
    reached, ends = set(), set()

    def follow(answers: dict[str, str]) -> None:
        place = walk(answers).next
        if place.id in OUTCOMES:
            ends.add(place.id)
            return
        reached.add(place.id)
        for option in QUESTIONS[place.id].options:
            follow(answers | {place.id: option.value})

    follow({})
    assert reached == set(QUESTIONS)
    assert ends == set(OUTCOMES)


def test_an_answer_changed_early_leaves_the_later_ones_out_of_the_way() -> None:
    walked = walk(GOOD | {"existing": "no", "considerable": "no"})
    assert [question.id for question, _ in walked.steps][-1] == "existing"
    assert walked.next.id == "choice_anew"


def test_an_answer_that_is_no_option_is_asked_again() -> None:
    assert walk({"health": "perhaps"}).next.id == "health"
