"""Files of responses that are not taken: every fault named, nothing recorded."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.received.sent_files import ACORN, OAK, ask, file_of, nothing_recorded, preview, record, send
from webapp.models import (
    Engagement,
    Person,
    ResponseImport,
    Submission,
)

FAULTS = {
    "a number that is none": ({7: "many"}, "What about held? must be a number"),
    "too many words": ({8: "word " * 501}, "What about barriers? must be 500 words or fewer"),
    "no organisation": ({0: " "}, "Name of organisation must be filled in"),
    "the same organisation": ({0: "ACORN-care"}, "names the same organisation as line 2"),
    "a date that is none": ({1: "yesterday"}, "Submitted at must be a day"),
    "a date to come": ({1: "31/12/2098"}, "must not be in the future"),
    "a date long ago": ({1: date(2001, 1, 1)}, "must be after the engagement opened"),
    "the error of a formula": ({8: "#N/A"}, "What about barriers? is the error of a formula"),
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


def test_what_an_organisation_submitted_itself_is_a_fault(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    provider = make.provider_person(session, make.provider(session, name="Acorn Care"))
    own = make.submission(session, make.response(session, about, provider))
    session.commit()
    page = preview(client, about, file_of(ACORN, OAK))
    assert "has a response of its own, which is never overwritten" in page.text
    assert session.scalars(select(Submission)).one() == own


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
