"""What officers see of replies to signed themes: which there are, what they say, and which of them are published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from markupsafe import Markup

from webapp.analysis.themes.pages import Row
from webapp.analysis.themes.replies import Signed, to_publish
from webapp.engagements.mails import FEWEST_COUNTED
from webapp.engagements.replies.pages import DECISIONS, PublicReplies, by_question, public_replies
from webapp.models import Engagement, EngagementState, PublishedReply, ReplyPublication, ThemeReply
from webapp.web.cells import lines, link, tag
from webapp.web.format import moment, number, plural


@dataclass(frozen=True, slots=True)
class WritingPage:
    size: str
    few: str
    """That few spoke of it, so that its words may tell who; empty if many did."""
    rows: list[Row]
    """Every reply, the newest first."""


def writing_page(signed: Signed, replies: Sequence[ThemeReply]) -> WritingPage:
    theme = signed.theme
    return WritingPage(
        size=f"{plural(theme.answers, 'answer')} from {plural(signed.providers, 'provider')} in version "
        f"{signed.version}, as it was signed.",
        few=f"Fewer than {FEWEST_COUNTED} providers spoke of this. Make sure that neither the title nor your reply "
        "tells which. The published page says no number."
        if signed.providers < FEWEST_COUNTED
        else "",
        rows=[reply_row(each) for each in replies],
    )


def reply_row(reply: ThemeReply) -> Row:
    return (
        _decision(reply),
        lines(reply.done.splitlines()),
        lines(reply.reason.splitlines()),
        lines([reply.person.name, moment(reply.replied_at)]),
    )


def _decision(reply: ThemeReply) -> Markup:
    words, colour = DECISIONS[reply.decision]
    return tag(str(words), colour)


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """`questions` are tables of signed themes; `refusal` says why nothing can be published yet, empty when it can."""

    standing: str
    questions: list[tuple[str, list[Row]]]
    refusal: str
    draft: tuple[object, ...]
    """All that could be published, as everybody would read it."""
    published: PublicReplies | None
    earlier: list[Row]


def replies_page(
    engagement: Engagement,
    signed: Sequence[Signed],
    versions: Sequence[ReplyPublication],
    state: EngagementState,
    *,
    writes: bool,
) -> RepliesPage:
    newest = versions[0] if versions else None
    told = {str(each.theme_id): each for each in newest.replies} if newest else {}
    replied = sum(each.reply is not None for each in signed)
    return RepliesPage(
        standing=f"{plural(len(signed), 'signed theme')}, {number(replied)} of them with a reply.",
        questions=[
            (wording, [_row(each, told.get(each.theme.id), writes=writes) for each in of_question])
            for wording, of_question in groupby(signed, key=lambda each: each.framework.wording)
        ],
        refusal=_refusal(engagement, state, replied),
        draft=by_question(to_publish(signed, {each.key for each in signed})),
        published=public_replies(newest) if newest else None,
        earlier=[
            (number(each.version), moment(each.published_at), lines(reply.title for reply in each.replies))
            for each in versions[1:]
        ],
    )


def _row(signed: Signed, told: PublishedReply | None, *, writes: bool) -> Row:
    theme, framework = signed.theme, signed.framework
    endpoint = "theme_replies.write" if writes else "themes.theme"
    return (
        link(theme.title, url_for(endpoint, framework_id=framework.id, theme_id=theme.id)),
        number(theme.answers),
        number(signed.providers),
        _decision(signed.reply) if signed.reply else "None yet",
        _published(signed, told),
    )


def _published(signed: Signed, told: PublishedReply | None) -> str:
    if told is None:
        return "No"
    reply = signed.reply
    stands = reply is not None and (reply.decision, reply.done, reply.reason) == (told.decision, told.done, told.reason)
    return "Yes" if stands and told.title == signed.theme.title else "An earlier wording"


def _refusal(engagement: Engagement, state: EngagementState, replied: int) -> str:
    if state is not EngagementState.CLOSED or engagement.waits_for_opening:
        return "Replies can be published once the engagement has closed and its responses are open."
    return "" if replied else "There is no reply to publish yet."


def chosen_at_first(signed: Iterable[Signed], newest: ReplyPublication | None) -> list[str]:
    """Those published before, and those written since; all of them where nothing was published."""
    told = {str(each.theme_id) for each in newest.replies} if newest else set()
    return [
        each.key
        for each in signed
        if each.reply and (newest is None or each.theme.id in told or each.reply.replied_at > newest.published_at)
    ]
