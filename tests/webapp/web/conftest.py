"""The gallery instead of the whole app: these tests need no database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.web.gallery import gallery_app

Read = Callable[[str], Any]


@pytest.fixture(scope="session")
def gallery() -> Flask:
    return gallery_app()


@pytest.fixture
def browser(gallery: Flask) -> FlaskClient:
    """A client with CSRF checks on."""
    return gallery.test_client()


@pytest.fixture
def post(gallery: Flask, browser: FlaskClient) -> Callable[..., Any]:
    """Sends a form with the token of the page, as a browser would."""

    def send(data: Any, path: str = "/") -> Any:
        tree: Any = html5lib.parse(browser.get("/").get_data(as_text=True), namespaceHTMLElements=False)
        token = tree.find(".//input[@name='csrf_token']").get("value")
        return browser.post(path, data={**data, "csrf_token": token})

    return send


@pytest.fixture(scope="session")
def read() -> Read:
    """The tree of a page that a strict parser accepts and whose ids are unique."""

    def strictly(html: str) -> Any:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert sorted(set(ids)) == sorted(ids)
        return tree

    return strictly
