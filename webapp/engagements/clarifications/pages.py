"""Questions and answers as the public, who asked, and the officers see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from markupsafe import Markup

from webapp.audit import Actor
from webapp.engagements.clarifications.queries import Inbox, Published
from webapp.language import Later, _, ngettext
from webapp.models import AskedHow, Clarification, Engagement
from webapp.web.cells import Cell, Row, labelled, lines, link, tag
from webapp.web.format import moment
from webapp.web.pagination import Page

EXCERPT = 80
NOT_SAID = "Not said"
_WAITING = (Later("Waiting for an answer"), "blue")
_PUBLISHED = (Later("Published"), "green")
HOW = {
    AskedHow.EMAIL: "By email",
    AskedHow.PORTAL: "Through a procurement portal",
    AskedHow.TELEPHONE: "By telephone",
    AskedHow.EVENT: "At an event or in a meeting",
}


@dataclass(frozen=True, slots=True)
class PublicQuestions:
    """Beneath an engagement: what was asked and answered, and whether this visitor can ask."""

    published: Sequence[Published]
    until: str
    ask: str
    """Where to ask, if this visitor could."""
    own: str
    """Where this visitor's organisation sees its own questions."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    waiting: int
    rows: tuple[Row, ...]
    clarifications: Page[Clarification]
    engagement: Engagement

    def address(self, number: int) -> str:
        return url_for("engagements.manage", engagement_id=self.engagement.id, questions=number, _anchor="questions")


def public_questions(
    engagement: Engagement, published: Sequence[Published], actor: Actor | None, now: datetime
) -> PublicQuestions:
    address = url_for("clarifications.ask", engagement_id=engagement.id)
    provider = actor is not None and actor.provider is not None
    takes, until = engagement.takes_questions(now), moment(engagement.questions_until)
    can = _("Providers can ask questions until %(when)s.", when=until)
    could = _("Questions could be asked until %(when)s.", when=until)
    return PublicQuestions(
        published=published,
        until=can if takes else could,
        ask=address if takes and (actor is None or provider) else "",
        own=address if provider else "",
    )


def own_rows(clarifications: Iterable[Clarification]) -> tuple[Row, ...]:
    return tuple(
        (
            link(
                excerpt(each.question),
                url_for("clarifications.show", engagement_id=each.engagement_id, clarification_id=each.id),
            ),
            lot_code(each),
            moment(each.asked_at),
            state(each),
        )
        for each in clarifications
    )


def inbox_page(engagement: Engagement, inbox: Inbox) -> InboxPage:
    rows = tuple(
        (
            link(
                excerpt(each.question),
                url_for("clarifications.answer", engagement_id=engagement.id, clarification_id=each.id),
            ),
            lot_code(each),
            _from_whom(each),
            moment(each.asked_at),
            state(each),
        )
        for each in inbox.clarifications.items
    )
    return InboxPage(inbox.waiting, rows, inbox.clarifications, engagement)


def _from_whom(clarification: Clarification) -> Cell:
    organisation, how = clarification.organisation, clarification.asked_how
    whose = labelled(organisation.name, synthetic=organisation.synthetic) if organisation else NOT_SAID
    return lines((whose, f"{HOW[how]}, entered by an officer")) if how else whose


def asked_in_words(clarification: Clarification) -> str:
    """A sentence for officers: who asked when and about what, or how it came and who entered it."""
    lot = clarification.lot
    about = f", about {lot.code}: {lot.title}" if lot else ""
    at = moment(clarification.asked_at)
    name = clarification.organisation.name if clarification.organisation else ""
    if clarification.asker is not None:
        return f"By {clarification.asker.name} of {name} at {at}{about}."
    if clarification.asked_how is None or clarification.enterer is None:
        raise ValueError("a question was neither asked here nor entered")
    whose = f"from {name}" if name else "from whom is not said"
    entered = f"{HOW[clarification.asked_how]}, {whose}, at {at}{about}. Entered by {clarification.enterer.name}."
    late = clarification.late_reason
    return f"{entered} Accepted after the last time for questions: {late}" if late else entered


def state(clarification: Clarification) -> Markup:
    return tag(*(_WAITING if clarification.published_at is None else _PUBLISHED))


def lot_code(clarification: Clarification) -> str:
    return clarification.lot.code if clarification.lot else _("No lot in particular")


def excerpt(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= EXCERPT else f"{folded[: EXCERPT - 1].rstrip()}…"


def lateness(deadline: datetime, now: datetime) -> str:
    """By how much a question missed it: "2 minutes", and at least a second."""
    late = now - deadline
    if days := late // timedelta(days=1):
        return ngettext("%(num)s day", "%(num)s days", days)
    if hours := late // timedelta(hours=1):
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    if minutes := late // timedelta(minutes=1):
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return ngettext("%(num)s second", "%(num)s seconds", max(1, round(late.total_seconds())))
