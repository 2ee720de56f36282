"""Plain pages for every failure, which keep what the person typed."""

import logging
import re
from dataclasses import dataclass

import psycopg
from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webapp.web.text import show

log = logging.getLogger(__name__)

_SECRETS = frozenset({"password", "token", "code", "secret", "otp"})
_MOST_FIELDS = 400
_MOST_TEXT = 300_000
_RETRY_AFTER = 5


@dataclass(frozen=True)
class Failure:
    """What an error page says: a heading and a few sentences."""

    title: str
    paragraphs: tuple[str, ...]


FAILURES = {
    400: Failure("We could not read that request", ("Go back, reload the page and try again.",)),
    403: Failure(
        "You do not have access to this page",
        ("This page is not open to you. If you think it should be, ask the person who invited you.",),
    ),
    404: Failure(
        "Page not found",
        (
            "If you typed the address, check it is correct. If you pasted it, check you copied all of it.",
            "The page may also belong to an organisation that is not yours.",
        ),
    ),
    405: Failure("That is not possible here", ("Go back and use the buttons on the page.",)),
    409: Failure(
        "Someone else changed this first",
        ("Nothing has been overwritten. Go back, reload the page to see their version, and make your change again.",),
    ),
    413: Failure("That is too large to send", ("Nothing has been saved. Shorten your text or send a smaller file.",)),
    422: Failure(
        "We could not use what you sent", ("Nothing has been saved. Go back, check your answers and try again.",)
    ),
    429: Failure("Too many attempts", ("Wait a few minutes, then try again.",)),
    500: Failure(
        "Sorry, something went wrong",
        ("The fault is ours and has been recorded. Try again later. Anything you saved before is safe.",),
    ),
    503: Failure(
        "Sorry, the service is not available just now",
        ("It usually comes back within a minute. Anything you saved before is safe.",),
    ),
}

EXPIRED = Failure(
    "This page was open for too long",
    (
        "For your safety a page can be sent only while you are signed in, and within some hours of opening it.",
        "Go back, reload the page and try again.",
    ),
)


@dataclass(frozen=True)
class Typed:
    """One thing the person had sent, for the error page to give back."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return re.sub(r"[-_]+", " ", self.name).strip().capitalize()


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(CSRFError, _handle_expired)
    app.register_error_handler(HTTPException, _handle_http)
    for lost in (OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError):
        app.register_error_handler(lost, _handle_database_lost)
    app.register_error_handler(DBAPIError, _handle_database)


def error_page(status: int, failure: Failure | None = None, *, resend: bool = False) -> tuple[str, int]:
    """The page for a status, rendered without context processors so that it needs neither database nor session.

    `resend` gives the form back with a button where that is safe; otherwise what was typed is shown for copying.
    """
    typed, whole = typed_by_person() if request.method == "POST" else ([], False)
    template = current_app.jinja_env.get_template("layouts/error.html")
    page = template.render(
        failure=failure or FAILURES.get(status, FAILURES[400 if status < 500 else 500]),
        typed=typed,
        # Only a request whose CSRF token was good gets a fresh one to send again.
        resend=resend and whole and bool(g.get("csrf_valid")) and not request.files,
        action=request.full_path.rstrip("?"),
    )
    return page, status


def typed_by_person() -> tuple[list[Typed], bool]:
    """What was sent, without secrets, and whether that is all of it, character for character.

    Nothing at all when it is too much for a page.
    """
    try:
        sent = [pair for pair in request.form.items(multi=True) if not pair[0].endswith("csrf_token")]
    except RequestEntityTooLarge:
        return [], False
    if len(sent) > _MOST_FIELDS or sum(len(value) for _, value in sent) > _MOST_TEXT:
        return [], False
    typed = [Typed(name, show(value)) for name, value in sent if _SECRETS.isdisjoint(re.split(r"[-_]", name.lower()))]
    return typed, [(each.name, each.value) for each in typed] == sent


def _handle_expired(error: CSRFError) -> tuple[str, int]:
    return error_page(400, EXPIRED)


def _handle_http(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Redirects and such pass through; a 503 raised by a view may be sent again like a lost database."""
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code, resend=error.code == 503)


def _handle_database_lost(error: Exception) -> tuple[str, int, dict[str, str]]:
    log.error("database unavailable", exc_info=error)
    page, status = error_page(503, resend=True)
    return page, status, {"Retry-After": str(_RETRY_AFTER)}


def _handle_database(error: DBAPIError) -> tuple[str, int, dict[str, str]]:
    """A connection cut in the middle of a statement may arrive as any database error; the rest are our faults."""
    if error.connection_invalidated:
        return _handle_database_lost(error)
    raise error
