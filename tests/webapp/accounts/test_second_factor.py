"""The officer's one-time code."""

from __future__ import annotations

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts import codes
from webapp.accounts import session as browser
from webapp.accounts.throttle import CODE_OF_PERSON
from webapp.cli import cli
from webapp.db import Database
from webapp.models import AuditEvent, Identity, Passkey, Person, SignedInSession, SignInLink


def test_an_officer_without_an_app_sets_one_up_once(client: Client, session: Session) -> None:
    officer = people.officer(session, has_app=False)
    url = people.give_password(client, officer, "/sign-in?next=/programmes").location
    assert url == "/sign-in/code?next=/programmes"
    url = client.get(url, status=302).location
    assert url == "/sign-in/code/set-up?next=/programmes"
    page = client.get(url)
    assert "<svg" in page.html
    key = people.typed_key(page.html)
    done = client.submit(url, {"code": pyotp.TOTP(key).now()})
    assert done.location == "/programmes"
    client.get("/programmes")
    session.refresh(officer)
    assert officer.totp_secret == key
    assert session.scalars(select(AuditEvent).where(AuditEvent.act == "person.second_factor_set_up")).one()
    (told,) = people.mail_to(session, officer.email)
    assert "An authenticator app was added to your Soundings account just now." in told.body
    assert client.get("/sign-in/code/set-up", status=302).location == "/programmes"


@pytest.mark.parametrize(("has", "status"), [({}, 200), ({"password_hash": "set"}, 302)])
def test_an_officer_whose_address_was_mistyped_sets_the_first_app_up_from_a_link_to_the_right_one(
    client: Client, session: Session, database_url: str, has: dict[str, str], status: int
) -> None:
    """Only one who had never come in: nobody else's app is set up by whoever reads a mailbox."""
    officer = factories.officer(session, email="mistyped@nhs.example", totp_secret=None, **has)
    session.commit()
    asked = ["change-email", "--yes", "mistyped@nhs.example", "right@nhs.example"]
    assert CliRunner().invoke(cli, asked, env={"DATABASE_URL": database_url}).exit_code == 0
    session.refresh(officer)
    client.submit(people.link_for(session, officer))
    client.get("/sign-in/code/set-up", status=status)


def test_the_key_stays_the_same_until_it_is_confirmed(client: Client, session: Session) -> None:
    officer = people.officer(session, has_app=False)
    people.give_password(client, officer)
    shown = {people.typed_key(client.get("/sign-in/code/set-up").html) for _ in range(2)}
    after_mistake = client.submit("/sign-in/code/set-up", {"code": "no code"}, status=422)
    assert {people.typed_key(after_mistake.html)} == shown
    session.refresh(officer)
    assert officer.totp_secret is None


def test_setting_up_with_a_wrong_code_changes_nothing(client: Client, session: Session) -> None:
    officer = people.officer(session, has_app=False)
    people.give_password(client, officer)
    key = people.typed_key(client.get("/sign-in/code/set-up").html)
    wrong = people.wrong_code(Person(totp_secret=key))
    assert (
        "Enter the code that your app shows now"
        in client.submit("/sign-in/code/set-up", {"code": wrong}, status=422).text
    )
    session.refresh(officer)
    assert officer.totp_secret is None


def test_an_app_once_set_up_is_not_replaced(client: Client, session: Session) -> None:
    officer = people.officer(session)
    people.give_password(client, officer)
    assert client.get("/sign-in/code/set-up", status=302).location == "/sign-in/code"


def test_two_browsers_that_set_up_at_once_do_not_overwrite_each_other(
    app: Flask, database: Database, session: Session
) -> None:
    officer = people.officer(session, has_app=False)
    with Client(app, database) as one, Client(app, database) as other:
        forms = []
        for client in (one, other):
            people.give_password(client, officer)
            page = client.get("/sign-in/code/set-up")
            fields = page.hidden()
            fields["code"] = pyotp.TOTP(people.typed_key(page.html)).now()
            forms.append((client, fields))
        locations = [client.post("/sign-in/code/set-up", fields).location for client, fields in forms]
    assert locations == ["/programmes", "/sign-in/code"]


