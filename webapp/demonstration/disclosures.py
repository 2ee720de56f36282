"""What the demonstration's buyer told everybody: a document, and the answer to a question."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.engagements.clarifications.actions import Asking, ask, publish
from webapp.engagements.documents.actions import Upload, add
from webapp.engagements.mails import Addresses
from webapp.models import DocumentKind, Engagement, Lot

ASKED_AFTER, ANSWERED_AFTER = timedelta(days=3), timedelta(days=5)
QUESTION = "We run a dental service nearby. Must escorts be paid for by the provider when an appointment is cancelled?"
PUBLISHED_QUESTION = "Does the provider pay for escorts when an appointment is cancelled?"
ANSWER = (
    "No. Each establishment provides escorts at no charge, and a cancellation that it causes is no failure of the "
    "provider's. The draft specification will say so."
)


def add_disclosures(
    session: Session, *, engagement: Engagement, asker: Actor, officer: Actor, addresses: Addresses
) -> None:
    """By the actions that every officer's and every provider's go through."""
    lots = [entry.lot for entry in engagement.engagement_lots]
    upload = Upload(
        title="Lots with their value and demand",
        file_name="lots.csv",
        kind=DocumentKind.CSV,
        content=_lots_as_csv(lots),
    )
    add(session, engagement=engagement, upload=upload, addresses=addresses, actor=officer)
    _answer_a_question(session, engagement, asker, officer, addresses, engagement.opens_at)


def _answer_a_question(
    session: Session, engagement: Engagement, asker: Actor, officer: Actor, addresses: Addresses, opened: datetime
) -> None:
    if asker.provider is None:
        raise ValueError("only somebody who acts for a provider asks")
    clarification = ask(
        session,
        engagement=engagement,
        asking=Asking(question=QUESTION, lot_id=None, nonce=uuid.uuid4()),
        organisation_id=asker.provider.organisation_id,
        actor=asker,
        now=opened + ASKED_AFTER,
    )
    publish(
        session,
        engagement=engagement,
        clarification=clarification,
        question=PUBLISHED_QUESTION,
        answer=ANSWER,
        addresses=addresses,
        actor=officer,
        now=opened + ANSWERED_AFTER,
    )


def _lots_as_csv(lots: Iterable[Lot]) -> bytes:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Lot", "Title", "Annual value in pounds", "Demand in whole-time equivalent staff"])
    writer.writerows([lot.code, lot.title, lot.annual_value, lot.demand_wte] for lot in lots)
    return text.getvalue().encode("utf-8-sig")
