"""An erased account leaves nothing of the person, and every record of its organisation as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import Settings
from tests import all_rows, factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.accounts import actions as sign_in
from webapp.accounts.codes import new_secret
from webapp.audit import broken_links
from webapp.cli import cli
from webapp.db import Database
from webapp.mail import Mail, send
from webapp.models import (
    Answer,
    ColleagueInvitation,
    Identity,
    InterestLevel,
    Invitation,
    MailMessage,
    Membership,
    MembershipRole,
    Passkey,
    PasskeyChallenge,
    Person,
    ProviderKind,
    ProviderSize,
    Registration,
    Reminder,
    ReminderKind,
    ReminderStop,
    Response,
    Submission,
)

NAME, EMAIL = "Zephyrine Quillfeather", "zephyrine@quill.example"
NAME_BEFORE = "Zephyrine Quillfeather-Ink"  # which begins with the other
ERASE = "/account/erase"
SOON = timedelta(hours=1)


@pytest.fixture
def person(session: Session) -> Person:
    """A signatory with a colleague who is one too, and with something of everything."""
    someone = factories.provider_person(session, name=NAME, email=EMAIL, former_names=[NAME_BEFORE, "A"])
    organisation = someone.memberships[0].organisation
    colleague = factories.provider_person(session, organisation, name="Colleague")
    response = answer(session, someone)
    sign_in.set_password(session, person=someone, password=people.PASSWORD, actor=None)
    now = datetime.now(UTC)
    about = {"engagement_id": response.engagement_id, "person_id": someone.id}
    session.add_all(
        [
            Passkey(person_id=someone.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0),
            PasskeyChallenge(token_digest="a", challenge=b"b", person_id=someone.id, expires_at=now + SOON),
            Identity(person_id=someone.id, issuer="https://id.example", subject="ann"),
            Invitation(organisation_id=organisation.id, email=EMAIL, name=NAME, **about),
            Reminder(organisation_id=organisation.id, kind=ReminderKind.DRAFT_HALF_WAY, token_digest="c", **about),
            ReminderStop(**about),
            ColleagueInvitation(
                organisation_id=organisation.id,
                invited_by=someone.id,
                name="Ivo",
                email="ivo@invited.example",
                role=MembershipRole.SIGNATORY,
                expires_at=now + SOON,
            ),
            ColleagueInvitation(
                organisation_id=factories.provider(session).id,
                invited_by=colleague.id,
                name=NAME,
                email=EMAIL.upper(),
                role=MembershipRole.SIGNATORY,
                expires_at=now + SOON,
            ),
            Registration(
                organisation_name="Another",
                provider_kind=ProviderKind.CHARITY,
                size=ProviderSize.SMALL,
                vcse=True,
                person_name=NAME,
                email=EMAIL,
                expires_at=now + SOON,
            ),
        ]
    )
    send(session, recipient=EMAIL, mail=Mail("Waiting", f"Hello {NAME}"))
    told = f"{NAME} asks you to submit, as {NAME_BEFORE} did: An Answer A"
    send(session, recipient=colleague.email, mail=Mail(f"{NAME} asks", told))
    session.commit()
    return someone


def answer(session: Session, by: Person) -> Response:
    """A response to an open engagement, submitted."""
    about = factories.engagement(session)
    response = factories.response(session, about, by)
    factories.draft(session, response, "organisation", {"legal_name": "Quill Health"})
    made = factories.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in factories.lots_of(about)})
    question = response.version.sections[0].questions[0]
    session.add(Answer(submission_id=made.id, question_id=question.id, value="Quill Health"))
    factories.clarification(session, about, by)
    session.flush()
    return response


@pytest.fixture
def confirmed(client: Client, session: Session, person: Person) -> Client:
    client.submit(people.link_for(session, person))
    return client


def rows_with(connection: Connection, words: str) -> list[str]:
    """The tables that hold the words, in any column of any row."""
    found = []
    for table in all_rows.tables(connection):
        query = text(f'SELECT count(*) FROM "{table}" entry WHERE entry::text ILIKE :words')  # noqa: S608
        if connection.scalar(query, {"words": f"%{words}%"}):
            found.append(table)
    return sorted(found)


def test_nothing_of_the_person_is_left_in_any_table(
    confirmed: Client, database: Database, settings: Settings, person: Person
) -> None:
    with database.engine.connect() as connection:
        before = rows_with(connection, EMAIL) + rows_with(connection, NAME)
    assert {"person", "mail_message", "registration", "colleague_invitation"} <= set(before)
    assert confirmed.submit(ERASE).location == "/account/erased"
    assert "Your account is erased" in confirmed.get("/account/erased").text
    people.work(database, settings)
    with database.engine.connect() as connection:
        for words in (EMAIL, EMAIL.partition("@")[0], NAME, NAME.split()[1], "-Ink"):
            assert rows_with(connection, words) == []
        failed = connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))
    assert failed == 0


def test_who_asks_by_letter_is_erased_on_the_server_as_much(
    session: Session, database: Database, database_url: str, person: Person
) -> None:
    alone, officer = factories.provider_person(session), people.officer(session)
    answer(session, alone)
    session.commit()
    run = partial(CliRunner().invoke, cli, env={"DATABASE_URL": database_url})
    assert "nobody has the address" in run(["erase-account", "nobody@example.org"]).output
    assert "only signatory" in run(["erase-account", "--yes", alone.email]).output
    assert "record keeps the name" in run(["erase-account", "--yes", officer.email]).output
    assert run(["erase-account", "--yes", EMAIL.upper()]).output == "The account is erased\n"
    with database.engine.connect() as connection:
        assert rows_with(connection, EMAIL) + rows_with(connection, NAME) == []
    assert broken_links(session) == []
    assert people.acts(session)[-2:] == ["organisation.left", "person.erased"]


def test_who_is_erased_on_the_server_is_named_first(session: Session, database_url: str, person: Person) -> None:
    place = person.memberships[0].organisation.name
    erase = partial(CliRunner().invoke, cli, ["erase-account", EMAIL], env={"DATABASE_URL": database_url})
    for answered in ("", "n\n"):
        asked = erase(input=answered)
        assert f"Erase the account of {NAME} ({place}), at once and for good?" in asked.output
        assert asked.exit_code == 1
    session.expire_all()
    assert person.email == EMAIL
    assert "The account is erased" in erase(input="y\n").output
    session.expire_all()
    assert person.email != EMAIL


def test_its_keys_places_and_messages_are_gone(confirmed: Client, session: Session, person: Person) -> None:
    confirmed.submit(ERASE)
    session.rollback()
    for table in (Passkey, PasskeyChallenge, Identity, Reminder, ReminderStop, Registration, ColleagueInvitation):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    session.refresh(person)
    assert (person.name, person.password_hash, person.totp_secret) == ("Name erased", None, None)
    assert person.email.endswith("@erased.invalid")
    assert session.scalars(select(Membership).where(Membership.person_id == person.id)).all() == []
    mail = session.scalars(select(MailMessage)).one()
    assert (mail.subject, mail.body) == (
        "Name erased asks",
        "Name erased asks you to submit, as Name erased did: An Answer A",
    )


def test_records_stay_sealed_and_name_nobody(confirmed: Client, session: Session, person: Person) -> None:
    before = session.execute(text("SELECT id, hash FROM audit_event ORDER BY id")).all()
    submission = session.scalars(select(Submission)).one()
    was = {column: getattr(submission, column) for column in ("id", "reference", "submitted_at", "submitted_by")}
    confirmed.submit(ERASE)
    session.rollback()
    after = session.execute(text("SELECT id, hash FROM audit_event ORDER BY id")).all()
    assert after[: len(before)] == before
    assert broken_links(session) == []
    assert people.acts(session)[-2:] == ["organisation.left", "person.erased"]
    session.refresh(submission)
    assert {column: getattr(submission, column) for column in was} == was
    assert submission.submitter.name == "Name erased"
    assert session.scalars(select(Answer.value)).all() == ["Quill Health"]
    for statement in ("UPDATE submission SET submitted_at = now()", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            session.execute(text(statement))
        session.rollback()


def test_nobody_comes_in_by_it_any_more(client: Client, session: Session, confirmed: Client, person: Person) -> None:
    link = people.link_for(session, person)
    confirmed.submit(ERASE)
    confirmed.get("/account", status=302)
    client.sign_out()
    client.get(link, status=404)
    client.submit("/sign-in", {"email": EMAIL, "password": people.PASSWORD}, status=422)
    client.submit("/sign-in/link", {"email": EMAIL})


def test_no_message_is_written_to_an_erased_address(session: Session, confirmed: Client, person: Person) -> None:
    confirmed.submit(ERASE)
    session.refresh(person)
    send(session, recipient=person.email, mail=Mail("An answer", "to your question"))
    assert people.mail_to(session, person.email) == []


def test_a_message_that_is_erased_before_it_leaves_ends_its_job(
    session: Session, database: Database, settings: Settings, confirmed: Client
) -> None:
    confirmed.submit(ERASE)
    people.work(database, settings)
    assert "mail.failed" not in people.acts(session)
    states = session.execute(text("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'mail.deliver'"))
    assert set(states.scalars()) == {"succeeded"}


def test_only_a_person_who_has_just_shown_who_it_is(client: Client, session: Session, person: Person) -> None:
    client.sign_in(person)
    assert "Confirm that it is you" in client.get(ERASE).text
    client.post(ERASE, client.get("/account").hidden(), status=403)
    session.refresh(person)
    assert person.name == NAME


def test_the_only_signatory_of_a_live_response_is_told_what_to_do_first(client: Client, session: Session) -> None:
    alone = factories.provider_person(session, name=NAME)
    response = answer(session, alone)
    session.commit()
    client.submit(people.link_for(session, alone))
    page = client.get(ERASE)
    assert "make a colleague a signatory" in page.text
    assert page.links()[response.engagement.title] == f"/responses/{response.id}"
    assert "Erase my account" not in page.buttons()
    client.post(ERASE, client.get("/account").hidden(), status=200)
    session.refresh(alone)
    assert alone.name == NAME
    response.current_submission_id = None
    response.withdrawn_at = datetime.now(UTC)
    session.commit()
    assert client.submit(ERASE).location == "/account/erased"


def test_a_response_to_a_closed_engagement_holds_nobody_back(client: Client, session: Session) -> None:
    alone = factories.provider_person(session)
    response = answer(session, alone)
    now = datetime.now(UTC)
    response.engagement.opens_at, response.engagement.closes_at = now - timedelta(days=9), now - timedelta(days=1)
    session.commit()
    client.submit(people.link_for(session, alone))
    assert client.submit(ERASE).location == "/account/erased"


def test_an_officers_name_stays_in_the_record(client: Client, session: Session) -> None:
    officer = people.officer(session, name=NAME)
    client.submit(people.link_for(session, officer))
    client.submit("/sign-in/code", {"code": people.code_of(officer)})
    assert ERASE not in client.get("/account").links().values()
    assert "part of its record" in client.get(ERASE).text
    client.post(ERASE, client.get("/account").hidden(), status=200)
    session.refresh(officer)
    assert officer.name == NAME


def test_an_app_is_asked_for_its_code_before_anything_is_erased(client: Client, session: Session) -> None:
    someone = factories.provider_person(session, totp_secret=new_secret())
    session.commit()
    client.submit(people.link_for(session, someone))
    assert client.get(ERASE, status=302).location.startswith("/sign-in/code")


def test_colleagues_see_that_somebody_submitted(client: Client, session: Session, person: Person) -> None:
    colleague = session.scalars(select(Person).where(Person.name == "Colleague")).one()
    client.submit(people.link_for(session, person))
    client.submit(ERASE)
    client.sign_in(colleague)
    submission = session.scalars(select(Submission)).one()
    for url in ("/organisation", f"/responses/{submission.response_id}", "/account/data.json"):
        assert NAME not in client.get(url).html
