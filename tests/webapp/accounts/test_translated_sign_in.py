"""The pages and e-mails of passkeys, single sign-on and erasing have no text outside the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from tests import factories as make
from tests.pseudo_locale import CODE, latin_words, untranslated
from tests.webapp.accounts import people
from tests.webapp.accounts.openid_provider import CLIENT_ID, CLIENT_SECRET, Pliable
from tests.webapp.browser_of_pages import Client, Page
from webapp.app import create_app
from webapp.db import Database
from webapp.models import MailMessage, Passkey, Person

EMAIL = "anna@example.org"
ADD, ERASE = "/account/passkeys/add", "/account/erase"


@pytest.fixture
def anna(session: Session) -> Person:
    organisation = make.provider(session, name="Ακμη")
    someone = make.provider_person(session, organisation, name="Αννα", email=EMAIL, language=CODE)
    session.commit()
    return someone


@pytest.fixture
def signed_in(reader: Client, session: Session, anna: Person) -> Client:
    """By a link just now."""
    reader.submit(people.link_for(session, anna))
    return reader


def says_nothing_else(page: Page) -> None:
    assert untranslated(page.html) == []


def test_a_passkey_from_adding_to_removing(signed_in: Client, session: Session, anna: Person) -> None:
    says_nothing_else(signed_in.get("/account"))
    says_nothing_else(signed_in.get(ADD))
    for typed in ({"name": ""}, {"name": "α" * 101}, {"name": "α", "credential": "{}"}):
        says_nothing_else(signed_in.submit(ADD, typed, status=422))
    passkey = Passkey(person_id=anna.id, name="Κλειδι", credential_id=b"id", public_key=b"key", sign_count=0)
    session.add(passkey)
    session.commit()
    says_nothing_else(signed_in.get("/account"))
    removal = f"/account/passkeys/{passkey.id}/remove"
    says_nothing_else(signed_in.get(removal))
    signed_in.submit(removal)
    says_nothing_else(signed_in.get("/account"))
    [mail] = session.scalars(select(MailMessage))
    assert latin_words(mail.subject + mail.body) == []


def test_a_passkey_that_does_not_work(reader: Client) -> None:
    refused = {**reader.get("/sign-in").hidden(), "credential": "{}"}
    says_nothing_else(reader.post("/sign-in/passkey", refused, status=422))


def test_erasing(signed_in: Client, session: Session, anna: Person) -> None:
    says_nothing_else(signed_in.get(ERASE))
    about = make.engagement(session)
    about.title = "Τιτλος"
    response = make.response(session, about, anna)
    session.commit()
    says_nothing_else(signed_in.get(ERASE))
    session.delete(response)
    session.commit()
    signed_in.submit(ERASE)
    says_nothing_else(signed_in.get("/account/erased"))


def test_single_sign_on(reader: Client, settings: Settings, database: Database) -> None:
    provider = Pliable()
    with provider.running() as issuer:
        given = replace(settings, oidc_issuer=issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET)
        with Client(create_app(given, database), database) as elsewhere:
            elsewhere.language = CODE
            says_nothing_else(elsewhere.get("/sign-in"))
            address = elsewhere.get("/sign-in/single-sign-on", status=302).response.location
            says_nothing_else(elsewhere.get(provider.sign_in(address).removeprefix("http://localhost")))
            says_nothing_else(elsewhere.get("/sign-in/single-sign-on/return", status=400))
