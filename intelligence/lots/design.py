"""The lot design problem: what is to be bought, who wants which part of it, and the rules a structure must keep.

Light: these types are stored and shown, so nothing here imports a numerical library. Money is in pounds a year unless
a name says otherwise; staff are whole-time equivalents (WTE).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from intelligence.lots.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from intelligence.market import (
    LARGEST,
    LONGEST_TERM_YEARS,
    BiddingRole,
    InputError,
    InterestLevel,
    Provider,
    ServiceLine,
    Site,
    check_providers,
    check_sites,
)

USUAL_YEARS = 5.0
"""That a contract is taken to run where nobody has said."""
MOST_UNITS = 200
MOST_WTE = LARGEST / MOST_UNITS
"""Of one unit, so that a lot of all units has no more than a market can hold."""


class LotDesignError(InputError):
    """The problem or a structure contradicts itself; `path` says where, for example ``units[3].site_id``."""


@dataclass(frozen=True, slots=True)
class DesignUnit:
    """The smallest thing that can be put into a lot: one service line at one site."""

    id: str
    site_id: str
    service_line_id: str
    annual_value: float
    demand_wte: float | None = None
    incumbent_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitInterest:
    """What one provider declared about one unit. Partners that would bid together carry the same `consortium`."""

    provider_id: str
    unit_id: str
    level: InterestLevel
    role: BiddingRole = BiddingRole.LEAD
    wte_at_start: float | None = None
    wte_month_6: float | None = None
    consortium: str | None = None


@dataclass(frozen=True, slots=True)
class BidTerms:
    """What a provider said about the lots it would bid for: the smallest, and units it wants only together."""

    provider_id: str
    smallest_annual_value: float | None = None
    packages: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The officer's rules. `None`, an empty tuple or `False` is no rule.

    `together` and `apart` are groups of unit ids: all in one lot, or no two in one lot. `lots_bid_for` and
    `lots_awarded` limit each supplier. `sme_largest_annual_value` says up to which value a lot is sized for small and
    medium enterprises (SMEs); at least `sme_lots_at_least` lots must be. `fewer_lots_than_bidders` and
    `more_lots_than_incumbents` are the two halves of a rule from auction practice: scarcity keeps bidders keen, and a
    lot more than there are incumbents leaves room for an entrant.
    """

    lots_at_least: int | None = None
    lots_at_most: int | None = None
    smallest_annual_value: float | None = None
    largest_annual_value: float | None = None
    fewest_units: int | None = None
    most_units: int | None = None
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    lots_bid_for: int | None = None
    lots_awarded: int | None = None
    sme_largest_annual_value: float | None = None
    sme_lots_at_least: int | None = None
    fewer_lots_than_bidders: bool = False
    more_lots_than_incumbents: bool = False


@dataclass(frozen=True, slots=True)
class StructureLot:
    """Units that one contract would cover; `title` is the officer's, empty for one made from the units."""

    unit_ids: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """A way to cut the programme into lots. :func:`check_structure` says whether it covers each unit exactly once."""

    name: str
    lots: tuple[StructureLot, ...]


@dataclass(frozen=True, slots=True)
class LotDesign:
    """Units, market and rules. `neighbours` are pairs of site ids: a service may be bought across them in one lot.

    `structures` are the officer's own drafts: they are reported beside the optimum, and their lots are candidates.

    Raises:
        LotDesignError: an identifier is repeated or unknown, or a number is out of range.
        MarketError: a number of a site or provider is out of range.

    >>> north, south = (DesignUnit(f"{site}-dental", site, "dental", 240_000) for site in ("LPI", "HII"))
    >>> design = LotDesign(
    ...     units=(north, south),
    ...     sites=(Site("LPI", "HMP Liverpool"), Site("HII", "HMP Hindley")),
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     neighbours=(("LPI", "HII"),),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ...     interests=(UnitInterest("P1", "LPI-dental", InterestLevel.LIKELY),),
    ...     rules=Rules(lots_at_most=1),
    ... )
    >>> design.contract_years
    5.0
    """

    units: tuple[DesignUnit, ...]
    sites: tuple[Site, ...]
    service_lines: tuple[ServiceLine, ...]
    neighbours: tuple[tuple[str, str], ...] = ()
    providers: tuple[Provider, ...] = ()
    interests: tuple[UnitInterest, ...] = ()
    terms: tuple[BidTerms, ...] = ()
    rules: Rules = Rules()
    contract_years: float = USUAL_YEARS
    structures: tuple[Structure, ...] = ()
    assumptions: Assumptions = field(default=DEFAULT_ASSUMPTIONS)

    def __post_init__(self) -> None:
        _check_units(self)
        _check_market(self)
        _check_rules(self)
        for position, structure in enumerate(self.structures):
            check_structure(self, structure, f"structures[{position}]")


def check_structure(design: LotDesign, structure: Structure, path: str = "structure") -> None:
    """Does the structure cover every unit exactly once?

    Raises:
        LotDesignError: no; the message names the unit.
    """
    units = frozenset(unit.id for unit in design.units)
    placed: set[str] = set()
    for position, lot in enumerate(structure.lots):
        if not lot.unit_ids:
            raise LotDesignError(f"{path}.lots[{position}].unit_ids", "a lot must cover at least one unit")
        for place, unit_id in enumerate(lot.unit_ids):
            where = f"{path}.lots[{position}].unit_ids[{place}]"
            _known(where, unit_id, units, "unit")
            if unit_id in placed:
                raise LotDesignError(where, f"unit {unit_id!r} is in a lot already")
            placed.add(unit_id)
    for unit in design.units:
        if unit.id not in placed:
            raise LotDesignError(f"{path}.lots", f"unit {unit.id!r} is in no lot")


