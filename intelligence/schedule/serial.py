"""Serial schedules: one procurement after the other, earliest due date first.

They are what a spreadsheet does, so they are the baselines that the search must beat and the schedule it starts from.
"""

from __future__ import annotations

from intelligence.schedule.placement import Board

_AT_ANY_PRICE = 1e9  # pounds a day


def earliest_due_date_first(board: Board) -> bool:
    """Place each procurement to be ready as early as its dates and its officer allow, whatever that costs.

    Whether all found a place.
    """
    return _place_all(board, _AT_ANY_PRICE)


def cheapest_by_due_date(board: Board) -> bool:
    """Place each procurement where it adds least to the cost of those before it. Whether all found a place."""
    return _place_all(board, 0.0)


def _place_all(board: Board, lean: float) -> bool:
    for i in sorted(range(len(board.items)), key=lambda i: board.items[i].procurement.service_start):
        if board.places[i] is None and (place := board.best(i, lean)):
            board.put(i, place)
    return None not in board.places
