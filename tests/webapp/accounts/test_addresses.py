"""A person's own email address is changed with the knowledge of whoever reads the present one, and nobody learns who
has an address. Each test is a way to harm somebody by it."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from config import Settings
from tests import all_rows, factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts import actions as sign_in
from webapp.accounts.codes import new_secret
from webapp.accounts.personal import addresses
from webapp.accounts.throttle import CHANGE_EMAIL, CHANGE_TO_EMAIL
from webapp.cli import cli
from webapp.db import Database
from webapp.mail import Mail, send
from webapp.models import (
    AuditEvent,
    ColleagueInvitation,
    EmailChange,
    EmailStop,
    Identity,
    MailMessage,
    Membership,
    MembershipRole,
    Passkey,
    Person,
    ProviderKind,
    ProviderSize,
    Registration,
    SignedInSession,
    SignInLink,
)

OLD, NEW = "ann@before.example", "ann@after.example"
PAGE = "/account/email"
ASKED = "Somebody asked to change the email address of your Soundings account"
CHANGED = "The email address of your Soundings account was changed"
NOT_CHANGED = "The email address of your Soundings account was not changed"
TAKEN = "Your email address has an account with Soundings already"
BASE = "http://localhost"


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


@pytest.fixture
def waiting(confirmed: Client, link: str) -> Client:
    """The new address is confirmed, and takes effect in some days."""
    confirmed.submit(link)
    return confirmed


def asked_for(client: Client, session: Session, database: Database, settings: Settings, new: str = NEW) -> str:
    assert client.submit(PAGE, {"email": new}).location == "/account"
    people.work(database, settings)
    return people.link_in(people.mail_to(session, new)[-1])


def change(session: Session, person: Person, email: str = NEW) -> None:
    """As it is once its time has come."""
    session.rollback()
    addresses.change_for(session, person=session.get_one(Person, person.id), email=email, base_url=BASE)
    session.commit()


def pass_days(session: Session, database: Database, *, days: float = 3) -> None:
    """Every address that is due then is changed."""
    session.rollback()
    then = datetime.now(UTC) + timedelta(days=days)
    for person_id in addresses.queries.due(session, then):
        addresses.make_due(session, person_id=person_id, base_url=BASE, now=then)
    session.commit()


def address_of(session: Session, person: Person) -> str:
    session.rollback()
    session.refresh(person)
    return person.email


def stop_link(session: Session) -> str:
    asked = [mail for mail in people.mail_to(session, OLD) if mail.subject == ASKED]
    return people.link_in(asked[-1])


def test_the_address_changes_some_days_after_its_reader_confirmed_it(
    waiting: Client, session: Session, database: Database, person: Person
) -> None:
    page = waiting.get("/account")
    assert NEW in page.text
    assert "Your email address changes to" in page.text
    pass_days(session, database, days=2.9)
    assert address_of(session, person) == OLD
    pass_days(session, database)
    assert address_of(session, person) == NEW
    assert person.former_emails == [OLD]
    waiting.get("/account", status=302)
    waiting.submit("/sign-in/link", {"email": NEW})


def test_nothing_changes_by_opening_a_link_or_without_one(
    confirmed: Client, session: Session, database: Database, person: Person, link: str
) -> None:
    page = confirmed.get(link)
    assert (OLD in page.text, NEW in page.text, page.buttons()[-1]) == (True, True, "Confirm the address")
    confirmed.get(stop_link(session))
    pass_days(session, database, days=9)
    assert address_of(session, person) == OLD
    assert session.scalar(select(EmailChange.due_at)) is None
    confirmed.submit(link)
    confirmed.get(link, status=404)


def test_the_worker_changes_what_is_due(
    waiting: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    sign_in.defer(session, "accounts.change_emails")
    session.execute(update(EmailChange).values(due_at=func.clock_timestamp()))
    session.execute(update(MailMessage).values(sent_at=func.clock_timestamp() - timedelta(days=3)))
    session.commit()
    people.work(database, settings)
    assert address_of(session, person) == NEW
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


# Whoever sits at a browser that somebody left, or took a cookie, a mailbox or a password


def test_a_browser_left_open_must_confirm_who_it_is(confirmed: Client, session: Session, person: Person) -> None:
    page = confirmed.get(PAGE)
    session.execute(update(SignedInSession).values(confirmed_at=func.clock_timestamp() - timedelta(minutes=31)))
    session.commit()
    confirmed.post(PAGE, {**page.hidden(), "email": NEW}, status=403)
    assert "Confirm that it is you" in confirmed.get(PAGE).text
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


def test_a_password_alone_is_not_enough(client: Client, session: Session, person: Person) -> None:
    sign_in.set_password(session, person=person, password=people.PASSWORD, actor=None)
    session.commit()
    people.give_password(client, person)
    assert "Confirm that it is you" in client.get(PAGE).text


def test_who_has_a_passkey_shows_it_and_a_link_is_not_enough(
    confirmed: Client, session: Session, person: Person
) -> None:
    page = confirmed.get(PAGE)
    session.add(Passkey(person_id=person.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0))
    session.commit()
    refused = confirmed.get(PAGE)
    assert "Your account has a passkey" in refused.text
    assert refused.links()["Sign in with a passkey"] == "/sign-in?next=/account/email"
    confirmed.post(PAGE, {**page.hidden(), "email": NEW}, status=403)
    session.execute(update(SignedInSession).values(method="passkey"))
    session.commit()
    confirmed.submit(PAGE, {"email": NEW})
    session.execute(update(SignedInSession).values(confirmed_at=func.clock_timestamp() - timedelta(minutes=31)))
    session.commit()
    assert "Your account has a passkey" in confirmed.get(PAGE).text


def test_who_has_an_app_gives_its_code(client: Client, session: Session, person: Person) -> None:
    person.totp_secret = new_secret()
    session.add(Passkey(person_id=person.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0))
    session.commit()
    client.submit(people.link_for(session, person))
    assert client.get(PAGE, status=302).location.startswith("/sign-in/code")
    client.submit("/sign-in/code", {"code": people.code_of(person)})
    assert client.submit(PAGE, {"email": NEW}).location == "/account"


def test_the_present_address_is_told_at_once_and_at_the_change_and_neither_mail_says_the_other(
    waiting: Client, session: Session, database: Database
) -> None:
    pass_days(session, database)
    told = [mail for mail in people.mail_to(session, OLD) if mail.subject in (ASKED, CHANGED)]
    assert [mail.subject for mail in told] == [ASKED, CHANGED]
    for mail in told:
        assert "Ann O'Neill" in mail.body
        assert NEW not in mail.body
    for mail in people.mail_to(session, NEW):
        assert OLD not in mail.body


def test_whoever_reads_the_present_address_stops_it_and_puts_everybody_out(
    app: Flask, database: Database, waiting: Client, session: Session, person: Person
) -> None:
    reader, unused = Client(app, database), people.link_for(session, person)
    stop = stop_link(session)
    page = reader.submit(stop)
    assert page.location == "/sign-in"
    waiting.get("/account", status=302)
    reader.get(unused, status=404)
    pass_days(session, database, days=9)
    assert address_of(session, person) == OLD
    assert people.mail_to(session, NEW) == []
    assert people.acts(session)[-2:] == ["person.email_change_stopped", "person.signed_out_everywhere"]


def test_each_link_that_stops_it_works_for_days_whatever_is_asked_for_meanwhile(
    app: Flask, database: Database, confirmed: Client, session: Session, settings: Settings, person: Person
) -> None:
    """A thief who asks twice would spoil the owner's first link, or have the owner use it up."""
    reader = Client(app, database)
    asked_for(confirmed, session, database, settings, "thief@evil.example")
    first = stop_link(session)
    confirmed.submit(asked_for(confirmed, session, database, settings, "thief2@evil.example"))
    reader.submit(first)
    confirmed.get("/account", status=302)
    confirmed.submit(people.link_for(session, person))
    confirmed.submit(asked_for(confirmed, session, database, settings, "thief3@evil.example"))
    reader.submit(first)
    pass_days(session, database, days=5)
    assert address_of(session, person) == OLD
    confirmed.submit(people.link_for(session, person))
    told = people.acts(session).count("person.email_change_stopped")
    reader.submit(first)
    confirmed.get("/account", status=302)
    assert people.acts(session).count("person.email_change_stopped") == told == 2, "the third time nothing was stopped"
    session.execute(update(EmailStop).values(expires_at=func.clock_timestamp()))
    session.commit()
    reader.get(first, status=404)
    reader.post(first, reader.get("/sign-in").hidden(), status=404)


