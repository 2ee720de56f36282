"""The whole questionnaire for prison and secure-setting services in a browser: each kind of question, and branching."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories as make
from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import PASSWORD, Respondent, open_signed_in
from webapp.accounts.actions import set_password
from webapp.db import Database
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Interest

pytestmark = pytest.mark.browser


@pytest.fixture
def respondent(database: Database) -> Respondent:
    with database.session() as session:
        person = make.provider_person(session, name="Asha Patel")
        set_password(session, person=person, password=PASSWORD, actor=None)
        engagement = make.engagement(session, lots=3, questionnaire=False)
        add_questionnaire(session, engagement).published_at = engagement.opens_at
        session.flush()
        session.refresh(engagement)
        response = make.response(session, engagement, person)
        session.commit()
        return Respondent(person, person, f"/responses/{response.id}")


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, 320), (False, 1280)],
    ids=["on a phone", "without JavaScript"],
)
def test_every_section_can_be_answered(
    device: OpenDevice, database: Database, respondent: Respondent, javascript: bool, width: int
) -> None:
    visitor = device(javascript=javascript, width=width)
    open_signed_in(visitor.page, respondent.person, respondent.section("organisation"))
    experience(visitor)
    lots(visitor)
    preferences(visitor)
    price(visitor)
    capacity(visitor)
    rest(visitor)
    with database.session() as session:
        names = {row.consortium for row in session.query(Interest)}
    assert names == {"Fylde Partnership", None}


def experience(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("What is the full legal name").fill("Seaside Health")
    page.get_by_label("Charity").check()
    go_on(visitor, "Experience and registration")
    expect(page.get_by_text("Which services, where and when?")).to_have_count(0)
    group(page, "Are you registered").get_by_label("No").check()
    group(page, "Have you run a health service").get_by_label("Yes").check()
    go_on(visitor, "Experience and registration")  # which now asks more
    expect(page.get_by_text("Your answers lead to more questions in this section")).to_be_visible()
    page.get_by_label("Site").fill("HMP Somewhere")
    page.get_by_label("From").fill("spring")
    page.get_by_role("button", name=re.compile("Add another")).click()
    visitor.checked("Experience and registration")
    expect(page.get_by_label("From").first).to_have_value("spring")
    if visitor.javascript:
        expect(page.get_by_label("Site").nth(1)).to_be_focused()
    page.get_by_label("From").first.fill("4 2024")
    go_on(visitor, "Interest in each lot")


def lots(visitor: Visitor) -> None:
    page = visitor.page
    for row in page.locator("fieldset.app-matrix__row").all():
        row.get_by_label("We are likely to bid").check()
    go_on(visitor, "The lots you chose")
    page.get_by_label("As a member of a consortium").first.check()
    page.get_by_label("Only as a subcontractor").nth(1).check()
    page.get_by_label("As the lead provider").nth(2).check()
    go_on(visitor, "Partners")
    page.get_by_label("Dental, HMP Site 1").fill("Fylde Partnership")
    go_on(visitor, "Lots together")


def preferences(visitor: Visitor) -> None:
    page = visitor.page
    ranking = group(page, "Which lots do you prefer?").get_by_role("textbox")
    ranking.nth(0).fill("1")
    ranking.nth(1).fill("1")
    group(page, "Package 1").get_by_role("checkbox").nth(0).check()
    page.get_by_role("button", name="Save and continue").click()
    visitor.checked("Lots together")  # in error, twice
    expect(page.get_by_role("alert")).to_contain_text("gives the place 1 to both D1 and D2")
    ranking.nth(1).fill("2")
    group(page, "Package 1").get_by_role("checkbox").nth(2).check()
    go_on(visitor, "Price of each lot")


def price(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("fieldset.app-matrix__row").first.get_by_label("Yes, but it is tight").check()
    go_on(visitor, "Price of each lot")  # which now asks for the reasons
    page.get_by_label("What makes the value too low or tight").fill("Agency staff.")
    go_on(visitor, "Capacity and timing")


def capacity(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("Smallest").fill("2,000,000")
    page.get_by_label("Largest").fill("100,000")
    avoided = group(page, "Which dates should a tender")
    avoided.get_by_label("Day").first.fill("1")
    page.get_by_role("button", name="Save and continue").click()
    visitor.checked("Capacity and timing")  # in error, twice
    page.get_by_label("Largest").fill("3,000,000")
    avoided.get_by_label("Day").first.fill("")
    go_on(visitor, "How the contracts should be made")


def rest(visitor: Visitor) -> None:
    page = visitor.page
    go_on(visitor, "Your views")
    go_on(visitor, "Conflicts, permission and contact")
    expect(page.get_by_text("Section 11 of 11")).to_be_visible()
    group(page, "May we quote").get_by_label("Yes").check()
    page.get_by_label("Whom may we contact").fill("Asha Patel")
    go_on(visitor, "Check your answers")
    main = page.get_by_role("main")
    expect(main).to_contain_text("HMP Somewhere; From: April 2024")
    expect(main).to_contain_text("£2,000,000 to £3,000,000")
    expect(main).to_contain_text("Package 1: D1 and D3")
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    visitor.checked("Response submitted")
    page.get_by_role("link", name="go back to your response").click()
    page.get_by_role("link", name="Read or print the questionnaire").click()
    visitor.checked("Questionnaire")


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=re.compile(f"^{re.escape(name)}"))


def go_on(visitor: Visitor, leads_to: str) -> None:
    visitor.page.get_by_role("button", name="Save and continue").click()
    visitor.checked(leads_to)
