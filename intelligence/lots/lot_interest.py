"""From interest in units to interest in lots, for many lots at once.

A provider bids for a lot at a level if it declared that level, or a stronger one, for units that make up `coverage` of
the lot's value. What it did not ask for it would have to buy in, so such a bid counts as one with partners. A lot that
breaks a package of units wanted only together is a possibility at best; a lot below the provider's smallest is none.
These are judgements; the first is a named assumption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from intelligence.capacity.priors import Priors
from intelligence.capacity.willingness import LEVEL_PRIORS, MOST_DOUBLINGS, ROLE_PRIORS, largest_contract
from intelligence.lots.candidates import bits_of, members
from intelligence.lots.design import LotDesign, UnitInterest
from intelligence.market import BiddingRole, InterestLevel, Provider

Flags: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int8]

LEVELS = (None, InterestLevel.UNDECIDED, InterestLevel.POSSIBLY, InterestLevel.LIKELY, InterestLevel.WOULD_BID)
"""Levels by code, from none to the strongest."""

ROLES = (BiddingRole.LEAD, BiddingRole.CONSORTIUM, BiddingRole.SUBCONTRACT)
"""Roles by code, the farther from leading the higher."""

SHARE_ROUNDING = 1e-9  # of a lot's value


@dataclass(frozen=True, slots=True)
class UnitMarket:
    """The declared interest as arrays: a row for each unit, a column for each provider that could bid for anything.

    `level` and `role` are codes; `consortium` numbers the names in `consortia` from 1, 0 being none. `packages` are
    pairs of a provider's column and the units (as flags) that it wants only together.
    """

    providers: tuple[Provider, ...]
    values: Floats
    level: Codes
    role: Codes
    incumbent: Flags
    consortium: npt.NDArray[np.int64]
    consortia: tuple[str, ...]
    largest: Floats
    smallest: Floats
    packages: tuple[tuple[int, Flags], ...]


@dataclass(frozen=True, slots=True)
class LotInterest:
    """By lot (row) and provider (column). `covered` is the share of the lot's value in which the provider declared any
    interest; `doublings` is how often the lot's value doubles the provider's largest contract."""

    level: Codes
    role: Codes
    incumbent: Flags
    consortium: npt.NDArray[np.int64]
    doublings: Floats
    covered: Floats
    breaks_package: Flags
    too_small: Flags


def unit_market(design: LotDesign, priors: Priors) -> UnitMarket:
    """The design's interest as arrays. Providers are sorted by id, so that the order of the input changes nothing."""
    declared = [interest for interest in design.interests if _could_bid(interest)]
    bidding = {interest.provider_id for interest in declared}
    providers = sorted((known for known in design.providers if known.id in bidding), key=lambda known: known.id)
    columns = {provider.id: place for place, provider in enumerate(providers)}
    rows = {unit.id: place for place, unit in enumerate(design.units)}
    consortia = sorted({interest.consortium for interest in declared if interest.consortium is not None})
    shape = len(rows), len(columns)
    level, role, consortium = np.zeros(shape, np.int8), np.zeros(shape, np.int8), np.zeros(shape, np.int64)
    for interest in declared:
        at = rows[interest.unit_id], columns[interest.provider_id]
        level[at] = LEVELS.index(interest.level)
        role[at] = ROLES.index(interest.role)
        consortium[at] = 0 if interest.consortium is None else consortia.index(interest.consortium) + 1
    incumbent = np.zeros(shape, np.bool_)
    for place, unit in enumerate(design.units):
        incumbent[place, [columns[known] for known in unit.incumbent_ids if known in columns]] = True
    smallest, packages = _terms(design, columns)
    return UnitMarket(
        tuple(providers),
        np.array([unit.annual_value for unit in design.units]),
        level,
        role,
        incumbent,
        consortium,
        tuple(consortia),
        np.array([largest_contract(provider, priors) for provider in providers]),
        smallest,
        packages,
    )


def membership(lots: Sequence[int], units: int) -> Flags:
    """Lots as bits (rows) by unit (columns)."""
    flags = np.zeros((len(lots), units), np.bool_)
    for row, lot in enumerate(lots):
        flags[row, list(members(lot))] = True
    return flags


def lot_interest(market: UnitMarket, lots: Flags, *, coverage: float, incumbent_share: float) -> LotInterest:
    """Every provider's interest in every lot. `lots` has a row for each lot, a column for each unit."""
    inside = lots.astype(np.float64)
    weights = inside * market.values
    value = weights.sum(axis=1)[:, None]
    covered = _share(weights, market.level > 0, value)
    level = np.zeros(covered.shape, np.int8)
    for code in range(1, len(LEVELS)):
        level[_share(weights, market.level >= code, value) >= coverage - SHARE_ROUNDING] = code
    role = np.where(covered < 1 - SHARE_ROUNDING, np.int8(ROLES.index(BiddingRole.CONSORTIUM)), np.int8(0))
    for code in range(1, len(ROLES)):
        asked = inside @ ((market.role == code) & (market.level > 0)) > 0
        role[asked] = np.maximum(role[asked], np.int8(code))
    breaks_package = np.zeros(level.shape, np.bool_)
    for column, package in market.packages:
        taken = lots[:, package].sum(axis=1)
        breaks_package[:, column] |= (taken > 0) & (taken < package.sum())
    level[breaks_package] = np.minimum(level[breaks_package], LEVELS.index(InterestLevel.POSSIBLY))
    too_small = value < market.smallest
    level[too_small] = 0
    with np.errstate(divide="ignore"):
        doublings = np.clip(np.log2(value / market.largest), 0, MOST_DOUBLINGS)
    incumbent = _share(weights, market.incumbent, value) >= incumbent_share - SHARE_ROUNDING
    consortium = _consortium(market, inside)
    return LotInterest(level, role, incumbent, consortium, doublings, covered, breaks_package, too_small)


def _could_bid(interest: UnitInterest) -> bool:
    return interest.level in LEVEL_PRIORS and interest.role in ROLE_PRIORS


def _terms(design: LotDesign, columns: Mapping[str, int]) -> tuple[Floats, tuple[tuple[int, Flags], ...]]:
    smallest = np.zeros(len(columns))
    packages = []
    for terms in design.terms:
        if terms.provider_id not in columns:
            continue
        column = columns[terms.provider_id]
        smallest[column] = terms.smallest_annual_value or 0.0
        for package in terms.packages:
            packages.append((column, membership([bits_of(design, package)], len(design.units))[0]))
    return smallest, tuple(packages)


def _share(weights: Floats, flags: Flags, value: Floats) -> Floats:
    """The share of each lot's value in the flagged units."""
    found: Floats = weights @ flags / value
    return found


def _consortium(market: UnitMarket, inside: Floats) -> npt.NDArray[np.int64]:
    """The consortium that a provider would bid with: the one it named for every unit of the lot that it wants."""
    wanted = inside @ (market.level > 0)
    found = np.zeros(wanted.shape, np.int64)
    for number in range(1, len(market.consortia) + 1):
        with_it = inside @ ((market.consortium == number) & (market.level > 0))
        found[(wanted > 0) & (with_it == wanted)] = number
    return found