def test_the_link_that_stops_it_does_not_sign_in_and_ends_with_the_change(
    app: Flask, database: Database, waiting: Client, session: Session, person: Person
) -> None:
    reader, stop = Client(app, database), stop_link(session)
    reader.get(stop)
    reader.get("/account", status=302)
    pass_days(session, database)
    reader.get(stop, status=404)
    reader.post(stop, reader.get("/sign-in").hidden(), status=404)
    assert address_of(session, person) == NEW


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(days=2)])
def test_nothing_changes_before_the_warning_could_be_read(
    waiting: Client, session: Session, database: Database, person: Person, wait: timedelta
) -> None:
    """The first mail to the present address leaves late, as when its server is down."""
    session.execute(update(MailMessage).where(MailMessage.recipient == OLD).values(sent_at=None))
    session.commit()
    pass_days(session, database, days=6.9)
    assert address_of(session, person) == OLD
    late = func.clock_timestamp() + wait
    session.execute(update(MailMessage).where(MailMessage.recipient == OLD).values(sent_at=late))
    session.commit()
    pass_days(session, database, days=2.9 + wait.days)
    assert address_of(session, person) == OLD
    pass_days(session, database, days=3.1 + wait.days)
    assert address_of(session, person) == NEW


def test_it_is_given_up_if_the_warning_leaves_too_late_to_stop_it(
    waiting: Client, session: Session, database: Database, person: Person
) -> None:
    session.execute(update(MailMessage).where(MailMessage.recipient == OLD).values(sent_at=None))
    session.commit()
    pass_days(session, database, days=7.1)
    assert people.mail_to(session, OLD)[-1].subject == NOT_CHANGED
    session.execute(update(MailMessage).where(MailMessage.recipient == OLD).values(sent_at=func.clock_timestamp()))
    session.commit()
    pass_days(session, database, days=20)
    assert address_of(session, person) == OLD
    assert people.acts(session)[-1] == "person.email_change_stopped"


