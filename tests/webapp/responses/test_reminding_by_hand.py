"""Reminders that an officer sends by hand: to the group chosen, and to nobody who has left it or wants none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import webapp.responses.reminders.by_hand.jobs  # noqa: F401 - declares the job that the worker runs
from config import Settings
from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.world import run_jobs
from webapp.db import Database
from webapp.models import AuditEvent, Engagement, Invitation, MailMessage, Person, ReminderStop, TeamMember
from webapp.responses.reminders.by_hand import queries
from webapp.responses.reminders.by_hand.pages import why_nobody

Remind = Callable[[str], dict[str, str]]


@pytest.fixture
def engagement(session: Session) -> Engagement:
    made = factories.engagement(session)
    session.commit()
    return made


def invited(session: Session, engagement: Engagement) -> Person:
    person = factories.provider_person(session)
    organisation_id = person.memberships[0].organisation_id
    session.add(
        Invitation(
            engagement_id=engagement.id,
            organisation_id=organisation_id,
            person_id=person.id,
            email=person.email,
            sent_at=datetime.now(UTC),
        )
    )
    session.flush()
    return person


@pytest.fixture
def remind(session: Session, engagement: Engagement, client: Client, database: Database, settings: Settings) -> Remind:
    """Sends to a group and returns whom a mail went to, newly."""
    officer = factories.officer(session, engagement.programme.buyer)
    session.commit()
    client.sign_in(officer)

    def send(group: str) -> dict[str, str]:
        before = set(session.scalars(select(MailMessage.id)))
        client.submit(f"/manage/engagements/{engagement.id}/remind", {"group": group})
        run_jobs(database, settings)
        session.expire_all()
        found = session.scalars(select(MailMessage).where(MailMessage.id.not_in(before))).all()
        return {message.recipient: message.body for message in found}

    return send


def test_each_group_is_reminded_alone_and_nobody_twice_within_a_day(
    session: Session, engagement: Engagement, remind: Remind, client: Client
) -> None:
    silent, drafting, done, stopped, *declined = (invited(session, engagement) for _ in range(6))
    factories.response(session, engagement, drafting)
    factories.response(session, engagement, declined[0])
    for each in declined:
        factories.decline(session, engagement, each)
    factories.submission(session, factories.response(session, engagement, done))
    session.add(ReminderStop(engagement_id=engagement.id, person_id=stopped.id))
    session.commit()
    page = client.get(f"/manage/engagements/{engagement.id}/remind")
    assert "started a response 2 providers" in page.text
    assert "never submitted 1 provider" in page.text
    assert list(remind("draft")) == [drafting.email]
    assert list(remind("not_opened")) == [silent.email]
    assert remind("draft") == {}
    acts = session.scalars(select(AuditEvent).where(AuditEvent.act == "engagement.reminded").order_by(AuditEvent.id))
    asker = session.scalars(select(TeamMember.person_id)).one()
    assert [(act.detail["group"][:18], act.person_id) for act in acts] == [
        ("Those with a draft", asker),
        ("Those invited who ", asker),
    ], "what reached nobody is not on record as told"


def test_who_says_no_after_its_group_was_listed_is_not_reminded(
    session: Session, engagement: Engagement, remind: Remind, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = invited(session, engagement), invited(session, engagement)
    session.commit()

    def listed(*args: Any, **given: Any) -> Sequence[uuid.UUID]:
        found = organisations(*args, **given)
        with database.session() as own:
            factories.decline(own, own.get_one(Engagement, engagement.id), own.get_one(Person, first.id))
            own.commit()
        return found

    organisations = queries.organisations
    monkeypatch.setattr(queries, "organisations", listed)
    assert list(remind("not_opened")) == [second.email]


def test_while_sealed_everybody_gets_the_same_and_no_other_group_is_offered(
    session: Session, engagement: Engagement, remind: Remind, client: Client
) -> None:
    engagement.sealed = True
    silent, drafting, done, declined = (invited(session, engagement) for _ in range(4))
    factories.decline(session, engagement, declined)
    factories.response(session, engagement, drafting)
    factories.submission(session, factories.response(session, engagement, done))
    session.commit()
    page = client.get(f"/manage/engagements/{engagement.id}/remind")
    assert "never submitted" not in page.text
    assert "providers Send" not in page.text
    told = remind("everybody")
    assert set(told) == {silent.email, drafting.email, done.email}
    [said] = {body.split("/reminders/")[0] for body in told.values()}
    assert said.startswith(f"This is a reminder of the market engagement “{engagement.title}” of ")
    recorded = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "engagement.reminded")
    uninvited = factories.provider_person(session)
    factories.response(session, engagement, uninvited)
    session.commit()
    assert set(remind("everybody")) == {uninvited.email}
    assert session.scalars(recorded).one() == 1, "the record must not tell that somebody has begun a response"
    late = invited(session, engagement)
    session.commit()
    assert set(remind("everybody")) == {late.email}
    assert session.scalars(recorded).one() == 2
    client.submit(f"/manage/engagements/{engagement.id}/remind", {"group": "draft"}, status=422)


def test_where_nobody_is_to_be_reminded_the_page_says_why(
    session: Session, engagement: Engagement, remind: Remind, client: Client
) -> None:
    address = f"/manage/engagements/{engagement.id}/remind"
    assert "Nobody is invited yet." in client.get(address).text
    done = invited(session, engagement)
    factories.submission(session, factories.response(session, engagement, done))
    factories.response(session, engagement, factories.provider_person(session)).synthetic = True
    session.commit()
    page = client.get(address)
    assert "There is nobody to remind now." in page.text
    assert "The provider that was invited has used the link, started a response or declined to." in page.text
    assert "1 response is synthetic" in page.text
    assert "Send reminders" not in page.buttons()


def test_a_group_without_anybody_is_not_taken(
    session: Session, engagement: Engagement, remind: Remind, client: Client
) -> None:
    invited(session, engagement)
    session.commit()
    page = client.submit(f"/manage/engagements/{engagement.id}/remind", {"group": "draft"}, status=422)
    assert "Nobody is in this group now. Choose another" in page.text


def test_two_who_were_invited_are_both() -> None:
    said = ["The provider that was invited has", "Both providers that were invited have", "All 3 providers that were"]
    for invited, begins in enumerate(said, 1):
        assert why_nobody(invited, 0)[0].startswith(begins)
