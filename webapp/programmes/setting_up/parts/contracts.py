"""The contract register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from webapp.models import Contract, ContractForm
from webapp.programmes.register import off_standard, provider_behind
from webapp.programmes.setting_up.part import Part, PartForm
from webapp.programmes.setting_up.parts.units import UnitsField
from webapp.programmes.setting_up.plan import Plan
from webapp.programmes.setting_up.rules import contract_dates
from webapp.programmes.words import FORMS
from webapp.web.cells import Cell, lines, link
from webapp.web.dates import DateField
from webapp.web.fields import CheckboxField, IntegerField, MoneyField, RadioField, TextField, choice
from webapp.web.format import money, plural, short_day
from webapp.web.validators import Answered, OneAlphabet

MOST_NOTICE = 60
MOST_UPLIFT = 1000


class ContractRowForm(PartForm):
    title = TextField("Title of the contract", [Answered("Enter the title of the contract")])
    supplier_name = TextField("Supplier", [Answered("Enter the name of the supplier"), OneAlphabet()])
    units = UnitsField("What does it cover?", description="The services at sites that end with it")
    annual_value = MoneyField("Annual value (optional)", subject="Annual value")
    start_date = DateField("When did it start? (optional)", subject="The start")
    end_date = DateField("When does it end?", [Answered("Enter the day on which it ends")], subject="The end")
    latest_end_date = DateField(
        "When does it end if every extension is used? (optional)",
        subject="The latest end",
        description="Leave blank if it cannot be extended",
    )
    extension_uplift = IntegerField(
        "How much dearer is an extended year, in percent? (optional)",
        subject="How much dearer an extended year is",
        maximum=MOST_UPLIFT,
        description="The plan weighs it against starting new services later. Leave blank if nobody knows",
        render_kw={"width": "3"},
    )
    notice_months = IntegerField(
        "Notice period in months (optional)", subject="Notice period", maximum=MOST_NOTICE, render_kw={"width": "3"}
    )
    terms = RadioField(
        "On whose terms does it stand?",
        [Answered("Choose the terms, or that they are not known")],
        choices=[*(choice(each.value, label) for each, label in FORMS.items()), choice("unknown", "Not known")],
    )
    inherited = CheckboxField("It was taken over from another buyer")
    source = TextField("Where is this from? (optional)", subject="Where this is from")

    def offer(self, plan: Plan) -> None:
        self.units.offer(plan)

    def fit(self, plan: Plan, row: Contract | None) -> None:
        self.refuse(contract_dates(self.start_date.data, self.end_date.data, self.latest_end_date.data))

    @classmethod
    def stored(cls, row: Contract) -> dict[str, Any]:
        plain = (
            "title",
            "supplier_name",
            "annual_value",
            "start_date",
            "end_date",
            "latest_end_date",
            "extension_uplift",
            "notice_months",
            "inherited",
            "source",
        )
        return {name: getattr(row, name) for name in plain} | {
            "units": [str(unit.id) for unit in row.units],
            "terms": row.form.value if row.form else "unknown",
        }

    def write(self, row: Contract, plan: Plan) -> None:
        if row.supplier_name != self.supplier_name.data:
            row.supplier_id = None  # the organisation that stood behind the old name may not be the new one
        row.title, row.supplier_name = self.title.data, self.supplier_name.data
        row.units = self.units.chosen(plan)
        row.annual_value = self.annual_value.data
        row.start_date, row.end_date = self.start_date.data, self.end_date.data
        row.latest_end_date, row.notice_months = self.latest_end_date.data, self.notice_months.data
        row.extension_uplift = self.extension_uplift.data
        row.form = None if self.terms.data == "unknown" else ContractForm(self.terms.data)
        row.inherited, row.source = self.inherited.data, self.source.data or None


def flags(row: Contract, plan: Plan) -> list[Cell]:
    """What an officer should see at once: taken over, off the standard terms, ending with others."""
    together = sum(other.end_date == row.end_date for other in plan.programme.contracts) - 1
    found: list[Cell] = [*off_standard(row)]
    if together:
        found.append(f"Ends with {plural(together, 'other')}")
    return found


def _supplier(row: Contract) -> Cell:
    if row.supplier is None:
        return lines((row.supplier_name, _say_which("Only a name: say which provider it is", row)))
    return lines((row.supplier_name, *provider_behind(row)))


def _notice(row: Contract) -> Markup | None:
    if row.supplier is None:
        return Markup(
            "“{}” is only a name so far: several providers that your programmes know have it, or the contract was "
            "recorded before suppliers had providers behind them. Until it is said which it is, the analysis takes "
            "nobody for the present supplier. {}."
        ).format(row.supplier_name, _say_which("Say which provider it is", row))
    return Markup(" ").join(f"{each}." for each in provider_behind(row)) or None


def _say_which(text: str, row: Contract) -> Markup:
    return link(text, url_for("suppliers.choose", programme_id=row.programme_id, contract_id=row.id))


def _cells(row: Contract, plan: Plan) -> Sequence[Cell]:
    return (
        row.title,
        _supplier(row),
        "Not known" if row.annual_value is None else money(row.annual_value),
        short_day(row.end_date),
        short_day(row.latest_end_date) if row.latest_end_date else "None given",
        lines(flags(row, plan)),
    )


CONTRACTS = Part(
    "contracts",
    "Contract register",
    "contract",
    "The contracts that are to be replaced, and when each ends.",
    lambda programme_id: Contract(programme_id=programme_id),
    ContractRowForm,
    ("Contract", "Supplier", "Annual value", "Ends", "Latest end", "Note"),
    lambda plan: plan.programme.contracts,
    _cells,
    numeric=frozenset({"Annual value"}),
    notice=_notice,
)