def test_an_app_that_was_set_up_meanwhile_goes_and_one_from_before_stays(
    app: Flask, database: Database, waiting: Client, session: Session, person: Person
) -> None:
    """A thief who reads the mailbox that the owner gives up would lock the owner out."""
    thief = Client(app, database)
    thief.submit(people.link_for(session, person))
    key = people.typed_key(thief.get("/account/authenticator").html)
    thief.submit("/account/authenticator", {"code": pyotp.TOTP(key).now()})
    pass_days(session, database)
    assert address_of(session, person) == NEW
    assert people.acts(session)[-2:] == ["person.email_changed", "person.second_factor_removed"]
    owner = Client(app, database)
    owner.submit(people.link_for(session, person))
    owner.get("/account")


@pytest.mark.parametrize("exchanged", [False, True])
def test_an_app_whose_code_was_asked_for_stays(
    client: Client, session: Session, database: Database, settings: Settings, person: Person, exchanged: bool
) -> None:
    person.totp_secret = new_secret()
    session.commit()
    client.submit(people.link_for(session, person))
    client.submit("/sign-in/code", {"code": people.code_of(person)})
    client.submit(asked_for(client, session, database, settings))
    session.rollback()
    if exchanged:
        person.totp_last_counter = None
        session.commit()
        client.submit("/account/authenticator/remove", {"code": people.code_of(person)})
        session.rollback()
        person.totp_secret = new_secret()
        session.commit()
    pass_days(session, database)
    assert address_of(session, person) == NEW
    assert (person.totp_secret is None) == exchanged


