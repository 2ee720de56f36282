"""Sections and questions: added, changed, moved, copied and removed, and what stops a mistake."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client
from tests.webapp.engagements.builder.drawing import Desk, sit_down
from webapp.engagements.builder.words import KINDS, use_of
from webapp.engagements.conditions import is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.models import AskedPer, AuditEvent, Measure, Question, QuestionKind

PETS = SectionContent(
    slug="pets",
    title="Pets",
    questions=(
        QuestionContent(key="any", kind=QuestionKind.YES_NO, wording="Have you any?"),
        QuestionContent(
            key="which",
            kind=QuestionKind.ONE_OF,
            wording="Which?",
            options=(("cat", "Cat"), ("dog", "Dog")),
            asked_if=is_("any", "yes"),
        ),
        QuestionContent(key="name", kind=QuestionKind.TEXT, wording="What is it called?", asked_if=is_("which", "cat")),
    ),
)
MORE = SectionContent(
    slug="more",
    title="More",
    questions=(QuestionContent(key="age", kind=QuestionKind.WHOLE_NUMBER, wording="How old is it?"),),
)


@pytest.fixture
def desk(client: Client, session: Session) -> Desk:
    return sit_down(client, session, sections=(PETS, MORE))


FIELDS: dict[QuestionKind, dict[str, str]] = {
    QuestionKind.ONE_OF: {"options": "Red\nGreen", "asked_per": "lot"},
    QuestionKind.SOME_OF: {"options": "Red\nGreen\n\nBlue", "asked_per": "response"},
    QuestionKind.ROWS: {"columns": "Site\nFrom (month)\nAnnual value (money)"},
    QuestionKind.LONG_TEXT: {"most_words": "250", "asked_per": "response", "measure": "themes"},
    QuestionKind.NUMBER: {"asked_per": "chosen_lot", "measure": "wte_at_start"},
}
LARGE = {QuestionKind.RANKING, QuestionKind.PACKAGES, QuestionKind.MONEY_RANGE, QuestionKind.DATE_RANGES}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_added_with_the_fields_it_needs(desk: Desk, kind: QuestionKind) -> None:
    page = desk.client.get(desk.address("sections", desk.section("more").id, "questions", "add", kind.value))
    assert ("Answers to choose from" in page.text) == (kind in (QuestionKind.ONE_OF, QuestionKind.SOME_OF))
    assert ("Most words" in page.text) == (kind is QuestionKind.LONG_TEXT)
    assert ("How often is it asked?" in page.text) == (kind not in {*LARGE, QuestionKind.ROWS})
    given = {"asked_per": "response"} | FIELDS.get(kind, {}) if kind not in LARGE else {}
    desk.fill(
        "sections", desk.section("more").id, "questions", "add", kind.value,
        wording="What about the colours?", hint="Any.", why="We like them.", required="y", restricted="y", **given,
    )  # fmt: skip
    added = desk.section("more").questions[-1]
    assert (added.kind, added.wording, added.hint, added.why) == (
        kind, "What about the colours?", "Any.", "We like them.",
    )  # fmt: skip
    assert added.key == "about_colours"
    assert added.required
    assert added.restricted
    assert added.asked_per == AskedPer(given.get("asked_per", "response"))
    assert "What about the colours?" in desk.outline().text
    assert "What about the colours?" in desk.client.get(desk.address("preview", "more")).text


def test_every_kind_of_question_can_be_added() -> None:
    assert set(KINDS) == set(QuestionKind)


def test_options_columns_words_and_use_are_kept_as_typed(desk: Desk) -> None:
    section = desk.section("more")
    for kind in (QuestionKind.SOME_OF, QuestionKind.ROWS, QuestionKind.LONG_TEXT):
        desk.fill("sections", section.id, "questions", "add", kind.value, wording=f"A {kind}?", **FIELDS[kind])
    some_of, rows, text = desk.section("more").questions[-3:]
    assert [option["value"] for option in some_of.options] == ["red", "green", "blue"]
    assert [(column["value"], column["kind"]) for column in rows.options] == [
        ("site", "text"),
        ("from", "month"),
        ("annual_value", "money"),
    ]
    assert (text.most_words, text.measure) == (250, Measure.THEMES)


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("one_of", {"wording": "", "options": "A\nB"}, "Enter the question"),
        ("one_of", {"wording": "Q", "options": "A"}, "Enter at least 2 answers"),
        ("one_of", {"wording": "Q", "options": "Yes\nNo\nyes"}, "“yes” stands there twice"),
        (
            "one_of",
            {"wording": "Q", "options": "Yes\nYe\u200bs"},
            "“Ye\ufffds” contains a character",
        ),
        ("one_of", {"wording": "Q", "options": "Yes\nN\ufffdo"}, "“N\ufffdo” contains a character"),
        ("rows", {"wording": "Q", "columns": ""}, "Enter the columns of the table"),
        ("long_text", {"wording": "Q", "most_words": "lots"}, "Most words must be a"),
        ("number", {"wording": "Q", "measure": "wte_at_start"}, "must be asked: for each lot in which"),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_what_was_typed_stays(
    desk: Desk, kind: str, given: dict[str, str], said: str
) -> None:
    page = desk.fill(
        "sections", desk.section("more").id, "questions", "add", kind, status=422, hint="Kept.",
        **({"asked_per": "response"} if kind != "rows" else {}), **given,
    )  # fmt: skip
    errors = [error for error in page.tree.iter("p") if error.get("class") == "govuk-error-message"]
    assert any(said in "".join(error.itertext()) for error in errors)
    assert "Kept." in page.html
    assert len(desk.section("more").questions) == 1


def test_only_one_question_has_a_use_that_the_analysis_takes_once(desk: Desk) -> None:
    path = ("sections", desk.section("more").id, "questions", "add", "whole_number")
    given = {"asked_per": "response", "measure": "held_at_most"}
    desk.fill(*path, wording="How many?", **given)
    assert (
        "“How many?” is used for this already" in desk.fill(*path, wording="How many again?", status=422, **given).text
    )


def test_answers_keep_their_values_when_they_are_reworded_and_one_that_is_needed_cannot_go(desk: Desk) -> None:
    which = desk.question("which")
    path = ("questions", which.id)
    desk.fill(*path, wording="Which one?", options="Tom cat\nDog", asked_per="response")
    assert desk.question("which").options == [{"value": "cat", "label": "Tom cat"}, {"value": "dog", "label": "Dog"}]
    page = desk.fill(*path, wording="Which?", options="Dog\nBird\nFish", asked_per="response", status=422)
    assert "“What is it called?” needs an answer that you have removed" in page.text
    assert "Bird" in page.html
    assert desk.question("which").wording == "Which one?"


def test_two_officers_on_one_question_see_both_versions(desk: Desk) -> None:
    path = ("questions", desk.question("age").id)
    opened = desk.client.get(desk.address(*path)).hidden()
    desk.fill(*path, wording="How many years?", asked_per="response")
    clash = desk.client.post(
        desk.address(*path), {**opened, "wording": "How many months?", "asked_per": "response"}, status=409
    )
    assert "How many years?" in clash.text
    assert "How many months?" in clash.html
    assert desk.question("age").wording == "How many years?"
    mine = {**clash.hidden(), "wording": "How many months?", "asked_per": "response"}
    desk.client.post_twice(desk.address(*path), mine)
    assert (desk.question("age").wording, desk.question("age").revision) == ("How many months?", 3)
    section = desk.address("sections", desk.section("pets").id)
    desk.client.submit_twice(section, {"title": "Animals", "introduction": "Any\r\nat all"})
    assert desk.section("pets").revision == 2


def test_questions_move_within_and_over_sections_and_are_copied(desk: Desk) -> None:
    desk.press("questions", desk.question("age").id, "move", to="up")
    assert desk.order() == [["any", "which", "name", "age"], []]
    desk.press("questions", desk.question("age").id, "move", to="up")
    assert desk.order() == [["any", "which", "age", "name"], []]
    for _ in range(2):
        desk.press("questions", desk.question("age").id, "move", to="down")
    assert desk.order() == [["any", "which", "name"], ["age"]]
    assert "twice" not in desk.outline().text
    desk.press("questions", desk.question("which").id, "copy")
    assert "“Pets” asks “Which?” twice. Answers to the two cannot be told apart" in desk.outline().text
    [pets, _more] = desk.order()
    assert pets[:2] == ["any", "which"]
    assert pets[3] == "name"
    assert desk.question(pets[2]).asked_if == {"question": "any", "is": "yes"}


def test_what_others_depend_on_is_neither_moved_behind_them_nor_removed(desk: Desk) -> None:
    desk.press("questions", desk.question("any").id, "move", to="down")
    assert "Nothing was moved: “Which?” would be asked before what it depends on" in desk.outline().text
    desk.press("questions", desk.question("name").id, "move", to="up")
    assert "“What is it called?” would be asked" in desk.outline().text
    page = desk.fill("questions", desk.question("which").id, "remove", status=409)
    assert "whether these are asked depends on it: “What is it called?”" in page.text
    assert desk.order() == [["any", "which", "name"], ["age"]]
    desk.fill("questions", desk.question("name").id, "remove")
    desk.fill("questions", desk.question("which").id, "remove")
    assert desk.order() == [["any"], ["age"]]


def test_sections_are_added_changed_moved_and_removed(desk: Desk) -> None:
    desk.fill("sections", "add", title="Pets", introduction="Again.")
    assert [section.slug for section in desk.version().sections] == ["pets", "more", "pets-2"]
    added = desk.section("pets-2")
    desk.fill("sections", added.id, title="Toys")
    desk.press("sections", added.id, "move", to="up")
    assert [section.title for section in desk.version().sections] == ["Pets", "Toys", "More"]
    desk.fill("sections", added.id, "remove")
    assert [section.title for section in desk.version().sections] == ["Pets", "More"]
    age = desk.question("age")
    desk.ask_if("questions", age.id, about="any", test="is", values="yes")
    page = desk.fill("sections", desk.section("pets").id, "remove", status=409)
    assert "“How old is it?”" in page.text
    assert "Nothing was moved" in _after(desk, "sections", desk.section("pets").id, "move", to="down")


def _after(desk: Desk, *path: object, **given: str) -> str:
    desk.press(*path, **given)
    return desk.outline().text


def test_every_act_is_on_record(desk: Desk) -> None:
    desk.fill("sections", "add", title="Toys")
    desk.fill("questions", desk.question("age").id, wording="How old?", asked_per="response")
    desk.press("questions", desk.question("age").id, "move", to="up")
    acts = desk.session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-3:] == [
        "questionnaire.section_added",
        "questionnaire.question_changed",
        "questionnaire.question_moved",
    ]


def test_the_outline_leads_to_its_sections_and_says_what_each_question_is_for(desk: Desk) -> None:
    assert desk.outline().links()["2. More"] == f"#section-{desk.section('more').id}"
    assert use_of(Question(key="organisation_kind")) == "Counts providers by kind"
    assert use_of(Question(key="organisation_size")) == "Counts and compares providers by size"
    assert use_of(Question(key="age")) == "Read by people only"


def test_a_published_questionnaire_is_read_and_not_changed(client: Client, session: Session) -> None:
    desk = sit_down(client, session, state="open")
    question: Question = desk.question("held")
    page = desk.outline()
    assert "It cannot be changed" in page.text
    assert "Remove" not in page.text
    assert client.look(desk.address("questions", question.id)).status == 409
    desk.press("questions", question.id, "copy", status=409)
