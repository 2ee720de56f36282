"""Signing in by a one-time link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.job_queue import job_states
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts.jobs import mail_link
from webapp.accounts.throttle import LINK_TO_EMAIL
from webapp.db import Database
from webapp.mail import ONE_TIME_LINK
from webapp.models import MailMessage, Person, SignedInSession, SignInLink


@pytest.fixture
def person(session: Session) -> Person:
    someone = factories.provider_person(session, factories.provider(session, name="Northern Care"), name="Ann O'Neill")
    session.commit()
    return someone


def sessions(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(SignedInSession)) or 0


def test_opening_a_link_changes_nothing_and_confirming_it_signs_in(
    client: Client, session: Session, person: Person
) -> None:
    link = people.link_for(session, person)
    for _ in range(3):  # mail scanners and browsers look ahead
        page = client.get(link)
    assert page.html.count("Sign in as Ann O&#39;Neill for Northern Care") == 2
    assert sessions(session) == 0
    assert client.submit(link).location == "/responses"
    assert person.name in client.get("/sign-in").text


def test_a_link_leads_to_its_destination(client: Client, session: Session, person: Person) -> None:
    link = people.link_for(session, person, destination="/responses?from=mail")
    assert client.submit(link).location == "/responses?from=mail"


def test_a_link_never_leads_elsewhere(client: Client, session: Session, person: Person) -> None:
    link = people.link_for(session, person, destination="//evil.example")
    assert client.submit(link).response.location == "/responses"


def test_used_expired_and_unknown_links_are_answered_alike(
    app: Flask, database: Database, session: Session, person: Person
) -> None:
    used = people.link_for(session, person)
    expired = people.link_for(session, person, life=timedelta(seconds=-1))
    with Client(app, database) as owner:
        form = owner.get(used).hidden()
        owner.post(used, form)
    with Client(app, database) as finder:
        form = finder.get("/sign-in").hidden()
        urls = (used, expired, f"{ONE_TIME_LINK}{'A' * 43}", f"{ONE_TIME_LINK}%00", f"{ONE_TIME_LINK}🦩")
        pages = {people.unvarying(finder.get(url, status=404)) for url in urls}
        pages |= {people.unvarying(finder.post(url, form, status=404)) for url in urls}
    assert len(pages) == 1
    assert "This link no longer works" in pages.pop()
    assert sessions(session) == 1


def test_the_page_of_a_dead_link_offers_a_new_one(client: Client) -> None:
    page = client.get(f"{ONE_TIME_LINK}unknown", status=404)
    assert page.links()["Get a new link"] == "/sign-in/link"
    assert "You are signed in already" not in page.text


def test_somebody_signed_in_who_opens_a_used_link_is_led_on(client: Client, session: Session, person: Person) -> None:
    link = people.link_for(session, person)
    client.submit(link)
    assert client.get(link, status=404).links()["Continue where you were"] == "/responses"


def test_a_used_link_still_leads_to_what_it_was_for(client: Client, session: Session, person: Person) -> None:
    link = f"{people.link_for(session, person, destination='/engagements')}?next=/engagements"
    client.submit(link)
    assert client.get(link, status=404).links()["Continue where you were"] == "/engagements"
    client.sign_out()
    assert client.get(link, status=404).links()["Get a new link"] == "/sign-in/link?next=/engagements"
    elsewhere = client.get(link.replace("/engagements", "//evil.example"), status=404)
    assert elsewhere.links()["Get a new link"] == "/sign-in/link"


def test_of_browsers_that_confirm_one_link_at_once_one_is_signed_in(
    app: Flask, session: Session, person: Person
) -> None:
    link = people.link_for(session, person)
    answers = people.at_once(app, link, {}, cookies=[None] * 6)
    assert sorted(answer.status_code for answer in answers) == [302] + [404] * 5
    assert sessions(session) == 1


def test_a_link_for_somebody_else_replaces_who_is_signed_in(client: Client, session: Session, person: Person) -> None:
    other = factories.provider_person(session)
    session.commit()
    client.sign_in(other)
    client.submit(people.link_for(session, person))
    assert sessions(session) == 1
    assert person.name in client.get("/sign-in").text


def test_only_a_digest_of_the_token_is_kept(session: Session, person: Person) -> None:
    token = people.link_for(session, person).removeprefix(ONE_TIME_LINK)
    row = session.scalars(select(SignInLink)).one()
    assert len(token) >= 43
    assert token not in str(vars(row))


def test_the_paths_of_links_begin_as_the_mail_expects(app: Flask) -> None:
    with app.test_request_context():
        assert url_for("accounts.use_link", token="T") == f"{ONE_TIME_LINK}T"


def test_asking_gets_one_answer_and_costs_the_same_whether_the_address_is_known_or_not(
    client: Client, session: Session, person: Person
) -> None:
    known, unknown = (client.submit("/sign-in/link", {"email": email}) for email in (person.email, "no@example.org"))
    assert known.location == unknown.location == "/sign-in/link/sent"
    assert known.statements == unknown.statements
    assert "If that address is known to us, we have sent a link to it" in client.get(known.location).text
    assert [state.args["person_id"] for state in job_states(session)] == [str(person.id), None]


def test_a_link_is_mailed_to_a_known_address_only_and_works(
    client: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    client.submit("/sign-in/link?next=/responses?page=2", {"email": person.email.upper()})
    client.submit("/sign-in/link", {"email": "no@example.org"})
    people.work(database, settings)
    mail = session.scalars(select(MailMessage)).one()
    assert mail.recipient == person.email
    link = next(line for line in mail.body.splitlines() if ONE_TIME_LINK in line)
    assert link.startswith("http://localhost/sign-in/link/")
    assert link.endswith("?next=/responses%3Fpage%3D2")
    assert client.submit(link.removeprefix("http://localhost")).location == "/responses?page=2"


def test_the_job_that_mails_a_link_does_so_once(
    client: Client, session: Session, database: Database, settings: Settings, person: Person
) -> None:
    client.submit("/sign-in/link", {"email": person.email})
    session.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded'"))  # by another worker
    session.commit()
    (state,) = job_states(session)
    context = people.job_context(database, settings, state.id)
    with pytest.raises(Exception, match="Job was not found or not in"):
        mail_link(context, **state.args)
    assert session.scalar(select(func.count()).select_from(MailMessage)) == 0


def test_links_asked_for_one_address_are_limited_known_or_not(client: Client, person: Person) -> None:
    people.stay_in_one_window()
    for email in (person.email, "no@example.org"):
        for _ in range(LINK_TO_EMAIL.tries):
            client.submit("/sign-in/link", {"email": email})
        page = client.submit("/sign-in/link", {"email": email}, status=429)
        assert "Try again at" in page.text
        assert "a link was sent to it each time" in page.text


def test_what_links_cost(client: Client, session: Session, person: Person) -> None:
    link = people.link_for(session, person)
    assert len(client.get(link).statements) <= 3
    form = client.get(link).hidden()
    assert len(client.post(link, form).statements) <= 8
    assert len(client.submit("/sign-in/link", {"email": person.email}).statements) <= 6
