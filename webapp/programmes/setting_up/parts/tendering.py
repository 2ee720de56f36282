"""The procurements planned, and their lots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from webapp.models import Lot, Procurement, Route
from webapp.programmes.setting_up.part import Part, PartForm, next_position, taken
from webapp.programmes.setting_up.parts.units import UnitsField
from webapp.programmes.setting_up.plan import Plan
from webapp.programmes.setting_up.rules import award_limits, code, service_start, start_kept, start_to_come
from webapp.programmes.words import ROUTES
from webapp.web.cells import Cell, lines
from webapp.web.dates import DateField
from webapp.web.fields import IntegerField, RadioField, SelectField, TextField, choice
from webapp.web.format import money, number, short_day
from webapp.web.validators import Answered

MOST_LOTS = 1000
MOST_MOBILISATION = 500
MOST_TERM = 360


class ProcurementForm(PartForm):
    title = TextField("Title of the procurement", [Answered("Enter the title of the procurement")])
    route = RadioField(
        "By which route?",
        [Answered("Choose the route that you plan with")],
        choices=[choice(route.value, label) for route, label in ROUTES.items()],
        description="A signed recommendation keeps the route that it was signed with",
    )
    service_start = DateField(
        "When must the services start?", [Answered("Enter the day on which the services start")], subject="The start"
    )
    mobilisation_days = IntegerField(
        "Working days for mobilisation (optional)",
        subject="Mobilisation",
        maximum=MOST_MOBILISATION,
        description="Leave blank to plan with what the route usually takes",
        render_kw={"width": "4"},
    )
    officer = TextField("Who runs it? (optional)", subject="Who runs it")
    most_lots_bid = IntegerField(
        "Most lots that one supplier may bid for (optional)",
        subject="Most lots to bid for",
        minimum=1,
        maximum=MOST_LOTS,
        description="Leave blank for no limit",
        render_kw={"width": "4"},
    )
    most_lots_awarded = IntegerField(
        "Most lots that one supplier may be awarded (optional)",
        subject="Most lots to be awarded",
        minimum=1,
        maximum=MOST_LOTS,
        description="Leave blank for no limit",
        render_kw={"width": "4"},
    )

    def fit(self, plan: Plan, row: Procurement | None) -> None:
        self.refuse(service_start(self.service_start.data))
        self.refuse(start_to_come(self.service_start.data, self.today, row))
        self.refuse(start_kept(self.service_start.data, row))
        self.refuse(award_limits(self.most_lots_bid.data, self.most_lots_awarded.data))

    @classmethod
    def stored(cls, row: Procurement) -> dict[str, Any]:
        plain = ("title", "service_start", "mobilisation_days", "officer", "most_lots_bid", "most_lots_awarded")
        return {name: getattr(row, name) for name in plain} | {"route": row.route.value}

    def write(self, row: Procurement, plan: Plan) -> None:
        row.position = row.position or next_position(plan.programme.procurements)
        row.title, row.route = self.title.data, Route(self.route.data)
        row.service_start, row.mobilisation_days = self.service_start.data, self.mobilisation_days.data
        row.officer = self.officer.data or None
        row.most_lots_bid, row.most_lots_awarded = self.most_lots_bid.data, self.most_lots_awarded.data


class LotForm(PartForm):
    title = TextField("Title of the lot", [Answered("Enter the title of the lot")])
    code = TextField(
        "Code",
        [Answered("Enter a short code")],
        max_length=20,
        description="Short, like D1",
        render_kw={"width": "10", "spellcheck": False},
    )
    procurement_id = SelectField("Procurement", [Answered("Choose the procurement that it belongs to")])
    term_months = IntegerField(
        "Term in months (optional)",
        subject="The term",
        minimum=1,
        maximum=MOST_TERM,
        description="Without extensions, like 84 for seven years",
        render_kw={"width": "4"},
    )
    units = UnitsField("What is in it?", [Answered("Choose at least one service at a site")])

    def offer(self, plan: Plan) -> None:
        procurements = [choice(str(each.id), each.title) for each in plan.programme.procurements]
        self.procurement_id.choices = [choice("", "Choose a procurement"), *procurements]
        self.units.offer(plan)

    def fit(self, plan: Plan, row: Lot | None) -> None:
        self.refuse(code(self.code.data))
        if taken(plan.lots, row, "code", self.code.data):
            self.add_error(self.code, "Another lot has this code. Enter another")
        chosen = self.units.chosen(plan)
        elsewhere = [plan.lot_of_unit[unit.id] for unit in chosen if plan.lot_of_unit.get(unit.id) not in (None, row)]
        if elsewhere:
            self.add_error(self.units, f"A service can be in one lot only. Take it out of {elsewhere[0].title} first")
        elif row is not None and row.id in plan.must_stay and set(chosen) != set(row.units):
            self.add_error(self.units, "A published engagement asks about this lot, so what is in it must stay")

    @classmethod
    def stored(cls, row: Lot) -> dict[str, Any]:
        return {
            "title": row.title,
            "code": row.code,
            "procurement_id": str(row.procurement_id),
            "term_months": row.term_months,
            "units": [str(unit.id) for unit in row.units],
        }

    def write(self, row: Lot, plan: Plan) -> None:
        procurement = next(each for each in plan.programme.procurements if str(each.id) == self.procurement_id.data)
        if row.procurement_id != procurement.id:
            row.position = next_position(procurement.lots)
            row.procurement_id = procurement.id
        row.title, row.code, row.term_months = self.title.data, self.code.data, self.term_months.data
        row.units = self.units.chosen(plan)


def _limits(row: Procurement) -> str:
    limits = []
    if row.most_lots_bid:
        limits.append(f"bid for {row.most_lots_bid}")
    if row.most_lots_awarded:
        limits.append(f"be awarded {row.most_lots_awarded}")
    return f"A supplier may {' and '.join(limits)}" if limits else "None"


def _procurement_cells(row: Procurement, plan: Plan) -> Sequence[Cell]:
    return (row.title, ROUTES[row.route], short_day(row.service_start), number(len(row.lots)), _limits(row))


def _lot_cells(row: Lot, plan: Plan) -> Sequence[Cell]:
    return (
        f"{row.code}: {row.title}",
        row.procurement.title,
        lines(name for unit, name in plan.unit_names.items() if unit in {each.id for each in row.units}),
        "Not known" if row.annual_value is None else money(row.annual_value),
        "Not known" if row.demand_wte is None else number(row.demand_wte, 1),
    )


def _procurement_kept_for(row: Procurement, plan: Plan) -> str:
    if row.lots:
        return "it has lots"
    if row.id not in plan.must_stay:
        return ""
    return "a recommendation about it was put up or its options are appraised, or the risk register has it"


def _lot_kept_for(row: Lot, plan: Plan) -> str:
    return "a published engagement asks about it, or the risk register has it" if row.id in plan.must_stay else ""


PROCUREMENTS = Part(
    "procurements",
    "Procurements",
    "procurement",
    "Each is to be one tender with one lot or more.",
    lambda programme_id: Procurement(programme_id=programme_id),
    ProcurementForm,
    ("Procurement", "Route", "Services start", "Lots", "Award limits"),
    lambda plan: plan.programme.procurements,
    _procurement_cells,
    _procurement_kept_for,
    frozenset({"Lots"}),
)
LOTS = Part(
    "lots",
    "Lots",
    "lot",
    "What a provider can bid for by itself: services at sites that are bought together.",
    lambda programme_id: Lot(),
    LotForm,
    ("Lot", "Procurement", "Covers", "Annual value", "Demand (WTE)"),
    lambda plan: plan.lots,
    _lot_cells,
    _lot_kept_for,
    frozenset({"Annual value", "Demand (WTE)"}),
    rests_on=("procurements", "services"),
)
