"""The rules for one answer, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from webapp.models import Measure, Organisation, ProviderKind, ProviderSize, Question, QuestionKind
from webapp.responses import questions
from webapp.responses.items import AnswerError, Item, Typed
from webapp.responses.prefilling import known

OPTIONS = [{"value": "a", "label": "First"}, {"value": "b", "label": "Second"}]


def asking_once(kind: QuestionKind, key: str, options: Sequence[dict[str, str]] = ()) -> Item:
    return Item(Question(kind=kind, key=key, wording="What?", options=options))


def asking(kind: QuestionKind, **given: Any) -> Item:
    return Item(Question(kind=kind, key="key", wording="What?", options=OPTIONS, **given))


@pytest.mark.parametrize(
    ("kind", "typed", "value", "shown"),
    [
        (QuestionKind.TEXT, " as typed ", " as typed ", " as typed "),
        (QuestionKind.LONG_TEXT, "two\nlines", "two\nlines", "two\nlines"),
        (QuestionKind.ONE_OF, "b", "b", "Second"),
        (QuestionKind.SOME_OF, ["b", "a"], ["a", "b"], "First\nSecond"),
        (QuestionKind.YES_NO, "no", False, "No"),
        (QuestionKind.WHOLE_NUMBER, "1,200", 1200, "1,200"),
        (QuestionKind.NUMBER, "4.50", 4.5, "4.5"),
        (QuestionKind.MONEY, "£1,200.5", 1200.5, "£1,200.50"),
        (QuestionKind.MONEY, "£250,000", 250_000, "£250,000"),
        (QuestionKind.DATE, ["1", "4", "2031"], "2031-04-01", "1 April 2031"),
        (QuestionKind.DATE, ["29", "Feb", "2028"], "2028-02-29", "29 February 2028"),
    ],
)
def test_what_was_typed_becomes_a_value_and_is_shown_again(
    kind: QuestionKind, typed: Typed, value: object, shown: str
) -> None:
    asked = asking(kind)
    assert questions.read(asked, typed) == value
    assert type(questions.read(asked, typed)) is type(value)
    assert questions.show_typed(asked, typed) == shown


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        (QuestionKind.TEXT, "x" * 1_001, "must be 1,000 characters or fewer"),
        (QuestionKind.LONG_TEXT, "x" * 20_001, "must be 20,000 characters or fewer"),
        (QuestionKind.ONE_OF, "c", "must be one of the options shown"),
        (QuestionKind.SOME_OF, ["a", "c"], "must be from the options shown"),
        (QuestionKind.YES_NO, "maybe", "must be one of the options shown"),
        (QuestionKind.WHOLE_NUMBER, "1.5", "must be a whole number, like 1,200"),
        (QuestionKind.WHOLE_NUMBER, "-1", "must be 0 or more"),
        (QuestionKind.WHOLE_NUMBER, "9" * 11, "must be 1,000,000,000 or less"),
        (QuestionKind.NUMBER, "abc", "must be a number, like 1,200"),
        (QuestionKind.MONEY, "1.234", "must have 2 decimal places or fewer"),
        (QuestionKind.DATE, ["1", "", "2031"], "must include a month"),
        (QuestionKind.DATE, ["30", "2", "2031"], "must be a real date, like 27 3 2027"),
        (QuestionKind.DATE, ["27", "3", "27"], "must be a real date, like 27 3 2027"),
    ],
)
def test_what_cannot_be_used_says_why_and_is_shown_as_it_stands(kind: QuestionKind, typed: Typed, reason: str) -> None:
    asked = asking(kind)
    with pytest.raises(AnswerError, match=reason):
        questions.read(asked, typed)
    assert questions.show_typed(asked, typed) == (typed if isinstance(typed, str) else " ".join(typed))


@pytest.mark.parametrize(
    ("measure", "most"),
    [
        (Measure.WTE_AT_START, "10,000"),
        (Measure.WTE_MONTH_6, "10,000"),
        (Measure.MOBILISATION_MONTHS, "60"),
        (Measure.HELD_AT_MOST, "1,000"),
    ],
)
def test_more_than_anybody_can_mean_is_refused(measure: Measure, most: str) -> None:
    asked = asking(QuestionKind.NUMBER, measure=measure)
    assert questions.show_typed(asked, most) == most
    with pytest.raises(AnswerError, match=f"must be {most} or less"):
        questions.read(asked, f"{most}.01")


@pytest.mark.parametrize(
    ("typed", "value"), [("1.5m", 1_500_000), ("£250k", 250_000), ("1,2 million", None), ("£2.25 Million", 2_250_000)]
)
def test_money_may_be_written_for_short(typed: str, value: int | None) -> None:
    if value is None:
        with pytest.raises(AnswerError, match="must be a number, like 1,200"):
            questions.read(asking(QuestionKind.MONEY), typed)
    else:
        assert questions.read(asking(QuestionKind.MONEY), typed) == value


@pytest.mark.parametrize("typed", ["200bn", "£200,000,000,000"])
def test_more_money_than_there_is_is_refused(typed: str) -> None:
    with pytest.raises(AnswerError, match="must be 100,000,000,000 or less"):
        questions.read(asking(QuestionKind.MONEY), typed)


@pytest.mark.parametrize(
    ("typed", "blank"), [(None, True), ("", True), (" \n", True), ([], True), (["", ""], True), ("0", False)]
)
def test_spaces_alone_are_no_answer_but_zero_is(typed: Typed | None, blank: bool) -> None:
    assert questions.is_blank(typed) is blank


def test_a_registered_number_has_the_form_that_registration_asks_for() -> None:
    asked = Item(Question(kind=QuestionKind.TEXT, key="cqc_provider_id", wording="Which?", options=[]))
    assert questions.read(asked, " 1-101641521 ") == "1-101641521"
    with pytest.raises(AnswerError, match="the answer: CQC provider ID must be 1, a hyphen and 8 to 12 numbers"):
        questions.read(asked, "nonsense")


def test_what_an_organisation_said_is_offered_where_the_question_takes_it() -> None:
    organisation = Organisation(
        name="Acme Ltd",
        provider_kind=ProviderKind.CHARITY,
        size=ProviderSize.LARGE,
        vcse=True,
        charity_number="1089464",
    )
    kinds = [{"value": "charity", "label": "Charity"}]
    asked = {
        "legal_name": asking_once(QuestionKind.TEXT, "legal_name"),
        "registered_numbers": asking_once(QuestionKind.TEXT, "registered_numbers"),
        "organisation_kind": asking_once(QuestionKind.ONE_OF, "organisation_kind", options=kinds),
        "organisation_size": asking_once(QuestionKind.ONE_OF, "organisation_size", options=kinds),
        "is_sme": asking_once(QuestionKind.YES_NO, "is_sme"),
        "is_vcse": asking_once(QuestionKind.YES_NO, "is_vcse"),
        "cqc_provider_id": asking_once(QuestionKind.TEXT, "cqc_provider_id"),
        "other": asking_once(QuestionKind.TEXT, "other"),
    }
    offered = known(list(asked.values()), organisation)
    assert {item.question.key: text for item, text in offered.items()} == {
        "legal_name": "Acme Ltd",
        "registered_numbers": "1089464",
        "organisation_kind": "charity",  # of other sizes the question knows nothing
        "is_sme": "no",
        "is_vcse": "yes",
    }
