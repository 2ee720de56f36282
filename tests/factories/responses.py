"""What providers draft and submit."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.people import provider_person
from tests.factories.rows import add, numbers
from webapp.models import (
    DocumentKind,
    DraftSection,
    Engagement,
    Interest,
    InterestLevel,
    Membership,
    Person,
    Response,
    ResponseFile,
    Section,
    Submission,
)


def response(session: Session, about: Engagement, by: Person | None = None, **given: Any) -> Response:
    """A draft, with nothing answered."""
    someone = by or provider_person(session)
    membership = session.query(Membership).filter_by(person_id=someone.id).one()
    return add(
        session,
        Response(
            **{
                "engagement_id": about.id,
                "organisation_id": membership.organisation_id,
                "version_id": about.versions[-1].id,
                "started_by": someone.id,
                **given,
            }
        ),
    )


def draft(session: Session, of: Response, slug: str, answers: dict[str, Any]) -> DraftSection:
    section = session.query(Section).filter_by(version_id=of.version_id, slug=slug).one()
    return add(
        session,
        DraftSection(response_id=of.id, section_id=section.id, revision=1, answers=answers, saved_by=of.started_by),
    )


def submission(
    session: Session,
    of: Response,
    levels: dict[uuid.UUID, InterestLevel] | None = None,
    *,
    each: dict[str, Any] | None = None,
    **given: Any,
) -> Submission:
    """The response's next submission, made its current one, with an interest per lot; `each` says more of every one."""
    number = len(of.submissions) + 1
    made = add(
        session,
        Submission(
            **{
                "response_id": of.id,
                "number": number,
                "reference": f"SND-TEST-{next(numbers):08}",
                "nonce": uuid.uuid4(),
                "submitted_at": datetime.now(UTC),
                "submitted_by": of.started_by,
                **given,
            }
        ),
    )
    session.add_all(
        Interest(submission_id=made.id, lot_id=lot_id, level=level, **each or {})
        for lot_id, level in (levels or {}).items()
    )
    session.flush()
    of.current_submission_id = made.id
    of.withdrawn_at = None
    session.flush()
    return made


def response_file(session: Session, of: Response, question_key: str, **given: Any) -> ResponseFile:
    content = given.pop("content", b"%PDF-1.7 a small one\n%%EOF\n")
    return add(
        session,
        ResponseFile(
            **{
                "response_id": of.id,
                "question_key": question_key,
                "name": "policy.pdf",
                "kind": DocumentKind.PDF,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "uploaded_by": of.started_by,
                **given,
            }
        ),
    )
