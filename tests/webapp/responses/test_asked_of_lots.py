"""Whatever the conditions, lots and answers: what is refused is what nobody could be asked, and nothing else is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, product

import pytest

from webapp.engagements.builder.arrangement import never_satisfied, newly_without_lots
from webapp.engagements.conditions import Comparison, Condition, Conditions, Joining
from webapp.models import AskedPer, Lot, Measure, Question, QuestionKind, Section
from webapp.responses.drafts import Draft, Saved
from webapp.responses.questionnaire import Questionnaire

LOTS = [Lot(id=uuid.UUID(int=place), code=f"D{place}", title="Dental") for place in (1, 2)]
ANSWERS = ("", "a", "b", "c")
SAVED_AT = datetime(2026, 11, 23, tzinfo=UTC)


LIMITS = [frozenset(map(str, ids)) for ids in ((), (LOTS[0].id,), (LOTS[1].id,), (LOTS[0].id, LOTS[1].id))]
ONE = [
    Condition("q", test, (value,), limit)
    for test, value, limit in product((Comparison.IS, Comparison.IS_NOT), ("a", "b"), LIMITS)
]
EVERY = [Conditions(each, joining) for many in (1, 2) for each in combinations(ONE, many) for joining in Joining]
"""All conditions about one question, alone and in pairs."""


def asking(under: Conditions, scope: AskedPer, measure: Measure | None = None) -> tuple[Sequence[Section], Question]:
    """A question that is asked under conditions about another, which is asked of each lot."""
    first = Question(
        key="q", kind=QuestionKind.ONE_OF, asked_per=AskedPer.LOT, wording="Q?", options=[], measure=measure
    )
    asked = Question(key="asked", kind=QuestionKind.TEXT, asked_per=scope, wording="A?", asked_if=under.as_json())
    sections = [Section(id=uuid.uuid4(), slug=each.key, title=each.key, questions=[each]) for each in (first, asked)]
    return sections, asked


def about(draft: Draft) -> set[Lot | None]:
    return {item.lot for item in draft.items(draft.sections[1])}


def drafts(sections: Sequence[Section], possible: Sequence[str] = ANSWERS) -> Iterator[tuple[tuple[str, ...], Draft]]:
    """Every way to answer the first question, lot by lot."""
    questionnaire = Questionnaire(sections)
    for answers in product(possible, repeat=len(LOTS)):
        typed = {"q": {str(lot.id): answer for lot, answer in zip(LOTS, answers, strict=True) if answer}}
        saved = Saved(sections[0].id, 1, typed, SAVED_AT, uuid.uuid4(), "Ann")
        yield answers, Draft(questionnaire, LOTS, {sections[0].id: saved})


def after(key: str, under: Conditions | None, scope: AskedPer) -> Section:
    """A section with one question, of which an answer is "a" or "b"."""
    asked = Question(key=key, kind=QuestionKind.ONE_OF, asked_per=scope, wording=key, options=[])
    asked.asked_if = under.as_json() if under else None
    return Section(id=uuid.uuid4(), slug=key, title=key, questions=[asked])


@pytest.mark.parametrize("scope", [AskedPer.LOT, AskedPer.RESPONSE])
@pytest.mark.parametrize("test", [Comparison.IS, Comparison.IS_NOT])
def test_limits_are_followed_through_what_a_question_depends_on(scope: AskedPer, test: Comparison) -> None:
    """Of every chain of three, the last can be about just those lots about which some answers have it asked."""
    for first, then, last in product(LIMITS, repeat=3):
        chain = [after("q", None, AskedPer.LOT)]
        for key, on, limit, about_lots in (("r", "q", first, AskedPer.LOT), ("s", "r", then, scope)):
            chain.append(after(key, Conditions((Condition(on, Comparison.IS, ("a",), limit),)), about_lots))
        of_s = last if scope is AskedPer.LOT else frozenset[str]()
        chain.append(after("t", Conditions((Condition("s", test, ("a",), of_s),)), AskedPer.LOT))
        questionnaire, question = Questionnaire(chain), chain[-1].questions[0]
        every = {str(lot.id): "a" for lot in LOTS}
        asked: set[Lot | None] = set()
        for said in ("a", "b"):
            typed = {"q": every, "r": every, "s": dict.fromkeys(every, said) if scope is AskedPer.LOT else said}
            saved = {
                each.id: Saved(each.id, 1, {key: typed[key]}, SAVED_AT, uuid.uuid4(), "Ann")
                for each, key in zip(chain, typed, strict=False)
            }
            asked |= {item.lot for item in Draft(questionnaire, LOTS, saved).items(chain[-1])}
        assert asked == {lot for lot in LOTS if questionnaire.can_be_about(question, lot)}, (first, then, last)


@pytest.mark.parametrize("scope", [AskedPer.LOT, AskedPer.RESPONSE])
@pytest.mark.parametrize(("then", "last"), list(product((Comparison.IS, Comparison.IS_NOT), repeat=2)))
def test_what_needs_a_chosen_lot_before_one_can_be_chosen_is_followed(
    scope: AskedPer, then: Comparison, last: Comparison
) -> None:
    """The question about interest can be asked just if some answers have it asked while no interest is declared."""
    chain = [
        after("early", None, AskedPer.CHOSEN_LOT),
        after("between", Conditions((Condition("early", then, ("a",)),)), scope),
        after("interest", Conditions((Condition("between", last, ("a",)),)), AskedPer.LOT),
    ]
    assert_asked_just_where_it_can_be(chain, interest=chain[2], last=chain[2])


@pytest.mark.parametrize("scope", [AskedPer.LOT, AskedPer.RESPONSE])
@pytest.mark.parametrize(("first", "then", "last"), list(product((Comparison.IS, Comparison.IS_NOT), repeat=3)))
def test_no_interest_is_followed_through_a_question_between(
    scope: AskedPer, first: Comparison, then: Comparison, last: Comparison
) -> None:
    """No chosen lot has the answer that there is no interest, nor an answer that only those without interest give."""
    chain = [
        after("interest", None, AskedPer.LOT),
        after("why", Conditions((Condition("interest", first, ("no",)),)), scope),
        after("how", Conditions((Condition("why", then, ("a",)),)), AskedPer.LOT),
        after("chosen", Conditions((Condition("how", last, ("a",)),)), AskedPer.CHOSEN_LOT),
    ]
    assert_asked_just_where_it_can_be(chain, interest=chain[0], last=chain[3])


def assert_asked_just_where_it_can_be(chain: Sequence[Section], *, interest: Section, last: Section) -> None:
    interest.questions[0].measure = Measure.INTEREST_LEVEL
    questionnaire = Questionnaire(chain)
    ways = [{str(lot.id): said for lot, said in zip(LOTS, way, strict=True)} for way in product(("a", "no"), repeat=2)]
    asked: set[Lot | None] = set()
    for given in product(ways, repeat=len(chain)):
        saved = {}
        for section, about_lots in zip(chain, given, strict=True):
            key, is_about_a_lot = section.slug, section.questions[0].is_about_a_lot
            typed = {key: about_lots if is_about_a_lot else about_lots[str(LOTS[0].id)]}
            saved[section.id] = Saved(section.id, 1, typed, SAVED_AT, uuid.uuid4(), "Ann")
        asked |= {item.lot for item in Draft(questionnaire, LOTS, saved).items(last)}
    assert asked == {lot for lot in LOTS if questionnaire.can_be_about(last.questions[0], lot)}


def test_a_question_is_judged_once_however_many_ways_lead_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = [after("q0", None, AskedPer.RESPONSE)]
    for place in range(1, 40):
        earlier = [f"q{each}" for each in range(max(0, place - 3), place)]
        under = Conditions(tuple(Condition(key, Comparison.IS, ("a",)) for key in earlier))
        chain.append(after(f"q{place}", under, AskedPer.RESPONSE))
    saved = {each.id: Saved(each.id, 1, {each.slug: "a"}, SAVED_AT, uuid.uuid4(), "Ann") for each in chain}
    judged: list[Conditions] = []

    def hold(self: Conditions, holds: Callable[[Condition], bool]) -> bool:
        judged.append(self)
        assert len(judged) <= len(chain)
        return all(map(holds, self.each))

    draft = Draft(Questionnaire(chain), LOTS, saved)
    monkeypatch.setattr(Conditions, "hold", hold)
    assert len(draft.items(chain[-1])) == 1


MEASURES = pytest.mark.parametrize("measure", [None, Measure.INTEREST_LEVEL])


@pytest.mark.parametrize("scope", AskedPer)
@MEASURES
def test_they_are_refused_just_if_no_answers_have_it_asked(scope: AskedPer, measure: Measure | None) -> None:
    for under in (*EVERY, *(Conditions((about_no(one),)) for one in ONE)):
        sections, question = asking(under, scope, measure)
        questions = {"q": sections[0].questions[0]}
        refused = never_satisfied(under, questions, about_a_lot=question.is_about_a_lot)
        stored, question.asked_if = question.asked_if, None
        refused = refused or newly_without_lots(question, under, sections)
        question.asked_if = stored
        assert bool(refused) is not any(about(draft) for _answers, draft in drafts(sections, (*ANSWERS, "no"))), under


@pytest.mark.parametrize("said", ["a", "b"])
def test_a_lot_of_whose_interest_is_not_asked_is_not_chosen_whatever_was_saved(said: str) -> None:
    only = Conditions((Condition("q", Comparison.IS, ("a",), frozenset({str(LOTS[0].id)})),))
    sections, interest = asking(only, AskedPer.LOT)
    interest.kind, interest.measure = QuestionKind.ONE_OF, Measure.INTEREST_LEVEL
    typed = ({"q": {str(lot.id): said for lot in LOTS}}, {"asked": {str(lot.id): "likely" for lot in LOTS}})
    saved = {
        section.id: Saved(section.id, 1, answers, SAVED_AT, uuid.uuid4(), "Ann")
        for section, answers in zip(sections, typed, strict=True)
    }
    assert Draft(Questionnaire(sections), LOTS, saved).chosen_lots == (LOTS[:1] if said == "a" else [])


@pytest.mark.parametrize("test", [Comparison.IS, Comparison.IS_NOT])
def test_an_answer_about_a_lot_that_is_chosen_no_more_counts_as_none(test: Comparison) -> None:
    chain = [after("q", None, AskedPer.LOT), after("r", None, AskedPer.CHOSEN_LOT)]
    chain.append(after("s", Conditions((Condition("r", test, ("a",)),)), AskedPer.LOT))
    chain[0].questions[0].measure = Measure.INTEREST_LEVEL
    first, second = (str(lot.id) for lot in LOTS)
    typed = {"q": {first: "likely", second: "no"}, "r": {first: "a", second: "a"}}
    saved = {
        each.id: Saved(each.id, 1, {each.slug: typed[each.slug]}, SAVED_AT, uuid.uuid4(), "Ann") for each in chain[:2]
    }
    asked = {item.lot for item in Draft(Questionnaire(chain), LOTS, saved).items(chain[2])}
    assert asked == ({LOTS[0]} if test is Comparison.IS else {LOTS[1]})


@MEASURES
def test_it_is_asked_about_a_lot_just_if_the_conditions_for_that_lot_hold(measure: Measure | None) -> None:
    for under in EVERY:
        sections, _question = asking(under, AskedPer.LOT, measure)
        for answers, draft in drafts(sections):
            given = zip(LOTS, answers, strict=True)
            asked = {
                lot for lot, answer in given if holds_for(lot, answer, under, interests=measure is None or bool(answer))
            }
            assert about(draft) == asked, (under, answers)


@MEASURES
def test_what_is_asked_once_is_asked_just_if_each_condition_holds_for_a_lot(measure: Measure | None) -> None:
    """An answer counts whether or not the lot is of interest; that it is not given counts for lots of interest."""
    for stored in EVERY:
        under = Conditions(tuple(about_no(each) for each in stored.each), stored.joining)
        sections, _question = asking(under, AskedPer.RESPONSE, measure)
        for answers, draft in drafts(sections, ("", "a", "no")):
            given = list(zip(LOTS, answers, strict=True))
            judged = [
                any(
                    holds_for(lot, answer, Conditions((each,)))
                    and (each.test is Comparison.IS or measure is None or answer == "a")
                    for lot, answer in given
                )
                for each in under.each
            ]
            is_asked = all(judged) if under.joining is Joining.ALL else any(judged)
            assert bool(about(draft)) is is_asked, (under, answers)


def about_no(condition: Condition) -> Condition:
    """With an answer among its values that says that a lot is of no interest."""
    return replace(condition, values=tuple("no" if value == "b" else value for value in condition.values))


def holds_for(lot: Lot, answer: str, under: Conditions, *, interests: bool = True) -> bool:
    """By the words of the rule, for one lot alone."""
    judged = [
        (not each.lots or str(lot.id) in each.lots)
        and (answer in each.values) is (each.test is Comparison.IS)
        and (interests or not each.lots or each.test is Comparison.IS)
        for each in under.each
    ]
    return all(judged) if under.joining is Joining.ALL else any(judged)
