"""The officer's rules in a list, each with where it can be changed or left out, and the kinds that can be added."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for

from intelligence import LotDesign
from intelligence.lots.design import Rules
from intelligence.lots.rules import Rule, rules_in_force, without
from webapp.analysis.structures.rule_forms import KINDS
from webapp.analysis.structures.rules_address import address_of
from webapp.analysis.structures.words import in_words, unit_names

_KIND_OF = {
    "lots_at_least": "number-of-lots",
    "lots_at_most": "number-of-lots",
    "smallest_annual_value": "value-of-a-lot",
    "largest_annual_value": "value-of-a-lot",
    "fewest_units": "services-in-a-lot",
    "most_units": "services-in-a-lot",
    "lots_bid_for": "limits",
    "lots_awarded": "limits",
    "sme_lots_at_least": "for-smes",
    "fewer_lots_than_bidders": "fewer-than-bidders",
    "more_lots_than_incumbents": "more-than-incumbents",
    "together": "together",
    "apart": "apart",
}
"""By the rule's key, without its place among several."""
_GROUPS = ("together", "apart")
"""Kinds of which there can be several rules."""
_CHANGED_BY_LEAVING_OUT = (*_GROUPS, "fewer-than-bidders", "more-than-incumbents")


@dataclass(frozen=True, slots=True)
class RuleRow:
    kind: str
    words: str
    change: str
    """The address where it is changed; empty where it can only be left out."""
    without: str
    """The address of the list without it."""


@dataclass(frozen=True, slots=True)
class Addable:
    title: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    rows: Sequence[RuleRow]
    addable: Sequence[Addable]
    address: str
    """Where a search by these very rules is asked for, whatever a colleague asks for meanwhile."""


def rules_page(run_id: uuid.UUID, design: LotDesign, rules: Rules) -> RulesPage:
    def address(kind: str) -> str:
        return url_for(".rule", run_id=run_id, rule_kind=kind, rules=address_of(design, rules))

    def row(rule: Rule) -> RuleRow:
        kind = _kind_of(rule)
        left = address_of(design, without(rules, _keys(rule)))
        words = in_words(rule.sentence, names)
        return RuleRow(
            kind=KINDS[kind].title,
            words=words[0].upper() + words[1:],
            change="" if kind in _CHANGED_BY_LEAVING_OUT else address(kind),
            without=url_for(".ask", run_id=run_id, rules=left),
        )

    names = unit_names(design)
    in_force = rules_in_force(replace(design, rules=rules))
    taken = {_kind_of(rule) for rule in in_force}.difference(_GROUPS)
    return RulesPage(
        rows=[row(rule) for rule in in_force],
        addable=[Addable(kind.title, kind.about, address(slug)) for slug, kind in KINDS.items() if slug not in taken],
        address=url_for(".ask", run_id=run_id, rules=address_of(design, rules)),
    )


def _kind_of(rule: Rule) -> str:
    return _KIND_OF[rule.key.partition("[")[0]]


def _keys(rule: Rule) -> set[str]:
    """With the number of lots for SMEs goes what such a lot is."""
    return {rule.key, "sme_largest_annual_value"} if rule.key == "sme_lots_at_least" else {rule.key}
