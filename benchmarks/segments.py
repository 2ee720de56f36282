"""What provider segments cost, and what studying a sample of a large market loses.

    python -m benchmarks.segments [--sizes N ...] [--all-studied N ...]

Made-up markets of four kinds of provider, unequally common, whose answers overlap. For each size: CPU seconds, peak
memory of the process so far, the number of segments found, how far these agree with the kinds (adjusted Rand index,
1: entirely) and the mean distance of a provider from the typical one of its segment. For the sizes after
`--all-studied` the same beside it with every provider compared with every other, which is what the sample stands for.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from sklearn.metrics import adjusted_rand_score

from intelligence import (
    Interest,
    InterestLevel,
    Lot,
    Market,
    Provider,
    ProviderKind,
    ProviderSegments,
    ProviderSize,
    ServiceLine,
    Site,
    Unit,
    segment_providers,
)
from intelligence.providers.distances import gower, unlikeness
from intelligence.providers.profiles import profile

SERVICES = ("Dental", "Optometry", "Primary care", "Mental health", "Substance misuse", "Podiatry")
KINDS = (
    (0.4, ProviderKind.CHARITY, ProviderSize.SMALL, 12.5, (0, 1)),
    (0.3, ProviderKind.INDEPENDENT, ProviderSize.LARGE, 16.5, (2, 3, 4)),
    (0.2, ProviderKind.NHS_TRUST, ProviderSize.LARGE, 16.0, (2, 3)),
    (0.1, ProviderKind.SOCIAL_ENTERPRISE, ProviderSize.MICRO, 11.0, (5,)),
)
"""How common, what it is, the logarithm of its largest contract, and the services that it wants."""
TYPICAL = 0.8
"""The chance that a provider answers one question as its kind does."""


def market_of_kinds(providers: int, *, seed: int) -> tuple[Market, list[int]]:
    """The market, and the kind of each provider in the order of ids."""
    dice = np.random.default_rng(seed)
    kinds = dice.choice(len(KINDS), providers, p=[kind[0] for kind in KINDS]).tolist()
    some, said = [], []
    for number, chosen in enumerate(kinds):
        _, kind, size, value, services = KINDS[chosen]
        typical = dice.random(4) < TYPICAL
        some.append(
            Provider(
                f"P{number:06}",
                f"Provider {number}",
                kind=kind if typical[0] else list(ProviderKind)[dice.integers(len(ProviderKind))],
                size=size if typical[1] else list(ProviderSize)[dice.integers(len(ProviderSize))],
                largest_annual_value=float(np.exp(dice.normal(value, 1))),
                held_at_most=int(dice.integers(1, 4) if typical[2] else dice.integers(1, 9)),
            )
        )
        wanted = services if typical[3] else [int(dice.integers(len(SERVICES)))]
        said += [
            Interest(f"P{number:06}", SERVICES[service], InterestLevel.LIKELY, mobilisation_months=dice.uniform(2, 8))
            for service in wanted
        ]
    return Market(
        sites=(Site("S", "Site"),),
        service_lines=tuple(ServiceLine(name, name) for name in SERVICES),
        lots=tuple(Lot(name, name, (Unit("S", name),)) for name in SERVICES),
        providers=tuple(some),
        interests=tuple(said),
    ), kinds


def mean_distance(market: Market, found: ProviderSegments) -> float:
    """Of each provider in a segment from the typical one of it."""
    profiles = profile(market)
    row = {provider: place for place, provider in enumerate(profiles.provider_ids)}
    total = 0.0
    for segment in found.segments:
        members = np.array([row[provider] for provider in segment.provider_ids])
        typical = np.array([row[segment.typical_id]])
        total += float(gower(unlikeness(profiles.variables, members, typical)).sum())
    return total / len(row)


def measure(providers: int, most_studied: int | None) -> None:
    market, kinds = market_of_kinds(providers, seed=1)
    began = time.process_time()
    found = (
        segment_providers(market, seed=1)
        if most_studied is None
        else segment_providers(market, seed=1, most_studied=most_studied)
    )
    spent = time.process_time() - began
    labels = {member: place for place, segment in enumerate(found.segments) for member in segment.provider_ids}
    agreed = adjusted_rand_score(kinds, [labels[one.id] for one in market.providers]) if labels else 0.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    distance = mean_distance(market, found) if labels else 0.0
    print(
        f"{providers:>9,} {found.studied or 0:>8,} {spent:>7.2f} {memory:>6.0f} {len(found.segments):>9} {agreed:>7.3f}"
        f" {distance:>9.4f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 500, 1_000, 4_000, 16_000])
    parser.add_argument("--all-studied", type=int, nargs="*", default=[1_000])
    arguments = parser.parse_args()
    print("providers  studied   CPU s     MB  segments  agreed  distance")
    for providers in arguments.sizes:
        measure(providers, None)
    for providers in arguments.all_studied:
        measure(providers, providers)


if __name__ == "__main__":
    main()
