"""A section saves itself while somebody types, and never over somebody else's answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import Respondent, open_signed_in
from webapp.db import Database
from webapp.models import DraftSection

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Saved at ")


def views(visitor: Visitor, respondent: Respondent, *, colleague: bool = False) -> Locator:
    """The text area of the views, on a device of the person's own."""
    person = respondent.colleague if colleague else respondent.person
    open_signed_in(visitor.page, person, respondent.section("views"))
    return visitor.page.get_by_label("What about barriers?")


def status(page: Page) -> Locator:
    return page.locator("form").get_by_role("status")


def saved(database: Database) -> list[tuple[int, str]]:
    with database.session() as session:
        return [(row.revision, row.answers["barriers"]) for row in session.query(DraftSection)]


def test_typing_is_saved_without_a_button_and_the_button_goes_on_from_there(
    device: OpenDevice, database: Database, respondent: Respondent
) -> None:
    visitor = device()
    text = views(visitor, respondent)
    visitor.page.set_viewport_size({"width": 1280, "height": 440})
    text.fill("Escorts.\nRooms.")
    text.evaluate("box => box.scrollIntoView({ block: 'end' })")
    expect(status(visitor.page)).to_have_text(SAVED)
    ends, begins = text.bounding_box(), status(visitor.page).bounding_box()
    assert ends is not None
    assert begins is not None
    assert ends["y"] + ends["height"] <= begins["y"], "what is typed in is never behind the word that it is saved"
    visitor.checked("Your views")
    assert saved(database) == [(1, "Escorts.\nRooms.")]
    text.press_sequentially(" Vetting.")
    expect(status(visitor.page)).to_be_empty()
    visitor.page.get_by_role("button", name="Save and come back later").click()
    visitor.checked("Your response")
    [(revision, kept)] = saved(database)
    assert revision == 2
    assert "Vetting." in kept


def test_two_devices_see_their_clash_and_nothing_is_overwritten(
    device: OpenDevice, database: Database, respondent: Respondent
) -> None:
    laptop, phone = device(), device(width=320)
    mine, theirs = views(laptop, respondent), views(phone, respondent, colleague=True)
    theirs.fill("Ben's view.")
    expect(status(phone.page)).to_have_text(SAVED)
    mine.fill("Asha's view.")
    expect(status(laptop.page)).to_contain_text("Not saved: Ben Okoro saved this section on another page")
    assert saved(database) == [(1, "Ben's view.")]
    laptop.page.get_by_role("button", name="Save and continue").click()
    laptop.checked("A colleague changed this section")
    expect(laptop.page.get_by_role("main")).to_contain_text("Ben's view.")
    expect(laptop.page.get_by_role("main")).to_contain_text("Asha's view.")
    assert saved(database) == [(1, "Ben's view.")]


def test_without_a_connection_it_says_so_keeps_the_text_and_saves_later(
    device: OpenDevice, database: Database, respondent: Respondent
) -> None:
    visitor = device(width=320)
    page = visitor.page
    page.set_viewport_size({"width": 320, "height": 440})
    text = views(visitor, respondent)
    page.context.set_offline(True)
    text.fill("On the train.")
    expect(status(page)).to_contain_text("Not saved: no connection")
    page.get_by_label("What about held?").scroll_into_view_if_needed()  # far above where it stands
    expect(status(page)).to_be_in_viewport(ratio=1)
    warned: list[str] = []

    def stay(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="All sections").click()
    expect(text).to_have_value("On the train.")
    assert warned == ["beforeunload"]
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert saved(database) == [(1, "On the train.")]
    page.get_by_role("link", name="All sections").click()
    visitor.checked("Your response")


def test_an_answer_that_was_lost_on_the_way_makes_no_clash_with_oneself(
    device: OpenDevice, database: Database, respondent: Respondent
) -> None:
    visitor = device()
    page = visitor.page
    text = views(visitor, respondent)

    def lose_the_answer(route: object) -> None:
        route.fetch()
        route.abort()

    page.route("**/autosave", lose_the_answer, times=1)
    text.fill("One.")
    expect(status(page)).to_contain_text("Not saved: no connection")
    text.fill("One. Two.")
    page.get_by_role("button", name="Save and come back later").click()
    visitor.checked("Your response")
    assert saved(database) == [(2, "One. Two.")]
