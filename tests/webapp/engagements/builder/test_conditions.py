"""When a question or a section is asked, said in plain words."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client
from tests.webapp.engagements.builder.drawing import Desk, sit_down
from tests.webapp.engagements.builder.test_drawing_up import MORE, PETS


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


def test_a_section_is_asked_only_after_an_answer_and_again_always(desk: Desk) -> None:
    section = desk.section("more")
    desk.ask_if("sections", section.id, about="any", test="is", values="yes")
    assert desk.section("more").asked_if == {"question": "any", "is": "yes"}
    assert "Only if you answer “Yes” to “Have you any?”" in desk.outline().text
    desk.ask_if("sections", section.id, about="any", then="always")
    assert desk.section("more").asked_if is None


def test_only_what_is_asked_before_can_be_depended_on(desk: Desk) -> None:
    page = desk.client.get(desk.address("questions", desk.question("which").id, "condition"))
    assert [option.get("value") for option in page.tree.iter("option")] == ["any"]
    page = desk.client.get(desk.address("questions", desk.question("any").id, "condition"))
    assert "Nothing before it has answers to choose from" in page.text
    page = desk.client.get(desk.address("sections", desk.section("pets").id, "condition"))
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
    address = desk.address("questions", age.id, "condition")
    opened = desk.client.get(f"{address}?question=which").hidden(address)
    desk.ask_if("questions", age.id, about="any", test="is", values="no")
    clash = desk.client.post(address, {**opened, "test": "is", "values": "dog"}, status=409)
    assert "Only if you answer “No” to “Have you any?”." in clash.text
    assert "Only if you answer “Dog” to “Which?”." in clash.text
    assert desk.question("age").asked_if == {"question": "any", "is": "no"}
