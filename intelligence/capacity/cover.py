"""Who of the known market was not heard."""

from __future__ import annotations

from intelligence.capacity.report import MarketCover, SilentProvider
from intelligence.market import Market


def find_cover(market: Market) -> MarketCover:
    """Known are the providers of the market: whoever answered, holds a contract, or was named otherwise.

    >>> from intelligence.market import Lot, Provider, ServiceLine, Site, Unit
    >>> market = Market(
    ...     sites=(Site("LPI", "HMP Liverpool"),),
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     lots=(Lot("D1", "Dental", (Unit("LPI", "dental"),), incumbent_ids=("P1",)),),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ... )
    >>> find_cover(market).silent[0].incumbent_of
    ('D1',)
    """
    heard = {interest.provider_id for interest in market.interests}
    silent = [
        SilentProvider(
            provider.id,
            tuple(lot.id for lot in market.lots if provider.id in lot.incumbent_ids),
            provider.past_interests,
            provider.past_bids,
        )
        for provider in market.providers
        if provider.id not in heard
    ]
    silent.sort(key=lambda found: (-len(found.incumbent_of), -found.past_bids, found.provider_id))
    return MarketCover(len(market.providers), len(market.providers) - len(silent), tuple(silent))
