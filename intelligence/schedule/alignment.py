"""A register of inherited contracts: where services lapse or run twice, and extensions that let contracts end together.

Pure functions of dates and prices. An extension is only proposed within a contract's `latest_end`; one without a
recorded option cannot be extended, and nor can one that has ended: what it covered is without a contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from intelligence.market import Unit
from intelligence.schedule.calendar import ONE_DAY

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class InheritedContract:
    """A contract from `start` to `end`, both included, for some services at some sites.

    `latest_end` is its end if every option to extend is used, `None` where none is recorded; `annual_value` is in
    pounds, and `uplift` the share by which an extended year is dearer.
    """

    id: str
    title: str
    units: tuple[Unit, ...]
    start: date
    end: date
    latest_end: date | None = None
    annual_value: float = 0.0
    uplift: float = 0.0


@dataclass(frozen=True, slots=True)
class Gap:
    """Days, both included, on which a service at a site has no contract between two that it had."""

    unit: Unit
    first: date
    last: date
    before_id: str
    after_id: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Days, both included, on which two contracts cover the same service at the same site."""

    unit: Unit
    first: date
    last: date
    contract_ids: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lapse:
    """A service at a site that has had no contract since the day `since`, when `contract_id` had ended."""

    unit: Unit
    since: date
    contract_id: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A contract run on to `until`: `days` more, `cost` pounds for them, `uplift_cost` of it for being dearer."""

    contract_id: str
    until: date
    days: int
    cost: float
    uplift_cost: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Extensions after which contracts end together on `on`, what they cost, and which contracts cannot follow.

    `cannot` are those whose latest end is sooner; `later` those that end after `on` as it is. `overlaps` are those that
    the extensions would bring about: another contract already takes over some of what one covers.
    """

    on: date
    extensions: tuple[Extension, ...]
    cost: float
    uplift_cost: float
    aligned: tuple[str, ...]
    cannot: tuple[str, ...]
    later: tuple[str, ...]
    overlaps: tuple[Overlap, ...] = ()


def gaps(register: tuple[InheritedContract, ...]) -> tuple[Gap, ...]:
    """Every stretch of days between two contracts on which a service at a site has none, by site and service.

    >>> unit = Unit("LPI", "dental")
    >>> first = InheritedContract("A", "Dental", (unit,), date(2024, 4, 1), date(2026, 3, 31))
    >>> second = InheritedContract("B", "Dental", (unit,), date(2026, 5, 1), date(2028, 3, 31))
    >>> [(gap.first.isoformat(), gap.last.isoformat()) for gap in gaps((second, first))]
    [('2026-04-01', '2026-04-30')]
    """
    found = []
    for unit, contracts in _by_unit(register):
        covered = contracts[0]
        for contract in contracts[1:]:
            if contract.start > covered.end + ONE_DAY:
                found.append(Gap(unit, covered.end + ONE_DAY, contract.start - ONE_DAY, covered.id, contract.id))
            covered = max(covered, contract, key=lambda entry: entry.end)
    return tuple(found)


def overlaps(register: tuple[InheritedContract, ...]) -> tuple[Overlap, ...]:
    """Every stretch of days on which two contracts cover the same service at the same site."""
    found = []
    for unit, contracts in _by_unit(register):
        for n, first in enumerate(contracts):
            for second in contracts[n + 1 :]:
                if second.start <= first.end:
                    found.append(Overlap(unit, second.start, min(first.end, second.end), (first.id, second.id)))
    return tuple(found)


def lapses(register: tuple[InheritedContract, ...], as_of: date) -> tuple[Lapse, ...]:
    """Every service at a site whose last contract had ended before `as_of`, by site and service."""
    found = []
    for unit, contracts in _by_unit(register):
        last = max(contracts, key=lambda entry: (entry.end, entry.id))
        if last.end < as_of:
            found.append(Lapse(unit, last.end + ONE_DAY, last.id))
    return tuple(found)


