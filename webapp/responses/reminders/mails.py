"""The texts of reminders, in the language spoken."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engagements.mails import not_responding
from webapp.language import _
from webapp.mail import Mail
from webapp.models import Engagement, Organisation, Response
from webapp.responses.reminders.times import Situation
from webapp.web.format import day, moment


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
    lines = [
        *_said(engagement, organisation, response, situation),
        "",
        _(
            "%(buyer)s closes this engagement at %(when)s. Nothing is accepted after that.",
            buyer=engagement.programme.buyer.name,
            when=moment(engagement.closes_at),
        ),
        "",
        _("Go on with your response here:") if response else _("Read about it and start your response here:"),
        page,
        "",
        *_way_out(engagement, situation, base_url=base_url),
        _("Questions about this engagement: %(address)s", address=engagement.contact_email),
        "",
        _("If you want no more reminders of this engagement, say so here:"),
        f"{base_url}/reminders/{stop_token}/stop",
        "",
    ]
    return Mail(_subject(engagement, situation), "\n".join(lines))


def _way_out(engagement: Engagement, situation: Situation, *, base_url: str) -> list[str]:
    """For those of whom the buyer has nothing that counts."""
    if situation is Situation.CHANGES:
        return []
    return [not_responding(), f"{base_url}/engagements/{engagement.id}/not-responding", ""]


def _subject(engagement: Engagement, situation: Situation) -> str:
    match situation:
        case Situation.NOT_STARTED:
            return plain_subject(engagement)
        case Situation.DRAFT:
            return _("Your draft is NOT submitted: %(engagement)s", engagement=engagement.title)
        case Situation.CHANGES:
            return _("Your changes are NOT submitted: %(engagement)s", engagement=engagement.title)


def plain_subject(engagement: Engagement) -> str:
    """With the day, which is all that many read on a phone before they open it or not."""
    return _("Reminder: closes %(day)s: %(engagement)s", day=day(engagement.closes_at), engagement=engagement.title)


def _said(
    engagement: Engagement, organisation: Organisation, response: Response | None, situation: Situation
) -> list[str]:
    named = {"organisation": organisation.name, "engagement": engagement.title}
    match situation:
        case Situation.NOT_STARTED:
            return [
                _("%(organisation)s is invited to answer “%(engagement)s” and has not started a response.", **named)
            ]
        case Situation.DRAFT:
            return [
                _(
                    "The answers of %(organisation)s to “%(engagement)s” are a draft. "
                    "Your draft is NOT submitted, and a draft does not count.",
                    **named,
                ),
                "",
                _("Check your answers and submit them. Only a signatory of your organisation can submit."),
            ]
        case Situation.CHANGES:
            return [" ".join(_changes(response, named))]


def _changes(response: Response | None, named: dict[str, str]) -> Iterator[str]:
    yield _(
        "%(organisation)s submitted a response to “%(engagement)s” and has changed answers since.",
        **named,
    )
    current = response.current_submission if response else None
    if current is not None:
        yield _("Version %(number)s (%(reference)s) counts.", number=current.number, reference=current.reference)
    yield _("Your later changes are NOT submitted, and do not count unless you submit again.")
