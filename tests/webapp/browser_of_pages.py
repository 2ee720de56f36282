"""A test client that reads each page as a careful browser would, and refuses a bad one."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from webapp.db import Database
from webapp.models import Person, SignedInSession

# What a strict parser objects to although browsers and the standard do not: svg attributes in mixed case and the like.
HARMLESS = frozenset({"non-void-element-with-trailing-solidus"})


@dataclass(frozen=True)
class Page:
    """An answer that has passed the checks."""

    response: TestResponse
    statements: tuple[str, ...]

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        """The path that a redirect leads to."""
        target = urlsplit(self.response.location or "")
        return target.path + (f"?{target.query}" if target.query else "")

    @property
    def text(self) -> str:
        """What a reader sees, white space folded."""
        return " ".join(" ".join(self.tree.itertext()).split())

    @cached_property
    def _parsed(self) -> tuple[Any, list[Any]]:
        """The tree and what the parser complained of: parsing takes as long as the answer, so it is done once."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        return parser.parse(self.html), parser.errors

    @property
    def tree(self) -> Any:
        return self._parsed[0]

    @property
    def complaints(self) -> list[Any]:
        """What a strict parser objects to, less what is harmless."""
        return [(place, code, data) for place, code, data in self._parsed[1] if code not in HARMLESS]

    def hidden(self, action: str | None = None) -> MultiDict[str, str]:
        """The hidden fields of the page's form: its main one, or the one that posts to `action`."""
        posting = [form for form in self.tree.iter("form") if form.get("method") == "post"]
        main = self.tree.find(".//main")
        forms = [form for form in posting if main is not None and form in main.iter("form")] or posting
        wanted = [form for form in forms if action is None or form.get("action") == action]
        assert wanted, f"no form posts to {action}"
        fields = wanted[0].findall(".//input[@type='hidden']")
        return MultiDict([(field.get("name"), field.get("value", "")) for field in fields])

    def buttons(self) -> list[str]:
        return ["".join(button.itertext()).strip() for button in self.tree.iter("button")]

    def links(self) -> dict[str, str]:
        return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in self.tree.iter("a")}