@pytest.mark.parametrize("by", ["membership", "identity"])
def test_whose_organisation_knows_the_address_by_then_keeps_it(
    waiting: Client, session: Session, database: Database, person: Person, by: str
) -> None:
    if by == "membership":
        session.execute(delete(Membership).where(Membership.person_id == person.id))
        officer = MembershipRole.OFFICER
        session.add(Membership(person_id=person.id, organisation_id=factories.buyer(session).id, role=officer))
    else:
        session.add(Identity(person_id=person.id, issuer="https://id.example", subject="ann"))
    session.commit()
    pass_days(session, database)
    assert address_of(session, person) == OLD
    assert people.mail_to(session, OLD)[-1].subject == NOT_CHANGED
    assert people.acts(session)[-1] == "person.email_change_stopped"
    assert people.mail_to(session, NEW) == []


@pytest.mark.parametrize("table", [Registration, ColleagueInvitation])
def test_who_registers_or_joins_at_that_moment_and_the_change_do_not_wait_for_each_other(
    session: Session, database: Database, person: Person, table: type[Registration | ColleagueInvitation]
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    if table is Registration:
        size, kind = ProviderSize.SMALL, ProviderKind.CHARITY
        given = {"organisation_name": "Another", "provider_kind": kind, "size": size, "vcse": True}
        session.add(Registration(person_name="Ann", email=OLD, expires_at=soon, **given))
    else:
        inviter = factories.provider_person(session)
        asked = {"invited_by": inviter.id, "organisation_id": inviter.memberships[0].organisation_id, "name": "Ann"}
        session.add(ColleagueInvitation(email=OLD, role=MembershipRole.SIGNATORY, expires_at=soon, **asked))
    session.commit()
    with database.session() as registers, ThreadPoolExecutor(1) as elsewhere:
        registers.execute(select(table.id).where(table.email == OLD).with_for_update())
        changing = elsewhere.submit(change_elsewhere, database, person.id)
        with suppress(TimeoutError):
            changing.result(1)
        registers.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
        registers.commit()
        changing.result(30)
    assert address_of(session, person) == NEW


def change_elsewhere(database: Database, person_id: uuid.UUID) -> None:
    with database.session() as other:
        addresses.change_for(other, person=other.get_one(Person, person_id), email=NEW, base_url=BASE)
        other.commit()


def test_nothing_is_said_to_be_stopped_where_nothing_was_asked_for(confirmed: Client, session: Session) -> None:
    confirmed.post("/account/email/stop", confirmed.get("/account").hidden(), status=302)
    told = confirmed.get(confirmed.submit("/account/password", {"password": people.PASSWORD}).location)
    assert "Another email address" not in told.text
    assert "person.email_change_stopped" not in people.acts(session)
    assert "Another email address" not in people.mail_to(session, OLD)[-1].body


@pytest.mark.parametrize("how", ["page", "everywhere", "password"])
def test_the_person_stops_it_too(
    waiting: Client, session: Session, database: Database, person: Person, how: str
) -> None:
    said = "Another email address had been asked for"
    if how == "page":
        waiting.submit("/account", action="/account/email/stop")
    elif how == "everywhere":
        assert said in waiting.get(waiting.submit("/account", action="/account/sign-out-everywhere").location).text
    else:
        assert said in waiting.get(waiting.submit("/account/password", {"password": people.PASSWORD}).location).text
        assert said in people.mail_to(session, OLD)[-1].body
    assert people.acts(session).count("person.email_change_stopped") == 1
    pass_days(session, database, days=9)
    assert address_of(session, person) == OLD
    assert people.mail_to(session, NEW) == [], "nothing is kept about a stranger"


# Links and sessions on their way while the address changes


def test_a_link_in_the_making_goes_to_the_new_address_or_is_of_no_use(
    client: Client, session: Session, database: Database, person: Person
) -> None:
    with database.session() as worker:
        as_it_was = worker.get_one(Person, person.id)
        change(session, person)
        sign_in.mail_link(worker, person=as_it_was, destination=None, base_url=BASE, now=datetime.now(UTC))
        worker.commit()
    late = people.link_in(people.mail_to(session, OLD)[-1])
    client.get(late, status=404)
    client.post(late, client.get("/sign-in").hidden(), status=404)
    client.get("/account", status=302)


def test_a_link_asked_for_before_is_mailed_to_the_new_address_alone(
    client: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    client.submit("/sign-in/link", {"email": OLD})
    change(session, person)
    people.work(database, settings)
    assert "Your link to sign in" not in " ".join(mail.subject for mail in people.mail_to(session, OLD))
    client.submit(people.link_in(people.mail_to(session, NEW)[-1]))
    client.get("/account")
    client.submit("/sign-in/link", {"email": OLD})
    people.work(database, settings)
    assert [mail.subject for mail in people.mail_to(session, OLD)] == [CHANGED]


def test_sessions_links_passkeys_and_the_password_end_with_the_address(
    app: Flask, database: Database, waiting: Client, session: Session, person: Person
) -> None:
    elsewhere, earlier = Client(app, database), people.link_for(session, person)
    elsewhere.sign_in(person)
    person.password_hash = "stolen"
    session.add(Passkey(person_id=person.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0))
    session.commit()
    pass_days(session, database)
    elsewhere.get("/account", status=302)
    waiting.get("/account", status=302)
    elsewhere.get(earlier, status=404)
    session.refresh(person)
    assert person.password_hash is None
    for table in (Passkey, SignedInSession):
        assert session.scalars(select(table)).all() == []


def test_a_session_that_began_at_the_moment_of_the_change_is_nobodys(
    client: Client, session: Session, database: Database, person: Person
) -> None:
    token = people.link_for(session, person).rpartition("/")[2]
    with database.session() as other:
        used = other.get_one(Person, person.id)
        change(session, person)
        begun = sign_in.begin_session(
            other,
            person_id=used.id,
            email=used.email,
            method="password",
            second_factor=False,
            replacing=None,
            now=datetime.now(UTC),
        )
        other.commit()
    with client._client.session_transaction() as cookie:
        cookie["token"] = begun
    client.get("/account", status=302)
    assert session.scalar(select(func.count()).select_from(SignInLink)) == 0, token


def test_what_a_thief_sends_at_the_moment_of_the_change_is_not_done(
    confirmed: Client, session: Session, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed.get("/account/password")
    lock = sign_in.locked

    def just_changed(other: Session, person_id: object) -> Person:
        monkeypatch.setattr(sign_in, "locked", lock)
        change(session, person)
        return lock(other, person.id)

    monkeypatch.setattr(sign_in, "locked", just_changed)
    assert confirmed.submit("/account/password", {"password": people.PASSWORD}).location == "/sign-in"
    session.rollback()
    session.refresh(person)
    assert (person.email, person.password_hash) == (NEW, None)


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
    pass_days(session, database, days=9)
    assert address_of(session, person) == OLD


def test_a_link_ends_with_its_day_and_with_the_next_that_is_asked_for(
    confirmed: Client, session: Session, database: Database, settings: Settings, link: str
) -> None:
    later = asked_for(confirmed, session, database, settings, "ann@elsewhere.example")
    confirmed.get(link, status=404)
    assert people.mail_to(session, NEW) == []
    confirmed.get(later)
    session.execute(update(EmailChange).values(expires_at=func.clock_timestamp() - timedelta(seconds=1)))
    session.commit()
    confirmed.get(later, status=404)
    confirmed.post(later, confirmed.get("/account").hidden(), status=404)
    assert "ann@elsewhere.example" not in confirmed.get("/account").text


# Strangers who would learn who has an address


def test_nobody_learns_whether_an_address_has_an_account(
    confirmed: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    holder = factories.provider_person(session, email="Held@provider.example")
    session.commit()
    answers = []
    for email in ("held@provider.example", "free@provider.example"):
        asked = confirmed.submit(PAGE, {"email": email})
        people.work(database, settings)
        page = re.sub("by [^<]* to confirm", "", people.unvarying(confirmed.get("/account")).replace(email, ""))
        held = confirmed.get("/account/data.json").response.json
        told = [mail["subject"] for mail in held["emails"]][-1], [*held["person"]["email_asked_for"][0]]
        acts = [event["act"] for event in held["acts"]][-1]
        answers.append((asked.location, len(asked.statements), page.split("Where you are")[0], told, acts))
    assert answers[0] == answers[1]
    assert answers[0][3][0] == ASKED
    [mail] = people.mail_to(session, "free@provider.example")
    confirmed.get(people.link_in(mail))
    confirmed.submit(PAGE, {"email": "held@provider.example"})
    people.work(database, settings)
    confirmed.submit("/account", action="/account/email/stop")
    mail, again = people.mail_to(session, "held@provider.example")
    assert again.subject == mail.subject, "what its holder was told is kept for them"
    assert mail.subject == TAKEN
    assert person.name not in mail.body
    assert "/sign-in/link/" not in mail.body
    assert address_of(session, holder) == "Held@provider.example"


def test_an_address_that_is_taken_meanwhile_is_not_taken_twice(
    waiting: Client, session: Session, database: Database, person: Person
) -> None:
    factories.provider_person(session, email=NEW.upper())
    session.commit()
    pass_days(session, database)
    assert address_of(session, person) == OLD
    assert people.mail_to(session, OLD)[-1].subject == "The email address of your Soundings account was not changed"
    waiting.get("/account")
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        OLD,
        OLD.upper(),
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


@pytest.mark.parametrize("limit", [CHANGE_EMAIL, CHANGE_TO_EMAIL])
def test_it_is_asked_for_only_so_often(app: Flask, database: Database, session: Session, limit: object) -> None:
    people.stay_in_one_window()
    browser = Client(app, database)
    for number in range(6):
        if number == 0 or limit is CHANGE_TO_EMAIL:
            someone = factories.provider_person(session)
            session.commit()
            browser.submit(people.link_for(session, someone))
        wanted = NEW if limit is CHANGE_TO_EMAIL else f"ann{number}@after.example"
        browser.submit(PAGE, {"email": wanted}, status=429 if number == 5 else 302)


def test_sent_twice_it_is_asked_for_once(confirmed: Client, session: Session) -> None:
    confirmed.submit_twice(PAGE, {"email": NEW})
    assert len([mail for mail in people.mail_to(session, OLD) if mail.subject == ASKED]) == 1


def test_whose_organisation_knows_the_address_cannot_change_it(client: Client, session: Session) -> None:
    officer, pinned = people.officer(session), factories.provider_person(session)
    session.add(Identity(person_id=pinned.id, issuer="https://id.example", subject="ann"))
    session.commit()
    for someone in (officer, pinned):
        client.sign_out()
        client.sign_in(someone)
        assert "by which your organisation or its directory knows you" in client.get(PAGE).text
        client.post(PAGE, {**client.get("/account").hidden(), "email": NEW}, status=403)
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0


# What was under way for the former address


def test_what_waits_for_the_former_address_is_of_no_use_there_and_tells_nobody(
    client: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    alone, inviter = factories.provider_person(session), factories.provider_person(session)
    session.delete(session.scalars(select(Membership).where(Membership.person_id == alone.id)).one())
    soon = datetime.now(UTC) + timedelta(hours=1)
    own = inviter.memberships[0].organisation
    asked = {"invited_by": inviter.id, "email": alone.email, "role": MembershipRole.SIGNATORY, "expires_at": soon}
    other = factories.provider(session)
    mailed = ColleagueInvitation(organisation_id=own.id, name="Ann Else", token_digest=sign_in.digest("a"), **asked)
    queued = ColleagueInvitation(organisation_id=other.id, name="Ann Else", **asked)
    session.add_all([mailed, queued])
    session.add(
        Registration(
            organisation_name="Another",
            provider_kind=ProviderKind.CHARITY,
            size=ProviderSize.SMALL,
            vcse=True,
            person_name="Ann",
            email=alone.email.upper(),
            token_digest=sign_in.digest("b"),
            expires_at=soon,
        )
    )
    session.flush()
    sign_in.defer(session, "accounts.mail_colleague_invitation", invitation_id=str(queued.id))
    session.commit()
    former = alone.email
    change(session, alone)
    people.work(database, settings)
    client.get("/sign-in/link/join/a", status=404)
    client.get("/sign-in/link/register/b", status=404)
    assert [mail.subject for mail in people.mail_to(session, former)] == [CHANGED]
    client.sign_in(inviter)
    assert "Ann Else" in client.get("/organisation").text


def test_warnings_that_wait_go_where_they_were_written_to_and_stay_the_persons(
    session: Session, database: Database, settings: Settings, client: Client, person: Person
) -> None:
    send(session, recipient=OLD, mail=Mail("A warning", "Somebody has your password"))
    session.commit()
    change(session, person)
    people.work(database, settings)
    assert [mail.subject for mail in people.mail_to(session, OLD)] == ["A warning", CHANGED]
    successor = factories.provider_person(session, email=OLD)
    send(session, recipient=OLD, mail=Mail("To the next", "who has that address"))
    session.commit()
    client.sign_in(person)
    held = client.get("/account/data.json").response.json
    assert (held["person"]["email"], held["person"]["former_emails"]) == (NEW, [OLD])
    assert [mail["subject"] for mail in held["emails"]][:2] == ["A warning", CHANGED]
    assert "To the next" not in str(held["emails"])
    client.sign_out()
    client.sign_in(successor)
    assert [mail["subject"] for mail in client.get("/account/data.json").response.json["emails"]] == ["To the next"]


def test_an_address_goes_back_to_whom_it_belonged(session: Session, person: Person) -> None:
    change(session, person)
    change(session, person, OLD)
    assert address_of(session, person) == OLD
    assert person.former_emails == [NEW]


# What is left of it


def test_the_trail_holds_no_address(waiting: Client, session: Session, database: Database) -> None:
    pass_days(session, database)
    assert people.acts(session)[1:] == [
        "person.email_change_asked",
        "person.email_change_confirmed",
        "person.email_changed",
    ]
    for event in session.scalars(select(AuditEvent)):
        assert "@" not in str(event.detail)


def test_who_is_erased_leaves_no_address_that_it_had_or_wanted(
    client: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    colleague = factories.provider_person(session, person.memberships[0].organisation, name="Colleague")
    factories.invitation(session, factories.engagement(session), person)
    send(session, recipient=colleague.email, mail=Mail("Ann O'Neill asks", "Ann O'Neill asks"))
    session.commit()
    change(session, person)
    change(session, colleague, "colleague@after.example")
    client.submit(people.link_for(session, session.get_one(Person, person.id)))
    asked_for(client, session, database, settings, "ann@third.example")
    assert client.submit("/account/erase").location == "/account/erased"
    with database.engine.connect() as connection:
        for table in all_rows.tables(connection):
            held = f'SELECT count(*) FROM "{table}" entry WHERE entry::text ~* :words'  # noqa: S608
            assert connection.scalar(text(held), {"words": "ann@|O'Neill"}) == 0, table
    assert session.scalar(select(func.count()).select_from(MailMessage)) > 0, "others keep theirs"


def test_whoever_runs_the_service_gives_a_stolen_mailbox_up_for_them(
    session: Session, database_url: str, waiting: Client, person: Person
) -> None:
    other = factories.provider_person(session)
    session.commit()
    place = person.memberships[0].organisation.name
    run = partial(CliRunner().invoke, cli, env={"DATABASE_URL": database_url})
    assert "nobody has the address" in run(["change-email", "nobody@example.org", NEW]).output
    assert "an account has the address" in run(["change-email", "--yes", OLD, other.email.upper()]).output
    assert "is not an email address" in run(["change-email", OLD, "ann"]).output
    asked = run(["change-email", OLD, "ann@safe.example"], input="n\n")
    assert f"Give the account of Ann O'Neill ({place}) the address ann@safe.example, at once?" in asked.output
    assert address_of(session, person) == OLD
    done = run(["change-email", "--yes", OLD, "ann@safe.example"])
    assert done.output == "Ann O'Neill has the address ann@safe.example now, and signs in anew\n"
    assert address_of(session, person) == "ann@safe.example"
    waiting.get("/account", status=302)
    assert people.mail_to(session, OLD)[-1].subject == CHANGED
    assert session.scalar(select(func.count()).select_from(EmailChange)) == 0, "what the thief asked for too"
