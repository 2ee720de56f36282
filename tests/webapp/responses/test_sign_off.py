"""Only a signatory submits and withdraws; a contributor asks for it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent
from webapp.accounts.personal.erasing import erase_for
from webapp.accounts.throttle import ASK_SIGNATORIES, SEND_BACK
from webapp.models import (
    AuditEvent,
    DraftRemark,
    DraftSection,
    Engagement,
    MailMessage,
    Membership,
    MembershipRole,
    Organisation,
    Person,
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
def asked(contributor: Client, session: Session, ready: Respondent) -> Respondent:
    """For whom a contributor has asked, with a note."""
    contributor.submit(ready.check, {"note": " Not sure about lot 3.\r\nPlease look. "}, action=f"{ready.check}/ask")
    return ready


def mails_of(session: Session, subject: str) -> list[MailMessage]:
    session.rollback()
    return list(session.scalars(select(MailMessage).where(MailMessage.subject.startswith(subject))))


def send_back(client: Client, asked: Respondent, remark: str, status: int = 302) -> Page:
    return client.submit(asked.check, {"remark": remark}, action=f"{asked.check}/send-back", status=status)


def test_a_note_goes_to_signatories_and_stands_on_the_pages_of_the_response(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    [mail] = mails_of(session, "Ready for you")
    assert "What Ben Okoro says about it: Not sure about lot 3.\nPlease look.\n" in mail.body.replace("\r\n", "\n")
    contributor.sign_in(asked.person)
    for address in (asked.url, asked.check):
        page = contributor.get(address)
        assert "Ben Okoro asked for it to be submitted at" in page.text
        assert "Not sure about lot 3." in page.text
        assert len(page.statements) <= 8
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.act == "response.signatories_asked"))
    assert event.detail == {"signatories": 1}, "and nothing of what was said"


def test_a_note_that_is_too_long_is_given_back(contributor: Client, session: Session, ready: Respondent) -> None:
    page = contributor.submit(ready.check, {"note": "n" * 501}, action=f"{ready.check}/ask", status=422)
    assert "The note must be 500 characters or fewer" in page.text
    assert page.html.count("n" * 501) == 1
    assert factories.count_of(session, DraftRemark) == factories.count_of(session, MailMessage) == 0
    contributor.post(f"{ready.check}/ask", {**page.hidden(f"{ready.check}/ask"), "note": "n" * 500})
    assert session.scalars(select(DraftRemark.text)).all() == ["n" * 500]


def test_it_is_sent_back_once_to_whoever_asked(contributor: Client, session: Session, asked: Respondent) -> None:
    other = factories.provider_person(session, session.get_one(Organisation, asked.response.organisation_id))
    factories.draft(session, asked.response, "views", {"barriers": "Escorts."}).saved_by = other.id
    session.commit()
    contributor.sign_in(asked.person)
    filled = {**contributor.get(asked.check).hidden(f"{asked.check}/send-back"), "remark": "Check <Haverigg>."}
    for _again in range(2):
        assert contributor.post(f"{asked.check}/send-back", filled).location == asked.url
    [mail] = mails_of(session, "Sent back to you")
    assert mail.recipient == asked.colleague.email
    assert "What Asha Patel says about it: Check <Haverigg>." in mail.body
    assert f"http://localhost{asked.url}\n" in mail.body
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.act == "response.sent_back"))
    assert (event.person_id, event.detail) == (asked.person.id, {"told": 1})
    contributor.sign_in(asked.colleague)
    page = contributor.get(asked.url)
    assert "Asha Patel sent the draft back at" in page.text
    assert "Check &lt;Haverigg&gt;." in page.html


def test_a_remark_is_needed_and_one_too_long_is_given_back(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    contributor.sign_in(asked.person)
    for blank in ("", " \r\n "):
        assert "Say what should be changed or checked" in send_back(contributor, asked, blank, 422).text
    page = send_back(contributor, asked, "r" * 501, 422)
    assert "must be 500 characters or fewer" in page.text
    assert page.html.count("r" * 501) == 1
    assert mails_of(session, "Sent back") == []
    assert contributor.submit(asked.check, {"declared": "y"}).status == 302, "it can be submitted all the same"


def test_asking_again_and_submitting_end_what_was_said(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    contributor.sign_in(asked.person)
    send_back(contributor, asked, "Check Haverigg.")
    contributor.sign_in(asked.colleague)
    contributor.submit(asked.check, {"note": "Checked."}, action=f"{asked.check}/ask")
    assert session.scalars(select(DraftRemark.text)).all() == ["Checked."]
    contributor.sign_in(asked.person)
    asked.submit(contributor)
    assert factories.count_of(session, DraftRemark) == 0
    assert "Checked." not in contributor.get(asked.url).text


def test_a_colleague_who_asks_too_leaves_the_first_note(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    organisation = session.get_one(Organisation, asked.response.organisation_id)
    other = factories.person(session, organisation, MembershipRole.CONTRIBUTOR)
    session.commit()
    contributor.sign_in(other)
    contributor.submit(asked.check, {"note": ""}, action=f"{asked.check}/ask")
    assert len(session.scalars(select(DraftRemark.text)).all()) == 2
    contributor.sign_in(asked.person)
    assert "Not sure about lot 3." in contributor.get(asked.check).text
    send_back(contributor, asked, "Check Haverigg.")
    assert {mail.recipient for mail in mails_of(session, "Sent back")} == {asked.colleague.email, other.email}


def test_when_who_asked_has_left_the_others_who_worked_on_it_are_told(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    other = factories.provider_person(session, session.get_one(Organisation, asked.response.organisation_id))
    session.get_one(Response, asked.response.id).drafts[0].saved_by = other.id
    session.execute(delete(Membership).where(Membership.person_id == asked.colleague.id))
    session.commit()
    contributor.sign_in(asked.person)
    send_back(contributor, asked, "Check Haverigg.")
    assert [mail.recipient for mail in mails_of(session, "Sent back")] == [other.email]


def test_with_nobody_left_to_tell_the_remark_stands(contributor: Client, session: Session, asked: Respondent) -> None:
    session.execute(delete(Membership).where(Membership.person_id == asked.colleague.id))
    session.commit()
    contributor.sign_in(asked.person)
    filled = {**contributor.get(asked.check).hidden(f"{asked.check}/send-back"), "remark": "Check Haverigg."}
    for _again in range(2):
        contributor.post(f"{asked.check}/send-back", filled)
    assert "we mailed nobody" in contributor.get(asked.url).text
    assert mails_of(session, "Sent back") == []
    assert factories.count_of(session, DraftRemark) == 2


def test_of_two_signatories_at_once_the_second_reads_that_it_was_submitted(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    contributor.sign_in(asked.person)
    filled = {**contributor.get(asked.check).hidden(f"{asked.check}/send-back"), "remark": "Check Haverigg."}
    other = factories.provider_person(session, session.get_one(Organisation, asked.response.organisation_id))
    session.commit()
    contributor.sign_in(other)
    asked.submit(contributor)
    contributor.sign_in(asked.person)
    filled["csrf_token"] = contributor.get("/organisation/leave").hidden()["csrf_token"]
    page = contributor.post(f"{asked.check}/send-back", filled, status=409)
    assert "Nobody asks for this draft to be submitted any more" in page.text
    assert "Check Haverigg." in page.text
    assert mails_of(session, "Sent back") == []


def test_only_a_signatory_sends_back_and_only_when_asked(
    contributor: Client, session: Session, ready: Respondent
) -> None:
    sending = f"{ready.check}/send-back"
    filled = {**contributor.get(ready.check).hidden(f"{ready.check}/ask"), "remark": "Check Haverigg."}
    contributor.post(sending, filled, status=403)
    contributor.sign_in(ready.person)
    assert "Send it back" not in contributor.get(ready.check).buttons()
    stranger = factories.provider_person(session)
    session.commit()
    contributor.sign_in(stranger)
    filled["csrf_token"] = contributor.get("/organisation/leave").hidden()["csrf_token"]
    contributor.post(sending, filled, status=404)
    assert factories.count_of(session, DraftRemark) == 0


def test_nobody_is_sent_it_back_again_and_again(contributor: Client, session: Session, asked: Respondent) -> None:
    contributor.sign_in(asked.person)
    for number in range(SEND_BACK.tries):
        send_back(contributor, asked, f"Check {number}.")
    send_back(contributor, asked, "Check again.", 429)
    assert len(mails_of(session, "Sent back")) == SEND_BACK.tries


def test_after_the_deadline_what_was_to_be_said_is_given_back(
    contributor: Client, session: Session, asked: Respondent
) -> None:
    asking = {**contributor.get(asked.check).hidden(f"{asked.check}/ask"), "note": "About <lot 4>."}
    contributor.sign_in(asked.person)
    sending = {**contributor.get(asked.check).hidden(f"{asked.check}/send-back"), "remark": "Check Haverigg."}
    session.get_one(Engagement, asked.engagement.id).closes_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    page = contributor.post(f"{asked.check}/send-back", sending, status=409)
    assert "This engagement has closed" in page.text
    assert "Check Haverigg." in page.text
    assert "Send it back" not in contributor.get(asked.check).buttons()
    contributor.sign_in(asked.colleague)
    asking["csrf_token"] = contributor.get("/organisation/leave").hidden()["csrf_token"]
    assert "About &lt;lot 4&gt;." in contributor.post(f"{asked.check}/ask", asking, status=409).html
    assert factories.count_of(session, DraftRemark) == 1


def test_who_said_it_is_named_no_more_once_erased(contributor: Client, session: Session, asked: Respondent) -> None:
    erase_for(session, person=session.get_one(Person, asked.colleague.id), now=datetime.now(UTC))
    session.commit()
    contributor.sign_in(asked.person)
    page = contributor.get(asked.check)
    assert "Name erased asked for it to be submitted" in page.text
    assert "Ben Okoro" not in page.text


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


@pytest.fixture
def signatory(client: Client, submitted: Respondent) -> Client:
    client.sign_out()
    client.sign_in(submitted.person)
    return client


def test_a_reason_that_nobody_can_see_is_none(session: Session, submitted: Respondent, signatory: Client) -> None:
    signatory.submit(f"{submitted.url}/withdraw", {"reason": " \u200b\u2060\r\n\u3164\u200f "})
    assert session.scalars(select(Withdrawal.reason)).all() == [None]


def test_another_reason_for_what_is_withdrawn_is_given_back(
    session: Session, submitted: Respondent, signatory: Client
) -> None:
    page, said = f"{submitted.url}/withdraw", {"reason": "Our bid team\r\nis busy."}
    fields = signatory.get(page).hidden()
    for sent in (said, said, {"reason": ""}):
        assert signatory.post(page, {**fields, **sent}).location == submitted.url
    refused = signatory.post(page, {**fields, "reason": "We <b>merge</b>."}, status=409)
    assert "for this reason: Our bid team is busy. A reason cannot be added or changed afterwards." in refused.text
    assert "We &lt;b&gt;merge&lt;/b&gt;." in refused.html
    assert [withdrawal.reason for withdrawal in session.scalars(select(Withdrawal))] == ["Our bid team\r\nis busy."]
    told = session.scalars(select(MailMessage.recipient).where(MailMessage.subject.startswith("Withdrawn"))).all()
    assert len(told) == len(set(told)), "once"


def test_a_reason_that_comes_after_a_withdrawal_without_one_is_given_back(
    session: Session, submitted: Respondent, signatory: Client
) -> None:
    page = f"{submitted.url}/withdraw"
    fields = signatory.get(page).hidden()
    signatory.post(page, fields)
    refused = signatory.post(page, {**fields, "reason": "We merge."}, status=409)
    assert ". A reason cannot be added" in refused.text
    assert "for this reason" not in refused.text
    assert "We merge." in refused.text
    assert session.scalars(select(Withdrawal.reason)).all() == [None]


def test_the_reason_of_an_earlier_withdrawal_is_not_taken_for_that_of_a_later_one(
    session: Session, submitted: Respondent, signatory: Client
) -> None:
    page = f"{submitted.url}/withdraw"
    fields = signatory.get(page).hidden()
    signatory.post(page, {**fields, "reason": "Our bid team is busy."})
    submitted.submit(signatory)
    signatory.post(page, fields)
    assert "Your response was withdrawn at" in signatory.get(submitted.url).text, "or set aside by who entered it"
    again = signatory.post(page, {**fields, "reason": "Our bid team is busy."}, status=409)
    assert "It was withdrawn at" in again.text
    assert "for this reason" not in again.text
    assert len(session.scalars(select(Withdrawal)).all()) == 2


def test_a_faulty_reason_is_asked_for_again_only_of_who_may_withdraw_now(
    session: Session, submitted: Respondent, signatory: Client
) -> None:
    page, too_long = f"{submitted.url}/withdraw", {"reason": "n" * 501}
    fields = {**signatory.get(page).hidden(), **too_long}
    session.get_one(Engagement, submitted.engagement.id).closes_at = datetime.now(UTC) - timedelta(minutes=1)
    session.commit()
    refused = signatory.post(page, fields, status=409)
    assert "This engagement has closed" in refused.text
    assert "n" * 501 in refused.text, "what was typed is given back"
    session.get_one(Engagement, submitted.engagement.id).closes_at = datetime.now(UTC) + timedelta(days=1)
    session.commit()
    signatory.post(page, fields, status=422)
    signatory.post(page, {**fields, "reason": "n"})
    assert "withdrawn already" in signatory.post(page, fields, status=409).text
    signatory.sign_out()
    signatory.sign_in(submitted.colleague)
    token = signatory.get("/responses").hidden("/sign-out")
    signatory.post(page, {**token, **too_long}, status=403)


def test_what_was_never_submitted_is_not_said_to_be_withdrawn(
    session: Session, ready: Respondent, client: Client
) -> None:
    token = client.get(ready.check).hidden()
    client.post(f"{ready.url}/withdraw", token, status=409)
    assert session.scalars(select(AuditEvent).where(AuditEvent.act == "response.withdrawn")).all() == []


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
