"""The North West programme: public facts from north_west.json, and what had to be assumed, labelled as such."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import (
    Contract,
    Lot,
    Organisation,
    Party,
    Procurement,
    Programme,
    ProviderKind,
    Route,
    ServiceLine,
    Site,
    SiteKind,
    Unit,
)

FACTS = Path(__file__).parent / "north_west.json"
REFERENCE = "NW-HJ-2028"
TERM_YEARS = 9
CONTRACTS_END = date(2028, 3, 31)
SERVICES_START = date(2028, 4, 1)
EXTENSION_UPLIFT = 8

STAFF_SHARE, POUNDS_PER_WTE = 0.75, 62_000
DENTAL_POUNDS_PER_PLACE, DENTAL_POUNDS_PER_CHILD = 330, 900
MARYDALE_PLACES = 24

SYNTHETIC_NOTE = (
    "A demonstration. Sites, the present suppliers of health and social care, and published contract values are public "
    "facts with their sources. Everything else is synthetic: the end dates, the board dates, the dental values, how "
    "totals are split between sites, the staff needed, other suppliers, the limit on dental lots, and every provider "
    "that answers."
)


@dataclass(frozen=True, slots=True)
class Tender:
    title: str
    code: str
    line: str
    sites: str
    mobilisation_days: int
    officer: str
    most_lots_awarded: int | None = None


CHILDREN = "health_and_social_care_sch"
PRISONS = "LPI HVI BCI HII MRI"
HOMES = "SCH-BM SCH-ML"
TENDERS = (
    Tender(
        "Health and social care in prisons",
        "H",
        "health_and_social_care",
        PRISONS,
        120,
        "Officer for health and social care",
    ),
    Tender("Mental health in prisons", "M", "mental_health", PRISONS, 100, "Officer for mental health"),
    Tender(
        "Health and social care in secure children's homes", "C", CHILDREN, HOMES, 90, "Officer for children's homes"
    ),
    Tender(
        "Dental services in prisons", "D", "dental", PRISONS, 70, "Officer for dental services", most_lots_awarded=2
    ),
    Tender("Dental services in secure children's homes", "E", "dental", HOMES, 70, "Officer for dental services"),
)
SERVICE_LINES = {
    "health_and_social_care": "Health and social care",
    "mental_health": "Mental health",
    CHILDREN: "Health and social care for children",
    "dental": "Dental",
}
SYNTHETIC_SUPPLIERS = {
    "M": {"LPI": "Lune Mind NHS Foundation Trust", "HVI": "Lune Mind NHS Foundation Trust"}
    | dict.fromkeys(("BCI", "HII", "MRI"), "Bridgewell Mental Health NHS Trust"),
    "C": {"SCH-BM": "Rowan Tree Children's Health CIC", "SCH-ML": "Little Acorns Paediatric Services Ltd"},
    "D": dict.fromkeys(PRISONS.split(), "Bright Smile Secure Dental Ltd"),
    "E": dict.fromkeys(HOMES.split(), "Northern Community Dental NHS Trust"),
}
"""Who holds the contracts of which no supplier was published, by tender and site."""


def fixed_id(*names: str) -> uuid.UUID:
    """The same id on every machine, so that a run there gives the same figures as here."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("soundings:demonstration", *names)))


@cache
def facts() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))
    return loaded


def add_programme(session: Session, *, providers: dict[str, Organisation]) -> Programme:
    """The programme with everything in it; `providers` are those that may hold a contract, by name."""
    buyer = _organisation(session, facts()["buyer"]["name"], Party.BUYER, ods_code="Q83")
    agent = _organisation(session, facts()["agent"]["name"], Party.PROCURING_AGENT)
    programme = Programme(
        id=fixed_id("programme"),
        buyer_id=buyer.id,
        agent_id=agent.id,
        reference=REFERENCE,
        title="North West health and justice services",
        summary=(
            "Health and social care, mental health and dental services for five prisons and two secure children's "
            f"homes. Every contract ends on 31 March {CONTRACTS_END.year}; the new services start the next day."
        ),
        synthetic_note=SYNTHETIC_NOTE,
    )
    session.add(programme)
    session.flush()
    sites = {site.code: site for site in _sites(programme)}
    lines = {
        code: ServiceLine(id=fixed_id("line", code), programme_id=programme.id, position=position, code=code, name=name)
        for position, (code, name) in enumerate(SERVICE_LINES.items(), 1)
    }
    session.add_all([*sites.values(), *lines.values()])
    session.flush()
    for position, tender in enumerate(TENDERS, 1):
        units = _units(tender, sites, lines[tender.line])
        session.add_all([*units, _procurement(programme, tender, position, units)])
        session.add_all(_contracts(session, programme, tender, units, providers))
        session.flush()
    return programme


def _organisation(session: Session, name: str, party: Party, **given: Any) -> Organisation:
    organisation = Organisation(id=fixed_id("organisation", name), name=name, party=party, **given)
    session.add(organisation)
    session.flush()
    return organisation