class Client:
    """Requests as a person makes them; `get` and `post` fail the test on any page that breaks the house rules."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app = app
        self.database = database
        self._client = app.test_client()
        self.language = ""
        """The code of the one that the browser asks for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sign_out()

    def get(self, url: str, *, status: int = 200, **options: Any) -> Page:
        return self._open("GET", url, status, **options)

    def look(self, url: str) -> Page:
        """The page at `url`, whatever its status."""
        return self._open("GET", url, None)

    def ask(self, method: str, url: str, data: Any = None) -> TestResponse:
        """The answer, whatever it is and unchecked, for tests that ask thousands of times."""
        return self._client.open(url, method=method, data=data)

    def post(self, url: str, data: Any = None, *, status: int = 302, **options: Any) -> Page:
        """Post exactly `data`; `submit` is the way to post a form as its page shows it."""
        return self._open("POST", url, status, data=data, **options)

    def submit(
        self, url: str, data: dict[str, Any] | None = None, *, status: int = 302, action: str | None = None
    ) -> Page:
        """Open the page at `url`, fill in its form and send it, with its hidden fields."""
        return self.post(action or url, self.filled(url, data, action), status=status)

    def submit_twice(self, url: str, data: dict[str, Any] | None = None, *, action: str | None = None) -> str:
        """As `submit`, with a second press of the button. Both must lead to the same place, which is returned."""
        return self.post_twice(action or url, self.filled(url, data, action))

    def post_twice(self, url: str, data: Any) -> str:
        first, second = (self.post(url, data).location for _ in range(2))
        assert first == second
        return first

    def filled(self, url: str, data: dict[str, Any] | None, action: str | None = None) -> MultiDict[str, Any]:
        """The form of the page at `url`, filled in."""
        filled: MultiDict[str, Any] = self.get(url).hidden(action)
        for name, value in (data or {}).items():
            filled.setlist(name, value if isinstance(value, list) else [value])
        return filled

    def sign_in(self, person: Person, *, second_factor: bool = True) -> None:
        """Signed in from here on, as if the sign-in pages had been gone through."""
        token = secrets.token_urlsafe(32)
        with self.database.session() as session:
            session.add(
                SignedInSession(
                    token_digest=hashlib.sha256(token.encode()).hexdigest(),
                    person_id=person.id,
                    email=person.email,
                    method="code",
                    second_factor=second_factor,
                    expires_at=datetime.now(UTC) + timedelta(hours=12),
                )
            )
            session.commit()
        with self._client.session_transaction() as cookie:
            cookie.clear()
            cookie["token"] = token
            cookie.permanent = True

    def sign_out(self) -> None:
        self._client = self.app.test_client()

    def _open(self, method: str, url: str, status: int | None, **options: Any) -> Page:
        if self.language:
            options["headers"] = {"Accept-Language": self.language, **options.get("headers", {})}
        with statements_of(self.database) as statements:
            response = self._client.open(url, method=method, **options)
        page = Page(response, tuple(statements))
        assert status in (None, response.status_code), f"{method} {url}: {response.status_code}\n{page.html[:4000]}"
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308):
            check_page(page)
        return page


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """The SQL statements sent while the block runs."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@contextmanager
def work_of(database: Database) -> Iterator[list[tuple[str, int]]]:
    """The SQL statements sent while the block runs and how many rows each gave: the time it takes, without noise."""
    work: list[tuple[str, int]] = []

    def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        work.append((statement, cursor.rowcount))

    event.listen(database.engine, "after_cursor_execute", note)
    try:
        yield work
    finally:
        event.remove(database.engine, "after_cursor_execute", note)


def check_page(page: Page) -> None:
    """Valid HTML5, one h1 that the title begins with, no id twice, every script with the nonce of the policy."""
    tree = page.tree
    assert not page.complaints, f"invalid HTML: {page.complaints[:3]}\n{_around(page.html, page.complaints)}"
    headings = [" ".join("".join(h1.itertext()).split()) for h1 in tree.iter("h1")]
    assert len(headings) == 1, f"a page has one h1, not {headings}"
    title = " ".join("".join(tree.find(".//title").itertext()).split())
    shows_error = tree.find(".//*[@class='govuk-error-summary']") is not None
    _check_title(title, headings[0], shows_error, english=tree.get("lang") == "en")
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert not [name for name, count in ids.items() if count > 1], f"ids used twice: {ids.most_common(3)}"
    policy = page.response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for script in tree.iter("script"):
        nonce = script.get("nonce")
        assert script.get("src") or (nonce and f"'nonce-{nonce}'" in policy), "a script without the page's nonce"
    assert not re.search(r"<[^>]+\sstyle=", page.html), "inline styles are refused by the policy"
    for control in (control for name in ("input", "select", "textarea") for control in tree.iter(name)):
        if control.get("type") not in ("hidden", "submit"):
            _check_label(tree, control)


def _check_title(title: str, heading: str, shows_error: bool, *, english: bool) -> None:
    """It begins with the h1, and says Error, in the page's language, exactly when there is an error summary."""
    expected = f"{heading} - Soundings"
    if english:
        assert title.removeprefix("Error: ") == expected, f"title {title!r}, h1 {heading!r}"
        assert title.startswith("Error: ") == shows_error, "the title says Error exactly when there is an error summary"
    else:
        assert heading in title, f"title {title!r}, h1 {heading!r}"
        assert (title != expected) == shows_error, "the title says Error exactly when there is an error summary"


def _check_label(tree: Any, control: Any) -> None:
    labelled = control.get("aria-labelledby") or control.get("aria-label")
    labels = [label for label in tree.iter("label") if label.get("for") == control.get("id")]
    assert labelled or labels, f"no label for {control.get('name')}"


def _around(html: str, complaints: list[Any]) -> str:
    if not complaints:
        return ""
    line = complaints[0][0][0]
    lines = html.split("\n")
    return "\n".join(lines[max(0, line - 3) : line + 2])
