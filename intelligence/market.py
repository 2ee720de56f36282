"""What the market said and what the commissioner needs: the frozen inputs of every analysis.

A :class:`Market` is one consistent picture of an engagement at one moment. It is checked when it is made, so the
estimators need not doubt it. Money is in pounds a year unless a name says otherwise; staff are whole-time equivalents
(WTE); identifiers are opaque strings, unique within their kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LARGEST = 1e12
"""No number of a market is larger: a mistake in a file is then named instead of ending in an overflow."""
LONGEST_TERM_YEARS = 50


class InputError(ValueError):
    """What was given makes no sense, for `reason`; `path` says where, for example ``interests[3].lot_id``."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class MarketError(InputError):
    """The market contradicts itself."""


class ProviderKind(StrEnum):
    """What an organisation is, as it says of itself."""

    NHS_TRUST = "nhs_trust"
    GP_FEDERATION = "gp_federation"
    INDEPENDENT = "independent"
    SOCIAL_ENTERPRISE = "social_enterprise"
    CHARITY = "charity"
    LOCAL_AUTHORITY = "local_authority"
    OTHER = "other"


class ProviderSize(StrEnum):
    """By the staff of the whole organisation: fewer than 10, 50 or 250, or more. All but large are SMEs."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class InterestLevel(StrEnum):
    """How sure a provider says it is that it would bid for a lot, from the surest down; no is a word, not silence."""

    WOULD_BID = "would_bid"
    LIKELY = "likely"
    POSSIBLY = "possibly"
    UNDECIDED = "undecided"
    NO = "no"


class BiddingRole(StrEnum):
    """As what a provider would take part: who would only ever be a subcontractor makes no bid of its own."""

    LEAD = "lead"
    CONSORTIUM = "consortium"
    SUBCONTRACT = "subcontract"
    SUBCONTRACT_ONLY = "subcontract_only"


class Route(StrEnum):
    """A procurement route under the Provider Selection Regime (PSR), the Procurement Act 2023 or the 2015 rules."""

    PSR_DIRECT_A = "psr_direct_a"
    PSR_DIRECT_B = "psr_direct_b"
    PSR_DIRECT_C = "psr_direct_c"
    PSR_MOST_SUITABLE = "psr_most_suitable"
    PSR_COMPETITIVE = "psr_competitive"
    PA23_OPEN = "pa23_open"
    PA23_COMPETITIVE_FLEXIBLE = "pa23_competitive_flexible"
    PCR_LIGHT_TOUCH = "pcr_light_touch"


def lowest(*limits: int | None) -> int | None:
    """The limit that binds, `None` being no limit.

    >>> lowest(None, 3, 2), lowest(None)
    (2, None)
    """
    return min((limit for limit in limits if limit is not None), default=None)


@dataclass(frozen=True, slots=True)
class AvoidedDates:
    """Days, both included, on which a provider asked that no tender opens or closes."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Provider:
    """One organisation that might bid, with the limits it declared for the whole programme.

    `None` means the provider did not say. `startable_together` is how many lots it could start on one date,
    `held_at_most` how many it could hold at once, `tenders_at_once` how many tenders its bid team can answer at once,
    `shortest_bid_days` the working days that it needs from a tender's publication to its deadline. `past_interests` and
    `past_bids` count earlier lots in which it declared interest, and those it then bid for. `bids_at_most`
    and `awards_at_most` are not its own word: they are how many lots the officer's rules would let it bid for, and be
    awarded, in the whole programme.
    """

    id: str
    name: str
    kind: ProviderKind = ProviderKind.OTHER
    size: ProviderSize | None = None
    vcse: bool | None = None
    cqc_registered: bool | None = None
    secure_setting_experience: bool | None = None
    startable_together: int | None = None
    held_at_most: int | None = None
    tenders_at_once: int | None = None
    largest_annual_value: float | None = None
    past_interests: int = 0
    past_bids: int = 0
    shortest_bid_days: int | None = None
    avoid: tuple[AvoidedDates, ...] = ()
    bids_at_most: int | None = None
    awards_at_most: int | None = None

    @property
    def most_won(self) -> int | None:
        """How many lots it can come to have: as many as it could hold, and as the officer's rule would award it.

        >>> Provider("P1", "Example Dental CIC", held_at_most=3, awards_at_most=2).most_won
        2
        """
        return lowest(self.held_at_most, self.awards_at_most)


