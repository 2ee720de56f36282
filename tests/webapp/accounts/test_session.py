"""The browser's cookie and the session it stands for."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts.session import RENEWED_EVERY
from webapp.app import create_app
from webapp.db import Database
from webapp.models import Membership, SignedInSession


def test_a_page_costs_a_stranger_no_statement_and_a_person_one(client: Client, session: Session) -> None:
    assert client.get("/sign-in").statements == ()
    person = factories.provider_person(session)
    session.commit()
    client.sign_in(person)
    assert len(client.get("/sign-in").statements) == 1


def test_the_token_itself_is_nowhere_in_the_database(client: Client, session: Session) -> None:
    people.give_password(client, people.officer(session))
    kept = session.scalars(select(SignedInSession.token_digest)).one()
    with client._client.session_transaction() as cookie:
        assert len(cookie["token"]) >= 43
        assert cookie["token"] != kept


def test_the_cookie_is_for_our_pages_alone(client: Client, session: Session) -> None:
    cookie = people.give_password(client, people.officer(session)).response.headers["Set-Cookie"]
    attributes = {part.strip().partition("=")[0].lower(): part.partition("=")[2] for part in cookie.split(";")}
    assert {"soundings", "expires", "httponly", "samesite", "path"} == set(attributes)
    assert (attributes["samesite"], attributes["path"]) == ("Lax", "/")


def test_over_https_the_cookie_is_bound_to_the_host_and_secure(settings: Settings, database: Database) -> None:
    app = create_app(replace(settings, base_url="https://soundings.example.org", secret_key="x" * 32), database)
    answer = app.test_client().get("/sign-in", base_url="https://soundings.example.org")
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-soundings"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in rest.split(";")}
    assert "domain" not in rest.lower()
    assert "Strict-Transport-Security" in app.test_client().get("/sign-in").headers, "a proxy asks by HTTP"


def test_static_files_carry_nobodys_cookie(client: Client, session: Session) -> None:
    people.give_password(client, people.officer(session))
    with client._client.get("/static/app.css") as answer:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_the_cookie_and_the_csrf_token_change_at_every_step(client: Client, session: Session) -> None:
    officer = people.officer(session)
    forms = [client.get("/sign-in").hidden()]
    tokens = []
    people.give_password(client, officer)
    for _ in range(2):
        with client._client.session_transaction() as cookie:
            tokens.append((cookie["token"], cookie.get("csrf_token")))
        if len(tokens) == 1:
            forms.append(client.get("/sign-in/code").hidden())
            client.submit("/sign-in/code", {"code": people.code_of(officer)})
    assert tokens[0][0] != tokens[1][0]
    for form in forms:
        client.post("/sign-out", form, status=400)


def test_a_form_without_its_csrf_token_is_refused(client: Client, session: Session) -> None:
    link = people.link_for(session, factories.provider_person(session))
    for url in ("/sign-in", "/sign-in/link", "/sign-out", link):
        client.post(url, {"email": "a@example.org", "password": people.PASSWORD}, status=400)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SignedInSession)) == 0


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(
    app: Flask, client: Client, session: Session
) -> None:
    copied = people.session_cookie(people.give_password_and_code(client, people.officer(session)))
    left = client.submit("/programmes", action="/sign-out")
    assert "You have signed out" in client.get(left.location).text
    client.get("/programmes", status=302)
    thief = app.test_client()
    thief.set_cookie("soundings", copied)
    assert thief.get("/programmes").status_code == 302
    assert session.scalar(select(func.count()).select_from(SignedInSession)) == 0


def test_signing_out_twice_is_no_mistake(client: Client) -> None:
    client.post("/sign-out", client.get("/sign-in").hidden())


def test_a_session_ends_after_twelve_hours_however_busy(client: Client, session: Session) -> None:
    people.give_password_and_code(client, people.officer(session))
    ends = session.scalars(select(SignedInSession.expires_at)).one()
    assert abs(ends - datetime.now(UTC) - timedelta(hours=12)) < timedelta(minutes=1)
    session.execute(update(SignedInSession).values(expires_at=func.clock_timestamp() - timedelta(seconds=1)))
    session.commit()
    assert client.get("/programmes", status=302).location == "/sign-in?next=/programmes"


def test_a_session_ends_after_two_hours_without_a_request(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.give_password_and_code(client, people.officer(session))
    later = int(time.time())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: later)
    monkeypatch.setattr("webapp.accounts.session.time", lambda: later)
    for minutes in (110, 110):  # each request begins the two hours anew
        later += minutes * 60
        client.get("/programmes")
    later += 121 * 60
    client.get("/programmes", status=302)


def test_the_cookie_is_sent_again_every_five_minutes(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.give_password_and_code(client, people.officer(session))
    client.get("/programmes")  # the first page with a form puts a CSRF token into the cookie
    began = time.time()
    for seconds, sent in ((1, False), (RENEWED_EVERY + 1, True), (RENEWED_EVERY + 2, False)):
        monkeypatch.setattr("webapp.accounts.session.time", lambda seconds=seconds: began + seconds)
        assert ("Set-Cookie" in client.get("/programmes").response.headers) is sent, seconds


def test_a_cookie_with_a_made_up_or_altered_token_is_nobodys(app: Flask, client: Client, session: Session) -> None:
    with client._client.session_transaction() as cookie:
        cookie["token"] = "made up"
    client.get("/programmes", status=302)
    copied = people.session_cookie(people.give_password_and_code(client, people.officer(session)))
    thief = app.test_client()
    thief.set_cookie("soundings", copied[:-2] + ("aa" if copied[-2:] != "aa" else "bb"))
    assert thief.get("/programmes").status_code == 302


def test_old_sessions_are_swept_at_the_next_sign_in(client: Client, session: Session) -> None:
    officer = people.officer(session)
    session.add(
        SignedInSession(
            token_digest="of long ago",
            person_id=officer.id,
            email=officer.email,
            method="code",
            second_factor=True,
            expires_at=datetime.now(UTC) - timedelta(days=1),
        )
    )
    session.commit()
    people.give_password(client, officer)
    session.rollback()
    assert "of long ago" not in session.scalars(select(SignedInSession.token_digest)).all()


def test_a_person_of_two_organisations_is_recognised_with_both(client: Client, session: Session) -> None:
    buyer = factories.buyer(session)
    officer = people.officer(session)
    session.add(Membership(person_id=officer.id, organisation_id=buyer.id, role="officer"))
    session.commit()
    people.give_password_and_code(client, officer)
    assert len([s for s in client.get("/sign-in").statements if "membership" in s]) == 1
