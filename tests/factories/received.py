"""What officers take in for providers who answered by other means."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.rows import add, numbers
from webapp.models import (
    DocumentKind,
    Engagement,
    Person,
    ReceivedFile,
    ReceivedHow,
    Reception,
    ResponseImport,
)


def received_file(session: Session, about: Engagement, by: Person, **given: Any) -> ReceivedFile:
    content = given.pop("content", b"%PDF-1.7 an email\n%%EOF\n")
    return add(
        session,
        ReceivedFile(
            **{
                "engagement_id": about.id,
                "name": "email.pdf",
                "kind": DocumentKind.PDF,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "uploaded_by": by.id,
                **given,
            }
        ),
    )


def reception(session: Session, about: Engagement, by: Person, **given: Any) -> Reception:
    """An e-mail that an officer takes in as a response: it has an original, and nothing is entered yet."""
    return add(
        session,
        Reception(
            **{
                "engagement_id": about.id,
                "version_id": about.versions[0].id,
                "organisation_name": f"Provider {next(numbers)}",
                "how": ReceivedHow.EMAIL,
                "sent_by": "Una Sender <una@example.org>",
                "received_at": datetime.now(UTC) - timedelta(minutes=5),
                "file_id": received_file(session, about, by).id,
                "entered_by": by.id,
                **given,
            }
        ),
    )


RESPONSES_CSV = b"Organisation,D1 interest,What about barriers?\nOak Health,Would bid,Vetting takes too long\n"


def response_import(session: Session, about: Engagement, by: Person, content: bytes = RESPONSES_CSV) -> ResponseImport:
    """A file whose columns are mapped."""
    file = received_file(session, about, by, name="answers.csv", kind=DocumentKind.CSV, content=content)
    columns = {
        "Organisation": {"what": "@organisation", "lot": ""},
        "D1 interest": {"what": "interest", "lot": "D1"},
        "What about barriers?": {"what": "barriers", "lot": ""},
    }
    return add(
        session,
        ResponseImport(
            engagement_id=about.id,
            entered_by=by.id,
            tool="Forms",
            received_at=datetime.now(UTC) - timedelta(minutes=5),
            file_id=file.id,
            columns=columns,
            meanings={},
        ),
    )
