"""What the capacity model assumes before it sees an outcome: named numbers with their spread, kind and source.

Effects are in log-odds of bidding unless their name says otherwise. A `spread` of zero is a number taken as known;
otherwise each draw takes its own value, so that what is uncertain here widens the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from math import isfinite

from intelligence.market import InputError


class PriorKind(StrEnum):
    MEASURED = "measured"
    ASSUMED = "assumed"


class PriorError(InputError):
    """A prior lies outside its range; `path` names it."""


@dataclass(frozen=True, slots=True)
class Prior:
    """One assumption: `value` is its mean, `spread` its standard deviation from draw to draw."""

    name: str
    value: float
    spread: float
    kind: PriorKind
    source: str


@dataclass(frozen=True, slots=True)
class Priors:
    """Every assumption of the capacity model. Change one with :func:`dataclasses.replace`, and say why in its source.

    Raises:
        PriorError: a spread is negative, or a probability, rate or standard deviation is out of range.

    >>> from dataclasses import replace
    >>> fewer = replace(DEFAULT_PRIORS.unseen_entrants, value=0.1, source="two dormant frameworks in this market")
    >>> replace(DEFAULT_PRIORS, unseen_entrants=fewer).unseen_entrants.value
    0.1
    """

    would_bid: Prior
    likely: Prior
    possibly: Prior
    undecided: Prior
    all_interest: Prior
    incumbent: Prior
    consortium: Prior
    subcontract: Prior
    too_large: Prior
    micro_largest: Prior
    small_largest: Prior
    medium_largest: Prior
    short_mobilisation: Prior
    more_value: Prior
    longer_term: Prior
    past_conversion: Prior
    past_mean: Prior
    past_weight: Prior
    provider_deviation: Prior
    lot_deviation: Prior
    programme_deviation: Prior
    package_correlation: Prior
    credibility: Prior
    rejection_correlation: Prior
    not_registered: Prior
    no_secure_experience: Prior
    unseen_entrants: Prior
    elsewhere_weight: Prior

    def __post_init__(self) -> None:
        for name, prior in zip((field.name for field in fields(self)), self.all(), strict=True):
            if not (isfinite(prior.value) and isfinite(prior.spread) and prior.spread >= 0):
                raise PriorError(name, "needs a finite value and a spread of zero or more")
        for name in ("micro_largest", "small_largest", "medium_largest", "past_mean", "past_weight", "credibility"):
            if getattr(self, name).value <= 0:
                raise PriorError(name, "must be above zero")
        for name in ("past_mean", "package_correlation", "rejection_correlation"):
            if not 0 <= getattr(self, name).value < 1:
                raise PriorError(name, "must be at least 0 and below 1")
        for name in ("provider_deviation", "lot_deviation", "programme_deviation", "unseen_entrants"):
            if getattr(self, name).value < 0:
                raise PriorError(name, "must be zero or more")
        if self.credibility.value > 1:
            raise PriorError("credibility", "must be at most 1")
        if not 0 <= self.elsewhere_weight.value <= 1:
            raise PriorError("elsewhere_weight", "must be from 0 to 1")

    def all(self) -> tuple[Prior, ...]:
        """Every prior, in the order in which a report lists them."""
        return tuple(getattr(self, field.name) for field in fields(self))


JUDGEMENT = "judgement; no data set of interest by level was found"
NO_TRIAL = "judgement: interest on two sets of terms in one market has not been measured; what-ifs alone use it"
HALF_TURNOVER = "half the turnover ceiling of its size in the Companies Act 2006, where the provider named no figure"


def _assumed(name: str, value: float, spread: float, source: str = JUDGEMENT) -> Prior:
    return Prior(name, value, spread, PriorKind.ASSUMED, source)


def _measured(name: str, value: float, spread: float, source: str) -> Prior:
    return Prior(name, value, spread, PriorKind.MEASURED, source)


DEFAULT_PRIORS = Priors(
    would_bid=_assumed("would bid", 1.1, 0.5),
    likely=_assumed("likely to bid", -0.1, 0.5),
    possibly=_assumed("might bid", -1.2, 0.5),
    undecided=_assumed("undecided", -2.0, 0.7),
    all_interest=_assumed("all interest taken together", 0.0, 0.3),
    incumbent=_assumed("is the incumbent", 1.2, 0.4),
    consortium=_assumed("bids as a consortium partner", -0.2, 0.3),
    subcontract=_assumed("would lead or subcontract", -0.5, 0.3),
    too_large=_assumed("each doubling of the lot beyond the provider's largest contract", -0.8, 0.3),
    micro_largest=_assumed("largest contract of a micro provider, pounds a year", 500_000, 0.0, HALF_TURNOVER),
    small_largest=_assumed("largest contract of a small provider, pounds a year", 7_500_000, 0.0, HALF_TURNOVER),
    medium_largest=_assumed("largest contract of a medium provider, pounds a year", 27_000_000, 0.0, HALF_TURNOVER),
    short_mobilisation=_assumed("each month of mobilisation missing", -0.25, 0.15),
    more_value=_assumed("each doubling of the value over what providers were asked about", 0.2, 0.2, NO_TRIAL),
    longer_term=_assumed("each year of term beyond what providers were asked about", 0.1, 0.1, NO_TRIAL),
    past_conversion=_assumed("each log-odds of the provider's own past conversion", 0.5, 0.2),
    past_mean=_measured(
        "share of interested firms that bid", 0.287, 0.0, "Beta(4.75, 11.8): document downloads, 22 Toronto tenders"
    ),
    past_weight=_measured(
        "interests that the mean conversion counts for", 16.55, 0.0, "the same Beta, a + b: 4.75 + 11.8"
    ),
    provider_deviation=_assumed("standard deviation between providers", 0.8, 0.0),
    lot_deviation=_assumed("standard deviation between lots", 0.6, 0.0),
    programme_deviation=_assumed("standard deviation between programmes", 0.4, 0.0),
    package_correlation=_measured(
        "correlation of lots in one procurement", 0.4, 0.0, "residual correlation of bidder counts within packages"
    ),
    credibility=_assumed(
        "share of bids that are credible", 0.88, 0.06, "judgement for health services; .72 measured over all sectors"
    ),
    rejection_correlation=_measured(
        "correlation of rejections in one lot", 0.24, 0.0, "Beta(.87, 2.22): 2,604 World Bank contracts"
    ),
    not_registered=_assumed("not registered with CQC, in log-odds of a credible bid", -1.5, 0.5),
    no_secure_experience=_assumed("no secure-setting experience, in log-odds of a credible bid", -0.7, 0.4),
    unseen_entrants=_assumed("bidders a lot draws from outside the engagement", 0.3, 0.2),
    elsewhere_weight=_assumed("past lots of this market that one of another market counts for", 0.25, 0.0, "judgement"),
)
