"""A person's own email address is changed by a link to the new one, and nobody learns who has an address."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from config import Settings
from tests import all_rows, factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts.throttle import CHANGE_EMAIL
from webapp.cli import cli
from webapp.db import Database
from webapp.models import AuditEvent, EmailChange, Identity, MailMessage, Passkey, Person, SignedInSession

OLD, NEW = "ann@before.example", "ann@after.example"
PAGE = "/account/email"
CHANGED = "The email address of your Soundings account was changed"
TAKEN = "Your email address has an account with Soundings already"


@pytest.fixture
def person(session: Session) -> Person:
    someone = factories.provider_person(session, name="Ann O'Neill", email=OLD)
    session.commit()
    return someone


@pytest.fixture
def confirmed(client: Client, session: Session, person: Person) -> Client:
    """Signed in by a link just now."""
    client.submit(people.link_for(session, person))
    return client


@pytest.fixture
def link(confirmed: Client, session: Session, database: Database, settings: Settings) -> str:
    """To the new address, asked for in that browser."""
    return asked_for(confirmed, session, database, settings)


def asked_for(client: Client, session: Session, database: Database, settings: Settings, new: str = NEW) -> str:
    assert client.submit(PAGE, {"email": new}).location == "/account"
    people.work(database, settings)
    return people.link_in(people.mail_to(session, new)[-1])


def address_of(session: Session, person: Person) -> str:
    session.rollback()
    session.refresh(person)
    return person.email


def test_the_address_changes_when_its_new_owner_presses_the_button(
    confirmed: Client, session: Session, person: Person, link: str
) -> None:
    assert address_of(session, person) == OLD
    page = confirmed.get(link)
    assert (OLD in page.text, NEW in page.text, page.buttons()[-1]) == (True, True, "Change the address")
    assert address_of(session, person) == OLD, "a scanner of mail changes nothing"
    assert confirmed.submit(link).location == "/account"
    assert address_of(session, person) == NEW
    assert NEW in confirmed.get("/account").text
    confirmed.get(link, status=404)


def test_the_old_address_is_told_and_what_it_was_sent_goes_along(
    confirmed: Client, session: Session, person: Person, link: str
) -> None:
    asking = session.scalars(select(MailMessage.subject).where(MailMessage.recipient == OLD)).all()
    confirmed.submit(link)
    [told] = people.mail_to(session, OLD)
    assert told.subject == CHANGED
    assert "Ann O'Neill" in told.body
    assert NEW not in told.body
    held = confirmed.get("/account/data.json").response.json
    assert {CHANGED, *asking} < {mail["subject"] for mail in held["emails"]}
    assert held["person"]["new_email_asked_for"] == []


def test_other_browsers_and_links_sent_before_end(
    app: Flask, database: Database, confirmed: Client, session: Session, person: Person, link: str
) -> None:
    elsewhere, earlier = Client(app, database), people.link_for(session, person)
    elsewhere.sign_in(person)
    confirmed.submit(link)
    elsewhere.get("/account", status=302)
    elsewhere.get(earlier, status=404)
    elsewhere.submit("/sign-in/link", {"email": OLD})
    confirmed.get("/account")


def test_a_link_in_the_wrong_mailbox_gives_nobody_anything(
    app: Flask, database: Database, session: Session, person: Person, link: str
) -> None:
    stranger, other = Client(app, database), factories.provider_person(session)
    session.commit()
    assert stranger.get(link, status=302).location.startswith("/sign-in?next=")
    stranger.sign_in(other)
    gone = people.unvarying(stranger.get(link, status=404))
    assert gone == people.unvarying(stranger.get("/sign-in/link/email/unknown", status=404))
    stranger.post(link, stranger.get("/account").hidden(), status=404)
    assert address_of(session, person) == OLD


def test_a_link_ends_with_its_hour_and_with_the_next_that_is_asked_for(
    confirmed: Client, session: Session, database: Database, settings: Settings, link: str
) -> None:
    later = asked_for(confirmed, session, database, settings, "ann@elsewhere.example")
    confirmed.get(link, status=404)
    confirmed.get(later)
    session.execute(update(EmailChange).values(expires_at=func.clock_timestamp() - timedelta(seconds=1)))
    session.commit()
    confirmed.get(later, status=404)
    confirmed.post(later, confirmed.get("/account").hidden(), status=404)


def test_nobody_learns_whether_an_address_has_an_account(
    confirmed: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    holder = factories.provider_person(session, email="Held@provider.example")
    session.commit()
    answers = []
    for email in ("held@provider.example", "free@provider.example"):
        asked = confirmed.submit(PAGE, {"email": email})
        people.work(database, settings)
        page = people.unvarying(confirmed.get("/account")).replace(email, "")
        held = confirmed.get("/account/data.json").response.json
        told = [mail["subject"] for mail in held["emails"]], [*held["person"]["new_email_asked_for"][0]]
        answers.append((asked.location, len(asked.statements), page, told))
    assert answers[0] == answers[1]
    [mail] = people.mail_to(session, "held@provider.example")
    assert mail.subject == TAKEN
    assert person.name not in mail.body
    assert "/sign-in/link/" not in mail.body
    assert address_of(session, holder) == "Held@provider.example"


def test_an_address_that_is_taken_meanwhile_is_not_taken_twice(
    confirmed: Client, session: Session, person: Person, link: str
) -> None:
    factories.provider_person(session, email=NEW.upper())
    session.commit()
    confirmed.post(link, confirmed.get(link).hidden(), status=404)
    assert address_of(session, person) == OLD
    confirmed.get("/account")


def test_the_case_of_an_address_may_change(
    confirmed: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    confirmed.submit(asked_for(confirmed, session, database, settings, "Ann@Before.example"))
    assert address_of(session, person) == "Ann@Before.example"


def test_a_browser_left_open_must_confirm_who_it_is(confirmed: Client, session: Session, person: Person) -> None:
    page = confirmed.get(PAGE)
    session.execute(update(SignedInSession).values(confirmed_at=func.clock_timestamp() - timedelta(minutes=31)))
    session.commit()
    confirmed.post(PAGE, {**page.hidden(), "email": NEW}, status=403)
    assert "Confirm that it is you" in confirmed.get(PAGE).text
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        OLD,
        "ann@after.example\r\nBcc: all@after.example",
        "ann@after.example,eve@evil.example",
        "=?utf-8?q?ann?=@after.example",
        "\N{CYRILLIC SMALL LETTER A}nn@after.example",
        "ann\u202e@after.example",
        f"{'a' * 250}@after.example",
    ],
)
def test_what_is_no_new_address_stays_in_its_field(confirmed: Client, session: Session, email: str) -> None:
    page = confirmed.submit(PAGE, {"email": email}, status=422)
    field = page.tree.find(".//input[@name='email']")
    assert "email-error" in field.get("aria-describedby")
    assert field.get("value", "").startswith(email[:2])
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


def test_links_are_asked_for_only_so_often(confirmed: Client, session: Session) -> None:
    people.stay_in_one_window()
    for number in range(CHANGE_EMAIL.tries):
        confirmed.submit(PAGE, {"email": f"ann{number}@after.example"})
    confirmed.submit(PAGE, {"email": NEW}, status=429)


def test_an_officer_keeps_the_second_factor(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    officer = people.officer(session)
    client.submit(people.link_for(session, officer))
    assert client.get(PAGE, status=302).location.startswith("/sign-in/code")
    client.submit("/sign-in/code", {"code": people.code_of(officer)})
    client.submit(asked_for(client, session, database, settings))
    assert address_of(session, officer) == NEW
    client.get("/programmes")


def test_who_comes_by_the_organisation_alone_reads_where_the_address_is_from(client: Client, session: Session) -> None:
    officer = factories.officer(session)
    session.add(Identity(person_id=officer.id, issuer="https://id.example", subject="ann"))
    session.commit()
    client.sign_in(officer)
    assert "You sign in with the account of your organisation" in client.get(PAGE).text
    client.post(PAGE, {**client.get("/account").hidden(), "email": NEW}, status=403)
    session.add(Passkey(person_id=officer.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0))
    session.commit()
    assert "Confirm that it is you" in client.get(PAGE).text


def test_the_trail_holds_no_address(confirmed: Client, session: Session, link: str) -> None:
    confirmed.submit(link)
    assert people.acts(session)[1:] == ["person.email_change_mailed", "person.email_changed", "person.signed_in"]
    for event in session.scalars(select(AuditEvent)):
        assert "@" not in str(event.detail)


def test_who_is_erased_leaves_no_address_that_it_had_or_wanted(
    confirmed: Client, session: Session, database: Database, settings: Settings, link: str
) -> None:
    confirmed.submit(link)
    asked_for(confirmed, session, database, settings, "ann@third.example")
    confirmed.submit("/account/erase")
    with database.engine.connect() as connection:
        for table in all_rows.tables(connection):
            held = f'SELECT count(*) FROM "{table}" entry WHERE entry::text ~* :words'  # noqa: S608
            assert connection.scalar(text(held), {"words": "ann@|O'Neill"}) == 0, table


def test_an_address_is_changed_on_the_server_too(
    session: Session, database_url: str, confirmed: Client, person: Person
) -> None:
    other = factories.provider_person(session)
    session.commit()
    run = partial(CliRunner().invoke, cli, env={"DATABASE_URL": database_url})
    assert "nobody has the address" in run(["change-email", "nobody@example.org", NEW]).output
    assert "another account has" in run(["change-email", OLD, other.email.upper()]).output
    assert "is not an email address" in run(["change-email", OLD, "ann"]).output
    assert run(["change-email", OLD, NEW]).output == f"Ann O'Neill now has the address {NEW}, and signs in anew\n"
    assert address_of(session, person) == NEW
    confirmed.get("/account", status=302)
    assert [mail.subject for mail in people.mail_to(session, OLD)] == [CHANGED]
