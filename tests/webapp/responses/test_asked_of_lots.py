"""Whatever the conditions, lots and answers: what is refused is what nobody could be asked, and nothing else is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from webapp.engagements.builder.arrangement import left_without_lots, never_satisfied
from webapp.engagements.conditions import Comparison, Condition, Conditions, Joining
from webapp.models import AskedPer, Lot, Measure, Question, QuestionKind, Section
from webapp.responses.drafts import Draft, Saved
from webapp.responses.questionnaire import Questionnaire

LOTS = [Lot(id=uuid.UUID(int=place), code=f"D{place}", title="Dental") for place in (1, 2)]
ANSWERS = ("", "a", "b")
SAVED_AT = datetime(2026, 11, 23, tzinfo=UTC)


def limits() -> st.SearchStrategy[frozenset[str]]:
    return st.sets(st.sampled_from([str(lot.id) for lot in LOTS])).map(frozenset)


def conditions() -> st.SearchStrategy[Conditions]:
    one = st.one_of(
        st.builds(Condition, st.just("q"), st.just(test), st.sampled_from([("a",), ("b",)]), limits())
        for test in (Comparison.IS, Comparison.IS_NOT)
    )
    several = st.lists(one, min_size=1, max_size=3, unique=True).map(tuple)
    return st.builds(Conditions, several, st.sampled_from(Joining))


def asking(under: Conditions, scope: AskedPer) -> tuple[Sequence[Section], Question]:
    """A question that is asked under conditions about another, which is asked of each lot."""
    first = Question(key="q", kind=QuestionKind.ONE_OF, asked_per=AskedPer.LOT, wording="Q?", options=[])
    asked = Question(key="asked", kind=QuestionKind.TEXT, asked_per=scope, wording="A?", asked_if=under.as_json())
    sections = [Section(id=uuid.uuid4(), slug=each.key, title=each.key, questions=[each]) for each in (first, asked)]
    return sections, asked


def about(draft: Draft) -> set[Lot | None]:
    return {item.lot for item in draft.items(draft.sections[1])}


def drafts(sections: Sequence[Section]) -> Iterator[tuple[tuple[str, ...], Draft]]:
    """Every way to answer the first question, lot by lot."""
    questionnaire = Questionnaire(sections)
    for answers in product(ANSWERS, repeat=len(LOTS)):
        typed = {"q": {str(lot.id): answer for lot, answer in zip(LOTS, answers, strict=True) if answer}}
        saved = Saved(sections[0].id, 1, typed, SAVED_AT, uuid.uuid4(), "Ann")
        yield answers, Draft(questionnaire, LOTS, {sections[0].id: saved})


@given(conditions(), st.sampled_from([AskedPer.LOT, AskedPer.CHOSEN_LOT]))
def test_about_a_lot_it_is_refused_just_if_no_answers_have_it_asked(under: Conditions, scope: AskedPer) -> None:
    sections, question = asking(under, scope)
    refused = never_satisfied(under, {"q": sections[0].questions[0]}, about_a_lot=True)
    refused = refused or left_without_lots(question, under)
    assert bool(refused) is not any(about(draft) for _answers, draft in drafts(sections))


@given(conditions())
def test_asked_once_it_is_never_refused_if_some_answers_have_it_asked(under: Conditions) -> None:
    sections, _question = asking(under, AskedPer.RESPONSE)
    refused = never_satisfied(under, {"q": sections[0].questions[0]}, about_a_lot=False)
    assert not (refused and any(about(draft) for _answers, draft in drafts(sections)))


def test_a_lot_of_whose_interest_is_not_asked_is_not_chosen_whatever_an_earlier_version_saved() -> None:
    only = Conditions((Condition("q", Comparison.IS_NOT, ("b",), frozenset({str(LOTS[0].id)})),))
    sections, interest = asking(only, AskedPer.LOT)
    interest.kind, interest.measure = QuestionKind.ONE_OF, Measure.INTEREST_LEVEL
    typed = {"asked": {str(lot.id): "likely" for lot in LOTS}}
    saved = Saved(sections[1].id, 1, typed, SAVED_AT, uuid.uuid4(), "Ann")
    assert Draft(Questionnaire(sections), LOTS, {sections[1].id: saved}).chosen_lots == LOTS[:1]


@given(conditions())
def test_it_is_asked_about_a_lot_just_if_the_conditions_for_that_lot_hold(under: Conditions) -> None:
    sections, _question = asking(under, AskedPer.LOT)
    for answers, draft in drafts(sections):
        expected = {
            lot
            for lot, answer in zip(LOTS, answers, strict=True)
            if under.hold(
                lambda each, lot=lot, answer=answer: (
                    (not each.lots or str(lot.id) in each.lots)
                    and (answer in each.values) is (each.test is Comparison.IS)
                )
            )
        }
        assert about(draft) == expected
