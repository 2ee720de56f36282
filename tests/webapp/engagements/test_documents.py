"""Documents: put up by officers, fetched by everybody as attachments, replaced and removed with a record."""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.engagements.files import CSV, DOCX, ODT, PDF, XLSX
from webapp.db import clock
from webapp.models import AuditEvent, Document, DocumentKind, Engagement, Invitation, MailMessage, Person

HOSTILE = '<script>alert(1)</script> & "quoted" {{ 7 * 7 }} \u202eabc'


def listing(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/documents"


def address(document: Document) -> str:
    return f"/engagements/{document.engagement_id}/documents/{document.id}"


def sent(content: bytes, name: str = "spec.pdf", title: str = "Draft specification") -> dict[str, Any]:
    return {"title": title, "file": (io.BytesIO(content), name)}


def send(client: Client, url: str, fields: dict[str, Any], *, status: int) -> Page:
    """As client.submit, but encoded in memory: the test client leaves the temporary file of a large body open."""
    files = {name: FileStorage(*value) for name, value in fields.items() if isinstance(value, tuple)}
    boundary, body = encode_multipart({**client.get(url).hidden(), **fields, **files})
    return client.post(url, body, status=status, content_type=f"multipart/form-data; boundary={boundary}")


def documents(session: Session) -> list[Document]:
    return list(session.scalars(select(Document).order_by(Document.created_at)))


def acts(session: Session) -> list[str]:
    events = select(AuditEvent.act).where(AuditEvent.subject_kind == "document").order_by(AuditEvent.id)
    return list(session.scalars(events))


# Adding


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (PDF, "spec.pdf", "pdf", "application/pdf"),
        (CSV, "demand.txt", "csv", "text/csv; charset=utf-8"),
        (DOCX, "spec.exe", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "prices.xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (ODT, "spec.pdf", "odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_each_kind_is_added_listed_and_fetched_as_what_it_is(
    session: Session,
    engagement: Engagement,
    officer: Person,
    client: Client,
    content: bytes,
    name: str,
    kind: str,
    media_type: str,
) -> None:
    client.sign_in(officer)
    page = client.submit(listing(engagement), sent(content, name))
    assert page.location == listing(engagement)
    assert len(page.statements) <= 15
    document = documents(session)[0]
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    client.sign_out()
    public = client.get(f"/engagements/{engagement.id}")
    assert len(public.statements) <= 8
    assert f"Draft specification {kind.upper()}, {len(content)} bytes, added on" in public.text
    fetched = client.get(public.links()["Draft specification"]).response
    assert fetched.get_data() == content
    stem = name.rpartition(".")[0]
    assert fetched.headers["Content-Type"] == media_type
    assert fetched.headers["Content-Disposition"] == f"attachment; filename={stem}.{kind}"
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in fetched.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": " ", "file": (io.BytesIO(PDF), "a.pdf")}, "Enter what the document is"),
        ({"title": "Specification"}, "Choose a file"),
        ({"title": "Specification", "file": "not a file"}, "Choose a file"),
        ({"title": "Specification", "file": (io.BytesIO(b""), "a.pdf")}, "The file is empty"),
        (sent(b"MZ", "a.pdf"), "The file must be a PDF, DOCX, XLSX, ODT or CSV file"),
        (sent(PDF + bytes(10_000_000)), "The file must be 10 MB or smaller"),
    ],
)
def test_a_wrong_file_is_refused_next_to_the_field(
    session: Session, engagement: Engagement, officer: Person, client: Client, given: dict[str, Any], message: str
) -> None:
    client.sign_in(officer)
    page = send(client, listing(engagement), given, status=422)
    errors = ["".join(error.itertext()) for error in page.tree.iter("p") if (error.get("id") or "").endswith("-error")]
    assert [error.strip() for error in errors] == [f"Error: {message}"]
    assert documents(session) == []
    assert acts(session) == []


