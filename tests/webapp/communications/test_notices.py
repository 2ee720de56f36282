"""Notices: every field that the law lists, what is missing, and the files to paste from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp.communications.notices.fields import NOTICES, PSR, UK2, Notice
from webapp.models import Engagement, EngagementLot, NoticeFacts, Organisation, Party

# Procurement Regulations 2024, regulation 17(2) with what regulation 13 puts under (a).
REGULATION_17 = (
    "13(a)",
    "13(c)",
    "13(d)",
    "13(e)(i)",
    "13(e)(ii)",
    "13(e)(iii)",
    "13(e)(iv)",
    "13(f)",
    "17(2)(a)",
    "17(2)(b)",
    "17(2)(c)",
    "17(2)(d)",
    "17(2)(e)",
    "17(2)(f)",
    "17(2)(f)(i)",
    "17(2)(f)(ii)",
)
# What the notices of Schedules 3 and 10 of the Provider Selection Regime Regulations 2023 share before there is a
# provider: title and reference, the services with a CPV code, and the approximate lifetime value.
PSR_SHARED = ("paragraph 2", "paragraph 4", "paragraph 5", "paragraph 6")
FACTS = {
    "procurement_identifier": "ocds-h6vhtk-04f000",
    "cpv_codes": "85130000-9, 85120000",
    "buyer_identifier": "PABC-1234-DEFG",
    "buyer_address": "1 High Street\nLeeds",
    "buyer_email": "buyer@example.org",
    "contact_name": "Ann Price",
    "contact_address": "2 Low Street, Leeds",
}


def began(client: Client, session: Session, *, agent: bool = False) -> Engagement:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    if agent:
        programme.agent = make.buyer(session, name="Agency", party=Party.PROCURING_AGENT)
    about = make.engagement(session, programme)
    session.commit()
    client.sign_in(officer)
    return about


def facts_of(about: Engagement) -> str:
    return f"/programmes/{about.programme_id}/notices/facts"


def notice(client: Client, about: Engagement, slug: str = "uk2", kind: str = "") -> Page:
    return client.get(f"/manage/engagements/{about.id}/notices/{slug}{kind}")


@pytest.mark.parametrize(("written", "listed"), [(UK2, REGULATION_17), (PSR, PSR_SHARED)])
def test_every_field_that_the_law_lists_is_in_the_notice(written: Notice, listed: tuple[str, ...]) -> None:
    sources = " ".join(f"{field.source} " for field in written.fields)
    assert [place for place in listed if place not in sources] == []


@pytest.mark.parametrize("slug", list(NOTICES))
def test_every_field_stands_on_the_page_and_in_both_files(client: Client, session: Session, slug: str) -> None:
    about = began(client, session, agent=True)
    for kind in ("", "/text", "/document"):
        shown = notice(client, about, slug, kind)
        text = shown.html if kind == "/text" else shown.text
        assert shown.response.headers["Content-Type"].count("charset") == 1
        assert [field.title for field in NOTICES[slug].fields if field.title not in text] == []


def test_the_agent_is_named_only_where_there_is_one(client: Client, session: Session) -> None:
    assert "Acting for the authority" not in notice(client, began(client, session)).text


def test_what_is_missing_is_named_until_it_is_filled_in(client: Client, session: Session) -> None:
    about = began(client, session)
    page = notice(client, about)
    assert "Nothing is in 7 required fields yet" in page.text
    assert "[Missing]" in notice(client, about, kind="/text").html
    linked = {words: href for words, href in page.links().items() if words.startswith("Facts for notices: ")}
    form = client.get(facts_of(about)).tree
    controls = {control.get("id") for name in ("input", "textarea") for control in form.iter(name)}
    assert [href.partition("#")[0] for href in linked.values()] == [facts_of(about)] * 7
    assert {href.partition("#")[2] for href in linked.values()} == set(FACTS) <= controls
    wrong = client.submit(facts_of(about), {**FACTS, "cpv_codes": "dental"}, status=422)
    assert "A CPV code is 8 numbers" in wrong.text
    client.submit(facts_of(about), FACTS)
    page = notice(client, about)
    assert "every required field says something" in page.text
    assert "ocds-h6vhtk-04f000" in page.text
    text = notice(client, about, kind="/text").html
    assert "Contract subject-matter\nPrison health services.\nLot D1: Dental, HMP Site 1\n" in text
    assert "[Missing]" not in text


def test_what_an_engagement_without_lots_cannot_say_leads_to_the_choice_of_lots(
    client: Client, session: Session
) -> None:
    about = began(client, session)
    about.published_at = None
    session.execute(delete(EngagementLot))
    session.commit()
    links = notice(client, about, "psr").links()
    edit = f"/manage/engagements/{about.id}/edit"
    for field in ("What is to be bought", "When services are to start"):
        assert links[f"The engagement’s draft: {field}"] == f"{edit}#lots"
    assert client.get(edit).tree.find(".//input[@id='lots']") is not None


def test_events_and_periods_stand_in_the_notice(client: Client, session: Session) -> None:
    about = began(client, session)
    assert "No event is planned" in notice(client, about).text
    make.event(session, about, title="Market day", capacity="60 people")
    session.commit()
    text = notice(client, about).text
    assert "Market day" in text
    assert "Town hall. 60 people" in text
    assert "Expressions of interest and information: from" in text


@pytest.mark.parametrize("slug", list(NOTICES))
def test_who_reads_a_notice_in_the_portal_finds_the_engagement(client: Client, session: Session, slug: str) -> None:
    about = began(client, session)
    address = f"http://localhost/engagements/{about.id}"
    for kind in ("", "/text", "/document"):
        assert f"ask questions at {address}" in notice(client, about, slug, kind).html
    about.opens_at, about.closes_at = (moment - timedelta(days=90) for moment in (about.opens_at, about.closes_at))
    session.commit()
    assert f"What was asked, and what came of it: {address}" in notice(client, about, slug).text


def test_a_regime_notice_has_one_cpv_code_and_a_uk2_all(client: Client, session: Session) -> None:
    about = began(client, session)
    client.submit(facts_of(about), FACTS)
    assert "Most relevant CPV code\n85130000-9\n\n" in notice(client, about, "psr", "/text").html
    assert "CPV codes\n85130000-9, 85120000\n\n" in notice(client, about, "uk2", "/text").html


def test_the_lines_of_the_plain_text_end_alike(client: Client, session: Session) -> None:
    about = began(client, session)
    client.submit(facts_of(about), {**FACTS, "buyer_address": "1 High Street\r\nLeeds"})
    about.process = "Answer.\r\nWe publish."
    session.commit()
    text = notice(client, about, kind="/text").response.get_data(as_text=True)
    assert "1 High Street\nLeeds\n" in text
    assert "\r" not in text


def test_the_lifetime_value_is_that_of_the_lots(client: Client, session: Session) -> None:
    about = began(client, session)
    text = notice(client, about, "psr").text
    assert "About £3,500,000 in all" in text  # two lots of £250,000 a year over seven years
    make.lots_of(about)[0].term_months = None
    session.commit()
    assert "Not known for 1 of 2 lots" in notice(client, about, "psr").text


def test_two_officers_on_the_facts_see_both_versions(client: Client, session: Session) -> None:
    about = began(client, session)
    old: Any = client.get(facts_of(about)).hidden()
    client.submit_twice(facts_of(about), FACTS)
    mine = {**FACTS, "contact_name": "Bea Long"}
    page = client.post(facts_of(about), {**old, **mine}, status=409)
    assert "Bea Long" in page.text
    assert session.scalars(select(NoticeFacts)).one().contact_name == "Ann Price"
    client.post_twice(facts_of(about), {**page.hidden(), **mine})
    session.expire_all()
    saved = session.scalars(select(NoticeFacts)).one()
    assert (saved.contact_name, saved.revision) == ("Bea Long", 2), "a second press is no clash, and saves nothing more"


def test_an_unknown_notice_is_not_there(client: Client, session: Session) -> None:
    about = began(client, session)
    client.get(f"/manage/engagements/{about.id}/notices/uk9", status=404)


def test_the_page_stays_within_its_statements(client: Client, session: Session) -> None:
    officer = make.officer(session)
    buyer = session.get_one(Organisation, officer.memberships[0].organisation_id)
    about = make.engagement(session, make.programme(session, buyer, lots=12))
    session.commit()
    client.sign_in(officer)
    assert len(notice(client, about, "psr").statements) <= 15
