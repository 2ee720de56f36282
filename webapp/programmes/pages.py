"""Programmes as their pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil

from flask import url_for
from markupsafe import Markup

from webapp.language import Later, ngettext
from webapp.models import (
    Contract,
    Engagement,
    EngagementState,
    Lot,
    Procurement,
    Programme,
    Route,
    ServiceLine,
    Site,
    SiteKind,
    Unit,
)
from webapp.programmes.permissions import Permission
from webapp.web.cells import labelled, lines, link, tag
from webapp.web.charts import Mark, Milestone, Stage, TimelineRow, timeline
from webapp.web.format import LONDON, compact_money, day, money, number, plural, short_day

Cell = str | Markup
Row = tuple[Cell, ...]

ROUTES = {
    Route.PSR_DIRECT_A: "PSR direct award process A",
    Route.PSR_DIRECT_B: "PSR direct award process B",
    Route.PSR_DIRECT_C: "PSR direct award process C",
    Route.PSR_MOST_SUITABLE: "PSR most suitable provider process",
    Route.PSR_COMPETITIVE: "PSR competitive process",
    Route.PA23_OPEN: "Procurement Act 2023, open procedure",
    Route.PA23_COMPETITIVE_FLEXIBLE: "Procurement Act 2023, competitive flexible procedure",
    Route.PCR_LIGHT_TOUCH: "Public Contracts Regulations 2015, light touch",
}
SITE_KINDS = {
    SiteKind.PRISON: "Prison",
    SiteKind.SECURE_CHILDRENS_HOME: "Secure children’s home",
    SiteKind.OTHER: "Other",
}
STATE_TAGS = {
    EngagementState.DRAFT: tag("Draft", "grey"),
    EngagementState.COMING: tag("Not open yet", "blue"),
    EngagementState.OPEN: tag("Open", "green"),
    EngagementState.CLOSED: tag("Closed", "grey"),
}
NOT_KNOWN = Later("Not known")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which lot covers which service at which site: a row per site, a column per service line."""

    service_lines: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[dict[str, str]]:
        return [{"text": "Site"}, *({"text": name} for name in self.service_lines)]


