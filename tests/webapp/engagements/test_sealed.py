"""Sealed engagements: until all responses are opened, nothing tells whether there is one more of them.

Proved by two databases that differ in one submitted response: every officers' page, export and act answers alike.
"""

from __future__ import annotations

import io
import logging
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask, url_for
from openpyxl import load_workbook
from sqlalchemy import make_url, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings
from tests import factories
from tests.webapp.browser_of_pages import Client, work_of
from tests.world import World, actor_of, build
from webapp.app import create_app
from webapp.db import Database
from webapp.models import AuditEvent, Engagement, MailMessage, Organisation, Person, Response, Submission, TeamRole
from webapp.responses import queries as responses
from webapp.responses.actions import submit
from webapp.web.access import Audience, audience_of

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VARYING = re.compile(r'nonce(="|-)[^"\']*|name="(?:csrf_token|once)"[^>]*|DTSTAMP:\S+|As at [^.]*')
NOT_OFFICERS = {"accounts.sent_mail"}  # everybody's mail, for demonstrations alone
MOMENTS = {"Set-Cookie", "Date"}
NEWCOMER = "A provider that nobody knew"


@dataclass(frozen=True)
class Side:
    """One of the two databases, with a browser in which the lead officer is signed in."""

    app: Flask
    database: Database
    client: Client


@dataclass(frozen=True)
class Pair:
    world: World
    without: Side
    with_one_more: Side
    response_id: uuid.UUID

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.without, self.with_one_more

    def both(self, path: str) -> Iterator[TestResponse]:
        """What each side answers. Since they must be alike, the first stands for both where pages are checked."""
        yield self.without.client.look(path).response
        yield self.with_one_more.client.ask("GET", path)

    @property
    def engagement(self) -> str:
        return f"/manage/engagements/{self.world.ids['engagement_id']}"


@pytest.fixture
def pair(new_database: Callable[..., str], settings: Settings) -> Iterator[Pair]:
    first = make_url(new_database(template=True))
    database = Database(first.render_as_string(hide_password=False))
    world = build(database, settings, analysed=False)
    with database.session() as session:
        session.get_one(Engagement, world.ids["engagement_id"]).sealed = True
        session.commit()
    database.dispose()  # nobody may use a database while it is copied
    second = first.set(database=f"{first.database}_more")
    _run(first, f"CREATE DATABASE {second.database} TEMPLATE {first.database}")
    sides = [_side(url.render_as_string(hide_password=False), settings, world) for url in (first, second)]
    try:
        yield Pair(world, sides[0], sides[1], _respond(sides[1].database, world))
    finally:
        for side in sides:
            side.database.dispose()
        _run(first, f"DROP DATABASE {second.database} WITH (FORCE)")


def _run(url: Any, statement: str) -> None:
    maintenance = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(statement)


def _side(url: str, settings: Settings, world: World) -> Side:
    database = Database(url)
    app = create_app(settings, database)
    client = Client(app, database)
    client.sign_in(world.officer)
    return Side(app, database, client)


def _respond(database: Database, world: World) -> uuid.UUID:
    """A provider that nobody knew submits, by the action that every submission goes through; one invited declines."""
    with database.session() as session:
        engagement = session.get_one(Engagement, world.ids["engagement_id"])
        organisation = factories.provider(session, name=NEWCOMER)
        person = factories.provider_person(session, organisation, email="newcomer@unknown.example")
        factories.decline(session, engagement, person, organisation_id=world.ids["provider_id"])
        published = next(version.id for version in engagement.versions if version.published_at)
        response = factories.response(session, engagement, person, version_id=published)
        lot = str(factories.lots_of(engagement)[0].id)
        other = str(factories.lots_of(engagement)[1].id)
        answers = {
            "organisation": {"legal_name": NEWCOMER},
            "interest": {"interest": {lot: "would_bid", other: "no"}},
            "lots": {"role": {lot: "lead"}},
        }
        for slug, given in answers.items():
            factories.draft(session, response, slug, given)
        submit(
            session,
            response_id=response.id,
            nonce=uuid.uuid4(),
            seen=responses.draft(session, response).fingerprint(None),
            leave_out=False,
            link="",
            actor=actor_of(person, organisation),
            now=datetime.now(UTC),
        )
        session.commit()
        return response.id


