"""People who can sign in, and what their browsers do, for the tests of accounts."""

from __future__ import annotations

import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, parse_attestation_object
from werkzeug.test import TestResponse

import webapp.accounts.jobs  # noqa: F401 - declares what work() does
from config import Settings
from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts import actions, codes
from webapp.accounts.throttle import WINDOW
from webapp.db import Database, clock
from webapp.jobs import JobContext, WorkerContext
from webapp.models import AuditEvent, MailMessage, Person
from webapp.running_jobs import run_worker

PASSWORD = "seventeen grey herons"


def officer(session: Session, *, has_app: bool = True, **given: Any) -> Person:
    """An officer with a password and, unless told otherwise, an authenticator app."""
    person = factories.officer(session, totp_secret=codes.new_secret() if has_app else None, **given)
    actions.set_password(session, person=person, password=PASSWORD, actor=None)
    session.commit()
    return person


def link_for(session: Session, person: Person, *, life: timedelta = timedelta(days=1), **given: Any) -> str:
    """The path of a fresh link; `given` as for make_link."""
    wanted = {"destination": None, **given}
    token = actions.make_link(session, person=person, life=life, now=clock(session), **wanted)
    session.commit()
    return actions.link_address("", token)


def typed_key(html: str) -> str:
    """Of an app that a page offers to set up."""
    return html.partition('translate="no">')[2].partition("<")[0].replace(" ", "")


def mail_to(session: Session, email: str) -> list[MailMessage]:
    """The messages to an address, the oldest first."""
    session.rollback()
    messages = select(MailMessage).where(MailMessage.recipient == email).order_by(MailMessage.created_at)
    return list(session.scalars(messages).all())


def link_in(message: MailMessage) -> str:
    """The path of the one-time link that a message holds."""
    found = re.search(r"http://localhost(/sign-in/link/\S+)", message.body)
    assert found is not None, message.body
    return found[1]


def acts(session: Session) -> list[str]:
    """What people did, in order; the delivery of mail is the worker's."""
    session.rollback()
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [event.act for event in events if not event.act.startswith("mail.")]


def code_of(person: Person) -> str:
    """What the person's app shows now."""
    assert person.totp_secret is not None
    return pyotp.TOTP(person.totp_secret).now()


def wrong_code(person: Person) -> str:
    """A code that the app shows neither now nor in the next or last minute."""
    assert person.totp_secret is not None
    generator, now = pyotp.TOTP(person.totp_secret), datetime.now(UTC)
    near = {generator.at(now + timedelta(seconds=30 * step)) for step in range(-3, 4)}
    return next(code for number in range(9) if (code := f"{number:06}") not in near)


def give_password(client: Client, person: Person, url: str = "/sign-in", *, status: int = 302) -> Page:
    return client.submit(url, {"email": person.email, "password": PASSWORD}, status=status)


def give_password_and_code(client: Client, person: Person, url: str = "/sign-in") -> Page:
    return client.submit(give_password(client, person, url).location, {"code": code_of(person)})


def unvarying(page: Page) -> str:
    """The page without what differs each time: nonce and CSRF token."""
    without_nonce = re.sub(r'nonce="[^"]+"', "", page.html)
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]+"', r"\1", without_nonce)


def at_once(app: Flask, url: str, data: dict[str, str], *, cookies: list[str | None]) -> list[TestResponse]:
    """Browsers, each with its session cookie or none, open the page and then send its form at the same moment."""
    ready = Barrier(len(cookies))

    def send(cookie: str | None) -> TestResponse:
        browser = app.test_client()
        if cookie is not None:
            browser.set_cookie("soundings", cookie)
        found = re.search(r'<main.*name="csrf_token"[^>]*value="([^"]+)"', browser.get(url).text, re.DOTALL)
        assert found is not None
        ready.wait(60)
        return browser.post(url, data={"csrf_token": found[1], **data})

    with ThreadPoolExecutor(len(cookies)) as pool:
        return list(pool.map(send, cookies))


def stay_in_one_window() -> None:
    """Tries are counted in fixed windows: do not let one end in the middle of a test."""
    left = WINDOW.total_seconds() - time.time() % WINDOW.total_seconds()
    if left < 10:
        time.sleep(left + 0.1)


def session_cookie(page: Page) -> str:
    """The value of the session cookie that an answer sets."""
    found = re.search(r"soundings=([^;]+)", page.response.headers["Set-Cookie"])
    assert found is not None
    return found[1]


def work(database: Database, settings: Settings) -> None:
    """Do all that waits for the worker."""
    run_worker(WorkerContext(database, settings, logging.getLogger("worker")), once=True)


def job_context(database: Database, settings: Settings, job_id: int) -> JobContext:
    return JobContext(database, settings, logging.getLogger("worker"), job_id, 1, 10)


def public_key_in(attestation_object: str) -> bytes:
    """The public key as it is kept, out of what an authenticator says of a new passkey."""
    attested = parse_attestation_object(base64url_to_bytes(attestation_object)).auth_data.attested_credential_data
    assert attested is not None
    return attested.credential_public_key
