"""What is held about a person, as one file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client
from webapp.models import (
    Answer,
    DraftRemark,
    Identity,
    InterestLevel,
    Invitation,
    MembershipRole,
    Passkey,
    Person,
    RemarkKind,
    Reminder,
    ReminderKind,
    ReminderStop,
    Response,
)
from webapp.responses.withdrawing import take_back


def answer(session: Session, person: Person, text: str) -> Response:
    """A response with a draft and a submission."""
    about = factories.engagement(session)
    response = factories.response(session, about, person)
    factories.draft(session, response, "organisation", {"legal_name": text})
    lots = factories.lots_of(about)
    made = factories.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in lots})
    question = response.version.sections[0].questions[0]
    session.add(Answer(submission_id=made.id, question_id=question.id, value=text))
    session.add(Answer(submission_id=made.id, question_id=question.id, lot_id=lots[0].id, value=4))
    session.commit()
    return response


def download(client: Client) -> dict[str, Any]:
    page = client.get("/account/data.json")
    assert page.response.headers["Content-Disposition"] == 'attachment; filename="soundings-your-data.json"'
    assert page.response.mimetype == "application/json"
    return dict(json.loads(page.html))


def test_the_file_holds_the_person_and_its_organisations_responses(client: Client, session: Session) -> None:
    organisation = factories.provider(session, name="Northern Care", charity_number="1089464")
    person = factories.provider_person(session, organisation, name="Ann O'Neill")
    response = answer(session, person, "“Northern” Care 😀")
    session.add(
        Invitation(
            engagement_id=response.engagement_id,
            organisation_id=organisation.id,
            person_id=person.id,
            email=person.email,
        )
    )
    session.commit()
    client.submit(people.link_for(session, person))
    held = download(client)
    assert held["person"]["name"] == "Ann O'Neill"
    [acts_for] = held["person"]["acts_for"]
    assert (acts_for["role"], acts_for["organisation"]["charity_number"]) == ("signatory", "1089464")
    assert acts_for["organisation"]["is_sme"] is True
    assert len(held["person"]["sessions"]) == len(held["person"]["links"]) == len(held["invitations"]) == 1
    assert [act["act"] for act in held["acts"]] == ["person.signed_in"]
    [own] = held["responses"]
    assert own["draft"][0]["answers"] == {"legal_name": "“Northern” Care 😀"}
    [made] = own["submissions"]
    assert made["counts"] is True
    assert {(given["lot"], given["answer"]) for given in made["answers"]} == {(None, "“Northern” Care 😀"), ("D1", 4)}
    assert made["interests"][0]["level"] == "likely"


def test_who_wrote_a_draft_before_whoever_saved_it_last_is_named(client: Client, session: Session) -> None:
    person = factories.provider_person(session)
    response = answer(session, person, "Northern Care")
    organisation = person.memberships[0].organisation
    one, two = (factories.person(session, organisation, MembershipRole.CONTRIBUTOR) for _ in range(2))
    response.drafts[0].earlier_writers = [two.id, one.id]
    response.drafts[0].saved_by = person.id
    session.commit()
    answer(session, person, "Of which nobody wrote before")
    client.sign_in(person)
    written = {row["draft"][0]["answers"]["legal_name"]: row["draft"][0] for row in download(client)["responses"]}
    assert written["Northern Care"]["saved_by"] == person.name
    assert written["Northern Care"]["saved_before_by"] == [two.name, one.name]
    assert written["Of which nobody wrote before"]["saved_before_by"] == []


def test_what_colleagues_said_about_a_draft_is_in_it(client: Client, session: Session) -> None:
    person = factories.provider_person(session, name="Ann Patel")
    response = answer(session, person, "Northern Care")
    session.add(
        DraftRemark(response_id=response.id, kind=RemarkKind.SENT_BACK, text="Check Haverigg.", written_by=person.id)
    )
    session.commit()
    client.sign_in(person)
    [own] = download(client)["responses"]
    [said] = own["remarks"]
    assert (said["kind"], said["text"], said["written_by"]) == ("sent_back", "Check Haverigg.", "Ann Patel")
    assert said["written_at"]


def test_each_withdrawal_is_in_it_with_its_reason(client: Client, session: Session) -> None:
    person = factories.provider_person(session)
    response, first = answer(session, person, "Northern Care"), datetime(2026, 3, 2, 9, tzinfo=UTC)
    take_back(session, response=response, now=first, reason="Our bid team is busy.")
    factories.submission(session, response, number=2)
    take_back(session, response=response, now=first + timedelta(days=1))
    session.commit()
    client.sign_in(person)
    [own] = download(client)["responses"]
    assert [each["reason"] for each in own["withdrawals"]] == ["Our bid team is busy.", None]
    assert [each["withdrawn_at"][:10] for each in own["withdrawals"]] == ["2026-03-02", "2026-03-03"]


def test_it_lists_reminders_stops_passkeys_and_who_one_is_elsewhere(client: Client, session: Session) -> None:
    person = factories.provider_person(session)
    about = factories.engagement(session)
    session.add_all(
        [
            Reminder(
                engagement_id=about.id,
                organisation_id=person.memberships[0].organisation_id,
                person_id=person.id,
                kind=ReminderKind.DRAFT_TWO_DAYS,
                token_digest="digest of the link",
            ),
            ReminderStop(engagement_id=about.id, person_id=person.id),
            Passkey(person_id=person.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0),
            Identity(person_id=person.id, issuer="https://id.example", subject="ann"),
        ]
    )
    session.commit()
    client.sign_in(person)
    held = download(client)
    assert [(row["engagement"], row["kind"]) for row in held["reminders"]] == [(about.title, "draft_two_days")]
    assert [row["engagement"] for row in held["reminders_stopped"]] == [about.title]
    [passkey] = held["person"]["passkeys"]
    assert (passkey["name"], passkey["last_used_at"]) == ("Phone", None)
    assert [row["subject"] for row in held["person"]["single_sign_on"]] == ["ann"]
    assert "digest of the link" not in client.get("/account/data.json").html


def test_secrets_are_not_in_it(client: Client, session: Session) -> None:
    person = people.officer(session)
    link = people.link_for(session, person)
    client.sign_in(person)
    text = client.get("/account/data.json").html
    assert person.totp_secret not in text
    assert person.password_hash not in text
    assert link.rpartition("/")[2] not in text
    assert "digest" not in text


def test_nothing_of_another_organisation_is_in_it(client: Client, session: Session) -> None:
    answer(session, factories.provider_person(session), "Secret of others")
    person = factories.provider_person(session)
    answer(session, person, "Ours")
    client.sign_in(person)
    text = client.get("/account/data.json").html
    assert "Ours" in text
    assert "Secret of others" not in text


def test_more_responses_take_no_more_statements(client: Client, session: Session) -> None:
    person = factories.provider_person(session)
    answer(session, person, "First")
    client.sign_in(person)
    few = len(client.get("/account/data.json").statements)
    for number in range(3):
        answer(session, person, f"Number {number}")
    assert len(client.get("/account/data.json").statements) == few
    assert len(download(client)["responses"]) == 4


def test_the_page_leads_to_the_file(client: Client, session: Session) -> None:
    person = factories.provider_person(session)
    session.commit()
    client.sign_in(person)
    assert client.get("/account/data").links()["Download your data"] == "/account/data.json"
