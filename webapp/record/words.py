"""What the service tells providers by itself, or an officer accepts late: for each act, what and to whom."""

from __future__ import annotations

EVERYBODY = "Everybody, on the public page"
ALL_CONCERNED = "Everybody, on the public page; by email to all concerned"
ALL_WHO_ANSWER = "Everybody, on the public page; by email to those who had begun to answer"
THOSE_WHO_TOOK_PART = "Everybody, on the public page; by email to those who took part"
WORDS = {
    "engagement.published": ("The engagement was published", EVERYBODY),
    "engagement.extended": ("The closing time was moved from {closed_at} to {closes_at}: {reason}", ALL_CONCERNED),
    "engagement.closed_early": ("The engagement was closed early, at {closes_at}: {reason}", ALL_CONCERNED),
    "engagement.opened": ("The sealed responses were opened. Present: {witnesses}", "The programme’s team"),
    "engagement.reminded": ("A reminder of the closing time, by email", "{group}"),
    "engagement.invited": ("An invitation with the closing time and a link", "{organisation}"),
    "engagement.invited_again": ("The invitation once more, with a new link", "{organisation}"),
    "questionnaire.replaced": (
        "Version {number} of the questionnaire took the place of the one before: {reason}",
        ALL_WHO_ANSWER,
    ),
    "clarification.published": ("A question and its answer: {question}", ALL_CONCERNED),
    "clarification.corrected": ("A corrected answer to: {question}", ALL_CONCERNED),
    "document.added": ("The document {document}", ALL_CONCERNED),
    "document.replaced": ("A new version of the document {document}", ALL_CONCERNED),
    "document.removed": ("The document {document} was taken away", EVERYBODY),
    "event.held": (
        "The event {event} was held at {held_at}",
        "{attended} of {organisations}, listed with the event",
    ),
    "event.attendance_added": (
        "At the event {event}, held at {held_at}, there were also",
        "{attended} of {organisations}, listed with the event",
    ),
    "summary.published": ("The summary of the engagement", THOSE_WHO_TOOK_PART),
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
