"""Small markets for tests: lots L0, L1, ... of one service, and providers P0, P1, ... that are interested in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.market import Interest, InterestLevel, Lot, Market, Provider, ServiceLine, Site, Unit

LEVELS = list(InterestLevel)


def market_of(
    interests: Sequence[Interest], *, lots: int = 1, providers: Sequence[Provider] = (), **parts: Any
) -> Market:
    """A market of these interests; providers that are not given have no limits."""
    known = {provider.id: provider for provider in providers}
    for interest in interests:
        known.setdefault(interest.provider_id, Provider(interest.provider_id, interest.provider_id))
    return Market(
        sites=(Site("LPI", "HMP Liverpool"),),
        service_lines=tuple(ServiceLine(f"S{j}", f"Service {j}") for j in range(lots)),
        lots=parts.pop("lot_values", tuple(lot(j) for j in range(lots))),
        providers=tuple(known.values()),
        interests=tuple(interests),
        **parts,
    )


def lot(number: int, **values: Any) -> Lot:
    return Lot(f"L{number}", f"Lot {number}", (Unit("LPI", f"S{number}"),), **values)


def eoi(provider: int, lot: int = 0, level: InterestLevel = InterestLevel.WOULD_BID, **values: Any) -> Interest:
    return Interest(f"P{provider}", f"L{lot}", level, **values)


def priors_with(**values: float) -> Priors:
    """The default priors with these values, taken as known."""
    return replace(DEFAULT_PRIORS, **{name: known(name, value) for name, value in values.items()})


def certain_priors(**values: float) -> Priors:
    """Everyone who would bid does (so far as 30 log-odds can tell), every bid is credible, and nobody else turns up."""
    quiet: dict[str, float] = {field.name: getattr(DEFAULT_PRIORS, field.name).value for field in fields(Priors)}
    quiet |= {"would_bid": 30, "credibility": 1, "unseen_entrants": 0, "rejection_correlation": 0}
    quiet |= {"provider_deviation": 0, "lot_deviation": 0, "programme_deviation": 0}
    return priors_with(**(quiet | values))


def known(name: str, value: float) -> Any:
    return replace(getattr(DEFAULT_PRIORS, name), value=value, spread=0.0)
