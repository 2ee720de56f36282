"""Another organisation's response answers exactly as a missing one; officers read what was submitted, never a draft."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent
from webapp.models import Organisation, Person, Programme, Response

PAGES = ["", "/sections/organisation", "/check", "/withdraw"]


@pytest.mark.parametrize("page", [*PAGES, "/receipts/{submission}"])
def test_another_organisation_is_told_what_a_stranger_to_the_row_is_told(
    client: Client, session: Session, respondent: Respondent, page: str
) -> None:
    respondent.fill(client)
    submission = respondent.submit(client).location.rpartition("/")[2]
    outsider = factories.provider_person(session)
    session.commit()
    client.sign_in(outsider)
    theirs = client.get(f"{respondent.url}{page.format(submission=submission)}", status=404)
    missing = client.get(f"/responses/{uuid.uuid4()}{page.format(submission=uuid.uuid4())}", status=404)
    assert without_secrets(theirs) == without_secrets(missing)


def without_secrets(page: Page) -> str:
    return re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", page.html)


@pytest.mark.parametrize("page", ["/sections/organisation", "/check", "/withdraw"])
def test_another_organisation_changes_nothing(
    client: Client, session: Session, respondent: Respondent, page: str
) -> None:
    respondent.fill(client)
    respondent.submit(client)
    token = client.get(respondent.check).hidden() or {}
    outsider = factories.provider_person(session)
    own = factories.response(session, respondent.engagement, outsider)
    session.commit()
    client.sign_in(outsider)
    hidden = client.get(f"/responses/{own.id}/sections/views").hidden()
    filled = {**token, **hidden, "nonce": str(uuid.uuid4()), "seen": "x", "declared": "y", "legal_name": "Hacked"}
    client.post(f"{respondent.url}{page}", filled, status=404)
    session.expire_all()
    assert session.get_one(Response, respondent.response.id).current_submission_id is not None


def officer_of(session: Session, respondent: Respondent) -> Person:
    programme = session.get_one(Programme, respondent.engagement.programme_id)
    officer = factories.officer(session, session.get_one(Organisation, programme.buyer_id))
    session.commit()
    return officer


def test_an_officer_reads_the_submission_that_counts(client: Client, session: Session, respondent: Respondent) -> None:
    officer = officer_of(session, respondent)
    url = f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}"
    respondent.fill(client)
    client.sign_in(officer)
    client.get(url, status=404)
    client.sign_in(respondent.person)
    respondent.submit(client)
    client.submit(respondent.section("organisation"), {"legal_name": "Only a draft"})
    client.sign_in(officer)
    page = client.get(url)
    assert "Seaside Health" in page.text
    assert "Only a draft" not in page.text
    assert "Version 1" in page.text
    assert len(page.statements) <= 15


def test_an_officer_of_another_buyer_reads_nothing(client: Client, session: Session, respondent: Respondent) -> None:
    respondent.fill(client)
    respondent.submit(client)
    stranger = factories.officer(session)
    session.commit()
    client.sign_in(stranger)
    client.get(f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}", status=404)


def test_an_invented_response_is_labelled(client: Client, session: Session, respondent: Respondent) -> None:
    session.get_one(Response, respondent.response.id).synthetic = True
    session.get_one(Programme, respondent.engagement.programme_id).synthetic_note = "All amounts are invented."
    officer = officer_of(session, respondent)
    respondent.fill(client)
    assert "All amounts are invented." in client.get(respondent.url).text
    receipt = respondent.submit(client).location
    for page in (respondent.section("views"), respondent.check, receipt):
        text = client.get(page).text
        assert "Synthetic data" in text
        assert "All amounts are invented." not in text, "it is said once, on the first page"
    client.sign_in(officer)
    page = client.get(f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}")
    assert "This response was invented for a demonstration" in page.text
