"""Files as answers: attached, removed, submitted and fetched, without JavaScript."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.engagements.files import CSV, DOCX, PDF, archive
from tests.webapp.exports.pdf_text import text_of
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import (
    MOST_FILE_BYTES,
    Answer,
    AuditEvent,
    DraftSection,
    MailMessage,
    MembershipRole,
    Organisation,
    Person,
    Programme,
    QuestionKind,
    ResponseFile,
    SignedInSession,
    SubmissionFile,
    TeamRole,
)
from webapp.responses.files import actions

SECTION = SectionContent(
    slug="evidence",
    title="Evidence",
    questions=(
        QuestionContent(key="note", kind=QuestionKind.TEXT, wording="Anything to add?"),
        QuestionContent(key="policy", kind=QuestionKind.FILE_UPLOAD, wording="Your policy", hint="If you have one."),
        QuestionContent(key="secret", kind=QuestionKind.FILE_UPLOAD, wording="Your conflicts", restricted=True),
    ),
)
BIG = b"%PDF-1.7\n" + bytes(MOST_FILE_BYTES) + b"\n%%EOF\n"
MACROS = archive({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"})


@pytest.fixture
def respondent(session: Session) -> Respondent:
    engagement = factories.engagement(session, questionnaire=False)
    add_questionnaire(session, engagement, (SECTION,)).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    return make_respondent(session, engagement)


def evidence(respondent: Respondent) -> str:
    return respondent.section("evidence")


def send(
    client: Client,
    respondent: Respondent,
    *files: tuple[str, bytes, str],
    fields: dict[str, Any] | None = None,
    page: Page | None = None,
    status: int = 302,
) -> Page:
    """Fill in the section's page and choose files: name of the control, content, name of the file."""
    shown = page or client.get(evidence(respondent))
    parts: MultiDict[str, Any] = shown.hidden()
    for name, value in (fields or {}).items():
        parts.setlist(name, value if isinstance(value, list) else [value])
    for control, content, name in files:
        parts.add(control, FileStorage(io.BytesIO(content), name))
    boundary, body = encode_multipart(parts)
    return client.post(
        evidence(respondent), body, status=status, content_type=f"multipart/form-data; boundary={boundary}"
    )


def files(session: Session) -> list[ResponseFile]:
    session.expire_all()
    return list(session.scalars(select(ResponseFile).order_by(ResponseFile.name)))


def drafted(session: Session) -> dict[str, Any]:
    session.expire_all()
    return dict(session.scalars(select(DraftSection.answers)).one())


def officer_of(session: Session, respondent: Respondent, role: TeamRole | None = None) -> Person:
    programme = session.get_one(Programme, respondent.engagement.programme_id)
    buyer = session.get_one(Organisation, programme.buyer_id)
    if role is None:
        someone = factories.officer(session, buyer)
    else:
        someone = factories.person(session, buyer, MembershipRole.OFFICER)
        factories.team_member(session, programme.id, someone.id, buyer.id, role)
    session.commit()
    return someone


# Attaching


def test_a_chosen_file_is_kept_when_the_section_is_saved(
    client: Client, session: Session, respondent: Respondent
) -> None:
    page = client.get(evidence(respondent))
    assert page.tree.find(".//main//form").get("enctype") == "multipart/form-data"
    send(client, respondent, ("policy-file", PDF, "docs/Our policy.exe"), fields={"note": "See it."})
    [file] = files(session)
    assert (file.name, file.kind, file.size) == ("Our policy.pdf", "pdf", len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert drafted(session)["note"] == "See it."
    assert "Our policy.pdf (PDF, 48 bytes)" in client.get(evidence(respondent)).text
    assert "response.file_attached" in session.scalars(select(AuditEvent.act)).all()


def test_files_stay_with_what_is_saved_later(client: Client, session: Session, respondent: Respondent) -> None:
    send(client, respondent, ("policy-file", PDF, "one.pdf"), ("policy-file", CSV, "two.csv"))
    send(client, respondent, fields={"note": "More"})
    assert [row[1] for row in drafted(session)["policy"]] == ["one.pdf", "two.csv"]


def test_the_same_form_sent_twice_keeps_one_file(client: Client, session: Session, respondent: Respondent) -> None:
    page = client.get(evidence(respondent))
    for _click in range(2):
        send(client, respondent, ("policy-file", PDF, "one.pdf"), page=page)
    assert len(files(session)) == len(drafted(session)["policy"]) == 1


def test_a_removed_file_is_deleted(client: Client, session: Session, respondent: Respondent) -> None:
    send(client, respondent, ("policy-file", PDF, "one.pdf"), ("policy-file", CSV, "two.csv"))
    gone, stays = files(session)
    send(client, respondent, fields={"policy-remove": str(gone.id)})
    assert [file.id for file in files(session)] == [stays.id]
    assert [row[0] for row in drafted(session)["policy"]] == [str(stays.id)]


def test_a_file_can_be_replaced_in_one_go(client: Client, session: Session, respondent: Respondent) -> None:
    names = ("a.pdf", "b.pdf", "c.pdf")
    send(client, respondent, *(("policy-file", PDF + name.encode(), name) for name in names))
    first = files(session)[0]
    send(client, respondent, ("policy-file", CSV, "d.csv"), fields={"policy-remove": str(first.id)})
    assert [row[1] for row in drafted(session)["policy"]] == ["b.pdf", "c.pdf", "d.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MZ\x90\x00", "“x.pdf” must be a PDF, DOCX, XLSX, ODT or CSV file"),
        (b"", "“x.pdf” is empty"),
        (b"%PDF-1.7 cut", "“x.pdf” is damaged"),
        (MACROS, "“x.pdf” contains macros"),
        (BIG, "“x.pdf” must be 5 MB or smaller"),
    ],
)
def test_what_is_unfit_is_refused_beside_its_field_and_the_rest_is_kept(
    client: Client, session: Session, respondent: Respondent, content: bytes, message: str
) -> None:
    sent = [("policy-file", content, "x.pdf"), ("policy-file", CSV, "good.csv")]
    page = send(client, respondent, *sent, fields={"note": "Kept", "then": "later"}, status=422)
    assert "Everything else on this page is saved in your draft, but not the files named above." in page.text
    assert message in page.text
    assert page.tree.find(".//a[@href='#policy-file']") is not None
    assert [file.name for file in files(session)] == ["good.csv"]
    assert drafted(session)["note"] == "Kept"