def align_on(register: tuple[InheritedContract, ...], on: date, *, as_of: date) -> Alignment:
    """Extend every contract that ends before `on` and can be extended to it, and price that.

    Only contracts that run on the day `as_of` or later and that nothing in the register follows are extended: another
    already takes over from the rest, or nothing is left to extend. Costs are in pounds.

    >>> long = InheritedContract("A", "Dental", (Unit("LPI", "dental"),), date(2022, 4, 1), date(2027, 3, 31))
    >>> short = InheritedContract(
    ...     "B", "Dental", (Unit("HII", "dental"),), date(2022, 4, 1), date(2026, 9, 30), date(2027, 9, 30), 365_250
    ... )
    >>> aligned = align_on((long, short), date(2027, 3, 31), as_of=date(2026, 1, 5))
    >>> aligned.aligned, aligned.extensions[0].contract_id, round(aligned.cost)
    (('A', 'B'), 'B', 182000)
    """
    last = _last_contracts(register, as_of)
    extensions = tuple(_extension(contract, on) for contract in last if contract.end < on and _can_run(contract, on))
    extended = tuple(extension.contract_id for extension in extensions)
    return Alignment(
        on=on,
        extensions=extensions,
        cost=sum(extension.cost for extension in extensions),
        uplift_cost=sum(extension.uplift_cost for extension in extensions),
        aligned=tuple(contract.id for contract in last if contract.end == on or contract.id in extended),
        cannot=tuple(contract.id for contract in last if contract.end < on and not _can_run(contract, on)),
        later=tuple(contract.id for contract in last if contract.end > on),
        overlaps=_brought_about(register, extensions),
    )


def alignments(register: tuple[InheritedContract, ...], *, as_of: date) -> tuple[Alignment, ...]:
    """The alignments worth comparing: on each end of a contract that others can be extended to.

    Those that let most contracts end together come first, the cheaper among equals, then the sooner. One that another
    beats on both counts is left out.
    """
    ends = sorted({contract.end for contract in _last_contracts(register, as_of)})
    proposals = [align_on(register, end, as_of=as_of) for end in ends]
    worth = [
        proposal
        for proposal in proposals
        if proposal.extensions
        and not any(
            len(other.aligned) >= len(proposal.aligned)
            and other.cost <= proposal.cost
            and (len(other.aligned), -other.cost) != (len(proposal.aligned), -proposal.cost)
            for other in proposals
        )
    ]
    return tuple(sorted(worth, key=lambda entry: (-len(entry.aligned), entry.cost, entry.on)))


def _by_unit(register: Iterable[InheritedContract]) -> list[tuple[Unit, list[InheritedContract]]]:
    """The contracts of each service at each site in the order in which they start; sites and services in order."""
    found: dict[Unit, list[InheritedContract]] = {}
    for contract in sorted(register, key=lambda entry: (entry.start, entry.end, entry.id)):
        for unit in dict.fromkeys(contract.units):
            found.setdefault(unit, []).append(contract)
    return sorted(found.items(), key=lambda entry: (entry[0].site_id, entry[0].service_line_id))


def _last_contracts(register: tuple[InheritedContract, ...], as_of: date) -> tuple[InheritedContract, ...]:
    """The contracts not ended before `as_of` that are the last known for one of their services at least."""
    last = {max(contracts, key=lambda entry: (entry.end, entry.id)).id for _, contracts in _by_unit(register)}
    return tuple(contract for contract in register if contract.id in last and contract.end >= as_of)


def _brought_about(register: tuple[InheritedContract, ...], extensions: tuple[Extension, ...]) -> tuple[Overlap, ...]:
    """The overlaps of contracts that do not overlap yet."""
    until = {extension.contract_id: extension.until for extension in extensions}
    known = {(each.unit, each.contract_ids) for each in overlaps(register)}
    extended = tuple(replace(contract, end=until.get(contract.id, contract.end)) for contract in register)
    return tuple(each for each in overlaps(extended) if (each.unit, each.contract_ids) not in known)


def _can_run(contract: InheritedContract, until: date) -> bool:
    return contract.latest_end is not None and until <= contract.latest_end


def _extension(contract: InheritedContract, until: date) -> Extension:
    days = (until - contract.end).days
    base = contract.annual_value * days / DAYS_A_YEAR
    return Extension(contract.id, until, days, base * (1 + contract.uplift), base * contract.uplift)
