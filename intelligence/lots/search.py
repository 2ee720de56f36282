"""The searches over structures: the best, the next best, the best without each rule, and which rules conflict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from intelligence.capacity.priors import Prior
from intelligence.lots.assumptions import Assumptions
from intelligence.lots.candidates import candidate_lots
from intelligence.lots.design import Rules
from intelligence.lots.lot_table import LotTable
from intelligence.lots.partition import Solution, TimeLimitError
from intelligence.lots.result import DesignStatus, RulePrice, Sensitivity
from intelligence.lots.rules import Rule, rules_in_force, without

ALTERNATIVES = 3
LOOSER_COVERAGE = 0.75
GROWTH_RULES = ("largest_annual_value", "most_units", "together", "apart")
"""Without one of these, lots are possible that were not thought of with it."""


class Search:
    """All that is asked of one table of lots. `seconds` limits each integer problem; what is not solved in time is left
    out of the answers."""

    def __init__(self, table: LotTable, seconds: float) -> None:
        self.table = table
        self.seconds = seconds
        self.rules = table.design.rules
        self.in_force = rules_in_force(table.design)

    def best(self) -> tuple[DesignStatus, Solution | None]:
        """The best structure by all rules."""
        try:
            found = self.table.best(self.rules, seconds=self.seconds)
        except TimeLimitError:
            return DesignStatus.UNDECIDED, None
        if found is None:
            return DesignStatus.INFEASIBLE, None
        return (DesignStatus.OPTIMAL if found.proved else DesignStatus.FEASIBLE), found

    def alternatives(self, best: Solution | None) -> list[Solution]:
        """The next best structures, in order."""
        found = [best] if best else []
        while best and len(found) <= ALTERNATIVES:
            following = self._try_best(self.rules, excluded=[other.lots for other in found])
            if following is None:
                break
            found.append(following)
        return found[1:]

    def rule_prices(self, best: Solution) -> Iterator[RulePrice]:
        """What the best structure would gain without each rule."""
        for rule in self.in_force:
            self._think_without(rule)
            found = self._try_best(without(self.rules, [rule.key]))
            if found is not None:
                proved = best.proved and found.proved
                lots = self.table.structure("", found.lots).lots
                yield RulePrice(rule.key, rule.sentence, max(found.value - best.value, 0.0), lots, proved)

    def sensitivities(self, best: Solution) -> Iterator[Sensitivity]:
        """What would be best under other values of the assumptions that price a lot, one changed at a time."""
        structure = self.table.structure("", best.lots)
        for prior, assumed in _other_assumptions(self.table.design.assumptions):
            table = self.table.under(assumed)
            found = Search(table, self.seconds)._try_best(self.rules)
            if found is not None:
                kept = float(table.values(np.array(table.rows(structure))).sum())
                lots = table.structure("", found.lots).lots
                yield Sensitivity(prior.name, prior.value, max(found.value - kept, 0.0), lots)

    def conflict(self) -> tuple[str, ...]:
        """The sentences of a set of rules that cannot all be kept, none of which could be left out of it.

        Rules are dropped one by one for as long as no structure keeps the rest. What the solver cannot tell in time
        stays in.
        """
        dropped: set[str] = set()
        for rule in self.in_force:
            self._think_without(rule, *dropped)
            if not self._possible(without(self.rules, dropped | {rule.key})):
                dropped.add(rule.key)
        return tuple(rule.sentence for rule in self.in_force if rule.key not in dropped)

    def _think_without(self, rule: Rule, *dropped: str) -> None:
        """Add the lots that only this rule ruled out, beside those already dropped."""
        if rule.key.startswith(GROWTH_RULES):
            rules = without(self.rules, {rule.key, *dropped})
            self.table.include(candidate_lots(self.table.design, rules).lots)

    def _possible(self, rules: Rules) -> bool:
        try:
            return self.table.can_meet(rules, seconds=self.seconds)
        except TimeLimitError:
            return True

    def _try_best(self, rules: Rules, *, excluded: Sequence[Sequence[int]] = ()) -> Solution | None:
        try:
            return self.table.best(rules, seconds=self.seconds, excluded=excluded)
        except TimeLimitError:
            return None


def _other_assumptions(assumptions: Assumptions) -> Iterator[tuple[Prior, Assumptions]]:
    """The price effect none and by its spread, the costs half and double, the coverage looser and full."""
    effect, coverage = assumptions.price_effect, assumptions.coverage
    for value in (0.0, max(effect.value - effect.spread, 0.0), min(effect.value + effect.spread, 1.0)):
        changed = replace(effect, value=value)
        yield changed, replace(assumptions, price_effect=changed)
    for factor in (0.5, 2.0):
        changed = replace(assumptions.no_bid_cost, value=min(assumptions.no_bid_cost.value * factor, 1.0))
        yield changed, replace(assumptions, no_bid_cost=changed)
        changed = replace(assumptions.management_cost, value=assumptions.management_cost.value * factor)
        yield changed, replace(assumptions, management_cost=changed)
    for value in (LOOSER_COVERAGE, 1.0):
        changed = replace(coverage, value=value)
        yield changed, replace(assumptions, coverage=changed)
