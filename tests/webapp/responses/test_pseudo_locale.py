"""Every page, message and copy of the provider's journey is in the catalogue, in every state of a response."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.pseudo_locale import CODE, latin_words, pseudo_locale, untranslated
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.exports.pdf_text import text_of
from tests.webapp.responses.conftest import Respondent
from tests.webapp.responses.greek import REFERENCE, SECTIONS, make_greek, unusable, usable
from webapp.db import Database
from webapp.models import Engagement, Invitation, MailMessage, Reminder, Response
from webapp.responses.reminders.jobs import remind_all


@pytest.fixture(scope="module", autouse=True)
def greek_letters(pseudo_translation: Path) -> Iterator[None]:
    with pseudo_locale(pseudo_translation):
        yield


@pytest.fixture
def respondent(session: Session) -> Respondent:
    return make_greek(session)


@pytest.fixture
def client(client: Client) -> Client:
    """Signed in, as the respondent's, with a browser that wants the language."""
    client.language = CODE
    return client


@pytest.fixture
def contributor(client: Client, respondent: Respondent) -> Client:
    client.sign_in(respondent.colleague)
    return client


def all_said(page: Page) -> Page:
    assert untranslated(REFERENCE.sub("", page.html)) == []
    return page


def save(client: Client, respondent: Respondent, *slugs: str) -> None:
    for slug in slugs or usable(respondent):
        client.submit(respondent.section(slug), usable(respondent)[slug])


def submit(client: Client, respondent: Respondent) -> str:
    return respondent.submit(client).location


def close(session: Session, respondent: Respondent, at: datetime) -> None:
    session.get_one(Engagement, respondent.engagement.id).closes_at = at
    session.commit()


def test_before_anything_is_begun(client: Client, session: Session, respondent: Respondent) -> None:
    session.delete(session.get_one(Response, respondent.response.id))
    session.commit()
    begin = f"/engagements/{respondent.engagement.id}/response"
    all_said(client.get("/responses"))
    hidden = all_said(client.get(begin)).hidden()
    close(session, respondent, datetime.now(UTC) - timedelta(minutes=3, seconds=5))
    all_said(client.get(begin))
    all_said(client.post(begin, hidden, status=409))


def test_an_engagement_that_is_not_open_yet(client: Client, session: Session, respondent: Respondent) -> None:
    hidden = client.get(respondent.section("organisation")).hidden()
    session.get_one(Engagement, respondent.engagement.id).opens_at = datetime.now(UTC) + timedelta(days=1)
    session.commit()
    all_said(client.get(respondent.url))
    all_said(client.post(respondent.section("organisation"), {**hidden, "legal_name": "Ω"}, status=409))


def test_an_empty_draft(client: Client, respondent: Respondent) -> None:
    for page in ("", "/check", "/sections/organisation", "/sections/interest"):
        all_said(client.get(f"{respondent.url}{page}"))
    all_said(client.get("/responses"))


@pytest.mark.parametrize("left", [timedelta(days=1, hours=3), timedelta(minutes=61), timedelta(seconds=90)])
def test_the_time_that_is_left(client: Client, session: Session, respondent: Respondent, left: timedelta) -> None:
    close(session, respondent, datetime.now(UTC) + left)
    all_said(client.get(respondent.url))


def test_a_filled_draft(client: Client, respondent: Respondent) -> None:
    save(client, respondent)
    for slug in SECTIONS:
        if slug != "about":
            all_said(client.get(respondent.section(slug)))
    all_said(client.get(f"{respondent.section('kinds')}?more=rows"))
    assert "Όνομα" in all_said(client.get(respondent.check)).text
    all_said(client.get(respondent.url))
    all_said(client.submit(respondent.check, status=422))


def test_rows_as_many_as_there_can_be(client: Client, respondent: Respondent) -> None:
    client.submit(respondent.section("kinds"), {f"rows-{number}-site": "Τόπος" for number in range(1, 21)})
    all_said(client.get(f"{respondent.section('kinds')}?more=rows"))


