"""The way of a provider from the first page to a receipt, to an amendment and a withdrawal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent
from webapp.engagements.conditions import is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import (
    Answer,
    AskedPer,
    AuditEvent,
    DraftSection,
    Interest,
    InterestLevel,
    MailMessage,
    Question,
    QuestionKind,
    Response,
    Submission,
    Withdrawal,
)


def submissions(session: Session) -> list[Submission]:
    return list(session.scalars(select(Submission).order_by(Submission.number)))


def test_starting_makes_one_response_however_often(client: Client, session: Session, respondent: Respondent) -> None:
    other = factories.engagement(session)
    session.commit()
    url = f"/engagements/{other.id}/response"
    begun = client.submit(url)
    assert client.get(url, status=302).location == begun.location
    again = client.post(url, client.get(respondent.section("organisation")).hidden())
    assert again.location == begun.location
    assert session.query(Response).filter_by(engagement_id=other.id).count() == 1
    assert "Draft: not submitted" in client.get(begun.location).text


def test_whoever_begins_reads_how_much_there_is_to_answer(client: Client, session: Session) -> None:
    other = factories.engagement(session)
    session.commit()
    page = client.get(f"/engagements/{other.id}/response")
    assert "The questionnaire has 4 sections with 9 questions, up to 3 of them required." in page.text
    assert "Some are asked for each lot, others for each lot that interests you." in page.text
    assert page.links()["Read or print the questionnaire"] == f"/engagements/{other.id}/questionnaire"


@pytest.mark.parametrize(
    ("sometimes", "said"),
    [
        ({}, "2 questions, 2 of them required."),
        ({"asked_if": is_("cares", "yes")}, "2 questions, up to 2 of them required."),
        ({"asked_per": AskedPer.LOT}, "2 questions, 2 of them required. Some are asked for each lot."),
        ({"asked_per": AskedPer.CHOSEN_LOT}, "2 questions, up to 2 of them required. Some are asked for each lot that"),
        ({"required": False, "asked_if": is_("cares", "yes")}, "2 questions, 1 of them required."),
    ],
)
def test_what_is_required_only_sometimes_is_not_counted_as_if_it_always_were(
    client: Client, session: Session, sometimes: dict[str, Any], said: str
) -> None:
    other = factories.engagement(session, questionnaire=False)
    first = QuestionContent(key="cares", kind=QuestionKind.YES_NO, wording="Do you?", required=True)
    second = QuestionContent(key="why", kind=QuestionKind.TEXT, wording="Why?", required=True)
    section = SectionContent(slug="care", title="Care", questions=(first, replace(second, **sometimes)))
    add_questionnaire(session, other, (section,)).published_at = other.opens_at
    session.commit()
    assert f"1 section with {said}" in client.get(f"/engagements/{other.id}/response").text


def test_a_coming_engagement_cannot_be_answered_yet(client: Client, session: Session) -> None:
    coming = factories.engagement(session, state="coming")
    session.commit()
    page = client.submit(f"/engagements/{coming.id}/response", status=409)
    assert "You can answer from" in page.text
    assert session.query(Response).filter_by(engagement_id=coming.id).count() == 0


def test_the_task_list_says_where_each_section_stands(client: Client, respondent: Respondent) -> None:
    text = client.get(respondent.url).text
    assert "The lots you chose First say which lots interest you. Cannot start yet" in text
    client.submit(respondent.section("organisation"), {"legal_name": "", "then": "later"})
    client.submit(respondent.section("interest"), respondent.levels("likely", "no"))
    text = client.get(respondent.url).text
    assert "In progress" in text.rpartition("Your organisation")[2][:90]
    assert "Complete" in text.split("Interest in each lot")[1][:90]
    assert "The lots you chose Not started" in text
    client.submit(respondent.section("interest"), respondent.levels("no", "no"))
    assert "Nothing to answer" in client.get(respondent.url).text


def test_save_and_continue_leads_through_the_sections_that_ask_something(
    client: Client, respondent: Respondent
) -> None:
    saved = client.submit(respondent.section("organisation"), {"legal_name": "Seaside Health", "then": "continue"})
    assert saved.location == respondent.section("interest")
    assert client.submit(saved.location, respondent.levels("no", "no")).location == respondent.section("views")
    assert client.submit(respondent.section("views")).location == respondent.check


def test_only_chosen_lots_are_asked_about(client: Client, respondent: Respondent) -> None:
    client.submit(respondent.section("interest"), respondent.levels("possibly", "no"))
    html = client.get(respondent.section("lots")).html
    assert f"role-{respondent.lots[0].id}" in html
    assert f"role-{respondent.lots[1].id}" not in html


def test_what_a_lot_is_worth_and_needs_stands_beside_it(client: Client, respondent: Respondent) -> None:
    brief = "£250,000 a year, 6 whole-time equivalent staff needed, for 7 years"
    interest = client.get(respondent.section("interest"))
    assert interest.text.count(brief) == len(respondent.lots)
    assert f"/engagements/{respondent.engagement.id}#lots" in interest.links().values()
    client.submit(respondent.section("interest"), respondent.levels("possibly", "no"))
    assert client.get(respondent.section("lots")).text.count(brief) == 1
    assert "whole-time" not in client.get(respondent.section("organisation")).text


def test_who_goes_from_box_to_box_hears_which_lot_it_is_about(client: Client, respondent: Respondent) -> None:
    client.submit(respondent.section("interest"), respondent.levels("possibly", "likely"))
    tree = client.get(respondent.section("lots")).tree
    heading_of = {heading.get("id"): "".join(heading.itertext()) for heading in tree.iter("h2")}
    heard = {
        box.get("id"): heading_of[group.get("aria-labelledby")]
        for group in tree.iterfind(".//form//*[@role='group']")
        for box in group.iter("input")
    }
    first, second = respondent.lots[:2]
    assert heard[f"start_wte-{first.id}"].startswith(f"{first.code}: ")
    assert heard[f"start_wte-{second.id}"].startswith(f"{second.code}: ")


def test_a_section_begins_with_what_the_organisation_said_before_until_it_is_saved(
    client: Client, session: Session, respondent: Respondent
) -> None:
    name = respondent.person.memberships[0].organisation.name
    url = respondent.section("organisation")
    page = client.get(url)
    assert f'value="{name}"' in page.html
    assert "it is saved with the rest of this section, also when the page saves itself" in page.text
    assert "Not started" in client.get(respondent.url).text
    assert session.scalar(select(func.count()).select_from(DraftSection)) == 0
    client.submit(url, {"legal_name": "", "then": "later"})
    page = client.get(url)
    assert name not in page.html.partition("<form method")[2].partition("</form>")[0]
    assert "it is saved with the rest" not in page.text


def test_what_must_be_answered_is_marked(client: Client, respondent: Respondent) -> None:
    text = client.get(respondent.section("organisation")).text
    assert "What about legal_name? (required)" in text
    assert "What about cqc? (required)" not in text
    assert "What about interest? (required)" in client.get(respondent.section("interest")).text


def test_a_draft_becomes_a_submission_with_its_answers(
    client: Client, session: Session, respondent: Respondent
) -> None:
    respondent.fill(client)
    client.submit(respondent.section("views"), {"held": "1,000", "barriers": "Escorts.\r\nRooms.", "quote": "yes"})
    receipt = client.get(respondent.submit(client).location)
    [made] = submissions(session)
    assert f"Response submitted Your reference {made.reference}" in receipt.text
    assert "What happens next Until " in receipt.text
    assert "summary-list__row--no-actions" not in receipt.html, "no empty column where nothing can be changed"
    assert "Seaside Health" in receipt.text
    keys = dict(session.execute(select(Question.id, Question.key)).all())
    answers = {(keys[row.question_id], row.lot_id): row.value for row in session.scalars(select(Answer))}
    first, second = (lot.id for lot in respondent.lots)
    assert answers == {
        ("legal_name", None): "Seaside Health",
        ("interest", first): "likely",
        ("interest", second): "no",
        ("role", first): "lead",
        ("start_wte", first): 4.5,
        ("held", None): 1000,
        ("barriers", None): "Escorts.\nRooms.",
        ("quote", None): True,
    }
    levels = {row.lot_id: (row.level, row.role, row.wte_at_start) for row in session.scalars(select(Interest))}
    assert levels == {first: (InterestLevel.LIKELY, "lead", 4.5), second: (InterestLevel.NO, None, None)}


def test_answers_about_a_lot_no_longer_chosen_stay_in_the_draft_but_are_not_submitted(
    client: Client, session: Session, respondent: Respondent
) -> None:
    respondent.fill(client)
    client.submit(respondent.section("interest"), respondent.levels("no", "no"))
    respondent.submit(client)
    assert [row.value for row in session.scalars(select(Answer).where(Answer.lot_id == respondent.lots[0].id))] == [
        "no"
    ]
    client.submit(respondent.section("interest"), respondent.levels("likely", "no"))
    assert 'value="4.5"' in client.get(respondent.section("lots")).html


def test_the_receipt_goes_out_with_a_copy_of_the_answers(
    client: Client, session: Session, respondent: Respondent
) -> None:
    respondent.fill(client)
    respondent.submit(client)
    [made] = submissions(session)
    message = session.scalars(select(MailMessage)).one()
    assert message.recipient == respondent.person.email
    assert made.reference in message.subject
    assert f"http://localhost{respondent.url}" in message.body
    assert "What about legal_name?\nSeaside Health" in message.body
    assert "-- D1: Dental, HMP Site 1\n\nWhat about role?\nLead provider" in message.body
    assert "What about interest?\n\nD1: Dental, HMP Site 1\nLikely to bid" in message.body


def test_missing_answers_are_listed_and_nothing_can_be_submitted(
    client: Client, session: Session, respondent: Respondent
) -> None:
    client.submit(respondent.section("interest"), respondent.levels("likely", "no"))
    page = client.get(respondent.check)
    assert (
        page.links()["“What about legal_name?” must be answered"] == f"{respondent.section('organisation')}#legal_name"
    )
    assert page.links()["Correct the answers listed at the top of this page"] == "#attention"
    assert "Submit" not in page.buttons()
    forged = {
        **client.get(respondent.section("organisation")).hidden(),
        "nonce": "7c1f3c1e-7a3c-4cf5-a4a9-0d2c5a0c6d00",
    }
    client.post(respondent.check, {**forged, "seen": "x", "declared": "y"}, status=409)
    assert submissions(session) == []


def test_a_section_that_nobody_has_opened_is_named_where_one_submits(client: Client, respondent: Respondent) -> None:
    respondent.fill(client)
    page = client.get(respondent.check)
    assert "Submit" in page.buttons()
    assert page.links()["Your views"] == respondent.section("views")
    assert "You can submit without them" in page.text
    client.submit(respondent.section("views"), {"barriers": "Escorts."})
    assert "You can submit without them" not in client.get(respondent.check).text


def test_submitting_needs_the_declaration(client: Client, session: Session, respondent: Respondent) -> None:
    respondent.fill(client)
    page = client.submit(respondent.check, status=422)
    assert "Confirm the declaration to submit" in page.text
    assert submissions(session) == []
    assert client.post(respondent.check, {**page.hidden(), "declared": "y"}).location.startswith(
        f"{respondent.url}/receipts/"
    )


def test_one_lot_with_a_problem_does_not_block_the_others(
    client: Client, session: Session, respondent: Respondent
) -> None:
    respondent.fill(client)
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely"))
    second = respondent.lots[1].id
    client.submit(respondent.section("lots"), {f"start_wte-{second}": "lots", "then": "later", **role(respondent)})
    page = client.get(respondent.check)
    assert "D2: Dental, HMP Site 2: “What about start_wte?” must be a number, like 12" in page.text
    refused = client.submit(respondent.check, {"declared": "y"}, status=409)
    assert submissions(session) == []
    client.post(respondent.check, {**refused.hidden(), "declared": "y", "leave_out": "y"})
    assert {row.lot_id for row in session.scalars(select(Interest))} == {respondent.lots[0].id}
    assert (
        "Not submitted, because answers about them need correcting: D2"
        in session.scalars(select(MailMessage.body)).one()
    )
    assert 'value="lots"' in client.get(respondent.section("lots")).html


def role(respondent: Respondent) -> dict[str, str]:
    return {f"role-{lot.id}": "lead" for lot in respondent.lots}


def test_an_amendment_is_a_new_version_and_the_old_one_stays(
    client: Client, session: Session, respondent: Respondent
) -> None:
    respondent.fill(client)
    first_receipt = respondent.submit(client).location
    assert "There is nothing new to submit" in client.get(respondent.check).text
    assert "Submitted" in client.get(respondent.url).text
    client.submit(respondent.section("organisation"), {"legal_name": "Seaside Health CIC"})
    assert "Changes not submitted" in client.get(respondent.url).text
    respondent.submit(client)
    first, second = submissions(session)
    assert (first.number, second.number) == (1, 2)
    assert "No longer counts" in client.get(first_receipt).text
    assert "Response submitted" not in client.get(first_receipt).text
    assert "What happens next" not in client.get(first_receipt).text
    assert "Seaside Health CIC" not in client.get(first_receipt).text
    session.expire_all()
    assert session.get_one(Response, respondent.response.id).current_submission_id == second.id


def test_withdrawing_and_submitting_again(client: Client, session: Session, respondent: Respondent) -> None:
    respondent.fill(client)
    respondent.submit(client)
    client.submit(f"{respondent.url}/withdraw")
    text = client.get(respondent.url).text
    assert "Withdrawn" in text
    session.expire_all()
    assert session.get_one(Response, respondent.response.id).current_submission_id is None
    respondent.submit(client)
    assert [made.number for made in submissions(session)] == [1, 2]
    session.expire_all()
    response = session.get_one(Response, respondent.response.id)
    assert (response.current_submission_id, response.withdrawn_at) == (submissions(session)[1].id, None)
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts == ["response.submitted", "response.withdrawn", "response.submitted"]
    assert session.query(MailMessage).count() == 3
    (taken_back,) = session.scalars(select(Withdrawal))
    assert taken_back.submission_id == submissions(session)[0].id, "it stays taken back"


def test_the_list_shows_what_the_organisation_has_begun(client: Client, respondent: Respondent) -> None:
    assert "Draft: not submitted" in client.get("/responses").text
    respondent.fill(client)
    respondent.submit(client)
    assert "Submitted, version 1" in client.get("/responses").text
