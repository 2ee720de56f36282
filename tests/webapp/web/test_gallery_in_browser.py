"""The gallery in Chromium: accessible, usable by keyboard, narrow, enlarged and without script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.chromium import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the browser tests need one"),
]


@pytest.fixture(scope="module")
def address(gallery: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page whose console must stay silent, so that the content security policy is known to hold."""
    with chromium.new_context(base_url=address) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
        # A page refused with 422 is reported by the browser itself.
        assert [line for line in said if "422" not in line] == []


def send_blank(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def violations(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("state", ["clean", "wrong", "open"])
def test_axe_finds_nothing(page: Page, state: str) -> None:
    page.goto("/")
    if state == "wrong":
        send_blank(page)
    if state == "open":
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/small", "/fail/404"])
def test_axe_finds_nothing_on_small_pages(page: Page, path: str) -> None:
    page.route("**/fail/404", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(path)
    assert violations(page) == []


def test_all_is_set_in_one_typeface(page: Page) -> None:
    """What has no class of GOV.UK Frontend is otherwise set in the browser's own, such as Times."""
    page.goto("/")
    found = page.evaluate(
        """[...document.querySelectorAll('body *:not([type=hidden], [type=radio], [type=checkbox], option)')]
        .map((each) => [getComputedStyle(each).fontFamily, each.outerHTML])"""
    )
    assert [html[:120] for family, html in found if not family.startswith(("system-ui", "monospace"))] == []


def test_a_line_of_the_error_summary_leads_to_its_control(page: Page) -> None:
    page.goto("/")
    send_blank(page)
    page.locator(".govuk-error-summary:focus").wait_for()
    page.get_by_role("link", name="Enter the start date").click()
    assert page.evaluate("document.activeElement.id") == "start-day"
    page.get_by_role("link", name="Choose a level for lot 2").click()
    assert page.evaluate("document.activeElement.id") == "level-2"


def test_the_matrix_is_answered_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.focus("#level-1-2")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "level-1-3"
    lot = page.get_by_role("group", name="Lot 1: HMP Liverpool").first
    assert lot.get_by_role("radio", name="Possibly").is_checked()


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (1280, "200%")])
def test_the_page_never_scrolls_sideways(page: Page, width: int, text: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/")
    send_blank(page)
    page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_table_keeps_its_caption_in_view_and_a_long_word_in_its_column(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto("/")
    table = page.get_by_role("table", name="Every value of each lot")
    table.evaluate("table => { table.parentElement.scrollLeft = 100; }")
    caption, word = (table.locator(part).first.bounding_box() for part in ("caption", "tbody th"))
    assert caption is not None
    assert 0 <= caption["x"] < caption["x"] + caption["width"] <= 320
    assert word is not None
    assert word["width"] < 320


def test_the_matrix_has_its_columns_when_wide_and_its_labels_when_narrow(page: Page) -> None:
    page.goto("/")
    heading, label = page.locator(".app-matrix__column").first, page.locator("label[for='level-1']")
    assert heading.is_visible()
    page.set_viewport_size({"width": 320, "height": 900})
    assert not heading.is_visible()
    assert label.bounding_box()["width"] > 50


def test_progress_is_told_as_it_changes(page: Page) -> None:
    page.goto("/")
    status = page.locator("[data-progress-url]")
    assert status.inner_text() == "Half done"
    page.get_by_text("Done", exact=True).wait_for()
    assert status.get_attribute("role") == "status"


def test_the_form_works_without_script(chromium: Browser, address: str) -> None:
    with chromium.new_context(base_url=address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        assert not page.get_by_label("Which?").is_visible()
        page.get_by_label("Other").check()
        assert page.get_by_label("Which?").is_visible()
        page.get_by_label("Staff", exact=True).fill("many")
        page.get_by_role("button", name="Save and continue").click()
        assert page.get_by_label("Staff", exact=True).input_value() == "many"
        assert page.get_by_role("link", name="Staff must be a number, like 12").is_visible()
