"""What changes from one structure to another, and why: lot by lot, provider by provider, under the same scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.lots.design import LotDesign, Structure, StructureLot, check_structure
from intelligence.lots.evaluate import add_worths, broken_rules, worth_of
from intelligence.lots.lot_interest import SHARE_ROUNDING
from intelligence.lots.lot_table import LotTable
from intelligence.lots.result import Change, Comparison, Hindrance, ProviderChange, Worth
from intelligence.lots.valuation import Floats, valuer_of

NOTICEABLE = 0.005
"""A change in expected bids below this is not told."""


def compare_structures(
    design: LotDesign, before: Structure, after: Structure, *, seed: int, priors: Priors = DEFAULT_PRIORS
) -> Comparison:
    """What changes from `before` to `after`, in pounds over the contract. Each lot is taken by itself.

    Raises:
        LotDesignError: a structure does not cover every unit exactly once.

    >>> from intelligence.lots.design import DesignUnit, UnitInterest
    >>> from intelligence.lots.structures import each_unit, integrated
    >>> from intelligence.market import InterestLevel, Provider, ServiceLine, Site
    >>> sites = (Site("a", "Ashby"), Site("b", "Barton"))
    >>> design = LotDesign(
    ...     units=tuple(DesignUnit(f"{site.id} dental", site.id, "dental", 900_000) for site in sites),
    ...     sites=sites,
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ...     interests=(UnitInterest("P1", "a dental", InterestLevel.WOULD_BID),),
    ... )
    >>> (change,) = compare_structures(design, each_unit(design), integrated(design), seed=1).changes
    >>> [hindrance.value for hindrance in change.providers[0].hindrances_after]
    ['covers_too_little']
    """
    check_structure(design, before, "before")
    check_structure(design, after, "after")
    table = LotTable(design, valuer_of(design, priors, seed=seed))
    difference = _by_scenario(table, after) - _by_scenario(table, before)
    broken_before, broken_after = broken_rules(table, before), broken_rules(table, after)
    changes = [_change(table, old, new) for old, new in _regrouped(before, after)]
    return Comparison(
        before=before.name,
        after=after.name,
        difference=float(difference.mean()),
        difference_error=float(difference.std(ddof=1) / sqrt(len(difference))),
        changes=tuple(changes),
        newly_broken_rules=tuple(rule for rule in broken_after if rule not in broken_before),
        mended_rules=tuple(rule for rule in broken_before if rule not in broken_after),
    )


def _by_scenario(table: LotTable, structure: Structure) -> Floats:
    """The structure's worth in each scenario."""
    flags = table.flags_of(structure)
    outlook = table.valuer.outlook(flags)
    worth = table.valuer.worth(flags, outlook.none.astype(np.float64), outlook.log_bids.astype(np.float64))
    total: Floats = worth.sum(axis=0)
    return total


def _regrouped(before: Structure, after: Structure) -> Iterator[tuple[list[StructureLot], list[StructureLot]]]:
    """Lots that are not in both structures, in the smallest groups that cover the same units on both sides."""
    new_by_units = {frozenset(lot.unit_ids): lot for lot in after.lots}
    kept = {frozenset(lot.unit_ids) for lot in before.lots} & new_by_units.keys()
    old = [lot for lot in before.lots if frozenset(lot.unit_ids) not in kept]
    new = [lot for lot in after.lots if frozenset(lot.unit_ids) not in kept]
    while old:
        units = set(old[0].unit_ids)
        while more := {unit for lot in (*old, *new) if units & set(lot.unit_ids) for unit in lot.unit_ids} - units:
            units |= more
        yield (
            [lot for lot in old if units & set(lot.unit_ids)],
            [lot for lot in new if units & set(lot.unit_ids)],
        )
        old = [lot for lot in old if not units & set(lot.unit_ids)]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a change: its lots' worth, the expected numbers of lots with no and with one bid, each provider's
    expected bids (by column of the market) and what hinders it in any of the lots."""

    worth: Worth
    none: float
    one: float
    bids: Floats
    hindrances: tuple[tuple[Hindrance, ...], ...]


def _change(table: LotTable, before: Sequence[StructureLot], after: Sequence[StructureLot]) -> Change:
    old, new = _side(table, before), _side(table, after)
    moved = np.abs(new.bids - old.bids)
    columns = [column for column in np.argsort(-moved, kind="stable").tolist() if moved[column] >= NOTICEABLE]
    return Change(
        before=tuple(before),
        after=tuple(after),
        worth_before=old.worth,
        worth_after=new.worth,
        lots_without_bid_before=old.none,
        lots_without_bid_after=new.none,
        lots_with_one_bid_before=old.one,
        lots_with_one_bid_after=new.one,
        providers=tuple(
            ProviderChange(
                table.valuer.market.providers[column].id,
                float(old.bids[column]),
                float(new.bids[column]),
                old.hindrances[column],
                new.hindrances[column],
            )
            for column in columns
        ),
    )


def _side(table: LotTable, lots: Sequence[StructureLot]) -> _Side:
    rows = table.rows(Structure("", tuple(lots)))
    flags = table.flags[rows]
    none, one, _ = table.valuer.averages(flags)
    interest = table.valuer.interest(flags)
    wanted = interest.covered > 0
    strongest = np.where(flags[:, :, None], table.valuer.market.level, 0).max(axis=1)
    signs = {
        Hindrance.COVERS_TOO_LITTLE: wanted & (interest.level == 0) & ~interest.too_small,
        Hindrance.WANTS_MOST_OF_IT_LESS: (interest.level > 0) & (interest.level < strongest),
        Hindrance.NEEDS_PARTNERS: (interest.level > 0) & (interest.covered < 1 - SHARE_ROUNDING),
        Hindrance.TOO_LARGE: wanted & (interest.doublings > 0),
        Hindrance.TOO_SMALL: wanted & interest.too_small,
        Hindrance.BREAKS_PACKAGE: wanted & interest.breaks_package,
    }
    return _Side(
        worth=add_worths([worth_of(table, row) for row in rows]),
        none=float(none.sum()),
        one=float(one.sum()),
        bids=table.valuer.bid_chances(flags).sum(axis=0),
        hindrances=tuple(
            tuple(hindrance for hindrance, found in signs.items() if found[:, column].any())
            for column in range(interest.level.shape[1])
        ),
    )
