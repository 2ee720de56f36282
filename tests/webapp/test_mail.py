"""Mail: composed, queued with its cause, delivered by the worker to a real socket."""

from __future__ import annotations

import logging
import re
import smtplib
import socket
import socketserver
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from smtplib import SMTPServerDisconnected

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from tests.job_queue import job_states, put_back
from webapp.cli import cli
from webapp.db import WORKER, Database
from webapp.jobs import JobContext, WorkerContext
from webapp.logs import Lines
from webapp.mail import ONE_TIME_LINK, Mail, RecipientError, send, smtp
from webapp.mail.addresses import address_of
from webapp.mail.delivery import deliver, transport_for
from webapp.mail.smtp import Smtp, composed
from webapp.mail.transports import NOT_KEPT, Kept
from webapp.models import AuditEvent, MailMessage
from webapp.running_jobs import run_worker
from webapp.web.validators import is_email_address

SENDER = "Soundings <no-reply@soundings.example>"


class Sink(socketserver.ThreadingTCPServer):
    """As much of a mail server as takes messages; it refuses every recipient in `refused`, and puts off `put_off`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.received: list[bytes] = []
        self.refused: set[str] = set()
        self.put_off: set[str] = set()
        self.senders_refused = False
        self.farewell = "221 bye"
        self.seconds_to_take_it = 0.0
        self.takes_it: threading.Event | None = None  # until when it says nothing
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=SMTP) for data in self.received]


class Conversation(socketserver.StreamRequestHandler):
    server: Sink
    timeout = 5

    def handle(self) -> None:
        self.say("220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                time.sleep(self.server.seconds_to_take_it)
                if self.server.takes_it is not None:
                    self.server.takes_it.wait()
            if verb == b"MAIL" and self.server.senders_refused:
                self.say("553 sender not known")
            elif verb == b"RCPT" and any(address in line.decode() for address in self.server.refused):
                self.say("550 nobody here")
            elif verb == b"RCPT" and any(address in line.decode() for address in self.server.put_off):
                self.say("450 come back, ann@example.org")
            else:
                self.say(self.server.farewell if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink
        sink.shutdown()


def message(**given: object) -> MailMessage:
    return MailMessage(
        **{
            "id": uuid.UUID(int=7),
            "recipient": "ann@example.org",
            "subject": "Your receipt",
            "body": "Hello.\n",
            "created_at": datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
            **given,
        }
    )


def sent(session: Session, body: str = "Hello.\n") -> MailMessage:
    send(session, recipient="ann@example.org", mail=Mail("Your receipt", body))
    session.commit()
    return session.scalars(select(MailMessage)).one()


def work(database: Database, settings: Settings) -> None:
    """Do all that waits for the worker, as if the time for every retry had come."""
    with database.session() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        session.commit()
    run_worker(WorkerContext(database, settings, logging.getLogger("worker")), once=True)


def context_of(database: Database, settings: Settings, session: Session) -> tuple[JobContext, str]:
    (state,) = job_states(session)
    session.rollback()
    return JobContext(database, settings, logging.getLogger("worker"), state.id, 1, 10), state.args["message_id"]


class TestComposing:
    def test_headers_and_body_arrive_as_written(self) -> None:
        mail = composed(message(subject="Réponse reçue – £1m", body="Ünïcode\nline two 🦩\n"), sender=SENDER)
        read = message_from_bytes(mail.as_bytes(), policy=SMTP)
        assert read["From"] == SENDER
        assert read["To"] == "ann@example.org"
        assert read["Subject"] == "Réponse reçue – £1m"
        assert read["Date"] == "Mon, 01 Mar 2027 09:30:00 +0000"
        assert read["Message-ID"] == "<00000000-0000-0000-0000-000000000007@soundings.example>"
        assert read["Auto-Submitted"] == "auto-generated"
        assert read.get_content().replace("\r\n", "\n") == "Ünïcode\nline two 🦩\n"

    def test_a_long_link_comes_out_whole(self) -> None:
        link = f"https://soundings.example{ONE_TIME_LINK}{'x' * 200}"
        read = message_from_bytes(composed(message(body=f"{link}\n"), sender=SENDER).as_bytes(), policy=SMTP)
        assert read.get_content().strip() == link

    @pytest.mark.parametrize(
        "recipient",
        [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@example.org\nBcc: bob@example.org",
            "ann@example.org\r\nBcc: bob@example.org",
            "ann@example.org, bob@example.org",
            "ann@example.org bob@example.org",
            "Ann <ann@example.org>",
            "ann@example.org\x00",
            "ann\u2028@example.org",
            "ann\N{RIGHT-TO-LEFT OVERRIDE}@example.org",
            "=?utf-8?q?bob=40example.org=2C_ann?=@example.org",
        ],
    )
    def test_a_recipient_is_one_plain_address(self, session: Session, recipient: str) -> None:
        with pytest.raises(RecipientError):
            send(session, recipient=recipient, mail=Mail("Hello", "Hello."))

    def test_an_address_in_another_alphabet_is_an_address(self) -> None:
        assert "renée@bücher.example" in str(composed(message(recipient="renée@bücher.example"), sender=SENDER)["To"])

    def test_a_subject_with_line_breaks_becomes_one_line(self, session: Session) -> None:
        send(session, recipient="ann@example.org", mail=Mail("Lot 1\r\nBcc: bob@example.org\x85x", "Hello."))
        subject = session.scalars(select(MailMessage.subject)).one()
        assert subject == "Lot 1 Bcc: bob@example.org x"

    @pytest.mark.parametrize("word", ["=?utf-8?q?x=0ABcc:_bob=40example.org=0A=0AHi?=", "=?utf-8?b?eApCY2M6IGI=?="])
    def test_a_subject_is_not_decoded_into_further_headers(self, word: str) -> None:
        octets = composed(message(subject=f"Question: {word}"), sender=SENDER).as_bytes()
        assert b"Bcc" not in octets.replace(b"0ABcc", b"")
        read = message_from_bytes(octets, policy=SMTP)
        assert read.keys() == composed(message(), sender=SENDER).keys()
        assert read["Subject"] == f"Question: {word.replace('=?', '= ?')}"
        assert read.get_content().strip() == "Hello."

    @pytest.mark.parametrize(
        "address",
        ["=?utf-8?q?a=0ABcc:b?=@c.example", "a\N{ZERO WIDTH SPACE}@b.example", "a\N{RIGHT-TO-LEFT OVERRIDE}@b.example"],
    )
    def test_a_form_takes_no_address_that_mail_would_not(self, address: str) -> None:
        assert is_email_address("a@b.example")
        assert not is_email_address(address)
        with pytest.raises(RecipientError):
            address_of(address)

    def test_a_header_that_slipped_through_is_refused_by_the_last_gate(self) -> None:
        with pytest.raises(ValueError, match="linefeed"):
            composed(message(subject="Lot 1\nBcc: bob@example.org"), sender=SENDER)


class TestQueue:
    def test_a_message_waits_for_the_commit_of_its_cause(self, session: Session) -> None:
        send(session, recipient="ann@example.org", mail=Mail("Hello", "Hello."))
        session.rollback()
        assert job_states(session) == ()
        assert session.scalars(select(MailMessage)).all() == []

    def test_a_message_is_delivered_once(
        self, session: Session, database: Database, settings: Settings, sink: Sink
    ) -> None:
        row = sent(session)
        for _ in range(2):
            work(database, replace(settings, smtp_url=sink.url, mail_from=SENDER))
        (mail,) = sink.messages()
        assert mail["To"] == "ann@example.org"
        session.refresh(row)
        assert row.sent_at is not None
        assert row.body == "Hello.\n"
        assert [state.status.value for state in job_states(session)] == ["succeeded"]

    @pytest.mark.parametrize("farewell", ["421 closing", "no number", "221 " + "x" * 9000])
    def test_what_a_server_says_to_the_farewell_changes_nothing(
        self, session: Session, database: Database, settings: Settings, sink: Sink, farewell: str
    ) -> None:
        """One that is about to stop answers 421: what it had taken was sent again at every attempt."""
        sink.farewell = farewell
        row = sent(session)
        for _ in range(2):
            work(database, replace(settings, smtp_url=sink.url))
        assert len(sink.received) == 1
        session.refresh(row)
        assert row.sent_at is not None
        sink.refused.add("bob@example.org")
        send(session, recipient="bob@example.org", mail=Mail("Hello", "Hello."))
        session.commit()
        work(database, replace(settings, smtp_url=sink.url))
        assert session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all() == [
            "mail.delivered",
            "mail.refused",
        ]

    def test_a_mail_server_that_is_down_is_tried_for_long_and_loses_nothing(
        self, session: Session, database: Database, settings: Settings, closed_port: int
    ) -> None:
        row = sent(session)
        down = replace(settings, smtp_url=f"smtp://127.0.0.1:{closed_port}")
        for tried in range(1, 11):
            work(database, down)
            (state,) = job_states(session)
            session.rollback()
            assert (state.status.value, state.attempts) == ("todo", tried)
        with Sink(closed_port) as sink:
            work(database, replace(down, smtp_url=sink.url))
            sink.shutdown()
        assert len(sink.received) == 1
        session.refresh(row)
        assert row.sent_at is not None

    def test_a_refused_recipient_is_not_taken_for_a_delivery(
        self, session: Session, database: Database, settings: Settings, sink: Sink
    ) -> None:
        row = sent(session)
        sink.refused.add("ann@example.org")
        work(database, replace(settings, smtp_url=sink.url))
        assert sink.received == []
        session.refresh(row)
        assert row.sent_at is None
        assert row.refused_for == "nobody here"
        assert [state.status.value for state in job_states(session)] == ["failed"]  # until somebody retries it

    def test_every_attempt_is_an_event_that_names_no_address(
        self,
        session: Session,
        database: Database,
        settings: Settings,
        sink: Sink,
        closed_port: int,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        row = sent(session, "A secret of ours.\n")
        work(database, replace(settings, smtp_url=f"smtp://127.0.0.1:{closed_port}"))
        sink.refused.add("ann@example.org")
        work(database, replace(settings, smtp_url=sink.url))
        put_back(session, job_states(session)[0].id)
        session.commit()
        sink.refused.clear()
        work(database, replace(settings, smtp_url=sink.url))
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [event.act for event in events] == ["mail.failed", "mail.refused", "mail.delivered"]
        assert [event.detail["attempt"] for event in events][:2] == [1, 2]
        assert {event.subject_id for event in events} == {row.id}
        assert events[1].detail["code"] == 550
        assert not re.search("ann@|secret|nobody", " ".join(str(event.detail) for event in events))
        told = [vars(record) for record in caplog.records if record.msg == "mail.not_taken"]
        assert [(each["message_id"], each["code"]) for each in told] == [(str(row.id), None), (str(row.id), 550)]
        session.refresh(row)
        assert row.refused_for is None

    def test_the_log_says_why_a_message_was_not_taken_and_never_to_whom_it_goes(
        self,
        session: Session,
        database: Database,
        settings: Settings,
        sink: Sink,
        closed_port: int,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        row = sent(session)
        work(database, replace(settings, smtp_url=f"smtp://127.0.0.1:{closed_port}"))
        sink.senders_refused = True
        work(database, replace(settings, smtp_url=sink.url))
        sink.senders_refused = False
        sink.put_off.add("ann@example.org")
        work(database, replace(settings, smtp_url=sink.url))
        told = [vars(record) for record in caplog.records if record.msg == "mail.not_taken"]
        assert [(each["error"], each["code"], each["reason"]) for each in told] == [
            ("ConnectionRefusedError", None, "[Errno 111] Connection refused"),
            ("SMTPSenderRefused", 553, "sender not known"),
            ("NotTakenError", 450, None),
        ]
        assert "ann@" not in "\n".join(map(Lines().format, caplog.records))
        sink.put_off.clear()
        work(database, replace(settings, smtp_url=sink.url))
        session.refresh(row)
        assert row.sent_at is not None

    def test_a_job_that_runs_again_after_delivery_sends_nothing(
        self, session: Session, database: Database, settings: Settings, sink: Sink
    ) -> None:
        sent(session)
        context, message_id = context_of(database, replace(settings, smtp_url=sink.url), session)
        session.execute(text("UPDATE mail_message SET sent_at = now()"))
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        session.commit()
        deliver(context, message_id=message_id)
        assert sink.received == []

    def test_delivery_and_the_end_of_the_job_are_one_transaction(
        self, session: Session, database: Database, settings: Settings
    ) -> None:
        row = sent(session)
        context, message_id = context_of(database, settings, session)
        session.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded'"))  # by a worker that took us for dead
        session.commit()
        with pytest.raises(DBAPIError, match="Job was not found"):
            deliver(context, message_id=message_id)
        session.refresh(row)
        assert row.sent_at is None


class TestWhatIsKept:
    WITH_LINK = f"Use https://soundings.example{ONE_TIME_LINK}abc-DEF_1 to sign in.\n"

    def test_a_message_with_a_one_time_link_is_not_kept_once_it_is_sent(
        self, session: Session, database: Database, settings: Settings, sink: Sink
    ) -> None:
        row = sent(session, self.WITH_LINK)
        work(database, replace(settings, smtp_url=sink.url))
        assert "abc-DEF_1" in sink.messages()[0].get_content()
        session.refresh(row)
        assert row.body == NOT_KEPT

    def test_without_a_mail_server_it_stays_to_be_read(
        self, session: Session, database: Database, settings: Settings
    ) -> None:
        row = sent(session, self.WITH_LINK)
        work(database, settings)
        session.refresh(row)
        assert row.body == self.WITH_LINK
        assert row.sent_at is not None


class TestTrying:
    """`send-test-email` says at once what the queue would say in the log."""

    def send(self, url: str) -> Result:
        given = {"SOUNDINGS_SMTP_URL": url, "SOUNDINGS_MAIL_FROM": SENDER if url else ""}
        environment = {**given, "SOUNDINGS_BASE_URL": "http://localhost:8000"}
        return CliRunner().invoke(cli, ["send-test-email", "ann@example.org"], env=environment)

    def test_what_was_taken_is_said_to_be(self, sink: Sink) -> None:
        assert self.send(sink.url).output == "It was taken. Whether it arrived, its recipient sees\n"
        [mail] = sink.messages()
        assert (mail["To"], mail["From"]) == ("ann@example.org", SENDER)
        assert "http://localhost:8000" in mail.get_content()

    def test_a_server_that_ends_after_it_took_the_message_took_it(self, sink: Sink) -> None:
        sink.farewell = "421 closing"
        assert self.send(sink.url).output.startswith("It was taken.")

    def test_what_was_not_is_said_with_the_reason(self, sink: Sink, closed_port: int) -> None:
        sink.put_off.add("ann@example.org")
        told = [self.send(sink.url).output]
        sink.refused.add("ann@example.org")
        told.append(self.send(sink.url).output)
        sink.senders_refused = True
        told.append(self.send(sink.url).output)
        told.append(self.send(sink.url.replace("smtp://", "smtp+starttls://")).output)
        told.append(self.send(f"smtp://127.0.0.1:{closed_port}").output)
        assert [line.removeprefix("Error: it was not taken: ").strip() for line in told] == [
            "450 come back, ann@example.org",
            "550 nobody here",
            "sender not known",
            "STARTTLS extension not supported by server.",
            "[Errno 111] Connection refused",
        ]
        assert sink.received == []

    def test_a_host_that_cannot_be_one_is_told_in_a_line(self) -> None:
        assert self.send("smtp://mail..example.org").output == "Error: it was not taken: UnicodeError\n"

    def test_where_none_is_sent_that_is_said(self) -> None:
        told = self.send("")
        assert told.exit_code == 1
        assert told.output.startswith("Error: no email is sent: neither SOUNDINGS_SMTP_URL nor")

    def test_an_address_that_is_none_is_not_tried(self) -> None:
        told = CliRunner().invoke(cli, ["send-test-email", "ann"], env={})
        assert told.output == "Error: ann is not an email address\n"


class TestSettings:
    def test_without_an_address_mail_stays_here(self, settings: Settings) -> None:
        assert isinstance(transport_for(settings), Kept)

    @pytest.mark.parametrize(
        ("url", "scheme", "port"),
        [
            ("smtp://mail.example.org", "smtp", 25),
            ("smtp+starttls://ann:p%40ss@mail.example.org", "smtp+starttls", 587),
            ("smtps://mail.example.org:4650", "smtps", 4650),
        ],
    )
    def test_the_address_says_how_to_connect(self, url: str, scheme: str, port: int) -> None:
        server = Smtp.from_url(url, sender=SENDER)
        assert (server.scheme, server.host, server.port) == (scheme, "mail.example.org", port)
        assert server.password == ("p@ss" if "ann" in url else "")
        assert "p@ss" not in repr(server)

    @pytest.mark.parametrize(
        "url",
        [
            "http://mail.example.org",
            "smtp://",
            "mail.example.org",
            "smtp://ann:x@mail",
            "smtp://mail:smtp",
            "smtps://:x@mail",
            "smtps://ann@mail",
        ],
    )
    def test_an_address_that_makes_no_sense_or_shows_a_password_is_refused(self, url: str) -> None:
        with pytest.raises(SettingsError, match="SOUNDINGS_SMTP_URL"):
            Smtp.from_url(url, sender=SENDER)

    @pytest.mark.parametrize("who", ["ann:s3cr%C2%A3t", "ann:s3cr£t", "änn:s3cret"])
    def test_a_password_that_nobody_can_sign_in_with_is_named_at_the_start(self, who: str) -> None:
        with pytest.raises(SettingsError, match="SOUNDINGS_SMTP_URL has a user or password with a character") as raised:
            Smtp.from_url(f"smtps://{who}@mail.example.org", sender=SENDER)
        assert "s3" not in str(raised.value)

    @pytest.mark.parametrize("password", ["[s3cret]", "s3cret[", "s3@cret"])
    def test_a_password_that_an_address_cannot_hold_as_it_is_is_not_repeated(self, password: str) -> None:
        with pytest.raises(SettingsError, match="%40 for an @") as raised:
            Smtp.from_url(f"smtps://ann:{password}@mail.example.org", sender=SENDER)
        assert "s3" not in str(raised.value)
        assert raised.value.__context__ is None, "nor above it"

    @pytest.mark.parametrize("sender", ["", "Soundings", "Soundings <no-reply>"])
    def test_a_sender_without_an_address_is_refused(self, sender: str) -> None:
        with pytest.raises(SettingsError, match="SOUNDINGS_MAIL_FROM"):
            Smtp.from_url("smtp://mail.example.org", sender=sender)

    def test_a_server_without_tls_is_never_given_the_message_when_tls_was_asked_for(self, sink: Sink) -> None:
        with pytest.raises(Exception, match="STARTTLS"):
            Smtp.from_url(sink.url.replace("smtp://", "smtp+starttls://"), sender=SENDER).deliver(message())
        assert sink.received == []

    def test_a_server_that_looks_into_the_message_for_long_is_waited_for(
        self, sink: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given up, it took the message again at every attempt; for ever it is not waited for either."""
        sink.seconds_to_take_it = 2.5
        server = replace(Smtp.from_url(sink.url, sender=SENDER), seconds=2.0)
        assert server.deliver(message()) == "Hello.\n"
        assert server.seconds < smtp.SECONDS_TO_TAKE_IT < WORKER.idle_in_transaction
        monkeypatch.setattr(smtp, "SECONDS_TO_TAKE_IT", 0.3)
        with pytest.raises(SMTPServerDisconnected, match="timed out"):
            server.deliver(message())

    @pytest.mark.parametrize("scheme", ["smtp", "smtps"])
    def test_waiting_for_the_message_to_be_taken_is_the_same_over_tls(
        self, scheme: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits: list[float | None] = []
        ours, theirs = socket.socketpair()

        def data(_server: smtplib.SMTP, _message: bytes) -> tuple[int, bytes]:
            waits.append(ours.gettimeout())
            return 250, b"taken"

        monkeypatch.setattr(smtplib.SMTP, "_get_socket", lambda *_: ours)
        monkeypatch.setattr(smtplib.SMTP_SSL, "_get_socket", lambda *_: ours)
        monkeypatch.setattr(smtplib.SMTP, "data", data)
        theirs.sendall(b"220 here\r\n250 ok\r\n250 ok\r\n250 ok\r\n221 bye\r\n")
        with theirs:
            Smtp.from_url(f"{scheme}://mail.example.org", sender=SENDER).deliver(message())
        assert waits == [smtp.SECONDS_TO_TAKE_IT]

    def test_a_silent_server_is_given_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            server = Smtp.from_url(f"smtp://127.0.0.1:{silent.getsockname()[1]}", sender=SENDER)
            with pytest.raises(SMTPServerDisconnected, match="timed out"):
                replace(server, seconds=0.2).deliver(message())
