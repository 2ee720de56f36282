"""The record as its pages and its export show it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.exports.workbook import Value
from webapp.models import AuditEvent, ConflictDeclaration, Decision, Disclosure, Meeting
from webapp.record.queries import Moment, Told, engagement_of
from webapp.web.format import moment

EVERYBODY = "Everybody, on the public page"
ALL_CONCERNED = "Everybody, on the public page; by email to all concerned"
THOSE_WHO_TOOK_PART = "Everybody, on the public page; by email to those who took part"
WORDS = {
    "engagement.published": ("The engagement was published", EVERYBODY),
    "engagement.extended": ("The closing time was moved from {closed_at} to {closes_at}: {reason}", ALL_CONCERNED),
    "engagement.closed_early": ("The engagement was closed early, at {closes_at}: {reason}", ALL_CONCERNED),
    "engagement.opened": ("The sealed responses were opened. Present: {witnesses}", "The programme’s team"),
    "engagement.reminded": ("A reminder of the closing time, by email", "{group}"),
    "engagement.invited": ("An invitation with the closing time and a link", "{organisation}"),
    "engagement.invited_again": ("The invitation once more, with a new link", "{organisation}"),
    "clarification.published": ("A question and its answer: {question}", ALL_CONCERNED),
    "clarification.corrected": ("A corrected answer to: {question}", ALL_CONCERNED),
    "document.added": ("The document {document}", ALL_CONCERNED),
    "document.replaced": ("A new version of the document {document}", ALL_CONCERNED),
    "event.held": (
        "The event {event} was held",
        "{attended} people of {organisations} organisations, listed with the event",
    ),
    "event.attendance_added": (
        "At the event {event} there were also",
        "{attended} people of {organisations} organisations, listed with the event",
    ),
    "document.removed": ("The document {document} was taken away", EVERYBODY),
    "summary.published": (
        "The summary of the engagement",
        THOSE_WHO_TOOK_PART,
    ),
    "summary.corrected": ("A corrected summary", THOSE_WHO_TOOK_PART),
    "replies.published": ("What was done about what was said: “You said, we did”", THOSE_WHO_TOOK_PART),
    "replies.corrected": ("A corrected “You said, we did”", THOSE_WHO_TOOK_PART),
    "response.accepted_late": (
        "A response sent by other means at {received_at}, after closing, was accepted: {reason}",
        "{organisation}",
    ),
    "responses.accepted_late": (
        "Responses from {tool} that were sent after closing were accepted, {responses} in number: {reason}",
        "Those who sent them",
    ),
}


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
    what, to = WORDS[event.act]
    values = {
        "closed_at": _when(event.detail.get("closed_at")),
        "closes_at": _when(event.detail.get("closes_at")),
        "received_at": _when(event.detail.get("received_at")),
        "responses": event.detail.get("responses", ""),
        "tool": event.detail.get("tool", ""),
        "reason": event.detail.get("reason", ""),
        "witnesses": event.detail.get("witnesses", ""),
        "group": event.detail.get("group", ""),
        "question": told.questions.get(event.id, ""),
        "document": told.documents.get(event.subject_id, ""),
        "event": told.market_events.get(event.subject_id, ""),
        "attended": event.detail.get("attended", ""),
        "organisations": event.detail.get("organisations", ""),
        "organisation": told.organisations.get(event.organisation_id, "") if event.organisation_id else "",
    }
    return Entry(
        at=event.at,
        engagement=told.engagements.get(engagement_of(event), ""),
        what=what.format_map(values),
        told_to=to.format_map(values),
        published_where="" if not to.startswith("Everybody") else "The engagement’s page",
        by=told.people.get(event.person_id, "") if event.person_id else "Set up on the server",
        correct=None,
    )


def _of_disclosure(row: Disclosure) -> Entry:
    return Entry(
        at=row.told_at,
        engagement="",
        what=row.what,
        told_to=row.told_to,
        published_where=row.published_where or "Not said",
        by=f"Entered by {row.recorder.name}",
        correct=row.id,
    )


def _when(written: str | None) -> str:
    return moment(datetime.fromisoformat(written)) if written else ""


LOG_COLUMNS = ("When", "Engagement", "What", "To whom", "Published where", "By")
ANSWER_COLUMNS = (
    "Asked at",
    "Engagement",
    "Lot",
    "Question as published",
    "Answer",
    "Published at",
    "Stood until",
    "Published by",
)
ATTENDANCE_COLUMNS = ("When", "Event", "Engagement", "Name", "Organisation")
MEETING_COLUMNS = ("When", "Meeting", "Place", "Attended by", "Minutes", "Written down by", "Written down at")
DECISION_COLUMNS = ("When", "Decision", "By", "Reasons", "Conditions", "Written down by", "Written down at")
CONFLICT_COLUMNS = ("When", "Declared by", "Interest", "What was done", "Written down by", "Written down at")


def log_rows(log: Iterable[Entry]) -> list[tuple[Value, ...]]:
    return [(each.at, each.engagement, each.what, each.told_to, each.published_where, each.by) for each in log]


def meeting_rows(meetings: Sequence[Meeting]) -> list[tuple[Value, ...]]:
    return [
        (row.held_at, row.title, row.place, row.attended_by, row.minutes, row.recorder.name, row.created_at)
        for row in meetings
    ]


def decision_rows(decisions: Sequence[Decision]) -> list[tuple[Value, ...]]:
    return [
        (row.decided_on, row.title, row.decided_by, row.reasons, row.conditions, row.recorder.name, row.created_at)
        for row in decisions
    ]


def conflict_rows(conflicts: Sequence[ConflictDeclaration]) -> list[tuple[Value, ...]]:
    return [
        (
            row.declared_on,
            row.declared_by,
            row.interest or "None",
            "\n".join(action.action for action in row.actions) or ("Nothing yet" if row.interest else ""),
            row.recorder.name,
            row.created_at,
        )
        for row in conflicts
    ]
