"""The e-mails about an engagement, in the language spoken while they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.language import _, ngettext
from webapp.mail import Mail
from webapp.models import Document, Engagement, EngagementSummary, Organisation, ReplyPublication
from webapp.web.format import moment

FEWEST_COUNTED = 5
"""Responses, or providers: of fewer the public is not told the number."""


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
    def not_responding(self) -> str:
        """Where a provider says that it will not respond."""
        return f"{self.engagement_page}/not-responding"

    @property
    def questions(self) -> str:
        """Where a provider asks about the engagement."""
        return f"{self.engagement_page}/questions"

    @property
    def link_page(self) -> str:
        return self.base_url + self.ask_for_link


def invitation(
    engagement: Engagement,
    organisation: Organisation,
    *,
    link: str,
    works_until: datetime,
    addresses: Addresses,
    now: datetime,
) -> Mail:
    """To somebody who acts for the organisation."""
    asking = _(
        "Ask about the engagement here. Everybody gets the answer, and nobody learns who asked:\n%(address)s",
        address=addresses.questions,
    )
    return Mail(
        _invited(engagement),
        _body(
            *_opening(engagement, organisation),
            _("Use this link to sign in and start your response:"),
            link,
            _(
                "It works once, until %(until)s. Do not pass it on: whoever has it can sign in as you. "
                "When it has been used, you can ask for another at any time:\n%(address)s",
                until=moment(works_until),
                address=addresses.link_page,
            ),
            f"{not_responding()}\n{addresses.not_responding}",
            *([asking] if engagement.takes_questions(now) else ()),
            *_closing(engagement, addresses),
        ),
    )


def not_responding() -> str:
    """Stands before the address of the page where one says so."""
    return _("If you will not respond, say so and why. It takes a minute, and you get no more reminders:")


def by_when(engagement: Engagement) -> str:
    """Stands in what is told while somebody may still be answering, also once it is over."""
    return _("Closing time: %(closing)s.", closing=moment(engagement.closes_at))


def invitation_without_link(engagement: Engagement, organisation: Organisation, *, addresses: Addresses) -> Mail:
    """To an address that does not belong to the organisation; the same whoever it belongs to."""
    return Mail(
        _invited(engagement),
        _body(
            *_opening(engagement, organisation),
            _(
                "We cannot let you answer for %(organisation)s with this email address yet. This is what you can do:",
                organisation=organisation.name,
            ),
            _(
                "- If colleagues of yours use Soundings for %(organisation)s, they have this invitation too. "
                "Ask them to answer with you.\n"
                "- If you use Soundings for another organisation, you can sign in and answer for that one: "
                "%(address)s\n"
                "- If neither is so, write to %(contact)s.",
                organisation=organisation.name,
                address=addresses.link_page,
                contact=engagement.contact_email,
            ),
            *_closing(engagement, addresses),
        ),
    )


def extension(engagement: Engagement, *, reason: str, addresses: Addresses) -> Mail:
    return Mail(
        _("New closing time: %(engagement)s", engagement=engagement.title),
        _body(
            _(
                "%(buyer)s has given everybody more time for this market engagement:\n%(engagement)s",
                buyer=engagement.programme.buyer.name,
                engagement=_named(engagement),
            ),
            _(
                "It now closes at %(closing)s.\nQuestions can be asked until %(questions)s.",
                closing=moment(engagement.closes_at),
                questions=moment(engagement.questions_until),
            ),
            _("The reason: %(reason)s", reason=reason),
            _(
                "If you have submitted a response, it still counts, and you can change it until the new closing time. "
                "If you have a draft, it has not been submitted yet."
            ),
            *_closing(engagement, addresses),
        ),
    )


def closed_early(engagement: Engagement, *, closed_at: datetime, reason: str, addresses: Addresses) -> Mail:
    """`closed_at` is when it would have closed."""
    return Mail(
        _("Closed early: %(engagement)s", engagement=engagement.title),
        _body(
            _(
                "%(buyer)s has closed this market engagement early:\n%(engagement)s",
                buyer=engagement.programme.buyer.name,
                engagement=_named(engagement),
            ),
            _(
                "It closed at %(closing)s instead of %(before)s.",
                closing=moment(engagement.closes_at),
                before=moment(closed_at),
            ),
            _("The reason: %(reason)s", reason=reason),
            _(
                "If you have submitted a response, it still counts. "
                "If you have a draft, it was not submitted and can no longer be."
            ),
            *_closing(engagement, addresses),
        ),
    )


def clarification(engagement: Engagement, *, question: str, answer: str, addresses: Addresses) -> Mail:
    """The same to everybody, whoever asked."""
    return Mail(
        _("Question answered: %(engagement)s", engagement=engagement.title),
        _body(
            _(
                "%(buyer)s has answered a question about this market engagement:\n%(engagement)s",
                buyer=engagement.programme.buyer.name,
                engagement=_named(engagement),
            ),
            *_question_and_answer(question, answer),
            _("Everybody who takes part gets the same answer, and it stands on the page of the engagement."),
            by_when(engagement),
            *_closing(engagement, addresses),
        ),
    )


def correction(engagement: Engagement, *, question: str, answer: str, addresses: Addresses) -> Mail:
    """The same to everybody, like the answer that it takes the place of."""
    return Mail(
        _("Answer corrected: %(engagement)s", engagement=engagement.title),
        _body(
            _(
                "%(buyer)s has corrected an answer about this market engagement:\n%(engagement)s",
                buyer=engagement.programme.buyer.name,
                engagement=_named(engagement),
            ),
            _("This takes the place of the answer that we sent you before."),
            *_question_and_answer(question, answer),
            by_when(engagement),
            *_closing(engagement, addresses),
        ),
    )


def document(engagement: Engagement, new: Document, *, addresses: Addresses) -> Mail:
    """A document that was added after publication, or a new version of one."""
    is_added = new.version == 1
    named = {"document": new.title, "engagement": _named(engagement), "buyer": engagement.programme.buyer.name}
    return Mail(
        _("New document: %(engagement)s", engagement=engagement.title)
        if is_added
        else _("New version of a document: %(engagement)s", engagement=engagement.title),
        _body(
            _("%(buyer)s has added a document to this market engagement:\n%(engagement)s", **named)
            if is_added
            else _("%(buyer)s has replaced a document of this market engagement:\n%(engagement)s", **named),
            _("The document: %(document)s", **named)
            if is_added
            else _("The document: %(document)s, version %(version)s", version=new.version, **named),
            _("You can download it from the page of the engagement."),
            by_when(engagement),
            *_closing(engagement, addresses),
        ),
    )


def summary(engagement: Engagement, told: EngagementSummary, *, addresses: Addresses) -> Mail:
    """To those who took part; a corrected one says that it is."""
    is_first = told.version == 1
    named = {"engagement": _named(engagement), "buyer": engagement.programme.buyer.name}
    return Mail(
        _("Summary: %(engagement)s", engagement=engagement.title)
        if is_first
        else _("Corrected summary: %(engagement)s", engagement=engagement.title),
        _body(
            _("%(buyer)s has published what came of this market engagement:\n%(engagement)s", **named)
            if is_first
            else _("%(buyer)s has corrected what it published about this market engagement:\n%(engagement)s", **named),
            how_many(told.responses),
            _("What we heard:\n%(text)s", text=told.heard),
            _("What will change:\n%(text)s", text=told.changes),
            _("What happens next:\n%(text)s", text=told.next_steps),
            *_closing(engagement, addresses),
        ),
    )


def replies(engagement: Engagement, told: ReplyPublication, *, addresses: Addresses) -> Mail:
    """To those who took part: where they read what was said and what was done about it."""
    is_first = told.version == 1
    named = {"engagement": _named(engagement), "buyer": engagement.programme.buyer.name}
    return Mail(
        _("You said, we did: %(engagement)s", engagement=engagement.title)
        if is_first
        else _("You said, we did, corrected: %(engagement)s", engagement=engagement.title),
        _body(
            _(
                "%(buyer)s has published what it did about what was said in this market engagement:\n%(engagement)s",
                **named,
            )
            if is_first
            else _("%(buyer)s has corrected what it published about this market engagement:\n%(engagement)s", **named),
            _("The page of the engagement leads to what was said, what was decided about it, and why."),
            *_closing(engagement, addresses),
        ),
    )


def how_many_spoke(providers: int) -> str:
    """How many providers spoke of a theme, unless they were so few that the number would tell who."""
    if providers < FEWEST_COUNTED:
        return _("Fewer than %(fewest)s providers spoke of it.", fewest=FEWEST_COUNTED)
    return ngettext("%(num)s provider spoke of it.", "%(num)s providers spoke of it.", providers)


def how_many(responses: int) -> str:
    """How many responses were submitted, unless they were so few that the number would tell who responded."""
    if responses < FEWEST_COUNTED:
        return _("Fewer than %(fewest)s responses were submitted.", fewest=FEWEST_COUNTED)
    return ngettext("%(num)s response was submitted.", "%(num)s responses were submitted.", responses)


def _question_and_answer(question: str, answer: str) -> tuple[str, ...]:
    return (
        _("The question:\n%(question)s", question=question),
        _("The answer:\n%(answer)s", answer=answer),
    )


def _invited(engagement: Engagement) -> str:
    return _("Invitation: %(engagement)s", engagement=engagement.title)


def _opening(engagement: Engagement, organisation: Organisation) -> tuple[str, ...]:
    return (
        _(
            "%(buyer)s invites %(organisation)s to take part in a market engagement:\n%(engagement)s",
            buyer=engagement.programme.buyer.name,
            organisation=organisation.name,
            engagement=_named(engagement),
        ),
        _("It closes at %(closing)s.", closing=moment(engagement.closes_at)),
        _(
            "This is not a tender yet: the buyer asks providers first what would work. What you say commits you to "
            "nothing and has no effect on a later tender, and no other provider learns that you took part or what you "
            "said. You can stop at any time and go on later, also on another device."
        ),
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
