"""Groups of like providers: plain frozen values, stored as they are and shown as they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that sets a segment apart: in words with the figures in them, and in the few words of a `title`.

    `effect` says how far, from -1 to 1: the difference of shares for kinds and yes-no answers, half of that of means in
    standard deviations for amounts.
    """

    text: str
    effect: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """`typical_id` is the provider nearest to all others of the segment, of those studied. `stability` is how much of
    the segment is found again when one provider in five is left out (mean Jaccard index, 1: all of it always)."""

    provider_ids: tuple[str, ...]
    typical_id: str
    stability: float
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class SegmentNumber:
    """A number of segments that was tried.

    `silhouette` (-1 to 1) is how much nearer providers are to their own segment than to the next; `by_chance` the
    highest one of answers shuffled among providers, with any number of segments; `stability` that of the least stable
    segment, and `smallest` the size of the smallest.
    """

    segments: int
    silhouette: float
    by_chance: float
    stability: float
    smallest: int


@dataclass(frozen=True, slots=True)
class ProviderSegments:
    """The segments, largest first, and every number that was tried. Without segments, `reason` says why.

    Of `providers` in the segments the `studied` ones made them, and the others joined; the figures of `tried` and the
    stability are of those studied. Stored before large markets could be segmented it is `None`: all were studied.
    """

    segments: tuple[Segment, ...]
    tried: tuple[SegmentNumber, ...]
    providers: int
    reason: str | None
    seed: int
    studied: int | None = None
