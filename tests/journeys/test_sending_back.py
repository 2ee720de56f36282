"""A contributor asks for a draft to be submitted and a signatory sends it back, on the narrowest screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journeys.conftest import OpenDevice
from tests.journeys.respondent import Respondent, open_signed_in
from webapp.db import Database
from webapp.models import Membership, MembershipRole

pytestmark = pytest.mark.browser


@pytest.fixture
def contributor(database: Database, respondent: Respondent) -> Respondent:
    with database.session() as session:
        membership = session.scalars(select(Membership).where(Membership.person_id == respondent.colleague.id)).one()
        membership.role = MembershipRole.CONTRIBUTOR
        session.commit()
    return respondent


def fill(page: Page, respondent: Respondent) -> None:
    open_signed_in(page, respondent.colleague, respondent.section("organisation"))
    page.get_by_label("What about legal_name?").fill("Seaside Dental CIC")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Save and continue").click()
    for row in page.get_by_role("group", name=re.compile("Site")).all():
        row.get_by_label("Would not bid").check()
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{respondent.url}/check")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_draft_is_asked_about_and_sent_back(device: OpenDevice, contributor: Respondent, javascript: bool) -> None:
    asking = device(width=320, javascript=javascript)
    page = asking.page
    fill(page, contributor)
    asking.checked("Check your answers")
    note = page.get_by_label("Note to the signatories")
    note.fill("n" * 501)
    page.get_by_role("button", name="Ask a signatory to submit").click()
    expect(page).to_have_title(re.compile("^Error: "))
    asking.checked("Check your answers")
    expect(note).to_have_value("n" * 501)
    note.fill("I was not sure about lot 3.")
    page.get_by_role("button", name="Ask a signatory to submit").click()
    asking.checked("Your response")
    signing = device(width=320, javascript=javascript)
    open_signed_in(signing.page, contributor.person, f"{contributor.url}/check")
    expect(signing.page.get_by_text("I was not sure about lot 3.")).to_be_visible()
    signing.page.get_by_role("button", name="Send it back").click()
    expect(signing.page).to_have_title(re.compile("^Error: "))
    signing.checked("Check your answers")
    signing.page.get_by_label("What should be changed or checked?").fill("Please check the staffing for Haverigg.")
    signing.page.get_by_role("button", name="Send it back").click()
    signing.checked("Your response")
    page.reload()
    expect(page.get_by_text("Please check the staffing for Haverigg.")).to_be_visible()
    asking.checked("Your response")
