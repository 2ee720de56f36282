"""Can all lots be awarded at once, when each provider holds no more than it declared it can?

In each draw every lot wants one provider among its credible bidders, and a provider takes at most `held_at_most` lots,
at most `startable_together` of those that start on one date, and no more than the award limits of a tender and of the
officer's rule for the programme: a b-matching of lots to providers, under limits that lie one within the other. A lot
with a bidder that has room for everything it bid for is settled without a search; the others are matched by augmenting
paths, in an order of lots drawn anew in each draw, so that no lot goes without more often for being listed last. Which
lots such a search matches depends on that order alone, not on the order of providers: they form a basis of a matroid.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress, groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from intelligence.capacity.arrays import Flags, count_rows
from intelligence.capacity.simulation import Simulation
from intelligence.capacity.streams import stream
from intelligence.capacity.willingness import Candidate
from intelligence.market import Lot, Provider

NO_LIMIT = 1_000_000_000
MATCHING_DRAWS = 1_000  # of a forecast's draws at most: matching them takes longer than drawing them


class Seat(NamedTuple):
    """A provider's room for lots of one tender, whose services start on one date; the tender may limit its awards."""

    provider: Provider
    wave: date | None
    tender: str | None = None
    most_awarded: int | None = None


@dataclass(frozen=True, slots=True)
class Matchings:
    """The first draws of a simulation, ready to be matched, with or without a provider.

    By candidate (row) and draw (column): `bids` are credible, `free` those of a provider with room for all it bid for.
    By lot and draw: `has_bid` at all, and `settled` by a free bid; an entrant from outside counts as both. `order` is
    the order, drawn for each draw (row), in which lots are served; `rows` are each lot's candidates.
    """

    candidates: Sequence[Candidate]
    rows: Sequence[Sequence[int]]
    bids: Flags
    free: Flags
    has_bid: Flags
    settled: Flags
    entrant: Flags
    order: npt.NDArray[np.int64]

    def award(self) -> Flags:
        """Which lots (rows) find a provider in each draw (columns), all of them together."""
        return self._award(self.has_bid, self.settled, None)

    def p_blocked_without(self, leaving: str) -> float:
        """The chance that every lot has a bid and yet not all can be awarded, if one provider leaves."""
        lots = [candidate.lot for candidate in self.candidates if candidate.provider.id == leaving]
        staying = {lot: self._others(lot, leaving) for lot in lots}
        has_bid = self._without(staying, self.bids, self.has_bid)
        settled = self._without(staying, self.free, self.settled)
        every_lot = has_bid.all(axis=0)
        awarded = self._award(has_bid & every_lot, settled, leaving)
        return float((every_lot & ~awarded.all(axis=0)).mean())

    def _award(self, has_bid: Flags, settled: Flags, leaving: str | None) -> Flags:
        awarded = settled.copy()
        contested = has_bid & ~settled
        for draw in np.flatnonzero(contested.any(axis=0)).tolist():
            bidders = {lot: self._seats(lot, draw, leaving) for lot in np.flatnonzero(contested[:, draw]).tolist()}
            served = Matching(bidders).serve(lot for lot in self.order[draw].tolist() if lot in bidders)
            awarded[served, draw] = True
        return awarded

    def _seats(self, lot: int, draw: int, leaving: str | None) -> list[Seat]:
        bidding = (self.candidates[row] for row in compress(self.rows[lot], self.bids[self.rows[lot], draw].tolist()))
        return [_seat(candidate) for candidate in bidding if candidate.provider.id != leaving]

    def _others(self, lot: int, leaving: str) -> list[int]:
        return [row for row in self.rows[lot] if self.candidates[row].provider.id != leaving]

    def _without(self, staying: Mapping[int, Sequence[int]], flags: Flags, by_lot: Flags) -> Flags:
        """What :func:`_by_lot` would make of the flags if these lots kept only the candidates that stay."""
        found = by_lot.copy()
        for lot, rows in staying.items():
            found[lot] = self.entrant[lot] | flags[rows].any(axis=0)
        return found


