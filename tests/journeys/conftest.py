"""A real browser before a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from config import Settings
from tests.chromium import CHROMIUM, FLAGS
from tests.journeys.respondent import Respondent, make_respondent
from webapp.app import create_app
from webapp.db import Database

PATIENCE = 15_000  # milliseconds: a machine that does other things too
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Visitor:
    """Somebody with a page open on a device of its own."""

    page: Page
    javascript: bool

    def returns(self, heading: str | None = None) -> None:
        """To a page whose job is done by now. With scripts it loads itself anew: a second reload would cross it."""
        if not self.javascript:
            self.page.reload()
        expect(self.page.locator("[data-progress-url]")).to_have_count(0)
        self.checked(heading)

    def checked(self, heading: str | None = None) -> None:
        """The page that was led to, found in order. Without JavaScript the inspectors cannot run, as nothing can."""
        if heading is not None:
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        if self.javascript:
            self.page.wait_for_load_state()  # a document that has only begun has no root to inspect
            assert_accessible(self.page)
            assert_fits(self.page)


OpenDevice = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while it is open its event loop runs, and other tests run loops of their own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the browser tests need one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def special_settings() -> dict[str, str]:
    """What a module wants set besides."""
    return {}


@pytest.fixture(scope="module")
def server(session_database: Database, special_settings: dict[str, str]) -> Iterator[Flask]:
    """The app behind a server of its own; its base URL is in its settings. One for a module, as making it is slow."""
    holder: list[Flask] = []

    def application(environ: dict[str, object], start_response: Callable[..., object]) -> object:
        return holder[0](environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    base_url = f"http://localhost:{server.server_port}"  # a name: passkeys are for names only
    settings = Settings(
        **{"secret_key": "a secret for tests only, long enough", "base_url": base_url, **special_settings},
        shows_mail=True,
    )
    holder.append(create_app(settings, session_database))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield holder[0]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served(server: Flask, database: Database) -> Flask:
    """With a database that holds nothing but what the test puts there."""
    return server


@pytest.fixture
def device(browser: Browser, served: Flask) -> Iterator[OpenDevice]:
    """Gives somebody a new device, which shares nothing with the others but the server."""
    contexts: list[BrowserContext] = []

    def open_device(*, javascript: bool = True, width: int = 1280) -> Visitor:
        context = browser.new_context(
            base_url=served.config["SETTINGS"].base_url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Visitor(context.new_page(), javascript)

    yield open_device
    for context in contexts:
        context.close()


@pytest.fixture
def respondent(database: Database) -> Respondent:
    with database.session() as session:
        return make_respondent(session)


def assert_accessible(page: Page) -> None:
    """axe finds nothing against WCAG 2.2 AA and its best practices."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    told = [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in found]
    assert not told, f"{page.url}: {told}"


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
