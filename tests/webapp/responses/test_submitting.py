"""One submission for one intention, judged by the database's clock, kept as it was."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import PATIENCE, wait_until_blocked
from tests.webapp.responses.conftest import Respondent
from webapp.audit import ActingFor, Actor
from webapp.db import Database
from webapp.models import (
    Answer,
    AuditEvent,
    DraftSection,
    Engagement,
    Interest,
    MailMessage,
    MembershipRole,
    Party,
    Response,
    Submission,
)
from webapp.responses import actions, queries


def actor_of(respondent: Respondent) -> Actor:
    acting = ActingFor(respondent.response.organisation_id, "Provider", Party.PROVIDER, MembershipRole.SIGNATORY)
    person = respondent.person
    return Actor(person.id, person.name, person.email, uuid.uuid4(), False, False, (acting,))


@pytest.fixture
def ready(session: Session, respondent: Respondent) -> Respondent:
    """With a draft that can be submitted."""
    first, second = (str(lot.id) for lot in respondent.lots)
    factories.draft(session, respondent.response, "organisation", {"legal_name": "Seaside Health"})
    factories.draft(session, respondent.response, "interest", {"interest": {first: "likely", second: "no"}})
    factories.draft(session, respondent.response, "lots", {"role": {first: "lead"}})
    session.commit()
    return respondent


def seen(session: Session, respondent: Respondent) -> str:
    response = session.get_one(Response, respondent.response.id)
    return queries.draft(session, response).fingerprint(response.current_submission_id)


def submit(
    database: Database, respondent: Respondent, *, now: datetime | None = None, nonce: uuid.UUID | None = None
) -> uuid.UUID:
    with database.session() as session:
        made = actions.submit(
            session,
            response_id=respondent.response.id,
            nonce=nonce or uuid.uuid4(),
            seen=seen(session, respondent),
            leave_out=False,
            link="http://localhost/",
            actor=actor_of(respondent),
            now=now or datetime.now(UTC),
        )
        session.commit()
        return made


def counts(session: Session) -> tuple[int, int, int]:
    session.expire_all()
    return tuple(session.query(model).count() for model in (Submission, MailMessage, AuditEvent))


def test_eight_clicks_at_once_make_one_submission_and_show_one_receipt(
    app: Flask, database: Database, client: Client, session: Session, ready: Respondent
) -> None:
    filled = {**client.get(ready.check).hidden(), "declared": "y"}
    cookies = client._client.get_cookie("soundings")
    assert cookies is not None
    barrier = threading.Barrier(8)

    def click(_: int) -> tuple[int, str | None]:
        browser = app.test_client()
        browser.set_cookie("soundings", cookies.value)
        barrier.wait()
        answer = browser.post(ready.check, data=filled)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(click, range(8)))
    [made] = session.scalars(select(Submission))
    assert answers == {(302, f"{ready.url}/receipts/{made.id}")}
    assert counts(session) == (1, 1, 1)


def test_reload_and_back_show_the_same_receipt_even_after_the_deadline(
    client: Client, session: Session, ready: Respondent
) -> None:
    filled = {**client.get(ready.check).hidden(), "declared": "y"}
    first = client.post(ready.check, filled)
    client.submit(ready.section("organisation"), {"legal_name": "Changed"})
    assert client.post(ready.check, filled).location == first.location
    close(session, ready, timedelta(seconds=-1))
    assert client.post(ready.check, filled).location == first.location
    assert counts(session) == (1, 1, 1)


def close(session: Session, respondent: Respondent, in_: timedelta) -> None:
    session.get_one(Engagement, respondent.engagement.id).closes_at = datetime.now(UTC) + in_
    session.commit()


@pytest.mark.parametrize("changed", [False, True])
def test_after_the_deadline_a_draft_is_spoken_of_where_it_says_other_than_was_submitted(
    client: Client, session: Session, ready: Respondent, changed: bool
) -> None:
    ready.submit(client)
    if changed:
        client.submit(ready.section("organisation"), {"legal_name": "Another name"})
    close(session, ready, -timedelta(seconds=1))
    links = client.get(ready.url).links()
    assert ("See the answers in your draft" in links) is changed
    assert any(text.startswith("Version 1") for text in links)


def test_too_late_says_by_how_much_and_keeps_the_draft(client: Client, session: Session, ready: Respondent) -> None:
    filled = {**client.get(ready.check).hidden(), "declared": "y"}
    close(session, ready, -timedelta(minutes=3, seconds=5))
    page = client.post(ready.check, filled, status=409)
    assert "arrived 3 minutes and " in page.text
    assert "engagement@example.org" in page.text
    assert counts(session) == (0, 0, 0)
    assert session.query(DraftSection).count() == 3
    text = client.get(ready.check).text
    assert "Seaside Health" in text
    assert "no longer change or submit" in text


def test_what_was_typed_after_the_deadline_is_shown_back_and_not_saved(
    client: Client, session: Session, ready: Respondent
) -> None:
    hidden = client.get(ready.section("views")).hidden()
    close(session, ready, timedelta(seconds=-1))
    page = client.post(ready.section("views"), {**hidden, "barriers": "The rooms are too small."}, status=409)
    assert "What about barriers? The rooms are too small." in page.text
    assert session.query(DraftSection).count() == 3


def test_a_draft_that_changed_after_the_check_is_not_submitted_unseen(
    client: Client, colleague_client: Client, session: Session, ready: Respondent
) -> None:
    filled = {**client.get(ready.check).hidden(), "declared": "y"}
    colleague_client.submit(ready.section("organisation"), {"legal_name": "Another name"})
    page = client.post(ready.check, filled, status=409)
    assert "The draft changed after you opened this page" in page.text
    assert "Another name" in page.text
    assert counts(session) == (0, 0, 0)
    client.post(ready.check, {**page.hidden(), "declared": "y"})
    assert counts(session)[0] == 1


def test_two_colleagues_who_submit_at_once_make_one_submission(
    client: Client, colleague_client: Client, session: Session, ready: Respondent
) -> None:
    filled = [(who, {**who.get(ready.check).hidden(), "declared": "y"}) for who in (client, colleague_client)]
    filled[0][0].post(ready.check, filled[0][1])
    page = filled[1][0].post(ready.check, filled[1][1], status=409)
    assert "There is nothing new to submit" in page.text
    assert counts(session)[0] == 1


@pytest.mark.parametrize(("offset", "accepted"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_the_deadline_itself_is_in_time(
    database: Database, session: Session, ready: Respondent, offset: timedelta, accepted: bool
) -> None:
    now = session.get_one(Engagement, ready.engagement.id).closes_at + offset
    if accepted:
        submit(database, ready, now=now)
    else:
        with pytest.raises(actions.NotOpenError):
            submit(database, ready, now=now)


def race(session: Session, compete: Callable[[], object]) -> object:
    """Run `compete` while what the session changes is under way: it begins before and ends after."""
    with ThreadPoolExecutor(1) as pool:
        competing = pool.submit(compete)
        wait_until_blocked(session, competing)
        session.commit()
        return competing.result(PATIENCE)


@pytest.mark.parametrize(("before", "after", "accepted"), [(-1, 1, True), (1, -1, False)])
def test_a_submission_waits_for_an_extension_or_a_closing_under_way(
    database: Database, session: Session, ready: Respondent, before: int, after: int, accepted: bool
) -> None:
    close(session, ready, timedelta(hours=before))
    engagement = session.scalars(select(Engagement).where(Engagement.id == ready.engagement.id).with_for_update()).one()
    engagement.closes_at = datetime.now(UTC) + timedelta(hours=after)
    session.flush()

    def compete() -> object:
        try:
            return submit(database, ready)
        except actions.NotOpenError as refused:
            return refused

    assert isinstance(race(session, compete), uuid.UUID) is accepted
    assert counts(session)[0] == int(accepted)


def test_a_closing_waits_for_a_submission_under_way(database: Database, session: Session, ready: Respondent) -> None:
    actions.submit(
        session,
        response_id=ready.response.id,
        nonce=uuid.uuid4(),
        seen=seen(session, ready),
        leave_out=False,
        link="",
        actor=actor_of(ready),
        now=datetime.now(UTC),
    )

    def compete() -> object:
        with database.session() as other:
            row = other.scalars(select(Engagement).where(Engagement.id == ready.engagement.id).with_for_update()).one()
            row.closes_at = datetime.now(UTC) - timedelta(minutes=1)
            found = other.query(Submission).count()
            other.commit()
            return found

    assert race(session, compete) == 1


def test_a_nonce_of_another_response_submits_nothing(
    database: Database, session: Session, client: Client, ready: Respondent
) -> None:
    taken = uuid.uuid4()
    other = factories.response(session, ready.engagement)
    factories.submission(session, other, nonce=taken)
    session.commit()
    page = client.get(ready.check)
    again = client.post(ready.check, {**page.hidden(), "nonce": str(taken), "declared": "y"}, status=409)
    assert again.hidden()["nonce"] != str(taken)
    assert session.query(Submission).filter_by(response_id=ready.response.id).count() == 0


def test_a_nonce_that_no_page_made_is_refused(client: Client, session: Session, ready: Respondent) -> None:
    page = client.get(ready.check)
    client.post(ready.check, {**page.hidden(), "nonce": "nonsense", "declared": "y"}, status=400)
    assert counts(session)[0] == 0


def test_a_submission_keeps_what_it_answers_of_its_provider_beside_its_answers(
    database: Database, session: Session, ready: Respondent
) -> None:
    section = factories.ask_of_provider(session, ready.response.version)
    drafted = session.scalars(select(DraftSection).where(DraftSection.section_id == section.id)).one()
    said = {"organisation_kind": "charity", "organisation_size": "small", "is_vcse": "no"}
    drafted.answers = {**drafted.answers, **said}
    session.commit()
    made = session.get_one(Submission, submit(database, ready))
    assert (made.answered_kind, made.answered_size, made.answered_vcse) == ("charity", "small", False)
    assert {answer.question.key for answer in made.answers} > set(said)


@pytest.mark.parametrize("table", ["submission", "answer", "interest"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_a_submission_is_never_changed(
    database: Database, session: Session, ready: Respondent, table: str, change: str
) -> None:
    submit(database, ready)
    assert all(session.query(model).count() for model in (Submission, Answer, Interest))
    statement = change.format(table, *["submission_id" if table != "submission" else "number"] * 2)
    # Of a submission with answers the foreign key is judged first; of its other rows, and of any change, the trigger.
    held_by_answers = table == "submission" and change.startswith("DELETE")
    with pytest.raises(DBAPIError, match="still referenced" if held_by_answers else "never changed or deleted"):
        session.execute(text(statement))
    session.rollback()


def test_references_are_of_characters_that_are_not_mistaken() -> None:
    made = {actions.new_reference() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"SND-[2-9A-Z]{4}-[2-9A-Z]{4}", reference) for reference in made)
    assert not set("".join(made).replace("SND-", "")) & set("01ILOUAE")
