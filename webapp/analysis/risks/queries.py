"""Reading the register of a programme that the reader has been let in to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from intelligence.risks import Risk as FoundRisk
from webapp.models import Contract, Lot, Organisation, Person, Procurement, Risk, RiskState, RiskVersion, TeamMember
from webapp.programmes.permissions import Permission

GONE = "No longer in the programme"


@dataclass(frozen=True, slots=True)
class Named:
    """What lots, procurements and providers are called, by their ids."""

    lots: Mapping[str, str]
    procurements: Mapping[str, str]
    providers: Mapping[str, str]

    def about(self, risk: FoundRisk) -> str:
        """The lot or the procurement, or else the provider."""
        if risk.lot_id is not None:
            return self.lots.get(risk.lot_id, GONE)
        if risk.procurement_id is not None:
            return self.procurements.get(risk.procurement_id, GONE)
        return self.provider(risk)

    def provider(self, risk: FoundRisk) -> str:
        return self.providers.get(risk.provider_id or "", GONE)


def readable(granted: frozenset[Permission]) -> ColumnElement[bool]:
    """What is about a single provider rests on what it answered."""
    return true() if Permission.READ_RESPONSES in granted else Risk.provider_id.is_(None)


def standing(session: Session, programme_id: uuid.UUID, granted: frozenset[Permission]) -> Sequence[RiskVersion]:
    """Every entry as it stands: those that are not closed first, of these the most severe, then what is due soonest."""
    return session.scalars(
        _standing(programme_id)
        .where(readable(granted))
        .order_by(
            RiskVersion.state == RiskState.CLOSED,
            (RiskVersion.likelihood * RiskVersion.impact).desc(),
            RiskVersion.impact.desc(),
            RiskVersion.review_on,
            RiskVersion.title,
            RiskVersion.id,
        )
    ).all()


def entry(
    session: Session, programme_id: uuid.UUID, risk_id: uuid.UUID, granted: frozenset[Permission]
) -> RiskVersion | None:
    return session.scalars(_standing(programme_id).where(Risk.id == risk_id, readable(granted))).one_or_none()


def versions(session: Session, risk_id: uuid.UUID) -> Sequence[RiskVersion]:
    """Every wording of an entry, the oldest first."""
    return session.scalars(
        select(RiskVersion)
        .where(RiskVersion.risk_id == risk_id)
        .order_by(RiskVersion.number)
        .options(joinedload(RiskVersion.writer), joinedload(RiskVersion.owner))
    ).all()


def every_version(session: Session, programme_id: uuid.UUID, granted: frozenset[Permission]) -> Sequence[RiskVersion]:
    """Every wording of every entry, entries in the order in which they came."""
    return session.scalars(
        _versions(programme_id).where(readable(granted)).order_by(Risk.created_at, Risk.id, RiskVersion.number)
    ).all()


def found_risks(session: Session, programme_id: uuid.UUID) -> Sequence[Risk]:
    """What entries are about that analyses found."""
    return session.scalars(
        select(Risk)
        .where(Risk.programme_id == programme_id, Risk.found_key.is_not(None))
        .order_by(Risk.created_at, Risk.id)
    ).all()


def members(session: Session, programme_id: uuid.UUID) -> Sequence[TeamMember]:
    return session.scalars(
        select(TeamMember)
        .join(TeamMember.person)
        .where(TeamMember.programme_id == programme_id)
        .options(contains_eager(TeamMember.person))
        .order_by(Person.name, Person.id)
    ).all()


def named(session: Session, programme_id: uuid.UUID, risks: Iterable[FoundRisk]) -> Named:
    """All lots and procurements of the programme, and the providers of these risks."""
    rows = session.execute(
        select(Procurement.id, Procurement.title, Lot.id, Lot.code, Lot.title)
        .outerjoin(Lot, Lot.procurement_id == Procurement.id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Lot.position, Lot.id)
    ).all()
    providers = {uuid.UUID(risk.provider_id) for risk in risks if risk.provider_id is not None}
    return Named(
        lots={str(lot_id): f"{code} {title}" for _, _, lot_id, code, title in rows if lot_id is not None},
        procurements={str(key): title for key, title, *_ in rows},
        providers=providers_named(session, providers),
    )


def providers_to_choose(session: Session, programme_id: uuid.UUID, found: Collection[str]) -> dict[str, str]:
    """The present suppliers, and those that analyses name."""
    suppliers = select(Contract.supplier_id).where(
        Contract.programme_id == programme_id, Contract.supplier_id.is_not(None)
    )
    return providers_named(session, {*session.scalars(suppliers), *map(uuid.UUID, found)} - {None})


def providers_named(session: Session, ids: Collection[uuid.UUID]) -> dict[str, str]:
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.synthetic)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name, Organisation.id)
    )
    return {str(key): name + (" (synthetic)" if synthetic else "") for key, name, synthetic in rows}


def _standing(programme_id: uuid.UUID) -> Select[RiskVersion]:
    later = aliased(RiskVersion)
    replaced = exists().where(later.risk_id == RiskVersion.risk_id, later.number > RiskVersion.number)
    return _versions(programme_id).where(~replaced)


def _versions(programme_id: uuid.UUID) -> Select[RiskVersion]:
    about = contains_eager(RiskVersion.risk)
    return (
        select(RiskVersion)
        .join(RiskVersion.risk)
        .where(Risk.programme_id == programme_id)
        .options(
            about.joinedload(Risk.lot),
            about.joinedload(Risk.procurement),
            about.joinedload(Risk.provider),
            joinedload(RiskVersion.owner),
            joinedload(RiskVersion.writer),
            joinedload(RiskVersion.figure),
        )
    )
