"""Which lots could be made: connected sets of units within the rules that larger lots can only break.

Two units are linked when they are at the same site, or the same service at neighbouring sites. Units that a rule wants
together count as linked and are taken as one. A lot may grow while it keeps the upper bounds of the size bands and
keeps apart what must be; the other rules are checked on the finished sets. Sets of units are whole numbers, a bit for
each unit in the order of the design: that makes growing them quick, whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from intelligence.lots.design import LotDesign, Rules
from intelligence.lots.structures import baselines

MOST_CANDIDATES = 120_000


@dataclass(frozen=True, slots=True)
class CandidateLots:
    """`lots` are sets of units as bits, ascending. Where not `complete`, lots of more parts than `parts_at_most` are
    missing, but for sets of whole sites or whole services, the usual structures and the officer's drafts. A part is a
    unit, or the units that a rule wants together."""

    lots: tuple[int, ...]
    complete: bool
    parts_at_most: int


def candidate_lots(design: LotDesign, rules: Rules, *, most: int = MOST_CANDIDATES) -> CandidateLots:
    """Every connected lot that keeps the upper bounds of `rules`, in whole sizes as long as there are at most `most`.

    >>> from intelligence.lots.design import DesignUnit
    >>> from intelligence.market import ServiceLine, Site
    >>> units = tuple(DesignUnit(site, site, "dental", 1_000) for site in ("a", "b", "c"))
    >>> sites = tuple(Site(name, name) for name in ("a", "b", "c"))
    >>> chain = LotDesign(units, sites, (ServiceLine("dental", "Dental"),), neighbours=(("a", "b"), ("b", "c")))
    >>> [f"{lot:03b}" for lot in candidate_lots(chain, Rules(most_units=2)).lots]
    ['001', '010', '011', '100', '110', '111']
    """
    allowed = _upper_bounds(design, rules)
    links = _links(design)
    together = [bits_of(design, group) for group in rules.together]
    parts = _joined(design, together)
    grown, complete, parts_at_most = _grow(parts, links, allowed, most)
    found = set(grown)
    if not complete:
        for key in ("site_id", "service_line_id"):
            wholes = _joined(design, [*together, *_by(design, key)])
            found.update(_grow(wholes, links, allowed, most)[0])
    found.update(_drafted(design))
    return CandidateLots(tuple(sorted(found)), complete, parts_at_most)


def bits_of(design: LotDesign, unit_ids: Iterable[str]) -> int:
    """The units as bits, in the order of the design."""
    chosen = frozenset(unit_ids)
    return sum(1 << place for place, unit in enumerate(design.units) if unit.id in chosen)


def members(lot: int) -> Iterator[int]:
    """The positions of the bits that are set, ascending.

    >>> list(members(0b1101))
    [0, 2, 3]
    """
    while lot:
        lowest = lot & -lot
        yield lowest.bit_length() - 1
        lot ^= lowest


def _drafted(design: LotDesign) -> Iterator[int]:
    """The lots of the usual structures and of the officer's drafts; the other rules are checked later."""
    for structure in (*baselines(design), *design.structures):
        for lot in structure.lots:
            yield bits_of(design, lot.unit_ids)


def _by(design: LotDesign, key: str) -> list[int]:
    groups: dict[str, int] = {}
    for place, unit in enumerate(design.units):
        groups[getattr(unit, key)] = groups.get(getattr(unit, key), 0) | 1 << place
    return list(groups.values())


def _joined(design: LotDesign, groups: Iterable[int]) -> list[int]:
    """The units, with those of one group (and of overlapping groups) as one part."""
    parts = [1 << place for place in range(len(design.units))]
    for group in groups:
        inside = [part for part in parts if part & group]
        parts = [part for part in parts if not part & group]
        parts.append(sum(inside))
    return parts


def _links(design: LotDesign) -> list[int]:
    """For each unit the units it is linked to. What the officer wants together can be bought together, even in a search
    that does not insist on it."""
    near = {frozenset(pair) for pair in design.neighbours}
    links = []
    for unit in design.units:
        linked = 0
        for place, other in enumerate(design.units):
            same_service = unit.service_line_id == other.service_line_id
            if unit.site_id == other.site_id or (same_service and frozenset((unit.site_id, other.site_id)) in near):
                linked |= 1 << place
        for group in design.rules.together:
            if unit.id in group:
                linked |= bits_of(design, group)
        links.append(linked)
    return links


def _upper_bounds(design: LotDesign, rules: Rules) -> Callable[[int], bool]:
    """Does a set of units keep every rule that more units could only break?"""
    values = [unit.annual_value for unit in design.units]
    largest = inf if rules.largest_annual_value is None else rules.largest_annual_value
    most_units = len(values) if rules.most_units is None else rules.most_units
    apart = [bits_of(design, group) for group in rules.apart]

    def allowed(lot: int) -> bool:
        if lot.bit_count() > most_units or any((lot & group).bit_count() > 1 for group in apart):
            return False
        return largest == inf or sum(values[place] for place in members(lot)) <= largest

    return allowed


def _grow(
    parts: Sequence[int], links: Sequence[int], allowed: Callable[[int], bool], most: int
) -> tuple[list[int], bool, int]:
    """Connected unions of parts, size by size; whether that is all of them, and the largest size that is complete."""
    part_of = {place: part for part in parts for place in members(part)}
    reach = {part: _reach(part, links) for part in parts}
    level = {part: reach[part] for part in parts if allowed(part)}
    found = list(level)
    for size in range(2, len(parts) + 1):
        following: dict[int, int] = {}
        for lot, near in level.items():
            for part in {part_of[place] for place in members(near & ~lot)}:
                larger = lot | part
                if larger not in following and allowed(larger):
                    following[larger] = near | reach[part]
            if len(found) + len(following) > most:
                return found, False, size - 1
        if not following:
            break
        found.extend(following)
        level = following
    return found, True, len(parts)


def _reach(part: int, links: Sequence[int]) -> int:
    linked = 0
    for place in members(part):
        linked |= links[place]
    return linked
