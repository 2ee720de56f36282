"""Moving the closing time: to a later one, for a reason, told to everybody, and never against a submission."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import PATIENCE, wait_until_blocked
from webapp.audit import Actor
from webapp.db import Database
from webapp.engagements import actions
from webapp.engagements.mails import Addresses
from webapp.models import AuditEvent, Engagement, Invitation, MailMessage, Person
from webapp.web.format import clock

LONDON = ZoneInfo("Europe/London")
ADDRESSES = Addresses("http://localhost", "/engagements/x", "/sign-in/link")


def typed(day: datetime, at: str = "17:00", reason: str = "Easter falls into the period.") -> dict[str, str]:
    return {
        "day-day": str(day.day),
        "day-month": str(day.month),
        "day-year": str(day.year),
        "time": at,
        "reason": reason,
    }


def questions_until(day: datetime) -> dict[str, str]:
    return {f"questions_day-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def address(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/extend"


def test_an_extension_is_recorded_published_and_mailed_once_to_each_concerned(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    invited, starter, _stranger = (factories.provider_person(session) for _ in range(3))
    colleague = factories.provider_person(session, starter.memberships[0].organisation)
    for person in (invited, starter):
        session.add(
            Invitation(
                engagement_id=engagement.id,
                organisation_id=person.memberships[0].organisation_id,
                person_id=person.id,
                email=person.email,
            )
        )
    factories.response(session, engagement, starter)
    session.commit()
    before = engagement.closes_at
    later = before.astimezone(LONDON) + timedelta(days=7)
    client.sign_in(officer)
    page = client.submit(address(engagement), typed(later))
    assert page.location == f"/manage/engagements/{engagement.id}"
    session.refresh(engagement)
    assert engagement.closes_at == later.replace(hour=17, minute=0, second=0, microsecond=0)
    recipients = session.scalars(select(MailMessage.recipient)).all()
    assert sorted(recipients) == sorted([invited.email, starter.email, colleague.email])
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "engagement.extended")).one()
    assert event.person_id == officer.id
    assert datetime.fromisoformat(event.detail["closed_at"]) == before
    for url in (page.location, f"/engagements/{engagement.id}"):
        assert "Easter falls into the period." in client.get(url).text


@pytest.mark.parametrize(
    ("days", "given", "message"),
    [
        (7, {"reason": "  "}, "Enter why you are moving the closing time"),
        (7, {"time": "teatime"}, "Enter a time of day, like 17:00, 5pm or noon"),
        (7, {"day-month": "13"}, "New closing date must include a month from 1 to 12"),
        (-1, {}, "must be in the future and later than"),
        (-300, {}, "must be in the future and later than"),
        (9_000, {}, "must be within a year from now"),
    ],
)
def test_a_wrong_extension_keeps_what_was_typed_and_changes_nothing(
    session: Session,
    engagement: Engagement,
    officer: Person,
    client: Client,
    days: int,
    given: dict[str, str],
    message: str,
) -> None:
    client.sign_in(officer)
    before = engagement.closes_at
    assert clock(before) in [control.get("value") for control in client.get(address(engagement)).tree.iter("input")]
    filled = {**typed(before + timedelta(days=days)), **given}
    page = client.submit(address(engagement), filled, status=422)
    assert message in page.text
    assert filled["time"] in [control.get("value") for control in page.tree.iter("input")]
    assert filled["reason"].strip() in page.text
    session.refresh(engagement)
    assert engagement.closes_at == before
    assert session.scalars(select(MailMessage)).all() == []


def test_the_last_date_for_questions_moves_when_asked_and_only_then(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    engagement.questions_close_at = before = engagement.closes_at - timedelta(days=5)
    session.commit()
    client.sign_in(officer)
    closing = engagement.closes_at.astimezone(LONDON)
    client.submit(address(engagement), typed(closing + timedelta(days=7)))
    session.refresh(engagement)
    assert engagement.questions_close_at == before
    last = closing + timedelta(days=4)
    page = client.submit(address(engagement), {**typed(closing + timedelta(days=8)), **questions_until(last)})
    session.refresh(engagement)
    assert engagement.questions_close_at == last.replace(hour=23, minute=59, second=0, microsecond=0)
    told = f"Questions can be asked until 11:59pm on {last.day}"
    assert told in client.get(page.location).text
    assert told in client.get(f"/engagements/{engagement.id}").text


def test_questions_never_close_after_the_engagement(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    later = engagement.closes_at.astimezone(LONDON) + timedelta(days=7)
    client.submit(address(engagement), {**typed(later), **questions_until(later + timedelta(days=3))})
    session.refresh(engagement)
    assert engagement.questions_close_at == engagement.closes_at


def test_an_earlier_last_date_for_questions_is_refused_and_nothing_moves(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    engagement.questions_close_at = engagement.closes_at - timedelta(days=5)
    session.commit()
    before = engagement.closes_at
    client.sign_in(officer)
    filled = {**typed(before + timedelta(days=7)), **questions_until(before - timedelta(days=6))}
    page = client.submit(address(engagement), filled, status=422)
    assert "The last date for questions must be in the future and later than" in page.text
    session.refresh(engagement)
    assert engagement.closes_at == before
    assert session.scalars(select(MailMessage)).all() == []


def test_a_closed_engagement_opens_again_with_a_warning_first(session: Session, client: Client) -> None:
    closed = factories.engagement(session, state="closed")
    officer = factories.officer(session, closed.programme.buyer)
    session.commit()
    client.sign_in(officer)
    page = client.get(address(closed)).text
    assert "It closed at" in page
    assert "opens it again for everybody" in page
    yesterday = datetime.now(LONDON) - timedelta(hours=20)
    assert "must be in the future" in client.submit(address(closed), typed(yesterday), status=422).text
    client.submit(address(closed), typed(datetime.now(LONDON) + timedelta(days=3)))
    assert "3 days left" in client.get("/").text


def test_a_draft_is_not_extended(session: Session, client: Client) -> None:
    draft = factories.engagement(session, state="draft")
    officer = factories.officer(session, draft.programme.buyer)
    session.commit()
    client.sign_in(officer)
    page = client.submit(address(draft), typed(draft.closes_at + timedelta(days=7)))
    assert "Only a published engagement can be extended" in client.get(page.location).text


# Against others at the same moment


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool


@pytest.fixture
def extend(database: Database, engagement: Engagement, officer: Person) -> Callable[[datetime], None]:
    actor = Actor(officer.id, officer.name, officer.email, officer.id, True, True, ())

    def run(closes_at: datetime) -> None:
        with database.session() as own:
            actions.extend(
                own,
                engagement=own.get_one(Engagement, engagement.id),
                closes_at=closes_at,
                reason="A bank holiday.",
                addresses=ADDRESSES,
                actor=actor,
                now=datetime.now(UTC),
            )
            own.commit()

    return run


def test_an_extension_waits_for_a_submission_that_is_under_way(
    session: Session,
    engagement: Engagement,
    elsewhere: ThreadPoolExecutor,
    extend: Callable[[datetime], None],
) -> None:
    later = engagement.closes_at + timedelta(days=1)
    held = session.scalars(select(Engagement).where(Engagement.id == engagement.id).with_for_update(read=True)).one()
    extending = elsewhere.submit(extend, later)
    wait_until_blocked(session, extending)
    assert session.scalar(select(Engagement.closes_at)) == held.closes_at
    session.commit()
    extending.result(PATIENCE)
    session.refresh(engagement)
    assert engagement.closes_at == later


def test_of_two_extensions_the_second_is_judged_by_the_first(
    session: Session,
    engagement: Engagement,
    elsewhere: ThreadPoolExecutor,
    extend: Callable[[datetime], None],
) -> None:
    closes_at = engagement.closes_at
    row = session.scalars(select(Engagement).where(Engagement.id == engagement.id).with_for_update()).one()
    row.closes_at = closes_at + timedelta(days=2)
    session.flush()
    second = elsewhere.submit(extend, closes_at + timedelta(days=1))
    wait_until_blocked(session, second)
    session.commit()
    with pytest.raises(actions.NotLaterError) as refusal:
        second.result(PATIENCE)
    assert refusal.value.closes_at == closes_at + timedelta(days=2)
