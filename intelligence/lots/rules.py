"""The officer's rules one by one: each with a key, a sentence, and what the problem is without it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from intelligence.lots.design import LotDesign, Rules

ROUNDING = 1e-6  # pounds; and lots, where a number of lots is compared with an expected number


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in force. `key` is the field of :class:`Rules`, with a position for one of several groups."""

    key: str
    sentence: str


def rules_in_force(design: LotDesign) -> tuple[Rule, ...]:
    """Every rule that is set, in a fixed order.

    >>> from intelligence.lots.design import DesignUnit
    >>> from intelligence.market import ServiceLine, Site
    >>> unit, site, line = DesignUnit("u", "s", "d", 1_000), Site("s", "Site"), ServiceLine("d", "Dental")
    >>> rules_in_force(LotDesign((unit,), (site,), (line,), rules=Rules(lots_at_most=3)))
    (Rule(key='lots_at_most', sentence='at most 3 lots'),)
    """
    rules = design.rules
    return tuple(_counts(rules)) + tuple(_sizes(rules)) + tuple(_groups(rules)) + tuple(_market(rules))


def without(rules: Rules, keys: Collection[str]) -> Rules:
    """The rules with some of them dropped, by key."""
    plain = {key: None for key in keys if "[" not in key and not isinstance(getattr(rules, key), bool)}
    switches = {key: False for key in keys if "[" not in key and isinstance(getattr(rules, key), bool)}
    groups = {
        name: tuple(group for place, group in enumerate(getattr(rules, name)) if f"{name}[{place}]" not in keys)
        for name in ("together", "apart")
    }
    return replace(rules, **plain, **switches, **groups)  # type: ignore[arg-type]  # each by its own field's type


def size_broken(rules: Rules, annual_value: float, units: int) -> tuple[str, ...]:
    """The keys of the rules on the size of a lot that a lot of this value and number of units breaks.

    >>> size_broken(Rules(smallest_annual_value=500_000, most_units=3), 200_000, 2)
    ('smallest_annual_value',)
    """
    broken = size_breaches(rules, annual_value, units)
    return tuple(rule.key for rule in _sizes(rules) if broken[rule.key])


def size_breaches(rules: Rules, annual_value: Any, units: Any) -> dict[str, Any]:
    """Whether each rule on the size of a lot, by key, is broken: of one lot or, given arrays, of each of many.

    >>> size_breaches(Rules(most_units=3), 200_000, 4)["most_units"]
    True
    """
    return {
        "smallest_annual_value": annual_value < (rules.smallest_annual_value or 0) - ROUNDING,
        "largest_annual_value": annual_value > (rules.largest_annual_value or inf) + ROUNDING,
        "fewest_units": units < (rules.fewest_units or 0),
        "most_units": units > (rules.most_units or inf),
    }


def _counts(rules: Rules) -> Iterator[Rule]:
    if rules.lots_at_least is not None:
        yield Rule("lots_at_least", f"at least {_count(rules.lots_at_least, 'lot')}")
    if rules.lots_at_most is not None:
        yield Rule("lots_at_most", f"at most {_count(rules.lots_at_most, 'lot')}")


def _sizes(rules: Rules) -> Iterator[Rule]:
    if rules.smallest_annual_value is not None:
        yield Rule("smallest_annual_value", f"no lot below £{rules.smallest_annual_value:,.0f} a year")
    if rules.largest_annual_value is not None:
        yield Rule("largest_annual_value", f"no lot above £{rules.largest_annual_value:,.0f} a year")
    if rules.fewest_units is not None:
        yield Rule("fewest_units", f"at least {_count(rules.fewest_units, 'unit')} in each lot")
    if rules.most_units is not None:
        yield Rule("most_units", f"at most {_count(rules.most_units, 'unit')} in each lot")


def _groups(rules: Rules) -> Iterator[Rule]:
    for place, group in enumerate(rules.together):
        yield Rule(f"together[{place}]", f"together in one lot: {', '.join(group)}")
    for place, group in enumerate(rules.apart):
        yield Rule(f"apart[{place}]", f"never two in one lot: {', '.join(group)}")


def _market(rules: Rules) -> Iterator[Rule]:
    if rules.lots_bid_for is not None:
        yield Rule("lots_bid_for", f"each supplier bids for at most {_count(rules.lots_bid_for, 'lot')}")
    if rules.lots_awarded is not None:
        yield Rule("lots_awarded", f"each supplier wins at most {_count(rules.lots_awarded, 'lot')}")
    if rules.sme_lots_at_least is not None:
        ceiling = f"£{rules.sme_largest_annual_value:,.0f} a year"
        yield Rule(
            "sme_lots_at_least", f"at least {_count(rules.sme_lots_at_least, 'lot')} of up to {ceiling}, for SMEs"
        )
    if rules.fewer_lots_than_bidders:
        yield Rule("fewer_lots_than_bidders", "fewer lots than expected bidders")
    if rules.more_lots_than_incumbents:
        yield Rule("more_lots_than_incumbents", "more lots than incumbents")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
