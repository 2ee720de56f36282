"""Signing in with a password."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts import actions, passwords
from webapp.accounts.throttle import SIGN_IN_FROM_ADDRESS, SIGN_IN_TO_EMAIL, count_tries
from webapp.app import create_app
from webapp.db import Database, clock
from webapp.models import AuditEvent, Person, SignedInSession, Throttle
from webapp.web.request import name_request


def count(session: Session, model: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_officer_gives_password_and_code_and_sees_the_programmes(client: Client, session: Session) -> None:
    officer = people.officer(session)
    asked_for_code = people.give_password(client, officer)
    assert asked_for_code.location == "/sign-in/code"
    assert people.give_password_and_code(client, officer).location == "/programmes"
    assert officer.name in client.get("/programmes").text


def test_an_email_address_may_be_typed_in_capitals_and_with_spaces_around_it(client: Client, session: Session) -> None:
    people.officer(session, email="Priya.Shah@example.org")
    client.submit("/sign-in", {"email": " priya.SHAH@EXAMPLE.org ", "password": people.PASSWORD})


def test_the_password_alone_opens_no_officer_page(client: Client, session: Session) -> None:
    people.give_password(client, people.officer(session))
    assert client.get("/programmes", status=302).location == "/sign-in/code?next=/programmes"


def test_a_wrong_password_an_unknown_address_and_one_without_password_are_answered_alike(
    client: Client, session: Session
) -> None:
    officer = people.officer(session)
    provider = factories.provider_person(session)
    session.commit()
    wrong, unknown, without = (
        client.submit("/sign-in", {"email": email, "password": "not the password"}, status=422)
        for email in (officer.email, "nobody@example.org", provider.email)
    )
    assert people.unvarying(wrong).replace(officer.email, "") == people.unvarying(unknown).replace(
        "nobody@example.org", ""
    )
    assert people.unvarying(wrong).replace(officer.email, "") == people.unvarying(without).replace(provider.email, "")
    assert wrong.statements == unknown.statements == without.statements
    assert "Enter the email address and password of your account" in wrong.text
    assert not [name for name, _ in wrong.response.headers if "location" in name.lower()]


def test_a_refused_sign_in_keeps_the_address_and_drops_the_password(client: Client) -> None:
    page = client.submit("/sign-in", {"email": "a@example.org", "password": "my secret words"}, status=422)
    assert 'value="a@example.org"' in page.html
    assert "my secret words" not in page.html


def test_the_log_says_in_which_way_a_refused_sign_in_was_tried_and_by_which_request(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "webapp")
    caplog.handler.addFilter(name_request)
    try:
        client.submit("/sign-in", {"email": "a@example.org", "password": "not the password"}, status=422)
    finally:
        caplog.handler.removeFilter(name_request)
    [record] = [record for record in caplog.records if record.msg == "sign-in refused"]
    told = vars(record)
    assert (told["method"], told["verb"], told["endpoint"]) == ("password", "POST", "accounts.sign_in")


HOSTILE_ADDRESSES: tuple[str | bytes, ...] = (
    "nul\x00@example.org",
    "a" * 10_000 + "@example.org",
    "🦩@🦩",
    "two@example.org, one@example.org",
    "a@example.org\nBcc: b@example.org",
    "' OR 1=1 --",
    "<script>alert(1)</script>@example.org",
    "",
    b"\xff\xfe@example.org",
)


@pytest.mark.parametrize("url", ["/sign-in", "/sign-in/link"])
def test_a_hostile_address_is_refused_before_anything_is_looked_up(client: Client, session: Session, url: str) -> None:
    fields = client.get(url).hidden()
    for email in HOSTILE_ADDRESSES:
        answer = client.post(url, {**fields, "email": email, "password": people.PASSWORD}, status=422)
        assert answer.statements == ()
        assert "<script>alert" not in answer.html
    assert count(session, Throttle) == 0


def test_an_address_of_emoji_is_only_unknown(client: Client) -> None:
    client.submit("/sign-in", {"email": "🦩@example.org", "password": people.PASSWORD}, status=422)


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
)


def test_sign_in_never_sends_anyone_elsewhere(client: Client, session: Session) -> None:
    person = factories.provider_person(session, password_hash=passwords.hashed(people.PASSWORD))
    session.commit()
    for elsewhere in ELSEWHERE:
        page = client.get("/sign-in", query_string={"next": elsewhere})
        assert "evil" not in page.html
        typed = {**page.hidden(), "email": person.email, "password": people.PASSWORD}
        answer = client.post("/sign-in", typed, query_string={"next": elsewhere})
        assert answer.response.location == "/responses"


def test_the_code_page_never_sends_anyone_elsewhere(client: Client, session: Session) -> None:
    officer = people.officer(session)
    assert people.give_password(client, officer, "/sign-in?next=//evil.example").location == "/sign-in/code"
    answer = client.submit("/sign-in/code?next=//evil.example", {"code": people.code_of(officer)})
    assert answer.response.location == "/programmes"


def test_sign_in_returns_to_the_page_that_asked_for_it(client: Client, session: Session) -> None:
    turned_away = client.get("/programmes?page=2", status=302)
    assert turned_away.location == "/sign-in?next=/programmes?page%3D2"
    arrived = people.give_password_and_code(client, people.officer(session), turned_away.location)
    assert arrived.location == "/programmes?page=2"


def test_a_provider_with_a_password_needs_no_code(client: Client, session: Session) -> None:
    person = factories.provider_person(session, password_hash=passwords.hashed(people.PASSWORD))
    session.commit()
    assert people.give_password(client, person).location == "/responses"
    client.get("/sign-in/code", status=404)
    client.get("/sign-in/code/set-up", status=404)


def test_tries_for_one_address_are_limited_even_when_the_right_password_comes_last(
    client: Client, session: Session
) -> None:
    people.stay_in_one_window()
    officer, other = people.officer(session), people.officer(session)
    for _ in range(SIGN_IN_TO_EMAIL.tries):
        client.submit("/sign-in", {"email": officer.email, "password": "not the password"}, status=422)
    page = people.give_password(client, officer, status=429)
    assert "You have tried too many times" in page.text
    assert "Try again at" in page.text
    assert 0 < int(page.response.headers["Retry-After"]) <= 900
    assert page.links()["get a link to sign in by email"] == "/sign-in/link"
    people.give_password(client, other)


def test_tries_for_an_unknown_address_are_limited_alike(client: Client) -> None:
    people.stay_in_one_window()
    typed = {"email": "nobody@example.org", "password": "not the password"}
    for _ in range(SIGN_IN_TO_EMAIL.tries):
        client.submit("/sign-in", typed, status=422)
    assert "Try again at" in client.submit("/sign-in", typed, status=429).text


def test_tries_from_one_place_are_limited_whatever_the_address(client: Client, session: Session) -> None:
    people.stay_in_one_window()
    now = clock(session)
    for _ in range(SIGN_IN_FROM_ADDRESS.tries):
        count_tries(session, (SIGN_IN_FROM_ADDRESS, "127.0.0.1"), now=now)
    session.commit()
    client.submit("/sign-in", {"email": "anyone@example.org", "password": "not the password"}, status=429)


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_a_place_is_what_our_own_proxies_say_and_nothing_before_them(
    settings: Settings, database: Database, session: Session, proxies: int, counted: str
) -> None:
    """Otherwise one person would keep out all who come through the same proxy, and nobody would count who lies."""
    people.stay_in_one_window()
    for _ in range(SIGN_IN_FROM_ADDRESS.tries):
        count_tries(session, (SIGN_IN_FROM_ADDRESS, counted), now=clock(session))
    session.commit()
    behind = create_app(replace(settings, proxies=proxies), database)
    headers = {"X-Forwarded-For": "127.0.0.2, 198.51.100.7, 203.0.113.9"}
    client = Client(behind, database)
    typed = {**client.get("/sign-in").hidden(), "email": "anyone@example.org", "password": "not the password"}
    client.post("/sign-in", typed, status=429, headers=headers)


@pytest.mark.parametrize("given", ["one", "-1", "1.5", "\N{SUPERSCRIPT TWO}"])
def test_how_many_proxies_there_are_is_a_number(given: str) -> None:
    with pytest.raises(SettingsError, match="SOUNDINGS_PROXIES"):
        Settings.from_environment({"SOUNDINGS_PROXIES": given})
    assert Settings.from_environment({"SOUNDINGS_PROXIES": "2"}).proxies == 2


def test_a_try_counts_even_when_the_request_breaks(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> bool:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(passwords, "matches", breaks)
    client.submit("/sign-in", {"email": "a@example.org", "password": "not the password"}, status=500)
    assert count(session, Throttle) == 2


def test_signing_in_again_ends_the_session_the_browser_had(client: Client, session: Session) -> None:
    officer = people.officer(session)
    people.give_password(client, officer)
    first = session.scalars(select(SignedInSession.id)).one()
    people.give_password(client, officer)
    session.rollback()
    assert session.scalars(select(SignedInSession.id)).one() != first


def test_sign_in_renews_a_hash_of_weaker_parameters(client: Client, session: Session) -> None:
    officer = people.officer(session)
    weaker = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(people.PASSWORD)
    officer.password_hash = weaker
    session.commit()
    people.give_password(client, officer)
    session.expire_all()
    assert officer.password_hash != weaker
    assert not passwords.is_outdated(officer.password_hash)


@pytest.mark.parametrize("meanwhile", ["$argon2id$another", None])
def test_a_hash_that_is_renewed_never_takes_the_place_of_what_came_meanwhile(
    session: Session, database: Database, monkeypatch: pytest.MonkeyPatch, meanwhile: str | None
) -> None:
    """A password that goes with the address that could set it must not come back."""
    person = factories.provider_person(session, password_hash=passwords.hashed("seventeen grey herons"))
    session.commit()
    matches = passwords.matches

    def slowly(kept: str | None, given: str) -> bool:
        found = matches(kept, given)
        person.password_hash = meanwhile
        session.commit()
        return found

    monkeypatch.setattr(passwords, "matches", slowly)
    monkeypatch.setattr(passwords, "is_outdated", lambda _hash: True)
    with database.session() as other:
        actions.check_password(other, email=person.email, password="seventeen grey herons")
        other.commit()
    session.refresh(person)
    assert person.password_hash == meanwhile


def test_signing_in_is_on_record_without_the_token_or_address(client: Client, session: Session) -> None:
    officer = people.officer(session)
    people.give_password(client, officer)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "person.signed_in")).one()
    assert event.detail == {"method": "password", "person": str(officer.id)}


def test_what_signing_in_costs(client: Client, session: Session) -> None:
    officer = people.officer(session)
    assert client.get("/sign-in").statements == ()
    asked_for_code = people.give_password(client, officer)
    assert len(asked_for_code.statements) <= 10
    form = client.get("/sign-in/code")
    assert len(form.statements) == 1
    signed_in = client.submit("/sign-in/code", {"code": people.code_of(officer)})
    assert len(signed_in.statements) <= 10


def test_a_new_password_ends_the_sessions_begun_with_the_old_one(client: Client, session: Session) -> None:
    officer = people.officer(session)
    people.give_password_and_code(client, officer)
    people.actions.set_password(session, person=officer, password="eighteen grey herons", actor=None)
    session.commit()
    assert client.get("/programmes", status=302).location.startswith("/sign-in")
    assert session.get(Person, officer.id) is officer
    client.submit("/sign-in", {"email": officer.email, "password": people.PASSWORD}, status=422)
    client.submit("/sign-in", {"email": officer.email, "password": "eighteen grey herons"})
