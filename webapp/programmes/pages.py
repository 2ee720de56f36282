"""Programmes as their pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from flask import url_for

from webapp.language import ngettext
from webapp.models import (
    Contract,
    Engagement,
    EngagementState,
    Lot,
    Procurement,
    Programme,
    Recommendation,
    Unit,
)
from webapp.programmes.permissions import Permission
from webapp.programmes.register import Register, register
from webapp.programmes.unit_names import NOT_KNOWN, UnitNames
from webapp.programmes.words import ROUTES, SITE_KINDS
from webapp.web.cells import Cell, Row, labelled, lines, link, tag
from webapp.web.format import LONDON, compact_money, day, money, number, plural, short_day

STATE_TAGS = {
    EngagementState.DRAFT: tag("Draft", "grey"),
    EngagementState.COMING: tag("Not open yet", "blue"),
    EngagementState.OPEN: tag("Open", "green"),
    EngagementState.CLOSED: tag("Closed", "grey"),
}

_WORK = {
    "Set up": (
        (Permission.READ, "First steps", "guide.first_steps"),
        (Permission.SET_UP, "Set it up", "setting_up.overview"),
        (Permission.READ, "Past procurements", "past_procurements.index"),
    ),
    "Engage": (
        (Permission.RUN, "Set up an engagement", "drafting.create"),
        (Permission.RUN, "Providers, and which are one firm", "providers.index"),
        (Permission.READ, "Communications, events and notices", "communications.plan"),
    ),
    "Plan": (
        (Permission.READ, "Plan procurements", "procurements.index"),
        (Permission.READ, "Options appraisals", "appraisals.index"),
        (Permission.READ, "Recommendations and signatures", "recommendations.index"),
        (Permission.READ, "Competition risk register", "risks.index"),
        (Permission.READ, "Forecasts and what came of them", "forecasts.programme"),
        (Permission.READ, "What the forecasts assume", "priors.index"),
    ),
    "Keep on record": (
        (Permission.READ_RECORD, "Equal treatment, meetings and decisions", "record.log"),
        (Permission.READ, "Conflicts of interest", "record.conflicts"),
        (Permission.LEAD, "How long responses are kept", "disposal.state"),
    ),
}
"""In the order in which a programme is worked on."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which lot covers which service at which site: a row per site, a column per service line."""

    service_lines: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[dict[str, str]]:
        return [{"text": "Site"}, *({"text": name} for name in self.service_lines)]


@dataclass(frozen=True, slots=True)
class ProcurementPart:
    title: str
    facts: str
    lots: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class WorkGroup:
    title: str
    links: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    programme: Programme
    work: tuple[WorkGroup, ...]
    """Where the reader can go on, as far as its role grants."""
    waiting: tuple[Row, ...]
    team: Cell
    buyer: Cell
    agent: Cell | None
    places: str
    sites: tuple[Row, ...]
    coverage: Coverage
    register: Register
    procurements: tuple[ProcurementPart, ...]
    engagements: tuple[Row, ...]

    @property
    def lots(self) -> int:
        return sum(len(procurement.lots) for procurement in self.procurements)


def programme_rows(programmes: Iterable[Programme], now: datetime) -> tuple[Row, ...]:
    today = now.astimezone(LONDON).date()
    return tuple(
        (
            link(programme.title, url_for("programmes.show", programme_id=programme.id)),
            programme.reference,
            programme.buyer.name,
            programme.agent.name if programme.agent else "None",
            _next_end(programme.contracts, today),
        )
        for programme in programmes
    )


def waiting_rows(waiting: Iterable[tuple[Recommendation, str]]) -> tuple[Row, ...]:
    """What somebody has to sign or to write anew."""
    return tuple(
        (
            link(
                f"{row.procurement.title}, recommendation {row.number}",
                url_for("recommendations.show", programme_id=row.procurement.programme_id, recommendation_id=row.id),
            ),
            title,
            "To be written anew: it was sent back" if row.ruling else "To be signed or sent back",
            f"{row.writer.name}, {short_day(row.put_up_at)}",
        )
        for row, title in waiting
    )


def _next_end(contracts: Iterable[Contract], today: date) -> str:
    return next((short_day(contract.end_date) for contract in contracts if contract.end_date >= today), "None")


