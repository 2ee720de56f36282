"""A browser as small as it can be: cookies and hidden fields; what follows a redirect is left to the caller."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder, run_wsgi_app

Fields = Mapping[str, str | list[str]]
Headers = dict[str, str]
_HIDDEN = re.compile(r"<input[^>]*type=\"hidden\"[^>]*>")
_ATTRIBUTE = re.compile(r"(name|value)=\"([^\"]*)\"")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cpu_ms: float = 0
    """Of the thread that answered, where it is ours."""

    @property
    def location(self) -> str:
        target = urlsplit(self.headers.get("location", ""))
        return target.path + (f"?{target.query}" if target.query else "")

    @property
    def hidden(self) -> dict[str, str]:
        found = (dict(_ATTRIBUTE.findall(field)) for field in _HIDDEN.findall(self.body.decode()))
        return {html.unescape(each["name"]): html.unescape(each.get("value", "")) for each in found}


Send = Callable[[str, str, bytes | None, Headers], Answer]


class UnexpectedError(Exception):
    """A page was not what the journey needs; nothing measured would be worth anything."""


@dataclass(frozen=True)
class Visit:
    """One request of a journey."""

    page: str
    method: str
    bytes: int
    cpu_ms: float
    statements: int


@dataclass
class Browser:
    send: Send
    statements: list[str] = field(default_factory=list)
    """Filled by whoever listens to the database."""
    visits: list[Visit] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, page: str, path: str, *, status: int = 200) -> Answer:
        return self._open(page, "GET", path, None, status)

    def post(self, page: str, path: str, fields: Fields, *, status: int = 302) -> Answer:
        return self._open(page, "POST", path, urlencode(fields, doseq=True).encode(), status)

    def try_post(self, path: str, fields: Fields) -> Answer:
        """Whatever the answer is."""
        return self._send("POST", path, urlencode(fields, doseq=True).encode())

    def try_get(self, path: str) -> Answer:
        return self._send("GET", path, None)

    def _open(self, page: str, method: str, path: str, body: bytes | None, status: int) -> Answer:
        self.statements.clear()
        answer = self._send(method, path, body)
        if answer.status != status:
            raise UnexpectedError(f"{method} {path} answered {answer.status}:\n{answer.body.decode()[:3000]}")
        self.visits.append(Visit(page, method, len(answer.body), answer.cpu_ms, len(self.statements)))
        return answer

    def _send(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.send(method, path, body, headers)
        if cookie := answer.headers.get("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def in_process(app: Flask) -> Send:
    """Straight into the app, on this thread, whose processor time is measured."""

    def send(method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
        request = EnvironBuilder(path, base_url="http://localhost:8000", method=method, headers=[*headers.items()])
        if body is not None:
            request.input_stream, request.content_length = BytesIO(body), len(body)
        environ = request.get_environ()
        began = time.thread_time()
        chunks, status, answered = run_wsgi_app(app, environ, buffered=True)
        content = b"".join(chunks)
        spent = time.thread_time() - began
        return Answer(int(status.split()[0]), {k.lower(): v for k, v in answered}, content, spent * 1000)

    return send


def over_http(host: str, port: int, *, timeout: float = 30) -> Send:
    """One connection, kept open as a browser does, and opened again when the server has closed it."""
    connection = HTTPConnection(host, port, timeout=timeout)

    def send(method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except Exception:
            connection.close()
            raise
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, content)

    return send


@contextmanager
def counting(engine: Engine, into: list[str]) -> Iterator[None]:
    """Note every statement that is sent to the database."""

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        into.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
