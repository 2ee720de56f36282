"""Who would win how much, if each lot went to one of its credible bidders by lot and nobody took more than it can."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from intelligence.capacity.arrays import Flags
from intelligence.capacity.awards import NO_LIMIT
from intelligence.capacity.report import WINNERS_DRAWS, ProviderWins, Wins
from intelligence.capacity.simulation import Simulation
from intelligence.capacity.streams import stream
from intelligence.capacity.willingness import Candidate
from intelligence.market import Lot

MOST_PROVIDERS = 5
NOBODY = -1

Winners = npt.NDArray[np.int64]


def find_concentration(
    simulation: Simulation, lots: Sequence[Lot], rows: Sequence[Sequence[int]], *, seed: int
) -> tuple[ProviderWins, ...]:
    """The five providers with the largest expected share of the programme's value, and what it takes to get there.

    Where any lot has no known value, all lots count the same. Bidders from outside the engagement win their share.
    """
    providers = list(dict.fromkeys(candidate.provider.id for candidate in simulation.candidates))
    if not providers:
        return ()
    winners = draw_winners(simulation, lots, rows, seed=seed, draws=min(WINNERS_DRAWS, simulation.draws))
    number = {provider: place for place, provider in enumerate(providers)}
    of_row = np.array([number[candidate.provider.id] for candidate in simulation.candidates] + [NOBODY])
    values = _shares(lots)
    won = np.zeros((len(providers), winners.shape[1]))
    held = np.zeros((len(providers), winners.shape[1]), np.int64)
    columns = np.arange(winners.shape[1])
    for lot, row in enumerate(winners):
        provider = of_row[row]
        known = provider >= 0
        won[provider[known], columns[known]] += values[lot]
        held[provider[known], columns[known]] += 1
    index = np.square(won).sum(axis=0)
    order = sorted(range(len(providers)), key=lambda place: (-won[place].mean(), providers[place]))
    return tuple(
        ProviderWins(
            providers[place],
            float(held[place].mean()),
            float(won[place].mean()),
            tuple(_wins(held[place], won[place], index)),
            _values_known(lots),
        )
        for place in order[:MOST_PROVIDERS]
        if held[place].any()
    )


def draw_winners(
    simulation: Simulation, lots: Sequence[Lot], rows: Sequence[Sequence[int]], *, seed: int, draws: int
) -> Winners:
    """Which candidate (its row) wins each lot (row) in each draw (column); -1 where nobody known does."""
    room = _Room(simulation.candidates, draws)
    winners = np.full((len(lots), draws), NOBODY)
    order = sorted(range(len(lots)), key=lambda lot: stream(seed, "winner order", lots[lot].id).random())
    for lot in order:
        own = sorted(rows[lot], key=lambda row: (simulation.candidates[row].bidder, row))
        bids = simulation.flags(own, draws) & room.left(own)
        _one_a_bidder(bids, [simulation.candidates[row].bidder for row in own])
        bidders = bids.sum(axis=0)
        drawn = stream(seed, "winner", lots[lot].id).random(draws) * (bidders + simulation.unseen[lot, :draws])
        place = np.floor(drawn).astype(np.int64)  # those beyond the known bidders are from outside
        reached = np.cumsum(bids, axis=0) > place
        known = place < bidders
        if own:
            winners[lot, known] = np.array(own)[reached.argmax(axis=0)][known]
            room.take(winners[lot], known)
    return winners


class _Room:
    """How many more lots each provider can hold, start on one date, and be awarded in one tender, in each draw."""

    def __init__(self, candidates: Sequence[Candidate], draws: int) -> None:
        held = [(one.provider.id, one.provider.most_won) for one in candidates]
        started = [((one.provider.id, one.wave), one.provider.startable_together) for one in candidates]
        awarded = [((one.provider.id, one.tender), one.most_awarded) for one in candidates]
        self._places = [_places(limits, draws) for limits in (held, started, awarded)]

    def left(self, rows: Sequence[int]) -> Flags:
        """Whether the provider of each row could take one more."""
        free: Flags = np.logical_and.reduce([left[place[rows]] > 0 for place, left in self._places])
        return free

    def take(self, winners: Winners, known: Flags) -> None:
        """Fill a place of each known winner, one in each draw."""
        draws = np.flatnonzero(known)
        for place, left in self._places:
            left[place[winners[draws]], draws] -= 1


def _places(limits: Sequence[tuple[Hashable, int | None]], draws: int) -> tuple[Winners, npt.NDArray[np.int32]]:
    """Which limit (its row) each candidate is under, and how much of each limit (row) is left in each draw (column)."""
    rows = {name: row for row, name in enumerate(dict(limits))}
    left = [NO_LIMIT if limit is None else min(limit, NO_LIMIT) for limit in dict(limits).values()]
    place = np.array([rows[name] for name, _ in limits], np.int64)
    return place, np.repeat(np.array(left, np.int32)[:, None], draws, axis=1)


def _one_a_bidder(bids: Flags, bidders: Sequence[tuple[str, str]]) -> None:
    """Partners of a consortium make one bid: keep, in place, that of the first."""
    for row in range(1, len(bidders)):
        if bidders[row] == bidders[row - 1]:
            first = bidders.index(bidders[row])
            bids[row] &= ~bids[first:row].any(axis=0)


def _values_known(lots: Sequence[Lot]) -> bool:
    return all(lot.annual_value for lot in lots)


def _shares(lots: Sequence[Lot]) -> npt.NDArray[np.float64]:
    weights = np.array([lot.annual_value or 1.0 if _values_known(lots) else 1.0 for lot in lots])
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


def _wins(held: npt.NDArray[np.int64], won: npt.NDArray[np.float64], index: npt.NDArray[np.float64]) -> list[Wins]:
    found = []
    for lots in range(int(held.max()) + 1):
        here = held == lots
        if here.any():
            found.append(Wins(lots, float(here.mean()), float(won[here].mean()), float(index[here].mean())))
    return found
