"""A section for some lots only: drawn up by an officer and answered by a provider, on phones without JavaScript."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests import factories as make
from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import PASSWORD, open_signed_in
from tests.journeys.test_drawing_up import begin, follow, open_builder, press
from webapp.accounts.actions import set_password
from webapp.models import Engagement, Person, Response

pytestmark = pytest.mark.browser


def test_a_section_is_asked_of_some_lots_only(served: Flask, device: OpenDevice, session: Session) -> None:
    engagement = make.engagement(session)
    person = make.provider_person(session, name="Asha Patel")
    set_password(session, person=person, password=PASSWORD, actor=None)
    response = make.response(session, engagement, person)
    desk = device(width=320, javascript=False)
    open_builder(desk, session, engagement)
    begin(desk)
    ask_about_the_second_lot_only(desk)
    publish(desk)
    answer(device(width=320, javascript=False), engagement, person, response)


def ask_about_the_second_lot_only(desk: Visitor) -> None:
    page = desk.page
    follow(page, "When it is asked", "The lots you chose")
    desk.checked("When it is asked")
    press(page, "Add a condition")
    page.get_by_label("Ask it depending on this earlier question").select_option("interest")
    press(page, "Show its answers")
    desk.checked("Add a condition")
    page.get_by_label("is not the one ticked below").check()
    page.get_by_label("Would not bid").check()
    page.get_by_label("Only the lots ticked below").check()
    press(page, "Save")
    desk.checked("Add a condition")  # in error
    page.get_by_role("alert").get_by_role("link", name="Tick the lots that it is for").click()
    expect(page.get_by_label("Only the lots ticked below")).to_be_checked()
    page.get_by_label("D2: ").check()
    press(page, "Save")
    desk.checked("When it is asked")
    said = "lot D2 interests you and you do not answer “Would not bid” to “What about interest?” for it"
    expect(page.get_by_role("main")).to_contain_text(said)
    page.get_by_role("link", name="Questionnaire", exact=True).click()
    follow(page, "Preview as a provider sees it", "The lots you chose")
    desk.checked("The lots you chose")
    expect(page.get_by_role("heading", name="D2: ")).to_have_count(1)
    expect(page.get_by_role("heading", name="D1: ")).to_have_count(0)
    page.get_by_role("link", name="Questionnaire", exact=True).click()


def publish(desk: Visitor) -> None:
    press(desk.page, "See the effect and publish")
    expect(desk.page.get_by_role("main")).to_contain_text("when its section is asked")
    desk.page.get_by_label("They move to the new version").check()
    desk.page.get_by_label("What has changed, and why?").fill("We ask about staff for the second lot only.")
    press(desk.page, "Publish version 2")
    desk.checked("Questionnaire")


def answer(visitor: Visitor, engagement: Engagement, person: Person, response: Response) -> None:
    """Interested in one lot after the other: only the second opens the section, which asks about that lot alone."""
    page = visitor.page
    page.goto(f"/engagements/{engagement.id}/questionnaire")
    visitor.checked()
    expect(page.get_by_role("main")).to_contain_text("For each of these lots that interests you: D2.")
    url = f"/responses/{response.id}"
    open_signed_in(page, person, f"{url}/sections/interest")
    levels = page.locator("fieldset.app-matrix__row")
    levels.nth(0).get_by_label("Likely to bid").check()
    levels.nth(1).get_by_label("Would not bid").check()
    press(page, "Save and continue")
    visitor.checked("Your views")
    page.goto(url)
    expect(page.get_by_role("main")).to_contain_text(
        "Going by your other answers so far, this section does not apply to you."
    )
    page.goto(f"{url}/sections/interest")
    levels.nth(1).get_by_label("Likely to bid").check()
    press(page, "Save and continue")
    visitor.checked("The lots you chose")
    expect(page.get_by_role("heading", name="D2: ")).to_have_count(1)
    expect(page.get_by_role("heading", name="D1: ")).to_have_count(0)
