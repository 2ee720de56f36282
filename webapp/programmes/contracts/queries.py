"""Finding contracts in a programme's register."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.audit import Actor
from webapp.models import Contract, Organisation, Programme, Unit
from webapp.models.programme import contract_unit
from webapp.programmes.permissions import Permission, within_reach
from webapp.web.pagination import Page, paginate

ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wanted:
    words: tuple[str, ...] = ()
    """Each stands in the title, the supplier's name, its provider's or the source."""
    service_line_id: uuid.UUID | None = None
    ends: str | None = None
    """Within so many months, or ENDED."""


def programme(session: Session, programme_id: uuid.UUID, actor: Actor) -> Programme | None:
    """With what names its services; None if there is no such programme within the actor's reach."""
    found = session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(actor, Permission.READ))
        .options(joinedload(Programme.service_lines), selectinload(Programme.sites))
    )
    return found.unique().one_or_none()


def page_of_contracts(
    session: Session, programme_id: uuid.UUID, wanted: Wanted, asked: str | None, *, today: date
) -> Page[Contract]:
    """The first to end first."""
    fits = tuple(_fits(programme_id, wanted, today))
    total = session.scalars(select(func.count()).select_from(Contract).where(*fits)).one()

    def fetch(limit: int, offset: int) -> Sequence[Contract]:
        return session.scalars(
            select(Contract)
            .where(*fits)
            .options(joinedload(Contract.supplier), selectinload(Contract.units))
            .order_by(Contract.end_date, Contract.title, Contract.id)
            .limit(limit)
            .offset(offset)
        ).all()

    return paginate(total, fetch, asked)


def _fits(programme_id: uuid.UUID, wanted: Wanted, today: date) -> Iterator[ColumnElement[bool]]:
    yield Contract.programme_id == programme_id
    for word in wanted.words:
        provider = Contract.supplier.has(Organisation.name.icontains(word, autoescape=True))
        said = (Contract.title, Contract.supplier_name, Contract.source)
        yield or_(*(text.icontains(word, autoescape=True) for text in said), provider)
    if wanted.service_line_id is not None:
        yield Contract.id.in_(
            select(contract_unit.c.contract_id)
            .join(Unit, Unit.id == contract_unit.c.unit_id)
            .where(Unit.service_line_id == wanted.service_line_id)
        )
    if wanted.ends == ENDED:
        yield Contract.end_date < today
    elif wanted.ends is not None:
        latest = literal(today) + func.make_interval(0, int(wanted.ends))
        yield Contract.end_date.between(today, latest)