@dataclass(frozen=True, slots=True)
class Site:
    """Where services are provided. `kind` says what place it is, in the officer's word, such as prison."""

    id: str
    name: str
    places: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A kind of service that is bought for many sites, such as dental care."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that can be bought: one service line at one site.

    `annual_value` and `demand_wte` are its own, `None` where only the lot's are known; they are no part of which unit
    it is.
    """

    site_id: str
    service_line_id: str
    annual_value: float | None = field(default=None, compare=False)
    demand_wte: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Lot:
    """What one contract would cover. `demand_wte` is the staff the service needs, and `term_years` how long the
    contract would run, without extensions; `None` where nobody has said."""

    id: str
    title: str
    units: tuple[Unit, ...]
    annual_value: float | None = None
    demand_wte: float | None = None
    incumbent_ids: tuple[str, ...] = ()
    term_years: float | None = None


@dataclass(frozen=True, slots=True)
class Procurement:
    """One procurement process (one tender), with the lots it would let and the date the services must start.

    `mobilisation_days` are working days from the award to the start; `None` where the route's default holds. One
    supplier may bid for `most_lots_bid` of its lots and be awarded `most_lots_awarded`; `None` where there is no limit.
    """

    id: str
    title: str
    route: Route
    lot_ids: tuple[str, ...]
    service_start: date
    mobilisation_days: int | None = None
    officer: str | None = None
    most_lots_bid: int | None = None
    most_lots_awarded: int | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that the lots would replace; `latest_end` is the end if every extension option is used.

    `extension_day` is what each calendar day costs, in pounds, that it runs past its end; `None` where nobody has said.
    """

    id: str
    title: str
    lot_ids: tuple[str, ...]
    end: date
    latest_end: date | None = None
    supplier_id: str | None = None
    extension_day: int | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    """What one provider declared about one lot. Partners that would bid together carry the same `consortium`."""

    provider_id: str
    lot_id: str
    level: InterestLevel
    role: BiddingRole = BiddingRole.LEAD
    wte_at_start: float | None = None
    wte_month_6: float | None = None
    mobilisation_months: float | None = None
    consortium: str | None = None


