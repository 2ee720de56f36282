"""The pages and e-mails of coming in have no text outside the catalogue, whatever is wrong with what was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from tests import factories as make
from tests.pseudo_locale import CODE, latin_words, untranslated
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts import codes
from webapp.accounts.throttle import LINK_TO_EMAIL
from webapp.db import Database
from webapp.models import (
    ColleagueInvitation,
    MailMessage,
    Membership,
    MembershipRole,
    Person,
    ProviderKind,
    ProviderSize,
    SignedInSession,
)

EMAIL = "anna@example.org"
REGISTRATION = {
    "name": "Ακμη",
    "provider_kind": ProviderKind.CHARITY.value,
    "size": ProviderSize.SMALL.value,
    "vcse": "no",
    "companies_house_number": "01234567",
    "person_name": "Αννα",
    "email": "nea@example.org",
}


@pytest.fixture
def anna(session: Session) -> Person:
    """A signatory, who has one colleague."""
    organisation = make.provider(session, name="Ακμη")
    someone = make.provider_person(session, organisation, name="Αννα", email=EMAIL, language=CODE)
    make.person(session, organisation, MembershipRole.CONTRIBUTOR, name="Βασω", email="vaso@example.org", language=CODE)
    session.commit()
    return someone


@pytest.fixture
def signed_in(reader: Client, session: Session, anna: Person) -> Client:
    """By a link just now, so that she may change how she signs in."""
    reader.submit(people.link_for(session, anna))
    return reader


def shows_nothing_else(page: Page) -> Page:
    assert untranslated(page.html) == []
    return page


def follow(client: Client, page: Page) -> Page:
    return shows_nothing_else(client.get(page.location))


@pytest.mark.parametrize(
    "url",
    ["/sign-in", "/sign-in/link", "/sign-in/link/sent", "/register", "/register/sent", "/accessibility", "/privacy"],
)
def test_pages_for_anyone(reader: Client, url: str) -> None:
    shows_nothing_else(reader.get(url))


@pytest.mark.parametrize("url", ["/nowhere", "/sign-in/link/x", "/sign-in/link/register/x", "/sign-in/link/join/x"])
def test_pages_that_are_not_there(reader: Client, url: str) -> None:
    shows_nothing_else(reader.get(url, status=404))


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("/sign-in", {}),
        ("/sign-in", {"email": "αννα", "password": "x"}),
        ("/sign-in", {"email": EMAIL, "password": "x"}),
        ("/sign-in/link", {}),
        ("/sign-in/link", {"email": "αννα"}),
        ("/register", {}),
        (
            "/register",
            {
                **dict.fromkeys(("companies_house_number", "charity_number", "ods_code", "cqc_provider_id"), "?"),
                **dict.fromkeys(("provider_kind", "size", "vcse"), "?"),
                "email": "αννα",
                "person_name": "α" * 201,
            },
        ),
    ],
)
def test_what_is_wrong_with_forms_for_anyone(reader: Client, anna: Person, url: str, typed: dict[str, str]) -> None:
    shows_nothing_else(reader.submit(url, typed, status=422))


def test_too_many_tries(reader: Client) -> None:
    people.stay_in_one_window()
    for _ in range(LINK_TO_EMAIL.tries):
        reader.submit("/sign-in/link", {"email": EMAIL})
    shows_nothing_else(reader.submit("/sign-in/link", {"email": EMAIL}, status=429))


def test_registering(reader: Client, database: Database, settings: Settings, session: Session) -> None:
    follow(reader, reader.submit("/register", REGISTRATION))
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, REGISTRATION["email"])[0])
    shows_nothing_else(reader.get(link))
    follow(reader, reader.submit(link))
    newcomer = session.scalars(select(Person).where(Person.email == REGISTRATION["email"])).one()
    assert newcomer.language == CODE, "who registers in a language is written to in it"
    assert mails_but_for_links(session) == []


def test_joining(reader: Client, database: Database, settings: Settings, session: Session, anna: Person) -> None:
    reader.sign_in(anna)
    invitation = {"name": "Γαια", "email": "gaia@example.org", "role": MembershipRole.CONTRIBUTOR.value}
    follow(reader, reader.submit("/organisation/invite", invitation))
    shows_nothing_else(reader.get("/organisation"))
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, "gaia@example.org")[0])
    reader.sign_out()
    shows_nothing_else(reader.get(link))
    follow(reader, reader.submit(link))
    assert session.scalars(select(Person.language).where(Person.name == "Γαια")).one() == CODE
    assert mails_but_for_links(session) == []


def test_a_colleague_is_invited_in_the_language_of_whoever_invites(
    client: Client, reader: Client, database: Database, settings: Settings, session: Session, anna: Person
) -> None:
    client.language = "en"
    client.sign_in(anna)
    client.submit("/organisation/invite", {"name": "Γαια", "email": "gaia@example.org", "role": "signatory"})
    people.work(database, settings)
    assert mails_but_for_links(session) == []


def test_those_who_are_known_already_are_told(
    reader: Client, database: Database, settings: Settings, session: Session, anna: Person
) -> None:
    reader.sign_in(anna)
    other = make.provider_person(session, name="Δαφνη", email="daphne@example.org", language=CODE)
    session.commit()
    for role in ("signatory", "contributor"):
        reader.submit("/organisation/invite", {"name": "Δαφνη", "email": other.email, "role": role})
    details = {**REGISTRATION, "charity_number": "1234567"}
    reader.submit("/organisation/details", {**details, "email": ""})
    reader.sign_out()
    reader.language = CODE
    reader.submit("/register", {**details, "email": other.email})
    reader.submit("/register", details)
    people.work(database, settings)
    reader.submit(people.link_in(people.mail_to(session, REGISTRATION["email"])[0]))
    people.work(database, settings)
    assert len(session.scalars(select(MailMessage.id)).all()) >= 4
    assert mails_but_for_links(session) == []


def test_a_link_to_sign_in(
    reader: Client, database: Database, settings: Settings, session: Session, anna: Person
) -> None:
    follow(reader, reader.submit("/sign-in/link", {"email": EMAIL}))
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, EMAIL)[0])
    shows_nothing_else(reader.get(link))
    assert mails_but_for_links(session) == []
    shows_nothing_else(reader.get("/sent-mail"))


@pytest.mark.parametrize(
    "url",
    [
        "/account",
        "/account/password",
        "/account/authenticator",
        "/account/data",
        "/organisation",
        "/organisation/details",
        "/organisation/invite",
        "/organisation/leave",
    ],
)
def test_pages_of_somebody_signed_in(signed_in: Client, url: str) -> None:
    shows_nothing_else(signed_in.get(url))


def test_pages_about_a_colleague(signed_in: Client, session: Session) -> None:
    url = f"/organisation/people/{membership_of(session, 'Βασω').id}"
    shows_nothing_else(signed_in.get(url))
    shows_nothing_else(signed_in.get(f"{url}/remove"))
    follow(signed_in, signed_in.submit(url, {"role": "signatory"}))
    follow(signed_in, signed_in.submit(url, {"role": "contributor"}))
    follow(signed_in, signed_in.submit(f"{url}/remove"))
    own = f"/organisation/people/{membership_of(session, 'Αννα').id}"
    shows_nothing_else(signed_in.submit(own, {"role": "contributor"}, status=422))
    shows_nothing_else(signed_in.submit("/organisation/leave", status=422))
    assert mails_but_for_links(session) == []


def test_what_a_contributor_sees(reader: Client, session: Session, anna: Person) -> None:
    reader.sign_in(session.scalars(select(Person).where(Person.name == "Βασω")).one())
    shows_nothing_else(reader.get("/organisation"))
    shows_nothing_else(reader.get("/organisation/invite", status=403))
    follow(reader, reader.submit("/organisation/leave"))


def test_invitations_that_wait(signed_in: Client, session: Session, anna: Person) -> None:
    for name, role in (("Γαια", MembershipRole.CONTRIBUTOR), ("Δαφνη", MembershipRole.SIGNATORY)):
        signed_in.submit("/organisation/invite", {"name": name, "email": f"{role}@example.org", "role": role.value})
    page = shows_nothing_else(signed_in.get("/organisation"))
    waiting = session.scalars(select(ColleagueInvitation.id).where(ColleagueInvitation.name == "Γαια")).one()
    action = f"/organisation/invitations/{waiting}/withdraw"
    follow(signed_in, signed_in.post(action, page.hidden(action)))


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("/account/password", {}),
        ("/account/password", {"password": "x"}),
        ("/account/password", {"password": "x" * 201}),
        ("/account/password", {"password": "aaaaaaaaaaaa"}),
        ("/account/password", {"password": "the flag of anna"}),
        ("/account/authenticator", {}),
        ("/account/authenticator", {"code": "x"}),
        ("/account/authenticator", {"code": "000000"}),
        ("/organisation/details", {"name": "", "ods_code": "?"}),
        ("/organisation/invite", {}),
        ("/organisation/invite", {"name": "Βασω", "email": "vaso@example.org", "role": "signatory"}),
    ],
)
def test_what_is_wrong_with_forms_of_somebody_signed_in(signed_in: Client, url: str, typed: dict[str, str]) -> None:
    shows_nothing_else(signed_in.submit(url, typed, status=422))


def test_changing_how_one_signs_in(
    signed_in: Client, database: Database, settings: Settings, session: Session, anna: Person
) -> None:
    follow(signed_in, signed_in.submit("/account/password", {"password": people.PASSWORD}))
    secret = codes.new_secret()
    session.execute(update(Person).where(Person.id == anna.id).values(totp_secret=secret))
    session.commit()
    session.refresh(anna)
    signed_in.sign_out()
    signed_in.sign_in(anna)
    shows_nothing_else(signed_in.get("/account"))
    shows_nothing_else(signed_in.submit("/account/authenticator/remove", {"code": "000000"}, status=422))
    follow(signed_in, signed_in.submit("/account/authenticator/remove", {"code": people.code_of(anna)}))
    assert mails_but_for_links(session) == []


def test_a_browser_that_has_not_shown_lately_who_it_is(signed_in: Client, session: Session) -> None:
    session.execute(update(SignedInSession).values(confirmed_at=func.clock_timestamp() - timedelta(minutes=31)))
    session.commit()
    page = shows_nothing_else(signed_in.get("/account/password"))
    follow(signed_in, signed_in.post("/account/confirm", page.hidden("/account/confirm")))


def test_giving_a_code(reader: Client, session: Session, anna: Person) -> None:
    anna.totp_secret = codes.new_secret()
    session.commit()
    reader.sign_in(anna, second_factor=False)
    shows_nothing_else(reader.get("/sign-in/code"))
    shows_nothing_else(reader.submit("/sign-in/code", {"code": people.wrong_code(anna)}, status=422))


def test_signing_out(signed_in: Client) -> None:
    page = signed_in.get("/privacy")
    follow(signed_in, signed_in.post("/sign-out", page.hidden("/sign-out")))


def test_a_form_of_somebody_who_was_signed_out(signed_in: Client, session: Session) -> None:
    hidden: Any = signed_in.get("/organisation/invite").hidden()
    session.execute(update(SignedInSession).values(expires_at=func.clock_timestamp()))
    session.commit()
    form = {**hidden.to_dict(), "name": "Γαια"}
    same = {"Sec-Fetch-Site": "same-origin"}
    shows_nothing_else(signed_in.post("/organisation/invite", form, status=403, headers=same))


def test_too_much_to_send(reader: Client) -> None:
    shows_nothing_else(reader.post("/sign-in", {"email": "α" * 1_500_000}, status=413))


def mails_but_for_links(session: Session) -> list[str]:
    """The words of every e-mail that came from no catalogue; a sent one keeps no link."""
    session.rollback()
    mails = session.scalars(select(MailMessage).order_by(MailMessage.created_at)).all()
    assert mails
    return [word for mail in mails for word in latin_words(f"{mail.subject}\n{mail.body}")]


def membership_of(session: Session, name: str) -> Membership:
    return session.scalars(select(Membership).join(Membership.person).where(Person.name == name)).one()
