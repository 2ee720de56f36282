"""Forecasts that repeat what was seen: of all earlier lots, of the latest, and of lots of the same kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from intelligence.forecast.distributions import Distributions, empirical, negative_binomial
from intelligence.forecast.timeline import Ints, Timeline, Trailing, dividing, whole

TYPICAL_BIDS, TYPICAL_SIZE = 3.5, 2.5  # negative binomial, mean and size: where nothing at all is known
LATEST = (100, 300)  # lots that the recent histograms look back on
WEIGHT_OF_WIDER = 4.0  # past lots that the wider histogram counts for against a narrower one
WEIGHT_OF_UNSEEN = 1.0  # past lots that numbers which no lot has drawn yet count for
ALL = "all"


class Seen:
    """What each row may know of the past bids of its group."""

    def __init__(self, timeline: Timeline, group: Ints) -> None:
        self._trailing = Trailing(timeline, group)
        self._at_most = self._trailing.cumulated(empirical(timeline.bids))
        self._bids = self._trailing.cumulated(timeline.bids[:, None])

    def mixed(self, rows: Ints, start: Distributions, *, last: int | None = None, weight: float) -> Distributions:
        """The empirical distribution before each of the rows, with `start` counting for as many lots as its weight."""
        first, end = self._trailing.span(rows, last)
        lots = (end - first)[:, None] + weight
        cumulative = self._at_most[end] - self._at_most[first] + weight * start.cumulative
        bids = self._bids[end] - self._bids[first] + weight * start.mean[:, None]
        nothing = lots == 0
        lots = np.where(nothing, 1.0, lots)
        cumulative = np.where(nothing, start.cumulative, cumulative / lots)
        mean = np.where(nothing, start.mean[:, None], bids / lots)
        return Distributions(cumulative.astype(np.float32), mean[:, 0])


def see(timeline: Timeline) -> dict[str, Seen]:
    """What was seen of all lots and of each group but packages, whose lots mostly share a date."""
    groups = {ALL: whole(timeline), **timeline.groups}
    return {name: Seen(timeline, group) for name, group in groups.items() if name != "package"}


def histogram(seen: Mapping[str, Seen], rows: Ints) -> Distributions:
    """The empirical distribution of all earlier lots: the baseline of every other. Without any, a typical market's."""
    typical = negative_binomial(np.full(len(rows), TYPICAL_BIDS), TYPICAL_SIZE)
    return seen[ALL].mixed(rows, typical, weight=0.0)


def recent_histogram(seen: Mapping[str, Seen], rows: Ints, last: int, of_all: Distributions) -> Distributions:
    """The empirical distribution of the latest lots, with a little of all earlier ones."""
    return seen[ALL].mixed(rows, of_all, last=last, weight=WEIGHT_OF_WIDER)


def group_histogram(
    timeline: Timeline, seen: Mapping[str, Seen], train: Ints, rows: Ints, recent: Distributions
) -> Distributions:
    """The histogram of the lot's own kind, from wide groups to narrow ones, each starting from the one before.

    So a buyer's own habit, or that of a buyer in a category, has the last word where there is enough of it.
    """
    found = recent
    kinds = dividing(timeline, train)
    for name in sorted(seen.keys() & kinds.keys(), key=lambda name: (kinds[name], name)):
        found = seen[name].mixed(rows, found, weight=WEIGHT_OF_WIDER)
    return found


def with_unseen(found: Distributions, lots: Ints) -> Distributions:
    """Forecasts, each resting on so many past lots, that leave room for numbers of bids which none of these has drawn.

    One more lot counts beside them, spread as in a typical market about the mean that they and a typical lot have:
    after one lot of three bids three are not nearly sure, nor is none after two without a bid. A forecast that rests on
    no lot stays as it is.
    """
    share = np.where(lots > 0, WEIGHT_OF_UNSEEN / (lots + WEIGHT_OF_UNSEEN), 0.0)
    mean = found.mean + share * (TYPICAL_BIDS - found.mean)
    cumulative = found.cumulative + share[:, None] * (
        negative_binomial(mean, TYPICAL_SIZE).cumulative - found.cumulative
    )
    return Distributions(cumulative.astype(np.float32), found.mean + share * (mean - found.mean))
