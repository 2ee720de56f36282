"""Which providers are alike? As many segments as are really there, or none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intelligence.market import Market
from intelligence.providers.distances import Distances, Labels, gower, medoids, middle, silhouette, unlikeness
from intelligence.providers.profiles import Profiles, profile
from intelligence.providers.segments import ProviderSegments, Segment, SegmentNumber
from intelligence.providers.traits import describe

FEWEST_PROVIDERS = 12
SMALLEST_SEGMENT = 3
MOST_SEGMENTS = 6
SHUFFLES = 19  # beaten by chance alone one time in twenty
RESAMPLES = 50
KEPT = 0.8
LEAST_STABILITY = 0.6  # below, a segment is as much an accident as a pattern (Hennig, 2007)


def segment_providers(market: Market, *, seed: int) -> ProviderSegments:
    """Group those who answered by what they answered, with Gower's distance and k-medoids.

    A number of segments is accepted if its silhouette beats that of answers shuffled among providers, each segment has
    three providers or more, and each is found again when one provider in five is left out; of those the number with the
    highest silhouette is chosen. If there is none, there are no segments, and `reason` says so.

    >>> from intelligence.market import Lot, ServiceLine, Site, Unit
    >>> market = Market(
    ...     sites=(Site("LPI", "HMP Liverpool"),),
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     lots=(Lot("D1", "Dental", (Unit("LPI", "dental"),)),),
    ... )
    >>> segment_providers(market, seed=1).reason
    'Not enough providers to segment: 0 answered, and 12 are needed.'
    """
    profiles = profile(market)
    count = len(profiles.provider_ids)
    if count < FEWEST_PROVIDERS:
        reason = f"Not enough providers to segment: {count} answered, and {FEWEST_PROVIDERS} are needed."
        return ProviderSegments((), (), count, reason, seed)
    if not profiles.variables:
        return ProviderSegments((), (), count, "All providers gave the same answers.", seed)
    parts = unlikeness(profiles.variables)
    distance = gower(parts)
    numbers = range(2, min(MOST_SEGMENTS, count // SMALLEST_SEGMENT) + 1)
    chance = _by_chance(parts, numbers, seed)
    tried = tuple(_try(distance, number, chance[number], seed) for number in numbers)
    real = [
        found
        for found in tried
        if found.silhouette > found.by_chance
        and found.smallest >= SMALLEST_SEGMENT
        and found.stability >= LEAST_STABILITY
    ]
    if not real:
        reason = "No segments: providers differ, but not in groups that chance would not make or that hold together."
        return ProviderSegments((), tried, count, reason, seed)
    best = max(real, key=lambda found: found.silhouette)
    return ProviderSegments(_segments(profiles, distance, best.segments, seed), tried, count, None, seed)


def _by_chance(parts: Sequence[Distances], numbers: range, seed: int) -> dict[int, float]:
    """The highest silhouette, for each number, of answers shuffled among providers, each question by itself."""
    highest = dict.fromkeys(numbers, -1.0)
    dice = np.random.default_rng([seed, 1])
    for _ in range(SHUFFLES):
        orders = [dice.permutation(len(part)) for part in parts]
        shuffled = gower([part[np.ix_(order, order)] for part, order in zip(parts, orders, strict=True)])
        for number in numbers:
            highest[number] = max(highest[number], silhouette(shuffled, medoids(shuffled, number)))
    return highest


def _try(distance: Distances, number: int, by_chance: float, seed: int) -> SegmentNumber:
    labels = medoids(distance, number)
    return SegmentNumber(
        segments=number,
        silhouette=silhouette(distance, labels),
        by_chance=by_chance,
        stability=min(_stability(distance, labels, number, seed)),
        smallest=int(np.bincount(labels).min()),
    )


def _stability(distance: Distances, labels: Labels, number: int, seed: int) -> list[float]:
    """For each segment, the mean Jaccard index of its kept members and the nearest segment without the others."""
    dice = np.random.default_rng([seed, 2])
    size = max(round(KEPT * len(labels)), number)
    found = np.zeros((RESAMPLES, number))
    for resample in range(RESAMPLES):
        kept = np.sort(dice.choice(len(labels), size, replace=False))
        again = medoids(distance[np.ix_(kept, kept)], number)
        before = labels[kept]
        shared = np.zeros((number, number))
        np.add.at(shared, (before, again), 1)
        either = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
        found[resample] = (shared / np.maximum(either, 1)).max(axis=1)
    return [float(mean) for mean in found.mean(axis=0)]


def _segments(profiles: Profiles, distance: Distances, number: int, seed: int) -> tuple[Segment, ...]:
    labels = medoids(distance, number)
    stability = _stability(distance, labels, number, seed)
    segments = [
        Segment(
            provider_ids=tuple(profiles.provider_ids[row] for row in np.flatnonzero(labels == group).tolist()),
            typical_id=profiles.provider_ids[middle(distance, labels, group)],
            stability=stability[group],
            traits=describe(profiles.variables, labels, group),
        )
        for group in range(number)
    ]
    return tuple(sorted(segments, key=lambda found: (-len(found.provider_ids), found.provider_ids)))
