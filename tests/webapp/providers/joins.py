"""Joining two providers on the page, and what tests of it need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp.models import (
    Engagement,
    InterestLevel,
    JoinedProvider,
    Organisation,
    Person,
    Response,
    Submission,
)

COUNTS_FOR = "Counts for Harbour Health CIC"
BECAUSE = "The same number at Companies House"


def index(about: Engagement) -> str:
    return f"/programmes/{about.programme_id}/providers"


def join(client: Client, about: Engagement, one: Organisation, other: Organisation, status: int = 302) -> Page:
    return client.submit(f"{index(about)}/{one.id}/join", {"into": str(other.id), "reason": BECAUSE}, status=status)


def undo(client: Client, session: Session, about: Engagement) -> Page:
    made = session.scalars(select(JoinedProvider).where(JoinedProvider.undone_at.is_(None))).one()
    return client.submit(f"{index(about)}/joins/{made.id}/undo")


def entered(session: Session, about: Engagement, organisation: Organisation, by: Person, **given: Any) -> Submission:
    """A response that an officer entered for an organisation."""
    taken = make.reception(session, about, by, organisation_id=organisation.id, organisation_name=organisation.name)
    begun = {"engagement_id": about.id, "version_id": about.versions[-1].id, "started_by": by.id}
    response = Response(organisation_id=organisation.id, **begun)
    session.add(response)
    session.flush()
    levels = {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)}
    made = make.submission(session, response, levels, reception_id=taken.id, **given)
    session.commit()
    return made
