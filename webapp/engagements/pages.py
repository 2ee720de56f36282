"""Engagements as everybody sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from webapp.audit import Actor
from webapp.engagements.queries import Extension
from webapp.models import Engagement, EngagementState, Lot, Response
from webapp.programmes.pages import NOT_KNOWN, STATE_TAGS, Cell, Row, whole_life_value
from webapp.web.cells import labelled, lines
from webapp.web.format import day, days_until, moment, money, number, plural


@dataclass(frozen=True, slots=True)
class Listed:
    title: str
    href: str
    buyer: str
    when: str


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
    extensions: tuple[str, ...]
    lots: tuple[Row, ...]
    taking_part: TakingPart


GROUPS = {
    EngagementState.OPEN: ("Open now", "No engagement is open at the moment."),
    EngagementState.COMING: ("Not open yet", "No engagement is announced at the moment."),
    EngagementState.CLOSED: ("Closed", "No engagement has closed yet."),
}


def engagement_list(engagements: Sequence[Engagement], now: datetime, *, narrowed: bool) -> EngagementList:
    """Grouped by state; what closes or closed nearest to now comes first in each group."""
    by_state: dict[EngagementState, list[Listed]] = {state: [] for state in GROUPS}
    for engagement in engagements:
        by_state[engagement.state(now)].append(_listed(engagement, now))
    by_state[EngagementState.CLOSED].reverse()
    groups = (Group(title, tuple(by_state[state]), nothing) for state, (title, nothing) in GROUPS.items())
    return EngagementList(
        tuple(group for group in groups if group.engagements or not narrowed), len(engagements), narrowed
    )


def _listed(engagement: Engagement, now: datetime) -> Listed:
    return Listed(
        engagement.title,
        url_for("engagements.show", engagement_id=engagement.id),
        engagement.programme.buyer.name,
        when(engagement, now),
    )


def when(engagement: Engagement, now: datetime) -> str:
    """Where the engagement stands in time."""
    match engagement.state(now):
        case EngagementState.OPEN:
            return f"Closes at {moment(engagement.closes_at)}: {_left(engagement.closes_at, now)}"
        case EngagementState.CLOSED:
            return f"Closed at {moment(engagement.closes_at)}"
        case _:
            return f"Opens at {moment(engagement.opens_at)} and closes at {moment(engagement.closes_at)}"


def _left(closes_at: datetime, now: datetime) -> str:
    days = days_until(closes_at, now)
    return f"{plural(days, 'day')} left" if days else "today"


def engagement_page(
    engagement: Engagement,
    extensions: Iterable[Extension],
    response: Response | None,
    actor: Actor | None,
    now: datetime,
) -> EngagementPage:
    return EngagementPage(
        engagement=engagement,
        state=STATE_TAGS[engagement.state(now)],
        when=when(engagement, now),
        facts=_facts(engagement),
        process=tuple(part.strip() for part in engagement.process.splitlines() if part.strip()),
        timetable=_timetable(engagement),
        extensions=tuple(extension_line(extension) for extension in extensions),
        lots=tuple(_lot(entry.lot) for entry in engagement.engagement_lots),
        taking_part=_taking_part(engagement, response, actor, now),
    )


def extension_line(extension: Extension) -> str:
    until = extension.questions_close_at
    questions = f" Questions can be asked until {moment(until)}." if until else ""
    return (
        f"On {day(extension.at)} the closing time was moved from {moment(extension.closed_at)} "
        f"to {moment(extension.closes_at)}.{questions} The reason: {extension.reason}"
    )


def _facts(engagement: Engagement) -> tuple[Fact, ...]:
    """What a market engagement notice must say, apart from the dates."""
    programme = engagement.programme
    buyer = f"{programme.buyer.name} (ODS code {programme.buyer.ods_code})" if programme.buyer.ods_code else None
    agent = programme.agent
    return (
        Fact("Contracting authority", labelled(buyer or programme.buyer.name, synthetic=programme.buyer.synthetic)),
        *([Fact("Run on its behalf by", labelled(agent.name, synthetic=agent.synthetic))] if agent else []),
        Fact("Reference", engagement.reference),
        Fact("Programme", f"{programme.title} ({programme.reference})"),
        Fact("Subject matter", programme.summary),
        Fact("Contact", _mail_to(engagement.contact_email)),
    )


def _mail_to(address: str) -> Markup:
    return Markup('<a class="govuk-link" href="mailto:{0}">{0}</a>').format(address)


def _timetable(engagement: Engagement) -> tuple[Row, ...]:
    starts = sorted(
        {entry.lot.procurement.id: entry.lot.procurement for entry in engagement.engagement_lots}.values(),
        key=lambda procurement: (procurement.service_start, procurement.position),
    )
    return (
        ("The engagement opens", moment(engagement.opens_at)),
        ("Questions can be asked until", moment(engagement.questions_until)),
        ("The engagement closes", moment(engagement.closes_at)),
        *((f"Services start: {procurement.title}", day(procurement.service_start)) for procurement in starts),
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


def _taking_part(engagement: Engagement, response: Response | None, actor: Actor | None, now: datetime) -> TakingPart:
    state = engagement.state(now)
    if actor is not None and _is_officer_of(actor, engagement):
        manage = url_for("engagements.manage", engagement_id=engagement.id)
        return TakingPart("You are an officer of this engagement.", "Manage this engagement", manage)
    if response is not None:
        return _continuing(response, state)
    if state is EngagementState.CLOSED:
        return TakingPart("This engagement has closed. It takes no more responses.")
    if state is EngagementState.COMING:
        return TakingPart(f"You can respond from {moment(engagement.opens_at)}.")
    if actor is None:
        here = url_for("engagements.show", engagement_id=engagement.id)
        text = "To respond, sign in with the link in the email that invited you, or ask for a new link."
        return TakingPart(text, "Ask for a link", url_for("accounts.ask_for_link", next=here))
    if actor.provider is None:
        return TakingPart("Providers can respond. You are not signed in for a provider.")
    text = f"You respond for {actor.provider.name}. You can save your answers and come back to them."
    start = url_for("responses.start", engagement_id=engagement.id)
    return TakingPart(text, "Start your response", start, posts=True)


def _is_officer_of(actor: Actor, engagement: Engagement) -> bool:
    return not {engagement.programme.buyer_id, engagement.programme.agent_id}.isdisjoint(actor.officer_of)


def _continuing(response: Response, state: EngagementState) -> TakingPart:
    href = url_for("responses.show", response_id=response.id)
    is_open = state is EngagementState.OPEN
    if response.current_submission_id is not None:
        text = "You have submitted a response."
        return TakingPart(text, "View or change your response" if is_open else "View your response", href)
    if response.withdrawn_at is not None:
        text = "You have withdrawn your response."
        return TakingPart(text, "View or submit it again" if is_open else "View your response", href)
    if is_open:
        return TakingPart("You have started a response. It is not submitted yet.", "Continue your response", href)
    return TakingPart("The engagement has closed. Your draft was not submitted.", "View your draft", href)
