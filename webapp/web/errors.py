"""Plain pages for every failure, which keep what the person typed."""

import logging
import re
from dataclasses import dataclass

import psycopg
from flask import Flask, current_app, g, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webapp.language import Later
from webapp.logs import Told
from webapp.web import access
from webapp.web.clashes import NOT_ANSWERS
from webapp.web.request import reference, seems_signed_in, sent_from_here
from webapp.web.text import show

log = logging.getLogger(__name__)

_SECRET = re.compile(r"(code|token|otp)|(.+[-_])?(password|secret)")
_RETRY_AFTER = 5


@dataclass(frozen=True)
class Failure:
    """What an error page says: a heading and a few sentences."""

    title: str
    paragraphs: tuple[str, ...]


FAILURES = {
    400: Failure(Later("We could not read that request"), (Later("Go back, reload the page and try again."),)),
    403: Failure(
        Later("You do not have access to this page"),
        (Later("This page is not open to you. If you think it should be, ask the person who invited you."),),
    ),
    404: Failure(
        Later("Page not found"),
        (
            Later("If you typed the address, check it is correct. If you pasted it, check you copied all of it."),
            Later("The page may also belong to an organisation that is not yours."),
        ),
    ),
    405: Failure(Later("That is not possible here"), (Later("Go back and use the buttons on the page."),)),
    409: Failure(
        Later("Someone else changed this first"),
        (
            Later(
                "Nothing has been overwritten. Go back, reload the page to see their version, "
                "and make your change again."
            ),
        ),
    ),
    413: Failure(
        Later("That is too large to send"),
        (Later("Nothing has been saved. Shorten your text or send a smaller file."),),
    ),
    422: Failure(
        Later("We could not use what you sent"),
        (Later("Nothing has been saved. Go back, check your answers and try again."),),
    ),
    429: Failure(Later("Too many attempts"), (Later("Wait a few minutes, then try again."),)),
    500: Failure(
        Later("Sorry, something went wrong"),
        (Later("The fault is ours and has been recorded. Try again later. Anything you saved before is safe."),),
    ),
    503: Failure(
        Later("Sorry, the service is not available just now"),
        (Later("It usually comes back within a minute. Anything you saved before is safe."),),
    ),
}

EXPIRED = Failure(
    Later("This page was open for too long"),
    (
        Later("For your safety a page can be sent only while you are signed in, and within some hours of opening it."),
        Later("Go back, reload the page and try again."),
    ),
)
OUT_OF_DATE = Failure(
    Later("This page needs to be sent again"),
    (Later("You signed in or out after you opened it, so for your safety we have not used what you sent."),),
)
SIGNED_OUT = Failure(
    Later("You were signed out"),
    (Later("Nothing has been saved since you were signed out."),),
)


@dataclass(frozen=True)
class Typed:
    """One thing the person had sent, for the error page to give back."""

    name: str
    value: str

    @property
    def label(self) -> str:
        """In English, as the names of fields are."""
        return re.sub(r"[-_]+", " ", self.name).strip().capitalize()

    @property
    def is_told(self) -> bool:
        """Whether a person typed it: not where it is empty, or was in the form when it was opened."""
        return bool(self.value) and self.name not in NOT_ANSWERS


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(CSRFError, _handle_expired)
    app.register_error_handler(access.SignedOutError, _handle_signed_out)
    app.register_error_handler(HTTPException, _handle_http)
    for lost in (OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError):
        app.register_error_handler(lost, _handle_database_lost)
    app.register_error_handler(DBAPIError, _handle_database)
    # Flask's own would write the address, with the token of a link in it.
    app.log_exception = _log_fault  # type: ignore[method-assign]


def error_page(
    status: int, failure: Failure | None = None, *, resend: bool = False, sign_in: str = ""
) -> tuple[str, int]:
    """The page for a status, rendered without context processors so that it needs neither database nor session.

    `resend` gives the form back with a button where that is safe; otherwise what was typed is shown for copying.
    `sign_in` is where the person has to sign in before that.
    """
    if status >= 500 and "logged" not in g:
        log.warning("page refused", exc_info=True, extra={"status": status})
    typed, whole = typed_by_person() if request.method == "POST" else ([], False)
    template = current_app.jinja_env.get_template("layouts/error.html")
    page = template.render(
        failure=failure or FAILURES.get(status, FAILURES[400 if status < 500 else 500]),
        typed=typed,
        # Only what came from a page of ours gets a fresh token: nobody else may have us make up a form to press.
        resend=resend and whole and not _chosen_files() and (bool(g.get("csrf_valid")) or sent_from_here()),
        action=request.full_path.rstrip("?"),
        sign_in=sign_in,
        reference=reference() if status >= 500 else "",
    )
    return page, status


def typed_by_person() -> tuple[list[Typed], bool]:
    """What was sent, without secrets, and whether that is all of it, character for character.

    Nothing at all when it was too much to be read.
    """
    try:
        sent = [pair for pair in request.form.items(multi=True) if not pair[0].endswith("csrf_token")]
    except RequestEntityTooLarge:
        return [], False
    typed = [Typed(name, show(value)) for name, value in sent if not _SECRET.fullmatch(name.lower())]
    return typed, [(each.name, each.value) for each in typed] == sent


def _chosen_files() -> bool:
    """Whether a file came with it, which no page can give back; a control left empty is sent without a name."""
    return any(file.filename for _name, file in request.files.items(multi=True))


def _handle_expired(error: CSRFError) -> tuple[str, int]:
    """The token belongs to another session than the browser's: one that has ended, or been followed by a new one."""
    if not sent_from_here():
        return error_page(400, EXPIRED)
    audience = access.audience_of(current_app, str(request.endpoint))
    if seems_signed_in() or audience in (None, access.Audience.ANYONE):
        return error_page(400, OUT_OF_DATE, resend=True)
    return _signed_out(url_for("accounts.sign_in", next=access.page_of_form()))


def _handle_signed_out(error: access.SignedOutError) -> tuple[str, int]:
    return _signed_out(error.sign_in)


def _signed_out(sign_in: str) -> tuple[str, int]:
    return error_page(403, SIGNED_OUT, resend=True, sign_in=sign_in)


def _handle_http(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Redirects and such pass through; a 503 raised by a view may be sent again like a lost database."""
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code, resend=error.code == 503)


def _log_fault(exc_info: Told) -> None:
    log.error("page failed", exc_info=exc_info)
    g.logged = True


def _handle_database_lost(error: Exception) -> tuple[str, int, dict[str, str]]:
    log.error("database unavailable", exc_info=error)
    g.logged = True
    page, status = error_page(503, resend=True)
    return page, status, {"Retry-After": str(_RETRY_AFTER)}


def _handle_database(error: DBAPIError) -> tuple[str, int, dict[str, str]]:
    """A connection cut in the middle of a statement may arrive as any database error; the rest are our faults."""
    if error.connection_invalidated:
        return _handle_database_lost(error)
    raise error
