"""The request's own things: its database session, its arrival time, who sent it."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, has_request_context, request
from flask import session as cookie
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.exceptions import InternalServerError

from webapp.audit import Actor
from webapp.db import Database, clock
from webapp.jobs import worker_is_at_work

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_TOKEN = "token"  # noqa: S105 - the name of a field


def register_database(app: Flask, connected: Database) -> None:
    app.extensions["soundings.database"] = connected
    app.teardown_appcontext(_close)
    app.jinja_env.globals["worker_is_at_work"] = lambda: worker_is_at_work(db_session())


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is None:
        return
    try:
        session.close()
    except DBAPIError as error:  # the database went away after the page was made: the page is still good
        log.warning("connection lost at the end of a request", exc_info=error)
        session.invalidate()


def reference() -> str:
    """By which a page that says what went wrong, and the lines of the log about it, are known to belong together."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    return cast(str, g.reference)


def name_request(record: logging.LogRecord) -> bool:
    """A filter for the log: says in each line of a request which one, never by an address, which may hold a secret."""
    if has_request_context():
        record.request, record.verb, record.endpoint = reference(), request.method, request.endpoint
    return True


def database() -> Database:
    """For what is written whatever becomes of the request."""
    return cast(Database, current_app.extensions["soundings.database"])


def db_session() -> Session:
    """This request's session. For a safe method its transaction is read-only: PostgreSQL refuses any write."""
    if "session" not in g:
        g.session = database().session()
        if request.method in SAFE_METHODS:
            g.session.connection(execution_options={"postgresql_readonly": True})
    return cast(Session, g.session)


def set_arrival(arrived_at: datetime, actor: Actor | None) -> None:
    g.arrived_at = arrived_at
    g.actor = actor


def arrived_at() -> datetime:
    """When the request reached the database, by the database's clock: deadlines are judged on it."""
    if "arrived_at" not in g:
        g.arrived_at = clock(db_session())
    return cast(datetime, g.arrived_at)


def current_actor() -> Actor | None:
    return cast("Actor | None", g.get("actor"))


def seems_signed_in() -> bool:
    """Whether the browser holds the token of a session, which need not be a living one: that takes the database."""
    return SESSION_TOKEN in cookie


def sent_from_here() -> bool:
    """Whether the browser vouches that a page of ours sent this request, whatever its CSRF token says."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else request.scheme  # a proxy asks us by HTTP
    return request.headers.get("Origin") == f"{scheme}://{request.host}"


def acting() -> Actor:
    """The person behind this request, on a page that asks for one."""
    actor = current_actor()
    if actor is None:
        raise InternalServerError("a page that needs a person was open to anyone")
    return actor