def test_an_app_that_was_set_up_while_its_code_was_on_the_way_is_asked_for_a_code(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the button is pressed twice."""
    officer = people.officer(session, has_app=False)
    people.give_password(client, officer)
    fields = client.get("/sign-in/code/set-up").hidden()
    secret = codes.new_secret()

    def in_the_meantime() -> str:
        officer.totp_secret = secret
        session.commit()
        return secret

    monkeypatch.setattr(browser, "offered_secret", in_the_meantime)
    fields["code"] = pyotp.TOTP(secret).now()
    assert client.post("/sign-in/code/set-up?next=/programmes", fields).location == "/sign-in/code?next=/programmes"


def test_a_session_from_a_link_cannot_set_up_an_app(client: Client, session: Session) -> None:
    """Whoever reads an officer's mail would otherwise need nothing else."""
    officer = people.officer(session, has_app=False)
    client.submit(people.link_for(session, officer))
    assert client.get("/programmes", status=302).location.startswith("/sign-in/code")
    asked = client.get("/sign-in/code/set-up", status=302)
    assert asked.location == "/sign-in"
    assert "A link is not enough to set up your authenticator app" in client.get("/sign-in").text


def test_a_new_officer_who_has_nothing_but_the_link_sets_an_app_up_and_is_in(client: Client, session: Session) -> None:
    """Whom a command on the server or a lead officer lets in has no password to give."""
    officer = factories.officer(session, totp_secret=None)
    session.commit()
    client.submit(people.link_for(session, officer))
    url = client.get(client.get("/programmes", status=302).location, status=302).location
    assert url == "/sign-in/code/set-up?next=/programmes"
    key = people.typed_key(client.get(url).html)
    assert client.submit(url, {"code": pyotp.TOTP(key).now()}).location == "/programmes"
    client.get("/programmes")


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Passkey, {"name": "Phone", "credential_id": b"id", "public_key": b"key", "sign_count": 0}),
        (Identity, {"issuer": "https://id.example", "subject": "olu"}),
    ],
    ids=["passkey", "single sign-on"],
)
def test_a_link_sets_no_app_up_for_an_officer_who_signs_in_another_way(
    client: Client, session: Session, kind: type[Passkey | Identity], given: dict[str, object]
) -> None:
    officer = factories.officer(session, totp_secret=None)
    session.add(kind(person_id=officer.id, **given))
    session.commit()
    client.submit(people.link_for(session, officer))
    assert client.get("/sign-in/code/set-up", status=302).location == "/sign-in"


def test_a_link_gives_an_officer_no_rights_until_the_code_is_given(client: Client, session: Session) -> None:
    officer = people.officer(session)
    answer = client.submit(people.link_for(session, officer, destination="/programmes"))
    assert answer.location == "/programmes"
    url = client.get("/programmes", status=302).location
    assert url == "/sign-in/code?next=/programmes"
    assert client.submit(url, {"code": people.code_of(officer)}).location == "/programmes"
    client.get("/programmes")


def test_a_link_made_on_the_server_to_count_as_both_factors_does(client: Client, session: Session) -> None:
    officer = people.officer(session, has_app=False)
    link = people.link_for(session, officer, destination="/programmes", second_factor=True)
    assert client.submit(link).location == "/programmes"
    client.get("/programmes")
    client.get(link, status=404)


def test_a_link_that_is_asked_for_never_counts_as_both_factors(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    officer = people.officer(session)
    client.submit("/sign-in/link", {"email": officer.email})
    people.work(database, settings)
    assert session.scalars(select(SignInLink.second_factor)).all() == [False]


def test_the_code_may_be_typed_in_groups(client: Client, session: Session) -> None:
    officer = people.officer(session)
    people.give_password(client, officer)
    code = people.code_of(officer)
    client.submit("/sign-in/code", {"code": f" {code[:3]} {code[3:]} "})


def test_a_code_works_once(app: Flask, database: Database, session: Session) -> None:
    officer = people.officer(session)
    code = people.code_of(officer)
    with Client(app, database) as owner, Client(app, database) as onlooker:
        for client in (owner, onlooker):
            people.give_password(client, officer)
        owner.submit("/sign-in/code", {"code": code})
        refused = onlooker.submit("/sign-in/code", {"code": code}, status=422)
        assert "A code works only once" in refused.text
        onlooker.get("/programmes", status=302)


def test_of_two_browsers_that_send_one_code_at_once_one_is_let_in(
    app: Flask, client: Client, database: Database, session: Session
) -> None:
    officer = people.officer(session)
    cookies = []
    for _ in range(4):
        with Client(app, database) as browser:
            answer = people.give_password(browser, officer)
            cookies.append(people.session_cookie(answer))
    answers = people.at_once(app, "/sign-in/code", {"code": people.code_of(officer)}, cookies=cookies)
    assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]


def test_codes_are_limited_even_when_the_right_one_comes_last(client: Client, session: Session) -> None:
    people.stay_in_one_window()
    officer = people.officer(session)
    people.give_password(client, officer)
    for _ in range(CODE_OF_PERSON.tries):
        client.submit("/sign-in/code", {"code": people.wrong_code(officer)}, status=422)
    for _ in range(2):
        page = client.submit("/sign-in/code", {"code": people.code_of(officer)}, status=429)
    assert "Try again at" in page.text
    (warning,) = people.mail_to(session, officer.email)
    assert "entered several wrong codes just now" in warning.body
    assert "change your password" in warning.body


def test_a_session_without_the_code_is_ended_by_the_one_with_it(client: Client, session: Session) -> None:
    officer = people.officer(session)
    people.give_password(client, officer)
    which = select(SignedInSession.token_digest, SignedInSession.second_factor)
    before = session.execute(which).one()
    session.rollback()
    client.submit("/sign-in/code", {"code": people.code_of(officer)})
    after = session.execute(which).one()
    assert (before.second_factor, after.second_factor) == (False, True)
    assert after.token_digest != before.token_digest


def test_only_somebody_signed_in_is_asked_for_a_code(client: Client) -> None:
    assert client.get("/sign-in/code", status=302).location == "/sign-in?next=/sign-in/code"
