"""The usual ways to cut a programme into lots, and what a lot is called."""

from __future__ import annotations

from collections.abc import Callable

from intelligence.lots.design import DesignUnit, LotDesign, Structure, StructureLot

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
