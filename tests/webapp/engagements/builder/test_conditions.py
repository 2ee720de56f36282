"""When a question or a section is asked, said in plain words."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.engagements.builder.drawing import Desk, sit_down
from tests.webapp.engagements.builder.test_drawing_up import MORE, PETS
from webapp.engagements.builder.arrangement import MOST_STEPS
from webapp.engagements.conditions import is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.models import QuestionKind


@pytest.fixture
def desk(client: Client, session: Session) -> Desk:
    return sit_down(client, session, sections=(PETS, MORE))


@pytest.mark.parametrize(
    ("given", "kept", "said"),
    [
        ({"test": "is", "values": "dog"}, {"is": "dog"}, "Only if you answer “Dog” to “Which?”."),
        ({"test": "is", "values": ["cat", "dog"]}, {"any_of": ["cat", "dog"]}, "“Cat” or “Dog” to “Which?”."),
        ({"test": "is_not", "values": "cat"}, {"is_not": "cat"}, "Not if you answer “Cat” to “Which?”."),
    ],
)
def test_a_question_is_asked_only_after_an_answer(
    desk: Desk, given: dict[str, str], kept: dict[str, object], said: str
) -> None:
    desk.ask_if("questions", desk.question("age").id, about="which", **given)
    assert desk.question("age").asked_if == {"question": "which", **kept}
    assert said in desk.outline().text
    preview = desk.client.get(desk.address("preview", desk.question("age").section.slug))
    assert said in preview.text, "which shows all questions, also those that are not always asked"


def test_a_section_is_asked_only_after_an_answer_and_again_always(desk: Desk) -> None:
    section = desk.section("more")
    desk.ask_if("sections", section.id, about="any", test="is", values="yes")
    assert desk.section("more").asked_if == {"question": "any", "is": "yes"}
    assert "Only if you answer “Yes” to “Have you any?”" in desk.outline().text
    preview = desk.client.get(desk.address("preview", "more"))
    assert "The whole section Only if you answer “Yes” to “Have you any?”." in preview.text
    remove(desk, "sections", section.id, place=1)
    assert desk.section("more").asked_if is None
    assert "not always asked" not in desk.client.get(desk.address("preview", "more")).text


def remove(desk: Desk, *path: object, place: int) -> None:
    address = desk.address(*path, "conditions")
    removal = f"{address}/{place}/remove"
    desk.client.post(removal, desk.client.get(address).hidden(removal))


def test_a_condition_that_is_removed_twice_is_gone_and_no_colleagues_change_is_undone(desk: Desk) -> None:
    path = ("sections", desk.section("more").id)
    desk.ask_if(*path, about="any", test="is", values="yes")
    desk.ask_if(*path, about="which", test="is_not", values="cat")
    address = desk.address(*path, "conditions")
    first, other = (f"{address}/{place}/remove" for place in (1, 2))
    opened = desk.client.get(address)
    done = desk.client.post_twice(first, opened.hidden(first))
    assert "colleague" not in desk.client.get(done).text
    assert desk.section("more").asked_if == {"question": "which", "is_not": "cat"}
    desk.client.post(other, opened.hidden(other))
    assert "Nothing was removed: a colleague has changed when it is asked" in desk.client.get(address).text
    assert desk.section("more").asked_if == {"question": "which", "is_not": "cat"}


def join(desk: Desk, *path: object, word: str, status: int = 302) -> Page:
    return desk.fill(*path, "conditions", status=status, joining=word)


def test_several_conditions_are_joined_by_one_word(desk: Desk) -> None:
    section = desk.section("more").id
    desk.ask_if("sections", section, about="any", test="is", values="yes")
    desk.ask_if("sections", section, about="which", test="is_not", values="cat")
    both = [{"question": "any", "is": "yes"}, {"question": "which", "is_not": "cat"}]
    assert desk.section("more").asked_if == {"all": both}
    said = "these are so: you answer “Yes” to “Have you any?”; you do not answer “Cat” to “Which?”."
    assert f"Only if all of {said}" in desk.outline().text
    join(desk, "sections", section, word="any")
    assert desk.section("more").asked_if == {"any": both}
    assert "Only if at least one of these is so: you answer “Yes”" in desk.outline().text
    remove(desk, "sections", section, place=1)
    assert desk.section("more").asked_if == both[1]


def test_one_of_several_conditions_is_changed_in_its_place(desk: Desk) -> None:
    path = ("sections", desk.section("more").id)
    desk.ask_if(*path, about="any", test="is", values="yes")
    desk.ask_if(*path, about="which", test="is", values="cat")
    address = desk.address(*path, "conditions", 2)
    form = desk.client.get(address)
    assert [box.get("value") for box in form.tree.iter("input") if box.get("checked") is not None] == ["is", "cat"]
    desk.client.post(address, {**form.hidden(address), "test": "is", "values": "dog"})
    assert desk.section("more").asked_if == {
        "all": [{"question": "any", "is": "yes"}, {"question": "which", "is": "dog"}]
    }
    desk.client.get(desk.address(*path, "conditions", 3), status=404)


def test_conditions_that_no_answer_satisfies_together_are_refused(desk: Desk) -> None:
    path = ("sections", desk.section("more").id)
    desk.ask_if(*path, about="which", test="is", values="cat")
    page = desk.ask_if(*path, about="which", test="is", values="dog", status=422)
    assert "It would never be asked: no answer to “Which?” satisfies all its conditions" in page.text
    page = desk.ask_if(*path, about="which", test="is", values="cat", status=422)
    assert "This is among its conditions already" in page.text
    desk.ask_if(*path, about="any", test="is", values="yes")
    join(desk, *path, word="any")
    desk.ask_if(*path, about="which", test="is", values="dog")
    assert "no answer to “Which?” satisfies" in join(desk, *path, word="all", status=422).text


def test_questions_that_each_need_the_one_before_are_no_more_than_anybody_follows(
    client: Client, session: Session
) -> None:
    """Each could be answered; judging whether they are asked went as deep as they are many, until it broke off."""
    keys = [f"q{place}" for place in range(MOST_STEPS + 3)]
    asked = [
        QuestionContent(
            key=key,
            kind=QuestionKind.YES_NO,
            wording=f"Question {key}?",
            asked_if=is_(keys[place - 1], "yes") if 0 < place <= MOST_STEPS else None,
        )
        for place, key in enumerate(keys)
    ]
    desk = sit_down(client, session, sections=(SectionContent(slug="all", title="All", questions=tuple(asked)),))
    given = {"test": "is", "values": "yes"}
    page = desk.ask_if("questions", desk.question(keys[-2]).id, status=422, about=keys[-3], **given)
    assert f"“Question {keys[-2]}?” would be asked only after more than {MOST_STEPS} answers" in page.text
    desk.ask_if("questions", desk.question(keys[-1]).id, about=keys[-4], **given)
    desk.client.get(desk.address("preview", "all"))


def test_every_condition_keeps_the_order_and_the_answers_that_it_needs(desk: Desk) -> None:
    path = ("questions", desk.question("age").id)
    desk.ask_if(*path, about="any", test="is", values="yes")
    desk.ask_if(*path, about="which", test="is", values="dog")
    which = desk.question("which").id
    given = {"wording": "Which?", "asked_per": "response", "options": "Cat\nBird\nFish"}
    refusal = desk.fill("questions", which, status=422, **given)
    assert "“How old is it?” needs an answer that you have removed" in refusal.text
    desk.press("questions", desk.question("age").id, "move", to="up")
    desk.press("questions", desk.question("age").id, "move", to="up")
    assert desk.order()[0].index("age") > desk.order()[0].index("which")


def test_only_what_is_asked_before_can_be_depended_on(desk: Desk) -> None:
    page = desk.client.get(desk.address("questions", desk.question("which").id, "conditions", "add"))
    assert [option.get("value") for option in page.tree.iter("option")] == ["any"]
    page = desk.client.get(desk.address("questions", desk.question("any").id, "conditions"))
    assert "Nothing before it has answers to choose from" in page.text
    page = desk.client.get(desk.address("sections", desk.section("pets").id, "conditions"))
    assert "Nothing before it" in page.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"test": "is"}, "Tick an answer"),
        ({"values": "cat"}, "Choose whether the answer is or is not"),
        ({"test": "is_not", "values": ["cat", "dog"]}, "Tick only one answer if the answer is not to be it"),
        ({"test": "is", "values": "bird"}, "choose from the options shown"),
    ],
)
def test_what_is_missing_is_said(desk: Desk, given: dict[str, str], said: str) -> None:
    page = desk.ask_if("questions", desk.question("age").id, about="which", status=422, **given)
    assert said in page.text
    assert desk.question("age").asked_if is None


def test_a_colleagues_condition_is_not_overwritten(desk: Desk) -> None:
    age = desk.question("age")
    address = desk.address("questions", age.id, "conditions", "add")
    opened = desk.client.get(f"{address}?question=which").hidden(address)
    desk.ask_if("questions", age.id, about="any", test="is", values="no")
    clash = desk.client.post(address, {**opened, "test": "is", "values": "dog"}, status=409)
    assert "Only if you answer “No” to “Have you any?”." in clash.text
    assert "you answer “No” to “Have you any?”; you answer “Dog” to “Which?”." in clash.text
    assert desk.question("age").asked_if == {"question": "any", "is": "no"}
    desk.client.post_twice(address, {**opened, **clash.hidden(), "test": "is", "values": "dog"})
    assert [each["question"] for each in desk.question("age").asked_if["all"]] == ["any", "which"]
