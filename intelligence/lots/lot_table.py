"""The lots that have been thought of so far, each valued once, and the officer's rules as conditions on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, inf
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from intelligence.lots.assumptions import Assumptions
from intelligence.lots.candidates import bits_of, members
from intelligence.lots.design import LotDesign, Rules, Structure, StructureLot
from intelligence.lots.lot_interest import membership
from intelligence.lots.partition import Row, Solution, best_partition, is_possible, other_than
from intelligence.lots.rules import ROUNDING, size_breaches
from intelligence.lots.valuation import NOBODY_ALONE, Valuer

Flags: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]

NOT_ASKED = -2


@dataclass(slots=True)
class LotTable:
    """Grows by :meth:`include`. A lot's row never changes, so that rows can be kept by those who ask.

    `sole` is the column of the only provider interested in the lot, or `NOBODY_ALONE`. It and the values are worked out
    when they are first asked for; until then it is `NOT_ASKED`, and `none` and `log_bids` are not numbers.
    """

    design: LotDesign
    valuer: Valuer
    row_of: dict[int, int] = field(default_factory=dict)
    flags: Flags = field(init=False)
    sole: npt.NDArray[np.int64] = field(init=False)
    none: Floats = field(init=False)
    log_bids: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.flags = np.zeros((0, len(self.design.units)), np.bool_)
        self.sole = np.zeros(0, np.int64)
        self.none, self.log_bids = np.zeros(0), np.zeros(0)

    def include(self, lots: Iterable[int]) -> None:
        """Add the lots (as bits) that are new."""
        new = [lot for lot in lots if lot not in self.row_of]
        if not new:
            return
        self.row_of.update({lot: len(self.row_of) + place for place, lot in enumerate(new)})
        flags = membership(new, len(self.design.units))
        unknown = np.full(len(new), np.nan)
        self.flags = np.vstack([self.flags, flags])
        self.sole = np.concatenate([self.sole, np.full(len(new), NOT_ASKED)])
        self.none = np.concatenate([self.none, unknown])
        self.log_bids = np.concatenate([self.log_bids, unknown])

    def values(self, rows: npt.NDArray[np.int64]) -> Floats:
        """The worth of these lots, in pounds over the contract."""
        new = rows[np.isnan(self.none[rows])]
        self.none[new], _, self.log_bids[new] = self.valuer.averages(self.flags[new])
        return self.valuer.worth(self.flags[rows], self.none[rows], self.log_bids[rows])

    def under(self, assumptions: Assumptions) -> LotTable:
        """The same lots under other assumptions, with what is known of their bids unless the assumptions change it."""
        changed = LotTable(self.design, replace(self.valuer, assumptions=assumptions), dict(self.row_of))
        changed.flags = self.flags
        if changed.valuer.same_bids(self.valuer):
            changed.sole, changed.none, changed.log_bids = self.sole.copy(), self.none.copy(), self.log_bids.copy()
        else:
            unknown = np.full(len(self.none), np.nan)
            changed.sole = np.full(len(self.none), NOT_ASKED)
            changed.none, changed.log_bids = unknown, unknown.copy()
        return changed

    def best(self, rules: Rules, *, seconds: float, excluded: Sequence[Sequence[int]] = ()) -> Solution | None:
        """The best structure by these rules, other than the excluded ones; lots are rows of this table."""
        rows = np.flatnonzero(self._allowed(rules))
        place_of = {row: place for place, row in enumerate(rows.tolist())}
        cuts = [
            other_than([place_of[row] for row in lots], len(rows))
            for lots in excluded
            if all(row in place_of for row in lots)
        ]
        conditions = [*self._conditions(rules, rows), *cuts]
        found = best_partition(self._cover(rows), self.values(rows), conditions, seconds=seconds)
        if found is None:
            return None
        return Solution(tuple(rows[list(found.lots)].tolist()), found.value, found.bound, found.proved)

    def can_meet(self, rules: Rules, *, seconds: float) -> bool:
        """Is there any structure that keeps these rules?"""
        rows = np.flatnonzero(self._allowed(rules))
        return is_possible(self._cover(rows), self._conditions(rules, rows), seconds=seconds)

    def rows(self, structure: Structure) -> list[int]:
        """The structure's lots, in its order, included if they are new."""
        lots = [bits_of(self.design, lot.unit_ids) for lot in structure.lots]
        self.include(lots)
        return [self.row_of[lot] for lot in lots]

    def flags_of(self, structure: Structure) -> Flags:
        """The structure's lots (rows) by unit (columns)."""
        rows = self.rows(structure)
        return self.flags[rows]

    def structure(self, name: str, rows: Iterable[int]) -> Structure:
        """The lots of these rows, in the order of the first unit of each."""
        units = [np.flatnonzero(self.flags[row]).tolist() for row in rows]
        return Structure(
            name, tuple(StructureLot(tuple(self.design.units[u].id for u in lot)) for lot in sorted(units))
        )

    def breaks(self, rules: Rules, structure: Structure) -> bool:
        """Does this structure break any of these rules?"""
        rows = np.array(self.rows(structure))
        if not self._allowed(rules)[rows].all():
            return True
        totals = ((row.amounts.sum(), row) for row in self._conditions(rules, rows))
        return not all(row.lower <= total <= row.upper for total, row in totals)

    def incumbents(self) -> int:
        """How many suppliers hold any of the units today."""
        return len({known for unit in self.design.units for known in unit.incumbent_ids})

    def _sole(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The column of the only provider interested in each of these lots, or `NOBODY_ALONE`."""
        new = rows[self.sole[rows] == NOT_ASKED]
        self.sole[new] = self.valuer.only_bidders(self.flags[new])
        return self.sole[rows]

    def _cover(self, rows: npt.NDArray[np.int64]) -> csr_array:
        return csr_array(self.flags[rows].astype(np.float64))

    def _annual_values(self) -> Floats:
        found: Floats = self.flags @ self.valuer.market.values
        return found

    def _allowed(self, rules: Rules) -> Flags:
        """The lots that keep every rule about a single lot."""
        breaches = size_breaches(rules, self._annual_values(), self.flags.sum(axis=1))
        allowed: Flags = ~np.logical_or.reduce(list(breaches.values()))
        for group in rules.together:
            taken = self._taken(group)
            allowed &= (taken == 0) | (taken == len(group))
        for group in rules.apart:
            allowed &= self._taken(group) <= 1
        return allowed

    def _taken(self, group: Iterable[str]) -> npt.NDArray[np.int64]:
        units = list(members(bits_of(self.design, group)))
        found: npt.NDArray[np.int64] = self.flags[:, units].sum(axis=1)
        return found

    def _conditions(self, rules: Rules, rows: npt.NDArray[np.int64]) -> list[Row]:
        """The rules about the structure as a whole, for a choice among these lots."""
        conditions = [Row(np.ones(len(rows)), *ends) for ends in self._lot_counts(rules)]
        limits = [limit for limit in (rules.lots_bid_for, rules.lots_awarded) if limit is not None]
        if limits:
            sole = self._sole(rows)
            for provider in np.unique(sole[sole != NOBODY_ALONE]).tolist():
                conditions.append(Row((sole == provider).astype(np.float64), -inf, min(limits)))
        if rules.sme_lots_at_least is not None and rules.sme_largest_annual_value is not None:
            small = self._annual_values()[rows] <= rules.sme_largest_annual_value + ROUNDING
            conditions.append(Row(small.astype(np.float64), rules.sme_lots_at_least, inf))
        return conditions

    def _lot_counts(self, rules: Rules) -> Iterator[tuple[float, float]]:
        """The least and the most lots that each rule allows."""
        if rules.lots_at_least is not None:
            yield rules.lots_at_least, inf
        if rules.lots_at_most is not None:
            yield -inf, rules.lots_at_most
        if rules.more_lots_than_incumbents:
            yield self.incumbents() + 1, inf
        if rules.fewer_lots_than_bidders:
            yield -inf, ceil(self.valuer.expected_bidders() - ROUNDING) - 1
        if rules.lots_awarded is not None:
            yield -inf, floor(rules.lots_awarded * self.valuer.expected_bidders() + ROUNDING)