@dataclass(frozen=True, slots=True)
class LotTerms:
    """What a provider said about the lots it would bid for: the smallest annual value, and lots it wants only together.

    Only where lots are cut anew do these count: of a lot that it was asked about, its interest says enough.
    """

    provider_id: str
    smallest_annual_value: float | None = None
    packages: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A free-text answer. `may_quote` is the respondent's consent to be quoted without its name."""

    id: str
    provider_id: str
    question: str
    text: str
    may_quote: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A past lot: how many were interested beforehand, how many bid, and how many bids were credible."""

    lot_id: str
    closed: date
    bidders: int
    interested: int | None = None
    credible: int | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """One consistent picture of an engagement.

    Raises:
        MarketError: an identifier is repeated or unknown, a number is out of range, or a lot covers nothing.

    >>> site, line = Site("LPI", "HMP Liverpool", places=800), ServiceLine("dental", "Dental")
    >>> lot = Lot("D1", "Dental, HMP Liverpool", (Unit("LPI", "dental"),), annual_value=240_000)
    >>> provider = Provider("P1", "Example Dental CIC", ProviderKind.SOCIAL_ENTERPRISE)
    >>> eoi = Interest("P1", "D1", InterestLevel.LIKELY)
    >>> market = Market(sites=(site,), service_lines=(line,), lots=(lot,), providers=(provider,), interests=(eoi,))
    >>> market.interests[0].level.value
    'likely'
    """

    lots: tuple[Lot, ...]
    sites: tuple[Site, ...] = ()
    service_lines: tuple[ServiceLine, ...] = ()
    procurements: tuple[Procurement, ...] = ()
    contracts: tuple[Contract, ...] = ()
    providers: tuple[Provider, ...] = ()
    interests: tuple[Interest, ...] = ()
    comments: tuple[Comment, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    terms: tuple[LotTerms, ...] = ()

    def __post_init__(self) -> None:
        _check_places(self)
        _check_people(self)
        _check_plans(self)


def require_lots(market: Market) -> None:
    """For what is estimated lot by lot. A market without lots is one that was asked before they were cut.

    Raises:
        MarketError: there is no lot.
    """
    if not market.lots:
        raise MarketError("lots", "a market needs at least one lot")


def check_sites(sites: Sequence[Site]) -> None:
    """Each by itself.

    Raises:
        MarketError: a number is out of range.
    """
    for position, site in enumerate(sites):
        _not_negative(f"sites[{position}].places", site.places)


def check_providers(providers: Sequence[Provider]) -> None:
    """Each by itself.

    Raises:
        MarketError: a number is out of range, or dates are in no order.
    """
    for position, provider in enumerate(providers):
        for limit in (
            "startable_together",
            "held_at_most",
            "tenders_at_once",
            "bids_at_most",
            "awards_at_most",
            "largest_annual_value",
            "shortest_bid_days",
        ):
            _not_negative(f"providers[{position}].{limit}", getattr(provider, limit))
        for k, dates in enumerate(provider.avoid):
            if dates.last < dates.first:
                raise MarketError(f"providers[{position}].avoid[{k}].last", "is before its first day")
        if not 0 <= provider.past_bids <= provider.past_interests:
            raise MarketError(f"providers[{position}].past_bids", "must lie between 0 and past_interests")


def _unique(path: str, ids: Iterable[str]) -> frozenset[str]:
    seen: set[str] = set()
    for position, identifier in enumerate(ids):
        if not identifier:
            raise MarketError(f"{path}[{position}].id", "is empty")
        if identifier in seen:
            raise MarketError(f"{path}[{position}].id", f"{identifier!r} appears more than once")
        seen.add(identifier)
    return frozenset(seen)


def _known(path: str, identifier: str, known: frozenset[str], what: str) -> None:
    if identifier not in known:
        raise MarketError(path, f"{identifier!r} is not the id of a {what}")


def _not_negative(path: str, value: float | None) -> None:
    if value is not None and not 0 <= value <= LARGEST:
        raise MarketError(path, f"must be from zero to {LARGEST:g}, not {value!r}")


def _check_places(market: Market) -> None:
    sites = _unique("sites", (site.id for site in market.sites))
    lines = _unique("service_lines", (line.id for line in market.service_lines))
    providers = frozenset(provider.id for provider in market.providers)
    _unique("lots", (lot.id for lot in market.lots))
    check_sites(market.sites)
    for j, lot in enumerate(market.lots):
        if not lot.units:
            raise MarketError(f"lots[{j}].units", "a lot must cover at least one service line at one site")
        for u, unit in enumerate(lot.units):
            _known(f"lots[{j}].units[{u}].site_id", unit.site_id, sites, "site")
            _known(f"lots[{j}].units[{u}].service_line_id", unit.service_line_id, lines, "service line")
            _not_negative(f"lots[{j}].units[{u}].annual_value", unit.annual_value)
            _not_negative(f"lots[{j}].units[{u}].demand_wte", unit.demand_wte)
        for k, incumbent in enumerate(lot.incumbent_ids):
            _known(f"lots[{j}].incumbent_ids[{k}]", incumbent, providers, "provider")
        _not_negative(f"lots[{j}].annual_value", lot.annual_value)
        _not_negative(f"lots[{j}].demand_wte", lot.demand_wte)
        if lot.term_years is not None and not 0 < lot.term_years <= LONGEST_TERM_YEARS:
            raise MarketError(f"lots[{j}].term_years", f"must be above zero and at most {LONGEST_TERM_YEARS}")


def _check_people(market: Market) -> None:
    providers = _unique("providers", (provider.id for provider in market.providers))
    lots = frozenset(lot.id for lot in market.lots)
    check_providers(market.providers)
    pairs: set[tuple[str, str]] = set()
    for k, interest in enumerate(market.interests):
        _known(f"interests[{k}].provider_id", interest.provider_id, providers, "provider")
        _known(f"interests[{k}].lot_id", interest.lot_id, lots, "lot")
        pair = (interest.provider_id, interest.lot_id)
        if pair in pairs:
            raise MarketError(f"interests[{k}]", f"{pair[0]!r} already declared its interest in lot {pair[1]!r}")
        pairs.add(pair)
        for amount in ("wte_at_start", "wte_month_6", "mobilisation_months"):
            _not_negative(f"interests[{k}].{amount}", getattr(interest, amount))
    _check_terms(market, providers, lots)
    _unique("comments", (comment.id for comment in market.comments))
    for c, comment in enumerate(market.comments):
        _known(f"comments[{c}].provider_id", comment.provider_id, providers, "provider")


def _check_terms(market: Market, providers: frozenset[str], lots: frozenset[str]) -> None:
    _unique("terms", (terms.provider_id for terms in market.terms))
    for n, terms in enumerate(market.terms):
        _known(f"terms[{n}].provider_id", terms.provider_id, providers, "provider")
        _not_negative(f"terms[{n}].smallest_annual_value", terms.smallest_annual_value)
        seen: set[frozenset[str]] = set()
        for k, package in enumerate(terms.packages):
            path = f"terms[{n}].packages[{k}]"
            for place, lot_id in enumerate(package):
                _known(f"{path}[{place}]", lot_id, lots, "lot")
            if len(set(package)) < max(2, len(package)):
                raise MarketError(path, "needs two lots or more, none of them twice")
            if frozenset(package) in seen:
                raise MarketError(path, "repeats another package")
            seen.add(frozenset(package))


def _check_plans(market: Market) -> None:
    lots = frozenset(lot.id for lot in market.lots)
    providers = frozenset(provider.id for provider in market.providers)
    _unique("procurements", (procurement.id for procurement in market.procurements))
    _unique("contracts", (contract.id for contract in market.contracts))
    placed: set[str] = set()
    for n, procurement in enumerate(market.procurements):
        for k, lot_id in enumerate(procurement.lot_ids):
            _known(f"procurements[{n}].lot_ids[{k}]", lot_id, lots, "lot")
            if lot_id in placed:
                raise MarketError(f"procurements[{n}].lot_ids[{k}]", f"lot {lot_id!r} is already in a procurement")
            placed.add(lot_id)
        for limit in ("mobilisation_days", "most_lots_bid", "most_lots_awarded"):
            _not_negative(f"procurements[{n}].{limit}", getattr(procurement, limit))
    for n, contract in enumerate(market.contracts):
        for k, lot_id in enumerate(contract.lot_ids):
            _known(f"contracts[{n}].lot_ids[{k}]", lot_id, lots, "lot")
        _not_negative(f"contracts[{n}].extension_day", contract.extension_day)
        if contract.latest_end is not None and contract.latest_end < contract.end:
            raise MarketError(f"contracts[{n}].latest_end", "is before the contract's end")
        if contract.supplier_id is not None:
            _known(f"contracts[{n}].supplier_id", contract.supplier_id, providers, "provider")
    for n, outcome in enumerate(market.outcomes):
        for count in ("bidders", "interested", "credible"):
            _not_negative(f"outcomes[{n}].{count}", getattr(outcome, count))
        if outcome.credible is not None and outcome.credible > outcome.bidders:
            raise MarketError(f"outcomes[{n}].credible", "is more than the bids received")
