"""What the service tells providers by itself, or an officer accepts late: for each act, what, to whom and where."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    what: str
    told_to: str
    published_where: str


EVERYBODY = "Everybody, on the public page"
ALL_CONCERNED = "Everybody, on the public page; by email to all concerned"
ALL_WHO_ANSWER = "Everybody, on the public page; by email to those who had begun to answer"
THOSE_WHO_TOOK_PART = "Everybody, on the public page; by email to those who took part"
THOSE_WHO_CAME = "{attended} of {organisations}"
NOBODY_YET = "Nobody while the engagement was a draft"

ITS_PAGE = "The engagement’s page"
THEM_ALONE = "Told to them alone"
WITH_THE_EVENT = "Who came is listed with the event"
NOT_THEN = "Not published at that time"

WORDS = {
    "engagement.published": Words("The engagement was published", EVERYBODY, ITS_PAGE),
    "engagement.extended": Words(
        "The closing time was moved from {closed_at} to {closes_at}: {reason}", ALL_CONCERNED, ITS_PAGE
    ),
    "engagement.closed_early": Words(
        "The engagement was closed early, at {closes_at}: {reason}", ALL_CONCERNED, ITS_PAGE
    ),
    "engagement.opened": Words(
        "The sealed responses were opened. Present: {witnesses}", "The programme’s team", "Not told to providers"
    ),
    "engagement.reminded": Words(
        "A reminder of the closing time, by email", "{group}", "The closing time is on the engagement’s page"
    ),
    "engagement.invited": Words("An invitation with the closing time and a link", "{organisation}", THEM_ALONE),
    "engagement.invited_again": Words("The invitation once more, with a new link", "{organisation}", THEM_ALONE),
    "disposal.agreed": Words(
        "That the responses will be destroyed after {due_on}, and that a copy can be downloaded before then",
        "Everybody who acts for an organisation with a response or a draft, by email",
        "Not published: nothing in it is for others",
    ),
    "disposal.stopped": Words(
        "That the responses are not destroyed after all: {reason}", "Those who were told that they would be", THEM_ALONE
    ),
    "questionnaire.replaced": Words(
        "Version {number} of the questionnaire took the place of the one before: {reason}", ALL_WHO_ANSWER, ITS_PAGE
    ),
    "clarification.published": Words("A question and its answer: {question}", ALL_CONCERNED, ITS_PAGE),
    "clarification.corrected": Words("A corrected answer to: {question}", ALL_CONCERNED, ITS_PAGE),
    "clarification.accepted_late": Words(
        "A question sent by other means at {received_at}, after the last time for questions, was accepted: {reason}",
        "Nobody before it is answered for everybody",
        "Not before it is answered",
    ),
    "clarification.removed_late": Words(
        "The question sent by other means at {received_at}, which had been accepted late, was removed and is not"
        " answered: {reason}",
        "Nobody",
        "Not published",
    ),
    "document.added": Words("The document {document}", ALL_CONCERNED, ITS_PAGE),
    "document.replaced": Words("A new version of the document {document}", ALL_CONCERNED, ITS_PAGE),
    "document.removed": Words("The document {document} was taken away", EVERYBODY, ITS_PAGE),
    "event.held": Words("The event {event} was held at {held_at}", THOSE_WHO_CAME, WITH_THE_EVENT),
    "event.attendance_added": Words(
        "At the event {event}, held at {held_at}, there were also", THOSE_WHO_CAME, WITH_THE_EVENT
    ),
    "summary.published": Words("The summary of the engagement", THOSE_WHO_TOOK_PART, ITS_PAGE),
    "summary.corrected": Words("A corrected summary", THOSE_WHO_TOOK_PART, ITS_PAGE),
    "replies.published": Words("What was done about what was said: “You said, we did”", THOSE_WHO_TOOK_PART, ITS_PAGE),
    "replies.corrected": Words("A corrected “You said, we did”", THOSE_WHO_TOOK_PART, ITS_PAGE),
    "response.accepted_late": Words(
        "A response sent by other means at {received_at}, after closing, was accepted: {reason}",
        "{organisation}",
        "Not told to other providers",
    ),
    "responses.accepted_late": Words(
        "Responses from {tool} that were sent after closing were accepted, {responses} in number: {reason}",
        "Those who sent them",
        "Not told to other providers",
    ),
}
OF_A_DRAFT = {
    "document.added": Words("The document {document} was put up with the draft", NOBODY_YET, NOT_THEN),
    "document.replaced": Words(
        "A new version of the document {document} was put up with the draft", NOBODY_YET, NOT_THEN
    ),
    "document.removed": Words("The document {document} was taken away from the draft", NOBODY_YET, NOT_THEN),
}
"""The same acts before the engagement was published. What is there then is published with it."""
