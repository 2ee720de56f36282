"""The browser's side of being signed in: a token in Flask's signed cookie.

The cookie ends after the time without a request that PERMANENT_SESSION_LIFETIME says, or up to RENEWED_EVERY sooner;
the session in the database ends at its own time, or at sign-out.
"""

from __future__ import annotations

from time import time

from flask import Flask, Response, request
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from webapp.accounts.codes import new_secret
from webapp.accounts.queries import recognised
from webapp.accounts.tokens import digest
from webapp.audit import Actor
from webapp.web.request import SESSION_TOKEN, db_session, set_arrival

RENEWED_EVERY = 300  # seconds: signing and sending the cookie anew with each page would be a good part of the page
_MORE_THAN_LINK = "more_than_link"
_RENEWED_AT = "renewed_at"


class _CookieOfPages(SecureCookieSessionInterface):
    """Static files may be kept by shared caches: never send anybody's cookie with them."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.permanent and time() - session.get(_RENEWED_AT, 0) >= RENEWED_EVERY:
            session[_RENEWED_AT] = int(time())
        super().save_session(app, session, response)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return request.endpoint != "static" and session.modified


def register_sign_in(app: Flask) -> None:
    app.session_interface = _CookieOfPages()
    app.before_request(_recognise_browser)


def _recognise_browser() -> None:
    if request.endpoint == "static":
        return
    token = cookie.get(SESSION_TOKEN)
    if token is not None and _recognise(token) is None:
        cookie.pop(SESSION_TOKEN)


def _recognise(token: str) -> Actor | None:
    found = recognised(db_session(), token_digest=digest(token))
    if found is None:
        return None
    set_arrival(found.at, found.actor)
    return found.actor


def enter(token: str, *, more_than_link: bool = False) -> Actor | None:
    """Give the browser a new cookie, with nothing of the old one in it: its CSRF token changes too."""
    cookie.clear()
    cookie.permanent = True
    cookie[SESSION_TOKEN] = token
    cookie[_MORE_THAN_LINK] = more_than_link
    return _recognise(token)


def leave() -> None:
    cookie.clear()


def came_by_more_than_a_link() -> bool:
    """Whether this browser signed in with a password or an organisation's account, which a reader of mail has not."""
    return bool(cookie.get(_MORE_THAN_LINK))


def offered_secret() -> str:
    """The secret offered for an authenticator app: the same until it is confirmed, so that a reload changes nothing."""
    return str(cookie.setdefault("totp_secret", new_secret()))
