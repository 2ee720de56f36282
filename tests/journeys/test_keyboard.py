"""The provider's journey with nothing but a keyboard, and with text twice as large on the narrowest screen."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import PASSWORD, Respondent, open_signed_in

pytestmark = pytest.mark.browser

MOST_STOPS = 60
TWICE_AS_LARGE = """
document.addEventListener("DOMContentLoaded", () => { document.documentElement.style.fontSize = "200%"; });
"""


@dataclass(frozen=True)
class Keyboard:
    """Somebody who has no mouse: Tab, Space, Enter, the arrows and letters."""

    page: Page

    def reach(self, target: Locator) -> None:
        """Tab on to `target`, which shows that it has the focus."""
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                assert target.evaluate("element => element.matches(':focus-visible')")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def type(self, label: str | re.Pattern[str], text: str) -> None:
        self.reach(self.page.get_by_role("textbox", name=label))
        self.page.keyboard.type(text)

    def press(self, button: str) -> None:
        self.reach(self.page.get_by_role("main").get_by_role("button", name=button, exact=True))
        self.page.keyboard.press("Enter")

    def follow(self, link: str) -> None:
        self.reach(self.page.get_by_role("main").get_by_role("link", name=link))
        self.page.keyboard.press("Enter")

    def choose(self, group: Locator, wanted: str) -> None:
        """Into a group of radios, and down to the wanted one."""
        self.reach(group.get_by_role("radio").first)
        self.page.keyboard.press("Space")
        target = group.get_by_role("radio", name=wanted, exact=True)
        for _ in range(group.get_by_role("radio").count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {wanted}")

    def tick(self, label: re.Pattern[str]) -> None:
        box = self.page.get_by_role("checkbox", name=label)
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()


def test_a_provider_answers_and_submits_with_a_keyboard_alone(device: OpenDevice, respondent: Respondent) -> None:
    visitor = device()
    page, keyboard = visitor.page, Keyboard(visitor.page)
    page.goto(respondent.url)
    keyboard.type("Email address", respondent.person.email)
    keyboard.type("Password", PASSWORD)
    keyboard.press("Sign in")
    visitor.checked("Your response")
    skip_to_the_content(keyboard)
    keyboard.follow("Your organisation")
    visitor.checked("Your organisation")
    keyboard.type("What about legal_name?", "Seaside Health")
    keyboard.choose(page.get_by_role("group", name="What about cqc?"), "No")
    keyboard.press("Save and continue")
    visitor.checked("Interest in each lot")
    keyboard.choose(page.get_by_role("group", name=re.compile("Site 1")), "Likely to bid")
    keyboard.choose(page.get_by_role("group", name=re.compile("Site 2")), "Would not bid")
    keyboard.press("Save and continue")
    visitor.checked("The lots you chose")
    correct_a_mistake(visitor, keyboard)
    keyboard.type("What about barriers?", "Escorts.")
    keyboard.press("Save and continue")
    visitor.checked("Check your answers")
    keyboard.tick(re.compile("I am authorised"))
    keyboard.press("Submit")
    expect(page.get_by_role("main")).to_contain_text(re.compile("SND-[0-9A-Z]{4}-[0-9A-Z]{4}"))
    visitor.checked()


def skip_to_the_content(keyboard: Keyboard) -> None:
    keyboard.page.keyboard.press("Tab")
    expect(keyboard.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keyboard.page.keyboard.press("Enter")
    expect(keyboard.page.locator("#main-content")).to_be_focused()


def correct_a_mistake(visitor: Visitor, keyboard: Keyboard) -> None:
    """The error summary takes the focus, and its link leads to what is wrong."""
    page = visitor.page
    keyboard.choose(page.get_by_role("group", name="What about role?"), "Subcontractor only")
    keyboard.type("What about start_wte?", "few")
    keyboard.press("Save and continue")
    visitor.checked("The lots you chose")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keyboard.reach(page.locator(".govuk-error-summary").get_by_role("link").first)
    page.keyboard.press("Enter")
    wrong = page.get_by_role("textbox", name="What about start_wte?")
    expect(wrong).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("4.5")
    keyboard.press("Save and continue")
    visitor.checked("Your views")


def test_text_twice_as_large_fits_the_narrowest_screen_with_errors_too(
    device: OpenDevice, respondent: Respondent
) -> None:
    visitor = device(width=320)
    page = visitor.page
    page.add_init_script(TWICE_AS_LARGE)
    page.goto(respondent.url)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    visitor.checked("Sign in")  # in error
    open_signed_in(page, respondent.person, respondent.url)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    visitor.checked("Your response")
    page.get_by_role("link", name="We will not respond").click()
    page.get_by_role("button", name="Confirm that we will not respond").click()
    expect(page).to_have_title(re.compile("^Error: "))
    visitor.checked("We will not respond")
    for slug, heading in (("organisation", "Your organisation"), ("interest", "Interest in each lot")):
        page.goto(respondent.section(slug))
        for box in page.get_by_role("main").get_by_role("textbox").all():
            box.fill("")  # what is known of the organisation stands there already
        page.get_by_role("button", name="Save and continue").click()
        visitor.checked(heading)  # in error: nothing is answered
        expect(page).to_have_title(re.compile("^Error: "))
    for row in page.get_by_role("group", name=re.compile("Site")).all():
        row.get_by_label("Would bid", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()
    visitor.checked("The lots you chose")
    page.get_by_label("What about start_wte?").first.fill("a few")
    page.get_by_role("button", name="Save and continue").click()
    visitor.checked("The lots you chose")  # in error
    page.goto(f"{respondent.url}/check")
    visitor.checked("Check your answers")
