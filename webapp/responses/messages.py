"""The e-mails about a response, in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from webapp.models import Response, Submission
from webapp.responses import questions
from webapp.responses.drafts import Draft, blocks
from webapp.web.format import moment


def receipt(response: Response, submission: Submission, draft: Draft, person: str, link: str) -> dict[str, str]:
    """The subject and body of a receipt, with a copy of what was submitted."""
    engagement = response.engagement
    lines = [
        f"{response.organisation.name} answered “{engagement.title}”.",
        "",
        f"Reference: {submission.reference}",
        f"Version: {submission.number}",
        f"Submitted at {moment(submission.submitted_at)} by {person}",
        "",
        f"You can change your answers and submit again, or withdraw, until {moment(engagement.closes_at)}:",
        link,
        "",
        *_copy(draft),
        f"Questions about this engagement: {engagement.contact_email}",
        "",
    ]
    return {"subject": f"Receipt {submission.reference}: {engagement.title}", "body": "\n".join(lines)}


def request_to_submit(response: Response, person: str, link: str) -> dict[str, str]:
    """To a signatory, from a contributor who finds the answers ready."""
    engagement = response.engagement
    lines = [
        f"{person} asks you to check and submit the answers of {response.organisation.name} to “{engagement.title}”.",
        "",
        "Only a signatory can submit. Nothing counts until you do. Check the answers here:",
        link,
        "",
        f"It closes at {moment(engagement.closes_at)}.",
        "",
    ]
    return {"subject": f"Ready for you to submit: {engagement.title}", "body": "\n".join(lines)}


def withdrawal(response: Response, person: str, now: datetime, link: str) -> dict[str, str]:
    engagement = response.engagement
    lines = [
        f"{person} withdrew the response of {response.organisation.name} to “{engagement.title}” at {moment(now)}.",
        "Nothing of it counts any more. Your draft is kept.",
        "",
        f"You can submit again until {moment(engagement.closes_at)}:",
        link,
        "",
        f"Questions about this engagement: {engagement.contact_email}",
        "",
    ]
    return {"subject": f"Withdrawn: {engagement.title}", "body": "\n".join(lines)}


def _copy(draft: Draft) -> Iterator[str]:
    yield "YOUR ANSWERS"
    if draft.lots_with_problems:
        left_out = ", ".join(lot.code for lot in draft.lots_with_problems)
        yield from ("", f"Not submitted, because answers about them need correcting: {left_out}")
    for section in draft.sections:
        answered = [item for item in draft.items(section) if item in draft.answers]
        if answered:
            yield from ("", f"== {section.title} ==", "")
        for block in blocks(answered):
            if block.heading:
                yield from (f"-- {block.heading}", "")
            for item in block.items:
                yield from (block.label(item), questions.show(item, draft.answers[item]), "")
