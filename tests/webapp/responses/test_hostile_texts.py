"""One corpus of hostile texts through the whole house: each is the same wherever it is read again, or was refused."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.exports.pdf_text import same, text_of
from tests.webapp.responses.conftest import Respondent
from webapp.models import Answer, DraftSection, MailMessage, Organisation, Programme

PLAIN = {
    "right to left": "שלום, مرحبا \u202eabc\u202c\u200f end",
    "combining": "e\u0301 n\u0303 \u1e69 s\u0323\u0307 Z\u0351\u036b\u0343 \ufb01",
    "marks from right to left": "\u202e\u84ba\u036a\u200b \u0645\u0e31\u0301\u200c",
    "emoji joined": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇬🇧",
    "outside the first plane": "𝒳 𠜎 \U0001f9a9",
    "lone line feed": "first\nsecond\n\nfourth",
    "blanks kept": "  indented\tand spaced \u00a0\u2003 out",
    "spreadsheet formula": '=HYPERLINK("https://evil.example","x") +1 -1 @SUM(A1) \t=cmd|calc',
    "HTML": "<script>alert(1)</script> </textarea><img src=x onerror=alert(1)> &amp; &#39; <!-- ]]>",
    "template": "{{ 7*7 }} {% raw %} ${7*7} #{7*7} %(name)s {0} %s %",
    "SQL": "'; DROP TABLE answer; -- \\' \\x27 $$ ; SELECT pg_sleep(9)",
    "Typst": '#read("/etc/passwd") *bold* _x_ $x$ @ref <label> `raw` // \\ ~ = heading',
    "JSON": '{"a": "\\u0000", "b": [null]} \\u202e \\ud800',
    "paths and shells": "../../etc/passwd; `id` $(id) %0d%0aSet-Cookie: a=b",
    "look-alikes": "ℌ Ⅷ ① ﬀ ſ K İ ı ß ẞ \u00ad\u200b\ufeff end",
    "20,000 characters": ("dental-nurses-leave-secure-settings-for-the-coast " * 400)[:19_999] + "é",
}
LINE_ENDS = {"lone CR": "one\rtwo", "CR LF": "one\r\ntwo", "mixed": "one\r\n\rtwo\n\r\nthree"}
REFUSED = {
    "NUL": b"before\x00after",
    "not UTF-8": b"before\xffafter",
    "half a surrogate pair": b"before\xed\xa0\x80after",
    "C1 control": "before\x85after".encode(),
    "non-character": "before\uffffafter".encode(),
    "too long even for a draft": b"x" * 50_001,
}
ASKED = "barriers"


@pytest.fixture
def officer_client(client: Client, session: Session, respondent: Respondent) -> Client:
    programme = session.get_one(Programme, respondent.engagement.programme_id)
    officer = factories.officer(session, session.get_one(Organisation, programme.buyer_id))
    session.commit()
    other = Client(client.app, client.database)
    other.sign_in(officer)
    return other


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in PLAIN.items()])
def test_it_reads_the_same_everywhere(
    client: Client, officer_client: Client, session: Session, respondent: Respondent, text: str
) -> None:
    respondent.fill(client)
    client.submit(respondent.section("views"), {ASKED: text})
    assert textarea(client.get(respondent.section("views"))) == text
    assert session.query(DraftSection).filter(DraftSection.answers.has_key(ASKED)).one().answers[ASKED] == text
    assert text in words(client.get(respondent.check))

    receipt = respondent.submit(client).location
    assert text in [answer.value for answer in session.query(Answer)]
    assert text in words(client.get(receipt))
    assert text in session.query(MailMessage).one().body
    download = client.get("/account/data.json").response
    assert text in strings(json.loads(download.data))
    read = f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}"
    assert text in words(officer_client.get(read))
    assert not unsaid(text, client.get(f"{receipt}/copy.pdf").response.data)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in LINE_ENDS.items()])
def test_line_ends_become_one_kind_as_in_every_browser(
    client: Client, session: Session, respondent: Respondent, text: str
) -> None:
    respondent.fill(client)
    client.submit(respondent.section("views"), {ASKED: text})
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    respondent.submit(client)
    assert lines in [answer.value for answer in session.query(Answer)]


@pytest.mark.parametrize("octets", [pytest.param(octets, id=name) for name, octets in REFUSED.items()])
def test_it_is_refused_with_a_message_and_given_back(
    client: Client, session: Session, respondent: Respondent, octets: bytes
) -> None:
    page = respondent.section("views")
    hidden = [(name.encode(), value.encode()) for name, value in client.get(page).hidden().items()]
    sent = [*hidden, (ASKED.encode(), octets)]
    body = b"&".join(name + b"=" + b"".join(b"%%%02X" % octet for octet in value) for name, value in sent)
    answer = client.post(page, body, status=422, content_type="application/x-www-form-urlencoded")
    assert "There is a problem" in answer.text
    assert textarea(answer).startswith("before" if b"before" in octets else "xxx")
    assert session.query(DraftSection).count() == 0


def textarea(page: Page) -> str:
    return str(next(page.tree.iter("textarea")).text or "")


def words(page: Page) -> str:
    """Every character that the page shows, none folded; a line that is broken is a line end."""
    tree = page.tree
    for line_break in tree.iter("br"):
        line_break.text = "\n"
    return "".join(tree.itertext())


def unsaid(text: str, pdf: bytes) -> set[str]:
    """The characters of a text that its copy neither shows nor names."""
    said = composed(text_of(pdf))
    visible = {each for each in composed(same(text)) if each.isprintable()}
    return {each for each in visible if each not in said and f"[U+{ord(each):04X}" not in said}


def composed(text: str) -> str:
    """As fonts set it: a letter and its accents are one where Unicode says that they are the same."""
    return unicodedata.normalize("NFC", text)


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)
