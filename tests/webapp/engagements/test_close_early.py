"""Closing before the time: for a reason, told to everybody, and never against a submission that came first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import PATIENCE, wait_until_blocked
from webapp.audit import Actor
from webapp.db import Database, clock
from webapp.engagements import actions
from webapp.engagements.clarifications.actions import Asking, QuestionsClosedError, ask
from webapp.engagements.mails import Addresses
from webapp.models import AuditEvent, Clarification, Engagement, Invitation, MailMessage, Person, Submission
from webapp.web.format import clock as clock_of

ADDRESSES = Addresses("http://localhost", "/engagements/x", "/sign-in/link")
FILLED = {"reason": "The budget was withdrawn.", "sure": "y"}


def address(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/close"


def test_everybody_concerned_is_told_and_every_page_follows_at_once(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    invited, starter, _stranger = (factories.provider_person(session) for _ in range(3))
    session.add(
        Invitation(
            engagement_id=engagement.id,
            organisation_id=invited.memberships[0].organisation_id,
            person_id=invited.id,
            email=invited.email,
        )
    )
    factories.response(session, engagement, starter)
    engagement.questions_close_at = engagement.closes_at - timedelta(days=2)
    session.commit()
    before = engagement.closes_at
    client.sign_in(officer)
    managing = client.get(f"/manage/engagements/{engagement.id}")
    assert {"Close the engagement early", "Read the questionnaire, or begin a new version"} <= set(managing.links())
    page = client.submit(address(engagement), FILLED)
    session.refresh(engagement)
    assert engagement.closes_at <= clock(session)
    assert engagement.questions_close_at == engagement.closes_at
    mails = session.scalars(select(MailMessage).order_by(MailMessage.recipient)).all()
    assert sorted(mail.recipient for mail in mails) == sorted([invited.email, starter.email])
    assert all("The budget was withdrawn." in mail.body and "instead of" in mail.body for mail in mails)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "engagement.closed_early")).one()
    assert (event.person_id, event.detail["closed_at"]) == (officer.id, before.isoformat())
    managing = client.get(page.location)
    assert "Read the questionnaire" in managing.links()
    for url in (page.location, f"/engagements/{engagement.id}"):
        text = client.get(url).text
        assert "the engagement was closed early" in text
        assert "The budget was withdrawn." in text
    assert "Closed at" in client.get("/").text
    client.sign_in(starter)
    assert "Your draft was not submitted." in client.get(f"/engagements/{engagement.id}").text
    assert "Questions could be asked until" in client.get(f"/engagements/{engagement.id}/questions").text


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("reason", "Enter why you are closing the engagement early"),
        ("sure", "Confirm that you want to close the engagement now"),
    ],
)
def test_without_a_reason_or_a_confirmation_nothing_closes(
    session: Session, engagement: Engagement, officer: Person, client: Client, left_out: str, message: str
) -> None:
    before = engagement.closes_at
    client.sign_in(officer)
    filled = {name: value for name, value in FILLED.items() if name != left_out}
    assert message in client.submit(address(engagement), filled, status=422).text
    session.refresh(engagement)
    assert engagement.closes_at == before
    assert session.scalars(select(MailMessage)).all() == []


@pytest.mark.parametrize("state", ["draft", "coming", "closed"])
def test_only_an_open_one_is_closed_early(session: Session, client: Client, state: str) -> None:
    other = factories.engagement(session, state=state)
    officer = factories.officer(session, other.programme.buyer)
    session.commit()
    before = other.closes_at
    client.sign_in(officer)
    assert "Only an engagement that is open can be closed early." in client.get(address(other)).text
    page = client.get(f"/manage/engagements/{other.id}")
    assert "Close the engagement early" not in page.links()
    with pytest.raises(actions.NotOpenError):
        actions.close_early(session, engagement=other, reason="x", addresses=ADDRESSES, actor=actor(officer))
    session.refresh(other)
    assert other.closes_at == before


def test_closing_twice_is_closing_once(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    filled = {**client.get(address(engagement)).hidden(), **FILLED}
    client.post(address(engagement), filled)
    session.refresh(engagement)
    closed = engagement.closes_at
    page = client.post(address(engagement), filled)
    assert "Only an engagement that is open can be closed early" in client.get(page.location).text
    session.refresh(engagement)
    assert engagement.closes_at == closed


def test_it_opens_again_by_an_extension(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    engagement.closes_at += timedelta(hours=5)  # or it would close at the time of day at which it is closed
    session.commit()
    meant = clock_of(engagement.closes_at)
    client.submit(address(engagement), FILLED)
    [time] = client.get(f"/manage/engagements/{engagement.id}/extend").tree.iterfind(".//input[@name='time']")
    assert time.get("value") == meant
    later = datetime.now(UTC) + timedelta(days=5)
    actions.extend(
        session,
        engagement=session.get_one(Engagement, engagement.id),
        closes_at=later,
        reason="The budget is back.",
        addresses=ADDRESSES,
        actor=actor(officer),
        now=datetime.now(UTC),
    )
    session.commit()
    page = client.get(f"/engagements/{engagement.id}")
    assert "was closed early" in page.text
    assert "The budget is back." in page.text
    assert "5 days left" in page.text
    calendar = client.get(f"/engagements/{engagement.id}/calendar.ics").response.get_data(as_text=True)
    assert "SEQUENCE:2" in calendar


# Against a submission at the same moment


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool


def test_it_waits_for_a_submission_under_way_and_closes_after_it(
    session: Session, engagement: Engagement, officer: Person, database: Database, elsewhere: ThreadPoolExecutor
) -> None:
    """The submission may have arrived after the officer's request: it got the row first, and stays."""
    response = factories.response(session, engagement)
    session.commit()
    by = actor(officer)

    def close() -> None:
        with database.session() as own:
            row = own.get_one(Engagement, engagement.id)
            actions.close_early(own, engagement=row, reason="Budget.", addresses=ADDRESSES, actor=by)
            own.commit()

    session.scalars(select(Engagement).where(Engagement.id == engagement.id).with_for_update(read=True)).one()
    closing = elsewhere.submit(close)
    wait_until_blocked(session, closing)
    factories.submission(session, response, submitted_at=clock(session))
    session.commit()
    closing.result(PATIENCE)
    session.refresh(engagement)
    submitted_at = session.scalars(select(Submission.submitted_at)).one()
    assert submitted_at < engagement.closes_at <= clock(session)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_what_waited_for_the_closing_is_judged_by_when_it_arrived(
    session: Session,
    engagement: Engagement,
    officer: Person,
    database: Database,
    elsewhere: ThreadPoolExecutor,
    late: timedelta,
) -> None:
    """A question, as a submission, takes its turn at the engagement's row and then reads the closing time anew."""
    asker = factories.provider_person(session)
    session.commit()
    asking = Asking(question="Who pays?", lot_id=None, nonce=uuid.uuid4())
    own_id, asked_by = asker.memberships[0].organisation_id, actor(asker)
    actions.close_early(session, engagement=engagement, reason="Budget.", addresses=ADDRESSES, actor=actor(officer))
    arrived = engagement.closes_at + late

    def put() -> None:
        with database.session() as own:
            row = own.get_one(Engagement, engagement_id)
            ask(own, engagement=row, asking=asking, organisation_id=own_id, actor=asked_by, now=arrived)
            own.commit()

    engagement_id = engagement.id
    waiting = elsewhere.submit(put)
    wait_until_blocked(session, waiting)
    session.commit()
    if late:
        with pytest.raises(QuestionsClosedError):
            waiting.result(PATIENCE)
    else:
        waiting.result(PATIENCE)
    assert factories.count_of(session, Clarification) == (0 if late else 1)


def actor(person: Person) -> Actor:
    return Actor(person.id, person.name, person.email, uuid.uuid4(), True, True, ())
