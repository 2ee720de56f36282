"""Passkeys: only an answer to this browser's own challenge, once, by the person's own key, counts."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.accounts import people
from tests.webapp.accounts.authenticator import Authenticator
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts.throttle import SIGN_IN_FROM_ADDRESS
from webapp.cli import cli
from webapp.db import Database
from webapp.models import Passkey, PasskeyChallenge, Person, SignedInSession

ADD, OPTIONS_TO_ADD = "/account/passkeys/add", "/account/passkeys/options"
SHOW, OPTIONS_TO_SHOW = "/sign-in/passkey", "/sign-in/passkey/options"


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


def options(client: Client, page: str, url: str, **fields: str) -> dict[str, Any]:
    """What the page's script is given to pass to the browser."""
    answer = client.post(url, {**client.get(page).hidden(), **fields}, status=200)
    assert answer.response.mimetype == "application/json"
    return dict(json.loads(answer.html))


def make(client: Client, key: Authenticator, name: str = "Work laptop", *, status: int = 302, **said: Any) -> Page:
    given = options(client, ADD, OPTIONS_TO_ADD, name=name)
    return client.submit(ADD, {"name": name, "credential": key.make(given, **said)}, status=status)


def offer(client: Client) -> dict[str, Any]:
    return options(client, "/sign-in", OPTIONS_TO_SHOW)


def show(client: Client, credential: str, *, status: int = 302, url: str = SHOW) -> Page:
    return client.post(url, {**client.get("/sign-in").hidden(), "credential": credential}, status=status)


def added(session: Session, person: Person, **given: Any) -> Authenticator:
    """A passkey of the person's, put straight into the database."""
    key = Authenticator(user_handle=person.id.bytes, **given)
    numbers = json.loads(key.make({"challenge": "AAAA"}))["response"]["attestationObject"]
    public_key = people.public_key_in(numbers)
    session.add(
        Passkey(
            person_id=person.id,
            name="Phone",
            credential_id=key.credential_id,
            public_key=public_key,
            sign_count=key.count,
        )
    )
    session.commit()
    return key


def refused(page: Page) -> bool:
    return page.status == 422 and "That passkey did not work" in page.text


def test_a_passkey_is_added_named_listed_and_signs_in(confirmed: Client, session: Session, person: Person) -> None:
    key = Authenticator(user_handle=person.id.bytes)
    assert make(confirmed, key).location == "/account"
    assert "Work laptop: added" in confirmed.get("/account").text
    confirmed.sign_out()
    key.count = 1
    entered = show(confirmed, key.show(offer(confirmed)), url=f"{SHOW}?next=/account")
    assert entered.location == "/account"
    assert "last used" in confirmed.get("/account").text
    assert people.acts(session) == ["person.signed_in", "passkey.added", "person.signed_in"]
    assert [mail.subject for mail in people.mail_to(session, person.email)] == [
        "A passkey was added to your Soundings account"
    ]


def test_a_person_may_have_several_and_is_told_apart_by_each(confirmed: Client, session: Session) -> None:
    keys = [Authenticator(), Authenticator()]
    make(confirmed, keys[0], "Key 0")
    show(confirmed, keys[0].show(offer(confirmed)))
    make(confirmed, keys[1], "Key 1")
    held = {given["id"] for given in options(confirmed, ADD, OPTIONS_TO_ADD, name="Third")["excludeCredentials"]}
    assert len(held) == 2
    for key in keys:
        confirmed.sign_out()
        assert show(confirmed, key.show(offer(confirmed))).location == "/responses"


def test_what_is_offered_to_sign_in_names_no_passkey_and_asks_no_address(
    client: Client, session: Session, person: Person
) -> None:
    nobodys = offer(client)
    added(session, person)
    somebodys = offer(client)
    assert nobodys["challenge"] != somebodys["challenge"]
    assert {**nobodys, "challenge": ""} == {**somebodys, "challenge": ""}
    assert nobodys["allowCredentials"] == []
    assert nobodys["rpId"] == "localhost"


@pytest.mark.parametrize(
    "said",
    [
        {"challenge": "c29tZXRoaW5nIGVsc2U"},
        {"origin": "http://localhost.example"},
        {"origin": "https://localhost"},
        {"type": "webauthn.create"},
    ],
    ids=["wrong challenge", "wrong origin", "wrong scheme", "wrong ceremony"],
)
def test_a_tampered_answer_signs_nobody_in(
    client: Client, session: Session, person: Person, said: dict[str, str]
) -> None:
    key = added(session, person)
    assert refused(show(client, key.show(offer(client), **said), status=422))
    client.get("/account", status=302)
    assert session.scalar(select(func.count()).select_from(SignedInSession)) == 0