def test_a_section_that_answers_made_unnecessary(client: Client, respondent: Respondent) -> None:
    client.submit(respondent.section("interest"), respondent.levels("no", "no"))
    client.submit(respondent.section("organisation"), {"legal_name": "Ω", "cqc": "no"})
    all_said(client.get(respondent.url))


@pytest.mark.parametrize("place", range(11))
def test_what_is_wrong_with_an_answer(client: Client, respondent: Respondent, place: int) -> None:
    slug, answers = unusable(respondent)[place]
    save(client, respondent, "organisation", "interest")
    refused = all_said(client.submit(respondent.section(slug), answers, status=422))
    assert "govuk-error-summary" in refused.html
    all_said(client.get(respondent.section(slug)))
    all_said(client.get(respondent.check))


def test_answers_that_lead_to_more_questions(client: Client, respondent: Respondent) -> None:
    first = respondent.lots[0]
    save(client, respondent, "organisation", "interest")
    sent = client.get(respondent.section("lots")).hidden()
    client.submit(respondent.section("interest"), respondent.levels("would_bid", "no"))
    client.submit(respondent.section("interest"), respondent.levels("would_bid", "likely"))
    sent.setlist("lots", [str(first.id)])
    sent.setlist("revision", ["0"])
    all_said(client.get(client.post(respondent.section("lots"), {**sent, f"role-{first.id}": "lead"}).location))


def test_a_clash_with_a_colleague(client: Client, session: Session, respondent: Respondent) -> None:
    save(client, respondent, "organisation", "interest")
    old = client.get(respondent.section("kinds")).hidden()
    client.submit(respondent.section("kinds"), {"long": "Άλλα."})
    all_said(client.post(respondent.section("kinds"), {**old, **usable(respondent)["kinds"]}, status=409))


def test_lots_that_are_left_out_and_a_page_that_is_out_of_date(client: Client, respondent: Respondent) -> None:
    save(client, respondent, "organisation", "interest")
    client.submit(respondent.section("lots"), {f"role-{respondent.lots[0].id}": "lead"}, status=422)
    sent = {**all_said(client.get(respondent.check)).hidden(), "declared": "y", "leave_out": "y"}
    client.submit(respondent.section("organisation"), {"legal_name": "Άλλο"})
    all_said(client.post(respondent.check, sent, status=409))


def test_submitted_changed_withdrawn(client: Client, session: Session, respondent: Respondent) -> None:
    save(client, respondent)
    receipt = submit(client, respondent)
    for page in (receipt, respondent.url, respondent.check, f"{respondent.url}/withdraw", "/responses"):
        all_said(client.get(page))
    client.submit(respondent.section("organisation"), {"legal_name": "Άλλο", "then": "later"})
    for page in (respondent.url, "/responses"):
        all_said(client.get(page))
    client.submit(f"{respondent.url}/withdraw")
    for page in (respondent.url, receipt, "/responses"):
        all_said(client.get(page))
    assert len(mails(session)) == 2
    assert [latin_words(said) for said in mails(session)] == [[], []]


def test_a_contributors_pages(contributor: Client, session: Session, respondent: Respondent) -> None:
    save(contributor, respondent)
    all_said(contributor.get(respondent.check))
    contributor.submit(respondent.check, action=f"{respondent.check}/ask")
    all_said(contributor.get(respondent.url))
    factories.submission(session, session.get_one(Response, respondent.response.id))
    session.commit()
    page = f"{respondent.url}/withdraw"
    all_said(contributor.get(page))
    all_said(contributor.post(page, contributor.get(page).hidden(f"{page}/ask"), status=403))
    contributor.submit(page, action=f"{page}/ask")
    all_said(contributor.get(respondent.url))
    assert [latin_words(said) for said in mails(session)] == [[], []]


