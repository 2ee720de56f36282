"""Choosing services at sites."""

from __future__ import annotations

from webapp.models import Unit
from webapp.programmes.setting_up.plan import Plan
from webapp.web.fields import CheckboxesField, choice


class UnitsField(CheckboxesField):
    """A box for each service at a site, with the lot that has it."""

    def offer(self, plan: Plan) -> None:
        lots = {unit: f"In lot {lot.code}" for unit, lot in plan.lot_of_unit.items()}
        self.choices = [choice(str(unit), name, lots.get(unit, "")) for unit, name in plan.unit_names.items()]

    def chosen(self, plan: Plan) -> list[Unit]:
        wanted = set(self.data or ())
        return [unit for unit in plan.units if str(unit.id) in wanted]
