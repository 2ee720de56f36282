"""A file is attached, listed, replaced and fetched again in a browser, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy.orm import Session

from tests import factories as make
from tests.journeys.conftest import OpenDevice
from tests.journeys.respondent import PASSWORD, Respondent, open_signed_in
from tests.webapp.engagements.files import CSV, PDF
from webapp.accounts.actions import set_password
from webapp.db import Database
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import DraftSection, QuestionKind

pytestmark = pytest.mark.browser

SECTION = SectionContent(
    slug="evidence",
    title="Evidence",
    questions=(
        QuestionContent(key="note", kind=QuestionKind.TEXT, wording="Anything to add?"),
        QuestionContent(key="policy", kind=QuestionKind.FILE_UPLOAD, wording="Your policy", hint="If you have one."),
    ),
)


@pytest.fixture
def respondent(database: Database) -> Respondent:
    with database.session() as session:
        return _respondent(session)


def _respondent(session: Session) -> Respondent:
    engagement = make.engagement(session, questionnaire=False)
    add_questionnaire(session, engagement, (SECTION,)).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    person = make.provider_person(session, name="Asha Patel")
    set_password(session, person=person, password=PASSWORD, actor=None)
    response = make.response(session, engagement, person)
    session.commit()
    return Respondent(person, person, f"/responses/{response.id}")


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").last.click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_files_come_with_the_page(
    device: OpenDevice, database: Database, respondent: Respondent, javascript: bool
) -> None:
    visitor = device(javascript=javascript, width=320)
    page, section = visitor.page, respondent.section("evidence")
    open_signed_in(page, respondent.person, section)
    visitor.checked("Evidence")
    page.get_by_label("Anything to add?").fill("See the policy.")
    if javascript:
        expect(page.locator("form").get_by_role("status")).to_have_text(re.compile("^Saved at"))
    page.get_by_label("Attach files").set_input_files([file("program.exe", b"MZ?"), file("policy.pdf", PDF)])
    save(page)
    visitor.checked("Evidence")
    expect(page.get_by_role("alert")).to_contain_text("“program.exe” must be a PDF")
    expect(page.get_by_text("policy.pdf (PDF, 48 bytes)")).to_be_visible()
    expect(page.get_by_label("Anything to add?")).to_have_value("See the policy.")
    page.get_by_label("Remove policy.pdf").check()
    page.get_by_label("Attach more files").set_input_files(file("sites.csv", CSV))
    save(page)
    visitor.checked("Check your answers")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="sites.csv").click()
    assert downloaded.value.path().read_bytes() == CSV
    with database.session() as session:
        [saved] = session.query(DraftSection)
    assert [row[1] for row in saved.answers["policy"]] == ["sites.csv"]
