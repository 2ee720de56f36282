"""A person's own account: password, authenticator app, sessions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts import codes
from webapp.accounts.throttle import CHANGE_NAME, CODE_OF_PERSON
from webapp.cli import cli
from webapp.db import Database
from webapp.models import AuditEvent, Person, SignedInSession

PASSWORD = "nine brass kettles sing"


@pytest.fixture
def person(session: Session) -> Person:
    someone = factories.provider_person(session, name="Ann O'Neill")
    session.commit()
    return someone


@pytest.fixture
def confirmed(client: Client, session: Session, person: Person) -> Client:
    """Signed in by a link just now."""
    client.submit(people.link_for(session, person))
    return client


def reload(session: Session, person: Person) -> Person:
    session.rollback()
    session.refresh(person)
    return person


def grow_old(session: Session) -> None:
    session.execute(update(SignedInSession).values(confirmed_at=func.clock_timestamp() - timedelta(minutes=31)))
    session.commit()


def set_up_app(client: Client) -> str:
    """Set up an app through the page; returns its secret."""
    page = client.get("/account/authenticator")
    key = page.text.partition("type this key into your app: ")[2].partition(" 2. Enter")[0].replace(" ", "")
    client.submit("/account/authenticator", {"code": pyotp.TOTP(key).now()})
    return key


def test_a_provider_sets_a_password_and_signs_in_with_it(confirmed: Client, session: Session, person: Person) -> None:
    assert "Not set: you sign in without one" in confirmed.get("/account").text
    assert confirmed.submit("/account/password", {"password": PASSWORD}).location == "/account"
    assert "Set" in confirmed.get("/account").text
    confirmed.sign_out()
    entered = confirmed.submit("/sign-in", {"email": person.email, "password": PASSWORD})
    assert entered.location == "/responses"
    assert "person.password_set" in people.acts(session)
    assert [mail.subject for mail in people.mail_to(session, person.email)] == [
        "Your password for Soundings was changed"
    ]


def test_a_changed_name_stands_wherever_the_person_does(client: Client, session: Session, person: Person) -> None:
    client.sign_in(person)
    assert client.get("/account/name").tree.find(".//input[@name='name']").get("value") == "Ann O'Neill"
    client.submit("/account/name", {"name": "  Ann Bracegirdle "})
    assert "Ann Bracegirdle" in client.get("/account").text
    client.submit("/account/name", {"name": "Ann Bracegirdle"})
    client.submit("/account/name", {"name": "Ann O'Neill"})
    assert (reload(session, person).name, person.former_names) == ("Ann O'Neill", ["Ann Bracegirdle"])
    assert client.get("/account/data.json").response.json["person"]["former_names"] == ["Ann Bracegirdle"]
    events = session.scalars(select(AuditEvent)).all()
    assert [(event.act, event.detail) for event in events] == [("person.name_changed", {})] * 2

    told = [mail.subject for mail in people.mail_to(session, person.email)]
    assert told == ["Your name in Soundings was changed"] * 2


def test_names_of_a_buyers_side_stay_as_they_are_on_record(client: Client, session: Session) -> None:
    officer = factories.officer(session, name="Olivia Reed")
    session.commit()
    client.sign_in(officer)
    assert "/account/name" not in client.get("/account").html
    client.get("/account/name", status=403)
    page = client.get("/account")
    client.post("/account/name", {**page.hidden(), "name": "Another"}, status=403)
    assert reload(session, officer).name == "Olivia Reed"


@pytest.mark.parametrize("name", ["", " ", "Ann\r\nBcc: all@example.org", "A\x00nn", "Ann\u202e", "A" * 201])
def test_a_name_that_is_none_stays_in_its_field(client: Client, session: Session, person: Person, name: str) -> None:
    client.sign_in(person)
    page = client.submit("/account/name", {"name": name}, status=422)
    assert page.tree.find(".//input[@name='name']").get("aria-describedby") == "name-error"
    assert reload(session, person).name == "Ann O'Neill"


def test_a_name_changes_only_so_often(client: Client, session: Session, person: Person) -> None:
    people.stay_in_one_window()
    client.sign_in(person)
    for number in range(CHANGE_NAME.tries):
        client.submit("/account/name", {"name": f"Ann {number}"})
    client.submit("/account/name", {"name": "Ann once more"}, status=429)
    assert reload(session, person).name == f"Ann {CHANGE_NAME.tries - 1}"


def test_a_new_password_ends_every_other_session(
    app: Flask, database: Database, confirmed: Client, person: Person
) -> None:
    elsewhere = Client(app, database)
    elsewhere.sign_in(person)
    elsewhere.get("/account")
    confirmed.submit("/account/password", {"password": PASSWORD})
    confirmed.get("/account")
    elsewhere.get("/account", status=302)


@pytest.mark.parametrize("url", ["/account/password", "/account/authenticator"])
def test_a_browser_left_open_must_confirm_who_it_is(
    client: Client, session: Session, database: Database, settings: Settings, person: Person, url: str
) -> None:
    client.submit(people.link_for(session, person))
    page = client.get(url)
    grow_old(session)
    client.post(url, {**page.hidden(), "password": PASSWORD, "code": "123456"}, status=403)
    asking = client.get(url)
    assert "Confirm that it is you" in asking.text
    client.submit(url, action="/account/confirm")
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, person.email)[0])
    assert client.submit(link).location == url
    assert "Confirm that it is you" not in client.get(url).text
    assert reload(session, person).password_hash is None


def test_signing_in_with_a_password_alone_confirms_nothing(confirmed: Client, session: Session, person: Person) -> None:
    confirmed.submit("/account/password", {"password": PASSWORD})
    confirmed.sign_out()
    confirmed.submit("/sign-in", {"email": person.email, "password": PASSWORD})
    assert "Confirm that it is you" in confirmed.get("/account/password").text


@pytest.mark.parametrize("password", ["", "short", "password1234", "a\x00bcdefghijklmnop", "x" * 300])
def test_a_bad_password_is_refused_and_never_shown(
    confirmed: Client, session: Session, person: Person, password: str
) -> None:
    page = confirmed.submit("/account/password", {"password": password}, status=422)
    assert not password or password not in page.html
    assert reload(session, person).password_hash is None


def test_a_provider_who_sets_up_an_app_gives_its_code_from_then_on(
    confirmed: Client, session: Session, person: Person
) -> None:
    set_up_app(confirmed)
    confirmed.get("/responses")
    confirmed.sign_out()
    confirmed.submit(people.link_for(session, person))
    for url in ("/responses", "/organisation", "/account", "/account/data.json"):
        assert confirmed.get(url, status=302).location.startswith("/sign-in/code?next="), url
    reload(session, person).totp_last_counter = None
    session.commit()
    entered = confirmed.submit("/sign-in/code?next=/organisation", {"code": people.code_of(person)})
    assert entered.location == "/organisation"
    confirmed.get("/organisation")


def test_a_password_leads_to_the_code_too(confirmed: Client, session: Session, person: Person) -> None:
    confirmed.submit("/account/password", {"password": PASSWORD})
    reload(session, person).totp_secret = codes.new_secret()
    session.commit()
    confirmed.sign_out()
    entered = confirmed.submit("/sign-in", {"email": person.email, "password": PASSWORD})
    assert entered.location.startswith("/sign-in/code")


def test_a_wrong_code_sets_nothing_up(confirmed: Client, session: Session, person: Person) -> None:
    page = confirmed.submit("/account/authenticator", {"code": "000000"}, status=422)
    assert "Enter the code that your app shows now" in page.text
    assert reload(session, person).totp_secret is None


def remove(client: Client, code: str, *, status: int = 302) -> Page:
    return client.submit("/account/authenticator/remove", {"code": code}, status=status)


def test_an_app_is_removed_with_its_code(client: Client, session: Session, person: Person) -> None:
    person.totp_secret = codes.new_secret()
    session.commit()
    client.sign_in(person)
    remove(client, people.wrong_code(person), status=422)
    assert reload(session, person).totp_secret is not None
    remove(client, people.code_of(person))
    assert reload(session, person).totp_secret is None
    assert people.acts(session) == ["person.second_factor_removed"]
    assert len(people.mail_to(session, person.email)) == 1


def test_codes_to_remove_an_app_cannot_be_guessed_for_long(client: Client, session: Session, person: Person) -> None:
    people.stay_in_one_window()
    person.totp_secret = codes.new_secret()
    session.commit()
    client.sign_in(person)
    for _ in range(CODE_OF_PERSON.tries):
        remove(client, people.wrong_code(person), status=422)
    remove(client, people.code_of(person), status=429)
    assert reload(session, person).totp_secret is not None


def test_an_officer_keeps_the_app_and_owes_its_code_on_these_pages(client: Client, session: Session) -> None:
    officer = people.officer(session)
    client.sign_in(officer, second_factor=False)
    for url in ("/account", "/account/password", "/account/data", "/account/data.json"):
        assert client.get(url, status=302).location.startswith("/sign-in/code?next="), url
    client.sign_in(officer)
    assert "Remove" not in client.get("/account").text
    token = client.get("/account").hidden()["csrf_token"]
    client.get("/account/authenticator/remove", status=403)
    removing = {"csrf_token": token, "code": people.code_of(officer)}
    client.post("/account/authenticator/remove", removing, status=403)
    assert reload(session, officer).totp_secret is not None


def test_whoever_lost_the_phone_comes_in_by_the_server_and_sets_up_another(
    client: Client, session: Session, database_url: str
) -> None:
    officer = people.officer(session)
    client.sign_in(officer)
    lost = officer.totp_secret
    run = partial(CliRunner().invoke, cli, env={"DATABASE_URL": database_url})
    assert "nobody has the address" in run(["lost-phone", "nobody@example.org"]).output
    done = run(["lost-phone", officer.email.upper()])
    assert client.get("/programmes", status=302).location.startswith("/sign-in"), "the phone may be signed in"
    link = urlsplit(done.output.split()[-1]).path
    assert client.submit(link).location == "/account/authenticator"
    assert set_up_app(client) != lost
    assert officer.name in client.get("/programmes").text
    client.get(link, status=404)
    assert [mail.subject for mail in people.mail_to(session, officer.email)] == [
        "The authenticator app was removed from your Soundings account",
        "An authenticator app was added to your Soundings account",
    ]


def test_signing_out_everywhere_ends_every_session(
    app: Flask, database: Database, session: Session, client: Client, person: Person
) -> None:
    elsewhere = Client(app, database)
    elsewhere.sign_in(person)
    client.sign_in(person)
    page = client.get("/account")
    assert page.text.count("Since ") == 2
    assert page.text.count("this browser") == 1
    assert client.submit("/account", action="/account/sign-out-everywhere").location == "/sign-in"
    elsewhere.get("/account", status=302)
    client.get("/account", status=302)
    assert session.scalar(select(func.count()).select_from(SignedInSession)) == 0
    [event] = session.scalars(select(AuditEvent))
    assert (event.act, event.detail) == ("person.signed_out_everywhere", {"sessions": 2})
