"""Questions asked in confidence and answered to everybody, and the asker's name nowhere but with the officers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.locks import PATIENCE, wait_until_blocked
from webapp.audit import Actor
from webapp.db import Database
from webapp.engagements.clarifications import actions
from webapp.engagements.mails import Addresses
from webapp.models import AuditEvent, Clarification, Engagement, Invitation, MailMessage, Organisation, Person

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} \u202eabc\r\nSubject: x\n\n‘ 😀  "


@pytest.fixture
def asker(session: Session) -> Person:
    acme = factories.provider(session, name="Zebedee Health Ltd")
    someone = factories.provider_person(session, acme, name="Quentin Xylander", email="q.x@zebedee-health.example")
    session.commit()
    return someone


def asking(engagement: Engagement) -> str:
    return f"/engagements/{engagement.id}/questions"


def answering(clarification: Clarification) -> str:
    return f"/manage/engagements/{clarification.engagement_id}/questions/{clarification.id}"


def values(page: Page, name: str) -> list[str]:
    return [control.get("value") for control in page.tree.iter("input") if control.get("name") == name]


# Asking


def test_a_provider_asks_and_sees_what_became_of_it(
    session: Session, engagement: Engagement, asker: Person, client: Client
) -> None:
    client.sign_in(asker)
    page = client.get(f"/engagements/{engagement.id}")
    assert page.links()["Ask a question"] == asking(engagement)
    lot = factories.lots_of(engagement)[1]
    page = client.submit(asking(engagement), {"question": "Who pays for escorts?", "lot_id": str(lot.id)})
    assert len(page.statements) <= 12
    asked = session.scalars(select(Clarification)).one()
    assert (asked.asked_by, asked.lot_id, asked.question) == (asker.id, lot.id, "Who pays for escorts?")
    assert asked.organisation_id == asker.memberships[0].organisation_id
    page = client.get(page.location)
    assert "Waiting for an answer" in page.text
    own = client.get(page.links()["Who pays for escorts?"])
    assert "As Quentin Xylander asked it" in own.text
    assert len(page.statements) <= 8
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "clarification.asked")).one()
    assert (event.subject_id, event.person_id, event.organisation_id) == (asked.id, asker.id, asked.organisation_id)
    assert "escorts" not in str(event.detail)


def test_a_question_is_kept_character_for_character_and_shown_as_text(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    client.sign_in(asker)
    client.submit(asking(engagement), {"question": HOSTILE})
    asked = session.scalars(select(Clarification)).one()
    assert asked.question == HOSTILE
    pages = [client.get(asking(engagement)), client.get(f"{asking(engagement)}/{asked.id}")]
    client.sign_in(officer)
    pages += [client.get(answering(asked)), client.get(f"/manage/engagements/{engagement.id}")]
    client.submit(answering(asked), {"question": HOSTILE, "answer": HOSTILE})
    pages += [client.get(f"/engagements/{engagement.id}"), client.get(answering(asked))]
    session.refresh(asked)
    assert (asked.published_question, asked.answer) == (HOSTILE, HOSTILE)
    for page in pages:
        assert "<script>alert" not in page.html
        assert "{{ 7 * 7 }}" in page.text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"question": "  "}, "Enter your question"),
        ({"question": "word " * 501}, "Your question must be 500 words or fewer"),
        ({"question": "a\x00b"}, "contains a character that cannot be kept"),
        ({"question": "Why?", "lot_id": str(uuid.uuid4())}, "The lot: choose one of the options shown"),
        ({"question": "Why?", "nonce": "x"}, "Reload the page and ask again"),
    ],
)
def test_a_wrong_question_is_given_back(
    session: Session, engagement: Engagement, asker: Person, client: Client, given: dict[str, str], message: str
) -> None:
    client.sign_in(asker)
    page = client.submit(asking(engagement), given, status=422)
    assert message in page.text
    assert given["question"].replace("\x00", "\N{REPLACEMENT CHARACTER}").strip() in page.text
    assert session.scalars(select(Clarification)).all() == []


def test_the_same_form_sent_again_asks_once_even_after_the_deadline(
    session: Session, engagement: Engagement, asker: Person, client: Client
) -> None:
    client.sign_in(asker)
    form = client.get(asking(engagement)).hidden()
    form["question"] = "Who pays?"
    client.post(asking(engagement), form)
    engagement.closes_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    client.post(asking(engagement), form)
    assert factories.count_of(session, Clarification) == 1
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.act == "clarification.asked")).all()) == 1


def test_a_late_question_is_refused_by_the_database_clock_and_given_back(
    session: Session, engagement: Engagement, asker: Person, client: Client
) -> None:
    client.sign_in(asker)
    form = client.get(asking(engagement)).hidden()
    form["question"] = "Is it too late?"
    engagement.questions_close_at = datetime.now(UTC) - timedelta(minutes=3, seconds=10)
    session.commit()
    page = client.post(asking(engagement), form, status=409)
    assert "Your question arrived 3 minutes too late and was not sent." in page.text
    assert "Is it too late?" in page.text
    assert engagement.contact_email in page.text
    assert session.scalars(select(Clarification)).all() == []
    page = client.get(asking(engagement))
    assert "Questions could be asked until" in page.text
    assert "Send your question" not in page.buttons()
    assert "Ask a question" not in client.get(f"/engagements/{engagement.id}").links()


@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (1, False)])
def test_the_deadline_itself_is_in_time(
    session: Session, engagement: Engagement, asker: Person, seconds: int, taken: bool
) -> None:
    engagement.questions_close_at = deadline = engagement.closes_at - timedelta(days=1)
    session.commit()
    actor = Actor(asker.id, asker.name, asker.email, uuid.uuid4(), True, True, ())

    def ask() -> Clarification:
        return actions.ask(
            session,
            engagement=engagement,
            asking=actions.Asking(question="Why?", lot_id=None, nonce=uuid.uuid4()),
            organisation_id=asker.memberships[0].organisation_id,
            actor=actor,
            now=deadline + timedelta(seconds=seconds),
        )

    if taken:
        assert ask().asked_at == deadline
    else:
        with pytest.raises(actions.QuestionsClosedError):
            ask()


def test_a_question_can_be_asked_before_the_opening_but_not_about_a_draft(
    session: Session, asker: Person, client: Client
) -> None:
    coming, draft = (factories.engagement(session, state=state) for state in ("coming", "draft"))
    session.commit()
    client.sign_in(asker)
    client.submit(asking(coming), {"question": "When will you publish the data?"})
    assert factories.count_of(session, Clarification) == 1
    client.get(asking(draft), status=404)


# Who sees what


def test_colleagues_see_the_question_and_other_organisations_find_nothing(
    session: Session, engagement: Engagement, asker: Person, client: Client
) -> None:
    asked = factories.clarification(session, engagement, asker, question="A secret plan?", answer="Read it below.")
    asked.published_question = "Reworded?"
    colleague = factories.provider_person(session, asker.memberships[0].organisation)
    other = factories.provider_person(session)
    elsewhere = factories.engagement(session)
    session.commit()
    client.sign_in(colleague)
    assert "A secret plan?" in client.get(asking(engagement)).text
    client.get(f"{asking(engagement)}/{asked.id}")
    client.get(f"{asking(elsewhere)}/{asked.id}", status=404)
    client.sign_in(other)
    assert "A secret plan?" not in client.get(asking(engagement)).text
    theirs = client.get(f"{asking(engagement)}/{asked.id}", status=404)
    nobodys = client.get(f"{asking(engagement)}/{uuid.uuid4()}", status=404)
    assert theirs.text == nobodys.text


def test_another_buyers_officer_finds_nothing_to_answer(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    asked = factories.clarification(session, engagement, asker)
    stranger = factories.officer(session)
    own = factories.engagement(session, factories.programme(session, stranger.memberships[0].organisation))
    session.commit()
    client.sign_in(stranger)
    client.get(answering(asked), status=404)
    client.get(f"/manage/engagements/{own.id}/questions/{asked.id}", status=404)


def test_who_asked_stands_nowhere_but_with_the_officers(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    other = factories.provider_person(session)
    factories.response(session, engagement, other)
    session.commit()
    client.sign_in(asker)
    client.submit(
        asking(engagement), {"question": "Zebedee Health asks: who pays? Quentin, q.x@zebedee-health.example"}
    )
    asked = session.scalars(select(Clarification)).one()
    client.sign_in(officer)
    client.submit(answering(asked), {"question": "Who pays?", "answer": "The prison pays."})
    secrets = ("zebedee", "quentin", "xylander", "q.x@", str(asker.id), str(asked.id), str(asked.organisation_id))
    paths = ("/", f"/engagements/{engagement.id}", f"/engagements/{engagement.id}/calendar.ics", asking(engagement))
    for viewer in (None, other):
        client.sign_out()
        if viewer is not None:
            client.sign_in(viewer)
        for path in paths if viewer else paths[:-1]:
            html = client.get(path).html.lower()
            assert not [secret for secret in secrets if secret in html], path
    mails = session.scalars(select(MailMessage)).all()
    assert sorted(mail.recipient for mail in mails) == sorted([asker.email, other.email])
    assert len({(mail.subject, mail.body) for mail in mails}) == 1
    assert "Closing time: " in mails[0].body
    assert not [secret for mail in mails for secret in secrets if secret in f"{mail.subject} {mail.body}".lower()]


# Answering


def test_the_inbox_shows_what_waits_first(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    factories.clarification(session, engagement, asker, question="Published one", answer="Yes.")
    factories.clarification(session, engagement, asker, question="Waiting one")
    session.commit()
    client.sign_in(officer)
    page = client.get(f"/manage/engagements/{engagement.id}")
    assert "1 question waits for an answer." in page.text
    assert page.text.index("Waiting one") < page.text.index("Published one")
    assert len(page.statements) <= 15
    assert "By Quentin Xylander of Zebedee Health Ltd" in client.get(page.links()["Waiting one"]).text


def test_an_answer_is_published_and_mailed_once_to_everybody_concerned(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    lot = factories.lots_of(engagement)[0]
    asked = factories.clarification(session, engagement, asker, lot_id=lot.id)
    invited, starter, stranger = (factories.provider_person(session) for _ in range(3))
    organisation_id = invited.memberships[0].organisation_id
    session.add(
        Invitation(
            engagement_id=engagement.id, organisation_id=organisation_id, person_id=invited.id, email=invited.email
        )
    )
    factories.response(session, engagement, starter)
    session.commit()
    client.sign_in(officer)
    form = client.get(answering(asked)).hidden()
    form.update({"question": "Who pays for escorts?", "answer": "The prison does."})
    statements = [len(client.post(answering(asked), form).statements) for _ in range(2)]
    assert statements[0] <= 15 + 3 * 3  # a mail is a row, a job and its notification
    assert statements[1] <= 15
    mails = session.scalars(select(MailMessage)).all()
    assert sorted(mail.recipient for mail in mails) == sorted([asker.email, invited.email, starter.email])
    assert stranger.email not in [mail.recipient for mail in mails]
    assert "The prison does." in mails[0].body
    client.sign_out()
    text = client.get(f"/engagements/{engagement.id}").text
    assert f"Question 1 about {lot.code}: {lot.title} Who pays for escorts?" in text
    assert "The prison does." in text
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "clarification.published")).one()
    assert (event.person_id, event.subject_id) == (officer.id, asked.id)


def test_a_colleague_who_was_faster_is_not_overwritten(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    asked = factories.clarification(session, engagement, asker)
    session.commit()
    client.sign_in(officer)
    form = client.get(answering(asked)).hidden()
    client.submit(answering(asked), {"question": "Who pays?", "answer": "The first answer."})
    form.update({"question": "Who pays?", "answer": "The second answer."})
    page = client.post(answering(asked), form, status=409)
    assert "What you wrote was not published." in page.text
    assert "The first answer." in page.text
    assert "The second answer." in page.text
    session.refresh(asked)
    assert asked.answer == "The first answer."
    assert "The second answer." not in client.get(f"/engagements/{engagement.id}").text


def test_names_are_marked_and_published_only_when_confirmed(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    asked = factories.clarification(session, engagement, asker, question="Can zebedee health bid alone?")
    session.commit()
    client.sign_in(officer)
    assert "<mark>zebedee health</mark>" in client.get(answering(asked)).html
    typed = {"question": asked.question, "answer": "Yes, Quentin."}
    page = client.submit(answering(asked), typed, status=422)
    assert "The question may tell who asked: “zebedee health”. Reword it, or confirm below" in page.text
    assert "Your answer may tell who asked: “Quentin”." in page.text
    assert "<mark>Quentin</mark>" in page.html
    session.refresh(asked)
    assert asked.published_at is None
    client.submit(answering(asked), {**typed, "anyway": "y"})
    session.refresh(asked)
    assert asked.published_question == "Can zebedee health bid alone?"


@pytest.mark.parametrize("empty", ["question", "answer"])
def test_an_answer_needs_both_parts(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client, empty: str
) -> None:
    asked = factories.clarification(session, engagement, asker)
    session.commit()
    client.sign_in(officer)
    typed = {"question": "Who pays?", "answer": "Nobody.", empty: " "}
    assert "Enter" in client.submit(answering(asked), typed, status=422).text
    assert session.scalars(select(MailMessage)).all() == []


def test_questions_by_the_hundred_take_no_more_statements(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    for number in range(60):
        factories.clarification(session, engagement, asker, question=f"Question no {number}?", answer="Yes.")
    session.commit()
    client.sign_in(asker)
    assert len(client.get(f"/engagements/{engagement.id}").statements) <= 8
    assert len(client.get(asking(engagement)).statements) <= 8
    client.sign_in(officer)
    assert len(client.get(f"/manage/engagements/{engagement.id}").statements) <= 15


# At the same moment


@pytest.fixture
def two() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool


def test_of_two_publications_at_the_same_moment_one_is_mailed(
    session: Session,
    database: Database,
    engagement: Engagement,
    asker: Person,
    officer: Person,
    two: ThreadPoolExecutor,
) -> None:
    asked = factories.clarification(session, engagement, asker)
    session.commit()
    actor = Actor(officer.id, officer.name, officer.email, uuid.uuid4(), True, True, ())

    def publish() -> bool:
        with database.session() as own:
            done = actions.publish(
                own,
                engagement=own.get_one(Engagement, engagement.id),
                clarification=own.get_one(Clarification, asked.id),
                question="Who pays?",
                answer="The prison.",
                addresses=Addresses("http://localhost", "/engagements/x", "/sign-in/link"),
                actor=actor,
                now=datetime.now(UTC),
            )
            own.commit()
            return done

    assert sorted(future.result(PATIENCE) for future in [two.submit(publish) for _ in range(2)]) == [False, True]
    assert len(session.scalars(select(MailMessage)).all()) == 1


def test_the_same_question_sent_twice_at_the_same_moment_is_asked_once(
    session: Session, database: Database, engagement: Engagement, asker: Person, two: ThreadPoolExecutor
) -> None:
    organisation: Organisation = asker.memberships[0].organisation
    actor = Actor(asker.id, asker.name, asker.email, uuid.uuid4(), True, True, ())
    asking = actions.Asking(question="Who pays?", lot_id=None, nonce=uuid.uuid4())

    def ask() -> uuid.UUID:
        with database.session() as own:
            asked = actions.ask(
                own,
                engagement=own.get_one(Engagement, engagement.id),
                asking=asking,
                organisation_id=organisation.id,
                actor=actor,
                now=datetime.now(UTC),
            )
            own.commit()
            return asked.id

    assert len({future.result(PATIENCE) for future in [two.submit(ask) for _ in range(4)]}) == 1
    assert factories.count_of(session, Clarification) == 1


def test_a_question_waits_for_an_extension_that_is_under_way(
    session: Session, database: Database, engagement: Engagement, asker: Person, two: ThreadPoolExecutor
) -> None:
    late = engagement.closes_at + timedelta(hours=1)
    organisation_id = asker.memberships[0].organisation_id
    actor = Actor(asker.id, asker.name, asker.email, uuid.uuid4(), True, True, ())
    row = session.scalars(select(Engagement).where(Engagement.id == engagement.id).with_for_update()).one()
    row.closes_at = late + timedelta(days=1)
    session.flush()

    def ask() -> datetime:
        with database.session() as own:
            asked = actions.ask(
                own,
                engagement=own.get_one(Engagement, engagement.id),
                asking=actions.Asking(question="Why?", lot_id=None, nonce=uuid.uuid4()),
                organisation_id=organisation_id,
                actor=actor,
                now=late,
            )
            own.commit()
            return asked.asked_at

    waiting = two.submit(ask)
    wait_until_blocked(session, waiting)
    session.commit()
    assert waiting.result(PATIENCE) == late
