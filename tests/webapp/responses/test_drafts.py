"""What is asked, answered and in the way, worked out without a database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from webapp.models import AskedPer, Lot, Measure, Question, QuestionKind, Section
from webapp.responses.drafts import Draft, Saved, SectionState, blocks, typed_in, with_typed
from webapp.responses.interests import interest_rows
from webapp.responses.items import Item
from webapp.responses.pages import duration
from webapp.responses.questionnaire import Questionnaire

LEVELS = [{"value": value, "label": value} for value in ("likely", "undecided", "no")]
SAVED_AT = datetime(2026, 11, 1, tzinfo=UTC)
FIRST, SECOND = (Lot(id=uuid.uuid4(), code=f"L{number}", title=f"Lot {number}") for number in (1, 2))


def question(key: str, kind: QuestionKind = QuestionKind.TEXT, **given: Any) -> Question:
    defaults = {"asked_per": AskedPer.RESPONSE, "required": False, "options": []}
    return Question(id=uuid.uuid4(), key=key, kind=kind, wording=f"{key}?", **{**defaults, **given})


def section(slug: str, *asked: Question) -> Section:
    return Section(id=uuid.uuid4(), slug=slug, title=slug, position=1, questions=list(asked))


NAME = question("name", required=True)
LEVEL = question("level", QuestionKind.ONE_OF, asked_per=AskedPer.LOT, options=LEVELS, measure=Measure.INTEREST_LEVEL)
STAFF = question(
    "staff", QuestionKind.NUMBER, asked_per=AskedPer.CHOSEN_LOT, required=True, measure=Measure.WTE_AT_START
)
LATER_STAFF = question("later_staff", QuestionKind.NUMBER, asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_MONTH_6)
NOTE = question("note", asked_per=AskedPer.CHOSEN_LOT)
GENERAL, INTEREST, LOTS = section("general", NAME), section("interest", LEVEL), section("lots", STAFF, NOTE)
GROWTH = section("growth", LATER_STAFF)


def draft(*more: Section, **answers: dict[str, Any]) -> Draft:
    sections = [GENERAL, INTEREST, LOTS, *more]
    saved = {
        part.id: Saved(part.id, 1, answers[part.slug], saved_at=SAVED_AT, saved_by=uuid.uuid4(), saver="Asha Patel")
        for part in sections
        if part.slug in answers
    }
    return Draft(Questionnaire(sections), [FIRST, SECOND], saved)


def levels(first: str, second: str) -> dict[str, Any]:
    return {"level": {str(FIRST.id): first, str(SECOND.id): second}}


def test_a_lot_is_chosen_by_any_level_but_no() -> None:
    assert draft().chosen_lots == []
    assert draft(interest=levels("no", "undecided")).chosen_lots == [SECOND]
    assert Draft(Questionnaire([LOTS]), [FIRST, SECOND], {}).chosen_lots == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ({}, (SectionState.NOT_STARTED, SectionState.NOT_STARTED, SectionState.CANNOT_START)),
        (
            {"general": {"name": " "}, "interest": {}},
            (SectionState.IN_PROGRESS, SectionState.COMPLETE, SectionState.NOT_NEEDED),
        ),
        (
            {"general": {"name": "X"}, "interest": levels("likely", "no"), "lots": {"staff": {str(FIRST.id): "x"}}},
            (SectionState.COMPLETE, SectionState.COMPLETE, SectionState.IN_PROGRESS),
        ),
    ],
)
def test_the_state_of_each_section(answers: dict[str, Any], states: tuple[SectionState, ...]) -> None:
    made = draft(**answers)
    assert tuple(made.state(part) for part in made.sections) == states


def test_a_problem_of_one_lot_keeps_back_that_lot_alone() -> None:
    staff = {str(FIRST.id): "many", str(SECOND.id): "3"}
    made = draft(general={"name": "X"}, interest=levels("likely", "likely"), lots={"staff": staff})
    assert made.general_problems == []
    assert made.lots_with_problems == [FIRST]
    assert {(item.question.key, item.lot) for item in made.answers} == {
        ("name", None),
        ("level", SECOND),
        ("staff", SECOND),
    }


@pytest.mark.parametrize(("later", "is_so"), [("3.5", True), ("3", True), ("2.99", False)])
def test_staff_of_the_first_day_are_counted_among_those_of_month_6(later: str, is_so: bool) -> None:
    answers = {"lots": {"staff": {str(FIRST.id): "3"}}, "growth": {"later_staff": {str(FIRST.id): later}}}
    made = draft(GROWTH, general={"name": "X"}, interest=levels("likely", "no"), **answers)
    assert (made.lots_with_problems == []) is is_so
    texts = [problem.text for problem in made.problems(GROWTH)]
    expected = "L1: Lot 1: “later_staff?” must be 3 or more, because those of the first day are included"
    assert texts == ([] if is_so else [expected])
    assert (Item(LATER_STAFF, FIRST) in made.answers) is is_so


START_TOGETHER = question("together", QuestionKind.WHOLE_NUMBER, measure=Measure.STARTABLE_TOGETHER)
HELD = question("held", QuestionKind.WHOLE_NUMBER, measure=Measure.HELD_AT_MOST)
EARLIEST = question("earliest", QuestionKind.DATE, measure=Measure.EARLIEST_START)
LATEST = question("latest", QuestionKind.DATE, measure=Measure.LATEST_START)
CAPACITY = section("capacity", START_TOGETHER, HELD, EARLIEST, LATEST)
TOGETHER = section("together", question("sets", QuestionKind.PACKAGES))


@pytest.mark.parametrize(
    ("capacity", "wrong"),
    [
        (
            {"together": "5", "held": "1"},
            "“held?” must be 5 or more, because you answered that you could start that many together",
        ),
        ({"together": "1", "held": "1"}, None),
        ({"together": "5"}, None),
        (
            {"earliest": ["1", "4", "2031"], "latest": ["31", "3", "2031"]},
            "“latest?” must be 1 April 2031 or later, because you answered that you could start on that day at the "
            "earliest",
        ),
        ({"earliest": ["1", "4", "2031"], "latest": ["1", "4", "2031"]}, None),
        ({"latest": ["1", "4", "2031"]}, None),
    ],
)
def test_capacity_answers_do_not_contradict_each_other(capacity: dict[str, Any], wrong: str | None) -> None:
    made = draft(CAPACITY, general={"name": "X"}, capacity=capacity)
    assert [problem.text for problem in made.problems(CAPACITY)] == ([wrong] if wrong else [])


@pytest.mark.parametrize(("held", "is_so"), [("1", False), ("2", True)])
def test_nobody_wants_more_lots_together_than_it_could_hold(held: str, is_so: bool) -> None:
    package = {"sets": [[str(FIRST.id), str(SECOND.id)]]}
    made = draft(CAPACITY, TOGETHER, interest=levels("likely", "likely"), capacity={"held": held}, together=package)
    expected = "“sets?” must have no more lots in package 1 than you could hold at most, which is 1"
    assert [problem.text for problem in made.problems(TOGETHER)] == ([] if is_so else [expected])


def test_interests_are_one_row_per_lot_with_a_level() -> None:
    made = draft(interest=levels("likely", "no"), lots={"staff": {str(FIRST.id): "2.5", str(SECOND.id): "9"}})
    rows = {row["lot_id"]: (row["level"], row["wte_at_start"]) for row in interest_rows(made.answers)}
    assert rows == {FIRST.id: ("likely", 2.5), SECOND.id: ("no", None)}


def test_chosen_lots_are_shown_lot_by_lot_and_matrices_question_by_question() -> None:
    made = draft(interest=levels("likely", "likely"))
    assert [block.heading for block in blocks(made.items(LOTS))] == ["L1: Lot 1", "L2: Lot 2"]
    assert [block.heading for block in blocks(made.items(INTEREST))] == ["level?"]
    once = Item(question("unit", QuestionKind.TEXT))
    assert [block.heading for block in blocks([*made.items(LOTS), once])][-1] == "About all lots together"
    assert [block.heading for block in blocks([once])] == [""]
    assert [[item.question.key for item in block.items] for block in blocks(made.items(LOTS))] == [
        ["staff", "note"]
    ] * 2


def test_new_answers_take_the_place_of_old_ones_and_blanks_remove_them() -> None:
    old = {"name": "A", "staff": {str(FIRST.id): "1", str(SECOND.id): "2"}}
    new = with_typed(old, {Item(NAME): "", Item(STAFF, FIRST): "5", Item(NOTE, FIRST): ""})
    assert new == {"staff": {str(FIRST.id): "5", str(SECOND.id): "2"}}
    assert old["staff"] == {str(FIRST.id): "1", str(SECOND.id): "2"}
    assert typed_in(new, Item(STAFF, SECOND)) == "2"


def test_the_fingerprint_changes_with_a_save_and_with_a_submission() -> None:
    before, after = draft(general={"name": "X"}), draft(general={"name": "X"}, interest={})
    assert len({before.fingerprint(None), before.fingerprint(uuid.uuid4()), after.fingerprint(None)}) == 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "less than a second"),
        (1, "1 second"),
        (185, "3 minutes and 5 seconds"),
        (3600, "1 hour"),
        (90_061, "1 day and 1 hour"),
        (13 * 86_400 + 7200, "13 days"),
    ],
)
def test_durations_are_said_in_at_most_two_units(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words
