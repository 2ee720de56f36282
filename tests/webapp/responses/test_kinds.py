"""The kinds with several boxes: rankings, packages, ranges and rows."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from webapp.models import AskedPer, Lot, Question, QuestionKind, Section
from webapp.responses import questions
from webapp.responses.controls import Control
from webapp.responses.drafts import Draft, Problems, read_item
from webapp.responses.items import AnswerError, Item, Typed
from webapp.responses.questionnaire import Questionnaire
from webapp.responses.section_blocks import section_page

LOTS = tuple(Lot(id=uuid.UUID(int=number), code=f"L{number}", title=f"Lot {number}") for number in (1, 2, 3))
FIRST, SECOND, THIRD = (str(lot.id) for lot in LOTS)
GONE = str(uuid.UUID(int=9))
COLUMNS = [
    {"value": "site", "label": "Site", "kind": "text"},
    {"value": "from", "label": "From", "kind": "month"},
    {"value": "to", "label": "To", "kind": "month"},
    {"value": "value", "label": "Value", "kind": "money"},
]


def asking(kind: QuestionKind) -> Item:
    question = Question(
        id=uuid.uuid4(), kind=kind, key="key", wording="What?", options=COLUMNS, asked_per=AskedPer.RESPONSE
    )
    return Item(question, among=LOTS)


RANKING, PACKAGES, MONEY, DATES, ROWS = (
    asking(kind)
    for kind in (
        QuestionKind.RANKING,
        QuestionKind.PACKAGES,
        QuestionKind.MONEY_RANGE,
        QuestionKind.DATE_RANGES,
        QuestionKind.ROWS,
    )
)


@pytest.mark.parametrize(
    ("item", "typed", "value", "shown"),
    [
        (RANKING, [[THIRD, "1"], [FIRST, " 2 "]], [THIRD, FIRST], "1. L3: Lot 3\n2. L1: Lot 1"),
        (RANKING, [[GONE, "1"], [FIRST, "1"]], [FIRST], "1. L1: Lot 1"),
        (PACKAGES, [[SECOND, FIRST], [SECOND, THIRD]], [[FIRST, SECOND], [SECOND, THIRD]], None),
        (PACKAGES, [[GONE]], [], ""),
        (
            MONEY,
            ["£250,000", "1,000,000.5"],
            {"smallest": 250_000, "largest": 1_000_000.5},
            "£250,000 to £1,000,000.50",
        ),
        (MONEY, ["", "10"], {"smallest": None, "largest": 10}, "£10 or less"),
        (MONEY, ["10", " "], {"smallest": 10, "largest": None}, "£10 or more"),
        (
            DATES,
            [["1", "8", "2031", "31", "8", "2031"], ["24", "12", "2031", "24", "12", "2031"]],
            [{"from": "2031-08-01", "to": "2031-08-31"}, {"from": "2031-12-24", "to": "2031-12-24"}],
            "1 August 2031 to 31 August 2031\n24 December 2031 to 24 December 2031",
        ),
        (
            ROWS,
            [["HMP Site", "4 2021", "March/2024", "£1,200"], ["Another", "", "", ""]],
            [{"site": "HMP Site", "from": "2021-04", "to": "2024-03", "value": 1200}, {"site": "Another"}],
            "HMP Site; From: April 2021; To: March 2024; Value: £1,200\nAnother",
        ),
    ],
)
def test_what_was_typed_becomes_a_value_and_is_shown_again(
    item: Item, typed: Typed, value: object, shown: str | None
) -> None:
    assert questions.read(item, typed) == value
    assert questions.show_typed(item, typed) == (
        shown if shown is not None else "Package 1: L1 and L2\nPackage 2: L2 and L3"
    )


@pytest.mark.parametrize(
    ("item", "typed", "reason", "part"),
    [
        (RANKING, [[FIRST, "1"], [SECOND, "1"]], "gives the place 1 to both L1 and L2. Give each lot its own", SECOND),
        (RANKING, [[FIRST, "1"], [SECOND, "3"]], "leaves out the place 2. Number the lots 1, 2, 3", SECOND),
        (RANKING, [[FIRST, "2"]], "leaves out the place 1", FIRST),
        (RANKING, [[FIRST, "first"]], "the answer: the place of L1 must be a number", FIRST),
        (RANKING, [[FIRST, "4"]], "the answer: the place of L1 must be 3 or less", FIRST),
        (RANKING, [[FIRST, "0"]], "the answer: the place of L1 must be 1 or more", FIRST),
        (PACKAGES, [[FIRST, SECOND], [THIRD]], "must have 2 lots or more in each package, and package 2 has 1", "2"),
        (PACKAGES, [[FIRST, SECOND], [SECOND, FIRST]], "has the same lots in package 2 as in an earlier one", "2"),
        (MONEY, ["2", "1"], "must have a largest amount that is no less than the smallest", "largest"),
        (MONEY, ["some", ""], "the answer: the smallest amount must be a number", "smallest"),
        (DATES, [["1", "8", "2031", "", "", ""]], "the answer: “To” in row 1 must be answered", "1-to-day"),
        (
            DATES,
            [["1", "", "2031", "1", "9", "2031"]],
            "the answer: “From” in row 1 must include a month",
            "1-from-month",
        ),
        (DATES, [["1", "8", "2031", "31", "7", "2031"]], "the end in row 1 must not be before its start", "1-to-day"),
        (ROWS, [["", "4 2021", "", ""]], "the answer: “Site” in row 1 must be answered", "1-site"),
        (ROWS, [["A", "", "", ""], ["B", "spring", "", ""]], "the answer: “From” in row 2 must be a month", "2-from"),
        (ROWS, [["A", "4 2021", "3 2021", ""]], "the end in row 1 must not be before its start", "1-to"),
        (ROWS, [["A" * 1001, "", "", ""]], "the answer: “Site” in row 1 must be 1,000 characters or fewer", "1-site"),
    ],
)
def test_what_cannot_be_used_says_why_and_where(item: Item, typed: Typed, reason: str, part: str) -> None:
    with pytest.raises(AnswerError) as refusal:
        questions.read(item, typed)
    assert reason in str(refusal.value)
    assert refusal.value.part == part
    assert questions.show_typed(item, typed), "what was typed is shown all the same"


@pytest.mark.parametrize(
    ("item", "typed", "parts"),
    [
        (
            ROWS,
            [["A", "sometime", "", "one million or so"], ["", "4 2021", "3 2021", ""]],
            ["1-from", "1-value", "2-site", "2-to"],
        ),
        (DATES, [["1", "", "2031", "x", "9", "2031"]], ["1-from-month", "1-to-day"]),
        (RANKING, [[FIRST, "1"], [SECOND, "1"], [THIRD, "x"]], [SECOND, THIRD]),
        (PACKAGES, [[FIRST], [SECOND]], ["1", "2"]),
        (MONEY, ["some", "more"], ["smallest", "largest"]),
    ],
)
def test_every_fault_of_an_answer_is_told_and_marked(item: Item, typed: Typed, parts: list[str]) -> None:
    outcome = read_item(item, typed)
    assert isinstance(outcome, Problems)
    assert [problem.part for problem in outcome.found] == parts
    assert len({problem.text for problem in outcome.found}) == len(parts)
    section = Section(id=uuid.uuid4(), slug="s", title="S", position=1, questions=[item.question])
    page = section_page(Draft(Questionnaire([section]), LOTS, {}), section, {item: typed}, outcome.found)
    assert [link.text for link in page.errors] == [problem.text for problem in outcome.found]
    assert [link.href for link in page.errors] == [f"#key-{part}" for part in parts]
    [control] = page.blocks[0].controls
    assert all(problem.text_beside in control.error for problem in outcome.found)


@pytest.mark.parametrize(
    ("item", "sent"),
    [
        (RANKING, [(f"key-{SECOND}", "1"), (f"key-{THIRD}", "2")]),
        (PACKAGES, [("key-1", FIRST), ("key-1", SECOND), ("key-2", THIRD)]),
        (MONEY, [("key-smallest", "1"), ("key-largest", "x")]),
        (DATES, [("key-1-from-day", "1"), ("key-1-to-year", "2031"), ("key-2-from-month", "May")]),
        (ROWS, [("key-1-site", "A\nB"), ("key-2-to", "5 2030")]),
    ],
)
def test_what_a_form_sends_is_gathered_and_can_be_sent_again(item: Item, sent: list[tuple[str, str]]) -> None:
    assert questions.sent(item, questions.gather(MultiDict(sent), item)) == sent


def test_empty_rows_between_are_closed_up_and_rows_beyond_the_last_are_not_read() -> None:
    form = MultiDict([("key-3-site", "A"), ("key-20-site", "B"), ("key-21-site", "C")])
    assert questions.gather(form, ROWS) == [["A", "", "", ""], ["B", "", "", ""]]


@pytest.mark.parametrize(
    ("filled", "one_more", "shown", "can_add"), [(0, False, 1, True), (2, False, 2, True), (2, True, 3, True)]
)
def test_a_row_is_added_when_it_is_asked_for(filled: int, one_more: bool, shown: int, can_add: bool) -> None:
    control = Control(ROWS, [["A", "", "", ""]] * filled, one_more=one_more)
    assert (len(control.rows), control.can_add) == (shown, can_add)
    assert control.next_row_id == f"key-{filled + 1}-site"


def test_there_are_no_more_rows_than_allowed() -> None:
    given: list[list[str]] = [[FIRST, SECOND]] * 5
    control = Control(PACKAGES, given, one_more=True)
    assert (len(control.packages), control.can_add) == (5, False)


def test_only_the_wrong_box_is_marked() -> None:
    control = Control(MONEY, ["2", "1"], error="wrong", part="largest")
    assert [box.wrong for box in control.amounts] == [False, True]
    assert control.error_link.href == "#key-largest"


def wrong_boxes(control: Control) -> list[Any]:
    return [box for box in control.places if box.wrong]


def test_a_ranking_has_a_box_for_each_lot_and_leads_to_the_first() -> None:
    control = Control(RANKING, [[SECOND, "1"]])
    assert [(box.label, box.typed) for box in control.places] == [
        ("L1: Lot 1", ""),
        ("L2: Lot 2", "1"),
        ("L3: Lot 3", ""),
    ]
    assert control.control_id == f"key-{FIRST}"
    assert [box.label for box in wrong_boxes(Control(RANKING, [], error="wrong", part=THIRD))] == ["L3: Lot 3"]
