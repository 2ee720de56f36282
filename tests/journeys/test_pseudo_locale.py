"""The provider's journey in a browser, in a language that has no Latin letter: what shows one was never translated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import PASSWORD
from tests.pseudo_locale import CODE, in_greek_letters, latin_words, pseudo_locale, untranslated
from tests.webapp.responses.conftest import Respondent
from tests.webapp.responses.greek import REFERENCE, make_greek
from webapp.accounts.actions import set_password
from webapp.db import Database

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def greek_letters(pseudo_translation: Path) -> Iterator[None]:
    with pseudo_locale(pseudo_translation):
        yield


@pytest.fixture
def respondent(database: Database) -> Respondent:
    with database.session() as session:
        made = make_greek(session)
        set_password(session, person=made.person, password=PASSWORD, actor=None)
        session.commit()
        return made


def all_said(visitor: Visitor, heading: str | None = None) -> None:
    """After its scripts: the page as it stands now, with what they wrote into it."""
    visitor.checked(heading and said(heading))
    assert untranslated(REFERENCE.sub("", visitor.page.content())) == []


def said(text: str) -> str:
    """The beginning of what a text of the catalogue is called."""
    return in_greek_letters(text).rstrip("· ")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=said(name)).click()


def sign_in(visitor: Visitor, respondent: Respondent) -> None:
    page = visitor.page
    page.context.set_extra_http_headers({"Accept-Language": CODE})
    page.goto(respondent.url)
    page.locator("input[type=email]").fill(respondent.person.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**{respondent.url}**")


def test_from_the_first_answer_to_a_withdrawal(device: OpenDevice, respondent: Respondent) -> None:
    visitor = device(width=320)
    page = visitor.page
    sign_in(visitor, respondent)
    page.goto(respondent.section("organisation"))
    all_said(visitor)
    autosaved(visitor)
    press(page, "Save and continue")
    all_said(visitor)
    for lot, level in zip(respondent.lots, ("would_bid", "no"), strict=True):
        page.locator(f"input[name='interest-{lot.id}'][value='{level}']").check()
    press(page, "Save and continue")
    all_said(visitor)
    page.locator(f"input[name='role-{respondent.lots[0].id}'][value='lead']").check()
    page.locator(f"input[name='start-{respondent.lots[0].id}']").fill("ξ")
    press(page, "Save and continue")
    all_said(visitor)
    page.locator(f"input[name='start-{respondent.lots[0].id}']").fill("4.5")
    press(page, "Save and continue")
    all_said(visitor)
    page.goto(respondent.check)
    all_said(visitor, "Check your answers")
    page.locator("input[name=declared]").check()
    press(page, "Submit")
    all_said(visitor, "Response submitted")
    page.goto(f"{respondent.url}/withdraw")
    all_said(visitor, "Withdraw your response")
    press(page, "Withdraw")
    all_said(visitor, "Your response")


def autosaved(visitor: Visitor) -> None:
    """What the page's script says, from the server and of its own."""
    page = visitor.page
    status = page.locator("form").get_by_role("status")
    page.locator("input[name=legal_name]").fill("Όνομα")
    expect(status).to_contain_text(said("Saved at"))
    assert latin_words(status.inner_text()) == []
    count = page.locator(".govuk-character-count__message")
    page.locator("textarea[name=few]").fill("Πολλά λόγια που περισσεύουν.")
    expect(count.last).not_to_be_empty()
    all_said(visitor)
    page.locator("textarea[name=few]").fill("Λόγια.")
    expect(status).to_contain_text(said("Saved at"))
    page.context.set_offline(True)
    page.locator("input[name=legal_name]").fill("Άλλο")
    expect(status).to_contain_text(said("Not saved: no connection"))
    all_said(visitor)
    page.context.set_offline(False)
    expect(status).to_contain_text(said("Saved at"))