def programme_page(
    programme: Programme,
    units: Sequence[Unit],
    engagements: Iterable[Engagement],
    waiting: Iterable[tuple[Recommendation, str]],
    now: datetime,
    *,
    granted: frozenset[Permission],
) -> ProgrammePage:
    names = UnitNames(programme)
    return ProgrammePage(
        programme=programme,
        work=_work(programme, granted),
        waiting=waiting_rows(waiting),
        team=link("Who works on it", url_for("teams.show", programme_id=programme.id)),
        buyer=labelled(programme.buyer.name, synthetic=programme.buyer.synthetic),
        agent=labelled(programme.agent.name, synthetic=programme.agent.synthetic) if programme.agent else None,
        places=_places(programme),
        sites=_sites(programme),
        coverage=_coverage(programme, units),
        register=register(programme, names, now.astimezone(LONDON).date()),
        procurements=tuple(_procurement(procurement, names) for procurement in programme.procurements),
        engagements=tuple(_engagement(engagement, now) for engagement in engagements),
    )


def _work(programme: Programme, granted: frozenset[Permission]) -> tuple[WorkGroup, ...]:
    groups = {
        title: tuple(
            link(text, url_for(endpoint, programme_id=programme.id))
            for permission, text, endpoint in places
            if permission in granted
        )
        for title, places in _WORK.items()
    }
    return tuple(WorkGroup(title, links) for title, links in groups.items() if links)


def _places(programme: Programme) -> str:
    known = [site.places for site in programme.sites if site.places is not None]
    unknown = len(programme.sites) - len(known)
    return f"{plural(sum(known), 'place')}{f', not known for {unknown}' if unknown else ''}"


def _sites(programme: Programme) -> tuple[Row, ...]:
    return tuple(
        (
            site.name,
            SITE_KINDS[site.kind],
            site.postcode or "",
            NOT_KNOWN if site.places is None else number(site.places),
            site.places_source or "",
        )
        for site in programme.sites
    )


def _coverage(programme: Programme, units: Iterable[Unit]) -> Coverage:
    lots: dict[uuid.UUID, list[str]] = {}
    for procurement in programme.procurements:
        for lot in procurement.lots:
            for unit in lot.units:
                lots.setdefault(unit.id, []).append(lot.code)
    needed = {(unit.site_id, unit.service_line_id): unit for unit in units}
    return Coverage(
        service_lines=tuple(line.name for line in programme.service_lines),
        rows=tuple(
            (site.name, *(_covered(needed.get((site.id, line.id)), lots) for line in programme.service_lines))
            for site in programme.sites
        ),
    )


def _covered(unit: Unit | None, lots: Mapping[uuid.UUID, list[str]]) -> Cell:
    if unit is None:
        return "Not in the programme"
    lot = f"Lot {', '.join(lots[unit.id])}" if unit.id in lots else tag("In no lot", "red")
    value = "Value not known" if unit.annual_value is None else f"{compact_money(unit.annual_value)} a year"
    return lines((lot, labelled(value, synthetic=unit.synthetic)))


def _procurement(procurement: Procurement, names: UnitNames) -> ProcurementPart:
    facts = f"{ROUTES[procurement.route]}. Services start on {day(procurement.service_start)}."
    officer = f" Officer: {procurement.officer}." if procurement.officer else ""
    return ProcurementPart(procurement.title, facts + officer, tuple(_lot(lot, names) for lot in procurement.lots))


def _lot(lot: Lot, names: UnitNames) -> Row:
    synthetic = any(unit.synthetic for unit in lot.units)
    return (
        lot.code,
        lot.title,
        names.of(lot.units),
        labelled(_pounds(lot.annual_value), synthetic=synthetic and lot.annual_value is not None),
        whole_life_value(lot),
        NOT_KNOWN if lot.demand_wte is None else number(lot.demand_wte, 1),
    )


def whole_life_value(lot: Lot) -> str:
    """What the lot is worth over its whole term, with the length of the term."""
    if lot.annual_value is None or lot.term_months is None:
        return NOT_KNOWN
    return ngettext(
        "%(value)s over %(years)s year",
        "%(value)s over %(years)s years",
        ceil(lot.term_months / 12),
        value=money(round(lot.annual_value * lot.term_months / 12)),
        years=number(lot.term_months / 12, 1),
    )


def _pounds(value: float | None) -> str:
    return NOT_KNOWN if value is None else money(value)


def _engagement(engagement: Engagement, now: datetime) -> Row:
    return (
        link(engagement.title, url_for("engagements.manage", engagement_id=engagement.id)),
        engagement.reference,
        STATE_TAGS[engagement.state(now)],
        short_day(engagement.opens_at),
        short_day(engagement.closes_at),
    )
