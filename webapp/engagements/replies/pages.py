"""What was said and what was done about it, as everybody reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from webapp.engagements.mails import how_many_spoke
from webapp.engagements.pages import paragraphs
from webapp.language import Later, _
from webapp.models import PublishedReply, ReplyDecision, ReplyPublication
from webapp.web.format import day

DECISIONS = {
    ReplyDecision.TAKEN_UP: (Later("Taken up"), "green"),
    ReplyDecision.UNDER_CONSIDERATION: (Later("Under consideration"), "yellow"),
    ReplyDecision.NOT_TAKEN_UP: (Later("Not taken up"), "grey"),
}
"""How each decision is called, and the colour of its tag."""


@dataclass(frozen=True, slots=True)
class ReplyOnPage:
    said: str
    """The title of the theme."""
    spoke: str
    decision: str
    colour: str
    done: tuple[str, ...]
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicReplies:
    published: str
    """When, and when it was corrected."""
    questions: tuple[tuple[str, tuple[ReplyOnPage, ...]], ...]
    """What was said to each question, in the order in which it was published."""


def public_replies(publication: ReplyPublication) -> PublicReplies:
    return PublicReplies(published=published_on(publication), questions=by_question(publication.replies))


def published_on(publication: ReplyPublication) -> str:
    on = day(publication.published_at)
    return _("Corrected on %(day)s.", day=on) if publication.version > 1 else _("Published on %(day)s.", day=on)


def by_question(replies: Iterable[PublishedReply]) -> tuple[tuple[str, tuple[ReplyOnPage, ...]], ...]:
    return tuple(
        (question, tuple(map(_reply, asked))) for question, asked in groupby(replies, key=lambda reply: reply.question)
    )


def _reply(reply: PublishedReply) -> ReplyOnPage:
    words, colour = DECISIONS[reply.decision]
    return ReplyOnPage(
        said=reply.title,
        spoke=how_many_spoke(reply.providers),
        decision=str(words),
        colour=colour,
        done=paragraphs(reply.done),
        reason=paragraphs(reply.reason),
    )
