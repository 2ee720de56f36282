"""Responses that officers enter by hand: what is kept of them, what is refused, and what is never overwritten."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories as make
from tests.factories.questionnaires import add_questionnaire
from tests.webapp.browser_of_pages import Client, Page
from webapp.analysis.queries import what_changed_since
from webapp.db import clock
from webapp.models import (
    AnalysisRun,
    Answer,
    AuditEvent,
    Engagement,
    Interest,
    InterestLevel,
    MailMessage,
    Membership,
    Organisation,
    Person,
    QuestionKind,
    ReceivedFile,
    ReceivedHow,
    Reception,
    ReceptionSection,
    Response,
    Submission,
    TeamRole,
    Withdrawal,
)
from webapp.web.format import LONDON


def where(about: Engagement, *path: object) -> str:
    return "/".join((f"/manage/engagements/{about.id}/received", *map(str, path)))


def details(at: datetime | None = None, **given: Any) -> dict[str, Any]:
    local = (at or datetime.now(UTC) - timedelta(hours=1)).astimezone(LONDON)
    return {
        "organisation_name": "Acorn Care",
        "how": "email",
        "sent_by": "Una Sender",
        "day-day": str(local.day),
        "day-month": str(local.month),
        "day-year": str(local.year),
        "time": f"{local:%H:%M}" if (local.hour, local.minute) != (0, 0) else "00:01",
        **given,
    }


def begin(client: Client, about: Engagement, at: datetime | None = None, **given: Any) -> str:
    """The address of a new entry."""
    return send(client, where(about, "enter"), details(at, **given)).location


def send(client: Client, url: str, fields: dict[str, Any], status: int = 302) -> Page:
    hidden = dict(client.get(url).hidden())
    return client.post(url, {**hidden, **fields}, status=status, content_type="multipart/form-data")


def fill(client: Client, session: Session, about: Engagement, entry: str, barriers: str = "Vetting") -> None:
    first, other = (lot.id for lot in make.lots_of(about))
    client.submit(f"{entry}/sections/organisation", {"legal_name": "Acorn Care Ltd", "cqc": "yes"})
    client.submit(f"{entry}/sections/interest", {f"interest-{first}": "likely", f"interest-{other}": "no"})
    client.submit(f"{entry}/sections/lots", {f"role-{first}": "lead", f"start_wte-{first}": "4.5"})
    client.submit(f"{entry}/sections/views", {"barriers": barriers})


def record(client: Client, entry: str, status: int = 302) -> Page:
    return client.submit(f"{entry}/check", {"checked": "y"}, status=status)


def entered(client: Client, session: Session, about: Engagement, **given: Any) -> Submission:
    entry = begin(client, about, **given)
    fill(client, session, about, entry)
    record(client, entry)
    return session.scalars(select(Submission).order_by(Submission.number.desc())).first()


def cells(content: bytes) -> list[bytes]:
    """Of every sheet, those in the last column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    last = [str(row[-1]).encode() for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(set(last)) == 1, "every sheet says it on every line"
    return last


def answers_of(made: Submission) -> dict[tuple[str, uuid.UUID | None], Any]:
    return {(answer.question.key, answer.lot_id): answer.value for answer in made.answers}


def test_an_entered_response_is_a_submission_that_says_how_it_came(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    sent = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=2)
    original = (io.BytesIO(b"%PDF-1.7 the email\n%%EOF\n"), "email of acorn.pdf")
    made = entered(client, session, about, at=sent, kind="charity", size="small", vcse="yes", file=original)
    reception = made.reception
    assert reception is not None
    assert (made.submitted_at, made.submitted_by) == (reception.received_at, officer.id)
    assert abs(made.submitted_at - sent) < timedelta(minutes=2), "the time at which it was sent counts"
    assert (reception.how, reception.sent_by, reception.late_reason) == (ReceivedHow.EMAIL, "Una Sender", None)
    assert reception.file is not None
    assert reception.file.name == "email of acorn.pdf"
    organisation = made.response.organisation
    assert (organisation.name, organisation.vcse, made.response.current_submission_id) == ("Acorn Care", True, made.id)
    assert not session.scalars(select(Membership).where(Membership.organisation_id == organisation.id)).all()
    first, other = (lot.id for lot in make.lots_of(about))
    assert answers_of(made) == {
        ("legal_name", None): "Acorn Care Ltd",
        ("cqc", None): True,
        ("interest", first): "likely",
        ("interest", other): "no",
        ("role", first): "lead",
        ("start_wte", first): 4.5,
        ("barriers", None): "Vetting",
    }
    assert {interest.level for interest in made.interests} == {InterestLevel.LIKELY, InterestLevel.NO}
    assert not session.scalars(select(ReceptionSection)).all()
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "response.entered")).one()
    assert (event.person_id, event.organisation_id) == (officer.id, organisation.id)


