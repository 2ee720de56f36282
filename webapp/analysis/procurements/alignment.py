"""The contract register as the alignment of contracts reads it, and what it finds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from intelligence import Unit as CoveredUnit
from intelligence.schedule.alignment import (
    Alignment,
    Gap,
    InheritedContract,
    Lapse,
    Overlap,
    alignments,
    gaps,
    lapses,
    overlaps,
)
from webapp.models import Contract, ServiceLine, Site, Unit, contract_unit

PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Register:
    """`left_out` are the titles of contracts that cannot be placed: they cover nothing, or nobody knows since when.
    `bare` are the services at sites of which no contract is known at all."""

    contracts: tuple[InheritedContract, ...]
    left_out: tuple[str, ...]
    bare: tuple[str, ...]
    unit_names: dict[CoveredUnit, str]
    unpriced: frozenset[str]
    """The ids of those whose yearly value nobody entered, so that extending them counts as nothing."""

    def gaps(self) -> tuple[Gap, ...]:
        return gaps(self.contracts)

    def overlaps(self) -> tuple[Overlap, ...]:
        return overlaps(self.contracts)

    def lapses(self, today: date) -> tuple[Lapse, ...]:
        return lapses(self.contracts, today)

    def proposals(self, today: date) -> tuple[Alignment, ...]:
        return alignments(self.contracts, as_of=today)


def register_of(session: Session, programme_id: uuid.UUID) -> Register:
    rows = session.scalars(
        select(Contract)
        .where(Contract.programme_id == programme_id)
        .order_by(Contract.end_date, Contract.id)
        .options(selectinload(Contract.units).options(joinedload(Unit.site), joinedload(Unit.service_line)))
    ).all()
    usable = [row for row in rows if row.units and row.start_date is not None]
    names = {_covered(unit): f"{unit.site.name}: {unit.service_line.name}" for row in usable for unit in row.units}
    return Register(
        contracts=tuple(_inherited(row) for row in usable),
        left_out=tuple(row.title for row in rows if row not in usable),
        bare=_bare(session, programme_id),
        unit_names=names,
        unpriced=frozenset(str(row.id) for row in usable if row.annual_value is None),
    )


def _bare(session: Session, programme_id: uuid.UUID) -> tuple[str, ...]:
    found = session.execute(
        select(Site.name, ServiceLine.name)
        .select_from(Unit)
        .join(Unit.site)
        .join(Unit.service_line)
        .where(Site.programme_id == programme_id, ~exists().where(contract_unit.c.unit_id == Unit.id))
        .order_by(Site.position, ServiceLine.position, Unit.id)
    )
    return tuple(f"{site}: {line}" for site, line in found)


def _covered(unit: Unit) -> CoveredUnit:
    return CoveredUnit(str(unit.site_id), str(unit.service_line_id))


def _inherited(row: Contract) -> InheritedContract:
    if row.start_date is None:
        raise ValueError("a contract without a start has no place on a line of time")
    return InheritedContract(
        id=str(row.id),
        title=row.title,
        units=tuple(_covered(unit) for unit in row.units),
        start=row.start_date,
        end=row.end_date,
        latest_end=row.latest_end_date,
        annual_value=row.annual_value or 0.0,
        uplift=(row.extension_uplift or 0) / PER_CENT,
    )
