"""The texts of reminders."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.models import Engagement, Organisation, Response
from webapp.responses.reminders.times import Situation
from webapp.web.format import moment


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    body: str


def reminder(
    engagement: Engagement,
    organisation: Organisation,
    response: Response | None,
    situation: Situation,
    *,
    base_url: str,
    stop_token: str,
) -> Mail:
    page = f"{base_url}/responses/{response.id}" if response else f"{base_url}/engagements/{engagement.id}"
    subject, lines = _said(engagement, organisation, response, situation)
    return Mail(
        subject,
        "\n".join(
            [
                *lines,
                "",
                f"It closes at {moment(engagement.closes_at)}. Nothing is accepted after that.",
                "",
                page,
                "",
                f"Questions about this engagement: {engagement.contact_email}",
                "",
                "If you want no more reminders of this engagement, say so here:",
                f"{base_url}/reminders/{stop_token}/stop",
                "",
            ]
        ),
    )


def _said(
    engagement: Engagement, organisation: Organisation, response: Response | None, situation: Situation
) -> tuple[str, list[str]]:
    title = engagement.title
    match situation:
        case Situation.NOT_STARTED:
            return f"Reminder: {title}", [
                f"{organisation.name} is invited to answer “{title}” and has not started a response.",
            ]
        case Situation.DRAFT:
            return f"Your draft is NOT submitted: {title}", [
                f"The answers of {organisation.name} to “{title}” are a draft. "
                "Your draft is NOT submitted, and a draft does not count.",
                "",
                "Check your answers and submit them. Only a signatory of your organisation can submit.",
            ]
        case Situation.CHANGES:
            current = response.current_submission if response else None
            counts = f"Version {current.number} ({current.reference}) counts. " if current else ""
            return f"Your changes are NOT submitted: {title}", [
                f"{organisation.name} submitted a response to “{title}” and has changed answers since. {counts}"
                "Your later changes are NOT submitted, and do not count unless you submit again.",
            ]
