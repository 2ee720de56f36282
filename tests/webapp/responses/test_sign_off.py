"""Only a signatory submits and withdraws; a contributor asks for it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent
from webapp.accounts.throttle import ASK_SIGNATORIES
from webapp.models import (
    AuditEvent,
    DraftSection,
    Engagement,
    MailMessage,
    Membership,
    MembershipRole,
    Organisation,
    Response,
    Submission,
    Withdrawal,
)


@pytest.fixture
def ready(session: Session, respondent: Respondent) -> Respondent:
    """With a draft that can be submitted."""
    first, second = (str(lot.id) for lot in respondent.lots)
    factories.draft(session, respondent.response, "organisation", {"legal_name": "Seaside Health"})
    factories.draft(session, respondent.response, "interest", {"interest": {first: "likely", second: "no"}})
    factories.draft(session, respondent.response, "lots", {"role": {first: "lead"}})
    session.commit()
    return respondent


@pytest.fixture
def contributor(session: Session, ready: Respondent, client: Client) -> Client:
    """Signed in as a colleague who may not submit."""
    colleague = session.scalars(select(Membership).where(Membership.person_id == ready.colleague.id)).one()
    colleague.role = MembershipRole.CONTRIBUTOR
    session.commit()
    client.sign_out()
    client.sign_in(ready.colleague)
    return client


def test_a_contributor_is_shown_whom_to_ask_and_no_way_to_submit(contributor: Client, ready: Respondent) -> None:
    page = contributor.get(ready.check)
    assert "Ask a signatory to submit" in page.buttons()
    assert "Submit" not in page.buttons()
    assert len(page.statements) <= 8


def test_a_contributors_submission_is_refused_whatever_is_sent(
    contributor: Client, session: Session, ready: Respondent
) -> None:
    contributor.sign_out()
    contributor.sign_in(ready.person)
    filled = {**contributor.get(ready.check).hidden(), "declared": "y"}
    del filled["csrf_token"]
    contributor.sign_out()
    contributor.sign_in(ready.colleague)
    token = contributor.get(ready.check).hidden()["csrf_token"]
    contributor.post(ready.check, {**filled, "csrf_token": token}, status=403)
    assert session.scalars(select(Submission)).all() == []


def test_asking_mails_every_signatory_the_way_to_the_check_page(
    contributor: Client, session: Session, ready: Respondent
) -> None:
    organisation = session.get_one(Organisation, ready.response.organisation_id)
    other = factories.provider_person(session, organisation)
    factories.person(session, organisation, MembershipRole.CONTRIBUTOR)
    session.commit()
    fields = contributor.get(ready.check).hidden(f"{ready.check}/ask")
    sent, _again = (contributor.post(f"{ready.check}/ask", fields) for _ in range(2))
    assert sent.location == ready.url
    assert "We have asked 2 signatories" in contributor.get(ready.url).text
    mail = session.scalars(select(MailMessage)).all()
    assert sorted(message.recipient for message in mail) == sorted([ready.person.email, other.email])
    assert all(f"http://localhost{ready.check}" in message.body for message in mail)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "response.signatories_asked")).one()
    assert (event.person_id, event.detail) == (ready.colleague.id, {"signatories": 2})


def test_a_colleague_who_worked_on_it_hears_that_it_was_submitted_and_taken_back(
    contributor: Client, session: Session, ready: Respondent
) -> None:
    factories.person(session, session.get_one(Organisation, ready.response.organisation_id), MembershipRole.CONTRIBUTOR)
    session.commit()
    contributor.submit(ready.section("views"), {"barriers": "Escorts."})
    contributor.sign_out()
    contributor.sign_in(ready.person)
    ready.submit(contributor)
    contributor.submit(f"{ready.url}/withdraw", {"reason": " Our bid team is busy.\r\nPerhaps later. "})
    told = session.scalars(select(MailMessage).order_by(MailMessage.created_at, MailMessage.subject)).all()
    title, both = ready.engagement.title, {ready.person.email, ready.colleague.email}
    subjects = [message.subject for message in told if message.recipient == ready.colleague.email]
    assert sorted(subjects) == [f"Submitted: {title}", f"Withdrawn: {title}"]
    assert {message.recipient for message in told} == both, "not who had no part in it"
    [copy] = [message for message in told if message.subject.startswith("Receipt")]
    assert copy.recipient == ready.person.email
    [word] = [message.body for message in told if message.subject.startswith("Submitted")]
    assert word.startswith(f"{ready.person.name} submitted the response of ")
    assert "Escorts." not in word
    [taken_back] = {message.body for message in told if message.subject.startswith("Withdrawn")}
    assert "The reason given to the buyer: Our bid team is busy.\nPerhaps later." in taken_back.replace("\r\n", "\n")


def test_who_wrote_what_a_signatory_saved_last_hears_that_it_was_submitted(
    contributor: Client, session: Session, ready: Respondent
) -> None:
    organisation = session.get_one(Organisation, ready.response.organisation_id)
    other = factories.person(session, organisation, MembershipRole.CONTRIBUTOR)
    session.commit()
    for someone, said in ((ready.colleague, "Escorts."), (other, "Vetting."), (ready.colleague, "Escorts, vetting.")):
        contributor.sign_in(someone)
        contributor.submit(ready.section("views"), {"barriers": said})
    contributor.sign_in(ready.person)
    for said in ("Escorts and vetting.", "Escorts and vetting, each day."):
        contributor.submit(ready.section("views"), {"barriers": said})
    views = session.scalars(select(DraftSection).where(DraftSection.revision == 5)).one()
    assert views.saved_by == ready.person.id
    assert views.earlier_writers == [other.id, ready.colleague.id, ready.person.id], "each once"
    ready.submit(contributor)
    told = session.scalars(select(MailMessage.recipient).where(MailMessage.subject.startswith("Submitted"))).all()
    assert sorted(told) == sorted([ready.colleague.email, other.email])


def test_who_wrote_it_and_has_left_hears_nothing(contributor: Client, session: Session, ready: Respondent) -> None:
    contributor.submit(ready.section("views"), {"barriers": "Escorts."})
    contributor.sign_in(ready.person)
    contributor.submit(ready.section("views"), {"barriers": "Escorts, vetting."})
    session.execute(delete(Membership).where(Membership.person_id == ready.colleague.id))
    session.commit()
    ready.submit(contributor)
    assert session.scalars(select(MailMessage).where(MailMessage.recipient == ready.colleague.email)).all() == []


def test_who_only_asked_hears_that_it_was_submitted(contributor: Client, session: Session, ready: Respondent) -> None:
    factories.person(session, session.get_one(Organisation, ready.response.organisation_id), MembershipRole.CONTRIBUTOR)
    session.commit()
    contributor.submit(ready.check, action=f"{ready.check}/ask")
    contributor.sign_out()
    contributor.sign_in(ready.person)
    ready.submit(contributor)
    told = session.scalars(select(MailMessage).where(MailMessage.subject.startswith("Submitted"))).all()
    assert [message.recipient for message in told] == [ready.colleague.email]


@pytest.fixture
def submitted(session: Session, contributor: Client, ready: Respondent) -> Respondent:
    factories.submission(session, session.get_one(Response, ready.response.id))
    session.commit()
    return ready


def test_a_contributor_is_shown_whom_to_ask_and_no_way_to_withdraw(contributor: Client, submitted: Respondent) -> None:
    page = contributor.get(f"{submitted.url}/withdraw")
    assert "Ask a signatory to withdraw" in page.buttons()
    assert "Withdraw" not in page.buttons()


def test_a_contributors_withdrawal_is_refused_whatever_is_sent(
    contributor: Client, session: Session, submitted: Respondent
) -> None:
    token = contributor.get(f"{submitted.url}/withdraw").hidden(f"{submitted.url}/withdraw/ask")
    contributor.post(f"{submitted.url}/withdraw", token, status=403)
    session.expire_all()
    assert session.get_one(Response, submitted.response.id).current_submission_id is not None
    assert session.scalars(select(AuditEvent).where(AuditEvent.act == "response.withdrawn")).all() == []


def test_asking_mails_every_signatory_the_way_to_the_page_that_withdraws(
    contributor: Client, session: Session, submitted: Respondent
) -> None:
    page = f"{submitted.url}/withdraw"
    fields = contributor.get(page).hidden(f"{page}/ask")
    assert [contributor.post(f"{page}/ask", fields).location for _ in range(2)] == [submitted.url] * 2
    assert "We have asked 1 signatory by email." in contributor.get(submitted.url).text
    [mail] = session.scalars(select(MailMessage)).all()
    assert mail.recipient == submitted.person.email
    assert f"http://localhost{page}" in mail.body
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "response.withdrawal_asked")).one()
    assert (event.person_id, event.detail) == (submitted.colleague.id, {"signatories": 1})


def test_a_reason_for_withdrawing_is_asked_for_and_need_not_be_given(
    session: Session, submitted: Respondent, client: Client
) -> None:
    client.sign_out()
    client.sign_in(submitted.person)
    page = client.submit(f"{submitted.url}/withdraw", {"reason": "n" * 501}, status=422)
    assert "The reason must be 500 characters or fewer" in page.text
    assert "n" * 501 in page.html, "what was typed is kept"
    assert factories.count_of(session, Withdrawal) == 0
    client.submit(f"{submitted.url}/withdraw", {"reason": "  \r\n "})
    assert session.scalars(select(Withdrawal.reason)).all() == [None]
    [message] = session.scalars(select(MailMessage).where(MailMessage.subject.startswith("Withdrawn"))).all()
    assert "reason" not in message.body


def test_nobody_is_asked_to_withdraw_what_was_not_submitted(
    contributor: Client, session: Session, ready: Respondent
) -> None:
    token = contributor.get(ready.check).hidden(f"{ready.check}/ask")
    contributor.post(f"{ready.url}/withdraw/ask", token, status=409)
    assert session.scalars(select(MailMessage)).all() == []


def test_the_link_leads_a_signatory_through_signing_in_to_the_check_page(client: Client, ready: Respondent) -> None:
    client.sign_out()
    assert client.get(ready.check, status=302).location == f"/sign-in?next={ready.check}"


def test_nobody_can_be_mailed_again_and_again(contributor: Client, session: Session, ready: Respondent) -> None:
    for _ in range(ASK_SIGNATORIES.tries):
        contributor.submit(ready.check, action=f"{ready.check}/ask")
    contributor.submit(ready.check, action=f"{ready.check}/ask", status=429)
    assert len(session.scalars(select(MailMessage)).all()) == ASK_SIGNATORIES.tries


def test_after_the_deadline_nobody_is_asked(contributor: Client, session: Session, ready: Respondent) -> None:
    hidden = contributor.get(ready.check).hidden(f"{ready.check}/ask")
    session.get_one(Engagement, ready.engagement.id).closes_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    contributor.post(f"{ready.check}/ask", hidden, status=409)
    assert session.scalars(select(MailMessage)).all() == []


def test_another_organisations_response_is_not_found(contributor: Client, session: Session, ready: Respondent) -> None:
    hidden = contributor.get(ready.check).hidden(f"{ready.check}/ask")
    stranger = factories.provider_person(session)
    session.commit()
    contributor.sign_out()
    contributor.sign_in(stranger)
    hidden["csrf_token"] = contributor.get("/organisation/leave").hidden()["csrf_token"]
    theirs = contributor.post(f"{ready.check}/ask", hidden, status=404)
    nobodys = contributor.post(f"/responses/{uuid.uuid4()}/check/ask", hidden, status=404)
    assert theirs.text == nobodys.text
    assert session.scalars(select(MailMessage)).all() == []


def test_officers_are_told_of_a_contested_number(client: Client, session: Session, ready: Respondent) -> None:
    client.submit(ready.check, {"declared": "y"})
    officer = factories.officer(session, ready.engagement.programme.buyer)
    session.get_one(Organisation, ready.response.organisation_id).numbers_contested = True
    session.commit()
    page = f"/manage/engagements/{ready.engagement.id}/responses/{ready.response.id}"
    told = "Another provider had given one of this organisation’s registered numbers"
    assert told not in client.get("/organisation").text
    client.sign_out()
    client.sign_in(officer)
    assert told in client.get(page).text
