"""The contracts that were found."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from webapp.models import Contract, Programme
from webapp.programmes.contracts.queries import Wanted
from webapp.programmes.permissions import Permission
from webapp.programmes.register import contract_row
from webapp.programmes.unit_names import UnitNames
from webapp.web.cells import Cell, Row, link
from webapp.web.format import short_day
from webapp.web.pagination import Page


@dataclass(frozen=True, slots=True)
class RegisterPage:
    found: Page[Contract]
    rows: tuple[Row, ...]
    narrowed: bool
    """Whether something was asked for."""
    adds: str
    """Where one is added, for those who may."""


def register_page(
    programme: Programme, found: Page[Contract], wanted: Wanted, *, granted: frozenset[Permission]
) -> RegisterPage:
    names, changes = UnitNames(programme), Permission.SET_UP in granted
    return RegisterPage(
        found=found,
        rows=tuple(_row(contract, names, changes=changes) for contract in found.items),
        narrowed=wanted != Wanted(),
        adds=url_for("setting_up.add", programme_id=programme.id, part_slug="contracts") if changes else "",
    )


def _row(contract: Contract, names: UnitNames, *, changes: bool) -> Row:
    title, supplier, covers, value, start, latest, notice, source = contract_row(
        contract, names, _changing(contract) if changes else contract.title
    )
    return (title, supplier, covers, value, start, short_day(contract.end_date), latest, notice, source)


def _changing(contract: Contract) -> Cell:
    address = url_for(
        "setting_up.change", programme_id=contract.programme_id, part_slug="contracts", row_id=contract.id
    )
    return link(contract.title, address)
