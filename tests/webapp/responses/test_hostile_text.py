"""Whatever is typed is stored identical, shown identical, or refused: never changed in silence."""

from __future__ import annotations

from urllib.parse import urlencode

import html5lib
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent
from webapp.models import Answer, DraftSection, MailMessage
from webapp.web.text import is_storable

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\r\n\t\x00\x7f\u202e\u200d\u0301\ufeff\U0001f468\ud83d\udc68<>&'\"=@+-{}%\\"),
    ),
    max_size=60,
)


def normalised(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.fixture
def opened(client: Client, respondent: Respondent) -> MultiDict[str, str]:
    """What the page carries when nothing is saved yet."""
    return client.get(respondent.section("views")).hidden()


def textarea(html: str) -> str:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return str(next(tree.iter("textarea")).text or "")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=HOSTILE)
@example(typed="\n\nbegins with empty lines\r\n")
@example(typed="שלום \u202e 👩‍👩‍👧 =1+1 {{ 7*7 }} <script>alert(1)</script> </textarea>")
@example(typed="NUL \x00")
@example(typed="lone \ud800")
@example(typed="   ")
def test_text_is_stored_as_typed_or_refused(
    client: Client, session: Session, respondent: Respondent, opened: MultiDict[str, str], typed: str
) -> None:
    url, browser = respondent.section("views"), client._client
    session.query(DraftSection).delete()
    session.commit()
    filled = {name: value.encode() for name, value in opened.items()}
    body = urlencode({**filled, "barriers": typed.encode("utf-8", "surrogatepass"), "then": "later"})
    # The checks of pages do not like C1 controls, which are kept and which browsers pass over.
    answer = browser.post(url, data=body, content_type="application/x-www-form-urlencoded")
    session.expire_all()
    saved = session.query(DraftSection).one_or_none()
    if is_storable(typed):
        assert answer.status_code == 302
        assert saved is not None
        assert saved.answers.get("barriers", "") == normalised(typed)
        assert textarea(browser.get(url).get_data(as_text=True)) == normalised(typed)
    else:
        assert answer.status_code == 422
        assert saved is None


def test_hostile_text_comes_through_to_the_submission_the_receipt_and_the_mail(
    client: Client, session: Session, respondent: Respondent
) -> None:
    text = "שלום \u202e 👩‍👩‍👧 =HYPERLINK(1) {{ 7*7 }} <script>alert(1)</script>"
    respondent.fill(client)
    client.submit(respondent.section("organisation"), {"legal_name": text})
    receipt = client.get(respondent.submit(client).location)
    assert text in [answer.value for answer in session.query(Answer)]
    assert text in receipt.text
    assert "<script>alert" not in receipt.html
    assert text in session.query(MailMessage).one().body
