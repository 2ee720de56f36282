"""An officer reads, sorts and signs the themes of a question, at a desk and on a phone, with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenDevice, assert_accessible
from tests.webapp.analysis.themes.conftest import Scene, scene
from webapp.accounts.actions import make_link
from webapp.db import clock

__all__ = ["scene"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "javascript"), [(320, True), (1280, True), (1280, False)])
def test_themes_are_broadened_sorted_and_signed(
    served: Flask, device: OpenDevice, scene: Scene, width: int, javascript: bool
) -> None:
    desk = device(width=width, javascript=javascript)
    sign_in(desk.page, scene)
    desk.checked("What stops you?")
    slide(desk.page, javascript)
    expect(desk.page.get_by_role("row")).to_have_count(3)
    desk.page.get_by_role("button", name="Make these groups the themes").click()
    desk.page.get_by_role("link", name="Read and sort all statements").click()
    desk.checked("Statements")
    box = desk.page.get_by_role("checkbox").first
    box.focus()
    desk.page.keyboard.press("Space")
    desk.page.get_by_role("button", name="Confirm").press("Enter")
    expect(desk.page.get_by_text("Confirmed 1 statement", exact=True)).to_be_visible()
    desk.page.get_by_role("link", name="All themes").click()
    desk.page.get_by_role("link", name="Staff", exact=True).click()
    desk.checked("Staff")
    desk.page.get_by_role("link", name="All themes").click()
    for link, heading in (("See the themes drawn", "Themes drawn"), ("See what later runs", "What later runs brought")):
        desk.page.get_by_role("link", name=link).click()
        desk.checked(heading)
        desk.page.get_by_role("link", name="All themes").click()
    desk.page.get_by_role("button", name="Sign these themes").click()
    desk.checked("Sign version 1")
    desk.page.get_by_role("button", name="Sign", exact=True).click()
    expect(desk.page.get_by_role("link", name="Confirm that you sign these themes")).to_be_visible()
    desk.checked("Sign version 1")
    desk.page.get_by_role("checkbox").check()
    desk.page.get_by_role("button", name="Sign", exact=True).click()
    expect(desk.page.get_by_text(f"Signed by {scene.officer.name}")).to_be_visible()
    desk.page.get_by_role("link", name="All acts").click()
    desk.checked("What was done")
    desk.page.get_by_role("link", name="All themes").click()
    desk.page.get_by_role("link", name="Say what was decided about each signed theme").click()
    desk.page.get_by_role("link", name="Staff", exact=True).click()
    desk.checked("Reply to “Staff”")
    desk.page.get_by_role("button", name="Keep the reply").click()
    expect(desk.page.get_by_role("link", name="Choose what you decided")).to_be_visible()
    desk.page.get_by_role("radio", name="Taken up", exact=True).check()
    desk.page.get_by_label("What you did or will do").fill("We split the lot.")
    desk.page.get_by_label("Why", exact=True).fill("So that more can bid.")
    desk.page.get_by_role("button", name="Keep the reply").press("Enter")
    expect(desk.page.get_by_text("Nobody reads it until it is published")).to_be_visible()
    desk.checked("You said, we did")


def test_statements_are_sorted_with_single_keys_that_rest_while_typing_and_can_be_switched_off(
    served: Flask, device: OpenDevice, scene: Scene
) -> None:
    page = device(width=1280).page
    sign_in(page, scene)
    page.goto(f"{scene.url}/statements")
    keys_are_heard(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.get_by_text("Confirmed 1 statement").first).to_be_visible()
    keys_are_heard(page)
    expect(page.locator("#statement-1")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.keyboard.type("xcs")
    expect(page.get_by_label("New theme")).to_have_value("xcs")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Made a theme of 1 statement").first).to_be_visible()
    keys_are_heard(page)
    page.keyboard.press("u")
    expect(page.get_by_text("The act is undone")).to_be_visible()
    keys_are_heard(page)
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.keyboard.type("Pr")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved 1 statement").first).to_be_visible()
    assert {scene.places()[number] for number in (1, 3)} == {"Staff", "Price"}
    page.get_by_text("Keyboard shortcuts").click()
    assert_accessible(page)
    page.get_by_label("Use single-key shortcuts").uncheck()
    page.reload()
    keys_are_heard(page)
    page.get_by_role("checkbox").nth(1).focus()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)


def keys_are_heard(page: Page) -> None:
    """Their help is hidden until the script has run, which a page may be seen before."""
    expect(page.get_by_text("Keyboard shortcuts")).to_be_visible()


def sign_in(page: Page, scene: Scene) -> None:
    session = scene.session
    token = make_link(
        session,
        person=scene.officer,
        destination=scene.url,
        life=timedelta(hours=1),
        now=clock(session),
        second_factor=True,
    )
    places = [{"theme_id": str(theme.id), "x": x, "y": x} for theme, x in zip(scene.themes, (-1, 0.2, 1), strict=True)]
    scene.framework.outlook = {"revision": 0, "advice": [], "map": {"places": places, "kept": 0.8}}
    session.commit()
    page.goto(f"/sign-in/link/{token}")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{scene.url}")


def slide(page: Page, javascript: bool) -> None:
    """By the arrow keys, as every slider; the number beside it follows where there is JavaScript."""
    page.get_by_role("slider").press("ArrowLeft")
    if javascript:
        expect(page.get_by_role("status")).to_have_text("2")
    page.get_by_role("button", name="Show").click()
