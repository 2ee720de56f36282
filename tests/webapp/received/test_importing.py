"""Responses imported from a file: columns and words explained once, every fault named, all recorded or none."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from tests.world import run_jobs
from webapp.exports.workbook import Sheet, Value, workbook
from webapp.models import (
    Answer,
    AskedPer,
    AuditEvent,
    Engagement,
    Interest,
    Lot,
    Measure,
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
from webapp.received.importing.columns import Column
from webapp.received.importing.columns import chosen as guessed
from webapp.responses.withdrawing import take_back
from webapp.web.format import LONDON

HEADER = (
    "Name of organisation",
    "Submitted at",
    "What about legal_name?",
    "What about cqc?",
    "D1: What about interest?",
    "D2: What about interest?",
    "D1: What about start_wte?",
    "What about held?",
    "What about barriers?",
    "Internal number",
)
ACORN: tuple[Value, ...] = (
    "Acorn Care",
    None,
    "Acorn Care Ltd",
    "Y",
    "Would bid",
    "would not bid",
    "4.5 WTE",
    2,
    "Vetting",
    17,
)
OAK: tuple[Value, ...] = ("Oak Health", None, "Oak", "no", "Likely to bid", None, 3, None, "=1+1", 18)


def where(about: Engagement, *path: object) -> str:
    return "/".join((f"/manage/engagements/{about.id}/received/import", *map(str, path)))


def file_of(*rows: Sequence[Value], header: Sequence[str] = HEADER) -> bytes:
    return workbook([Sheet("Answers", header, rows)])


def send(
    client: Client, about: Engagement, content: bytes, tool: str = "Forms", status: int | None = 302, **given: Any
) -> Page:
    at = (datetime.now(UTC) - timedelta(hours=1)).astimezone(LONDON)
    fields = {
        "tool": tool,
        "day-day": str(at.day),
        "day-month": str(at.month),
        "day-year": str(at.year),
        "time": f"{at:%H:%M}" if (at.hour, at.minute) != (0, 0) else "00:01",
        "file": (io.BytesIO(content), "answers"),
        **given,
    }
    hidden = dict(client.get(where(about)).hidden())
    return client.post(where(about), {**hidden, **fields}, status=status, content_type="multipart/form-data")


def mapped(client: Client, columns_page: str, **changed: str) -> Page:
    """The preview, once the columns are mapped as the page offers it, but for what is changed."""
    fields: dict[str, Any] = chosen(client.get(columns_page))
    return client.get(client.submit(columns_page, {**fields, **changed}).location)


def chosen(page: Page) -> dict[str, str]:
    return {
        control.get("name"): next(
            (o.get("value", "") for o in control.iter("option") if o.get("selected") is not None), ""
        )
        for control in page.tree.iter("select")
    }


def preview(client: Client, about: Engagement, content: bytes, **changed: str) -> Page:
    return mapped(client, send(client, about, content).location, **changed)


def record(client: Client, page: Page, status: int = 302, **given: str) -> Page:
    """What the officer sees once the worker has done what there was to do."""
    asked = ask(client, page, status=status, **given)
    if status != 302:
        return asked
    work(client)
    return client.get(asked.location)


def ask(client: Client, page: Page, status: int = 302, **given: str) -> Page:
    return client.submit(page.response.request.path, {"checked": "y", **given}, status=status)


def work(client: Client) -> None:
    app = client._client.application
    run_jobs(app.extensions["soundings.database"], app.config["SETTINGS"])


def words_on(page: Page) -> dict[str, str]:
    """The names of the fields that ask what words mean."""
    labels = {label.text.strip(): label.get("for") for label in page.tree.iter("label") if label.text}
    controls = {control.get("id"): control.get("name") for control in page.tree.iter("select")}
    return {said: controls[control] for said, control in labels.items() if said.endswith("means")}


def nothing_recorded(session: Session) -> bool:
    made = (session.scalar(select(func.count()).select_from(kind)) for kind in (Submission, Response, Reception))
    return not any(made)


def test_columns_are_guessed_by_their_names(client: Client, about: Engagement, officer: Person) -> None:
    page = client.get(send(client, about, file_of(ACORN, OAK)).location)
    fields = chosen(page)
    guessed = [(fields[f"what-{place}"], fields[f"lot-{place}"]) for place in range(len(HEADER))]
    assert guessed == [
        ("@organisation", ""),
        ("@received", ""),
        ("legal_name", ""),
        ("cqc", ""),
        ("interest", "D1"),
        ("interest", "D2"),
        ("start_wte", "D1"),
        ("held", ""),
        ("barriers", ""),
        ("", ""),
    ]
    assert "Such as: Acorn Care; Oak Health" in page.text


@pytest.mark.parametrize(
    ("heading", "answers"),
    [
        ("Date sent", ("@received", "")),
        ("Received", ("@received", "")),
        ("Interest D1", ("interest", "D1")),
        ("D2 interest", ("interest", "D2")),
        ("Lot D1 - level of interest", ("interest", "D1")),
        ("Consortium role (D2)", ("role", "D2")),
        ("D1: staff on day 1", ("start_wte", "D1")),
        ("E-mail address", ("contact", "")),
        ("Interest", ("", "")),
    ],
)
def test_a_short_heading_is_guessed_with_the_lot_before_or_after(heading: str, answers: tuple[str, str]) -> None:
    questions = [
        Question(key="interest", wording="Would you bid?", asked_per=AskedPer.LOT, measure=Measure.INTEREST_LEVEL),
        Question(key="role", wording="As what?", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.BIDDING_ROLE),
        Question(key="start_wte", wording="How many?", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_AT_START),
        Question(key="contact", wording="Whom may we write to?", asked_per=AskedPer.RESPONSE),
    ]
    lots = [Lot(code="D1", title="Dental, HMP Site 1"), Lot(code="D2", title="Dental, HMP Site 2")]
    [target] = guessed([Column(0, heading, ())], {}, {}, questions, lots)
    assert (target.what, target.lot) == answers


def test_days_of_a_workbook_are_shown_as_people_write_them(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    row = ("Acorn Care", datetime(2020, 3, 31), *ACORN[2:])  # noqa: DTZ001 - a cell has no zone
    columns = client.get(send(client, about, file_of(row)).location)
    assert "Such as: 31/03/2020" in columns.text
    assert "31/03/2020" in mapped(client, columns.response.request.path).text


def test_all_rows_become_responses(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    page = preview(client, about, file_of(ACORN, OAK))
    assert "Record 2 responses" in page.text
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
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "responses.imported")).one()
    assert event.detail["responses"] == 2
    reading = client.get(f"/manage/engagements/{about.id}/responses/questions/barriers").text
    assert "=1+1" in reading
    assert reading.count("Entered by an officer") == 2


def test_what_was_received_today_is_recorded_today(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    today = datetime.now(LONDON).date()
    table = file_of((*ACORN, datetime.combine(today, time.min)), header=(*HEADER, "Date received"))
    record(client, preview(client, about, table))
    received = session.scalars(select(Submission)).one()
    assert received.submitted_at.astimezone(LONDON).date() == today


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


FAULTS = {
    "a number that is none": ({7: "many"}, "What about held? must be a number"),
    "too many words": ({8: "word " * 501}, "What about barriers? must be 500 words or fewer"),
    "no organisation": ({0: " "}, "Name of organisation must be filled in"),
    "the same organisation": ({0: "ACORN-care"}, "names the same organisation as line 2"),
    "a date that is none": ({1: "yesterday"}, "Submitted at must be a day"),
    "a date to come": ({1: "31/12/2098"}, "must not be in the future"),
    "a date long ago": ({1: date(2001, 1, 1)}, "must be after the engagement opened"),
    "nothing answered": (dict.fromkeys(range(2, 9)), "answers no question"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_by_line_column_and_reason_and_nothing_is_recorded(
    client: Client, session: Session, about: Engagement, officer: Person, case: str
) -> None:
    wrong, said = FAULTS[case]
    row = tuple(wrong.get(place, cell) for place, cell in enumerate(OAK))
    page = preview(client, about, file_of(ACORN, row))
    assert said in page.text
    assert "1 fault" in page.text
    assert "3" in [cell.text for cell in page.tree.iter("th")], "the line of the file"
    assert "Record all" not in page.buttons()
    ask(client, page, status=409)
    assert nothing_recorded(session)


def test_words_that_are_no_option_are_explained_once_and_remembered(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    keen = ("Acorn Care", None, "A", "aye", "Very keen", "No chance", None, None, "Text", 1)
    other = ("Oak Health", None, "O", "Aye!", "very  KEEN", "Would bid", None, None, "Text too", 2)
    page = preview(client, about, file_of(keen, other))
    assert "“Very keen” means" in page.text
    assert "On 2 lines, first on line 2" in page.text
    assert "Record all" not in page.buttons()
    meant = {"“Very keen” means": "would_bid", "“No chance” means": "no", "“aye” means": "yes"}
    where_it_is, fields = page.response.request.path, {name: meant[word] for word, name in words_on(page).items()}
    for name, value in fields.items():  # as if each were a colleague's, who opened the page before the others saved
        client.post(
            where_it_is + "/words", {**page.hidden(where_it_is + "/words"), **dict.fromkeys(fields, ""), name: value}
        )
    record(client, client.get(where_it_is))
    levels = session.scalars(select(Interest.level)).all()
    assert sorted(levels) == ["no", "would_bid", "would_bid", "would_bid"]
    third = ("Elm Trust", None, "E", "aye", "Very keen", "No chance", None, None, "Text", 3)
    renamed = [*HEADER[:8], "Remarks", HEADER[9]]
    again = send(client, about, file_of(third, header=renamed), tool="forms").location
    assert chosen(client.get(again))["what-4"] == "interest"
    assert chosen(client.get(again))["what-8"] == "", "a column that the tool’s last file did not have"
    assert "Record 1 response" in mapped(client, again, **{"what-8": "barriers"}).text, "nothing to explain again"
    assert "means" not in client.get(again.removesuffix("/columns")).text


def test_columns_and_words_of_the_last_file_are_remembered_even_against_the_guess(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    preview(client, about, file_of(ACORN), **{"what-9": "held", "what-7": ""})
    fields = chosen(client.get(send(client, about, file_of(OAK)).location))
    assert (fields["what-9"], fields["what-7"]) == ("held", "")


def test_numbers_or_dates_in_place_of_words_are_pointed_out(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    rows = [
        (f"Provider {n}", None, None, None, None, None, None, None, said, n)
        for n, said in enumerate(("12", date(2026, 1, 2), "Vetting"))
    ]
    page = preview(client, about, file_of(*rows))
    assert "2 doubts" in page.text
    assert "looks like a number" in page.text
    assert "looks like a date" in page.text
    record(client, page)
    assert session.scalar(select(func.count()).select_from(Submission)) == 3


def test_a_closed_question_and_a_column_of_free_text_do_not_fit(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    rows = [(f"Provider {n}", None, None, f"Thought {n}", None, None, None, None, "the same", n) for n in range(60)]
    page = preview(client, about, file_of(*rows))
    assert "60 different words that are no option" in page.text
    assert "has only 1 different answers in 60 rows" in preview(client, about, file_of(*rows), **{"what-3": ""}).text


def test_a_mapping_that_makes_no_sense_is_refused(client: Client, about: Engagement, officer: Person) -> None:
    page = send(client, about, file_of(ACORN)).location
    fields = chosen(client.get(page))
    said = client.submit(page, {**fields, "what-0": "", "what-9": "held", "lot-4": ""}, status=422).text
    assert "Choose the column that names the organisation" in said
    assert "answers the same as another column" in said
    assert "Choose the lot that “D1: What about interest?” is about" in said


def test_what_an_organisation_submitted_itself_is_a_fault(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    provider = make.provider_person(session, make.provider(session, name="Acorn Care"))
    own = make.submission(session, make.response(session, about, provider))
    session.commit()
    page = preview(client, about, file_of(ACORN, OAK))
    assert "has a response of its own, which is never overwritten" in page.text
    assert session.scalars(select(Submission)).one() == own


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


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 110_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02", "must be"),
        (b"%PDF-1.7 x\n%%EOF\n", "must be an XLSX or CSV file"),
        (b"Organisation,Barriers\n", "no rows beneath its header"),
        (bomb(), "unpacks to more than"),
        (file_of(ACORN)[:-40], "damaged"),
    ],
)
def test_hostile_and_broken_files_are_refused(
    client: Client, session: Session, about: Engagement, officer: Person, content: bytes, said: str
) -> None:
    assert said in send(client, about, content, status=422).text
    assert not session.scalars(select(ResponseImport)).all()


def test_text_that_cannot_be_kept_is_refused(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    page = send(client, about, "Organisation,barriers\nAcorn,a\ufffeb\n".encode(), status=None)
    assert page.status == 422
    assert "must be" in page.text


def test_a_file_is_given_up(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    page = send(client, about, file_of(ACORN)).location
    client.submit(page, action=page.replace("/columns", "/discard"))
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


def test_two_officers_map_one_file(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    page = send(client, about, file_of(ACORN)).location
    opened = client.get(page)
    fields = {**opened.hidden(), **chosen(opened)}
    client.post(page, fields)
    clash = client.post(page, {**fields, "what-7": ""}, status=409)
    assert "What “What about held?” answers" in clash.text
