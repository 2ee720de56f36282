"""Registering an organisation, which tells a stranger nothing of who is registered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts.organisations.mails import JOINING_LINK, PAGE_FOR_A_LINK, REGISTRATION_LINK
from webapp.accounts.throttle import REGISTER_WITH_EMAIL
from webapp.db import Database
from webapp.mail import ONE_TIME_LINK
from webapp.models import (
    MailMessage,
    Membership,
    MembershipRole,
    Organisation,
    Person,
    Registration,
    SignedInSession,
)

EMAIL = "nia@newcomer.example"
FILLED = {
    "name": "Newcomer Health",
    "provider_kind": "charity",
    "size": "medium",
    "vcse": "yes",
    "companies_house_number": "",
    "charity_number": "1089464",
    "ods_code": "",
    "cqc_provider_id": "",
    "person_name": "Nia Newcomer",
    "email": EMAIL,
}


def rows(session: Session, *models: type) -> tuple[int, ...]:
    session.rollback()
    return tuple(session.scalar(select(func.count()).select_from(model)) or 0 for model in models)


def register(client: Client, address: str = "/register", **given: str) -> Page:
    return client.submit(address, {**FILLED, **given})


def link_for(client: Client, session: Session, database: Database, settings: Settings, **given: str) -> str:
    """Register, at another `address` with its way on, have the mail sent, and return the link in it."""
    register(client, **given)
    people.work(database, settings)
    return people.link_in(people.mail_to(session, given.get("email", EMAIL))[-1])


def test_an_organisation_is_registered_by_its_link_and_by_nothing_before(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    link = link_for(client, session, database, settings)
    text = client.get(link).text
    assert "Newcomer Health" in text
    assert "Nia Newcomer" in text
    assert "SME Yes" in text
    assert rows(session, Organisation, Person, SignedInSession) == (0, 0, 0)
    assert client.submit(link).location == "/organisation"
    page = client.get("/organisation")
    assert "Newcomer Health" in page.text
    assert "1089464" in page.text
    assert "Nia Newcomer (you)" in page.text
    assert "Signatory" in page.text
    organisation = session.scalars(select(Organisation)).one()
    assert (organisation.is_sme, organisation.vcse, organisation.numbers_contested) == (True, True, False)
    assert people.acts(session) == ["organisation.registered", "person.signed_in"]


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/engagements?page=2", "/engagements?page=2"),
        ("https://evil.example/", "/organisation"),
        ("//evil.example", "/organisation"),
    ],
)
def test_the_page_that_a_newcomer_came_from_is_found_again(
    client: Client, session: Session, database: Database, settings: Settings, wanted: str, reached: str
) -> None:
    link = link_for(client, session, database, settings, address=f"/register?{urlencode({'next': wanted})}")
    assert "evil" not in link
    assert client.submit(link).location == reached


def test_one_of_many_browsers_that_confirm_at_once_registers(
    app: Flask, client: Client, session: Session, database: Database, settings: Settings
) -> None:
    link = link_for(client, session, database, settings)
    answers = people.at_once(app, link, {}, cookies=[None] * 4)
    assert sorted(answer.status_code for answer in answers) == [302, 404, 404, 404]
    assert rows(session, Organisation, Person, Registration) == (1, 1, 0)


def test_known_and_unknown_addresses_and_numbers_get_one_answer_at_one_cost(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    known = factories.provider_person(session, factories.provider(session, charity_number="1089464"))
    session.commit()
    cases = (
        {"email": "unknown@example.org", "charity_number": "219279"},
        {"email": known.email, "charity_number": "219279"},
        {"email": known.email.upper(), "charity_number": ""},
        {"email": "another@example.org", "charity_number": "1089464"},
    )
    answers = []
    for case in cases:
        answer = register(client, **case)
        page = client.get(answer.location)
        answers.append((answer.location, tuple(answer.statements), people.unvarying(page)))
    assert len(set(answers)) == 1
    people.work(database, settings)
    mails = session.scalars(select(MailMessage)).all()
    assert sorted(mail.recipient.lower() for mail in mails) == sorted(case["email"].lower() for case in cases)


def test_only_the_owner_of_a_known_address_learns_that_it_is_known(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    known = factories.officer(session)
    session.commit()
    register(client, email=known.email)
    people.work(database, settings)
    [mail] = people.mail_to(session, known.email)
    assert mail.subject == "You already use Soundings"
    assert "http://localhost/sign-in/link\n" in mail.body
    assert rows(session, Registration, Organisation) == (0, 1)


def test_a_stranger_who_gives_anothers_number_sees_what_everybody_sees(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    holder = factories.provider_person(session, factories.provider(session, charity_number="1089464"))
    session.commit()
    seen = []
    for email, number in (("nia@newcomer.example", "219279"), ("zoe@newcomer.example", "1089464")):
        link = link_for(client, session, database, settings, email=email, charity_number=number)
        answer = client.submit(link)
        page = client.get("/organisation").html.replace(number, "NUMBER").replace(email, "EMAIL")
        mail = people.mail_to(session, email)[-1].body.replace(link, "LINK").split("\n\nIt works once")[0]
        seen.append((answer.location, len(answer.statements), len(page), mail))
        client.sign_out()
    assert seen[0] == seen[1]
    contested = session.scalars(select(Organisation).where(Organisation.numbers_contested)).one()
    assert contested.charity_number == "1089464"
    people.work(database, settings)
    [told] = people.mail_to(session, holder.email)
    assert told.subject == "Somebody gave your organisation’s number"
    assert "Newcomer" not in told.body


def test_of_two_that_give_one_number_at_once_one_holds_it(
    app: Flask, client: Client, session: Session, database: Database, settings: Settings
) -> None:
    links = [link_for(client, session, database, settings, email=email) for email in ("a@example.org", "b@example.org")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda link: people.at_once(app, link, {}, cookies=[None])[0].status_code, links))
    assert answers == [302, 302]
    held = session.scalars(select(Organisation.numbers_contested).order_by(Organisation.numbers_contested)).all()
    assert held == [False, True]


def test_somebody_who_acts_for_nobody_any_more_registers_as_the_same_person(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    session.add(Person(name="Nia Known", email=EMAIL.upper()))
    session.commit()
    client.submit(link_for(client, session, database, settings))
    membership = session.scalars(select(Membership)).one()
    assert (membership.person.name, membership.role) == ("Nia Known", MembershipRole.SIGNATORY)


def test_a_link_is_of_no_use_to_somebody_who_joined_elsewhere_meanwhile(
    client: Client, session: Session, database: Database, settings: Settings
) -> None:
    link = link_for(client, session, database, settings)
    form = client.get(link).hidden()
    factories.provider_person(session, email=EMAIL)
    session.commit()
    client.post(link, form, status=404)
    assert rows(session, Organisation) == (1,)


@pytest.mark.parametrize("prefix", [REGISTRATION_LINK, JOINING_LINK])
def test_used_expired_and_unknown_links_are_answered_alike(
    client: Client, session: Session, database: Database, settings: Settings, prefix: str
) -> None:
    link = link_for(client, session, database, settings)
    expired = link_for(client, session, database, settings, email="late@example.org")
    session.execute(
        update(Registration)
        .where(Registration.email == "late@example.org")
        .values(expires_at=func.clock_timestamp() - timedelta(seconds=1))
    )
    session.commit()
    client.submit(link)
    there = client.get(f"{link}?next=/engagements", status=404)
    assert there.links()["Continue where you were"] == "/engagements"  # she is signed in
    client.sign_out()
    assert "next=/engagements" in client.get(f"{link}?next=/engagements", status=404).links()["sign in"]
    urls = (link, expired, f"{prefix}{'A' * 43}", f"{prefix}%00", f"{prefix}🦩")
    assert len({people.unvarying(client.get(url, status=404)) for url in urls}) == 1


def test_what_was_typed_is_forgotten_when_its_time_is_over(client: Client, session: Session) -> None:
    register(client)
    session.execute(update(Registration).values(expires_at=func.clock_timestamp() - timedelta(seconds=1)))
    session.commit()
    register(client, email="other@example.org")
    assert session.scalars(select(Registration.email)).all() == ["other@example.org"]


def test_one_address_is_mailed_only_so_often(client: Client, session: Session) -> None:
    people.stay_in_one_window()
    for _ in range(REGISTER_WITH_EMAIL.tries):
        register(client)
    client.submit("/register", FILLED, status=429)
    assert rows(session, Registration) == (REGISTER_WITH_EMAIL.tries,)


def test_blanks_and_malformed_numbers_are_explained_and_what_was_typed_is_kept(client: Client) -> None:
    wrong = {"name": "", "size": "", "charity_number": "12", "email": "nobody", "cqc_provider_id": "1-1"}
    page = client.submit("/register", {**FILLED, **wrong}, status=422)
    for message in (
        "Enter the name of your organisation",
        "Choose the size of your organisation",
        "Charity number must be like 1234567",
        "CQC provider ID must be 1, a hyphen and 8 to 12 numbers",
        "Enter an email address in the correct format",
    ):
        assert message in page.text
    assert 'value="12"' in page.html
    for disguised in ("\u0391corn", "\u0420\u0410\u0421\u0415"):  # with a Greek A; in Cyrillic letters alone
        page = client.submit("/register", {**FILLED, "name": f"{disguised} Care"}, status=422)
        assert f"“{disguised}” has letters of another alphabet" in page.text
    assert 'value="Nia Newcomer"' in page.html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "אבג \u200f(1)", "😀" * 50])
def test_strange_names_are_kept_and_shown_as_text_and_never_mailed(
    client: Client, session: Session, database: Database, settings: Settings, text: str
) -> None:
    link = link_for(client, session, database, settings, name=text, person_name=text)
    assert text in client.get(link).text
    client.submit(link)
    assert text in client.get("/organisation").text
    assert all(text not in mail.subject + mail.body for mail in people.mail_to(session, EMAIL))


@pytest.mark.parametrize(
    "given",
    [
        {"name": "a\x00b"},
        {"name": "a\u202eb"},
        {"person_name": "a\u200bb"},
        {"name": "x" * 201},
        {"email": "a@b.example\r\nBcc: c@d.example"},
    ],
)
def test_text_that_cannot_be_kept_is_refused(client: Client, session: Session, given: dict[str, str]) -> None:
    client.submit("/register", {**FILLED, **given}, status=422)
    assert rows(session, Registration) == (0,)


def test_only_a_digest_of_the_token_is_kept_and_mail_knows_the_links(
    app: Flask, client: Client, session: Session, database: Database, settings: Settings
) -> None:
    token = link_for(client, session, database, settings).removeprefix(REGISTRATION_LINK)
    session.rollback()
    assert token not in str(vars(session.scalars(select(Registration)).one()))
    assert REGISTRATION_LINK.startswith(ONE_TIME_LINK)
    assert JOINING_LINK.startswith(ONE_TIME_LINK)
    with app.test_request_context():
        assert url_for("organisations.confirm_registration", registration_token="T") == f"{REGISTRATION_LINK}T"
        assert url_for("organisations.join", invitation_token="T") == f"{JOINING_LINK}T"
        assert url_for("accounts.ask_for_link") == PAGE_FOR_A_LINK
        assert url_for("organisations.show") == "/organisation"
