"""The officer's rules for lots, how to begin a structure, and which services to move where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from intelligence import LotDesign
from intelligence.lots.design import Rules
from webapp.analysis.structures.words import letter
from webapp.web.clashes import RevisedForm
from webapp.web.fields import CheckboxesField, CheckboxField, IntegerField, MoneyField, SelectField, TextField, choice
from webapp.web.format import money, plural
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

MOST_LOTS = 200
GROUPS = 4
NEW_LOT = "new"
_COUNTS = ("lots_at_least", "lots_at_most", "fewest_units", "most_units", "lots_bid_for", "lots_awarded")
_AMOUNTS = ("smallest_annual_value", "largest_annual_value", "sme_largest_annual_value")
_ORDERED = (("lots_at_least", "lots_at_most"), ("fewest_units", "most_units"))


class GroupField(SelectField):
    """In which group a service is."""

    def __init__(self, label: str, unit_id: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.unit_id = unit_id


class RulesForm(BaseForm):
    """The rules that hold for the whole programme. `with_groups` adds what belongs together or apart."""

    services = MOST_LOTS
    """How many there are; no lot needs more, and no programme has more lots."""
    annual_value = Decimal("Infinity")
    """Of all services."""

    lots_at_least = IntegerField("Fewest lots", minimum=1, maximum=MOST_LOTS)
    lots_at_most = IntegerField("Most lots", minimum=1, maximum=MOST_LOTS)
    smallest_annual_value = MoneyField("Smallest lot, pounds a year", subject="The smallest lot")
    largest_annual_value = MoneyField("Largest lot, pounds a year", subject="The largest lot")
    fewest_units = IntegerField("Fewest services in a lot", minimum=1, maximum=MOST_LOTS)
    most_units = IntegerField("Most services in a lot", minimum=1, maximum=MOST_LOTS)
    lots_bid_for = IntegerField("Most lots that one supplier may bid for", minimum=1, maximum=MOST_LOTS)
    lots_awarded = IntegerField("Most lots that one supplier may be awarded", minimum=1, maximum=MOST_LOTS)
    sme_largest_annual_value = MoneyField(
        "Largest lot that suits a small or medium enterprise, pounds a year", subject="The largest lot for an SME"
    )
    sme_lots_at_least = IntegerField("Fewest lots of up to that value", minimum=0, maximum=MOST_LOTS)
    fewer_lots_than_bidders = CheckboxField("Fewer lots than bidders to expect, so that nobody is sure of one")
    more_lots_than_incumbents = CheckboxField("More lots than present suppliers, so that somebody new has room")

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) & self._is_coherent()

    def rules(self) -> Rules:
        given: dict[str, Any] = {name: self[name].data for name in (*_COUNTS, "sme_lots_at_least")}
        given |= {name: None if self[name].data is None else float(self[name].data) for name in _AMOUNTS}
        return Rules(
            **given,
            fewer_lots_than_bidders=self.fewer_lots_than_bidders.data,
            more_lots_than_incumbents=self.more_lots_than_incumbents.data,
            together=self._groups("together"),
            apart=self._groups("apart"),
        )

    def group_fields(self, kind: str) -> list[GroupField]:
        return [field for field in self if isinstance(field, GroupField) and field.name.startswith(f"{kind}-")]

    def _groups(self, kind: str) -> tuple[tuple[str, ...], ...]:
        members: defaultdict[str, list[str]] = defaultdict(list)
        for field in self.group_fields(kind):
            if field.data:
                members[field.data].append(field.unit_id)
        return tuple(tuple(group) for _name, group in sorted(members.items()))

    def _is_coherent(self) -> bool:
        before = len(self.errors)
        for least, most in (*_ORDERED, ("smallest_annual_value", "largest_annual_value")):
            low, high = self[least].data, self[most].data
            if low is not None and high is not None and low > high:
                self.add_error(self[most], f"{self[most].subject} must not be less than “{self[least].subject}”")
        for name in ("lots_at_least", "fewest_units", "sme_lots_at_least"):
            if (self[name].data or 0) > self.services:
                self.add_error(self[name], f"There are {plural(self.services, 'service')} in all: enter no more")
        if (self.smallest_annual_value.data or 0) > self.annual_value:
            whole = money(self.annual_value)
            self.add_error(self.smallest_annual_value, f"All services together are worth {whole} a year: enter less")
        if self.sme_lots_at_least.data and self.sme_largest_annual_value.data is None:
            self.add_error(self.sme_largest_annual_value, "Enter up to which value a lot suits an SME")
        for kind in ("together", "apart"):
            fields = self.group_fields(kind)
            chosen = [field.data for field in fields if field.data]
            for field in fields:
                if field.data and chosen.count(field.data) == 1:
                    self.add_error(field, f"Group {field.data} needs a second service, or none")
        return len(self.errors) == before


def rules_form(design: LotDesign, names: Mapping[str, str], rules: Rules) -> RulesForm:
    """The form for these services, filled with these rules."""
    groups = [choice("", "No group"), *(choice(letter(place), f"Group {letter(place)}") for place in range(GROUPS))]
    whole = Decimal(round(sum(unit.annual_value for unit in design.units)))
    fields: dict[str, Any] = {"services": len(design.units), "annual_value": whole}
    data: dict[str, Any] = {name: getattr(rules, name) for name in Rules.__dataclass_fields__}
    for kind in ("together", "apart"):
        held = {unit: letter(place) for place, group in enumerate(getattr(rules, kind)) for unit in group}
        for place, unit in enumerate(design.units):
            name = f"{kind}-{place}"
            fields[name] = GroupField(names[unit.id], unit.id, choices=groups)
            data[name] = held.get(unit.id)
    form: RulesForm = type("RulesOfServices", (RulesForm,), fields)(data=data)
    return form


class BeginForm(BaseForm):
    name = TextField("Name of your structure", [Answered("Enter a name")], max_length=100)
    start = SelectField("Begin from", [Answered("Choose what to begin from")])

    def offer(self, names: Sequence[str]) -> None:
        self.start.choices = [
            choice("", "Choose a structure"),
            *(choice(str(place), name) for place, name in enumerate(names)),
        ]


class MoveForm(RevisedForm):
    units = CheckboxesField("Services to move", [Answered("Choose the services to move")])
    to_lot = SelectField("Move them to", [Answered("Choose the lot to move them to")], subject="The lot")

    def offer(self, unit_ids: Sequence[str], lot_names: Mapping[int, str]) -> None:
        self.units.choices = [choice(unit_id, unit_id) for unit_id in unit_ids]
        lots = [choice(str(place), name) for place, name in lot_names.items()]
        self.to_lot.choices = [choice("", "Choose a lot"), choice(NEW_LOT, "A new lot of their own"), *lots]

    @property
    def place(self) -> int | None:
        """The lot's place; None for a new lot."""
        return None if self.to_lot.data == NEW_LOT else int(self.to_lot.data)
