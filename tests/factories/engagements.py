"""An engagement, and what is sent, asked and laid out in it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.people import officer, provider, provider_person
from tests.factories.programmes import programme
from tests.factories.questionnaires import add_questionnaire
from tests.factories.rows import add, numbers
from webapp.models import (
    AskedHow,
    Clarification,
    Decline,
    DeclineReason,
    Document,
    DocumentKind,
    Engagement,
    EngagementEvent,
    EngagementLot,
    Invitation,
    JoinedProvider,
    Lot,
    Person,
    Programme,
)


def engagement(
    session: Session,
    programme_row: Programme | None = None,
    state: str = "open",
    lots: int = 2,
    questionnaire: bool = True,
) -> Engagement:
    """A published engagement (`state`: draft, coming, open or closed) about every lot of its programme."""
    now = datetime.now(UTC)
    opens, closes = {
        "draft": (timedelta(days=-1), timedelta(days=14)),
        "coming": (timedelta(days=2), timedelta(days=14)),
        "open": (timedelta(days=-1), timedelta(days=14)),
        "closed": (timedelta(days=-14), timedelta(days=-1)),
    }[state]
    about = programme_row or programme(session, lots=lots)
    every_lot = [lot for procurement in about.procurements for lot in procurement.lots]
    number = next(numbers)
    made = add(
        session,
        Engagement(
            programme_id=about.id,
            reference=f"ENG{number}",
            title=f"Engagement {number}",
            summary="We want to hear from providers.",
            process="Answer the questionnaire. We will publish a summary.",
            contact_email="engagement@example.org",
            opens_at=now + opens,
            closes_at=now + closes,
            published_at=None if state == "draft" else now + opens,
            engagement_lots=[
                EngagementLot(lot_id=lot.id, position=position) for position, lot in enumerate(every_lot, 1)
            ],
        ),
    )
    if questionnaire:
        add_questionnaire(session, made, published=state != "draft")
    session.refresh(made)
    return made


def lots_of(about: Engagement) -> list[Lot]:
    return [entry.lot for entry in about.engagement_lots]


def invitation(session: Session, about: Engagement, of: Person) -> Invitation:
    organisation_id = of.memberships[0].organisation_id
    about_it = {"engagement_id": about.id, "organisation_id": organisation_id}
    return add(session, Invitation(person_id=of.id, email=of.email, **about_it))


def decline(session: Session, about: Engagement, of: Person, **given: Any) -> Decline:
    """That the person's organisation will not respond."""
    said = {"nonce": uuid.uuid4(), "declined_at": datetime.now(UTC), "reasons": [DeclineReason.BUSY], **given}
    said.setdefault("organisation_id", of.memberships[0].organisation_id)
    return add(session, Decline(engagement_id=about.id, declined_by=of.id, **said))


def two_names(session: Session, about: Engagement, by: Person, people: Sequence[Person]) -> dict[str, uuid.UUID]:
    """A provider that nobody signs in for, and another that was joined to the second of the people's."""
    other = provider(session, name="Harbour Health")
    invited = {"person_id": people[0].id, "email": people[0].email}
    add(session, Invitation(engagement_id=about.id, organisation_id=other.id, **invited))
    joined = JoinedProvider(
        programme_id=about.programme_id,
        organisation_id=provider(session, name="Harbor Health").id,
        into_id=people[1].memberships[0].organisation_id,
        reason="The same number at Companies House",
        joined_by=by.id,
        moved={"contract": [], "invitation": [], "published_name": [], "response": []},
    )
    return {"provider_id": other.id, "join_id": add(session, joined).id}


def clarification(session: Session, about: Engagement, by: Person | None = None, **given: Any) -> Clarification:
    """A question of the person's organisation; with an `answer`, a published one."""
    someone = by or provider_person(session)
    question = given.pop("question", "Who pays for escorts?")
    published = (
        {"published_question": question, "answered_by": someone.id, "published_at": datetime.now(UTC)}
        if given.get("answer")
        else {}
    )
    return add(
        session,
        Clarification(
            **{
                "engagement_id": about.id,
                "organisation_id": someone.memberships[0].organisation_id,
                "asked_by": someone.id,
                "nonce": uuid.uuid4(),
                "question": question,
                "asked_at": datetime.now(UTC),
                **published,
                **given,
            }
        ),
    )


def entered_clarification(session: Session, about: Engagement, officer: Person, **given: Any) -> Clarification:
    """A question that came by telephone, and an officer entered."""
    made = {"asked_by": None, "entered_by": officer.id, "asked_how": AskedHow.TELEPHONE}
    return clarification(session, about, officer, **{"organisation_id": None, **made, **given})


def document(session: Session, about: Engagement, by: Person | None = None, **given: Any) -> Document:
    content = given.pop("content", b"%PDF-1.7 a small one\n%%EOF\n")
    identity = uuid.uuid4()
    return add(
        session,
        Document(
            **{
                "id": identity,
                "engagement_id": about.id,
                "series_id": identity,
                "version": 1,
                "title": "Draft specification",
                "file_name": "specification.pdf",
                "kind": DocumentKind.PDF,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "uploaded_by": (by or officer(session)).id,
                **given,
            }
        ),
    )


def event(session: Session, about: Engagement, **given: Any) -> EngagementEvent:
    """One that has begun, to which nobody has been entered."""
    begins = datetime.now(UTC) - timedelta(hours=3)
    defaults = {
        "title": f"Market day {next(numbers)}",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "place": "Town hall",
    }
    return add(session, EngagementEvent(engagement_id=about.id, **{**defaults, **given}))
