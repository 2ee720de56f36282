"""Engagements as everybody sees them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from webapp.audit import Actor
from webapp.engagements.declining.queries import Standing
from webapp.engagements.queries import ClosingMove
from webapp.language import Later, _, ngettext
from webapp.models import Engagement, EngagementState, InterestLevel, Lot, Response
from webapp.programmes.pages import whole_life_value
from webapp.programmes.unit_names import NOT_KNOWN
from webapp.web.cells import Cell, Row, labelled, lines, tag
from webapp.web.format import day, days_until, moment, money, number

LEVELS = {
    InterestLevel.WOULD_BID: "Would bid",
    InterestLevel.LIKELY: "Likely to bid",
    InterestLevel.POSSIBLY: "Might bid",
    InterestLevel.UNDECIDED: "Cannot say yet",
    InterestLevel.NO: "Would not bid",
}
"""Of interest, from the surest down, in words."""


@dataclass(frozen=True, slots=True)
class Listed:
    title: str
    href: str
    buyer: str
    when: str
    summarised: str = ""
    """When a summary of it was published, if one was."""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    engagements: tuple[Listed, ...]
    nothing: str
    """What is said when there is none."""


@dataclass(frozen=True, slots=True)
class EngagementList:
    groups: tuple[Group, ...]
    found: int
    narrowed: bool
    """Whether something was asked for, so that an empty group need not be shown."""


@dataclass(frozen=True, slots=True)
class TakingPart:
    """What this visitor can do next: `posts` says that the button starts something rather than leads somewhere."""

    text: str
    button: str = ""
    href: str = ""
    posts: bool = False
    register: str = ""
    """Where somebody new registers their organisation."""
    decline: str = ""
    """Where a provider says that it will not respond, or reads and takes back that it did."""
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    value: Cell


@dataclass(frozen=True, slots=True)
class EngagementPage:
    engagement: Engagement
    state: Markup
    when: str
    facts: tuple[Fact, ...]
    process: tuple[str, ...]
    """Its paragraphs."""
    timetable: tuple[Row, ...]
    moves: tuple[str, ...]
    """Of its closing time: each with the reason."""
    lots: tuple[Row, ...]
    taking_part: TakingPart


GROUPS = {
    EngagementState.OPEN: (Later("Open now"), Later("No engagement is open at the moment.")),
    EngagementState.COMING: (Later("Not open yet"), Later("No engagement is announced at the moment.")),
    EngagementState.CLOSED: (Later("Closed"), Later("No engagement has closed yet.")),
}
_TAGS = {
    EngagementState.DRAFT: (Later("Draft"), "grey"),
    EngagementState.COMING: (Later("Not open yet"), "blue"),
    EngagementState.OPEN: (Later("Open"), "green"),
    EngagementState.CLOSED: (Later("Closed"), "grey"),
}


def engagement_list(
    engagements: Sequence[Engagement], summarised: Mapping[uuid.UUID, datetime], now: datetime, *, narrowed: bool
) -> EngagementList:
    """Grouped by state; what closes or closed nearest to now comes first in each group.

    `summarised` says when a summary of an engagement was first published.
    """
    by_state: dict[EngagementState, list[Listed]] = {state: [] for state in GROUPS}
    for engagement in engagements:
        by_state[engagement.state(now)].append(_listed(engagement, summarised.get(engagement.id), now))
    by_state[EngagementState.CLOSED].reverse()
    groups = (Group(title, tuple(by_state[state]), nothing) for state, (title, nothing) in GROUPS.items())
    return EngagementList(
        tuple(group for group in groups if group.engagements or not narrowed), len(engagements), narrowed
    )


def _listed(engagement: Engagement, summarised: datetime | None, now: datetime) -> Listed:
    return Listed(
        engagement.title,
        url_for("engagements.show", engagement_id=engagement.id),
        engagement.programme.buyer.name,
        when(engagement, now),
        _("Summary published on %(day)s", day=day(summarised)) if summarised else "",
    )


def when(engagement: Engagement, now: datetime) -> str:
    """Where the engagement stands in time."""
    closing = moment(engagement.closes_at)
    match engagement.state(now):
        case EngagementState.OPEN:
            return _closes(closing, days_until(engagement.closes_at, now))
        case EngagementState.CLOSED:
            return _("Closed at %(when)s", when=closing)
        case _state if engagement.opens_with_publication(now):
            return _("Opens as soon as it is published, and closes at %(closing)s", closing=closing)
        case _state:
            opening = moment(engagement.opens_at)
            return _("Opens at %(opening)s and closes at %(closing)s", opening=opening, closing=closing)


def _closes(closing: str, days: int) -> str:
    if days == 0:
        return _("Closes at %(when)s: today", when=closing)
    return ngettext("Closes at %(when)s: %(num)s day left", "Closes at %(when)s: %(num)s days left", days, when=closing)


def engagement_page(
    engagement: Engagement,
    moves: Iterable[ClosingMove],
    standing: Standing,
    actor: Actor | None,
    now: datetime,
    *,
    manages: bool,
) -> EngagementPage:
    """`standing`: of the provider that the visitor acts for, if it acts for one."""
    state = engagement.state(now)
    return EngagementPage(
        engagement=engagement,
        state=tag(*_TAGS[state]),
        when=when(engagement, now),
        facts=_facts(engagement),
        process=paragraphs(engagement.process),
        timetable=_timetable(engagement, now),
        moves=tuple(move_line(move) for move in moves),
        lots=tuple(_lot(entry.lot) for entry in engagement.engagement_lots),
        taking_part=_taking_part(engagement, standing, actor, now, manages=manages),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.splitlines() if part.strip())


def move_line(move: ClosingMove) -> str:
    """One move of the closing time, as everybody is told of it."""
    said = {
        "day": day(move.at),
        "before": moment(move.closed_at),
        "after": moment(move.closes_at),
        "reason": move.reason,
    }
    if move.is_early:
        return _(
            "On %(day)s the engagement was closed early, at %(after)s instead of %(before)s. The reason: %(reason)s",
            **said,
        )
    if move.questions_close_at is None:
        return _("On %(day)s the closing time was moved from %(before)s to %(after)s. The reason: %(reason)s", **said)
    return _(
        "On %(day)s the closing time was moved from %(before)s to %(after)s. "
        "Questions can be asked until %(questions)s. The reason: %(reason)s",
        questions=moment(move.questions_close_at),
        **said,
    )


def _sealed() -> str:
    return _(
        "Sealed. Until the engagement has closed and all are opened together, before witnesses, nobody of the buyer "
        "sees who has responded here, or what they say."
    )


def _facts(engagement: Engagement) -> tuple[Fact, ...]:
    """What a market engagement notice must say, apart from the dates."""
    programme = engagement.programme
    buyer = programme.buyer.name
    if programme.buyer.ods_code:
        buyer = _("%(name)s (ODS code %(code)s)", name=buyer, code=programme.buyer.ods_code)
    agent, called = programme.agent, f"{programme.title} ({programme.reference})"
    return (
        Fact(_("Contracting authority"), labelled(buyer, synthetic=programme.buyer.synthetic)),
        *([Fact(_("Run on its behalf by"), labelled(agent.name, synthetic=agent.synthetic))] if agent else []),
        Fact(_("Reference"), engagement.reference),
        Fact(_("Programme"), lines([called, *filter(None, programme.summary.splitlines())])),
        *([Fact(_("Subject matter"), _subject_matter(engagement))] if engagement.engagement_lots else []),
        *([Fact(_("Responses"), _sealed())] if engagement.waits_for_opening else []),
        *([Fact(_("How long responses are kept"), kept)] if (kept := _kept(engagement)) else []),
        Fact(_("Contact"), _mail_to(engagement.contact_email)),
    )


def _kept(engagement: Engagement) -> str:
    until, policy = engagement.programme.keep_until, engagement.programme.retention_policy
    if engagement.disposed_at is not None:
        return _("They were destroyed on %(day)s.", day=day(engagement.disposed_at))
    if until is None:
        return ""
    return _(
        "At least until the end of %(day)s, by this policy: %(policy)s. You are told before they are destroyed.",
        day=day(until),
        policy=(policy or "").rstrip("."),
    )


def _subject_matter(engagement: Engagement) -> Markup:
    """The services of its lots with their sites: a programme may sound out some of its services at a time."""
    units = {unit for entry in engagement.engagement_lots for unit in entry.lot.units}
    sites: dict[str, list[str]] = {}
    for unit in sorted(units, key=lambda unit: (unit.service_line.position, unit.site.position)):
        sites.setdefault(unit.service_line.name, []).append(unit.site.name)
    return lines(f"{service}: {', '.join(names)}" for service, names in sites.items())


def _mail_to(address: str) -> Markup:
    return Markup('<a class="govuk-link" href="mailto:{0}">{0}</a>').format(address)


def _timetable(engagement: Engagement, now: datetime) -> tuple[Row, ...]:
    at_once = engagement.opens_with_publication(now)
    starts = sorted(
        {entry.lot.procurement.id: entry.lot.procurement for entry in engagement.engagement_lots}.values(),
        key=lambda procurement: (procurement.service_start, procurement.position),
    )
    return (
        (_("The engagement opens"), _("As soon as it is published") if at_once else moment(engagement.opens_at)),
        (_("Questions can be asked until"), moment(engagement.questions_until)),
        (_("The engagement closes"), moment(engagement.closes_at)),
        *((_("Services start: %(title)s", title=each.title), day(each.service_start)) for each in starts),
    )


def _lot(lot: Lot) -> Row:
    units = sorted(lot.units, key=lambda unit: (unit.site.position, unit.service_line.position))
    value = NOT_KNOWN if lot.annual_value is None else money(lot.annual_value)
    synthetic = lot.annual_value is not None and any(unit.synthetic for unit in units)
    return (
        f"{lot.code}: {lot.title}",
        lines(f"{unit.site.name}: {unit.service_line.name}" for unit in units),
        labelled(value, synthetic=synthetic),
        whole_life_value(lot),
        NOT_KNOWN if lot.demand_wte is None else number(lot.demand_wte, 1),
    )


def _taking_part(
    engagement: Engagement, standing: Standing, actor: Actor | None, now: datetime, *, manages: bool
) -> TakingPart:
    state, response = engagement.state(now), standing.response
    if manages:
        manage = url_for("engagements.manage", engagement_id=engagement.id)
        return TakingPart(_("You are an officer of this engagement."), _("Manage this engagement"), manage)
    if response is not None and response.current_submission_id is not None:
        return _continuing(response, state)
    if actor is not None and actor.provider is None:
        return _without_provider(engagement, state)
    taking_part = _continuing(response, state) if response else _beginning(engagement, state, actor)
    if standing.decline is not None:
        text = _("Your organisation has said that it will not respond.")
        if state is EngagementState.OPEN:
            text = _("Your organisation has said that it will not respond. If it does after all, that no longer holds.")
        taking_part = replace(taking_part, text=text, declined=True)
    if state is EngagementState.CLOSED and not taking_part.declined:
        return taking_part
    return replace(taking_part, decline=url_for("declining.decline", engagement_id=engagement.id))


def _beginning(engagement: Engagement, state: EngagementState, actor: Actor | None) -> TakingPart:
    if state is not EngagementState.OPEN:
        return TakingPart(_not_open(engagement, state))
    if actor is None or actor.provider is None:
        here = url_for("engagements.show", engagement_id=engagement.id)
        text = _(
            "To respond, sign in with the link in the email that invited you, or ask for a new link. "
            "You can also take part if nobody invited you."
        )
        ask, register = (url_for(page, next=here) for page in ("accounts.ask_for_link", "organisations.register"))
        return TakingPart(text, _("Ask for a link"), ask, register=register)
    text = _(
        "You respond for %(provider)s. You can save your answers and come back to them.", provider=actor.provider.name
    )
    start = url_for("responses.start", engagement_id=engagement.id)
    return TakingPart(text, _("Start your response"), start, posts=True)


def _without_provider(engagement: Engagement, state: EngagementState) -> TakingPart:
    if state is not EngagementState.OPEN:
        return TakingPart(_not_open(engagement, state))
    return TakingPart(_("Providers can respond. You are not signed in for a provider."))


def _not_open(engagement: Engagement, state: EngagementState) -> str:
    if state is EngagementState.CLOSED:
        return _("This engagement has closed. It takes no more responses.")
    return _("You can respond from %(when)s.", when=moment(engagement.opens_at))


def _continuing(response: Response, state: EngagementState) -> TakingPart:
    href = url_for("responses.show", response_id=response.id)
    is_open = state is EngagementState.OPEN
    view = _("View your response")
    if response.current_submission_id is not None:
        text = _("You have submitted a response.")
        return TakingPart(text, _("View or change your response") if is_open else view, href)
    if response.withdrawn_at is not None:
        text = _("You have withdrawn your response.")
        return TakingPart(text, _("View or submit it again") if is_open else view, href)
    if is_open:
        text = _("You have started a response. It is not submitted yet.")
        return TakingPart(text, _("Continue your response"), href)
    return TakingPart(_("The engagement has closed. Your draft was not submitted."), _("View your draft"), href)