@dataclass(slots=True)
class Matching:
    """One draw's assignment of lots to providers. `bidders` lists for each lot the seats that could take it.

    >>> alone, both = Provider("A", "", held_at_most=1), Provider("B", "", held_at_most=1)
    >>> one, other = Seat(alone, None), Seat(both, None)
    >>> matching = Matching({0: [one], 1: [one, other], 2: [other]})
    >>> matching.serve([1, 0, 2])  # lot 1 moves from A to B to make room for lot 0; nobody is left for lot 2
    [1, 0]
    """

    bidders: dict[int, list[Seat]]
    seat_of: dict[int, Seat] = field(default_factory=dict)
    held_by: dict[str, set[int]] = field(default_factory=dict)

    def serve(self, lots: Iterable[int]) -> list[int]:
        """Give each lot in turn a provider where that takes none from a lot served before; the lots that got one."""
        return [lot for lot in lots if self._augment(lot)]

    def _augment(self, start: int) -> bool:
        """Search the shortest chain of moves that makes room for one more lot, and carry it out."""
        came_from: dict[int, tuple[int, Seat] | None] = {start: None}
        queue = deque([start])
        seen: set[Hashable] = set()
        while queue:
            lot = queue.popleft()
            for seat in self.bidders[lot]:
                in_the_way = self._in_the_way(seat, seen)
                if in_the_way is None:
                    self._move(lot, seat, came_from)
                    return True
                for other in in_the_way:
                    if other not in came_from:
                        came_from[other] = (lot, seat)
                        queue.append(other)
        return False

    def _in_the_way(self, seat: Seat, seen: set[Hashable]) -> Sequence[int] | None:
        """`None` if the seat has room, else the lots of which one would have to move (none if searched before)."""
        if seat in seen:
            return ()
        seen.add(seat)
        held = self.held_by.get(seat.provider.id, set())
        together = {lot for lot in held if self.seat_of[lot].wave == seat.wave}
        tender = {lot for lot in together if self.seat_of[lot] == seat}
        of_wave, of_provider = (seat.provider.id, seat.wave), seat.provider.id
        if len(tender) >= _limit(seat.most_awarded):
            return sorted(tender)
        if len(together) >= _limit(seat.provider.startable_together):
            return _first_time(of_wave, seen, together)
        if len(held) >= _limit(seat.provider.most_won):
            return _first_time(of_provider, seen, held)
        return None

    def _move(self, lot: int, seat: Seat, came_from: dict[int, tuple[int, Seat] | None]) -> None:
        """Seat the lot, then whoever waits for the seat it left, back to the lot that the search started from."""
        step: tuple[int, Seat] | None = (lot, seat)
        while step is not None:
            moving, target = step
            if moving in self.seat_of:
                self.held_by[self.seat_of[moving].provider.id].discard(moving)
            self.seat_of[moving] = target
            self.held_by.setdefault(target.provider.id, set()).add(moving)
            step = came_from[moving]


def prepare_matchings(
    simulation: Simulation, lots: Sequence[Lot], rows: Sequence[Sequence[int]], *, seed: int, draws: int
) -> Matchings:
    """Unpack the first `draws` of a simulation, and draw the order in which lots are served."""
    bids = simulation.flags(range(len(simulation.candidates)), draws)
    entrant = simulation.unseen[:, :draws] > 0
    keys = np.empty((len(lots), draws))
    for row, lot in enumerate(lots):
        keys[row] = stream(seed, "award order", lot.id).random(draws)
    order = np.argsort(keys.T, axis=1, kind="stable")
    free = _with_room(simulation.candidates, bids) & bids
    return Matchings(
        simulation.candidates,
        rows,
        bids,
        free,
        _by_lot(bids, entrant, rows),
        _by_lot(free, entrant, rows),
        entrant,
        order,
    )


def _by_lot(flags: Flags, entrant: Flags, rows: Sequence[Sequence[int]]) -> Flags:
    """Which lots (rows) have a flagged candidate or an entrant from outside in each draw (columns)."""
    found = entrant.copy()
    for lot, candidates in enumerate(rows):
        found[lot] |= flags[candidates].any(axis=0)
    return found


def _with_room(candidates: Sequence[Candidate], bids: Flags) -> Flags:
    """The draws in which each candidate's provider could take all that it bid for."""
    room = np.ones_like(bids)
    for provider, of_provider in groupby(range(len(candidates)), key=lambda row: candidates[row].provider):
        rows = list(of_provider)
        free = count_rows(bids[rows]) <= _limit(provider.most_won)
        for _, of_wave in groupby(rows, key=lambda row: candidates[row].wave):
            free &= count_rows(bids[list(of_wave)]) <= _limit(provider.startable_together)
        for _, of_tender in groupby(rows, key=lambda row: _seat(candidates[row])):
            tender = list(of_tender)
            free &= count_rows(bids[tender]) <= _limit(candidates[tender[0]].most_awarded)
        room[rows] = free
    return room


def _seat(candidate: Candidate) -> Seat:
    return Seat(candidate.provider, candidate.wave, candidate.tender, candidate.most_awarded)


def _first_time(full: Hashable, seen: set[Hashable], lots: set[int]) -> list[int]:
    """The lots that fill a limit, unless that limit was met before in this search."""
    if full in seen:
        return []
    seen.add(full)
    return sorted(lots)


def _limit(declared: int | None) -> int:
    return NO_LIMIT if declared is None else declared
