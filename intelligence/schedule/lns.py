"""Large-neighbourhood search: take some procurements off the board, and place each of them anew as best it can be.

Which ones, and how many, is drawn from kinds that learn what pays. A board that becomes a little dearer is kept at
first and hardly ever towards the end (simulated annealing), so that the search does not stop at the first board that no
small change improves. Some neighbourhoods are solved exactly by CP-SAT instead, where placing one procurement after the
other cannot see that two must move together.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from math import log

from ortools.sat.python import cp_model

from intelligence.schedule.budget import Budget, repeatable_solver
from intelligence.schedule.items import TIE, Place
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.neighbourhoods import KINDS, AdaptiveChoice, costly_group, starts_late, tied_groups
from intelligence.schedule.placement import Board

_SIZES = (2, 3, 4, 6, 9, 14)
_EXACT_SIZE = 6
_HOT, _COLD = 1e-2, 3e-5  # how much dearer a board may become, as a share of its cost
_LEANS = (0.0, 0.0, 3 * TIE, 20.0, -20.0)  # pounds a day: late, early among equals, early or late at a price
_WORK_A_DAY = 3e-8  # of a stage on the axis, in CP-SAT's deterministic seconds
_EXACT_WORK = 0.05
_SETTLED_SIZE, _SETTLING_WORK = 12, 0.3  # of those tied to a late service, who are worth more
_COSTLY_SIZE, _COSTLY_WORK = 24, 2.0
_MODEL_WORK = 0.03  # a procurement, for what CP-SAT does not count: making and presolving a model
MISSING = 1e12  # pounds for a procurement without a place: more than any schedule costs

Listener = Callable[[float], None]


class Search:
    """The cheapest board so far. `listen` hears of every cheaper one."""

    def __init__(self, board: Board, seed: int, budget: Budget, listen: Listener) -> None:
        self._board = board
        self._seed = seed
        self._draw = random.Random(seed)  # noqa: S311  # a search, not a secret
        self._budget = budget
        self._listen = listen
        self._current = self._cost()
        self.cost, self.places = self._current, list(board.places)

    def run(self, kept: float, enough: float = 0.0, idle: int | None = None) -> None:
        """Search until this share of the budget is left, the cost is `enough` or `idle` moves found nothing cheaper."""
        options = [(kind, size) for kind in KINDS for size in _SIZES]
        choice = AdaptiveChoice(len(options))
        begun = self._budget.share_left()
        moves = 0
        while self._board.items and self.cost >= enough + 1 and not self._budget.is_spent(kept):
            warmth = (self._budget.share_left() - kept) / (begun - kept)
            option = choice.draw(self._draw)
            kind, size = options[option]
            ids = kind(self._board, self._draw, size)
            before, left = self.cost, self._budget.left
            self._replace(ids, self.cost * _COLD * (_HOT / _COLD) ** warmth)
            choice.learn(option, before - self.cost, left - self._budget.left)
            moves = moves + 1 if self.cost == before else 0
            if moves == idle:
                break
        self.restore()

    def run_exactly(self, kept: float, enough: float = 0.0) -> None:
        """Solve neighbourhoods exactly until this share of the budget is left or the cost is `enough`."""
        choice = AdaptiveChoice(len(KINDS))
        while self._board.items and self.cost >= enough + 1 and not self._budget.is_spent(kept):
            option = choice.draw(self._draw)
            before, left = self.cost, self._budget.left
            self._solve(KINDS[option](self._board, self._draw, _EXACT_SIZE))
            choice.learn(option, before - self.cost, left - self._budget.left)

    def settle_late(self, kept: float) -> None:
        """Solve exactly, apart from all others, those who are tied to a service that starts late.

        Whether all can be ready is decided among the procurements of one officer, and a late service costs more than
        any overlap; placing them one by one rarely finds the order in which they all fit.
        """
        for group in tied_groups(self._board):
            if self._budget.is_spent(kept):
                break
            if len(group) <= _SETTLED_SIZE and any(starts_late(self._board, i) for i in group):
                self._solve(group, _SETTLING_WORK)

    def settle_costly(self) -> None:
        """Solve exactly those for which the plan pays, with those around them, the others where they are."""
        if not self._budget.is_spent():
            self._solve(costly_group(self._board, _COSTLY_SIZE), _COSTLY_WORK)

    def adopt(self, places: dict[int, Place]) -> None:
        """Go on from another board if it is cheaper."""
        self._put_all([places.get(i) for i in range(len(self._board.items))])
        self.tidy()
        self._remember()
        self.restore()

    def restore(self) -> None:
        """Put the cheapest board back."""
        self._put_all(self.places)
        self._current = self.cost

    def tidy(self) -> None:
        """Place each procurement as best it can be among all others, until none moves."""
        moved = True
        while moved:
            moved = False
            for i, place in enumerate(self._board.places):
                if place is not None and not self._budget.is_spent():
                    moved = self._place_again(i) or moved
        self._current = self._cost()

    def _place_again(self, i: int) -> bool:
        old = self._board.take(i)
        new = self._board.best(i)
        self._spend(i)
        better = new is not None and self._board.added_cost(i, new) < self._board.added_cost(i, old) - 1e-7
        self._board.put(i, new if new is not None and better else old)
        return better

    def _replace(self, ids: list[int], margin: float) -> None:
        """Take these off the board and place them anew; keep that if it is not dearer than by a random margin."""
        ids = [*ids, *(i for i, place in enumerate(self._board.places) if place is None and i not in ids)]
        old, worth = self._take_all(ids)
        limit = worth - margin * log(max(self._draw.random(), 1e-12))
        cost = 0.0
        new: list[int] = []
        for i in self._in_some_order(ids):
            place = self._board.best(i, self._draw.choice(_LEANS))
            self._spend(i)
            if place is None:
                cost += MISSING
            else:
                cost += self._board.added_cost(i, place)
                self._board.put(i, place)
                new.append(i)
            if cost >= limit:
                break
        if cost >= limit:
            self._undo(old, new)
            return
        self._current += cost - worth
        self._remember()

    def _solve(self, ids: list[int], work: float = _EXACT_WORK) -> None:
        """Place these anew as CP-SAT finds best for them together."""
        places = list(self._board.places)
        old, worth = self._take_all(ids)
        model = ScheduleModel(self._board, ids, worth)
        model.start_from(places)
        solver = repeatable_solver(self._seed)
        solver.parameters.cp_model_probing_level = 0
        status = self._budget.solve(model.model, solver, work=work)
        self._budget.spend(_MODEL_WORK * len(ids))
        found = model.places(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else {}
        cost = 0.0 if found else worth
        for i, place in found.items():
            cost += self._board.added_cost(i, place)
            self._board.put(i, place)
        if cost >= worth:
            self._undo(old, list(found))
            return
        self._current += cost - worth
        self._remember()

    def _take_all(self, ids: list[int]) -> tuple[dict[int, Place], float]:
        """Where these stood, and what taking them off the board saves."""
        old: dict[int, Place] = {}
        worth = 0.0
        for i in ids:
            if self._board.places[i] is None:
                worth += MISSING
                continue
            old[i] = self._board.take(i)
            worth += self._board.added_cost(i, old[i])
        return old, worth

    def _undo(self, old: dict[int, Place], new: list[int]) -> None:
        for i in new:
            self._board.take(i)
        for i, place in old.items():
            self._board.put(i, place)

    def _in_some_order(self, ids: list[int]) -> list[int]:
        """At random, or the most connected first."""
        ids = list(ids)
        self._draw.shuffle(ids)
        if self._draw.random() < 0.3:
            ids.sort(key=lambda i: -len(self._board.neighbours[i]))
        return ids

    def _remember(self) -> None:
        if self._current < self.cost - 1e-7:
            self.cost, self.places = self._current, list(self._board.places)
            self._listen(self.cost)

    def _cost(self) -> float:
        return self._board.cost() + MISSING * self._board.places.count(None)

    def _put_all(self, places: list[Place | None]) -> None:
        for i, place in enumerate(places):
            if self._board.places[i] is not None:
                self._board.take(i)
            if place is not None:
                self._board.put(i, place)
        self._current = self._cost()

    def _spend(self, i: int) -> None:
        self._budget.spend(_WORK_A_DAY * len(self._board.items[i].stages) * len(self._board.axis.days))
