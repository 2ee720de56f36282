"""Sites, service lines, and the services at sites."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from webapp.models import ServiceLine, Site, SiteKind, Unit
from webapp.programmes.setting_up.part import Part, PartForm, next_position, taken
from webapp.programmes.setting_up.plan import Plan
from webapp.programmes.setting_up.rules import as_postcode, code, postcode
from webapp.programmes.words import SITE_KINDS
from webapp.web.cells import Cell
from webapp.web.fields import IntegerField, MoneyField, NumberField, RadioField, SelectField, TextField, choice
from webapp.web.format import money, number
from webapp.web.validators import Answered

NOT_KNOWN = "Not known"
MOST_PLACES = 100_000
MOST_WTE = 100_000


class PostcodeField(TextField):
    """As the post writes it from the moment it is read, so that what is sent twice is the same both times."""

    def read(self, raw: str) -> str:
        return as_postcode(super().read(raw))


class SiteForm(PartForm):
    name = TextField("Name of the site", [Answered("Enter the name of the site")], description="Like HMP Liverpool")
    code = TextField(
        "Code",
        [Answered("Enter a short code")],
        max_length=20,
        description="Short, like LIV. Imports and lots use it",
        render_kw={"width": "10", "spellcheck": False},
    )
    kind = RadioField(
        "What kind of site is it?",
        [Answered("Choose the kind of site")],
        choices=[choice(kind.value, label) for kind, label in SITE_KINDS.items()],
    )
    postcode = PostcodeField("Postcode (optional)", subject="Postcode", max_length=10, render_kw={"width": "10"})
    places = IntegerField(
        "How many people can it hold? (optional)",
        subject="How many people it can hold",
        maximum=MOST_PLACES,
        description="Operational capacity, for a prison",
    )
    places_source = TextField("Where is that number from? (optional)", subject="Where the number is from")

    def fit(self, plan: Plan, row: Site | None) -> None:
        self.refuse(code(self.code.data))
        self.refuse(postcode(self.postcode.data))
        if taken(plan.programme.sites, row, "code", self.code.data):
            self.add_error(self.code, "Another site has this code. Enter another")
        if taken(plan.programme.sites, row, "name", self.name.data):
            self.add_error(self.name, "Another site has this name. Tell them apart")

    @classmethod
    def stored(cls, row: Site) -> dict[str, Any]:
        names = ("name", "code", "postcode", "places", "places_source")
        return {name: getattr(row, name) for name in names} | {"kind": row.kind.value}

    def write(self, row: Site, plan: Plan) -> None:
        row.position = row.position or next_position(plan.programme.sites)
        row.name, row.code, row.kind = self.name.data, self.code.data, SiteKind(self.kind.data)
        row.postcode, row.places = self.postcode.data or None, self.places.data
        row.places_source = self.places_source.data or None


class ServiceLineForm(PartForm):
    name = TextField("Name of the service line", [Answered("Enter the name of the service line")])
    code = TextField(
        "Code",
        [Answered("Enter a short code")],
        max_length=40,
        description="Short, like dental. Imports and lots use it",
        render_kw={"width": "20", "spellcheck": False},
    )

    def fit(self, plan: Plan, row: ServiceLine | None) -> None:
        self.refuse(code(self.code.data))
        if taken(plan.programme.service_lines, row, "code", self.code.data):
            self.add_error(self.code, "Another service line has this code. Enter another")
        if taken(plan.programme.service_lines, row, "name", self.name.data):
            self.add_error(self.name, "Another service line has this name. Tell them apart")

    @classmethod
    def stored(cls, row: ServiceLine) -> dict[str, Any]:
        return {"name": row.name, "code": row.code}

    def write(self, row: ServiceLine, plan: Plan) -> None:
        row.position = row.position or next_position(plan.programme.service_lines)
        row.name, row.code = self.name.data, self.code.data


class UnitForm(PartForm):
    site_id = SelectField("Site", [Answered("Choose the site")])
    service_line_id = SelectField("Service line", [Answered("Choose the service line")])
    annual_value = MoneyField("Annual value (optional)", subject="Annual value")
    demand_wte = NumberField(
        "Staff that the service needs (optional)",
        subject="Staff that the service needs",
        maximum=MOST_WTE,
        description="Whole-time equivalents",
        render_kw={"suffix": "WTE"},
    )
    source = TextField("Where are these from? (optional)", subject="Where these are from")

    def offer(self, plan: Plan) -> None:
        self.site_id.choices = _choices("Choose a site", plan.programme.sites)
        self.service_line_id.choices = _choices("Choose a service line", plan.programme.service_lines)

    def fit(self, plan: Plan, row: Unit | None) -> None:
        wanted = (self.site_id.data, self.service_line_id.data)
        if any(unit is not row and (str(unit.site_id), str(unit.service_line_id)) == wanted for unit in plan.units):
            self.add_error(self.service_line_id, "This service at this site is there already")

    @classmethod
    def stored(cls, row: Unit) -> dict[str, Any]:
        return {
            "site_id": str(row.site_id),
            "service_line_id": str(row.service_line_id),
            "annual_value": row.annual_value,
            "demand_wte": row.demand_wte,
            "source": row.source,
        }

    def write(self, row: Unit, plan: Plan) -> None:
        row.site_id, row.service_line_id = uuid.UUID(self.site_id.data), uuid.UUID(self.service_line_id.data)
        row.annual_value, row.demand_wte = self.annual_value.data, self.demand_wte.data
        row.source = self.source.data or None


def _choices(nothing: str, rows: Sequence[Site] | Sequence[ServiceLine]) -> list[Any]:
    return [choice("", nothing), *(choice(str(row.id), row.name) for row in rows)]


def _site_cells(row: Site, plan: Plan) -> Sequence[Cell]:
    places = NOT_KNOWN if row.places is None else number(row.places)
    return (row.name, row.code, SITE_KINDS[row.kind], row.postcode or NOT_KNOWN, places)


def _unit_cells(row: Unit, plan: Plan) -> Sequence[Cell]:
    lot = plan.lot_of_unit.get(row.id)
    return (
        plan.unit_names[row.id],
        NOT_KNOWN if row.annual_value is None else money(row.annual_value),
        NOT_KNOWN if row.demand_wte is None else number(row.demand_wte, 1),
        lot.title if lot else "None yet",
    )


def _units_in_order(plan: Plan) -> list[Unit]:
    places = list(plan.unit_names)
    return sorted(plan.units, key=lambda unit: places.index(unit.id))


def _site_kept_for(row: Site, plan: Plan) -> str:
    return "services are set up at it" if any(unit.site_id == row.id for unit in plan.units) else ""


def _line_kept_for(row: ServiceLine, plan: Plan) -> str:
    return "it is set up at sites" if any(unit.service_line_id == row.id for unit in plan.units) else ""


def _unit_kept_for(row: Unit, plan: Plan) -> str:
    if row.id in plan.lot_of_unit:
        return "it is in a lot"
    contracts = plan.programme.contracts
    return "a contract covers it" if any(row.id in {unit.id for unit in each.units} for each in contracts) else ""


SITES = Part(
    "sites",
    "Sites",
    "site",
    "Where the services are given.",
    lambda programme_id: Site(programme_id=programme_id),
    SiteForm,
    ("Site", "Code", "Kind", "Postcode", "Places"),
    lambda plan: plan.programme.sites,
    _site_cells,
    _site_kept_for,
    frozenset({"Places"}),
)
SERVICE_LINES = Part(
    "service-lines",
    "Service lines",
    "service line",
    "What is bought, such as dental services or mental health.",
    lambda programme_id: ServiceLine(programme_id=programme_id),
    ServiceLineForm,
    ("Service line", "Code"),
    lambda plan: plan.programme.service_lines,
    lambda row, plan: (row.name, row.code),
    _line_kept_for,
)
SERVICES = Part(
    "services",
    "Services at sites",
    "service at a site",
    "Each service line at each site that needs it: the smallest thing that can be bought, with its value and demand.",
    lambda programme_id: Unit(),
    UnitForm,
    ("Service", "Annual value", "Demand (WTE)", "Lot"),
    _units_in_order,
    _unit_cells,
    _unit_kept_for,
    frozenset({"Annual value", "Demand (WTE)"}),
    rests_on=("sites", "service-lines"),
)
