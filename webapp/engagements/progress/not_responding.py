"""Which providers will not respond, and why: what stops them, while it can still be changed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from webapp.engagements.declining.queries import Declined
from webapp.engagements.declining.reasons import REASONS, in_one_line
from webapp.engagements.progress.queries import Answered, Progress
from webapp.models import Engagement
from webapp.web.cells import Row, labelled, lines, tag
from webapp.web.charts import Bar, horizontal_bars
from webapp.web.format import moment, percent, plural
from webapp.web.pagination import Page


@dataclass(frozen=True, slots=True)
class NotResponding:
    engagement: Engagement
    declined: int
    rate: str
    """What came of those invited; nothing before anybody was."""
    chart: Markup | None
    """For those who may read responses, as all that follows: a reason that one provider alone gives tells of whom."""
    reasons: tuple[Row, ...]
    listed: Page[Declined] | None
    providers: tuple[Row, ...]

    def address(self, number: int) -> str:
        """Of a page of the list."""
        return url_for("progress.show", engagement_id=self.engagement.id, declined=number, _anchor="not-responding")


def not_responding(engagement: Engagement, progress: Progress, listed: Page[Declined] | None) -> NotResponding:
    reasons = {str(REASONS[reason]): count for reason, count in progress.reasons.items()} if listed else {}
    bars = [Bar(label=words, value=count) for words, count in reasons.items()]
    title = "Reasons of providers that will not respond"
    return NotResponding(
        engagement=engagement,
        declined=progress.declined,
        rate=_rate(progress.answered),
        chart=horizontal_bars("reasons", title, bars, unit="providers") if bars else None,
        reasons=tuple((words, str(count), percent(count / progress.declined)) for words, count in reasons.items()),
        listed=listed,
        providers=tuple(map(_provider, listed.items)) if listed else (),
    )


def _rate(answered: Answered) -> str:
    """One share alone: rounded, those of all parts need not come to 100%."""
    invited = answered.invited
    if not invited:
        return ""
    parts = [f"{answered.submitted} ({percent(answered.submitted / invited)}) submitted a response that counts"]
    if answered.withdrawn:
        parts.append(f"{answered.withdrawn} submitted one and withdrew it")
    parts.append(f"{answered.declined} said that they will not respond")
    return (
        f"Of {plural(invited, 'invited provider')}, {', '.join(parts)} and {answered.silent} did none of this so far."
    )


def _provider(each: Declined) -> Row:
    said = each.decline
    name = labelled(said.organisation.name, synthetic=said.organisation.synthetic)
    return (
        name if each.invited else Markup("%s %s") % (name, tag("Not invited", "grey")),
        in_one_line(said.reasons),
        _comment(said.comment, may_quote=said.may_quote),
        moment(said.declined_at),
    )


def _comment(comment: str | None, *, may_quote: bool) -> str | Markup:
    if comment is None:
        return "Not said"
    consent = tag("May be quoted", "blue") if may_quote else tag("Do not quote", "grey")
    return lines((*comment.splitlines(), consent))
