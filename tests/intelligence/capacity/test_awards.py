"""Awards by augmenting paths, against trying every assignment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.capacity.awards import Matching, Seat
from intelligence.market import Provider

WAVES = (date(2027, 4, 1), date(2027, 10, 1))
TENDERS = ("spring", "late spring", "autumn")
TENDER_OF_LOT = ("spring", "autumn", "spring", "autumn", "late spring")


@st.composite
def contests(draw: st.DrawFn) -> dict[int, list[Seat]]:
    """Up to five lots in two waves and three tenders, and up to four providers with limits of their own."""
    limits = st.none() | st.integers(0, 2)
    providers = [
        Provider(f"P{i}", "", held_at_most=draw(limits), startable_together=draw(limits))
        for i in range(draw(st.integers(1, 4)))
    ]
    rules = {tender: draw(limits) for tender in TENDERS}
    return {
        lot: [Seat(provider, WAVES[lot % 2], tender, rules[tender]) for provider in providers if draw(st.booleans())]
        for lot, tender in enumerate(TENDER_OF_LOT[: draw(st.integers(1, 5))])
    }


def allowed(assignment: dict[int, Seat]) -> bool:
    seats = assignment.values()
    counts = [
        *((count, provider.held_at_most) for provider, count in Counter(seat.provider for seat in seats).items()),
        *(
            (count, provider.startable_together)
            for (provider, _), count in Counter((seat.provider, seat.wave) for seat in seats).items()
        ),
        *((count, seat.most_awarded) for seat, count in Counter(seats).items()),
    ]
    return all(limit is None or count <= limit for count, limit in counts)


def most_awards(bidders: dict[int, list[Seat]]) -> int:
    best = 0
    for choice in product(*([None, *seats] for seats in bidders.values())):
        assignment = {lot: seat for lot, seat in zip(bidders, choice, strict=True) if seat is not None}
        if len(assignment) > best and allowed(assignment):
            best = len(assignment)
    return best


@settings(max_examples=150, deadline=None)
@given(contests(), st.randoms(use_true_random=False))
def test_as_many_lots_are_awarded_as_the_limits_allow(bidders: dict[int, list[Seat]], random: object) -> None:
    order = list(bidders)
    random.shuffle(order)
    matching = Matching(bidders)
    served = matching.serve(order)

    assert set(matching.seat_of) == set(served)
    assert all(matching.seat_of[lot] in bidders[lot] for lot in served)
    assert allowed(matching.seat_of)
    assert len(served) == most_awards(bidders)

    backwards = Matching({lot: seats[::-1] for lot, seats in bidders.items()})
    assert set(backwards.serve(order)) == set(served)  # whichever provider is asked first


def test_a_lot_of_another_date_is_no_room_for_one_more_start() -> None:
    slow, free = Provider("A", "", startable_together=1), Provider("B", "")
    spring, autumn = WAVES
    early, late = Seat(slow, spring), Seat(slow, autumn)
    matching = Matching({0: [early], 1: [late, Seat(free, autumn)], 2: [early]})
    assert matching.serve([0, 1, 2]) == [0, 1]
    assert matching.seat_of[1] == late