def answer(response: TestResponse) -> tuple[object, ...]:
    """All that an answer says, but for what no two answers share."""
    headers = [(name, VARYING.sub("", value)) for name, value in response.headers if name not in MOMENTS]
    if response.mimetype == WORKBOOK:
        return response.status_code, _cells(response.data)
    return response.status_code, headers, VARYING.sub("", response.get_data(as_text=True))


def _cells(content: bytes) -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(content), read_only=True)
    return [row for sheet in book for row in sheet.iter_rows(values_only=True) if row[0] != "Made at"]


def officers_paths(pair: Pair) -> Iterator[str]:
    """Every page and export that an officer may open, also at the ids of the one response more."""
    submission_id = uuid.uuid4()
    with pair.with_one_more.database.session() as session:
        submission_id = session.scalars(select(Submission.id).where(Submission.response_id == pair.response_id)).one()
    more = {**pair.world.ids, "response_id": pair.response_id, "submission_id": submission_id}
    app = pair.without.app
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        shown_to = audience_of(app, rule.endpoint) in (Audience.OFFICER, Audience.ANYONE)
        if "GET" not in (rule.methods or ()) or not shown_to or rule.endpoint in NOT_OFFICERS | {"static"}:
            continue
        for ids in (pair.world.ids, more):
            with app.test_request_context():
                yield url_for(rule.endpoint, **{name: ids.get(name, uuid.UUID(int=7)) for name in rule.arguments})


