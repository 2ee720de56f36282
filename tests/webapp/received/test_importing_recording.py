"""Recording the responses of a file: all or none, as it was checked, and once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, event, func, select, text
from sqlalchemy.orm import Session

from tests import factories as make
from tests.factories.questionnaires import add_questionnaire
from tests.webapp.browser_of_pages import Client
from tests.webapp.received.sent_files import (
    ACORN,
    OAK,
    ask,
    chosen,
    file_of,
    nothing_recorded,
    preview,
    record,
    send,
    work,
)
from webapp.db import Database
from webapp.models import (
    Answer,
    AuditEvent,
    Engagement,
    Interest,
    MailMessage,
    Organisation,
    Person,
    Question,
    ReceivedHow,
    Reception,
    Response,
    ResponseImport,
    Submission,
    TeamMember,
)
from webapp.received.importing import routes
from webapp.responses.withdrawing import take_back
from webapp.web.format import LONDON


def test_all_rows_become_responses(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    page = preview(client, about, file_of(ACORN, OAK))
    assert "Record 2 responses" in page.text
    assert "Line 2 as it would be recorded: Acorn Care" in page.text
    assert "What about start_wte? D1 4.5" in page.text
    assert "2 organisations you have not met here before" in page.text
    assert nothing_recorded(session), "a preview records nothing"
    record(client, page)
    first, other = (lot.id for lot in make.lots_of(about))
    acorn, oak = session.scalars(
        select(Submission).join(Submission.reception).order_by(Reception.organisation_name)
    ).all()
    said = {(answer.question.key, answer.lot_id): answer.value for answer in acorn.answers}
    assert said == {
        ("legal_name", None): "Acorn Care Ltd",
        ("cqc", None): True,
        ("interest", first): "would_bid",
        ("interest", other): "no",
        ("start_wte", first): 4.5,
        ("held", None): 2,
        ("barriers", None): "Vetting",
    }
    assert {answer.value for answer in oak.answers} >= {"=1+1"}, "what looks like a formula is text"
    assert len(session.scalars(select(Interest)).all()) == 3
    assert acorn.reception is not None
    assert (acorn.reception.how, acorn.reception.sent_by) == (ReceivedHow.TOOL, "Forms")
    assert acorn.response.current_submission_id == acorn.id
    imported = session.scalars(select(AuditEvent).where(AuditEvent.act == "responses.imported")).one()
    assert imported.detail["responses"] == 2
    reading = client.get(f"/manage/engagements/{about.id}/responses/questions/barriers").text
    assert "=1+1" in reading
    assert reading.count("Entered by an officer") == 2


def test_nobody_who_writes_to_the_record_waits_for_the_mails_of_a_file(
    client: Client, session: Session, database: Database, about: Engagement, officer: Person
) -> None:
    for name in ("Acorn Care", "Oak Health"):
        make.invitation(session, about, make.provider_person(session, make.provider(session, name=name)))
    session.commit()
    page = preview(client, about, file_of(ACORN, OAK))
    free = []

    def ask_for_the_record(*_mail: object) -> None:
        with database.session() as other:
            free.append(other.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('audit_event'))")))

    event.listen(MailMessage, "before_insert", ask_for_the_record)
    try:
        record(client, page)
    finally:
        event.remove(MailMessage, "before_insert", ask_for_the_record)
    assert free == [True, True]


def test_what_was_received_today_is_recorded_today(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    today = datetime.now(LONDON).date()
    name, _, *answers = ACORN
    record(client, preview(client, about, file_of((name, datetime.combine(today, time.min), *answers))))
    received = session.scalars(select(Submission)).one()
    assert received.submitted_at.astimezone(LONDON).date() == today
    assert received.submitted_at > session.scalars(select(ResponseImport.received_at)).one(), "not when the file was"


def test_the_worker_records_it_once_however_often_it_is_asked(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    page = preview(client, about, file_of(ACORN, OAK))
    where_it_is = page.response.request.path
    client.post(where_it_is, {**page.hidden(), "checked": "y"})
    waiting = client.post(where_it_is, {**page.hidden(), "checked": "y"}, status=200)  # a double click
    assert "Waiting for a worker to begin" in waiting.text
    assert nothing_recorded(session), "asking records nothing by itself"
    for path in ("/columns", "/words", "/discard"):  # nothing of it may change while the worker has it
        left = client.post(where_it_is + path, waiting.hidden())
        assert left.location == where_it_is
    work(client)
    work(client)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Submission)) == 2
    assert "Every response in the file is recorded" in client.get(where_it_is).text
    told = client.get(where_it_is + "/progress").response.get_json()
    assert told == {"text": "Every response in the file is recorded.", "finished": True}


def an_own_response(session: Session, about: Engagement, officer: Person) -> None:
    make.submission(
        session, make.response(session, about, make.provider_person(session, make.provider(session, name="Acorn Care")))
    )


def a_name_that_is_known_now(session: Session, about: Engagement, officer: Person) -> None:
    make.response(session, about, make.provider_person(session, make.provider(session, name="Acorn Care")))


def an_earlier_closing(session: Session, about: Engagement, officer: Person) -> None:
    about.closes_at = datetime.now(UTC) - timedelta(hours=5)


def another_meaning(session: Session, about: Engagement, officer: Person) -> None:
    session.scalars(select(ResponseImport)).one().revision += 1


def no_more_role(session: Session, about: Engagement, officer: Person) -> None:
    session.execute(delete(TeamMember).where(TeamMember.person_id == officer.id))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (an_own_response, "Something has changed"),
        (a_name_that_is_known_now, "Something has changed"),
        (an_earlier_closing, "Something has changed"),
        (another_meaning, "Something has changed"),
        (no_more_role, "may not record responses here any more"),
    ],
)
def test_what_is_not_as_it_was_checked_is_not_recorded(
    client: Client,
    session: Session,
    about: Engagement,
    officer: Person,
    change: Callable[[Session, Engagement, Person], None],
    said: str,
) -> None:
    ask(client, preview(client, about, file_of(ACORN, OAK)))
    change(session, about, officer)
    session.commit()
    before = session.scalar(select(func.count()).select_from(Submission))
    work(client)
    session.rollback()
    kept = session.scalars(select(ResponseImport)).one()
    assert said in (kept.failure or "")
    assert kept.recorded_at is None
    assert session.scalar(select(func.count()).select_from(Submission)) == before
    assert not session.scalars(select(Reception)).all()


def test_after_a_refusal_the_file_is_looked_at_and_recorded_again(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    page = preview(client, about, file_of(ACORN, OAK))
    ask(client, page)
    another_meaning(session, about, officer)
    session.commit()
    work(client)
    again = client.get(page.response.request.path)
    assert "Something has changed since the file was checked" in again.text
    assert "Every response in the file is recorded" in record(client, again).text


@pytest.mark.parametrize("looked_at", ["/columns", "/words"])
def test_a_refusal_is_over_once_the_officer_has_looked_and_saved(
    client: Client, session: Session, about: Engagement, officer: Person, looked_at: str
) -> None:
    page = preview(client, about, file_of(ACORN, OAK))
    ask(client, page)
    another_meaning(session, about, officer)
    session.commit()
    work(client)
    where_it_is = page.response.request.path
    fields = chosen(client.get(where_it_is + "/columns")) if looked_at == "/columns" else {}
    client.post(where_it_is + looked_at, {**client.get(where_it_is + "/columns").hidden(), **fields})
    saved = client.get(where_it_is)
    assert "Something has changed" not in saved.text
    assert "Record 2 responses" in saved.text, "nor is it under way again"


def test_a_worker_that_dies_at_its_last_attempt_leaves_the_file_to_the_officer(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    page = preview(client, about, file_of(ACORN, OAK))
    ask(client, page)
    session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', attempts = 2 WHERE status = 'todo'"))
    session.commit()
    work(client)
    again = client.get(page.response.request.path)
    assert "Nothing has been recorded. What went wrong is in the server’s log" in again.text
    assert "Every response in the file is recorded" in record(client, again).text


def test_what_a_colleague_changed_after_the_page_was_opened_is_not_recorded(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    opened = preview(client, about, file_of(ACORN, OAK))
    where_it_is = opened.response.request.path
    columns = client.get(where_it_is + "/columns")
    client.post(where_it_is + "/columns", {**columns.hidden(), **chosen(columns), "what-7": ""})
    sent = {**opened.hidden(), "checked": "y", "late_reason": "As it was typed"}
    shown = client.post(where_it_is, sent, status=409)
    assert "What the file would record changed after you had opened this page" in shown.text
    assert not [box for box in shown.tree.iter("input") if box.get("checked") is not None], "to be ticked again"
    assert session.scalars(select(ResponseImport)).one().asked_at is None
    client.post(where_it_is, {**shown.hidden(), "checked": "y"}, status=302)
    work(client)
    assert "held" not in session.scalars(select(Question.key).join(Answer)).all()
    assert session.scalar(select(func.count()).select_from(Submission)) == 2


def test_a_reason_that_is_not_asked_for_any_more_can_be_copied(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    now = datetime.now(UTC)
    about.opens_at, about.closes_at = now - timedelta(days=9), now - timedelta(hours=2)
    session.commit()
    opened = preview(client, about, file_of(ACORN))
    about.closes_at = now + timedelta(days=2)
    session.commit()
    where_it_is = opened.response.request.path
    columns = client.get(where_it_is + "/columns")
    client.post(where_it_is + "/columns", {**columns.hidden(), **chosen(columns), "what-7": ""})
    sent = {**opened.hidden(), "checked": "y", "late_reason": "The post was late"}
    shown = client.post(where_it_is, sent, status=409)
    assert not list(shown.tree.iter("textarea"))
    assert "copy it if you still need it: The post was late" in shown.text


@pytest.mark.parametrize("has_people", [False, True])
def test_what_was_taken_back_is_imported_again_unless_its_own_people_took_it_back(
    client: Client, session: Session, about: Engagement, officer: Person, *, has_people: bool
) -> None:
    record(client, preview(client, about, file_of(ACORN, OAK)))
    session.rollback()
    of_acorn = select(Response).join(Response.organisation).where(Organisation.name == "Acorn Care")
    response = session.scalars(of_acorn).one()
    if has_people:
        make.provider_person(session, response.organisation)
    take_back(session, response=response, now=datetime.now(UTC))
    session.commit()
    page = preview(client, about, file_of(ACORN, OAK))
    assert ("has a response of its own, which is never overwritten" in page.text) is has_people


def test_the_same_file_again_makes_new_versions_of_the_same_responses(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    for _ in range(2):
        record(client, preview(client, about, file_of(ACORN, OAK)))
    assert sorted(session.scalars(select(Submission.number))) == [1, 1, 2, 2]
    assert session.scalar(select(func.count()).select_from(Response)) == 2
    names = session.scalars(select(Organisation.name).where(Organisation.party == "provider")).all()
    assert sorted(names) == ["Acorn Care", "Oak Health"]


def test_what_an_earlier_version_of_the_questionnaire_was_answered_stays_to_be_read(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    record(client, preview(client, about, file_of(ACORN)))
    version = add_questionnaire(session, about, published=False, number=2)
    version.published_at = datetime.now(UTC)
    session.commit()
    record(client, preview(client, about, file_of((*ACORN[:7], 3, "Pensions", 17))))
    session.rollback()
    before, after = session.scalars(select(Submission).order_by(Submission.number))
    reader = make.provider_person(session, before.response.organisation)
    session.commit()
    client.sign_in(reader)
    receipts = f"/responses/{before.response_id}/receipts"
    first, second = (client.get(f"{receipts}/{each.id}").text for each in (before, after))
    assert "What about barriers? Vetting" in first
    assert "What about barriers? Pensions" in second


def test_late_rows_need_a_reason_that_goes_into_the_log(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    now = datetime.now(UTC)
    about.opens_at, about.closes_at = now - timedelta(days=9), now - timedelta(days=2)
    session.commit()
    early, late = ((now - timedelta(days=days)).astimezone(LONDON) for days in (3, 1))
    rows = [(name, f"{at:%d/%m/%Y %H:%M}", *ACORN[2:]) for name, at in (("Early", early), ("Late", late))]
    page = preview(client, about, file_of(*rows))
    assert "1 response came after the engagement had closed" in page.text
    assert "Enter why the late ones are accepted" in record(client, page, status=422).text
    record(client, page, late_reason="The tool was slow to export")
    reasons = {row[0]: row[1] for row in session.execute(select(Reception.organisation_name, Reception.late_reason))}
    assert reasons == {"Early": None, "Late": "The tool was slow to export"}
    assert "The tool was slow to export" in client.get(f"/programmes/{about.programme_id}/record").text


def test_a_csv_file_is_read_as_well(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    lines = ["Organisation;D1 interest?;barriers", "Acorn Care;Would bid;=cmd|'/C calc'!A0", ""]
    page = preview(
        client, about, "\r\n".join(lines).encode(), **{"what-1": "interest", "lot-1": "D1", "what-2": "barriers"}
    )
    record(client, page)
    assert "=cmd|'/C calc'!A0" in session.scalars(select(Answer.value)).all()
    responses = f"/manage/engagements/{about.id}/responses"
    text = client.submit(responses, action=f"{responses}/file/csv", status=200).response.get_data(as_text=True)
    assert not [line for line in text.splitlines() if line.startswith(("=", "+", "-", "@"))]
    assert ",=cmd" not in text


def test_a_file_is_given_up(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    page = send(client, about, file_of(ACORN)).location
    give_up = client.get(page).links()["Give up this file"]
    assert "what was chosen for its columns" in client.get(give_up).text
    client.get(page)  # asking takes nothing away
    client.submit(give_up)
    client.get(page, status=404)


def test_a_file_given_up_twice_at_once_is_not_found(
    client: Client, session: Session, about: Engagement, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = send(client, about, file_of(ACORN)).location
    discard, fields = page.replace("/columns", "/discard"), client.get(page).hidden()
    find = routes._import

    def found_and_then_gone(*asked: uuid.UUID) -> ResponseImport:
        found = find(*asked)
        session.execute(delete(ResponseImport))
        session.commit()
        return found

    monkeypatch.setattr(routes, "_import", found_and_then_gone)
    client.post(discard, fields, status=404)


def test_a_correction_says_what_it_would_not_record(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    """A file is recorded whatever the conditions are; what a correction records is what its answers have asked."""
    about = make.engagement(session, about.programme, questionnaire=False)
    version = add_questionnaire(session, about, published=False)
    asked = {question.key: question for section in version.sections for question in section.questions}
    asked["barriers"].asked_if = {"question": "cqc", "is": "no"}
    asked["start_wte"].asked_if = {"question": "interest", "is": "likely"}
    session.flush()
    version.published_at = about.opens_at
    session.commit()
    record(client, preview(client, about, file_of(ACORN)))
    [recorded] = session.scalars(select(Submission)).all()
    reading = f"/manage/engagements/{about.id}/responses/{recorded.response_id}"
    correct = f"/manage/engagements/{about.id}/received/{recorded.response_id}/correct"
    entry = client.submit(reading, action=correct).location
    check = client.get(f"{entry}/check").text
    left_out = check[check.index("What is not recorded") :]
    assert "Vetting" in left_out
    assert "4.5" in left_out
    section = next(section for section in version.sections if asked["cqc"] in section.questions)
    client.submit(f"{entry}/sections/{section.slug}", {"legal_name": "Acorn Care Ltd", "cqc": "no"})
    check = client.get(f"{entry}/check").text
    assert "Vetting" in check[: check.index("What is not recorded")]
