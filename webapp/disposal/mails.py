"""The e-mails about destroying responses, in the language spoken while they are written."""

from __future__ import annotations

from datetime import datetime

from webapp.engagements.disposed import last_day
from webapp.engagements.mails import Addresses
from webapp.language import _
from webapp.mail import Mail
from webapp.models import Engagement
from webapp.web.format import day


def warning(engagement: Engagement, *, due_at: datetime, policy: str, addresses: Addresses) -> Mail:
    """To providers, while they can still download what they sent."""
    gone_after = day(last_day(due_at))
    return Mail(
        _("Download your response before %(day)s: %(engagement)s", day=gone_after, engagement=engagement.title),
        _body(
            _not_needed(engagement),
            _(
                "After %(day)s they are destroyed with everything that was made from them, yours and its drafts and "
                "files too. The policy: %(policy)s",
                day=gone_after,
                policy=policy,
            ),
            _(
                "If you want to keep a copy, sign in and download it before then:\n%(address)s",
                address=f"{addresses.base_url}/responses",
            ),
            *_closing(engagement, addresses),
        ),
    )


def warning_declined(engagement: Engagement, *, due_at: datetime, policy: str, addresses: Addresses) -> Mail:
    """To those who said that they would not respond: there is nothing to download."""
    gone_after = day(last_day(due_at))
    return Mail(
        _("Responses are destroyed after %(day)s: %(engagement)s", day=gone_after, engagement=engagement.title),
        _body(
            _not_needed(engagement),
            _(
                "After %(day)s they are destroyed, and what your organisation said about why it would not respond too. "
                "The policy: %(policy)s",
                day=gone_after,
                policy=policy,
            ),
            *_closing(engagement, addresses),
        ),
    )


def kept_after_all(engagement: Engagement, *, addresses: Addresses) -> Mail:
    return Mail(
        _("Responses are kept after all: %(engagement)s", engagement=engagement.title),
        _body(
            _(
                "We told you that the responses to this market engagement would be destroyed:\n%(engagement)s",
                engagement=_named(engagement),
            ),
            _("They are kept for now. We will tell you again before they are destroyed."),
            *_closing(engagement, addresses),
        ),
    )


def asked(engagement: Engagement, *, addresses: Addresses) -> Mail:
    """To those of the team who can agree; they read English, as on all their pages."""
    return _to_team(
        engagement,
        "You are asked to agree that responses be destroyed",
        "A colleague asks that the responses to this engagement be destroyed. Nothing happens unless you agree.",
        addresses.base_url,
    )


def agreed(engagement: Engagement, *, due_at: datetime, addresses: Addresses) -> Mail:
    return _to_team(
        engagement,
        f"Responses will be destroyed after {day(last_day(due_at))}",
        "It is agreed that the responses to this engagement be destroyed. Until then you can take it back, as you must "
        "if they are needed for a challenge, an audit, an inquiry or a request for information.",
        addresses.base_url,
    )


def later(engagement: Engagement, *, due_at: datetime, base_url: str) -> Mail:
    return _to_team(
        engagement,
        f"Responses will be destroyed later, after {day(last_day(due_at))}",
        "Everybody whose answers go is told now, some later than was planned. Each has the whole time to download a "
        "copy, so the day has moved. Until then you can take it back.",
        base_url,
    )


def stopped(engagement: Engagement, *, addresses: Addresses) -> Mail:
    return _to_team(
        engagement,
        "Responses are not destroyed",
        "A colleague has taken back that the responses to this engagement be destroyed. The page says why.",
        addresses.base_url,
    )


def failed(engagement: Engagement, *, base_url: str) -> Mail:
    return _to_team(
        engagement,
        "Responses could not be destroyed",
        "It was agreed that the responses to this engagement be destroyed. The service has tried and failed more than "
        "once, so that all of them are still there. The page says what to do.",
        base_url,
    )


def _to_team(engagement: Engagement, subject: str, text: str, base_url: str) -> Mail:
    page = f"{base_url}/manage/engagements/{engagement.id}/disposal"
    return Mail(f"{subject}: {engagement.title}", _body(text, f"{_named(engagement)}\n{page}"))


def _not_needed(engagement: Engagement) -> str:
    return _(
        "%(buyer)s no longer needs the responses to this market engagement:\n%(engagement)s",
        buyer=engagement.programme.buyer.name,
        engagement=_named(engagement),
    )


def _closing(engagement: Engagement, addresses: Addresses) -> tuple[str, ...]:
    return (
        _("Read about the engagement:\n%(address)s", address=addresses.engagement_page),
        _("If you need help, write to %(contact)s.", contact=engagement.contact_email),
    )


def _named(engagement: Engagement) -> str:
    return f"{engagement.title} ({engagement.reference})"


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"
