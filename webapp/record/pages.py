"""The equal-treatment log as its page and the file of the record show it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp.models import AuditEvent, Disclosure, Engagement
from webapp.record.queries import Moment, Told, engagement_of
from webapp.record.words import OF_A_DRAFT, WORDS, Words
from webapp.web.format import moment, plural
from webapp.web.text import in_a_sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the equal-treatment log."""

    at: datetime
    engagement: str
    what: str
    told_to: str
    published_where: str
    by: str
    correct: uuid.UUID | None
    """The disclosure to be corrected, where somebody entered the line by hand."""


def entries(moments: Iterable[Moment], told: Told) -> list[Entry]:
    made = []
    for each in moments:
        if each.event is not None:
            made.append(_of_event(told.events[each.event], told))
        elif each.disclosure is not None:
            made.append(_of_disclosure(told.disclosures[each.disclosure]))
    return made


def _of_event(event: AuditEvent, told: Told) -> Entry:
    engagement = told.engagements[engagement_of(event)]
    words = _words(event, engagement)
    held = told.market_events.get(event.subject_id)
    values = {
        "closed_at": _when(event.detail.get("closed_at")),
        "closes_at": _when(event.detail.get("closes_at")),
        "received_at": _when(event.detail.get("received_at")),
        "responses": event.detail.get("responses", ""),
        "due_on": event.detail.get("due_on", ""),
        "number": event.detail.get("number", ""),
        "tool": event.detail.get("tool", ""),
        "reason": event.detail.get("reason", ""),
        "witnesses": in_a_sentence(event.detail.get("witnesses", "")),
        "group": event.detail.get("group", ""),
        "question": told.questions.get(event.id, ""),
        "document": told.documents.get(event.subject_id, ""),
        "event": held.title if held else "",
        "held_at": moment(held.begins_at) if held else "",
        "attended": plural(event.detail.get("attended", 0), "person", "people"),
        "organisations": plural(event.detail.get("organisations", 0), "organisation"),
        "organisation": told.organisations.get(event.organisation_id, "") if event.organisation_id else "",
    }
    return Entry(
        at=event.at,
        engagement=engagement.title,
        what=words.what.format_map(values),
        told_to=words.told_to.format_map(values),
        published_where=words.published_where,
        by=told.people.get(event.person_id, "") if event.person_id else "Set up on the server",
        correct=None,
    )


def _words(event: AuditEvent, engagement: Engagement) -> Words:
    was_draft = engagement.published_at is None or event.at < engagement.published_at
    return OF_A_DRAFT.get(event.act, WORDS[event.act]) if was_draft else WORDS[event.act]


def _of_disclosure(row: Disclosure) -> Entry:
    return Entry(
        at=row.told_at,
        engagement="None named",
        what=row.what,
        told_to=row.told_to,
        published_where=row.published_where or "Not said",
        by=f"Entered by {row.recorder.name}",
        correct=row.id,
    )


def _when(written: str | None) -> str:
    return moment(datetime.fromisoformat(written)) if written else ""
