"""An engagement as open data: what its public page says, by the standard's names, and nothing of who answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.models import (
    Engagement,
    EngagementSummary,
    InterestLevel,
    NoticeFacts,
    Organisation,
    Party,
    ReplyPublication,
)

OCID = "ocds-h6vhtk-04f000"
FACTS = {
    "procurement_identifier": OCID,
    "cpv_codes": "85130000-9, 85120000",
    "buyer_identifier": "PABC-1234-DEFG",
    "buyer_address": "1 High Street\nLeeds",
    "buyer_email": "buyer@example.org",
    "agent_identifier": "",
    "agent_address": "",
    "agent_email": "",
    "agent_role": "",
    "contact_name": "Ann Price",
    "contact_address": "2 Low Street, Leeds",
}


def began(client: Client, session: Session, **facts: str) -> Engagement:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    about = make.engagement(session, programme)
    session.add(NoticeFacts(programme_id=programme.id, **{**FACTS, **facts}))
    session.commit()
    client.sign_in(officer)
    return about


def address(about: Engagement, slug: str = "uk2") -> str:
    return f"/manage/engagements/{about.id}/notices/{slug}/release"


def released(client: Client, about: Engagement, slug: str = "uk2") -> dict[str, Any]:
    page = client.get(address(about, slug))
    assert page.response.headers["Content-Type"].startswith("application/json")
    assert "attachment" in page.response.headers["Content-Disposition"]
    package: dict[str, Any] = json.loads(page.response.get_data(as_text=True))
    return package


def test_it_says_what_the_public_page_says(client: Client, session: Session) -> None:
    about = began(client, session)
    one, two = make.lots_of(about)
    make.clarification(session, about, lot_id=one.id, answer="The buyer pays.")
    make.clarification(session, about, question="Nobody has answered this")
    listed = make.document(session, about)
    make.document(session, about, title="Withdrawn", withdrawn_at=about.opens_at)
    event = make.event(session, about, title="Market day")
    session.commit()
    package = released(client, about)
    [release] = package["releases"]
    assert package["uri"] == f"http://localhost{address(about)}"
    assert (release["ocid"], release["tag"], release["tender"]["status"]) == (OCID, ["planning"], "planning")
    [buyer] = release["parties"]
    assert buyer["identifier"] == {"scheme": "GB-PPON", "id": "PABC-1234-DEFG", "legalName": buyer["name"]}
    assert buyer["address"] == {"streetAddress": "1 High Street, Leeds"}
    assert release["buyer"]["id"] == buyer["id"] == "GB-PPON-PABC-1234-DEFG"
    milestones = release["planning"]["milestones"]
    assert [each["id"] for each in milestones] == ["engagement", str(event.id)]
    assert [each["status"] for each in milestones] == ["scheduled", "met"]
    notice, document = release["planning"]["documents"]
    assert (notice["documentType"], notice["noticeType"]) == ("marketEngagementNotice", "UK2")
    assert notice["url"] == f"http://localhost/engagements/{about.id}"
    assert document["url"] == f"http://localhost/engagements/{about.id}/documents/{listed.id}"
    tender = release["tender"]
    assert [lot["id"] for lot in tender["lots"]] == [str(one.id), str(two.id)]
    assert tender["lots"][0]["value"] == {"amount": 1_750_000, "currency": "GBP"}  # £250,000 a year for seven years
    assert tender["lots"][0]["contractPeriod"]["durationInDays"] == 2555
    assert tender["value"]["amount"] == 3_500_000
    assert tender["items"][1] == {
        "id": str(two.id),
        "classification": {"scheme": "CPV", "id": "85130000"},
        "additionalClassifications": [{"scheme": "CPV", "id": "85120000"}],
        "relatedLot": str(two.id),
    }
    [enquiry] = tender["enquiries"]
    assert (enquiry["answer"], enquiry["relatedLot"]) == ("The buyer pays.", str(one.id))
    assert "date" not in enquiry, "when it was asked may tell who asked"


def test_it_says_nothing_of_those_who_answered_or_asked(client: Client, session: Session) -> None:
    about = began(client, session)
    asker = make.provider_person(session)
    make.submission(session, make.response(session, about, asker))
    make.clarification(
        session,
        about,
        asker,
        question="As Harbour Health we ask",
        published_question="Who pays?",
        answer="The buyer pays.",
    )
    session.commit()
    said = json.dumps(released(client, about))
    organisation = asker.memberships[0].organisation
    assert not [
        secret for secret in (organisation.name, str(organisation.id), asker.email, "Harbour") if secret in said
    ]


def test_it_leads_to_what_was_published_of_what_the_market_said_and_tells_no_small_number(
    client: Client, session: Session
) -> None:
    about = began(client, session)
    officer = make.officer(session, about.programme.buyer)
    assert len(released(client, about)["releases"][0]["planning"]["documents"]) == 1

    def publish(version: int, responses: int, on: datetime) -> None:
        words = {"heard": "Much.", "changes": "Some.", "next_steps": "A tender."}
        row = EngagementSummary(engagement_id=about.id, version=version, responses=responses, published_at=on, **words)
        row.published_by = officer.id
        session.add(row)
        session.commit()

    publish(1, 4, datetime(2027, 8, 1, 9, tzinfo=UTC))
    _notice, study = released(client, about)["releases"][0]["planning"]["documents"]
    assert study == {
        "id": "summary",
        "documentType": "marketStudies",
        "title": "Summary of the engagement",
        "description": "Fewer than 5 responses were submitted.",
        "url": f"http://localhost/engagements/{about.id}#summary",
        "datePublished": "2027-08-01T09:00:00Z",
        "format": "text/html",
        "language": "en",
    }
    publish(2, 5, datetime(2027, 8, 2, 9, tzinfo=UTC))
    session.add(
        ReplyPublication(
            engagement_id=about.id,
            version=1,
            published_by=officer.id,
            published_at=datetime(2027, 8, 3, 9, tzinfo=UTC),
        )
    )
    session.commit()
    _notice, study, replies = released(client, about)["releases"][0]["planning"]["documents"]
    assert study["description"] == "5 responses were submitted."
    assert study["datePublished"] == "2027-08-01T09:00:00Z"
    assert study["dateModified"] == "2027-08-02T09:00:00Z"
    assert (replies["documentType"], replies["datePublished"]) == ("marketStudies", "2027-08-03T09:00:00Z")
    assert "dateModified" not in replies
    assert client.get(replies["url"].removeprefix("http://localhost")).status == 200


def test_it_counts_no_interest_as_requests_or_bids(client: Client, session: Session) -> None:
    about = began(client, session)
    one, _two = make.lots_of(about)
    for _ in range(6):
        response = make.response(session, about, make.provider_person(session))
        make.submission(session, response, {one.id: InterestLevel.WOULD_BID})
    session.commit()
    [release] = released(client, about)["releases"]
    assert "bids" not in release
    assert "numberOfTenderers" not in release["tender"]


def test_what_is_not_known_is_left_out(client: Client, session: Session) -> None:
    about = began(client, session, cpv_codes="", buyer_identifier="", buyer_address="", contact_name="")
    about.programme.agent = make.buyer(session, name="Agency", party=Party.PROCURING_AGENT)
    first, _second = make.lots_of(about)
    first.term_months = None
    about.programme.buyer.ods_code = "Q83"
    session.commit()
    [release] = released(client, about, "psr")["releases"]
    buyer, agent = release["parties"]
    assert (buyer["id"], buyer["identifier"]["scheme"]) == ("GB-NHS-Q83", "GB-NHS")
    assert agent == {"id": "procuringEntity", "name": "Agency", "roles": ["procuringEntity"]}
    assert {"value", "items", "enquiries"}.isdisjoint(release["tender"]), "a sum of one of two lots is none of both"
    assert "value" not in release["tender"]["lots"][0]
    assert "noticeType" not in release["planning"]["documents"][0]


def test_there_is_none_before_the_process_has_an_identifier(client: Client, session: Session) -> None:
    about = began(client, session, procurement_identifier="")
    shown = client.get(f"/manage/engagements/{about.id}/notices/uk2")
    assert "once the facts for notices have the unique identifier" in shown.text
    assert "as open data (OCDS)" not in shown.links()
    assert client.get(address(about), status=302).location.endswith(f"/manage/engagements/{about.id}/notices/uk2")
    session.get_one(NoticeFacts, about.programme_id).procurement_identifier = OCID
    session.commit()
    assert client.get(f"/manage/engagements/{about.id}/notices/uk2").links()["as open data (OCDS)"] == address(about)
    client.get(f"/manage/engagements/{about.id}/notices/uk9/release", status=404)
