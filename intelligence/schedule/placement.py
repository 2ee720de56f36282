"""The best place of one procurement among all others, exactly and fast.

A :class:`Board` holds where each procurement stands. For one that stands nowhere it finds, by dynamic programming over
its stages and the axis of working days, the place that adds the least to the cost of the schedule, given everything
that is placed already. Costs are in pounds; waiting and earliness break ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intelligence.schedule.axis import Axis, Days
from intelligence.schedule.costs import overlap_price
from intelligence.schedule.items import WAIT_DAY, BoardStage, Capacities, Costs, Demand, Item, Place
from intelligence.schedule.problem import ScheduleError, ScheduleProblem
from intelligence.schedule.requirements import contracts_by_procurement
from intelligence.schedule.routes import Stage


class Board:
    """Where every procurement stands, and what it costs. `places[i]` is `None` where one stands nowhere."""

    def __init__(self, problem: ScheduleProblem, axis: Axis) -> None:
        self.problem = problem
        self.axis = axis
        contracts = contracts_by_procurement(problem)
        self._successors = successors = Counter(contract.id for own in contracts.values() for contract in own)
        self.items = tuple(
            Item(problem, axis, entry, [(contract, successors[contract.id]) for contract in contracts[entry.id]])
            for entry in problem.procurements
        )
        self.places: list[Place | None] = [None] * len(self.items)
        self.neighbours = _neighbours(problem)
        self._near_prices = [np.array([price for _, price in near], float) for near in self.neighbours]
        self._near = [np.array([other for other, _ in near], dtype=np.int64) for near in self.neighbours]
        self._size = len(axis.days)
        self._index = np.arange(self._size)
        self._waiting = WAIT_DAY * self._index
        self._open_before = np.zeros(self._size + 1)
        self._full_before = np.zeros(self._size + 1, dtype=np.int64)
        self._crowd = np.zeros((len(self.items), self._size))
        self._longest: dict[str, dict[int, float]] = {}
        self.capacities = self._prepare()
        self._orders = _orders(problem, self.items)
        self._loads = np.zeros((len(self.capacities), self._size), dtype=np.int64)

    def best(self, i: int, lean: float = 0.0) -> Place | None:
        """The place that adds least to the cost; `None` when no place keeps every hard rule.

        `lean` is added for each day by which the last stage ends later, to try other places than the cheapest.
        """
        item = self.items[i]
        ready, services = item.ready_costs(self._services(item))
        if lean:
            ready = ready + lean * np.arange(len(ready))
        tables = self._tables(item, self._stage_costs(i), ready)
        start = int(tables[0].argmin())
        if tables[0][start] == np.inf:
            return None
        starts, ends = [start], [int(item.stages[0].ends[start])]
        for stage, table in zip(item.stages[1:], tables[1:], strict=True):
            wait = stage.axis.longest_wait
            start = ends[-1]
            if wait != 0:
                window = slice(start, self._size if wait is None else start + wait + 1)
                start += int((table[window] + self._waiting[window]).argmin())
            starts.append(start)
            ends.append(int(stage.ends[start]))
        return Place(tuple(starts), tuple(ends), int(services[ends[-1]]))

    def added_cost(self, i: int, place: Place) -> float:
        """What `place` adds to the cost of all that is placed already."""
        shared = self.items[i].shared
        extensions = sum(self._extension(contract, costs[place.service]) for contract, costs in shared)
        return self.own_cost(i, place) + self.overlap_cost(i, place) + extensions

    def own_cost(self, i: int, place: Place) -> float:
        """The cost of a place that does not depend on any other."""
        item = self.items[i]
        cost = item.service_cost(place.ends[-1], place.service)
        return cost + self.moved_cost(i, place) + WAIT_DAY * (sum(place.starts[1:]) - sum(place.ends[:-1]))

    def moved_cost(self, i: int, place: Place) -> float:
        """What it costs that its stages stand elsewhere than in the plan before.

        A start that its dates forbid costs nothing here: a place from a board on which the tender lasts longer may have
        one, and that board allows it.
        """
        costs = (float(stage.own[start]) for stage, start in zip(self.items[i].stages, place.starts, strict=True))
        return sum(cost for cost in costs if cost < np.inf)

    def overlap_cost(self, i: int, place: Place) -> float:
        """The cost of its tender running beside those that share bidders with it."""
        tender = self.items[i].tender
        return 0.0 if tender is None else float(self._crowd[i, place.starts[tender] : place.ends[tender]].sum())

    def crowd(self, i: int) -> Costs:
        """What one more day of its tender costs beside the open tenders of others, day by day."""
        return self._crowd[i]  # type: ignore[no-any-return]  # a row of it

    def load(self, row: int) -> Days:
        """What those on the board use of a capacity, day by day."""
        return self._loads[row]  # type: ignore[no-any-return]

    def extension_cost(self, contract: str) -> float:
        """What extending a contract with several successors costs so far."""
        return max(self._longest.get(contract, {}).values(), default=0.0)

    def orders(self) -> list[Order]:
        return list({id(order): order for orders in self._orders.values() for order in orders}.values())

    def cost(self) -> float:
        """What everything that is placed costs, ties included."""
        total = 0.0
        for i, place in enumerate(self.places):
            if place is not None:
                total += self.own_cost(i, place) + self.overlap_cost(i, place) / 2
        return total + sum(max(held.values(), default=0.0) for held in self._longest.values())

    def put(self, i: int, place: Place) -> None:
        self.places[i] = place
        self._change(i, place, 1)

    def take(self, i: int) -> Place:
        place = self.places[i]
        if place is None:
            raise ValueError(f"procurement {i} stands nowhere")
        self.places[i] = None
        self._change(i, place, -1)
        return place

    def clear(self) -> None:
        """Take everything off."""
        for i, place in enumerate(self.places):
            if place is not None:
                self.take(i)

    def _change(self, i: int, place: Place, sign: int) -> None:
        item = self.items[i]
        for stage, start, end in zip(item.stages, place.starts, place.ends, strict=True):
            for demand in stage.demands:
                self._loads[demand.row, start:end] += sign * demand.units
        if item.tender is not None and len(self._near[i]):
            window = slice(place.starts[item.tender], place.ends[item.tender])
            self._crowd[self._near[i], window] += sign * self._near_prices[i][:, None]
        for contract, costs in item.shared:
            held = self._longest.setdefault(contract, {})
            if sign > 0:
                held[i] = float(costs[place.service])
            else:
                del held[i]

    def _services(self, item: Item, *, evenly: bool = False) -> Costs:
        """What each service start adds to the cost of the board, shared extensions in full or `evenly` shared out."""
        if not item.shared:
            return item.service_costs
        services = item.service_costs.copy()
        for contract, costs in item.shared:
            payers = self._successors[contract] if evenly else 1
            services += np.maximum(costs - self.extension_cost(contract), 0.0) / payers
        return services

    def _extension(self, contract: str, cost: float) -> float:
        return max(0.0, cost - self.extension_cost(contract))

    def least_costs(self, i: int) -> list[Costs]:
        """For each stage and each start of it, the least that the procurement adds to the cost of the board.

        The extension of a contract with several successors is shared out evenly: what each adds, added up, is never
        more than all of them add.
        """
        item = self.items[i]
        stage_costs = self._stage_costs(i)
        tables = self._tables(item, stage_costs, item.ready_costs(self._services(item, evenly=True))[0])
        before = np.where(np.isfinite(stage_costs[0]), 0.0, np.inf)
        found = [before + tables[0]]
        for n, costs in enumerate(stage_costs[:-1]):
            ended = np.full(self._size + 2, np.inf)
            np.minimum.at(ended, item.stages[n].ends, before + costs)
            before = self._least_after(ended[: self._size][::-1], item.stages[n + 1].axis.longest_wait)[: self._size][
                ::-1
            ]
            found.append(before + tables[n + 1])
        return found

    def spare_days(self, i: int) -> list[int]:
        """By how many working days each stage of a placed procurement may overrun, all others where they are, before
        its service start moves or a rule breaks."""
        place = self.take(i)
        item = self.items[i]
        ready = np.full(self._size + 2, np.inf)
        ready[: item.service_days[place.service] + 1] = 0.0
        tables = self._tables(item, self._stage_costs(i), ready)
        self.put(i, place)
        spare = []
        for n, end in enumerate(place.ends):
            last = n + 1 == len(place.ends)
            after = ready if last else self._least_after(tables[n + 1], item.stages[n + 1].axis.longest_wait)
            spare.append(int(np.flatnonzero(np.isfinite(after))[-1]) - end)
        return spare

    def _stage_costs(self, i: int) -> list[Costs]:
        """For each stage the cost of each start by itself, infinite where it may not start."""
        found = []
        for n, stage in enumerate(self.items[i].stages):
            costs = stage.own.copy()
            for demand in stage.demands:
                self._exclude_crowded(costs, stage, demand)
            if stage.is_tender and len(self._near[i]):
                self._open_before[1:] = self._crowd[i].cumsum()
                costs += self._open_before[stage.last] - self._open_before[:-1]
            if i in self._orders:
                self._keep_order(costs, i, n)
            found.append(costs)
        return found

    def _tables(self, item: Item, stage_costs: list[Costs], ready: Costs) -> list[Costs]:
        """For each stage the least cost from its start on, by its start."""
        after = ready
        tables: list[Costs] = []
        for n in range(len(item.stages) - 1, -1, -1):
            table = stage_costs[n] + after[item.stages[n].ends]
            tables.append(table)
            if n:
                after = self._least_after(table, item.stages[n].axis.longest_wait)
        return tables[::-1]

    def _least_after(self, table: Costs, longest_wait: int | None) -> Costs:
        """The least cost of the next stages by the end of the stage before, waits priced."""
        least = np.full(self._size + 2, np.inf)
        if longest_wait == 0:
            least[: self._size] = table
            return least
        priced = least[: self._size]
        np.add(table, self._waiting, out=priced)
        if longest_wait is None:
            priced[:] = np.minimum.accumulate(priced[::-1])[::-1]
        else:
            width = 1  # of the windows whose least is known; doubled while it fits, then once more with an overlap
            while 2 * width <= longest_wait + 1:
                np.minimum(priced[:-width], priced[width:], out=priced[:-width])
                width *= 2
            if rest := longest_wait + 1 - width:
                np.minimum(priced[:-rest], priced[rest:], out=priced[:-rest])
        priced -= self._waiting
        return least

    def _exclude_crowded(self, table: Costs, stage: BoardStage, demand: Demand) -> None:
        full = self._loads[demand.row] > demand.capacity - demand.units
        if full.any():
            self._full_before[1:] = full.cumsum()
            table[self._full_before[stage.last] > self._full_before[:-1]] = np.inf

    def _keep_order(self, table: Costs, i: int, n: int) -> None:
        """Exclude starts of stage `n` that a precedence with a procurement on the board forbids."""
        stage = self.items[i].stages[n]
        for order in self._orders[i]:
            first, second = self.places[order.first], self.places[order.second]
            if order.second_stage.axis.begun is not None:
                continue  # it has happened in another order
            if order.first == i and order.after == n and second is not None:
                table[stage.ends + order.lag > second.starts[order.before]] = np.inf
            elif order.second == i and order.before == n and first is not None:
                table[: first.ends[order.after] + order.lag] = np.inf

    def _prepare(self) -> list[int]:
        """Give every item its stages with prices and demands; the capacities of the loads' rows."""
        capacities = Capacities(self.problem)
        earlier = {(entry.procurement_id, entry.stage): entry.start for entry in self.problem.earlier_starts}
        moved = float(self.problem.penalties.moved_day)
        for item in self.items:
            stages = []
            for stage in item.axis_stages:
                own = np.where(stage.allowed, 0.0, np.inf)
                was = earlier.get((item.procurement.id, stage.rule.stage))
                if was is not None and stage.begun is None:
                    own += moved * np.abs(self._index - self.axis.at_or_after(was))
                stages.append(
                    BoardStage(
                        stage,
                        stage.ends,
                        np.minimum(stage.ends, self._size),
                        own,
                        capacities.demands(item, stage),
                        stage.rule.stage is Stage.TENDER,
                    )
                )
            item.stages = tuple(stages)
        return capacities.rooms


