"""From an empty appraisal to its conclusion, at a desk with JavaScript and on a phone without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.test_questions_and_documents import sign_in
from tests.webapp.analysis.recommending import sit_down
from webapp.analysis.appraisals.usual import USUAL_CRITERIA

pytestmark = pytest.mark.browser

OPTIONS = {"By site": (5, 8), "As now": (2, 6)}


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 320)], ids=["desk", "phone"])
def test_options_are_listed_scored_and_concluded(
    device: OpenDevice, session: Session, javascript: bool, width: int
) -> None:
    made = sit_down(session)
    desk = device(javascript=javascript, width=width)
    sign_in(desk, session, made.officer, f"/programmes/{made.about.programme_id}")
    desk.page.get_by_role("link", name="Options appraisals").click()
    desk.checked("Options appraisals")
    desk.page.get_by_role("button", name="Begin an appraisal").click()
    desk.page.get_by_role("button", name="Begin").click()
    desk.checked("Begin an appraisal of options")
    expect(desk.page.get_by_role("alert")).to_contain_text("Enter what is appraised")
    desk.page.get_by_label("What is appraised?").fill("How to buy")
    desk.page.get_by_role("button", name="Begin").click()
    desk.checked("How to buy")
    for name, scores in OPTIONS.items():
        add(desk, name)
        score(desk, name, *scores)
    expect(desk.page.get_by_role("main")).to_contain_text("“By site” is first by weighted score: 6.5 of 10")
    desk.page.get_by_role("button", name="Conclude the appraisal").click()
    desk.page.get_by_label("By site", exact=True).check()
    desk.page.get_by_role("button", name="Conclude", exact=True).click()
    desk.checked("Conclude the appraisal")
    desk.page.get_by_label("Why is it preferred?").fill("More would bid")
    desk.page.get_by_label("why not “As now”?").fill("The contracts end")
    desk.page.get_by_role("button", name="Conclude", exact=True).click()
    desk.checked("How to buy: conclusion 1")
    expect(desk.page.get_by_role("main")).to_contain_text("The contracts end")
    desk.page.goto(f"/programmes/{made.about.programme_id}/planning/procurements/{made.procurement.id}/recommendation")
    expect(desk.page.get_by_label("It rests on this appraisal")).to_be_checked()
    desk.checked("Put up a recommendation")


def add(desk: Visitor, name: str) -> None:
    desk.page.get_by_role("button", name="Add an option").click()
    desk.page.get_by_role("button", name="Save").click()
    desk.checked("Add an option")
    desk.page.get_by_label("What is the option called?").fill(name)
    desk.page.get_by_label("How are the services cut into lots?").fill("One lot for each site")
    desk.page.get_by_label("By which route?").select_option("psr_competitive")
    desk.page.get_by_label("For how long?").fill("5 years")
    desk.page.get_by_label("When?").fill("1 April 2028")
    desk.page.get_by_role("button", name="Save").click()
    desk.checked("How to buy")


def score(desk: Visitor, name: str, low: int, high: int) -> None:
    desk.page.get_by_role("link", name=f"score {name}").click()
    for each in USUAL_CRITERIA:
        desk.page.get_by_label(f"Lowest score: {each.name}").fill(str(high))
        desk.page.get_by_label(f"Highest score: {each.name}").fill(str(low))
    desk.page.get_by_role("button", name="Save the scores").click()
    desk.checked(f"Score “{name}”")
    for each in USUAL_CRITERIA:
        desk.page.get_by_label(f"Lowest score: {each.name}").fill(str(low))
        desk.page.get_by_label(f"Highest score: {each.name}").fill(str(high))
        desk.page.get_by_label(f"Why: {each.name}").fill("As the market said")
    desk.page.get_by_role("button", name="Save the scores").click()
    desk.checked("How to buy")
