"""What pages and messages say of files is in the catalogue."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.pseudo_locale import CODE, latin_words, pseudo_locale, untranslated
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.engagements.files import PDF
from tests.webapp.responses.conftest import Respondent
from tests.webapp.responses.greek import REFERENCE, make_greek, usable
from webapp.engagements.documents.kinds import Unfit
from webapp.language import speaking
from webapp.responses.files import actions, uploads

FILE = re.compile(r"\.pdf|\bPDF\b")
"""What a file is, in every language."""


@pytest.fixture(scope="module", autouse=True)
def greek_letters(pseudo_translation: Path) -> Iterator[None]:
    with pseudo_locale(pseudo_translation):
        yield


@pytest.fixture
def respondent(session: Session) -> Respondent:
    return make_greek(session)


def said(page: Page) -> Page:
    assert untranslated(FILE.sub("", REFERENCE.sub("", page.html))) == []
    return page


def attach(client: Client, url: str, content: bytes, status: int) -> Page:
    fields = {**client.get(url).hidden(), "file-file": FileStorage(io.BytesIO(content), "Αρχείο.pdf")}
    boundary, body = encode_multipart(fields)
    return client.post(url, body, status=status, content_type=f"multipart/form-data; boundary={boundary}")


def test_pages_with_files(client: Client, respondent: Respondent) -> None:
    client.language = CODE
    for slug, answers in usable(respondent).items():
        client.submit(respondent.section(slug), answers)
    kinds = respondent.section("kinds")
    assert "govuk-error-summary" in said(attach(client, kinds, b"?", 422)).html
    attach(client, kinds, PDF, 302)
    assert "Αρχείο" in said(client.get(kinds)).text
    assert "Αρχείο" in said(client.get(respondent.check)).text
    assert "Αρχείο" in said(client.get(respondent.submit(client).location)).text


def test_why_a_file_cannot_be_kept() -> None:
    reasons = [uploads._unfit(reason, "α") for reason in Unfit]
    limits = [actions._too_many, actions._too_much, actions._too_often, uploads._too_large("α")]
    with speaking(CODE):
        for about in [*reasons, *limits]:
            assert latin_words(about("Ω")) == []