def test_only_these_forms_have_room_for_a_file(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    send(client, listing(engagement), sent(PDF + bytes(9_000_000) + b"%%EOF"), status=302)
    send(client, listing(engagement), sent(bytes(11_100_000)), status=413)
    send(client, f"/manage/engagements/{engagement.id}/extend", sent(bytes(2_200_000)), status=413)
    assert len(documents(session)) == 1


def test_a_file_sent_twice_is_there_once(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    client.submit(listing(engagement), sent(PDF))
    client.submit(listing(engagement), sent(PDF))
    assert len(documents(session)) == 1
    client.submit(listing(engagement), sent(PDF, title="Another one"))
    assert len(documents(session)) == 2
    assert acts(session) == ["document.added"] * 2


@pytest.mark.parametrize(
    ("name", "cleaned", "disposition"),
    [
        ("../../etc/passwd", "passwd.pdf", "attachment; filename=passwd.pdf"),
        ("x\u202efdp.exe", "x fdp.pdf", 'attachment; filename="x fdp.pdf"'),
        ("Prés è.pdf", "Prés è.pdf", "attachment; filename=\"Pres e.pdf\"; filename*=UTF-8''Pr%C3%A9s%20%C3%A8.pdf"),
    ],
)
def test_the_name_is_cleaned_and_fits_a_header(
    session: Session,
    engagement: Engagement,
    officer: Person,
    client: Client,
    name: str,
    cleaned: str,
    disposition: str,
) -> None:
    client.sign_in(officer)
    client.submit(listing(engagement), sent(PDF, name))
    document = documents(session)[0]
    assert document.file_name == cleaned
    assert client.get(address(document)).response.headers["Content-Disposition"] == disposition


def test_hostile_text_is_shown_as_text(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    document = factories.document(session, engagement, officer, title=HOSTILE)
    session.commit()
    client.sign_in(officer)
    for url in (listing(engagement), f"/engagements/{engagement.id}", f"{listing(engagement)}/{document.id}/remove"):
        html = client.get(url).html
        assert "<script>alert" not in html
        assert "{{ 7 * 7 }}" in html


# Replacing and removing


def test_a_new_version_takes_the_place_of_the_old_one(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    old = factories.document(session, engagement, officer)
    session.commit()
    client.sign_in(officer)
    page = client.submit(f"{listing(engagement)}/{old.id}/replace", sent(XLSX, "prices.xlsx", "Prices"))
    assert len(page.statements) <= 15
    newer = documents(session)[1]
    assert (newer.series_id, newer.version, newer.kind) == (old.id, 2, DocumentKind.XLSX)
    assert client.get(address(old)).response.get_data().startswith(b"%PDF")  # officers keep the record
    assert "Replaced and removed" in client.get(listing(engagement)).text
    client.sign_out()
    public = client.get(f"/engagements/{engagement.id}")
    assert "version 2" in public.text
    assert list(public.links().values()).count(address(newer)) == 1
    assert "Draft specification" not in public.text
    client.get(address(old), status=404)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "document.replaced")).one()
    assert (event.subject_id, event.person_id) == (newer.id, officer.id)
    assert (event.detail["version"], event.detail["sha256"]) == (2, newer.sha256)


def test_a_removed_document_is_gone_for_the_public(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    document = factories.document(session, engagement, officer)
    session.commit()
    client.sign_in(officer)
    removing = f"{listing(engagement)}/{document.id}/remove"
    assert "Nobody will be able to download Draft specification" in client.get(removing).text
    client.submit(removing)
    client.get(removing, status=404)
    client.sign_out()
    assert "Draft specification" not in client.get(f"/engagements/{engagement.id}").text
    client.get(address(document), status=404)
    assert acts(session) == ["document.removed"]


@pytest.mark.parametrize("act", ["replace", "remove"])
def test_what_a_colleague_has_replaced_is_neither_replaced_nor_removed_again(
    session: Session, engagement: Engagement, officer: Person, client: Client, act: str
) -> None:
    document = factories.document(session, engagement, officer)
    session.commit()
    client.sign_in(officer)
    url = f"{listing(engagement)}/{document.id}/{act}"
    form = client.get(url).hidden()
    document.withdrawn_at = datetime.now(UTC)
    session.commit()
    client.post(url, {**form, **(sent(PDF) if act == "replace" else {})}, status=404)
    assert len(documents(session)) == 1
    assert acts(session) == []


# Who may


def test_nobody_but_its_officers_manages_them(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    document = factories.document(session, engagement, officer)
    stranger = factories.officer(session)
    provider = factories.provider_person(session)
    own = factories.engagement(session, factories.programme(session, stranger.memberships[0].organisation))
    session.commit()
    pages: list[tuple[Person, str]] = [
        (someone, url)
        for someone in (stranger, provider)
        for url in (
            listing(engagement),
            *(f"{listing(engagement)}/{document.id}/{act}" for act in ("replace", "remove")),
        )
    ]
    pages += [(stranger, f"{listing(own)}/{document.id}/{act}") for act in ("replace", "remove")]
    for someone, url in pages:
        client.sign_in(someone)
        client.get(url, status=404)
    client.get(f"/engagements/{own.id}/documents/{document.id}", status=404)
    client.sign_in(provider)
    client.get(address(document))


def test_a_document_of_a_draft_is_for_its_officers(session: Session, client: Client) -> None:
    draft = factories.engagement(session, state="draft")
    officer, stranger = factories.officer(session, draft.programme.buyer), factories.officer(session)
    document = factories.document(session, draft, officer)
    session.commit()

    def status(someone: Person | None, *, second_factor: bool = True) -> int:
        client.sign_out()
        if someone is not None:
            client.sign_in(someone, second_factor=second_factor)
        page: Page = client.look(address(document))
        return page.status

    assert [status(None), status(stranger), status(officer, second_factor=False)] == [404, 404, 404]
    assert status(officer) == 200
    client.get(f"/engagements/{draft.id}/documents/{uuid.uuid4()}", status=404)


def test_the_page_never_loads_the_files(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    for number in range(30):
        factories.document(session, engagement, officer, title=f"Document {number}")
    session.commit()
    page = client.get(f"/engagements/{engagement.id}")
    assert len(page.statements) <= 8
    assert not [statement for statement in page.statements if "document.content" in statement]
    session.expire_all()
    with pytest.raises(InvalidRequestError):
        _ = documents(session)[0].content


# What the database holds to


@pytest.mark.parametrize("wrong", [{"size": 5}, {"content": b"", "size": 0}, {"file_name": "x" * 121}])
def test_the_database_refuses_what_is_not_so(session: Session, engagement: Engagement, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        factories.document(session, engagement, **wrong)


def test_the_database_keeps_one_current_version(session: Session, engagement: Engagement) -> None:
    first = factories.document(session, engagement)
    with pytest.raises(IntegrityError, match="uq_document_series_id_current"):
        factories.document(session, engagement, series_id=first.series_id, version=2)


# Told to everybody concerned


def test_a_new_document_and_a_new_version_are_told_once_published(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    starter, _stranger = factories.provider_person(session), factories.provider_person(session)
    factories.response(session, engagement, starter)
    session.commit()
    client.sign_in(officer)
    client.submit(listing(engagement), sent(PDF, title="Prices"))
    client.submit(listing(engagement), sent(PDF, title="Prices"))  # the same again
    document = documents(session)[0]
    client.submit(f"{listing(engagement)}/{document.id}/replace", sent(XLSX, "prices.xlsx", "Prices"))
    mails = session.scalars(select(MailMessage).order_by(MailMessage.created_at)).all()
    assert [mail.recipient for mail in mails] == [starter.email] * 2
    assert ["Prices" in mail.body for mail in mails] == [True, True]
    assert ["Closing time: " in mail.body for mail in mails] == [True, True]
    assert [mail.subject.partition(":")[0] for mail in mails] == ["New document", "New version of a document"]
    assert "version 2" in mails[1].body
    client.sign_out()
    text = client.get(f"/engagements/{engagement.id}").text
    assert "version 2 of “Prices” was added." in text
    assert text.index("version 2 of “Prices”") < text.index("“Prices” was added.", text.index("Changes since"))


def test_a_removal_is_shown_without_the_title(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    document = factories.document(session, engagement, officer, title="Names of bidders")
    session.commit()
    client.sign_in(officer)
    client.submit(f"{listing(engagement)}/{document.id}/remove")
    client.sign_out()
    text = client.get(f"/engagements/{engagement.id}").text
    assert "a document was removed." in text
    assert "Names of bidders" not in text
    assert session.scalars(select(MailMessage)).all() == []


def test_before_publication_nobody_is_told_and_nothing_has_changed(session: Session, client: Client) -> None:
    draft = factories.engagement(session, state="draft")
    officer, starter = factories.officer(session, draft.programme.buyer), factories.provider_person(session)
    session.add(
        Invitation(
            engagement_id=draft.id,
            organisation_id=starter.memberships[0].organisation_id,
            person_id=starter.id,
            email=starter.email,
        )
    )
    session.commit()
    client.sign_in(officer)
    client.submit(listing(draft), sent(PDF))
    assert session.scalars(select(MailMessage)).all() == []
    draft.published_at = clock(session)
    session.commit()
    assert "Changes since" not in client.get(f"/engagements/{draft.id}").text