@dataclass(frozen=True, slots=True)
class Expiry:
    """The contracts that end on one day, and so have to be replaced together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ProcurementPart:
    title: str
    facts: str
    lots: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    programme: Programme
    work: tuple[Cell, ...]
    """Where the reader can go on, as far as its role grants."""
    team: Cell
    buyer: Cell
    agent: Cell | None
    places: str
    sites: tuple[Row, ...]
    coverage: Coverage
    expiries: tuple[Expiry, ...]
    expiry_chart: Markup | None
    expiry_rows: tuple[Row, ...]
    procurements: tuple[ProcurementPart, ...]
    engagements: tuple[Row, ...]

    @property
    def lots(self) -> int:
        return sum(len(procurement.lots) for procurement in self.procurements)

    @property
    def contracts(self) -> int:
        return sum(len(expiry.rows) for expiry in self.expiries)


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


def _next_end(contracts: Iterable[Contract], today: date) -> str:
    return next((short_day(contract.end_date) for contract in contracts if contract.end_date >= today), "None")


def programme_page(
    programme: Programme,
    units: Sequence[Unit],
    engagements: Iterable[Engagement],
    now: datetime,
    *,
    granted: frozenset[Permission],
) -> ProgrammePage:
    names = _UnitNames(programme)
    return ProgrammePage(
        programme=programme,
        work=_work(programme, granted),
        team=link("Who works on it", url_for("teams.show", programme_id=programme.id)),
        buyer=labelled(programme.buyer.name, synthetic=programme.buyer.synthetic),
        agent=labelled(programme.agent.name, synthetic=programme.agent.synthetic) if programme.agent else None,
        places=_places(programme),
        sites=_sites(programme),
        coverage=_coverage(programme, units),
        expiries=tuple(
            _expiry(end, tuple(contracts), names)
            for end, contracts in groupby(programme.contracts, key=lambda contract: contract.end_date)
        ),
        expiry_chart=_expiry_chart(programme.contracts, now.astimezone(LONDON).date()),
        expiry_rows=tuple(
            (contract.title, _start(contract), short_day(contract.end_date), _latest_end(contract))
            for contract in programme.contracts
        ),
        procurements=tuple(_procurement(procurement, names) for procurement in programme.procurements),
        engagements=tuple(_engagement(engagement, now) for engagement in engagements),
    )


def _work(programme: Programme, granted: frozenset[Permission]) -> tuple[Cell, ...]:
    places = (
        (Permission.READ, "First steps", "guide.first_steps"),
        (Permission.SET_UP, "Set it up", "setting_up.overview"),
        (Permission.READ, "Plan procurements", "planning.index"),
        (Permission.READ, "Past procurements", "past_procurements.index"),
        (Permission.RUN, "Set up an engagement", "drafting.create"),
        (Permission.READ, "Forecasts and what came of them", "forecasts.programme"),
        (Permission.READ, "What the forecasts assume", "priors.index"),
        (Permission.READ, "Communications, events and notices", "communications.plan"),
        (Permission.RUN, "Equal treatment, meetings and decisions", "record.log"),
        (Permission.READ, "Conflicts of interest", "record.conflicts"),
    )
    return tuple(
        link(text, url_for(endpoint, programme_id=programme.id))
        for permission, text, endpoint in places
        if permission in granted
    )


class _UnitNames:
    """Names the units of a programme without asking the database for the site and service line of each."""

    def __init__(self, programme: Programme) -> None:
        places: list[Site | ServiceLine] = [*programme.sites, *programme.service_lines]
        self.names = {place.id: place.name for place in places}
        self.order = {place.id: place.position for place in places}

    def of(self, units: Iterable[Unit]) -> Cell:
        """A line per service line, with the sites at which it is meant."""
        by_line: dict[uuid.UUID, list[str]] = {}
        for unit in sorted(units, key=lambda unit: (self.order[unit.service_line_id], self.order[unit.site_id])):
            by_line.setdefault(unit.service_line_id, []).append(self.names[unit.site_id])
        return lines(f"{self.names[line]}: {', '.join(sites)}" for line, sites in by_line.items()) or NOT_KNOWN


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


def _expiry(end: date, contracts: Sequence[Contract], names: _UnitNames) -> Expiry:
    values = [contract.annual_value for contract in contracts]
    known = [value for value in values if value is not None]
    worth = f", {money(sum(known))} a year" if known else ""
    partly = " for those whose value is known" if known and len(known) < len(values) else ""
    return Expiry(
        title=f"Ends on {day(end)}: {plural(len(contracts), 'contract')}{worth}{partly}",
        rows=tuple(_contract(contract, names) for contract in contracts),
    )


def _contract(contract: Contract, names: _UnitNames) -> Row:
    synthetic = contract.supplier is not None and contract.supplier.synthetic
    return (
        contract.title,
        labelled(contract.supplier_name, synthetic=synthetic),
        names.of(contract.units),
        _pounds(contract.annual_value),
        _start(contract),
        _latest_end(contract),
        NOT_KNOWN if contract.notice_months is None else plural(contract.notice_months, "month"),
        contract.source or "",
    )


def _start(contract: Contract) -> str:
    return short_day(contract.start_date) if contract.start_date else NOT_KNOWN


def _latest_end(contract: Contract) -> str:
    return short_day(contract.latest_end_date) if contract.latest_end_date else "No extension"


def _expiry_chart(contracts: Sequence[Contract], today: date) -> Markup | None:
    if not contracts:
        return None
    return timeline(
        "expiries",
        "When each contract ends, and how far it can be extended",
        [_term(contract) for contract in contracts],
        kinds=("Contract", "Possible extension"),
        marks=[Mark(label="Today", on=today, kind="today")],
    )


def _term(contract: Contract) -> TimelineRow:
    start, end, latest = contract.start_date, contract.end_date, contract.latest_end_date
    stages = []
    if start is not None:
        stages.append(Stage(label="Contract", kind="Contract", start=start, end=end))
    if latest is not None and latest > end:
        extension = "Possible extension"
        stages.append(Stage(label=extension, kind=extension, start=end + timedelta(days=1), end=latest))
    ends = () if start is not None else (Milestone(label="Ends", on=end),)
    return TimelineRow(label=contract.title, stages=tuple(stages), milestones=ends)


def _procurement(procurement: Procurement, names: _UnitNames) -> ProcurementPart:
    facts = f"{ROUTES[procurement.route]}. Services start on {day(procurement.service_start)}."
    officer = f" Officer: {procurement.officer}." if procurement.officer else ""
    return ProcurementPart(procurement.title, facts + officer, tuple(_lot(lot, names) for lot in procurement.lots))


def _lot(lot: Lot, names: _UnitNames) -> Row:
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
