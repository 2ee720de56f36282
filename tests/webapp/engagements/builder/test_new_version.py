"""A version after the first: what it changes, whom it reaches, and that nothing which was answered is lost."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.engagements.builder.drawing import Desk, sit_down
from tests.webapp.locks import PATIENCE, wait_until_blocked
from webapp.db import Database
from webapp.engagements.builder.publishing import carried_answer
from webapp.models import AuditEvent, DraftSection, MailMessage, Person, Question, QuestionKind, Response, Section

REASON = "We ask about pharmacists, too."


@pytest.fixture
def desk(client: Client, session: Session) -> Desk:
    return sit_down(client, session, state="open")


def begun(desk: Desk) -> tuple[Response, Person]:
    """A draft of two sections."""
    someone = make.provider_person(desk.session)
    response = make.response(desk.session, desk.engagement, someone)
    make.draft(desk.session, response, "organisation", {"legal_name": "Ann Ltd", "cqc": "yes"})
    make.draft(desk.session, response, "views", {"barriers": "Too few nurses.", "quote": "yes"})
    desk.session.commit()
    return response, someone


def next_version(desk: Desk) -> None:
    """Without the question about barriers, with a new one, and with one that moved to another section."""
    desk.fill("begin", source="published")
    desk.fill("questions", desk.question("barriers").id, "remove")
    desk.fill("questions", desk.question("legal_name").id, wording="What is your legal name?", asked_per="response")
    path = ("sections", desk.section("views").id, "questions", "add", "yes_no")
    desk.fill(*path, wording="Are pharmacists hard to find?", asked_per="response")
    desk.press("questions", desk.question("cqc").id, "move", to="down")


def publish(desk: Desk, drafts: str | None = None, status: int = 302) -> Any:
    given = {"reason": REASON} | ({"drafts": drafts} if drafts else {})
    return desk.fill("publish", status=status, **given)


def saved(desk: Desk, response: Response) -> dict[tuple[int, str], dict[str, Any]]:
    """By version and section."""
    desk.session.rollback()
    desk.session.expire_all()
    rows = desk.session.scalars(select(DraftSection).where(DraftSection.response_id == response.id))
    return {(row.section.version.number, row.section.slug): row.answers for row in rows}


def test_the_effect_is_stated_before_it_is_published(desk: Desk) -> None:
    begun(desk)
    make.submission(desk.session, make.response(desk.session, desk.engagement))
    desk.session.commit()
    next_version(desk)
    page = desk.client.get(desk.address("publish"))
    assert "New questions Are pharmacists hard to find?" in page.text
    assert "What is your legal name? the wording" in page.text
    assert "no longer asked What about barriers?" in page.text
    assert "it moved to “Interest in each lot”" in page.text
    assert "Version 1 1 1 0" in page.text
    assert "Choose what happens to drafts" in publish(desk, status=422).text
    assert desk.version().published_at is None


def test_drafts_stay_where_they_are_unless_the_officer_moves_them(desk: Desk) -> None:
    response, _someone = begun(desk)
    before, pinned = saved(desk, response), response.version_id
    next_version(desk)
    publish(desk, "stay")
    assert desk.version().published_at is not None
    assert saved(desk, response) == before
    assert response.version_id == pinned
    assert "Nothing changes for your response" in desk.session.scalars(select(MailMessage.body)).one()


def test_a_moved_draft_keeps_every_answer_whose_question_is_asked_and_the_others_stay_saved(desk: Desk) -> None:
    response, someone = begun(desk)
    before = saved(desk, response)
    next_version(desk)
    publish(desk, "move")
    now = saved(desk, response)
    assert response.version_id == desk.version().id
    assert {key: now[key] for key in before} == before
    assert now[2, "organisation"] == {"legal_name": "Ann Ltd"}
    assert now[2, "interest"] == {"cqc": "yes"}
    assert now[2, "views"] == {"quote": "yes"}
    mail = desk.session.scalars(select(MailMessage)).one()
    assert mail.recipient == someone.email
    assert "Your draft now answers the new questionnaire" in mail.body
    assert REASON in mail.body
    assert "Closing time: " in mail.body
    desk.client.sign_in(someone)
    page = desk.client.get(f"/responses/{response.id}/sections/organisation")
    assert 'value="Ann Ltd"' in page.html


def test_what_was_ever_submitted_stays_with_its_version(desk: Desk) -> None:
    response, someone = begun(desk)
    submission = make.submission(desk.session, response)
    desk.session.commit()
    pinned = response.version_id
    next_version(desk)
    publish(desk)
    assert saved(desk, response).keys() == {(1, "organisation"), (1, "views")}
    assert response.version_id == pinned
    assert response.current_submission_id == submission.id
    assert "stays as you submitted it and still counts" in desk.session.scalars(select(MailMessage.body)).one()
    desk.client.sign_in(someone)
    assert "What about barriers?" in desk.client.get(f"/responses/{response.id}/sections/views").text


def open_during_the_move(desk: Desk, someone: Person, path: str, *, without_views: bool = False) -> MultiDict[str, str]:
    """The hidden fields of a page from before a version without the question about barriers, or without its section."""
    desk.client.sign_in(someone)
    opened = desk.client.get(path).hidden()
    desk.client.sign_in(desk.officer)
    next_version(desk)
    if without_views:
        desk.fill("sections", desk.section("views").id, "remove")
    publish(desk, "move")
    desk.client.sign_in(someone)
    opened["csrf_token"] = desk.client.get("/account").hidden()["csrf_token"]
    return opened


def test_what_was_typed_into_a_section_that_is_no_more_is_given_back(desk: Desk) -> None:
    response, someone = begun(desk)
    path = f"/responses/{response.id}/sections/views"
    opened = open_during_the_move(desk, someone, path, without_views=True)
    page = desk.client.post(path, {**opened, "barriers": "No parking.", "then": "continue"}, status=409)
    assert "the buyer published a new version of the questionnaire without this section" in page.text
    assert "What about barriers? No parking." in page.text
    told = desk.client.post(f"{path}/autosave", {**opened, "barriers": "No parking."}, status=409).response.json
    assert told["is_over"]
    assert "without this section" in told["text"]
    desk.client.post(path, {**opened, "version": str(uuid.uuid4())}, status=404)
    desk.client.post(path, {**opened, "version": "none"}, status=404)
    assert desk.client.get(path, status=302).location == f"/responses/{response.id}"
    assert "no longer has that section" in desk.client.get(f"/responses/{response.id}").text
    desk.client.get(f"{path}-of-nobody", status=404)


def test_what_was_typed_for_a_question_that_is_no_more_is_given_back(desk: Desk) -> None:
    response, someone = begun(desk)
    path = f"/responses/{response.id}/sections/views"
    opened = open_during_the_move(desk, someone, path)
    page = desk.client.post(path, {**opened, "barriers": "No parking.", "quote": "no"}, status=409)
    assert "no longer asks for, which is not saved What about barriers? No parking." in page.text


def test_a_moved_draft_still_says_who_wrote_it(desk: Desk) -> None:
    response, someone = begun(desk)
    colleague = make.provider_person(desk.session, someone.memberships[0].organisation)
    before = desk.session.scalars(select(DraftSection).where(DraftSection.response_id == response.id)).all()
    for draft in before:
        draft.earlier_writers = [colleague.id]
    desk.session.commit()
    next_version(desk)
    publish(desk, "move")
    desk.session.expire_all()
    moved = desk.session.scalars(
        select(DraftSection).join(DraftSection.section).where(Section.version_id == desk.version().id)
    ).all()
    assert [(draft.saved_by, draft.earlier_writers) for draft in moved] == [(someone.id, [colleague.id])] * 3


def test_a_page_that_was_open_during_the_move_loses_nothing(desk: Desk) -> None:
    response, someone = begun(desk)
    path = f"/responses/{response.id}/sections/organisation"
    opened = open_during_the_move(desk, someone, path)
    clash = desk.client.post(path, {**opened, "legal_name": "Bob Ltd", "then": "later"}, status=409)
    assert "the buyer published a new version of the questionnaire" in clash.text
    assert "colleague" not in clash.text
    assert "Bob Ltd" in clash.text
    assert "Ann Ltd" in clash.text
    desk.client.post(path, {**clash.hidden(), "legal_name": "Bob Ltd", "then": "later"})
    assert saved(desk, response)[2, "organisation"] == {"legal_name": "Bob Ltd"}


def test_the_database_saves_no_draft_in_a_version_that_was_left(desk: Desk, database: Database) -> None:
    """The save waits for the move that has begun, and then fails in the way that offers to send again."""
    response, _someone = begun(desk)
    left = desk.section("lots")
    next_version(desk)
    newest = desk.version().id

    def save() -> None:
        with database.session() as late:
            late.add(
                DraftSection(
                    response_id=response.id, section_id=left.id, revision=1, answers={}, saved_by=response.started_by
                )
            )
            late.commit()

    with database.session() as moving, ThreadPoolExecutor(1) as pool:
        row = moving.scalars(select(Response).where(Response.id == response.id).with_for_update()).one()
        row.version_id = newest
        moving.flush()
        saving = pool.submit(save)
        wait_until_blocked(moving, saving)
        moving.commit()
        with pytest.raises(OperationalError, match="moved to another version"):
            saving.result(PATIENCE)


def test_new_responses_answer_the_new_version(desk: Desk) -> None:
    next_version(desk)
    publish(desk)
    someone = make.provider_person(desk.session)
    desk.session.commit()
    desk.client.sign_in(someone)
    desk.client.submit(f"/engagements/{desk.engagement.id}/response")
    assert desk.session.scalars(select(Response.version_id)).one() == desk.version().id
    assert "Are pharmacists hard to find?" in desk.client.get(f"/engagements/{desk.engagement.id}/questionnaire").text


def test_a_sealed_engagement_tells_nothing_of_who_has_answered(desk: Desk) -> None:
    next_version(desk)
    desk.session.get_one(type(desk.engagement), desk.engagement.id).sealed = True
    desk.session.commit()
    without = desk.client.get(desk.address("publish")).text
    begun(desk)
    assert desk.client.get(desk.address("publish")).text == without
    assert "Responses are sealed" in without
    publish(desk, "move")
    detail = desk.session.scalars(select(AuditEvent.detail).where(AuditEvent.act == "questionnaire.replaced")).one()
    assert set(detail) == {"number", "reason", "moves_drafts"}


def test_nothing_is_published_that_asks_nothing_or_changes_nothing(desk: Desk) -> None:
    desk.fill("begin", source="published")
    assert "It is the same as the version that is published" in desk.client.get(desk.address("publish")).text
    desk.fill("sections", "add", title="Empty")
    assert "The section “Empty” asks nothing" in publish(desk, status=200).text
    assert desk.version().published_at is None
    desk.fill("begin", source="nothing")
    assert "It has no section yet" in desk.client.get(desk.address("publish")).text


def test_a_draft_engagements_questionnaire_is_published_with_it(client: Client, session: Session) -> None:
    desk = sit_down(client, session)
    desk.fill("begin", source="health")
    page = desk.client.get(desk.address("publish"))
    assert "published with the engagement" in page.text
    assert "Publish version 1" not in page.buttons()


def test_a_closed_engagement_takes_no_new_version(client: Client, session: Session) -> None:
    desk = sit_down(client, session, state="closed")
    assert "The engagement has closed" in desk.outline().text
    page = desk.client.get(desk.address("begin"))
    assert "nobody could answer a new version" in page.text


def test_a_new_question_never_takes_the_key_of_one_that_was_removed(desk: Desk) -> None:
    desk.fill("begin", source="published")
    desk.fill("questions", desk.question("held").id, "remove")
    path = ("sections", desk.section("views").id, "questions", "add", "whole_number")
    desk.fill(*path, wording="Held?", asked_per="response")
    assert desk.order()[-1] == ["barriers", "quote", "held_2"]


def test_the_cells_of_a_table_go_under_their_columns() -> None:
    def rows(*columns: str) -> Question:
        options = [{"value": column, "label": column, "kind": "text"} for column in columns]
        return Question(kind=QuestionKind.ROWS, options=options)

    moved = carried_answer(rows("site", "from", "to"), rows("to", "site", "value"), [["LIV", "1 2024"], ["", "", "x"]])
    assert moved == [["", "LIV", ""], ["x", "", ""]]


def test_two_officers_cannot_publish_one_version_twice(desk: Desk) -> None:
    next_version(desk)
    opened = desk.client.get(desk.address("publish")).hidden()
    publish(desk)
    desk.client.post(desk.address("publish"), {**opened, "reason": REASON}, status=409)
    assert len(desk.session.scalars(select(Section.version_id).distinct()).all()) == 2
