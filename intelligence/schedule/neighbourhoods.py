"""Which procurements to move next: kinds of neighbourhood, and a choice among them that learns which ones pay."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from intelligence.schedule.placement import Board

Neighbourhood = Callable[[Board, random.Random, int], list[int]]


def at_random(board: Board, draw: random.Random, size: int) -> list[int]:
    """Any procurements."""
    return draw.sample(range(len(board.items)), min(size, len(board.items)))


def by_time_window(board: Board, draw: random.Random, size: int) -> list[int]:
    """Those whose tender, or else evaluation, starts nearest to that of one procurement."""
    moments = [_moment(board, i) for i in range(len(board.items))]
    centre = moments[draw.randrange(len(moments))]
    return sorted(range(len(moments)), key=lambda i: (abs(moments[i] - centre), i))[:size]


def by_shared_bidders(board: Board, draw: random.Random, size: int) -> list[int]:
    """One procurement whose tender runs beside others of the same bidders, then those others and theirs."""
    chosen = [_costly(board, draw)]
    for i in chosen:
        near = list(board.neighbours[i])
        draw.shuffle(near)
        near.sort(key=lambda entry: not _run_together(board, i, entry[0]))
        chosen += [other for other, _ in near if other not in chosen][: max(1, size // 2)]
        if len(chosen) >= size:
            break
    return chosen[:size]


def by_officer(board: Board, draw: random.Random, size: int) -> list[int]:
    """The procurements of one officer, then of others, until there are enough."""
    first = board.items[_costly(board, draw)].procurement.officer
    others = sorted({item.procurement.officer or "" for item in board.items} - {first or ""})
    draw.shuffle(others)
    chosen: list[int] = []
    for officer in [first or "", *others]:
        chosen += [i for i, item in enumerate(board.items) if (item.procurement.officer or "") == officer]
        if len(chosen) >= size:
            break
    return chosen[:size]


def tied_groups(board: Board) -> list[list[int]]:
    """The procurements that share a limited officer or a contract, directly or through others."""
    limited = {officer.name for officer in board.problem.officers}
    leader: dict[object, int] = {}
    group = list(range(len(board.items)))
    for i, item in enumerate(board.items):
        ties: list[object] = [("contract", contract) for contract, _ in item.shared]
        if item.procurement.officer in limited:
            ties.append(("officer", item.procurement.officer))
        for tie in ties:
            first = leader.setdefault(tie, group[i])
            old, new = group[i], group[first]
            group = [new if number == old else number for number in group]
    found: dict[int, list[int]] = {}
    for i, number in enumerate(group):
        found.setdefault(number, []).append(i)
    return list(found.values())


def costly_group(board: Board, most: int) -> list[int]:
    """The procurements that cost something where they stand, the costliest first, then those tied to them and those
    that share bidders with them: whether all of it must be paid is decided among these."""
    costs = {i: _cost_of(board, i) for i in range(len(board.items))}
    costly = sorted((i for i, cost in costs.items() if cost >= 1), key=lambda i: (-costs[i], i))
    ties = {i: group for group in tied_groups(board) for i in group}
    tied = [other for i in costly for other in ties[i]]
    near = [other for i in costly for other, _ in board.neighbours[i]]
    return list(dict.fromkeys([*costly, *tied, *near]))[:most]


def starts_late(board: Board, i: int) -> bool:
    """Whether the service of a procurement starts later than asked for, or the procurement stands nowhere."""
    place = board.places[i]
    return place is None or place.service > 0


def _moment(board: Board, i: int) -> int:
    place = board.places[i]
    if place is None:
        return 0
    tender = board.items[i].tender
    return place.starts[tender if tender is not None else len(place.starts) // 2]


def _run_together(board: Board, first: int, second: int) -> bool:
    places = board.places[first], board.places[second]
    tenders = board.items[first].tender, board.items[second].tender
    if places[0] is None or places[1] is None or tenders[0] is None or tenders[1] is None:
        return False
    starts = max(places[0].starts[tenders[0]], places[1].starts[tenders[1]])
    return starts < min(places[0].ends[tenders[0]], places[1].ends[tenders[1]])


def _costly(board: Board, draw: random.Random) -> int:
    """The costliest of a few procurements drawn at random."""
    few = draw.sample(range(len(board.items)), min(4, len(board.items)))
    return max(few, key=lambda i: _cost_of(board, i))


def _cost_of(board: Board, i: int) -> float:
    place = board.places[i]
    return np.inf if place is None else board.own_cost(i, place) + board.overlap_cost(i, place)


KINDS: tuple[Neighbourhood, ...] = (at_random, by_time_window, by_shared_bidders, by_officer)


class AdaptiveChoice:
    """Draws options in proportion to what they lately gained for their work, never below a tenth of the best."""

    _MEMORY = 0.98
    _LEAST = 0.1

    def __init__(self, count: int) -> None:
        self._gained = [1.0] * count
        self._worked = [1.0] * count

    def draw(self, draw: random.Random) -> int:
        rates = [gained / worked for gained, worked in zip(self._gained, self._worked, strict=True)]
        floor = max(rates) * self._LEAST
        weights = [max(rate, floor) for rate in rates]
        return draw.choices(range(len(weights)), weights)[0]

    def learn(self, option: int, gained: float, worked: float) -> None:
        self._gained[option] = self._gained[option] * self._MEMORY + gained
        self._worked[option] = self._worked[option] * self._MEMORY + worked

    def shares(self) -> Sequence[float]:
        rates = [gained / worked for gained, worked in zip(self._gained, self._worked, strict=True)]
        return [rate / sum(rates) for rate in rates]