def test_after_the_deadline(client: Client, session: Session, respondent: Respondent) -> None:
    save(client, respondent)
    receipt = submit(client, respondent)
    sent = client.get(respondent.section("kinds")).hidden()
    close(session, respondent, datetime.now(UTC) - timedelta(hours=2))
    all_said(client.post(respondent.section("kinds"), {**sent, **usable(respondent)["kinds"]}, status=409))
    for page in (respondent.url, respondent.check, receipt, "/responses"):
        all_said(client.get(page))


def test_what_a_page_is_told_that_saves_itself(client: Client, session: Session, respondent: Respondent) -> None:
    section = respondent.section("organisation")
    sent = client.get(section).hidden()

    def told(status: int, **typed: Any) -> None:
        answer = client.post(f"{section}/autosave", {**sent, **typed}, status=status).response.get_json()
        assert answer["text"]
        assert latin_words(answer["text"]) == []

    told(200, legal_name="Όνομα")
    told(422, legal_name="\x00")
    told(409, legal_name="Άλλο")
    client.sign_in(respondent.colleague)
    sent["csrf_token"] = client.get(section).hidden()["csrf_token"]
    told(409, legal_name="Άλλο")
    close(session, respondent, datetime.now(UTC) - timedelta(seconds=1))
    told(409, legal_name="Άλλο")


def test_a_copy(client: Client, session: Session, respondent: Respondent) -> None:
    session.get_one(Response, respondent.response.id).synthetic = True
    session.commit()
    save(client, respondent)
    client.submit(respondent.section("organisation"), {"legal_name": "Όνομα \N{GRINNING FACE}"})
    octets = client.get(f"{submit(client, respondent)}/copy.pdf").response.data
    said = REFERENCE.sub("", text_of(octets)).replace("[U+1F600GRINNINGFACE]", "")
    assert latin_words(said) == []
    assert b"/Lang(el-GB)" in octets.replace(b" ", b"")


def test_reminders_and_how_to_stop_them(
    client: Client, session: Session, respondent: Respondent, database: Database
) -> None:
    engagement = session.get_one(Engagement, respondent.engagement.id)
    engagement.opens_at = datetime.now(UTC) - timedelta(days=8)
    engagement.closes_at = engagement.opens_at + timedelta(days=10)
    response = session.get_one(Response, respondent.response.id)
    response.started_at = engagement.opens_at
    invited = factories.provider_person(session, factories.provider(session, name="Άλλος"), name="Ζωή", language=CODE)
    session.add(
        Invitation(
            engagement_id=engagement.id,
            organisation_id=invited.memberships[0].organisation_id,
            person_id=invited.id,
            email=invited.email,
            sent_at=engagement.opens_at,
        )
    )
    session.commit()
    two_days, two_hours = (engagement.closes_at - before for before in (timedelta(days=2), timedelta(hours=2)))
    remind_all(database, base_url="http://localhost", now=two_days)
    factories.submission(session, response, submitted_at=engagement.opens_at)
    factories.draft(session, response, "organisation", {"legal_name": "Όνομα"})
    session.commit()
    remind_all(database, base_url="http://localhost", now=two_hours)
    said = mails(session)
    assert len(said) == 3, "of what was not begun, not submitted, and changed"
    assert [latin_words(each) for each in said] == [[], [], []]
    [stop] = {address for each in said[:1] for address in re.findall(r"/reminders/\S+", each)}
    client.sign_out()
    all_said(client.get(stop))
    [told] = client.get(client.submit(stop).location).tree.findall(".//p[@class='govuk-notification-banner__heading']")
    assert latin_words(told.text) == []
    assert session.query(Reminder).count() == 3


def mails(session: Session) -> list[str]:
    session.expire_all()
    return [REFERENCE.sub("", f"{mail.subject}\n{mail.body}") for mail in session.scalars(select(MailMessage))]
