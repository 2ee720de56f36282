"""What anyone sees of engagements, and what only some do."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.models import Engagement, InterestLevel

HOSTILE = '<script>alert(1)</script> & "quoted" {{ 7 * 7 }} \u202eabc'


def address(engagement: Engagement) -> str:
    return f"/engagements/{engagement.id}"


def test_the_index_tells_open_coming_and_closed_apart_and_hides_drafts(session: Session, client: Client) -> None:
    made = {state: factories.engagement(session, state=state) for state in ("open", "coming", "closed", "draft")}
    session.commit()
    page = client.get("/")
    headings = ["".join(part.itertext()) for part in page.tree.find(".//main").iter() if part.tag in ("h2", "h3")]
    assert headings == [
        "Open now",
        made["open"].title,
        "Not open yet",
        made["coming"].title,
        "Closed",
        made["closed"].title,
    ]
    assert "14 days left" in page.text


def test_somebody_whom_nobody_invited_finds_where_to_register_and_to_sign_in(session: Session, client: Client) -> None:
    here = address(factories.engagement(session))
    session.commit()
    for url in (here, f"/sign-in/link?next={here}", f"/sign-in/link/sent?next={here}", f"/sign-in?next={here}"):
        assert client.get(url).links()["register your organisation"] == f"/register?next={here}"
    for url in (here, f"/sign-in/link?next={here}"):
        assert client.get(url).links()["Sign in"] == f"/sign-in?next={here}"
    person = factories.provider_person(session)
    session.commit()
    client.sign_in(person)
    assert "Sign in" not in client.get(here).links()


def test_an_empty_index_says_so(session: Session, client: Client) -> None:
    assert "No engagement is open at the moment." in client.get("/").text


def test_the_page_carries_what_a_market_engagement_notice_must(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    engagement.programme.buyer.ods_code = "Q83"
    session.commit()
    page = client.get(address(engagement))
    for said in (
        "All times are UK time",
        f"{engagement.programme.buyer.name} (ODS code Q83)",
        engagement.title,
        engagement.reference,
        engagement.programme.summary,
        engagement.process,
        engagement.contact_email,
        "The engagement closes",
        "D1: Dental, HMP Site 1",
        "HMP Site 1: Dental",
        "£250,000",
        "1 April 2028",
    ):
        assert said in page.text


def test_paragraphs_stay_apart_and_providers_learn_that_responses_are_sealed(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    session.commit()
    assert "Sealed." not in client.get(address(engagement)).text
    engagement.summary = engagement.programme.summary = "What we buy.\n\nWhat we ask."
    engagement.sealed = True
    session.commit()
    page = client.get(address(engagement))
    assert ["".join(each.itertext()) for each in page.tree.iter("p") if each.get("class") == "govuk-body-l"] == [
        "What we buy.",
        "What we ask.",
    ]
    assert "What we buy.<br>What we ask." in page.html
    assert "Sealed. Until the engagement has closed and all are opened together" in page.text


def test_the_subject_is_of_the_engagement_s_own_lots(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    session.commit()
    page = client.get(address(engagement))
    assert "Subject matter Dental: HMP Site 1, HMP Site 2" in page.text
    session.delete(engagement.engagement_lots[1])
    session.commit()
    page = client.get(address(engagement))
    assert "Subject matter Dental: HMP Site 1 " in page.text
    assert "HMP Site 2" not in page.text


def test_a_draft_is_missing_for_everybody_but_its_officers(session: Session, client: Client) -> None:
    engagement = factories.engagement(session, state="draft")
    officer = factories.officer(session, engagement.programme.buyer)
    strangers = [factories.officer(session), factories.provider_person(session)]
    session.commit()
    missing = client.get(f"/engagements/{uuid.uuid4()}", status=404)
    assert client.get(address(engagement), status=404).text == missing.text
    for stranger in strangers:
        client.sign_in(stranger)
        client.get(address(engagement), status=404)
    client.sign_in(officer)
    assert client.get(address(engagement), status=302).location == f"/manage{address(engagement)}"


@pytest.mark.parametrize(
    ("state", "said"),
    [("open", "ask for a new link"), ("coming", "You can respond from"), ("closed", "takes no more responses")],
)
def test_a_visitor_is_told_how_to_take_part(session: Session, client: Client, state: str, said: str) -> None:
    engagement = factories.engagement(session, state=state)
    session.commit()
    page = client.get(address(engagement))
    assert said in page.text
    assert "Start your response" not in page.text


def test_a_provider_starts_continues_and_views(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    person = factories.provider_person(session)
    session.commit()
    client.sign_in(person)
    page = client.get(address(engagement))
    assert "Start your response" in page.buttons()
    assert page.hidden(f"{address(engagement)}/response")["csrf_token"]
    draft = factories.response(session, engagement, person)
    session.commit()
    page = client.get(address(engagement))
    assert page.links()["Continue your response"] == f"/responses/{draft.id}"
    assert "It is not submitted yet." in page.text
    factories.submission(session, draft)
    session.commit()
    assert "View or change your response" in client.get(address(engagement)).links()
    engagement.closes_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    assert "View your response" in client.get(address(engagement)).links()
    draft.current_submission_id, draft.withdrawn_at = None, datetime.now(UTC)
    session.commit()
    assert "You have withdrawn your response." in client.get(address(engagement)).text


def test_a_draft_left_at_closing_is_not_mistaken_for_a_submission(session: Session, client: Client) -> None:
    engagement = factories.engagement(session, state="closed")
    person = factories.provider_person(session)
    factories.response(session, engagement, person)
    session.commit()
    client.sign_in(person)
    assert "Your draft was not submitted." in client.get(address(engagement)).text


def test_the_public_page_is_the_same_whoever_has_responded(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    session.commit()
    before = client.get(address(engagement))
    for _ in range(3):
        response = factories.response(session, engagement)
        factories.submission(session, response, {factories.lots_of(engagement)[0].id: InterestLevel.WOULD_BID})
    session.commit()
    after = client.get(address(engagement))
    assert after.text == before.text
    assert len(after.statements) == len(before.statements) <= 8


def test_an_officer_of_the_engagement_finds_the_way_to_manage_it(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    officer, other = factories.officer(session, engagement.programme.buyer), factories.officer(session)
    session.commit()
    client.sign_in(officer)
    assert client.get(address(engagement)).links()["Manage this engagement"] == f"/manage{address(engagement)}"
    client.sign_in(other)
    page = client.get(address(engagement))
    assert "Manage this engagement" not in page.text
    assert "You are not signed in for a provider." in page.text


def test_what_was_invented_is_labelled(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    engagement.programme.synthetic_note = "The values were invented."
    factories.lots_of(engagement)[0].units[0].synthetic = True
    session.commit()
    page = client.get(address(engagement))
    assert "The values were invented." in page.text
    assert page.text.count("Synthetic") == 1


def test_hostile_text_is_shown_as_text(session: Session, client: Client) -> None:
    engagement = factories.engagement(session)
    engagement.title = engagement.summary = engagement.process = engagement.contact_email = HOSTILE
    engagement.reference = engagement.programme.title = engagement.programme.buyer.name = HOSTILE
    lot = factories.lots_of(engagement)[0]
    lot.title = lot.code = lot.procurement.title = lot.units[0].site.name = lot.units[0].service_line.name = HOSTILE
    session.commit()
    for url in ("/", address(engagement)):
        html = client.get(url).html
        assert "<script>alert" not in html
        assert "{{ 7 * 7 }}" in html
