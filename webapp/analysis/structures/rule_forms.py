"""The forms for the officer's rules, a kind of rule each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from intelligence import LotDesign
from intelligence.lots.design import MOST_UNITS, Rules
from webapp.analysis.structures.words import unit_names
from webapp.web.fields import CheckboxesField, IntegerField, MoneyField
from webapp.web.format import money, plural
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

_SHORT: dict[str, Any] = {"minimum": 1, "maximum": MOST_UNITS, "render_kw": {"width": "4"}}
_AMOUNT: dict[str, Any] = {"render_kw": {"width": "10"}}


class RuleForm(BaseForm):
    """Its fields are named like those of `Rules` that it is about."""

    @classmethod
    def stored(cls, rules: Rules) -> dict[str, Any]:
        return {name: getattr(rules, name) for name in Rules.__dataclass_fields__}

    def offer(self, design: LotDesign) -> None:
        """Put in what can be chosen from."""

    def fit(self, design: LotDesign, rules: Rules) -> None:
        """Put errors next to what makes no sense for these services, or beside these rules."""

    def changed(self, rules: Rules) -> Rules:
        """The rules with what was entered."""
        names = [field.name for field in self if field.name in Rules.__dataclass_fields__]
        entered: dict[str, Any] = {name: _plain(self[name].data) for name in names}
        return replace(rules, **entered)

    def fits(self, design: LotDesign, rules: Rules) -> bool:
        self.fit(design, rules)
        return not self.errors


class _BetweenForm(RuleForm):
    """A least and a most, of which one is enough."""

    least: ClassVar[str]
    most: ClassVar[str]

    def fit(self, design: LotDesign, rules: Rules) -> None:
        least, most = self[self.least], self[self.most]
        if least.data is None and most.data is None:
            before = getattr(rules, self.least), getattr(rules, self.most)
            if before == (None, None):
                self.add_error(least, f"Enter “{least.subject}” or “{most.subject}”")
        elif least.data is not None and most.data is not None and least.data > most.data:
            self.add_error(most, f"{most.subject} must not be less than “{least.subject}”")


class LotsForm(_BetweenForm):
    least, most = "lots_at_least", "lots_at_most"
    lots_at_least = IntegerField("Fewest lots (optional)", subject="Fewest lots", **_SHORT)
    lots_at_most = IntegerField("Most lots (optional)", subject="Most lots", **_SHORT)

    def fit(self, design: LotDesign, rules: Rules) -> None:
        super().fit(design, rules)
        _refuse_beyond_services(self, self.least, design)


class ValueForm(_BetweenForm):
    least, most = "smallest_annual_value", "largest_annual_value"
    smallest_annual_value = MoneyField(
        "Smallest lot, pounds a year (optional)", subject="The value of the smallest lot", **_AMOUNT
    )
    largest_annual_value = MoneyField(
        "Largest lot, pounds a year (optional)", subject="The value of the largest lot", **_AMOUNT
    )

    def fit(self, design: LotDesign, rules: Rules) -> None:
        super().fit(design, rules)
        whole = Decimal(round(sum(unit.annual_value for unit in design.units)))
        if (self.smallest_annual_value.data or 0) > whole:
            reason = f"All services together are worth {money(whole)} a year: enter less"
            self.add_error(self.smallest_annual_value, reason)


class ServicesForm(_BetweenForm):
    least, most = "fewest_units", "most_units"
    fewest_units = IntegerField("Fewest services in a lot (optional)", subject="Fewest services in a lot", **_SHORT)
    most_units = IntegerField("Most services in a lot (optional)", subject="Most services in a lot", **_SHORT)

    def fit(self, design: LotDesign, rules: Rules) -> None:
        super().fit(design, rules)
        _refuse_beyond_services(self, self.least, design)


class LimitsForm(RuleForm):
    lots_bid_for = IntegerField(
        "Most lots that one supplier may bid for (optional)", subject="Most lots to bid for", **_SHORT
    )
    lots_awarded = IntegerField(
        "Most lots that one supplier may be awarded (optional)", subject="Most lots to be awarded", **_SHORT
    )

    def fit(self, design: LotDesign, rules: Rules) -> None:
        nothing = (None, None)
        if (self.lots_bid_for.data, self.lots_awarded.data) == nothing == (rules.lots_bid_for, rules.lots_awarded):
            self.add_error(self.lots_bid_for, "Enter one of the two limits")


class SmeForm(RuleForm):
    sme_lots_at_least = IntegerField(
        "Fewest lots that suit an SME", [Answered("Enter how many lots")], **{**_SHORT, "minimum": 0}
    )
    sme_largest_annual_value = MoneyField(
        "Largest lot that suits an SME, pounds a year",
        [Answered("Enter up to which value a lot suits an SME")],
        subject="The value of the largest lot for an SME",
        **_AMOUNT,
    )

    def fit(self, design: LotDesign, rules: Rules) -> None:
        _refuse_beyond_services(self, "sme_lots_at_least", design)


class ScarceForm(RuleForm):
    def changed(self, rules: Rules) -> Rules:
        return replace(rules, fewer_lots_than_bidders=True)


class RoomForm(RuleForm):
    def changed(self, rules: Rules) -> Rules:
        return replace(rules, more_lots_than_incumbents=True)


class _GroupForm(RuleForm):
    """One group more; those that there are stay."""

    kind: ClassVar[str]
    units = CheckboxesField("Which services?")

    def offer(self, design: LotDesign) -> None:
        names = unit_names(design)
        self.units.choices = [(unit.id, names[unit.id]) for unit in design.units]

    def fit(self, design: LotDesign, rules: Rules) -> None:
        chosen = set(self.units.data or ())
        if len(chosen) < 2:
            self.add_error(self.units, "Choose two services or more")
        elif chosen in [set(group) for group in getattr(rules, self.kind)]:
            self.add_error(self.units, "This is a rule already. Choose other services")

    def changed(self, rules: Rules) -> Rules:
        groups: dict[str, Any] = {self.kind: (*getattr(rules, self.kind), tuple(self.units.data or ()))}
        return replace(rules, **groups)


class TogetherForm(_GroupForm):
    kind = "together"


class ApartForm(_GroupForm):
    kind = "apart"


@dataclass(frozen=True, slots=True)
class RuleKind:
    title: str
    about: str
    form: type[RuleForm]


KINDS: Mapping[str, RuleKind] = {
    "number-of-lots": RuleKind("How many lots", "The fewest lots, the most, or both.", LotsForm),
    "value-of-a-lot": RuleKind("How much a lot is worth", "The least a year, the most, or both.", ValueForm),
    "services-in-a-lot": RuleKind(
        "How many services are in a lot", "The fewest services at sites, the most, or both.", ServicesForm
    ),
    "together": RuleKind("Services that belong together", "All of them will be in one lot.", TogetherForm),
    "apart": RuleKind("Services that must be apart", "No two of them will share a lot.", ApartForm),
    "limits": RuleKind(
        "What one supplier may have",
        "How many lots a supplier may bid for, and how many it may be awarded.",
        LimitsForm,
    ),
    "for-smes": RuleKind(
        "Lots for small and medium enterprises (SMEs)", "How many lots must be small enough for them.", SmeForm
    ),
    "fewer-than-bidders": RuleKind(
        "Fewer lots than bidders", "Fewer lots than bidders to expect, so that nobody is sure of one.", ScarceForm
    ),
    "more-than-incumbents": RuleKind(
        "More lots than present suppliers",
        "At least one lot more than there are present suppliers, so that somebody new has room.",
        RoomForm,
    ),
}
"""The kinds of rule, by their part of an address."""


def _plain(value: Decimal | int | None) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value


def _refuse_beyond_services(form: RuleForm, name: str, design: LotDesign) -> None:
    """No more lots, or services in a lot, can be asked for than there are services."""
    if (form[name].data or 0) > len(design.units):
        form.add_error(form[name], f"There are {plural(len(design.units), 'service')} in all: enter no more")
