"""One procurement ready to be placed: its stages with their prices and demands, and what its service starts cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intelligence.market import Contract, Procurement
from intelligence.schedule.axis import Axis, AxisStage, Days
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.requirements import extension_days, extension_price, service_starts
from intelligence.schedule.routes import Stage

Costs = npt.NDArray[np.float64]

# Ties: days in hand before the service starts are worth more than days between the stages.
TIE = 1e-5
WAIT_DAY = 2 * TIE
EARLY_DAY = TIE


@dataclass(frozen=True, slots=True)
class Place:
    """Where a procurement stands: the start and end of each stage, and which of its service starts it takes."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    service: int


@dataclass(frozen=True, slots=True)
class Demand:
    """`units` of a row of the board's loads, which has room for `capacity`."""

    row: int
    units: int
    capacity: int


@dataclass(frozen=True, slots=True)
class BoardStage:
    """`own` is the cost of each start by itself, infinite where it may not start; `last` are `ends` on the axis."""

    axis: AxisStage
    ends: Days
    last: Days
    own: Costs
    demands: tuple[Demand, ...]
    is_tender: bool


class Item:
    """One procurement, ready to be placed: its stages, and what being ready on each day costs.

    `service_days[c]` are the working days before its c-th service start, `service_costs[c]` the cost of taking it,
    extensions of contracts that it replaces alone included; `shared` holds the others. Of each of its `contracts` is
    given how many procurements replace it.
    """

    def __init__(
        self, problem: ScheduleProblem, axis: Axis, procurement: Procurement, contracts: Sequence[tuple[Contract, int]]
    ) -> None:
        self.procurement = procurement
        self.axis_stages = axis.stages(procurement)
        self.stages: tuple[BoardStage, ...] = ()
        self.tender = next((n for n, s in enumerate(self.axis_stages) if s.rule.stage is Stage.TENDER), None)
        self.service_starts = service_starts(problem, procurement, axis.last_day)
        self.service_days = [axis.at_or_after(day) for day in self.service_starts]
        price = problem.penalties
        late = [(day - procurement.service_start).days * price.late_day for day in self.service_starts]
        self.service_costs = np.array(late, dtype=np.float64)
        self.shared: list[tuple[str, Costs]] = []
        for contract, successors in contracts:
            daily = extension_price(problem, contract)
            longer = [extension_days(contract, day) * daily for day in self.service_starts]
            if successors == 1:
                self.service_costs += np.array(longer)
            else:
                self.shared.append((contract.id, np.array(longer, dtype=np.float64)))
        self._thin, self._wanted = price.thin_slack_day, price.wanted_slack_days
        self._days = np.arange(len(axis.days) + 2)
        self._ready = self._ready_costs(self.service_costs)

    def ready_costs(self, services: Costs) -> tuple[Costs, Days]:
        """What each end of the last stage costs when the service starts cost this much, and the cheapest of them."""
        return self._ready if services is self.service_costs else self._ready_costs(services)

    def service_cost(self, end: int, service: int) -> float:
        slack = self.service_days[service] - end
        short = self._wanted - slack
        return float(self.service_costs[service]) + (short * self._thin if short > 0 else -short * EARLY_DAY)

    def days_in_hand(self, place: Place) -> int:
        """How many working days lie between the end of its last stage and the start of the service."""
        return self.service_days[place.service] - place.ends[-1]

    def _ready_costs(self, services: Costs) -> tuple[Costs, Days]:
        best = np.full(len(self._days), np.inf)
        chosen = np.zeros(len(self._days), dtype=np.int64)
        for service, (before, cost) in enumerate(zip(self.service_days, services, strict=True)):
            short = self._wanted - (before - self._days[: before + 1])
            costs = cost + np.where(short > 0, short * float(self._thin), short * -EARLY_DAY)
            cheaper = np.flatnonzero(costs < best[: before + 1])
            best[cheaper] = costs[cheaper]
            chosen[cheaper] = service
        return best, chosen


class Capacities:
    """The loads that capacities limit: each officer's time, the tenders open, and each limited bidder's."""

    def __init__(self, problem: ScheduleProblem) -> None:
        self.rooms: list[int] = []
        self._officers = {officer.name: self._row(officer.capacity_percent) for officer in problem.officers}
        limit = problem.tenders_open_at_most
        self._tenders: list[int] = [] if limit is None else [self._row(limit)]
        self._bidders: list[tuple[int, frozenset[str]]] = [
            (self._row(limit.tenders_open_at_most), frozenset(limit.procurement_ids))
            for limit in problem.bidder_limits
            if limit.tenders_open_at_most is not None
        ]

    def _row(self, capacity: int) -> int:
        self.rooms.append(capacity)
        return len(self.rooms) - 1

    def demands(self, item: Item, stage: AxisStage) -> tuple[Demand, ...]:
        found: list[tuple[int, int]] = []
        row = self._officers.get(item.procurement.officer or "")
        if row is not None and stage.rule.officer_percent:
            found.append((row, stage.rule.officer_percent))
        if stage.rule.stage is Stage.TENDER:
            found += [(tenders, 1) for tenders in self._tenders]
            found += [(bidder, 1) for bidder, ids in self._bidders if item.procurement.id in ids]
        # What has begun takes its share of a capacity but is not held to it.
        return tuple(Demand(row, units, max(self.rooms[row], 10**9 if stage.begun else 0)) for row, units in found)
