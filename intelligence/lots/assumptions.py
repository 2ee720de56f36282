"""What the valuation of lots assumes beyond the capacity model: named numbers with their spread, kind and source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

from intelligence.capacity.priors import Prior, PriorError, PriorKind


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Every assumption of the valuation. Change one with :func:`dataclasses.replace`, and say why in its source.

    `price_effect` is the share of the price by which it differs for each unit of the logarithm of the number of bids.
    It is a correlation in past tenders, not a saving that more bids would cause. Its spread is the deviation between
    the three sets of tenders. `no_bid_cost` is the share of a lot's contract value lost when nobody bids for it.
    `coverage` is the share of a lot's value in which a provider must be interested to bid for the lot.

    Raises:
        PriorError: a value is not a finite number in its range.

    >>> from dataclasses import replace
    >>> dearer = replace(DEFAULT_ASSUMPTIONS.management_cost, value=40_000, source="our own contract team, 2026")
    >>> replace(DEFAULT_ASSUMPTIONS, management_cost=dearer).management_cost.value
    40000
    """

    price_effect: Prior
    no_bid_cost: Prior
    management_cost: Prior
    coverage: Prior
    incumbent_share: Prior

    def __post_init__(self) -> None:
        for field in fields(self):
            prior = getattr(self, field.name)
            if not (isfinite(prior.value) and isfinite(prior.spread) and prior.value >= 0 and prior.spread >= 0):
                raise PriorError(field.name, "needs a finite value and a spread of zero or more")
        for name in ("price_effect", "no_bid_cost", "coverage", "incumbent_share"):
            if getattr(self, name).value > 1:
                raise PriorError(name, "is a share: at most 1")
        for name in ("coverage", "incumbent_share"):
            if getattr(self, name).value == 0:
                raise PriorError(name, "must be above zero")

    def all(self) -> tuple[Prior, ...]:
        """Every assumption, in the order in which a report lists them."""
        return tuple(getattr(self, field.name) for field in fields(self))


DEFAULT_ASSUMPTIONS = Assumptions(
    price_effect=Prior(
        "price per unit of ln(bids)",
        0.069,
        0.016,
        PriorKind.MEASURED,
        "mean of -7.3% Colorado, -5.1% Tsuchiura, -8.3% Italy: correlations in past tenders, none shown to be a cause",
    ),
    no_bid_cost=Prior(
        "share of contract value lost when nobody bids",
        0.1,
        0.0,
        PriorKind.ASSUMED,
        "judgement: urgent award, re-tender",
    ),
    management_cost=Prior(
        "cost of managing one lot, pounds a year",
        25_000,
        0.0,
        PriorKind.ASSUMED,
        "judgement: 0.4 of a contract manager",
    ),
    coverage=Prior(
        "share of a lot's value a provider must want",
        0.9,
        0.0,
        PriorKind.ASSUMED,
        "judgement: it subcontracts the rest",
    ),
    incumbent_share=Prior(
        "share of a lot's value that makes its supplier the incumbent", 0.5, 0.0, PriorKind.ASSUMED, "judgement"
    ),
)
