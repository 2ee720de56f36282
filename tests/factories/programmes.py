"""A programme with its sites, lots and contract, its past and the files that fill it."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.people import buyer
from tests.factories.rows import add, numbers
from webapp.models import (
    Contract,
    ImportFile,
    Lot,
    Membership,
    MembershipRole,
    Organisation,
    PastBidder,
    PastImport,
    PastLot,
    PastProcurement,
    PastSource,
    Person,
    Procurement,
    Programme,
    PublishedName,
    RecordFormat,
    Route,
    ServiceLine,
    Site,
    SiteKind,
    TeamMember,
    TeamRole,
    Unit,
)


def programme(session: Session, buyer_organisation: Organisation | None = None, lots: int = 2) -> Programme:
    """One procurement with `lots` lots of one unit each, each at a site of its own, under a contract that expires.

    The officers that its buyer has by then lead it.
    """
    number = next(numbers)
    owner = buyer_organisation or buyer(session)
    line = ServiceLine(position=1, code="dental", name="Dental")
    sites = [_site(position) for position in range(1, lots + 1)]
    units = [Unit(site=site, service_line=line, annual_value=250_000, demand_wte=6) for site in sites]
    made = add(
        session,
        Programme(
            buyer_id=owner.id,
            reference=f"PRG{number}",
            title=f"Programme {number}",
            summary="Prison health services.",
            service_lines=[line],
            sites=sites,
        ),
    )
    procurement = Procurement(
        programme_id=made.id,
        position=1,
        title="Dental services",
        route=Route.PSR_COMPETITIVE,
        service_start=date(2028, 4, 1),
        lots=[_lot(position, unit) for position, unit in enumerate(units, 1)],
    )
    contract = Contract(
        programme_id=made.id,
        title="Dental services",
        supplier_name="Incumbent Ltd",
        end_date=date(2028, 3, 31),
        units=units,
    )
    session.add_all([*units, procurement, contract, *_team_of(session, made, owner)])
    session.flush()
    session.refresh(made)
    return made


def _site(position: int) -> Site:
    return Site(position=position, code=f"S{position}", name=f"HMP Site {position}", kind=SiteKind.PRISON, places=400)


def _lot(position: int, unit: Unit) -> Lot:
    return Lot(
        position=position,
        code=f"D{position}",
        title=f"Dental, HMP Site {position}",
        term_months=84,
        units=[unit],
    )


def _team_of(session: Session, made: Programme, owner: Organisation) -> list[TeamMember]:
    officers = select(Membership.person_id).where(
        Membership.organisation_id == owner.id, Membership.role == MembershipRole.OFFICER
    )
    return [
        TeamMember(programme_id=made.id, person_id=person_id, organisation_id=owner.id, role=TeamRole.LEAD_OFFICER)
        for person_id in session.scalars(officers)
    ]


def import_file(session: Session, programme_row: Programme, by: Person, content: bytes = b"") -> ImportFile:
    sent = content or b"Code,Name,Kind\nLIV,HMP Liverpool,Prison\n"
    return add(
        session,
        ImportFile(
            programme_id=programme_row.id,
            sent_by=by.id,
            file_name="programme.csv",
            content=sent,
            sha256=hashlib.sha256(sent).hexdigest(),
        ),
    )


def past_import(session: Session, programme_row: Programme, by: Person) -> PastImport:
    """A file of past procurements that is on record."""
    sent = b"lot_id,date,bidders\n2021-dental-1,2021-07-20,2\n"
    return add(
        session,
        PastImport(
            programme_id=programme_row.id,
            sent_by=by.id,
            format=RecordFormat.TABLE,
            file_name="past-lots.csv",
            content=sent,
            sha256=hashlib.sha256(sent).hexdigest(),
            applied_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
            applied_by=by.id,
        ),
    )


def past_procurement(session: Session, programme_row: Programme, by: Person) -> dict[str, uuid.UUID]:
    """One of one lot, for which a firm bid that nobody has matched yet; the ids by what addresses call them."""
    file = past_import(session, programme_row, by)
    bought = PastProcurement(
        programme_id=programme_row.id, origin=RecordFormat.TABLE, reference=f"past-{next(numbers)}"
    )
    for name in ("buyer_name", "title", "category", "region", "procedure"):
        setattr(bought, name, f"{name} of before")
    bought.closed_on = date(2021, 7, 20)
    bought.sources = [PastSource(import_id=file.id, position=1, place="line 2")]
    lot = PastLot(position=1, reference="1", title="Dental", category="", region="", closed_on=bought.closed_on, bids=2)
    bought.lots = [lot]
    add(session, bought)
    firm = add(session, PublishedName(programme_id=programme_row.id, name=f"Firm {next(numbers)}", identifier=""))
    add(session, PastBidder(lot_id=lot.id, position=1, name_id=firm.id, won=True))
    return {"past_import_id": file.id, "past_procurement_id": bought.id, "name_id": firm.id}
