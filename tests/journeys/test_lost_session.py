"""A session that ends while somebody types: they sign in again, and what they typed is saved, once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from tests.journeys.conftest import OpenDevice
from tests.journeys.respondent import Respondent, give_password, open_signed_in
from webapp.db import Database
from webapp.models import DraftSection, SignedInSession

pytestmark = pytest.mark.browser

TYPED = "Escorts & rooms.\n\n  Indented </textarea> “kept” 🦩"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_text_typed_while_the_session_ended_comes_back_and_is_saved_once(
    device: OpenDevice, database: Database, respondent: Respondent, javascript: bool
) -> None:
    visitor = device(javascript=javascript, width=320)
    page = visitor.page
    open_signed_in(page, respondent.person, respondent.section("views"))
    with database.session() as session:
        session.execute(delete(SignedInSession))
        session.commit()
    page.get_by_label("What about barriers?").fill(TYPED)
    page.get_by_role("button", name="Save and come back later").click()
    visitor.checked("You were signed out")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    give_password(opened.value, respondent.person)
    opened.value.wait_for_url(f"**{respondent.section('views')}")
    page.get_by_role("button", name="Send again").click()
    visitor.checked("This page needs to be sent again")
    page.get_by_text("What you typed", exact=True).click()
    page.get_by_role("button", name="Send again").click()
    visitor.checked("Your response")
    page.goto(respondent.section("views"))
    expect(page.get_by_label("What about barriers?")).to_have_value(TYPED)
    with database.session() as session:
        saved = session.query(DraftSection).one()
    assert saved.revision == 1
