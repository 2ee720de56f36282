"""What the columns and words of a file mean: guessed, chosen, explained once, remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.factories.questionnaires import add_questionnaire
from tests.webapp.browser_of_pages import Client
from tests.webapp.received.sent_files import (
    ACORN,
    HEADER,
    OAK,
    ask,
    chosen,
    file_of,
    mapped,
    nothing_recorded,
    preview,
    record,
    send,
    where,
    words_on,
    work,
)
from webapp.models import (
    AskedPer,
    Engagement,
    Interest,
    Lot,
    Measure,
    Person,
    Question,
)
from webapp.received.importing.columns import Column
from webapp.received.importing.columns import chosen as guessed
from webapp.received.importing.jobs import CHANGED


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


def test_an_unfinished_file_opens_where_it_was_left(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    def unfinished() -> str:
        listed = client.get(f"/manage/engagements/{about.id}/received").links()
        [address] = [href for href in listed.values() if href.startswith(f"{where(about)}/")]
        page = client.look(address)
        return page.location if page.status == 302 else address

    columns = send(client, about, file_of(ACORN)).location
    assert unfinished() == columns, "nothing is said yet of its columns"
    mapped(client, columns)
    assert unfinished() == columns.removesuffix("/columns")


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


def test_a_mapping_that_makes_no_sense_is_refused(client: Client, about: Engagement, officer: Person) -> None:
    page = send(client, about, file_of(ACORN)).location
    fields = chosen(client.get(page))
    said = client.submit(page, {**fields, "what-0": "", "what-9": "held", "lot-4": ""}, status=422).text
    assert "Choose the column that names the organisation" in said
    assert "answers the same as another column" in said
    assert "Choose the lot that “D1: What about interest?” is about" in said


def test_an_answer_about_a_lot_that_is_not_asked_about_is_refused_and_not_guessed(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    """Nobody who reads the response would see it, since it shows what can be asked."""
    about = make.engagement(session, about.programme, questionnaire=False)
    first, second = make.lots_of(about)
    version = add_questionnaire(session, about, published=False)
    wanted = next(each for section in version.sections for each in section.questions if each.key == "start_wte")
    wanted.asked_if = {"question": "interest", "is_not": "no", "lots": [str(second.id)]}
    session.flush()
    version.published_at = about.opens_at
    session.commit()
    page = send(client, about, file_of(ACORN)).location
    fields = chosen(client.get(page))
    assert (fields["what-4"], fields["lot-4"], fields["what-6"]) == ("interest", first.code, "")
    given = {**fields, "what-6": "start_wte", "lot-6": first.code}
    refused = client.submit(page, given, status=422)
    assert f"“{wanted.wording}” is not asked about {first.code}. Choose another lot" in refused.text
    client.submit(page, {**given, "lot-6": second.code})


def test_a_column_whose_lot_is_asked_about_no_more_is_not_left_out_unseen(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    """Its officer chose before the lot had another code, and nothing is recorded until they have chosen again."""
    checked = preview(client, about, file_of(ACORN))
    ask(client, checked)
    lot = next(lot for lot in make.lots_of(about) if lot.code == "D1")
    lot.code = "X1"
    session.commit()
    work(client)
    assert nothing_recorded(session)
    at = checked.response.request.path
    assert client.look(at).location == f"{at}/columns"
    page = client.get(f"{at}/columns")
    assert CHANGED in page.text
    assert "What “D1: What about interest?” and “D1: What about start_wte?” answer is not asked any more" in page.text
    assert "It answered “What about interest?” about D1, which is not asked any more" in page.text
    again = mapped(client, f"{at}/columns", **{"what-4": "interest", "lot-4": "X1"})
    assert "Record 1 response" in again.text
    fresh = client.get(send(client, about, file_of(OAK)).location)
    assert "any more" not in fresh.text, "the tool's last file is mapped anew"


@pytest.mark.parametrize(
    ("key", "asked_per", "header", "now"),
    [
        ("held", AskedPer.LOT, "What about held?", "asked about each lot now"),
        ("start_wte", AskedPer.RESPONSE, "D1: What about start_wte?", "not asked about each lot any more"),
    ],
)
def test_a_column_whose_question_is_asked_otherwise_now_is_not_misplaced(
    client: Client,
    session: Session,
    about: Engagement,
    officer: Person,
    key: str,
    asked_per: AskedPer,
    header: str,
    now: str,
) -> None:
    """What is recorded about no lot of a question about lots, or about each of one that is asked once, nobody sees."""
    checked = preview(client, about, file_of(ACORN))
    version = add_questionnaire(session, about, published=False, number=2)
    question = next(each for section in version.sections for each in section.questions if each.key == key)
    question.asked_per = asked_per
    session.flush()
    version.published_at = datetime.now(UTC)
    session.commit()
    at = checked.response.request.path
    page = client.get(client.look(at).location)
    assert f"What “{header}” answers is not asked any more, or not so. Choose again" in page.text
    assert f"which is {now}" in page.text
    mapped(client, f"{at}/columns")
    assert "Record 1 response" in client.get(at).text, "without it, as was chosen"


def test_a_reason_that_was_typed_before_a_column_was_lost_is_not(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    now = datetime.now(UTC)
    about.opens_at, about.closes_at = now - timedelta(days=9), now - timedelta(hours=2)
    session.commit()
    checked = preview(client, about, file_of(ACORN))
    assert "1 response came after the engagement had closed" in checked.text
    next(lot for lot in make.lots_of(about) if lot.code == "D1").code = "X1"
    session.commit()
    sent = {**checked.hidden(), "checked": "y", "late_reason": "The post was late"}
    page = client.post(checked.response.request.path, sent, status=409)
    assert "Nothing has been recorded" in page.text
    assert "answer is not asked any more" in page.text
    assert "The post was late" in page.html
    client.post(checked.response.request.path, {**sent, **page.hidden()}, status=409)
    work(client)
    assert nothing_recorded(session), "also when the page that says so is sent"


def test_two_officers_map_one_file(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    page = send(client, about, file_of(ACORN)).location
    opened = client.get(page)
    fields = {**opened.hidden(), **chosen(opened)}
    client.post_twice(page, fields)
    clash = client.post(page, {**fields, "what-7": ""}, status=409)
    assert "What “What about held?” answers" in clash.text
    client.post_twice(page, {**fields, **clash.hidden(), "what-7": ""})


def test_letters_that_are_a_guess_are_shown_to_check(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    page = send(client, about, "Organisation;What about legal_name?\nAcorn;Café Acorn\n".encode("cp1252"))
    assert "Are these words right? Café" in client.get(page.location).text
