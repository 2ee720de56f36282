"""How often forecasts were right: stored forecasts against the bids that came.

Plain arithmetic on plain values, so that a page can show it without loading a numerical library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import sqrt

PIT_BINS = 10
RELIABILITY_BINS = 5
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class ForecastOutcome:
    """What was forecast for a lot, and how many bids came.

    `distribution[k]` is the chance of exactly k bids; with `ends_open` the last one is of so many or more, and higher
    numbers count as it. `low` and `high` are the ends of the interval that was shown.
    """

    lot_id: str
    distribution: tuple[float, ...]
    low: int
    high: int
    came: int
    ends_open: bool = False


@dataclass(frozen=True, slots=True)
class LotScore:
    """One lot: `crps` is the continuous ranked probability score in bids, `said` the chance given to what came."""

    lot_id: str
    came: int
    expected: float
    said: float
    crps: float
    inside: bool


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """Of the `lots` that were given about the chance `said`, the share that `came`, with its 95% (Wilson) interval."""

    said: float
    came: float
    low: float
    high: float
    lots: int


@dataclass(frozen=True, slots=True)
class EventScore:
    """How well the chance of an event was judged.

    `brier` is the mean squared error of the chances (0 best), `brier_of_base_rate` that of always saying the share in
    which the event came. `reliability` has up to five points, from low chances to high.
    """

    event: str
    brier: float
    brier_of_base_rate: float
    said: float
    came: float
    reliability: tuple[ReliabilityPoint, ...]


@dataclass(frozen=True, slots=True)
class ForecastScores:
    """How a set of forecasts did.

    `coverage` is the share of lots inside their interval, `expected_coverage` what the forecasts themselves promised:
    an interval over whole numbers holds more than its name says. `pit[b]` is the share of the probability integral
    transform in the b-th tenth (all .1 if calibrated; a hump in the middle: forecasts too wide; at the ends: too
    narrow), without randomisation (Czado, Gneiting and Held, 2009); `pit_distance` is its largest distance from the
    even distribution (Kolmogorov-Smirnov).
    """

    lots: tuple[LotScore, ...]
    crps: float
    coverage: float
    expected_coverage: float
    events: tuple[EventScore, ...]
    pit: tuple[float, ...]
    pit_distance: float


EVENTS: tuple[tuple[str, Callable[[int], bool]], ...] = (
    ("no bid", lambda bids: bids == 0),
    ("at most one bid", lambda bids: bids <= 1),
    ("three bids or more", lambda bids: bids >= 3),
)


def score_forecasts(outcomes: Sequence[ForecastOutcome]) -> ForecastScores:
    """Score forecasts against what came.

    Raises:
        ValueError: there is nothing to score.

    >>> outcomes = [ForecastOutcome("D1", (0.2, 0.5, 0.3), 0, 2, 1), ForecastOutcome("D2", (0.6, 0.4), 0, 1, 3)]
    >>> scores = score_forecasts(outcomes)
    >>> [round(lot.crps, 2) for lot in scores.lots], scores.coverage
    ([0.13, 2.36], 0.5)
    """
    if not outcomes:
        raise ValueError("no outcomes to score")
    lots = tuple(_score_lot(outcome) for outcome in outcomes)
    rises = [_below_and_up_to(outcome) for outcome in outcomes]
    edges = [_mean([_transformed(edge / PIT_BINS, *rise) for rise in rises]) for edge in range(PIT_BINS + 1)]
    corners = sorted({corner for rise in rises for corner in rise})
    return ForecastScores(
        lots=lots,
        crps=_mean([lot.crps for lot in lots]),
        coverage=_mean([float(lot.inside) for lot in lots]),
        expected_coverage=_mean([sum(found.distribution[found.low : found.high + 1]) for found in outcomes]),
        events=tuple(_score_event(name, happens, outcomes) for name, happens in EVENTS),
        pit=tuple(after - before for before, after in pairwise(edges)),
        pit_distance=max(abs(_mean([_transformed(u, *rise) for rise in rises]) - u) for u in corners),
    )


def crps_of(outcome: ForecastOutcome) -> float:
    """The continuous ranked probability score: the squared distance of two cumulative distributions, summed."""
    cumulative = list(accumulate(outcome.distribution))
    cumulative[-1] = 1.0
    came = _counted(outcome)
    within = sum((chance - (bids >= came)) ** 2 for bids, chance in enumerate(cumulative))
    return within + max(came - len(cumulative), 0)


def _score_lot(outcome: ForecastOutcome) -> LotScore:
    came = _counted(outcome)
    return LotScore(
        lot_id=outcome.lot_id,
        came=outcome.came,
        expected=sum(bids * chance for bids, chance in enumerate(outcome.distribution)),
        said=outcome.distribution[came] if came < len(outcome.distribution) else 0.0,
        crps=crps_of(outcome),
        inside=outcome.low <= outcome.came <= outcome.high,
    )


def _counted(outcome: ForecastOutcome) -> int:
    return min(outcome.came, len(outcome.distribution) - 1) if outcome.ends_open else outcome.came


def _score_event(name: str, happens: Callable[[int], bool], outcomes: Sequence[ForecastOutcome]) -> EventScore:
    said = [
        min(sum(chance for bids, chance in enumerate(outcome.distribution) if happens(bids)), 1.0)
        for outcome in outcomes
    ]
    came = [float(happens(outcome.came)) for outcome in outcomes]
    rate = _mean(came)
    return EventScore(
        event=name,
        brier=_mean([(chance - fact) ** 2 for chance, fact in zip(said, came, strict=True)]),
        brier_of_base_rate=rate * (1 - rate),
        said=_mean(said),
        came=rate,
        reliability=_reliability(said, came),
    )


def _reliability(said: Sequence[float], came: Sequence[float]) -> tuple[ReliabilityPoint, ...]:
    """Points of about equally many lots each; lots with equal chances stay together."""
    pairs = sorted(zip(said, came, strict=True))
    size = -(-len(pairs) // RELIABILITY_BINS)
    groups: list[list[tuple[float, float]]] = [[]]
    for pair in pairs:
        if len(groups[-1]) >= size and pair[0] != groups[-1][-1][0]:
            groups.append([])
        groups[-1].append(pair)
    points = []
    for group in groups:
        share = _mean([fact for _, fact in group])
        low, high = wilson_interval(share, len(group))
        points.append(ReliabilityPoint(_mean([chance for chance, _ in group]), share, low, high, len(group)))
    return tuple(points)


def wilson_interval(share: float, size: int) -> tuple[float, float]:
    """The 95% interval of a share found in `size` cases.

    >>> wilson_interval(0.0, 10)[0], round(wilson_interval(0.0, 10)[1], 2)
    (0.0, 0.28)
    """
    spread = Z_95**2 / size
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 * sqrt(share * (1 - share) / size + spread / (4 * size)) / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _below_and_up_to(outcome: ForecastOutcome) -> tuple[float, float]:
    """The cumulative chance just below what came, and up to it."""
    came = _counted(outcome)
    below = min(sum(outcome.distribution[:came]), 1.0)
    return below, min(sum(outcome.distribution[: came + 1]), 1.0)


def _transformed(u: float, below: float, up_to: float) -> float:
    """How much of one lot's transform, spread evenly over the step that came, lies at or below u."""
    if u >= up_to:
        return 1.0
    return 0.0 if u <= below else (u - below) / (up_to - below)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
