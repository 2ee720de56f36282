"""The constraint model for CP-SAT: exact about the procurements that stand nowhere on a board, given all others.

On an empty board that is the whole problem. Costs are whole pounds; ties are left to the places that
:class:`~intelligence.schedule.placement.Board` finds afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf

import numpy as np
from ortools.sat.python import cp_model

from intelligence.schedule.axis import Days
from intelligence.schedule.items import BoardStage, Costs, Item, Place
from intelligence.schedule.placement import Board
from intelligence.schedule.routes import Counting
from intelligence.schedule.windows import Overlap, StageVariables, overlap_by_ends

_ROUNDING = 0.5  # pounds: what ties add to a cost, and more


@dataclass(frozen=True, slots=True)
class ItemVariables:
    """`chosen[c]` is true when the services start on the item's c-th service start."""

    item: Item
    stages: tuple[StageVariables, ...]
    chosen: tuple[cp_model.IntVar, ...]

    def window(self) -> StageVariables | None:
        return None if self.item.tender is None else self.stages[self.item.tender]


class ScheduleModel:
    """The procurements of `free` as variables, each now without a place; `model` minimises what they add to the cost
    of the board. Others without a place are left out of account.

    Starts with which one procurement adds so much that the least of all others would bring the cost above `at_most` are
    left out: they are in no plan that costs less, and the model is much the smaller for it. `overlap` is how the
    overlaps of tenders are said.
    """

    def __init__(
        self, board: Board, free: Sequence[int], at_most: float = inf, overlap: Overlap = overlap_by_ends
    ) -> None:
        self.board = board
        self.free = tuple(free)
        self._least = {i: board.least_costs(i) for i in self.free}
        floors = (float(tables[0].min()) for tables in self._least.values())
        self._spare = at_most + _ROUNDING * (1 + len(self.free)) - sum(floor for floor in floors if floor < inf)
        self.model = cp_model.CpModel()
        self._cost: list[cp_model.LinearExprT] = []
        self.items = {i: self._add_item(i) for i in self.free}
        self._share_capacities()
        self._keep_order()
        self._price_shared_contracts()
        self._price_overlaps(overlap)
        self.model.minimize(sum(self._cost))

    def start_from(self, places: Sequence[Place | None]) -> None:
        """Let the search start from places of the free procurements."""
        for i, variables in self.items.items():
            place = places[i]
            if place is None:
                continue
            for stage, start, end in zip(variables.stages, place.starts, place.ends, strict=True):
                self.model.add_hint(stage.start, start)
                self.model.add_hint(stage.end, end)
            for service, taken in enumerate(variables.chosen):
                self.model.add_hint(taken, service == place.service)

    def places(self, solver: cp_model.CpSolver) -> dict[int, Place]:
        """Where the solver put the free procurements."""
        return {
            i: Place(
                tuple(solver.value(stage.start) for stage in variables.stages),
                tuple(solver.value(stage.end) for stage in variables.stages),
                next(n for n, taken in enumerate(variables.chosen) if solver.boolean_value(taken)),
            )
            for i, variables in self.items.items()
        }

    def _add_item(self, i: int) -> ItemVariables:
        item = self.board.items[i]
        most = float(self._least[i][0].min()) + self._spare
        stages = tuple(
            self._add_stage(item, stage, np.flatnonzero(np.isfinite(costs) & (costs <= most)).tolist())
            for stage, costs in zip(item.stages, self._least[i], strict=True)
        )
        for (before, after), stage in zip(pairwise(stages), item.stages[1:], strict=True):
            self.model.add(after.start >= before.end)
            if stage.axis.longest_wait is not None:
                self.model.add(after.start <= before.end + stage.axis.longest_wait)
        if item.tender is not None:
            self._price_crowd(i, item.stages[item.tender], stages[item.tender].start)
        chosen = tuple(self.model.new_bool_var(f"{item.procurement.id} starts {day}") for day in item.service_starts)
        self.model.add_exactly_one(chosen)
        self._price_start(item, stages[-1].end, chosen)
        return ItemVariables(item, stages, chosen)

    def _add_stage(self, item: Item, stage: BoardStage, allowed: list[int]) -> StageVariables:
        rule = stage.axis.rule
        name = f"{item.procurement.id} {rule.stage.value}"
        if not allowed:  # no plan at all; CP-SAT takes no empty domain
            self.model.add_bool_or([])
            allowed = [0]
        ends = sorted({int(stage.ends[k]) for k in allowed})
        start = self.model.new_int_var_from_domain(cp_model.Domain.from_values(allowed), f"{name} start")
        end = self.model.new_int_var_from_domain(cp_model.Domain.from_values(ends), f"{name} end")
        sizes = [int(stage.ends[k]) - k for k in allowed]
        if rule.counting is Counting.WORKING_DAYS and stage.axis.begun is None:
            self.model.add(end == start + rule.days)
            interval = self.model.new_fixed_size_interval_var(start, rule.days, name)
        else:
            self.model.add_element(start, stage.ends.tolist(), end)
            size = self.model.new_int_var(min(sizes), max(sizes), f"{name} size")  # tight, for the relaxation's sake
            interval = self.model.new_interval_var(start, size, end, name)
        self._price_table(np.where(np.isfinite(stage.own), stage.own, 0.0), start, f"{name} moved")
        return StageVariables(start, end, interval, min(sizes), max(sizes))

    def _price_table(self, costs: Costs, start: cp_model.IntVar, name: str) -> None:
        if costs.any():
            table = [round(cost) for cost in costs]
            cost = self.model.new_int_var(0, max(table), name)
            self.model.add_element(start, table, cost)
            self._cost.append(cost)

    def _price_crowd(self, i: int, stage: BoardStage, start: cp_model.IntVar) -> None:
        """Days beside the open tenders of others that stand on the board."""
        crowd = self.board.crowd(i)
        before = np.concatenate(([0.0], np.cumsum(crowd)))
        self._price_table(before[stage.last] - before[:-1], start, f"{i} crowd")

    def _price_start(self, item: Item, ready: cp_model.IntVar, chosen: tuple[cp_model.IntVar, ...]) -> None:
        price = self.board.problem.penalties
        size = len(self.board.axis.days)
        name = item.procurement.id
        slack = self.model.new_int_var(0, size, f"{name} slack")
        self.model.add(slack == sum(n * taken for n, taken in zip(item.service_days, chosen, strict=True)) - ready)
        thin = self.model.new_int_var(0, price.wanted_slack_days, f"{name} thin slack")
        self.model.add(thin >= price.wanted_slack_days - slack)
        self._cost.append(price.thin_slack_day * thin)
        for cost, taken in zip(item.service_costs, chosen, strict=True):
            self._cost.append(round(float(cost)) * taken)

    def _share_capacities(self) -> None:
        """The capacities of officers, tenders and bidders, less what those on the board use of them."""
        for row, capacity in enumerate(self.board.capacities):
            users = [
                (variables.stages[n].interval, demand.units)
                for variables in self.items.values()
                for n, stage in enumerate(variables.item.stages)
                if stage.axis.begun is None
                for demand in stage.demands
                if demand.row == row
            ]
            if not users:
                continue
            users += self._taken(row, capacity)
            self.model.add_cumulative([interval for interval, _ in users], [units for _, units in users], capacity)

    def _taken(self, row: int, capacity: int) -> list[tuple[cp_model.IntervalVar, int]]:
        loads = self.board.load(row) + self._begun_load(row)
        found = []
        first = 0
        for load, days in groupby(loads.tolist()):
            length = len(list(days))
            if load:
                fixed = self.model.new_fixed_size_interval_var(first, length, f"taken {row} {first}")
                found.append((fixed, min(load, capacity)))
            first += length
        return found

    def _begun_load(self, row: int) -> Days:
        load = np.zeros(len(self.board.axis.days), dtype=np.int64)
        for i in self.free:
            for stage in self.board.items[i].stages:
                if stage.axis.begun is not None:
                    start = int(np.flatnonzero(np.isfinite(stage.own))[0])
                    for demand in stage.demands:
                        load[start : int(stage.ends[start])] += demand.units * (demand.row == row)
        return load

    def _keep_order(self) -> None:
        for order in self.board.orders():
            first, second = self.items.get(order.first), self.items.get(order.second)
            places = self.board.places[order.first], self.board.places[order.second]
            if order.second_stage.axis.begun is not None:
                continue
            if first is not None and second is not None:
                self.model.add(first.stages[order.after].end + order.lag <= second.stages[order.before].start)
            elif first is not None and places[1] is not None:
                self.model.add(first.stages[order.after].end + order.lag <= places[1].starts[order.before])
            elif second is not None and places[0] is not None:
                self.model.add(second.stages[order.before].start >= places[0].ends[order.after] + order.lag)

    def _price_shared_contracts(self) -> None:
        """Each contract is extended as long as the last of its successors needs."""
        longest: dict[str, list[tuple[cp_model.LinearExprT, int]]] = {}
        for variables in self.items.values():
            for contract, costs in variables.item.shared:
                prices = [round(float(cost)) for cost in costs]
                cost = cp_model.LinearExpr.weighted_sum(variables.chosen, prices)
                longest.setdefault(contract, []).append((cost, max(prices, default=0)))
        for contract, costs_of in longest.items():
            held = round(self.board.extension_cost(contract))
            extension = self.model.new_int_var(
                held, max(held, *(most for _, most in costs_of)), f"{contract} extension"
            )
            for needed, _ in costs_of:
                self.model.add(extension >= needed)
            self._cost.append(extension - held)

    def _price_overlaps(self, overlap: Overlap) -> None:
        days = len(self.board.axis.days)
        for i, variables in self.items.items():
            for other, price in self.board.neighbours[i]:
                first, second = variables.window(), self.items[other].window() if other in self.items else None
                if other > i and first is not None and second is not None:
                    self._cost.append(price * overlap(self.model, first, second, days, f"{i} and {other} overlap"))
