"""The rules for one answer, by kind."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.models import Measure, Question, QuestionKind
from webapp.responses import questions
from webapp.responses.items import AnswerError, Item, Typed

OPTIONS = [{"value": "a", "label": "First"}, {"value": "b", "label": "Second"}]


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
