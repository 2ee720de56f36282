"""A programme with everything that is set up in it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import Session, joinedload

from webapp.audit import Actor
from webapp.models import (
    Appraisal,
    Blackout,
    BoardDate,
    Engagement,
    EngagementLot,
    Lot,
    Need,
    Partner,
    Procurement,
    Programme,
    Recommendation,
    Risk,
    Unit,
)
from webapp.programmes.permissions import Permission
from webapp.programmes.queries import programme_of


@dataclass(frozen=True)
class Plan:
    programme: Programme
    units: Sequence[Unit]
    needs: Sequence[Need]
    partners: Sequence[Partner]
    board_dates: Sequence[BoardDate]
    blackouts: Sequence[Blackout]
    must_stay: frozenset[uuid.UUID]
    """The lots that a published engagement asks about, the procurements of which something is recommended or whose
    options are appraised, and those of both that the risk register is about."""

    @cached_property
    def lots(self) -> list[Lot]:
        return [lot for procurement in self.programme.procurements for lot in procurement.lots]

    @cached_property
    def lot_of_unit(self) -> Mapping[uuid.UUID, Lot]:
        return {unit.id: lot for lot in self.lots for unit in lot.units}

    @cached_property
    def unit_names(self) -> Mapping[uuid.UUID, str]:
        """Site and service of each, in the order of the sites and service lines."""
        sites = {site.id: (place, site.name) for place, site in enumerate(self.programme.sites)}
        lines = {line.id: (place, line.name) for place, line in enumerate(self.programme.service_lines)}
        ordered = sorted(self.units, key=lambda unit: (sites[unit.site_id][0], lines[unit.service_line_id][0]))
        return {unit.id: f"{sites[unit.site_id][1]}: {lines[unit.service_line_id][1]}" for unit in ordered}


def plan_of(session: Session, programme_id: uuid.UUID, actor: Actor) -> Plan | None:
    """None if there is no such programme that the actor may set up."""
    programme = programme_of(session, programme_id, actor, Permission.SET_UP)
    if programme is None:
        return None
    return Plan(
        programme=programme,
        units=_units(session, programme_id),
        needs=session.scalars(select(Need).where(Need.programme_id == programme_id).order_by(Need.title)).all(),
        partners=session.scalars(
            select(Partner).where(Partner.programme_id == programme_id).order_by(Partner.name)
        ).all(),
        board_dates=session.scalars(
            select(BoardDate).where(BoardDate.programme_id == programme_id).order_by(BoardDate.day, BoardDate.board)
        ).all(),
        blackouts=session.scalars(
            select(Blackout).where(Blackout.programme_id == programme_id).order_by(Blackout.first_day)
        ).all(),
        must_stay=frozenset(session.scalars(_must_stay(programme_id))),
    )


def _must_stay(programme_id: uuid.UUID) -> CompoundSelect[uuid.UUID]:
    return union_all(
        select(EngagementLot.lot_id)
        .join(Engagement, Engagement.id == EngagementLot.engagement_id)
        .where(Engagement.programme_id == programme_id, Engagement.published_at.is_not(None)),
        select(Recommendation.procurement_id)
        .join(Recommendation.procurement)
        .where(Procurement.programme_id == programme_id),
        select(Appraisal.procurement_id).where(
            Appraisal.programme_id == programme_id, Appraisal.procurement_id.is_not(None)
        ),
        *(select(about).where(Risk.programme_id == programme_id) for about in (Risk.lot_id, Risk.procurement_id)),
    )


def _units(session: Session, programme_id: uuid.UUID) -> Sequence[Unit]:
    return session.scalars(
        select(Unit)
        .join(Unit.site)
        .where(Unit.site.has(programme_id=programme_id))
        .options(joinedload(Unit.site), joinedload(Unit.service_line))
        .order_by(Unit.id)
    ).all()
