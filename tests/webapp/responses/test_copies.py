"""The copy of a submission as PDF: for the provider who made it and the officers who may read it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.exports.pdf_text import same, text_of
from tests.webapp.responses.conftest import Respondent
from webapp.exports import pdf
from webapp.models import Organisation, Programme, Submission
from webapp.responses.kinds.lots import title_of
from webapp.web.format import moment

LINK = "Download a copy of your answers (PDF)"


@pytest.fixture
def receipt(client: Client, respondent: Respondent) -> str:
    respondent.fill(client)
    client.submit(respondent.section("views"), {"barriers": "Escorts are #late() *often* 🦩"})
    return respondent.submit(client).location


def test_no_more_copies_are_made_at_once_than_leave_room_for_pages(
    client: Client, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest answers take seconds, and anybody may register and ask for theirs again and again."""
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    with pdf.AT_ONCE, pdf.AT_ONCE:
        assert "usually comes back within a minute" in client.get(f"{receipt}/copy.pdf", status=503).text
    for _ in range(3):
        assert client.get(f"{receipt}/copy.pdf").response.mimetype == "application/pdf"


def test_the_receipt_leads_to_a_copy_that_says_what_was_submitted(
    client: Client, session: Session, respondent: Respondent, receipt: str
) -> None:
    answer = client.get(client.get(receipt).links()[LINK]).response
    submission = session.query(Submission).one()
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={submission.reference}.pdf"
    words = text_of(answer.data)
    for text in (
        respondent.engagement.title,
        submission.reference,
        respondent.response.organisation.name,
        f"{moment(submission.submitted_at)}, by Asha Patel",
        "Seaside Health",
        title_of(respondent.lots[0]),
        "4.5",
        "Escorts are #late() *often* [U+1F9A9 FLAMINGO]",
    ):
        assert same(text) in words, text


def test_another_name_of_a_lot_changes_nothing_that_was_submitted(
    client: Client, session: Session, respondent: Respondent, receipt: str
) -> None:
    copy, page = client.get(f"{receipt}/copy.pdf").response.data, client.get(receipt).text
    for title in ("Dental, HMP Elsewhere", "Dental, HMP Nowhere"):
        respondent.lots[0].code, respondent.lots[0].title = "X9", title
        session.commit()
    assert client.get(receipt).text == page
    assert client.get(f"{receipt}/copy.pdf").response.data == copy
    client.submit(respondent.section("views"), {"barriers": "Vetting"})
    later = respondent.submit(client).location
    assert "X9: Dental, HMP Nowhere" in client.get(later).text


def test_a_later_version_leaves_an_earlier_copy_as_it_was(client: Client, respondent: Respondent, receipt: str) -> None:
    before = client.get(f"{receipt}/copy.pdf").response.data
    client.submit(respondent.section("views"), {"barriers": "Escorts are better now"})
    later = respondent.submit(client).location
    assert client.get(f"{receipt}/copy.pdf").response.data == before
    assert same("Escorts are better now") in text_of(client.get(f"{later}/copy.pdf").response.data)


def test_an_officer_gets_the_same_copy(client: Client, session: Session, respondent: Respondent, receipt: str) -> None:
    mine = client.get(f"{receipt}/copy.pdf").response.data
    programme = session.get_one(Programme, respondent.engagement.programme_id)
    officer = factories.officer(session, session.get_one(Organisation, programme.buyer_id))
    session.commit()
    client.sign_in(officer)
    page = client.get(f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}")
    copy = client.get(page.links()["Download a copy of this response (PDF)"])
    assert copy.response.data == mine


def test_another_provider_gets_none(client: Client, session: Session, receipt: str) -> None:
    outsider = factories.provider_person(session)
    session.commit()
    client.sign_in(outsider)
    client.get(f"{receipt}/copy.pdf", status=404)