def test_a_passkey_of_another_site_signs_nobody_in(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    key.party = "example.org"
    assert refused(show(client, key.show(offer(client)), status=422))


def test_another_key_under_the_same_id_signs_nobody_in(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    forged = Authenticator(credential_id=key.credential_id, user_handle=person.id.bytes)
    assert refused(show(client, forged.show(offer(client)), status=422))


def test_a_passkey_that_says_it_is_another_persons_is_refused(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    other = factories.provider_person(session)
    session.commit()
    key.user_handle = other.id.bytes
    assert refused(show(client, key.show(offer(client)), status=422))


def test_an_unknown_passkey_answers_as_a_wrong_one_does(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    wrong = show(client, key.show(offer(client), origin="http://other"), status=422)
    unknown = show(client, Authenticator().show(offer(client)), status=422)
    assert people.unvarying(wrong) == people.unvarying(unknown)


def test_an_answer_counts_once(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    answer = key.show(offer(client))
    assert show(client, answer).status == 302
    client.sign_out()
    assert refused(show(client, answer, status=422))
    offer(client)
    assert refused(show(client, answer, status=422))


def test_a_refused_answer_uses_its_challenge_up(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    given = offer(client)
    show(client, key.show(given, origin="http://other"), status=422)
    assert refused(show(client, key.show(given), status=422))
    assert session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 0


def test_a_challenge_belongs_to_one_browser(
    app: Flask, database: Database, client: Client, session: Session, person: Person
) -> None:
    key = added(session, person)
    elsewhere = Client(app, database)
    offer(elsewhere)
    assert refused(show(elsewhere, key.show(offer(client)), status=422))


def test_a_challenge_ends(client: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    given = offer(client)
    session.execute(update(PasskeyChallenge).values(expires_at=func.clock_timestamp() - timedelta(seconds=1)))
    session.commit()
    assert refused(show(client, key.show(given), status=422))


def test_a_challenge_to_sign_in_adds_no_passkey(confirmed: Client, session: Session) -> None:
    given = offer(confirmed)
    confirmed.submit(ADD, {"name": "Laptop", "credential": Authenticator().make(given)}, status=422)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_a_count_that_goes_back_is_refused_and_told(client: Client, session: Session, person: Person) -> None:
    key = added(session, person, count=7)
    key.count = 8
    assert show(client, key.show(offer(client))).status == 302
    client.sign_out()
    for copied in (8, 3, 0):
        key.count = copied
        assert refused(show(client, key.show(offer(client)), status=422))
    assert people.acts(session) == ["person.signed_in", *["passkey.count_went_back"] * 3]
    assert session.scalars(select(Passkey.sign_count)).one() == 8


NO_PASSKEYS = ["", "null", "[]", "7", '"x"', "{}", '{"id": 1}', '{"id": "é", "rawId": "é", "response": {}}', "{" * 90]


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_is_refused_with_a_page(confirmed: Client, session: Session, credential: str) -> None:
    options(confirmed, ADD, OPTIONS_TO_ADD, name="Laptop")
    page = confirmed.submit(ADD, {"name": "Laptop", "credential": credential}, status=422)
    assert "Your browser made no passkey that we can use" in page.text
    confirmed.sign_out()
    offer(confirmed)
    assert refused(show(confirmed, credential, status=422))


@pytest.mark.parametrize("damage", ["signature", "authenticatorData", "clientDataJSON"])
def test_damaged_parts_are_refused(client: Client, session: Session, person: Person, damage: str) -> None:
    key = added(session, person)
    for part in ("", "AA", "!!", "A" * 50, "9" * 3000):
        answer = json.loads(key.show(offer(client)))
        answer["response"][damage] = part
        assert refused(show(client, json.dumps(answer), status=422)), part


@pytest.mark.parametrize("said", [{"challenge": "AAAA"}, {"origin": "http://other"}, {"type": "webauthn.get"}])
def test_a_tampered_new_passkey_is_not_kept(confirmed: Client, session: Session, said: dict[str, str]) -> None:
    make(confirmed, Authenticator(), status=422, **said)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_a_passkey_that_is_somebodys_is_not_added_again(confirmed: Client, session: Session) -> None:
    key = added(session, factories.provider_person(session))
    make(confirmed, key, status=422)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 1


def test_a_passkey_needs_a_name_before_it_is_made(confirmed: Client) -> None:
    hidden = confirmed.get(ADD).hidden()
    confirmed.post(OPTIONS_TO_ADD, {**hidden, "name": " "}, status=422)
    assert "Enter a name for the passkey" in confirmed.submit(ADD, {"name": " "}, status=422).text


def test_an_officer_needs_no_code_after_a_passkey_that_knew_the_person(client: Client, session: Session) -> None:
    officer = people.officer(session)
    key = added(session, officer)
    assert show(client, key.show(offer(client))).location == "/programmes"
    client.get("/programmes")


def test_an_officer_still_gives_the_code_after_a_passkey_that_did_not(client: Client, session: Session) -> None:
    officer = people.officer(session)
    key = added(session, officer, verifies=False)
    assert show(client, key.show(offer(client))).location.startswith("/sign-in/code")
    client.get("/programmes", status=302)


def test_a_browser_left_open_must_confirm_who_it_is(client: Client, session: Session, person: Person) -> None:
    added(session, person)
    passkey = session.scalars(select(Passkey)).one()
    client.sign_in(person)
    hidden = client.get("/account").hidden()
    for url in (ADD, f"/account/passkeys/{passkey.id}/remove"):
        assert "Confirm that it is you" in client.get(url).text
        client.post(url, {**hidden, "name": "Mine", "credential": "{}"}, status=403)
    client.post(OPTIONS_TO_ADD, {**hidden, "name": "Mine"}, status=403)
    assert session.scalars(select(Passkey.id)).all() == [passkey.id]


def test_a_passkey_is_removed_and_signs_in_no_more(confirmed: Client, session: Session, person: Person) -> None:
    key = added(session, person)
    passkey = session.scalars(select(Passkey)).one()
    confirmed.submit(f"/account/passkeys/{passkey.id}/remove")
    assert "You have none" in confirmed.get("/account").text
    confirmed.sign_out()
    assert refused(show(confirmed, key.show(offer(confirmed)), status=422))
    assert "passkey.removed" in people.acts(session)
    assert len(people.mail_to(session, person.email)) == 1


def test_a_link_adds_nothing_beside_a_passkey_and_removes_only_a_new_one(
    confirmed: Client, session: Session, person: Person
) -> None:
    """Whoever reads the mailbox would otherwise be rid of the owner's, or have one of its own."""
    blank = confirmed.get(ADD).hidden()
    key = added(session, person)
    [passkey] = session.scalars(select(Passkey)).all()
    remove = f"/account/passkeys/{passkey.id}/remove"
    assert "Remove the passkey" in confirmed.get(remove).buttons(), "a thief's can still be removed"
    session.execute(update(Passkey).values(created_at=func.clock_timestamp() - timedelta(days=7, minutes=1)))
    session.commit()
    for url in (ADD, OPTIONS_TO_ADD, remove, "/account/authenticator"):
        sent = {**blank, "name": "Mine", "credential": "{}", "code": "123456"}
        assert "Your account has a passkey" in confirmed.post(url, sent, status=403).text, url
    assert session.scalars(select(Passkey.id)).all() == [passkey.id]
    show(confirmed, key.show(offer(confirmed)))
    confirmed.get("/account/authenticator")
    make(confirmed, Authenticator(), "Another")
    assert confirmed.submit(remove).location == "/account"


def test_who_lost_the_passkey_comes_in_by_a_link_made_on_the_server(
    client: Client, session: Session, person: Person, database_url: str
) -> None:
    added(session, person)
    session.execute(update(Passkey).values(created_at=func.clock_timestamp() - timedelta(days=30)))
    session.commit()
    [passkey] = session.scalars(select(Passkey)).all()
    done = CliRunner().invoke(cli, ["lost-phone", person.email], env={"DATABASE_URL": database_url})
    client.submit(re.search(r"/sign-in/link/\S+", done.output)[0])
    client.submit(f"/account/passkeys/{passkey.id}/remove")
    make(client, Authenticator())
    assert session.scalars(select(Passkey.name)).all() == ["Work laptop"]


def test_nobody_removes_anothers(confirmed: Client, session: Session) -> None:
    added(session, factories.provider_person(session))
    passkey = session.scalars(select(Passkey)).one()
    hidden = confirmed.get("/account").hidden()
    confirmed.get(f"/account/passkeys/{passkey.id}/remove", status=404)
    confirmed.post(f"/account/passkeys/{passkey.id}/remove", hidden, status=404)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 1


def test_tries_are_limited(client: Client, session: Session, person: Person) -> None:
    people.stay_in_one_window()
    key = added(session, person)
    hidden = client.get("/sign-in").hidden()
    for _ in range(SIGN_IN_FROM_ADDRESS.tries):
        client.post(SHOW, {**hidden, "credential": "{}"}, status=422)
    show(client, key.show(offer(client)), status=429)


def test_the_pages_say_that_passkeys_need_javascript(confirmed: Client) -> None:
    for url in ("/sign-in", ADD):
        page = confirmed.get(url)
        [said] = [text for text in page.tree.iter("p") if "app-without-script" in text.get("class", "")]
        assert "JavaScript" in "".join(said.itertext())
        [form] = [form for form in page.tree.iter("form") if form.get("data-passkey")]
        assert form.get("hidden") is not None
        assert "credential" in [field.get("name") for field in form.iter("input")]
