"""Where a questionnaire begins from, the library, and the preview."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.engagements.builder.drawing import sit_down
from tests.webapp.engagements.builder.test_drawing_up import MORE, PETS
from webapp.engagements.builder.contents import contents_of
from webapp.engagements.builder.library import groups
from webapp.engagements.builder.questionnaires import TEMPLATES
from webapp.engagements.builder.words import USES
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import READ_FOR_THEMES, Engagement, InterestLevel, Measure, Organisation


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_becomes_a_questionnaire_and_contents_again(session: Session, name: str) -> None:
    engagement = make.engagement(session, state="draft", questionnaire=False)
    version = add_questionnaire(session, engagement, TEMPLATES[name].sections)
    assert contents_of(version) == TEMPLATES[name].sections
    questions = [question for section in version.sections for question in section.questions]
    assert len({question.key for question in questions}) == len(questions)
    for question in questions:
        if question.measure:
            use = USES[question.measure]
            assert (question.kind, question.asked_per) == (use.kind, use.asked_per), question.key
    measured = [question.measure for question in questions if question.measure not in READ_FOR_THEMES]
    assert {measure for measure in measured if measure} == set(USES) - set(READ_FOR_THEMES)
    [interest] = [question for question in questions if question.measure is Measure.INTEREST_LEVEL]
    assert {option["value"] for option in interest.options} == set(InterestLevel)


def test_an_officer_begins_from_a_template_and_again_from_nothing(client: Client, session: Session) -> None:
    desk = sit_down(client, session)
    assert "There is no questionnaire yet" in desk.outline().text
    assert "Choose what to begin with" in desk.fill("begin", status=422).text
    desk.fill("begin", source="dental")
    assert "How many sessions a week could you staff?" in desk.outline().text
    first = desk.version().id
    desk.fill("begin", source="nothing")
    assert desk.order() == []
    assert desk.version().id != first
    assert "The analysis will not be able to say: how many bids each lot will draw" in desk.outline().text
    desk.fill("discard")
    assert "There is no questionnaire yet" in desk.outline().text


def test_only_engagements_that_one_can_read_are_offered_to_begin_from(client: Client, session: Session) -> None:
    desk = sit_down(client, session)
    buyer = session.get_one(Organisation, desk.officer.memberships[0].organisation_id)
    own = _with_pets(session, make.programme(session, buyer))
    foreign = _with_pets(session, make.programme(session, make.buyer(session)))
    session.commit()
    page = desk.client.get(desk.address("begin"))
    assert str(own.id) in page.html
    assert str(foreign.id) not in page.html
    assert "Choose the engagement" in desk.fill("begin", source="engagement", status=422).text
    desk.fill("begin", source="engagement", engagement=str(foreign.id), status=422)
    desk.fill("begin", source="engagement", engagement=str(own.id))
    assert desk.order() == [["any", "which", "name"], ["age"]]


def _with_pets(session: Session, programme: Any) -> Engagement:
    engagement = make.engagement(session, programme, state="draft", questionnaire=False)
    add_questionnaire(session, engagement, (PETS, MORE))
    return engagement


def test_questions_come_from_the_library_once_and_with_what_they_depend_on(client: Client, session: Session) -> None:
    desk = sit_down(client, session, sections=(MORE,))
    address = desk.address("sections", desk.section("more").id, "library") + "?group=experience"
    page = desk.client.submit(address, {"questions": ["health.cqc_registered", "health.cqc_plans"]})
    assert page.status == 302
    assert desk.order() == [["age", "cqc_registered", "cqc_plans"]]
    assert desk.question("cqc_registered").measure is Measure.CQC_REGISTERED
    assert desk.question("cqc_plans").asked_if == {"question": "cqc_registered", "is": "no"}
    offered = [box.get("value") for box in desk.client.get(address).tree.iter("input")]
    assert "health.cqc_registered" not in offered
    assert "health.cqc_provider_id" in offered
    alone = desk.address("sections", desk.section("more").id, "library") + "?group=partners"
    desk.client.submit(alone, {"questions": "health.partners"})
    assert desk.question("partners").asked_if is None


def test_the_library_holds_every_question_of_the_templates_once() -> None:
    ids = [question.id for group in groups() for question in group.questions]
    assert len(ids) == len(set(ids))
    assert "dental.skill_mix" in ids
    assert "dental.legal_name" not in ids


def test_an_interest_questions_answers_are_reworded_and_never_fewer(client: Client, session: Session) -> None:
    desk = sit_down(client, session, sections=TEMPLATES["health"].sections)
    interest = desk.question("interest")
    labels = "Certainly\nLikely\nPerhaps\nWe cannot say\nNo"
    given = {"wording": "Would you bid?", "asked_per": "lot", "measure": "interest_level"}
    page = desk.fill("questions", interest.id, status=422, **given, options="Yes\nNo")
    assert "keep 5 lines in the same order" in page.text
    desk.fill("questions", interest.id, options=labels, **given)
    assert [option["value"] for option in desk.question("interest").options] == [
        "would_bid", "likely", "possibly", "undecided", "no",
    ]  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_section_is_previewed_as_a_provider_sees_it(client: Client, session: Session, name: str) -> None:
    desk = sit_down(client, session, sections=TEMPLATES[name].sections)
    for section in desk.version().sections:
        page = client.get(desk.address("preview", section.slug))
        assert page.tree.find(".//fieldset[@disabled]") is not None
        for question in section.questions:
            assert question.wording in page.text
    printed = client.get(desk.address("preview"))
    assert "Up to 500 words." in printed.text
