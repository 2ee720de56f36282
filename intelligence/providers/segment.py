"""Which providers are alike? As many segments as are really there, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from intelligence.compute import Progress, nobody_told
from intelligence.market import Market
from intelligence.providers.distances import (
    Distances,
    Labels,
    Rows,
    among,
    gower,
    medoids,
    middle,
    silhouette,
    unlikeness,
)
from intelligence.providers.profiles import Profiles, profile
from intelligence.providers.segments import ProviderSegments, Segment, SegmentNumber
from intelligence.providers.traits import describe

FEWEST_PROVIDERS = 12
SMALLEST_SEGMENT = 3
MOST_SEGMENTS = 6
MOST_STUDIED = 500  # pairs cost its square; of a segment that is one in fifty of the market, ten are studied
SHUFFLES = 19  # all beaten, with whatever number of segments, by chance alone one time in twenty
RESAMPLES = 50
KEPT = 0.8
LEAST_STABILITY = 0.6  # below, a segment is as much an accident as a pattern (Hennig, 2007)


def segment_providers(
    market: Market, *, seed: int, most_studied: int = MOST_STUDIED, progress: Progress = nobody_told
) -> ProviderSegments:
    """Group those who answered by what they answered, with Gower's distance and k-medoids.

    A number of segments is accepted if its silhouette beats those of answers shuffled among providers, each segment has
    three providers or more, and each is found again when one provider in five is left out; of those the number with the
    highest silhouette is chosen. If there is none, there are no segments, and `reason` says so.

    Of more than `most_studied` providers, so many drawn at random are studied; every other one then joins the segment
    whose typical provider is nearest to it, so that time grows with the number of providers, not with its square.

    `progress` is told the share that is done, between 0 and 1; what it raises stops the work.

    Source: J. C. Gower, "A general coefficient of similarity and some of its properties", Biometrics 27 (1971) 857-871;
    the other sources stand beside what they gave, and the method is in docs/methods/providers.md.

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
    return _segmented(profiles, _studied(count, most_studied, seed), seed, progress)


def _segmented(profiles: Profiles, studied: Rows, seed: int, progress: Progress) -> ProviderSegments:
    count = len(profiles.provider_ids)
    parts = unlikeness(profiles.variables, studied, studied)
    distance = among(parts)
    numbers = range(2, min(MOST_SEGMENTS, len(studied) // SMALLEST_SEGMENT) + 1)
    steps = SHUFFLES + len(numbers)
    chance = _by_chance(parts, numbers, seed, lambda shuffle: progress(shuffle / steps))
    tried: list[SegmentNumber] = []
    for number in numbers:
        progress((SHUFFLES + len(tried)) / steps)
        tried.append(_try(distance, number, chance, seed))
    progress(1.0)
    real = [found for found in tried if _is_real(found)]
    if not real:
        reason = "No segments: providers differ, but not in groups that chance would not make or that hold together."
        return ProviderSegments((), tuple(tried), count, reason, seed, len(studied))
    best = max(real, key=lambda found: found.silhouette)
    segments = _segments(profiles, studied, distance, best.segments, seed)
    return ProviderSegments(segments, tuple(tried), count, None, seed, len(studied))


def _is_real(found: SegmentNumber) -> bool:
    return (
        found.silhouette > found.by_chance and found.smallest >= SMALLEST_SEGMENT and found.stability >= LEAST_STABILITY
    )


def _studied(count: int, most: int, seed: int) -> Rows:
    """The rows of all providers, or of as many as are studied, drawn at random."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng([seed, 3]).choice(count, most, replace=False))


def _by_chance(parts: Sequence[Distances], numbers: range, seed: int, tell: Callable[[int], None]) -> float:
    """The highest silhouette, with any number of segments, of answers shuffled among providers question by question.

    One bar for all numbers, since with a bar for each some number or other would pass its own by luck far more often.
    """
    dice = np.random.default_rng([seed, 1])
    highest = -1.0
    for shuffle in range(SHUFFLES):
        tell(shuffle)
        orders = [dice.permutation(len(part)) for part in parts]
        shuffled = among([part[np.ix_(order, order)] for part, order in zip(parts, orders, strict=True)])
        highest = max(highest, *(silhouette(shuffled, medoids(shuffled, number)) for number in numbers))
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


def _segments(profiles: Profiles, studied: Rows, distance: Distances, number: int, seed: int) -> tuple[Segment, ...]:
    found = medoids(distance, number)
    stability = _stability(distance, found, number, seed)
    typical = studied[[middle(distance, found, group) for group in range(number)]]
    labels = _join(profiles, studied, found, typical)
    segments = [
        Segment(
            provider_ids=tuple(profiles.provider_ids[row] for row in np.flatnonzero(labels == group).tolist()),
            typical_id=profiles.provider_ids[typical[group]],
            stability=stability[group],
            traits=describe(profiles.variables, labels, group),
        )
        for group in range(number)
    ]
    return tuple(sorted(segments, key=lambda segment: (-len(segment.provider_ids), segment.provider_ids)))


def _join(profiles: Profiles, studied: Rows, found: Labels, typical: Rows) -> Labels:
    """The segment of everybody: those studied keep theirs, all others go where the typical provider is nearest."""
    labels: Labels = np.zeros(len(profiles.provider_ids), np.int64)
    others = np.setdiff1d(np.arange(len(labels)), studied)
    labels[studied] = found
    labels[others] = gower(unlikeness(profiles.variables, others, typical)).argmin(axis=1)
    return labels
