"""The usual ways to cut a programme into lots, and the moves that turn one structure into another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from intelligence.lots.design import DesignUnit, LotDesign, LotDesignError, Structure, StructureLot

EACH_UNIT, BY_SITE, BY_SERVICE, INTEGRATED = "each unit", "by site", "by service", "integrated"


def each_unit(design: LotDesign) -> Structure:
    """A lot for every service at every site."""
    return _grouped(design, EACH_UNIT, lambda unit: unit.id)


def by_site(design: LotDesign) -> Structure:
    """A lot for every site, with all its services."""
    return _grouped(design, BY_SITE, lambda unit: unit.site_id)


def by_service(design: LotDesign) -> Structure:
    """A lot for every service line, at all its sites."""
    return _grouped(design, BY_SERVICE, lambda unit: unit.service_line_id)


def integrated(design: LotDesign) -> Structure:
    """One lot with everything."""
    return _grouped(design, INTEGRATED, lambda unit: "")


def baselines(design: LotDesign) -> tuple[Structure, ...]:
    """The four usual structures, none twice: in a programme of one site, by service and each unit are the same."""
    found: dict[frozenset[frozenset[str]], Structure] = {}
    for make in (each_unit, by_site, by_service, integrated):
        structure = make(design)
        found.setdefault(partition_of(structure), structure)
    return tuple(found.values())


def partition_of(structure: Structure) -> frozenset[frozenset[str]]:
    """The structure as a set of sets of unit ids: what makes two structures the same, whatever their names."""
    return frozenset(frozenset(lot.unit_ids) for lot in structure.lots)


def move_units(structure: Structure, unit_ids: Collection[str], *, to_lot: int | None) -> Structure:
    """Move units to another lot (its position), or to a new lot of their own (`None`). A lot left empty goes.

    Raises:
        LotDesignError: no such unit or lot.

    >>> two = Structure("mine", (StructureLot(("a", "b")), StructureLot(("c",))))
    >>> [lot.unit_ids for lot in move_units(two, ["b"], to_lot=1).lots]
    [('a',), ('c', 'b')]
    """
    _check_lots(structure, () if to_lot is None else (to_lot,))
    placed = [unit for lot in structure.lots for unit in lot.unit_ids]
    for unit in unit_ids:
        if unit not in placed:
            raise LotDesignError("unit_ids", f"{unit!r} is in no lot of {structure.name!r}")
    moving = tuple(unit for unit in placed if unit in unit_ids)
    lots = []
    for position, lot in enumerate(structure.lots):
        staying = tuple(unit for unit in lot.unit_ids if unit not in moving)
        lots.append(replace(lot, unit_ids=(*staying, *moving) if position == to_lot else staying))
    if to_lot is None:
        lots.append(StructureLot(moving))
    return replace(structure, lots=tuple(lot for lot in lots if lot.unit_ids))


def merge_lots(structure: Structure, positions: Iterable[int]) -> Structure:
    """Make one lot of several, in the place and under the title of the first.

    Raises:
        LotDesignError: fewer than two lots, or no such lot.
    """
    chosen = sorted(set(positions))
    _check_lots(structure, chosen)
    if len(chosen) < 2:
        raise LotDesignError("positions", "merging needs two lots or more")
    first = structure.lots[chosen[0]]
    merged = replace(first, unit_ids=tuple(unit for place in chosen for unit in structure.lots[place].unit_ids))
    kept = ((place, lot) for place, lot in enumerate(structure.lots) if place not in chosen[1:])
    return replace(structure, lots=tuple(merged if place == chosen[0] else lot for place, lot in kept))


def split_lot(structure: Structure, position: int, unit_ids: Iterable[str]) -> Structure:
    """Take some of a lot's units out into a new lot, which comes last.

    Raises:
        LotDesignError: no such lot, a unit that is not in it, or nothing left on one side.
    """
    _check_lots(structure, (position,))
    lot, leaving = structure.lots[position], tuple(unit_ids)
    staying = tuple(unit for unit in lot.unit_ids if unit not in leaving)
    if not leaving or not staying or len(staying) + len(leaving) != len(lot.unit_ids):
        raise LotDesignError("unit_ids", "must be some, not all, of the lot's units, each once")
    lots = [
        replace(lot, unit_ids=staying) if place == position else other for place, other in enumerate(structure.lots)
    ]
    return replace(structure, lots=(*lots, StructureLot(leaving)))


def title_of(design: LotDesign, lot: StructureLot) -> str:
    """The officer's title, or one made from services and sites, in the order of the design."""
    if lot.title:
        return lot.title
    by_services: dict[str, list[str]] = {}
    for site in design.sites:
        taken = {unit.service_line_id for unit in design.units if unit.id in lot.unit_ids and unit.site_id == site.id}
        if taken:
            services = ", ".join(line.name for line in design.service_lines if line.id in taken)
            by_services.setdefault(services, []).append(site.name)
    return "; ".join(f"{services}: {', '.join(sites)}" for services, sites in by_services.items())


def _grouped(design: LotDesign, name: str, key: Callable[[DesignUnit], str]) -> Structure:
    groups: dict[str, list[str]] = {}
    for unit in design.units:
        groups.setdefault(key(unit), []).append(unit.id)
    return Structure(name, tuple(StructureLot(tuple(units)) for units in groups.values()))


def _check_lots(structure: Structure, positions: Iterable[int]) -> None:
    for position in positions:
        if not 0 <= position < len(structure.lots):
            raise LotDesignError("lots", f"{structure.name!r} has no lot {position}")
