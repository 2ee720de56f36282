"""The page that shows the mail of a demonstration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from config import Settings
from tests.webapp.browser_of_pages import Client
from webapp.app import create_app
from webapp.db import Database
from webapp.models import MailMessage

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def kept(session: Session, count: int = 1, body: str = "Hello.", subject: str = "Message {}") -> None:
    session.add_all(
        MailMessage(
            recipient="a@example.org",
            subject=subject.format(number),
            body=body,
            created_at=START + timedelta(minutes=number),
        )
        for number in range(count)
    )
    session.commit()


def test_there_is_no_such_page_unless_the_settings_say_so(
    settings: Settings, database: Database, session: Session
) -> None:
    kept(session)
    with Client(create_app(replace(settings, shows_mail=False), database), database) as client:
        assert "Message" not in client.get("/sent-mail", status=404).text


def test_before_any_mail_the_page_says_so(client: Client) -> None:
    assert "No mail has been sent yet" in client.get("/sent-mail").text


def test_all_mail_is_shown_by_hundreds_newest_first_in_two_statements(client: Client, session: Session) -> None:
    kept(session, 103)
    page = client.get("/sent-mail")
    shown = [heading.text for heading in page.tree.iter("h2") if (heading.text or "").startswith("Message")]
    assert shown == [f"Message {number}" for number in range(102, 2, -1)]
    assert len(page.statements) == 2
    assert page.links()["2"] == "/sent-mail?page=2"
    assert "Message 0" in client.get("/sent-mail?page=2").text


def test_our_own_links_can_be_followed_and_nobody_elses(client: Client, session: Session) -> None:
    kept(session, body="Use http://localhost/sign-in/link/abc_-1\nnot http://localhost.evil.example/x or javascript:1.")
    links = client.get("/sent-mail").links()
    assert links["http://localhost/sign-in/link/abc_-1"] == "http://localhost/sign-in/link/abc_-1"
    assert not [href for href in links.values() if "evil" in href or "javascript" in href]


def test_whatever_a_mail_says_is_only_text(client: Client, session: Session) -> None:
    hostile = '<script>alert(1)</script> http://localhost/"onmouseover="x {{ 7 * 7 }}'
    kept(session, body=hostile, subject=hostile.replace("{", "{{").replace("}", "}}"))
    page = client.get("/sent-mail")
    assert "<script>alert" not in page.html
    assert not [element for element in page.tree.iter() if element.get("onmouseover") is not None]
    assert page.text.count("{{ 7 * 7 }}") == 2
