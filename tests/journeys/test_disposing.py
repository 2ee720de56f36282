"""From saying how long responses are kept to the certificate: a lead officer, an approver and a provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories as make
from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.test_questions_and_documents import sign_in
from webapp.disposal.actions import fail
from webapp.disposal.destroying import destroy
from webapp.models import Disposal, InterestLevel, MembershipRole, TeamRole

pytestmark = pytest.mark.browser

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_responses_are_kept_as_long_as_was_said_and_destroyed_by_two(
    device: OpenDevice, session: Session, javascript: bool
) -> None:
    engagement = make.engagement(session, state="closed")
    engagement.opens_at, engagement.closes_at = LONG_AGO, LONG_AGO + timedelta(days=20)
    buyer, programme_id = engagement.programme.buyer, engagement.programme_id
    lead, signatory = make.officer(session, buyer), make.provider_person(session)
    approver = make.person(session, buyer, MembershipRole.OFFICER)
    make.team_member(session, programme_id, approver.id, buyer.id, TeamRole.APPROVER)
    response = make.response(session, engagement, signatory)
    made = make.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in make.lots_of(engagement)})
    session.commit()
    desk, phone = device(javascript=javascript), device(javascript=javascript, width=320)
    page = f"/manage/engagements/{engagement.id}/disposal"

    sign_in(desk, session, lead, f"/programmes/{programme_id}")
    state(desk)
    desk.page.goto(f"/manage/engagements/{engagement.id}")
    desk.page.get_by_role("link", name="Keep or destroy the responses").click()
    desk.checked("Keeping and destroying the responses")
    desk.page.get_by_role("button", name="Ask that the responses be destroyed").click()
    desk.page.get_by_role("button", name="Ask for it").click()
    desk.checked("Ask that the responses be destroyed")
    desk.page.get_by_label("What should your colleague know?").fill("The report is on the shared drive")
    desk.page.get_by_label("No challenge, audit").check()
    desk.page.get_by_role("button", name="Ask for it").click()
    desk.checked("Keeping and destroying the responses")

    sign_in(phone, session, approver, page)
    phone.checked("Keeping and destroying the responses")
    phone.page.get_by_role("button", name="Agree, or read what goes").click()
    phone.checked("Agree that the responses be destroyed")
    phone.page.get_by_label("I have looked too").check()
    phone.page.get_by_role("button", name="Agree that the responses be destroyed").click()
    expect(phone.page.get_by_role("main")).to_contain_text("Until then nothing is gone")
    phone.checked()
    phone.page.get_by_role("button", name="Take it back").click()
    phone.checked("Take back")

    provider = device(javascript=javascript, width=320)
    sign_in(provider, session, signatory, "/responses")
    expect(provider.page.get_by_role("main")).to_contain_text("download it before then")
    provider.checked()

    bring_forward(session)
    desk.page.goto(page)
    desk.checked("Keeping and destroying the responses")
    expect(desk.page.get_by_role("main")).to_contain_text("The worker of this service is not running")
    fail(session, disposal_id=session.scalars(select(Disposal.id)).one(), now=datetime.now(UTC))
    session.commit()
    phone.page.goto(page)
    expect(phone.page.get_by_role("main")).to_contain_text("Nothing was destroyed")
    phone.checked("Keeping and destroying the responses")
    assert destroy(session, disposal_id=session.scalars(select(Disposal.id)).one(), now=datetime.now(UTC))
    session.commit()
    desk.page.goto(f"/manage/engagements/{engagement.id}/progress")
    desk.checked("Certificate of disposal")
    phone.page.goto(page)
    expect(phone.page.get_by_role("main")).to_contain_text(made.reference)
    phone.checked("Certificate of disposal")
    provider.page.goto("/responses")
    expect(provider.page.get_by_role("main")).to_contain_text(f"your response {made.reference}")
    provider.checked()


def state(desk: Visitor) -> None:
    desk.page.get_by_role("link", name="How long responses are kept").click()
    desk.checked("How long responses are kept")
    desk.page.get_by_role("button", name="Save").click()
    desk.checked("How long responses are kept")
    for part, value in (("Day", "31"), ("Month", "3"), ("Year", "2024")):
        desk.page.get_by_label(part).fill(value)
    desk.page.get_by_label("By which policy?").fill("Records policy 7")
    desk.page.get_by_role("button", name="Save").click()
    expect(desk.page.get_by_role("main")).to_contain_text("Responses are kept until 31 March 2024")


def bring_forward(session: Session) -> None:
    """As if 28 days had gone."""
    disposal = session.scalars(select(Disposal)).one()
    session.execute(text("SET LOCAL session_replication_role = replica"))  # a trigger lets nobody else move it
    disposal.asked_at, disposal.agreed_at, disposal.due_at = (LONG_AGO + timedelta(days=each) for each in (30, 31, 60))
    disposal.told_at = disposal.agreed_at
    session.commit()
