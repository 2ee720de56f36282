"""What stands in the programme already, by the keys that files use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.imports.sheets import Key
from webapp.models import Unit
from webapp.programmes.setting_up.plan import Plan
from webapp.web.text import seen


@dataclass(frozen=True, slots=True)
class Standing:
    rows: Mapping[str, Mapping[Key, Any]]
    """The mapped rows of each sheet by key."""
    lot_of_service: Mapping[Key, str]
    """The code of the lot that has a service at a site."""
    published: Mapping[str, set[Key]]
    """The services of each lot that a published engagement asks about, by the lot's code as keys have it."""

    def keys(self, slug: str) -> Mapping[Key, Any]:
        return self.rows[slug]


def standing(plan: Plan) -> Standing:
    programme = plan.programme
    codes = {unit.id: _service(unit) for unit in plan.units}
    return Standing(
        rows={
            "sites": {(seen(row.code),): row for row in programme.sites},
            "service_lines": {(seen(row.code),): row for row in programme.service_lines},
            "units": {_service(row): row for row in plan.units},
            "needs": {(seen(row.title),): row for row in plan.needs},
            "contracts": {(seen(row.title), seen(row.supplier_name), row.end_date): row for row in programme.contracts},
            "procurements": {(seen(row.title),): row for row in programme.procurements},
            "lots": {(seen(row.code),): row for row in plan.lots},
            "partners": {(seen(row.name),): row for row in plan.partners},
            "board_dates": {(seen(row.board), row.day): row for row in plan.board_dates},
            "blackouts": {(row.first_day, row.last_day): row for row in plan.blackouts},
        },
        lot_of_service={codes[unit.id]: lot.code for lot in plan.lots for unit in lot.units},
        published={
            seen(lot.code): {codes[unit.id] for unit in lot.units} for lot in plan.lots if lot.id in plan.must_stay
        },
    )


def _service(unit: Unit) -> Key:
    return seen(unit.site.code), seen(unit.service_line.code)
