"""An officer reads, sorts and signs the themes of a question, at a desk and on a phone, with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenDevice
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
    expect(desk.page.get_by_text("Confirmed 1 statement")).to_be_visible()
    desk.page.get_by_role("link", name="All themes").click()
    desk.page.get_by_role("link", name="Staff").click()
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
