"""Mail through GOV.UK Notify: a server on this machine answers as it would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from tests.job_queue import job_states
from webapp.db import Database
from webapp.jobs import WorkerContext
from webapp.mail import ONE_TIME_LINK, Mail, send
from webapp.mail.delivery import transport_for
from webapp.mail.notify import Notify
from webapp.mail.smtp import Smtp
from webapp.mail.transports import NOT_KEPT, NotTakenError, RefusedError
from webapp.models import AuditEvent, MailMessage
from webapp.running_jobs import run_worker

SERVICE, SECRET, TEMPLATE = str(uuid.UUID(int=1)), str(uuid.UUID(int=2)), str(uuid.UUID(int=3))
KEY = f"soundings-live-{SERVICE}-{SECRET}"
ERRORS = {"errors": [{"error": "ValidationError", "message": "email_address Not a valid email address"}]}


class Stub(ThreadingHTTPServer):
    """Answers every request with `status` and keeps it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.status = 201
        self.reply: Any = {"id": str(uuid.uuid4())}
        self.received: list[tuple[str, dict[str, str], Any]] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Request(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((self.path, dict(self.headers), content))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(json.dumps(self.server.reply).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub
        stub.shutdown()


@pytest.fixture
def notified(settings: Settings, stub: Stub) -> Settings:
    return replace(settings, notify_key=KEY, notify_template_id=TEMPLATE, notify_url=stub.url)


def message(**given: object) -> MailMessage:
    defaults = {"id": uuid.UUID(int=7), "recipient": "ann@example.org", "subject": "Receipt", "body": "Hello.\n"}
    return MailMessage(**{**defaults, **given})


def work(database: Database, settings: Settings) -> None:
    with database.session() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        session.commit()
    run_worker(WorkerContext(database, settings, logging.getLogger("worker")), once=True)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_a_message_fills_the_two_fields_of_the_template(notified: Settings, stub: Stub) -> None:
    body = "Réponse reçue 🦩\n((not a field))\n"
    assert transport_for(notified).deliver(message(body=body)) == body
    ((path, headers, content),) = stub.received
    assert path == "/v2/notifications/email"
    assert headers["Content-Type"] == "application/json"
    assert content == {
        "email_address": "ann@example.org",
        "template_id": TEMPLATE,
        "personalisation": {"subject": "Receipt", "body": body},
        "reference": str(uuid.UUID(int=7)),
    }


def test_the_token_says_who_and_when_and_is_signed_with_the_secret(notified: Settings, stub: Stub) -> None:
    transport = transport_for(notified)
    assert isinstance(transport, Notify)
    replace(transport, now=lambda: 1_800_000_000.9).deliver(message())
    bearer, _, token = stub.received[0][1]["Authorization"].partition(" ")
    head, claims, signature = token.split(".")
    assert bearer == "Bearer"
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "HS256"}
    assert json.loads(decoded(claims)) == {"iss": SERVICE, "iat": 1_800_000_000}
    assert decoded(signature) == hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert SECRET not in repr(transport)


def test_a_message_with_a_one_time_link_is_not_kept(notified: Settings) -> None:
    assert transport_for(notified).deliver(message(body=f"https://x.example{ONE_TIME_LINK}abc\n")) == NOT_KEPT


@pytest.mark.parametrize("status", [408, 429, 500, 503, 302, 200])
def test_what_may_pass_is_tried_again(notified: Settings, stub: Stub, status: int) -> None:
    stub.status = status
    with pytest.raises(NotTakenError) as raised:
        transport_for(notified).deliver(message())
    assert raised.value.code == status
    assert len(stub.received) == 1  # and no redirect is followed


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_is_refused_with_the_reason(notified: Settings, stub: Stub, status: int) -> None:
    stub.status, stub.reply = status, ERRORS
    with pytest.raises(RefusedError) as raised:
        transport_for(notified).deliver(message())
    assert raised.value.reason == "ValidationError: email_address Not a valid email address"
    assert "valid" not in str(raised.value)


def test_a_refusal_in_another_form_is_a_refusal(notified: Settings, stub: Stub) -> None:
    stub.status, stub.reply = 403, ["x" * 5_000]
    with pytest.raises(RefusedError) as raised:
        transport_for(notified).deliver(message())
    assert 400 < len(raised.value.reason) <= 500


def test_a_refused_message_is_parked_with_the_reason_and_another_is_tried_until_it_is_taken(
    session: Session, database: Database, notified: Settings, stub: Stub
) -> None:
    send(session, recipient="ann@example.org", mail=Mail("Receipt", "Hello."))
    session.commit()
    stub.status = 429
    work(database, notified)
    assert [state.status.value for state in job_states(session)] == ["todo"]
    session.rollback()
    stub.status, stub.reply = 400, ERRORS
    work(database, notified)
    assert [(state.status.value, state.attempts) for state in job_states(session)] == [("failed", 2)]
    row = session.scalars(select(MailMessage)).one()
    assert row.sent_at is None
    assert row.refused_for == "ValidationError: email_address Not a valid email address"
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.act, event.detail["code"]) for event in events] == [("mail.failed", 429), ("mail.refused", 400)]


class TestSettings:
    def test_they_come_from_the_environment(self) -> None:
        given = {"SOUNDINGS_NOTIFY_KEY": KEY, "SOUNDINGS_NOTIFY_TEMPLATE_ID": TEMPLATE}
        settings = Settings.from_environment({**given, "SOUNDINGS_BASE_URL": "http://localhost:8000"})
        transport = transport_for(settings)
        assert isinstance(transport, Notify)
        assert (transport.service_id, transport.secret, transport.template_id) == (SERVICE, SECRET, TEMPLATE)
        assert transport.url.startswith("https://")
        assert KEY not in repr(settings)

    @pytest.mark.parametrize("key", ["x", SECRET, f"{SERVICE}{SECRET}", f"{KEY} "])
    def test_a_key_that_makes_no_sense_is_refused(self, settings: Settings, key: str) -> None:
        with pytest.raises(SettingsError, match="SOUNDINGS_NOTIFY_KEY") as raised:
            transport_for(replace(settings, notify_key=key, notify_template_id=TEMPLATE))
        assert key == "x" or key not in str(raised.value)

    def test_a_template_must_be_named(self, settings: Settings) -> None:
        with pytest.raises(SettingsError, match="SOUNDINGS_NOTIFY_TEMPLATE_ID"):
            transport_for(replace(settings, notify_key=KEY))

    def test_there_is_one_way_out(self, notified: Settings) -> None:
        with pytest.raises(SettingsError, match="not both"):
            transport_for(replace(notified, smtp_url="smtp://mail.example.org"))
        mailed = replace(notified, notify_key="", notify_template_id="", smtp_url="smtp://mail.example.org")
        assert isinstance(transport_for(mailed), Smtp)