def test_every_officers_page_is_the_same_to_the_byte_with_one_response_more(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = 0
    for path in dict.fromkeys(officers_paths(pair)):
        answers, lines = [], []
        with work_of(pair.without.database) as work, work_of(pair.with_one_more.database) as work_with_one_more:
            for response in pair.both(path):
                answers.append(answer(response))
                lines.append([record.getMessage() for record in caplog.records if record.name.startswith("webapp")])
                caplog.clear()
        assert answers[0] == answers[1], path
        assert lines[0] == lines[1], path
        assert work == work_with_one_more, f"{path}: the time it takes would tell"
        assert NEWCOMER not in str(answers[1]), path
        seen += answers[0][0] == 200
    assert seen > 25, "most pages were there to be compared"


_IN_A_MONTH = datetime.now(UTC) + timedelta(days=30)
LATER = {f"day-{part}": str(getattr(_IN_A_MONTH, part)) for part in ("day", "month", "year")}
LATER |= {"time": "noon", "reason": "More time."}
ACTS = {
    "/runs": {},
    "/extend": LATER,
    "/remind": {"group": "everybody"},
    "/open": {"witnesses": "A. Notary", "sure": "y"},
    "/close": {"reason": "We have heard enough.", "sure": "y"},
    "/summary": {"heard": "Much", "changes": "Some", "next_steps": "More", "seen": "0"},
}


def test_every_act_of_an_officer_answers_the_same_and_mails_officers_the_same(pair: Pair) -> None:
    for path, fields in ACTS.items():
        answers = []
        for side in pair.sides:
            sent = side.client.get(f"{pair.engagement}/invite").hidden()
            sent.update(fields)
            done = side.client.ask("POST", pair.engagement + path, sent)
            answers.append((answer(done), answer(side.client.ask("GET", pair.engagement))))
        assert re.sub(r"\d+:\d\d[ap]m", "", str(answers[0])) == re.sub(r"\d+:\d\d[ap]m", "", str(answers[1])), path
    told = [_mail_to_officers(side.database, pair.world) for side in pair.sides]
    assert told[0] == told[1]


def _mail_to_officers(database: Database, world: World) -> list[tuple[str, str]]:
    with database.session() as session:
        rows = session.execute(
            select(MailMessage.subject, MailMessage.body).where(MailMessage.recipient == world.officer.email)
        )
        return [(subject, body) for subject, body in rows]


def test_the_exported_record_is_the_same_with_one_response_more(pair: Pair) -> None:
    books = []
    for side in pair.sides:
        record = f"/programmes/{pair.world.ids['programme_id']}/record"
        page = side.client.post(f"{record}/file", side.client.get(record).hidden(f"{record}/file"), status=200)
        books.append(_cells(page.response.data))
    assert books[0] == books[1]
    assert any("Withheld" in str(row[1]) for row in books[0])


def test_once_opened_the_two_tell_apart(pair: Pair) -> None:
    for side in pair.sides:
        with side.database.session() as session:
            engagement = session.get_one(Engagement, pair.world.ids["engagement_id"])
            engagement.opens_at, engagement.closes_at = (datetime.now(UTC) - timedelta(days=days) for days in (9, 1))
            session.commit()
        side.client.submit(f"{pair.engagement}/open", {"witnesses": "A. Notary, Board", "sure": "y"})
        with side.database.session() as session:
            event = session.scalars(select(AuditEvent).where(AuditEvent.act == "engagement.opened")).one()
            assert (event.person_id, event.detail) == (pair.world.officer.id, {"witnesses": "A. Notary, Board"})
    pages = [side.client.get(pair.engagement).text for side in pair.sides]
    assert "Submitted 3" in pages[0]
    assert "Submitted 4" in pages[1]
    assert "Present: A. Notary, Board" in pages[0]
    assert NEWCOMER in pages[1]
    assert "Will not respond 0" in pages[0]
    assert "Harbour Health Will not respond No capacity, or our bid team is busy then" in pages[1]
    pair.with_one_more.client.get(f"{pair.engagement}/responses/{pair.response_id}")


@pytest.fixture
def sealed(session: Session) -> Engagement:
    made = factories.engagement(session, state="closed")
    made.sealed = True
    session.commit()
    return made


@pytest.mark.parametrize("role", [role for role in TeamRole if role is not TeamRole.LEAD_OFFICER])
def test_only_a_lead_officer_opens(session: Session, sealed: Engagement, client: Client, role: TeamRole) -> None:
    someone = factories.officer(session)
    factories.team_member(session, sealed.programme_id, someone.id, someone.memberships[0].organisation_id, role)
    session.commit()
    client.sign_in(someone)
    client.get(f"/manage/engagements/{sealed.id}/open", status=404)
    assert "Open the sealed responses" not in client.get(f"/manage/engagements/{sealed.id}").links()


def lead(session: Session, engagement: Engagement) -> Person:
    someone = factories.officer(session, engagement.programme.buyer)
    session.commit()
    return someone


def test_opening_takes_witnesses_and_a_confirmation(session: Session, sealed: Engagement, client: Client) -> None:
    client.sign_in(lead(session, sealed))
    page = client.submit(f"/manage/engagements/{sealed.id}/open", status=422)
    assert "Enter who is present" in page.text
    assert "Confirm that you want to open all responses now" in page.text
    session.expire_all()
    assert sealed.waits_for_opening


def test_witnesses_typed_a_line_for_each_are_told_apart(session: Session, sealed: Engagement, client: Client) -> None:
    client.sign_in(lead(session, sealed))
    client.submit(
        f"/manage/engagements/{sealed.id}/open", {"witnesses": "A. Notary, head of care\r\n\r\nB. Board", "sure": "y"}
    )
    for page in (f"/manage/engagements/{sealed.id}", f"/programmes/{sealed.programme_id}/record"):
        assert "Present: A. Notary, head of care; B. Board" in client.get(page).text


def test_an_opened_engagement_takes_no_later_closing_time(session: Session, sealed: Engagement, client: Client) -> None:
    client.sign_in(lead(session, sealed))
    client.submit(f"/manage/engagements/{sealed.id}/open", {"witnesses": "A. Notary", "sure": "y"})
    client.submit(f"/manage/engagements/{sealed.id}/extend", LATER)
    session.expire_all()
    assert sealed.closes_at < datetime.now(UTC)
    sealed.closes_at = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(IntegrityError, match="opened_once_closed"):
        session.flush()


def test_an_engagement_that_was_never_sealed_has_nothing_to_open(session: Session, client: Client) -> None:
    open_one = factories.engagement(session, state="closed")
    client.sign_in(lead(session, open_one))
    assert "There is nothing sealed to open" in client.get(f"/manage/engagements/{open_one.id}/open").text
    assert factories.count_of(session, Response) == factories.count_of(session, Organisation) - 1 == 0