def _sites(programme: Programme) -> Iterable[Site]:
    for position, fact in enumerate(facts()["sites"], 1):
        capacity = fact["capacity"] or {}
        places = capacity.get("held") or capacity.get("max") or capacity.get("places")
        source = f"{capacity['src']}, {capacity['as_of']}" if capacity else "Not published: assumed"
        yield Site(
            id=fixed_id("site", fact["code"]),
            programme_id=programme.id,
            position=position,
            code=fact["code"],
            name=fact["name"],
            kind=SiteKind.SECURE_CHILDRENS_HOME if fact["code"].startswith("SCH") else SiteKind.PRISON,
            postcode=fact.get("postcode"),
            places=places or MARYDALE_PLACES,
            places_source=source,
        )


def _units(tender: Tender, sites: dict[str, Site], line: ServiceLine) -> list[Unit]:
    covered = [sites[code] for code in tender.sites.split()]
    units = []
    for site in covered:
        value, source, synthetic = _annual_value(tender, site, covered)
        units.append(
            Unit(
                id=fixed_id("unit", tender.code, site.code),
                site=site,
                service_line=line,
                annual_value=_round(value),
                demand_wte=max(0.2, round(value * STAFF_SHARE / POUNDS_PER_WTE, 1)),
                source=f"{source}; to three figures; staff assumed: {STAFF_SHARE:.0%} of it, £{POUNDS_PER_WTE:,} each",
                synthetic=synthetic,
            )
        )
    return units


def _round(value: float) -> float:
    """To three figures, as a programme's own papers would have it."""
    return float(f"{value:.3g}")


def _annual_value(tender: Tender, site: Site, covered: list[Site]) -> tuple[float, str, bool]:
    """Pounds a year, where they come from, and whether they had to be invented."""
    places = site.places or 0
    if tender.line == "dental":
        each = DENTAL_POUNDS_PER_CHILD if tender.sites == HOMES else DENTAL_POUNDS_PER_PLACE
        return places * each, f"assumed: £{each} a place", True
    notice = _notice(tender.title)
    published = {lot["site"]: lot.get("value") for lot in notice["lots"]}
    if published.get(site.code):
        return published[site.code] / TERM_YEARS, f"published for {TERM_YEARS} years, {notice['ocid']}", False
    unpublished = [other for other in covered if not published.get(other.code)]
    rest = notice["value"] - sum(value for value in published.values() if value)
    share = places / sum(other.places or 0 for other in unpublished)
    return rest * share / TERM_YEARS, f"total published, split by places, {notice['ocid']}", True


def _notice(title: str) -> dict[str, Any]:
    wanted = {
        "Health and social care in prisons": "Health & Social Care in an HMP setting",
        "Mental health in prisons": "Mental Health Services within HMP",
        "Health and social care in secure children's homes": "Health and Social Care in Secure Children's Homes",
    }[title]
    notice: dict[str, Any] = next(fact for fact in facts()["procurements"] if fact["title"] == wanted)
    return notice


def _procurement(programme: Programme, tender: Tender, position: int, units: list[Unit]) -> Procurement:
    return Procurement(
        id=fixed_id("procurement", tender.code),
        programme_id=programme.id,
        position=position,
        title=tender.title,
        route=Route.PSR_COMPETITIVE,
        service_start=SERVICES_START,
        mobilisation_days=tender.mobilisation_days,
        officer=tender.officer,
        most_lots_awarded=tender.most_lots_awarded,
        lots=[
            Lot(
                id=fixed_id("lot", tender.code, unit.site.code),
                position=place,
                code=f"{tender.code}{place}",
                title=_lot_title(tender, unit.site),
                term_months=TERM_YEARS * 12,
                units=[unit],
            )
            for place, unit in enumerate(units, 1)
        ],
    )


def _lot_title(tender: Tender, site: Site) -> str:
    line = "Health and social care" if tender.line == CHILDREN else SERVICE_LINES[tender.line]
    return f"{line}, {site.name}".replace("Secure Children's Home", "SCH")


def _contracts(
    session: Session, programme: Programme, tender: Tender, units: list[Unit], providers: dict[str, Organisation]
) -> Iterable[Contract]:
    published = {fact["code"]: fact["incumbent"] for fact in facts()["sites"]}
    for unit in units:
        code = unit.site.code
        synthetic = tender.code in SYNTHETIC_SUPPLIERS
        name = SYNTHETIC_SUPPLIERS[tender.code][code] if synthetic else published[code]
        supplier = providers.get(name) or _real_supplier(session, name)
        yield Contract(
            id=fixed_id("contract", tender.code, code),
            programme_id=programme.id,
            title=_lot_title(tender, unit.site),
            supplier_id=supplier.id,
            supplier_name=name,
            annual_value=unit.annual_value,
            start_date=date(2022, 4, 1),
            end_date=CONTRACTS_END,
            latest_end_date=date(CONTRACTS_END.year + 1, 3, 31),
            extension_uplift=EXTENSION_UPLIFT,
            notice_months=12,
            source="Supplier synthetic"
            if synthetic
            else "Supplier public; end date, extension, its price and notice assumed",
            units=[unit],
        )


def _real_supplier(session: Session, name: str) -> Organisation:
    """A present supplier that exists. It has not answered: no answer here is put in a real organisation's mouth."""
    found = session.get(Organisation, fixed_id("organisation", name))
    kind = ProviderKind.NHS_TRUST if "NHS" in name else ProviderKind.SOCIAL_ENTERPRISE
    return found or _organisation(session, name, Party.PROVIDER, provider_kind=kind)