def _neighbours(problem: ScheduleProblem) -> list[list[tuple[int, int]]]:
    """For each procurement the others that share bidders with it, and the price of a day on which both are open."""
    position = {entry.id: n for n, entry in enumerate(problem.procurements)}
    near: list[dict[int, int]] = [{} for _ in problem.procurements]
    for pair in problem.bidder_pairs:
        price = overlap_price(problem, pair)
        if price:
            first, second = position[pair.first_id], position[pair.second_id]
            near[first][second] = near[first].get(second, 0) + price
            near[second][first] = near[second].get(first, 0) + price
    return [sorted(others.items()) for others in near]


@dataclass(frozen=True, slots=True)
class Order:
    """Stage number `before` of procurement `second` starts `lag` days or more after stage number `after` of `first`
    has ended."""

    first: int
    second: int
    after: int
    before: int
    second_stage: BoardStage
    lag: int


def _orders(problem: ScheduleProblem, items: Sequence[Item]) -> dict[int, list[Order]]:
    """The precedences of each procurement.

    Raises:
        ScheduleError: a precedence names a stage that its procurement does not have.
    """
    position = {entry.id: n for n, entry in enumerate(problem.procurements)}
    orders: dict[int, list[Order]] = {}
    for n, entry in enumerate(problem.precedences):
        first, second = position[entry.first_id], position[entry.second_id]
        after = _stage_number(items[first], entry.after, f"precedences[{n}].after")
        before = _stage_number(items[second], entry.before, f"precedences[{n}].before")
        order = Order(first, second, after, before, items[second].stages[before], entry.lag_days)
        orders.setdefault(first, []).append(order)
        orders.setdefault(second, []).append(order)
    return orders


def _stage_number(item: Item, stage: Stage, path: str) -> int:
    for n, known in enumerate(item.axis_stages):
        if known.rule.stage is stage:
            return n
    raise ScheduleError(path, f"{item.procurement.id!r} has no stage {stage.value!r}")