def test_there_is_a_limit_to_files_and_to_bytes(
    client: Client, session: Session, respondent: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [("policy-file", PDF + bytes([number]), f"{number}.pdf") for number in range(4)]
    page = send(client, respondent, *many, status=422)
    assert "can have up to 3 files" in page.text
    assert len(files(session)) == 3
    monkeypatch.setattr(actions, "MOST_RESPONSE_BYTES", 190)
    page = send(client, respondent, ("secret-file", PDF, "more.pdf"), status=422)
    assert "together must be" in page.text
    assert len(files(session)) == 3


def test_an_id_that_is_not_of_this_question_is_left_out(
    client: Client, session: Session, respondent: Respondent
) -> None:
    other = factories.response(session, respondent.engagement)
    strangers = factories.response_file(session, other, "policy")
    elsewhere = factories.response_file(session, respondent.response, "secret", name="elsewhere.pdf")
    session.commit()
    forged = [str(strangers.id), str(elsewhere.id), str(uuid.uuid4()), "x"]
    send(client, respondent, fields={"policy-kept": forged, "note": "x"})
    assert "policy" not in drafted(session)


def test_autosave_leaves_files_alone(client: Client, session: Session, respondent: Respondent) -> None:
    send(client, respondent, ("policy-file", PDF, "one.pdf"))
    [file] = files(session)
    sent = client.get(evidence(respondent)).hidden()
    sent.setlist("policy-kept", [])
    sent.setlist("policy-remove", [str(file.id)])
    sent.setlist("note", ["typed"])
    client.post(f"{evidence(respondent)}/autosave", sent, status=200)
    assert drafted(session)["note"] == "typed"
    assert len(drafted(session)["policy"]) == len(files(session)) == 1


def test_a_clash_keeps_the_file_for_the_version_that_may_be_saved(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    page = client.get(evidence(respondent))
    send(colleague_client, respondent, fields={"note": "First"})
    clash = send(client, respondent, ("policy-file", PDF, "mine.pdf"), page=page, fields={"note": "Mine"}, status=409)
    assert "mine.pdf (PDF, 48 bytes)" in clash.text
    carried = clash.hidden()
    for area in clash.tree.findall(".//main//form//textarea"):
        carried.add(area.get("name"), (area.text or "").removeprefix("\n"))
    client.post(evidence(respondent), carried)
    assert [row[1] for row in drafted(session)["policy"]] == ["mine.pdf"]
    assert drafted(session)["note"] == "Mine"


def test_a_file_that_nobody_decided_for_is_deleted_after_a_day(
    client: Client, session: Session, respondent: Respondent
) -> None:
    then = datetime.now(UTC) - timedelta(days=2)
    factories.response_file(session, respondent.response, "policy", name="old.pdf", uploaded_at=then)
    factories.response_file(session, respondent.response, "policy", name="young.pdf")
    session.commit()
    send(client, respondent, fields={"note": "x"})
    assert [file.name for file in files(session)] == ["young.pdf"]


def test_nothing_is_kept_after_the_deadline(client: Client, session: Session, respondent: Respondent) -> None:
    page = client.get(evidence(respondent))
    respondent.engagement.closes_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    refused = send(client, respondent, ("policy-file", PDF, "late.pdf"), page=page, status=409)
    assert "late.pdf" in refused.text
    assert files(session) == []


def test_a_section_without_a_chosen_file_is_given_back_when_the_session_has_ended(
    client: Client, session: Session, respondent: Respondent
) -> None:
    page = client.get(evidence(respondent))
    session.execute(delete(SignedInSession))
    session.commit()
    refused = send(client, respondent, ("policy-file", b"", ""), page=page, fields={"note": "Kept"}, status=403)
    assert "Send again" in refused.text
    page_with_file = send(client, respondent, ("policy-file", PDF, "one.pdf"), page=page, status=403)
    assert "Send again" not in page_with_file.text, "a file cannot be given back"


# Submitting


def submit(client: Client, session: Session, respondent: Respondent) -> str:
    send(client, respondent, ("policy-file", PDF, "one.pdf"), ("secret-file", DOCX, "secret.docx"))
    return respondent.submit(client).location


def test_a_submission_names_its_files_everywhere(client: Client, session: Session, respondent: Respondent) -> None:
    send(client, respondent, ("policy-file", PDF, "one.pdf"))
    [file] = files(session)
    assert f'href="{respondent.url}/files/{file.id}"' in client.get(respondent.check).html
    receipt = respondent.submit(client).location
    assert f'href="{respondent.url}/files/{file.id}"' in client.get(receipt).html
    assert session.scalars(select(Answer.value)).one() == [
        {"id": str(file.id), "name": "one.pdf", "kind": "pdf", "size": len(PDF), "sha256": file.sha256}
    ]
    mail = session.scalars(select(MailMessage.body).where(MailMessage.subject.startswith("Receipt"))).one()
    assert "one.pdf (PDF, 48 bytes)" in mail
    assert "one.pdf" in text_of(client.get(f"{receipt}/copy.pdf").response.data)
    assert "nothing new to submit" in client.get(respondent.check).text
    [held] = json.loads(client.get("/account/data.json").html)["responses"]
    assert [(each["name"], each["sha256"]) for each in held["files"]] == [("one.pdf", file.sha256)]


def test_a_submitted_file_stays_when_the_draft_drops_it(
    client: Client, session: Session, respondent: Respondent
) -> None:
    receipt = submit(client, session, respondent)
    ids = [str(file.id) for file in files(session)]
    send(client, respondent, fields={"policy-remove": ids, "secret-remove": ids})
    assert "policy" not in drafted(session)
    assert [str(file.id) for file in files(session)] == ids
    assert "one.pdf" in client.get(receipt).text
    client.get(f"{respondent.url}/files/{ids[0]}")


@pytest.mark.parametrize(
    "statement",
    [
        update(ResponseFile).values(name="other.pdf"),
        delete(ResponseFile),
        update(SubmissionFile).values(question_id=SubmissionFile.question_id),
        delete(SubmissionFile),
        text("TRUNCATE response_file CASCADE"),
    ],
)
def test_the_database_refuses_to_change_what_was_submitted(
    client: Client, session: Session, respondent: Respondent, statement: Any
) -> None:
    submit(client, session, respondent)
    with pytest.raises(IntegrityError):
        session.execute(statement)


# Fetching


def test_a_file_is_served_as_an_attachment_to_its_own_people_alone(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    send(client, respondent, ("policy-file", PDF, "Our <policy>.pdf"))
    [file] = files(session)
    address = f"{respondent.url}/files/{file.id}"
    page = colleague_client.get(address)
    assert page.response.data == PDF
    assert page.response.headers["Content-Disposition"] == 'attachment; filename="Our policy.pdf"'
    assert page.response.headers["X-Content-Type-Options"] == "nosniff"
    assert page.response.mimetype == "application/pdf"
    outsider = factories.provider_person(session)
    factories.response(session, respondent.engagement, outsider)
    session.commit()
    client.sign_in(outsider)
    client.get(address, status=404)


def test_officers_fetch_what_counts_and_only_those_who_lead_what_is_restricted(
    client: Client, session: Session, respondent: Respondent
) -> None:
    leader, reviewer = officer_of(session, respondent), officer_of(session, respondent, TeamRole.OFFICER)
    stranger = factories.officer(session)
    send(client, respondent, ("policy-file", PDF, "one.pdf"), ("secret-file", DOCX, "secret.docx"))
    session.commit()
    policy, secret = (f"/manage{respondent_url(respondent)}/files/{file.id}" for file in files(session))

    def statuses(person: Person) -> tuple[int, int]:
        return status_of(client, person, policy), status_of(client, person, secret)

    assert statuses(leader) == (404, 404), "a draft is nobody else's"
    client.sign_in(respondent.person)
    respondent.submit(client)
    assert statuses(leader) == (200, 200)
    assert statuses(reviewer) == (200, 404)
    assert statuses(stranger) == (404, 404)
    client.sign_in(reviewer)
    page = client.get(policy.rpartition("/files/")[0])
    assert policy in page.html
    assert "secret.docx" not in page.html
    client.sign_in(respondent.person)
    client.submit(f"{respondent.url}/withdraw")
    assert statuses(leader) == (404, 404)


def respondent_url(respondent: Respondent) -> str:
    return f"/engagements/{respondent.engagement.id}/responses/{respondent.response.id}"


def status_of(client: Client, person: Person, url: str) -> int:
    client.sign_in(person)
    return client.look(url).response.status_code


def test_the_printed_questionnaire_says_attach(client: Client, respondent: Respondent) -> None:
    page = client.get(f"/engagements/{respondent.engagement.id}/questionnaire")
    assert "Attach up to 3 files" in page.text
