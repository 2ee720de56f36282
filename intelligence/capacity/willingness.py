"""Who might bid for what, and how willing they are: the deterministic half of the model, in log-odds.

The willingness of provider i for lot j is a sum of effects, each with its own uncertain coefficient:
``level + all interest + incumbent + role + too large + short mobilisation + past conversion``. The random effects of
provider, lot and programme join in the simulation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, log, log2

from intelligence.capacity.priors import Priors
from intelligence.market import (
    BiddingRole,
    Interest,
    InterestLevel,
    Lot,
    Market,
    Procurement,
    Provider,
    ProviderSize,
    require_lots,
)

WORKING_DAYS_PER_MONTH = 253 / 12  # an English year has 253 working days, or one more or less
MOST_DOUBLINGS = 6.0  # beyond these the effect is certain anyway, and a typing error stays harmless
MOST_MONTHS_SHORT = 12.0

LEVEL_PRIORS: Mapping[InterestLevel, str] = {
    InterestLevel.WOULD_BID: "would_bid",
    InterestLevel.LIKELY: "likely",
    InterestLevel.POSSIBLY: "possibly",
    InterestLevel.UNDECIDED: "undecided",
}
ROLE_PRIORS: Mapping[BiddingRole, str | None] = {
    BiddingRole.LEAD: None,
    BiddingRole.CONSORTIUM: "consortium",
    BiddingRole.SUBCONTRACT: "subcontract",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible bid. `effects` pairs the field of each :class:`Priors` coefficient with what multiplies it; the
    effect that all interest has in common is left out.

    `bidder` is the consortium or the provider under whose name the bid comes. `wave` is the date on which the lot's
    services start; lots of one wave are tendered and started together. `tender` is the procurement that lets the lot.
    Lots without a procurement share one wave, and each is a tender of its own. One supplier may bid for `most_bid` lots
    of the tender and be awarded `most_awarded`.
    """

    provider: Provider
    lot: int
    interest: Interest
    bidder: tuple[str, str]
    wave: date | None
    tender: str
    effects: tuple[tuple[str, float], ...]
    most_bid: int | None = None
    most_awarded: int | None = None


def find_candidates(market: Market, priors: Priors) -> tuple[Candidate, ...]:
    """Every interest that could become a bid, in an order of ids so that the order of the input does not matter.

    A provider that said no, or that would only subcontract, is no bidder.

    Raises:
        MarketError: the market has no lots.
    """
    require_lots(market)
    lots = {lot.id: position for position, lot in enumerate(market.lots)}
    providers = {provider.id: provider for provider in market.providers}
    procurements = {lot_id: procurement for procurement in market.procurements for lot_id in procurement.lot_ids}
    candidates = []
    for interest in market.interests:
        if interest.level not in LEVEL_PRIORS or interest.role not in ROLE_PRIORS:
            continue
        provider, procurement = providers[interest.provider_id], procurements.get(interest.lot_id)
        position = lots[interest.lot_id]
        effects = tuple(_effects(provider, interest, market.lots[position], procurement, priors))
        bidder = ("provider", provider.id) if interest.consortium is None else ("consortium", interest.consortium)
        wave = procurement.service_start if procurement else None
        tender = procurement.id if procurement else interest.lot_id
        limits = (procurement.most_lots_bid, procurement.most_lots_awarded) if procurement else (None, None)
        candidates.append(Candidate(provider, position, interest, bidder, wave, tender, effects, *limits))
    return tuple(sorted(candidates, key=_place))


def _place(candidate: Candidate) -> tuple[str, ...]:
    return candidate.provider.id, str(candidate.wave), candidate.tender, candidate.interest.lot_id


def rows_by_lot(candidates: Sequence[Candidate], lots: int) -> list[list[int]]:
    """The positions of each lot's candidates."""
    rows: list[list[int]] = [[] for _ in range(lots)]
    for row, candidate in enumerate(candidates):
        rows[candidate.lot].append(row)
    return rows


def mean_log_odds(candidate: Candidate, priors: Priors) -> float:
    """The candidate's willingness with every coefficient at its mean and no random effect."""
    effects = sum(getattr(priors, name).value * amount for name, amount in candidate.effects)
    return float(priors.all_interest.value + effects)


def _effects(
    provider: Provider, interest: Interest, lot: Lot, procurement: Procurement | None, priors: Priors
) -> Iterator[tuple[str, float]]:
    """The effects that differ from zero, as (coefficient, amount)."""
    yield LEVEL_PRIORS[interest.level], 1.0
    role = ROLE_PRIORS[interest.role]
    if role is not None:
        yield role, 1.0
    if provider.id in lot.incumbent_ids:
        yield "incumbent", 1.0
    amounts = {
        "too_large": _doublings_too_large(provider, lot, priors),
        "short_mobilisation": _months_short(interest, procurement),
        "past_conversion": past_log_odds(provider, priors),
    }
    yield from ((name, amount) for name, amount in amounts.items() if amount)


def _doublings_too_large(provider: Provider, lot: Lot, priors: Priors) -> float:
    """How many times the lot's annual value doubles the provider's largest contract; 0 if it fits or is unknown."""
    largest = largest_contract(provider, priors)
    if not lot.annual_value or lot.annual_value <= largest:
        return 0.0
    return MOST_DOUBLINGS if largest == 0 else min(log2(lot.annual_value / largest), MOST_DOUBLINGS)


def largest_contract(provider: Provider, priors: Priors) -> float:
    """In pounds a year: what the provider said, or what is assumed of its size; infinite where neither is known."""
    if provider.largest_annual_value is not None:
        return provider.largest_annual_value
    by_size = {
        ProviderSize.MICRO: priors.micro_largest.value,
        ProviderSize.SMALL: priors.small_largest.value,
        ProviderSize.MEDIUM: priors.medium_largest.value,
    }
    return inf if provider.size is None else by_size.get(provider.size, inf)


def _months_short(interest: Interest, procurement: Procurement | None) -> float:
    """How many months the planned mobilisation falls short of what the provider said it needs."""
    if interest.mobilisation_months is None or procurement is None or procurement.mobilisation_days is None:
        return 0.0
    missing = interest.mobilisation_months - procurement.mobilisation_days / WORKING_DAYS_PER_MONTH
    return min(max(missing, 0.0), MOST_MONTHS_SHORT)


def past_log_odds(provider: Provider, priors: Priors) -> float:
    """The provider's past conversion, shrunk to the measured mean, as log-odds above or below that mean.

    A provider without a past stands at the mean: 0. The shrinkage is the posterior mean of a Beta distribution.
    """
    mean, weight = priors.past_mean.value, priors.past_weight.value
    if provider.past_interests == 0:
        return 0.0
    bids = mean * weight + provider.past_bids
    refusals = (1 - mean) * weight + provider.past_interests - provider.past_bids
    return log(bids / refusals) - log(mean / (1 - mean))