def _check_units(design: LotDesign) -> None:
    if not 1 <= len(design.units) <= MOST_UNITS:
        raise LotDesignError("units", f"there must be 1 to {MOST_UNITS} units, not {len(design.units)}")
    _unique("units", (unit.id for unit in design.units))
    sites = _unique("sites", (site.id for site in design.sites))
    lines = _unique("service_lines", (line.id for line in design.service_lines))
    providers = _unique("providers", (provider.id for provider in design.providers))
    check_sites(design.sites)
    check_providers(design.providers)
    covered: set[tuple[str, str]] = set()
    for position, unit in enumerate(design.units):
        path = f"units[{position}]"
        _known(f"{path}.site_id", unit.site_id, sites, "site")
        _known(f"{path}.service_line_id", unit.service_line_id, lines, "service line")
        if (unit.site_id, unit.service_line_id) in covered:
            raise LotDesignError(path, "another unit covers this service line at this site")
        covered.add((unit.site_id, unit.service_line_id))
        if not 1 <= unit.annual_value <= LARGEST:
            raise LotDesignError(f"{path}.annual_value", f"must be from one pound to {LARGEST:g}")
        _in_range(f"{path}.demand_wte", unit.demand_wte, MOST_WTE)
        for place, incumbent in enumerate(unit.incumbent_ids):
            _known(f"{path}.incumbent_ids[{place}]", incumbent, providers, "provider")
    if sum(unit.annual_value for unit in design.units) > LARGEST:
        raise LotDesignError("units", f"must be worth {LARGEST:g} pounds a year or less together")
    for position, pair in enumerate(design.neighbours):
        for place, site_id in enumerate(pair):
            _known(f"neighbours[{position}][{place}]", site_id, sites, "site")


def _check_market(design: LotDesign) -> None:
    units = frozenset(unit.id for unit in design.units)
    providers = frozenset(provider.id for provider in design.providers)
    pairs: set[tuple[str, str]] = set()
    for position, interest in enumerate(design.interests):
        path = f"interests[{position}]"
        _known(f"{path}.provider_id", interest.provider_id, providers, "provider")
        _known(f"{path}.unit_id", interest.unit_id, units, "unit")
        pair = (interest.provider_id, interest.unit_id)
        if pair in pairs:
            raise LotDesignError(path, f"{pair[0]!r} already declared its interest in unit {pair[1]!r}")
        pairs.add(pair)
        _in_range(f"{path}.wte_at_start", interest.wte_at_start, MOST_WTE)
        _in_range(f"{path}.wte_month_6", interest.wte_month_6, MOST_WTE)
    _unique("terms", (terms.provider_id for terms in design.terms))
    for position, terms in enumerate(design.terms):
        _known(f"terms[{position}].provider_id", terms.provider_id, providers, "provider")
        _in_range(f"terms[{position}].smallest_annual_value", terms.smallest_annual_value)
        _check_groups(f"terms[{position}].packages", terms.packages, units)
    if not 0 < design.contract_years <= LONGEST_TERM_YEARS:
        raise LotDesignError("contract_years", f"must be above zero and at most {LONGEST_TERM_YEARS}")


def _check_rules(design: LotDesign) -> None:
    rules = design.rules
    units = frozenset(unit.id for unit in design.units)
    for name in ("lots_at_least", "lots_at_most", "fewest_units", "most_units", "lots_bid_for", "lots_awarded"):
        count = getattr(rules, name)
        if count is not None and not 1 <= count <= MOST_UNITS:
            raise LotDesignError(f"rules.{name}", f"must be from 1 to {MOST_UNITS}")
    for name in ("smallest_annual_value", "largest_annual_value", "sme_largest_annual_value", "sme_lots_at_least"):
        _in_range(f"rules.{name}", getattr(rules, name))
    if rules.sme_lots_at_least is not None and rules.sme_largest_annual_value is None:
        raise LotDesignError(
            "rules.sme_largest_annual_value", "says what an SME-sized lot is; sme_lots_at_least needs it"
        )
    _check_groups("rules.together", rules.together, units)
    _check_groups("rules.apart", rules.apart, units)


def _check_groups(path: str, groups: Iterable[tuple[str, ...]], units: frozenset[str]) -> None:
    seen: set[frozenset[str]] = set()
    for position, group in enumerate(groups):
        if frozenset(group) in seen:
            raise LotDesignError(f"{path}[{position}]", "repeats another group")
        seen.add(frozenset(group))
        if len(group) < 2:
            raise LotDesignError(f"{path}[{position}]", "needs at least two units")
        for place, unit_id in enumerate(group):
            _known(f"{path}[{position}][{place}]", unit_id, units, "unit")
        if any(first == second for first, second in combinations(group, 2)):
            raise LotDesignError(f"{path}[{position}]", "names a unit twice")


def _unique(path: str, ids: Iterable[str]) -> frozenset[str]:
    seen: set[str] = set()
    for position, identifier in enumerate(ids):
        if not identifier or identifier in seen:
            reason = f"{identifier!r} appears more than once" if identifier else "is empty"
            raise LotDesignError(f"{path}[{position}].id", reason)
        seen.add(identifier)
    return frozenset(seen)


def _known(path: str, identifier: str, known: frozenset[str], what: str) -> None:
    if identifier not in known:
        raise LotDesignError(path, f"{identifier!r} is not the id of a {what}")


def _in_range(path: str, value: float | None, most: float = LARGEST) -> None:
    if value is not None and not 0 <= value <= most:
        raise LotDesignError(path, f"must be from zero to {most:g}")
