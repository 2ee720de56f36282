"""The dates as a calendar file."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.models import AuditEvent, Engagement

LATER = datetime(2100, 6, 1, 12, 30, tzinfo=UTC)


def read(client: Client, engagement: Engagement) -> list[str]:
    page = client.get(f"/engagements/{engagement.id}/calendar.ics")
    assert len(page.statements) <= 8
    return page.response.get_data().replace(b"\r\n ", b"").decode().split("\r\n")


def stamp(at: datetime) -> str:
    return f"DTSTART:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def test_the_file_carries_opening_last_questions_and_closing(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    engagement.title = "Dental; two lots, really"
    engagement.questions_close_at = engagement.closes_at - timedelta(days=3)
    session.commit()
    href = client.get(f"/engagements/{engagement.id}").links()["Put the dates into your calendar"]
    lines = read(client, engagement)
    assert href == f"/engagements/{engagement.id}/calendar.ics"
    assert [line for line in lines if line.startswith("DTSTART")] == [
        stamp(engagement.opens_at),
        stamp(engagement.questions_close_at),
        stamp(engagement.closes_at),
    ]
    assert "SUMMARY:Closes: Dental\\; two lots\\, really" in lines
    assert lines.count(f"URL:http://localhost/engagements/{engagement.id}") == 3
    assert len({line for line in lines if line.startswith("UID:")}) == 3


def test_it_is_an_attachment_of_its_kind_with_a_plain_name(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    engagement.reference = "ME/01\r\nX: y"
    session.commit()
    headers = client.get(f"/engagements/{engagement.id}/calendar.ics").response.headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="ME-01 X y.ics"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_extension_keeps_the_identity_and_raises_the_number(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    session.commit()
    before = read(client, engagement)
    engagement.closes_at = LATER
    moved = {"closed_at": LATER.isoformat(), "closes_at": LATER.isoformat(), "reason": "More time."}
    session.add(
        AuditEvent(act="engagement.extended", subject_kind="engagement", subject_id=engagement.id, detail=moved)
    )
    session.commit()
    after = read(client, engagement)
    assert [line for line in before if line[:4] == "UID:"] == [line for line in after if line[:4] == "UID:"]
    assert "SEQUENCE:0" in before
    assert "SEQUENCE:1" in after
    assert after.count(stamp(LATER)) == 2  # without a deadline of their own, questions close with the engagement


def test_a_draft_and_a_missing_engagement_have_none(session: Session, client: Client) -> None:
    draft = factories.engagement(session, state="draft")
    officer = factories.officer(session, draft.programme.buyer)
    session.commit()
    client.sign_in(officer)
    for identity in (draft.id, uuid.uuid4()):
        client.get(f"/engagements/{identity}/calendar.ics", status=404)
