"""Past and planned lots as arrays, and what each of them may know: the past lots dated strictly before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from intelligence.forecast.tenders import PastLot, PlannedLot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AFTER_ALL_DAYS = 10_000_000  # later than any date's ordinal
PAIRED = ("buyer", "category", "region")
TOGETHER = " and "


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows are the past lots, then the planned ones. Dates are ordinals.

    `opens` is the first day of a row's date and `known` the last: a row may be informed by past rows whose `known` is
    before its own `opens`. `groups` numbers what rows share, -1 where it is not known. `log_value` and `log_interest`
    are NaN where unknown.
    """

    past: int
    opens: Ints
    known: Ints
    bids: Ints
    groups: Mapping[str, Ints]
    log_value: Floats
    log_interest: Floats
    firms: tuple[tuple[int, ...], ...]

    @property
    def rows(self) -> int:
        return len(self.opens)


def arrange(history: Sequence[PastLot], lots: Sequence[PlannedLot]) -> Timeline:
    """The history, in an order of its own so that the order of the input changes nothing, then the lots as given."""
    ordered = sorted(history, key=_place)
    rows = [past.lot for past in ordered] + list(lots)
    numbers: dict[str, int] = {}
    return Timeline(
        past=len(ordered),
        opens=np.array([row.dated.toordinal() for row in rows], np.int64),
        known=np.array([(row.until or row.dated).toordinal() for row in rows], np.int64),
        bids=np.array([past.bidders for past in ordered], np.int64),
        groups=_groups(rows),
        log_value=np.log(np.array([row.value or np.nan for row in rows], np.float64)),
        log_interest=np.log1p(np.array([np.nan if row.interest is None else row.interest for row in rows], np.float64)),
        firms=tuple(
            tuple(numbers.setdefault(firm, len(numbers)) for firm in sorted(set(past.firms))) for past in ordered
        ),
    )


def _place(past: PastLot) -> tuple[str, ...]:
    return past.lot.dated.isoformat(), past.lot.id, repr(past)


def _groups(rows: Sequence[PlannedLot]) -> dict[str, Ints]:
    """Buyer, category, region, package, and pairs of the first three, where any row knows them."""
    groups = {}
    for name in (*PAIRED, "package"):
        found = _codes([getattr(row, name) for row in rows])
        if found.max(initial=-1) >= 0:
            groups[name] = found
    for first, second in combinations([name for name in PAIRED if name in groups], 2):
        one, other = groups[first], groups[second]
        both = np.where((one >= 0) & (other >= 0), one * (other.max() + 1) + other, -1)
        groups[first + TOGETHER + second] = both
    return groups


def _codes(names: Sequence[str | None]) -> Ints:
    numbers = {name: number for number, name in enumerate(sorted({name for name in names if name}))}
    return np.array([numbers[name] if name else -1 for name in names], np.int64)


class Trailing:
    """For every row, the past rows of its own group that are dated strictly before it, oldest first.

    >>> from datetime import date
    >>> history = [PastLot(PlannedLot(name, date(2024, month, 1)), month) for name, month in (("a", 1), ("b", 2))]
    >>> timeline = arrange(history, [PlannedLot("c", date(2024, 3, 1))])
    >>> Trailing(timeline, np.zeros(3, np.int64)).sums(timeline.bids).tolist()
    [0, 1, 3]
    """

    def __init__(self, timeline: Timeline, group: Ints) -> None:
        known = np.flatnonzero(group[: timeline.past] >= 0)
        key = group[known] * AFTER_ALL_DAYS + timeline.known[known]
        order = np.argsort(key, kind="stable")
        self._source, key = known[order], key[order]
        start = group * AFTER_ALL_DAYS
        self._first = np.searchsorted(key, start)
        self._end = np.where(group >= 0, np.searchsorted(key, start + timeline.opens), self._first)

    def counts(self, last: int | None = None) -> Ints:
        """How many there are, of the `last` ones or of all."""
        return self._end - self._since(last)

    def sums(self, values: npt.ArrayLike, last: int | None = None) -> npt.NDArray[Any]:
        """Each row's sum over them; `values` has a number for each past row.

        Whole numbers are summed exactly; of others, what is summed for one row would touch the last digit of the next.
        """
        each = np.asarray(values)[self._source]
        summed = np.concatenate([[0], np.cumsum(each)])
        total: npt.NDArray[Any] = summed[self._end] - summed[self._since(last)]
        return total

    def cumulated(self, values: npt.NDArray[np.bool_] | Ints) -> npt.NDArray[np.integer]:
        """Whole numbers, a row for each past row, summed over all groups one after the other, starting with zeros."""
        summed = np.zeros((len(self._source) + 1, values.shape[1]), np.int64 if values.dtype == np.int64 else np.int32)
        np.cumsum(values[self._source], axis=0, out=summed[1:])
        return summed

    def span(self, rows: Ints, last: int | None = None) -> tuple[Ints, Ints]:
        """Where in :meth:`cumulated` the past rows of these rows begin and end."""
        return self._since(last)[rows], self._end[rows]

    def _since(self, last: int | None) -> Ints:
        return self._first if last is None else np.maximum(self._first, self._end - last)


def whole(timeline: Timeline) -> Ints:
    """One group of all rows."""
    return np.zeros(timeline.rows, np.int64)


def dividing(timeline: Timeline, train: Ints) -> dict[str, int]:
    """The groups that tell the rows `train` apart, by how many kinds there are; of a pair both parts must.

    Only these rows decide, so that what comes later changes nothing for what came before.
    """
    kinds = {name: len(np.unique(group[train])) for name, group in timeline.groups.items()}
    return {name: number for name, number in kinds.items() if all(kinds[part] > 1 for part in name.split(TOGETHER))}