def test_what_was_begun_before_an_analysis_and_recorded_after_it_is_not_behind_it(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    entry = begin(client, about)
    fill(client, session, about, entry)
    run = make.finished_run(session, about, officer)
    run.requested_at = clock(session)
    session.commit()
    for submitted in (0, 1):
        session.expire_all()
        wanted = select(AnalysisRun).where(AnalysisRun.id == run.id).options(*what_changed_since())
        assert session.scalars(wanted.execution_options(populate_existing=True)).one().submitted == submitted
        if not submitted:
            record(client, entry)


def test_every_page_and_file_says_that_an_officer_entered_it(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    made = entered(client, session, about)
    responses = f"/manage/engagements/{about.id}/responses"
    assert "Entered by an officer" in client.get(responses).text
    assert "Entered by an officer" in client.get(f"{responses}/questions/barriers").text
    assert "(entered by an officer)" in client.get(f"{responses}/compare?r={made.response_id}").text
    page = client.get(f"{responses}/{made.response_id}")
    assert "By email from Una Sender" in page.text
    assert f"Entered by {officer.name}" in page.text
    assert "Entered by an officer" in client.get(f"/manage/engagements/{about.id}").text
    for kind in ("csv", "xlsx"):
        content = client.submit(responses, action=f"{responses}/file/{kind}", status=200).response.get_data()
        said = content if kind == "csv" else b"".join(cells(content))
        assert b"By email, entered by an officer" in said


def test_an_analysis_says_how_many_of_the_responses_behind_it_were_entered(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    entered(client, session, about)
    make.submission(
        session,
        make.response(session, about),
        {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)},
    )
    session.commit()
    managing = f"/manage/engagements/{about.id}"
    run = client.submit(managing, action=f"{managing}/runs").location
    assert "Responses entered by officers 1" in client.get(run).text


def test_what_an_organisation_did_not_answer_stops_nothing_and_what_cannot_be_used_does(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    entry = begin(client, about)
    assert "Record the response" not in client.get(f"{entry}/check").buttons()
    client.submit(f"{entry}/sections/views", {"held": "many"}, status=422)
    assert "must be a number" in client.get(f"{entry}/check").text
    assert "Record the response" not in client.get(f"{entry}/check").buttons()
    client.submit(f"{entry}/sections/views", {"held": "2"})
    page = client.get(f"{entry}/check")
    assert "3 questions that must be answered online" in page.text
    record(client, entry)
    assert session.scalars(select(Answer)).one().value == 2


def test_what_an_organisation_submitted_itself_is_never_overwritten(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    provider = make.provider_person(session)
    make.invitation(session, about, provider)
    own = make.submission(session, make.response(session, about, provider))
    session.commit()
    organisation = session.get_one(Organisation, own.response.organisation_id)
    entry = begin(client, about, organisation_name="", organisation_id=str(organisation.id))
    fill(client, session, about, entry)
    assert "That is never overwritten" in record(client, entry, status=409).text
    session.expire_all()
    assert own.response.current_submission_id == own.id
    assert session.scalars(select(Submission)).one() == own


def test_a_draft_of_the_provider_stays_and_its_own_submission_wins_later(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    provider = make.provider_person(session)
    make.invitation(session, about, provider)
    response = make.response(session, about, provider)
    draft = make.draft(session, response, "views", {"barriers": "Mine"})
    session.commit()
    entry = begin(client, about, organisation_name="", organisation_id=str(response.organisation_id))
    fill(client, session, about, entry)
    record(client, entry)
    session.expire_all()
    assert response.current_submission is not None
    assert response.current_submission.reception_id is not None
    assert draft.answers == {"barriers": "Mine"}
    mail = session.scalars(select(MailMessage)).one()
    assert (mail.recipient, "Una Sender" in mail.body) == (provider.email, True)
    client.sign_in(provider)
    page = client.get(f"/responses/{response.id}")
    assert "entered" in page.text
    receipt = client.get(f"/responses/{response.id}/receipts/{response.current_submission_id}")
    assert "By email from Una Sender" in receipt.text


def test_beside_a_draft_of_an_earlier_version_all_that_was_entered_is_kept(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    """Its provider goes on under the questions that it began with; what it sent answers those of now."""
    provider = make.provider_person(session)
    make.invitation(session, about, provider)
    response = make.response(session, about, provider)
    make.draft(session, response, "views", {"barriers": "Mine"})
    version = add_questionnaire(session, about, published=False, number=2)
    asked = {question.key: question for section in version.sections for question in section.questions}
    asked["cqc"].kind, asked["barriers"].key = QuestionKind.TEXT, "obstacles"
    session.flush()
    version.published_at = datetime.now(UTC)
    session.commit()
    entry = begin(client, about, organisation_name="", organisation_id=str(response.organisation_id))
    client.submit(f"{entry}/sections/organisation", {"legal_name": "Acorn Care Ltd", "cqc": "By the new year"})
    client.submit(f"{entry}/sections/views", {"obstacles": "Vetting"})
    record(client, entry)
    session.expire_all()
    made = session.scalars(select(Submission)).one()
    assert {key: value for (key, _lot), value in answers_of(made).items()} == {
        "legal_name": "Acorn Care Ltd",
        "cqc": "By the new year",
        "obstacles": "Vetting",
    }
    reading = f"/manage/engagements/{about.id}/responses/{response.id}"
    assert "By the new year" in client.get(reading).text
    again = client.submit(reading, action=where(about, response.id, "correct")).location
    assert "By the new year" in client.get(f"{again}/check").text
    client.sign_in(provider)
    assert "Vetting" in client.get(f"/responses/{response.id}/receipts/{made.id}").text
    assert "Mine" in client.get(f"/responses/{response.id}/check").text


def test_an_entered_response_keeps_what_it_answers_of_its_provider_beside_its_answers(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    make.ask_of_provider(session, next(version for version in about.versions if version.published_at))
    entry = begin(client, about)
    fill(client, session, about, entry)
    said = {"organisation_kind": "charity", "organisation_size": "small", "is_vcse": "yes"}
    client.submit(f"{entry}/sections/organisation", {"legal_name": "Acorn Care Ltd", **said})
    record(client, entry)
    made = session.scalars(select(Submission)).one()
    assert (made.answered_kind, made.answered_size, made.answered_vcse) == ("charity", "small", True)


def test_a_correction_is_a_version_of_its_own(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    first = entered(client, session, about)
    reading = f"/manage/engagements/{about.id}/responses/{first.response_id}"
    entry = client.submit(reading, action=where(about, first.response_id, "correct")).location
    assert "Vetting" in client.get(f"{entry}/sections/views").html
    client.submit(f"{entry}/sections/views", {"barriers": "Escorts"})
    record(client, entry)
    session.expire_all()
    versions = session.scalars(select(Submission).order_by(Submission.number)).all()
    assert [version.number for version in versions] == [1, 2]
    said = [answers_of(version) for version in versions]
    assert [each.pop(("barriers", None)) for each in said] == ["Vetting", "Escorts"]
    assert said[0] == said[1], "all else is as it was"
    assert len(session.scalars(select(Interest)).all()) == 4
    assert versions[0].response.current_submission_id == versions[1].id


def test_how_a_recorded_response_was_received_never_changes(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    reception = entered(client, session, about).reception
    assert reception is not None
    reception.received_at -= timedelta(days=1)
    with pytest.raises(IntegrityError, match="never changed"):
        session.flush()


def test_the_closing_time_is_judged_on_when_it_was_sent(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    now = datetime.now(UTC)
    about.opens_at, about.closes_at = now - timedelta(days=9), now - timedelta(days=2)
    session.commit()
    in_time = entered(client, session, about, at=now - timedelta(days=3), organisation_name="In time")
    assert in_time.reception is not None
    assert in_time.reception.late_reason is None
    page = send(client, where(about, "enter"), details(now - timedelta(days=1)), status=422)
    assert "Enter why it is accepted" in page.text
    reason = "The portal was down for an hour"
    entered(client, session, about, at=now - timedelta(days=1), late_reason=reason, organisation_name="Too late")
    late = session.scalars(select(Reception).where(Reception.organisation_name == "Too late")).one()
    assert late.late_reason == reason
    log = client.get(f"/programmes/{about.programme_id}/record").text
    assert reason in log
    assert "Too late" in log


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"organisation_name": ""}, "Choose an organisation, or enter the name"),
        ({"organisation_name": "!?"}, "Choose an organisation, or enter the name"),
        ({"sent_by": " "}, "Enter who sent it"),
        ({"how": "pigeon"}, "choose one of the options shown"),
        ({"day-year": "2199"}, "must not be in the future"),
        ({"day-year": "2001"}, "must have been sent after the engagement opened"),
        ({"time": "soon"}, "Enter a time of day"),
        ({"file": (io.BytesIO(b"MZ\x00"), "original.exe")}, "The original must be a PDF"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    client: Client, session: Session, about: Engagement, officer: Person, fields: dict[str, Any], said: str
) -> None:
    assert said in send(client, where(about, "enter"), details(**fields), status=422).text
    assert not session.scalars(select(Reception)).all()


def test_two_officers_who_change_one_section_see_both_versions(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    entry = begin(client, about)
    section = f"{entry}/sections/views"
    opened = client.get(section).hidden()
    client.submit(section, {"barriers": "Theirs"})
    page = client.post(section, {**opened, "barriers": "Mine"}, status=409)
    assert "Theirs" in page.text
    assert "Mine" in page.html
    client.post_twice(section, {**page.hidden(), "barriers": "Mine"})
    assert "Mine" in client.get(section).html
    how = f"{entry}/how"
    opened = dict(client.get(how).hidden())
    send(client, how, details(sent_by="Theirs"))
    page = client.post(how, {**opened, **details(sent_by="Mine")}, status=409)
    assert "Theirs" in page.text
    client.post_twice(how, {**page.hidden(), **details(sent_by="Mine")})
    assert session.scalars(select(Reception.sent_by)).all() == ["Mine"]


def test_details_that_are_sent_twice_with_their_original_are_saved_once(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    how = f"{begin(client, about)}/how"
    fields = {**client.get(how).hidden(), **details(sent_by="Una")}

    def sent(original: bytes, status: int) -> None:
        file = (io.BytesIO(original), "email.pdf")
        client.post(how, {**fields, "file": file}, status=status, content_type="multipart/form-data")

    for _ in range(2):
        sent(b"%PDF-1.7 one\n%%EOF\n", 302)
    sent(b"%PDF-1.7 another\n%%EOF\n", 409)
    assert session.scalars(select(ReceivedFile.content)).all() == [b"%PDF-1.7 one\n%%EOF\n"]


def test_an_entry_is_given_up_with_its_original(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    entry = begin(client, about, file=(io.BytesIO(b"%PDF-1.7 x\n%%EOF\n"), "x.pdf"))
    give_up = client.get(entry).links()["Give up this entry"]
    assert "with the original “x.pdf”" in client.get(give_up).text
    client.get(entry)  # asking takes nothing away
    client.submit(give_up)
    assert not session.scalars(select(Reception)).all()
    assert not session.scalars(select(ReceivedFile)).all()
    client.get(entry, status=404)


def test_an_entered_response_is_set_aside_with_a_reason_and_can_be_entered_again(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    made = entered(client, session, about)
    aside = where(about, made.response_id, "set-aside")
    assert "Enter why it counts no more" in client.submit(aside, status=422).text
    client.submit(aside, {"reason": "They registered and submitted themselves"})
    session.expire_all()
    assert made.response.current_submission_id is None
    assert made.response.withdrawn_at is not None
    assert session.scalars(select(Withdrawal.submission_id)).all() == [made.id]
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "response.set_aside")).one()
    assert event.detail["reason"] == "They registered and submitted themselves"
    assert "Nobody has submitted" in client.get(f"/manage/engagements/{about.id}/responses").text
    again = entered(client, session, about)
    session.expire_all()
    assert (again.response_id, again.number) == (made.response_id, 2)
    assert again.response.current_submission_id == again.id


def test_the_original_is_for_lead_officers(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    content = b"%PDF-1.7 the email\n%%EOF\n"
    made = entered(client, session, about, file=(io.BytesIO(content), "email.pdf"))
    file = where(about, made.response_id, "original")
    assert client.get(file).response.get_data() == content
    colleague = make.officer(session)
    make.team_member(
        session, about.programme_id, colleague.id, colleague.memberships[0].organisation_id, TeamRole.OFFICER
    )
    session.commit()
    client.sign_in(colleague)
    client.get(file, status=404)
    client.get(where(about))
    page = client.get(f"/manage/engagements/{about.id}/responses/{made.response_id}")
    assert "Fetch the original" not in page.links()


def test_an_invited_person_claims_what_was_entered_for_an_organisation_without_people(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    made = entered(client, session, about)
    invited = {"organisation_id": str(made.response.organisation_id), "name": "Una", "email": "una@acorn.example"}
    client.submit(f"/manage/engagements/{about.id}/invite", invited)
    una = session.scalars(select(Person).where(Person.email == "una@acorn.example")).one()
    client.sign_in(una)
    assert "entered" in client.get(f"/responses/{made.response_id}").text


def test_pages_ask_little_of_the_database(client: Client, session: Session, about: Engagement, officer: Person) -> None:
    for _ in range(12):
        make.reception(session, about, officer)
    session.commit()
    entry = begin(client, about)
    fill(client, session, about, entry)
    for url in (where(about), where(about, "enter"), entry, f"{entry}/how", f"{entry}/sections/lots", f"{entry}/check"):
        assert len(client.get(url).statements) <= 15, url
    assert session.scalars(select(Response)).first() is None
