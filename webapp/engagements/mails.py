"""The e-mails about an engagement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.models import Engagement, Organisation
from webapp.web.format import moment


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages are that an e-mail about an engagement leads to."""

    base_url: str
    engagement: str
    """The path of the engagement's public page."""
    ask_for_link: str
    """The path of the page where somebody who is registered asks for a link to sign in."""

    @property
    def engagement_page(self) -> str:
        return self.base_url + self.engagement

    @property
    def link_page(self) -> str:
        return self.base_url + self.ask_for_link


def invitation(
    engagement: Engagement, organisation: Organisation, *, link: str, works_until: datetime, addresses: Addresses
) -> Mail:
    """To somebody who acts for the organisation."""
    return Mail(
        _subject(engagement),
        f"{_opening(engagement, organisation)}"
        f"Use this link to sign in and start your response:\n\n{link}\n\n"
        f"It works once, until {moment(works_until)}. Do not pass it on: whoever has it can sign in as you. "
        f"When it has been used, you can ask for another at any time:\n{addresses.link_page}\n\n"
        f"{_closing(engagement, addresses)}",
    )


def invitation_without_link(engagement: Engagement, organisation: Organisation, *, addresses: Addresses) -> Mail:
    """To an address that does not belong to the organisation; the same whoever it belongs to."""
    return Mail(
        _subject(engagement),
        f"{_opening(engagement, organisation)}"
        f"We cannot let you answer for {organisation.name} with this email address yet. This is what you can do:\n\n"
        f"- If colleagues of yours use Soundings for {organisation.name}, they have this invitation too. "
        "Ask them to answer with you.\n"
        "- If you use Soundings for another organisation, you can sign in and answer for that one: "
        f"{addresses.link_page}\n"
        f"- If neither is so, write to {engagement.contact_email}.\n\n"
        f"{_closing(engagement, addresses)}",
    )


def extension(engagement: Engagement, *, reason: str, addresses: Addresses) -> Mail:
    return Mail(
        f"New closing time: {engagement.title}",
        f"{engagement.programme.buyer.name} has given everybody more time for this market engagement:\n"
        f"{engagement.title} ({engagement.reference})\n\n"
        f"It now closes at {moment(engagement.closes_at)}.\n"
        f"Questions can be asked until {moment(engagement.questions_until)}.\n\n"
        f"The reason: {reason}\n\n"
        "If you have submitted a response, it still counts, and you can change it until the new closing time. "
        "If you have a draft, it has not been submitted yet.\n\n"
        f"{_closing(engagement, addresses)}",
    )


def clarification(engagement: Engagement, *, question: str, answer: str, addresses: Addresses) -> Mail:
    """The same to everybody, whoever asked."""
    return Mail(
        f"Question answered: {engagement.title}",
        f"{engagement.programme.buyer.name} has answered a question about this market engagement:\n"
        f"{engagement.title} ({engagement.reference})\n\n"
        f"The question:\n{question}\n\n"
        f"The answer:\n{answer}\n\n"
        "Everybody who takes part gets the same answer, and it stands on the page of the engagement.\n\n"
        f"{_closing(engagement, addresses)}",
    )


def _subject(engagement: Engagement) -> str:
    return f"Invitation: {engagement.title}"


def _opening(engagement: Engagement, organisation: Organisation) -> str:
    return (
        f"{engagement.programme.buyer.name} invites {organisation.name} to take part in a market engagement:\n"
        f"{engagement.title} ({engagement.reference})\n\n"
        f"It closes at {moment(engagement.closes_at)}.\n\n"
    )


def _closing(engagement: Engagement, addresses: Addresses) -> str:
    return (
        f"Read about the engagement:\n{addresses.engagement_page}\n\n"
        f"If you have a question, write to {engagement.contact_email}.\n"
    )
