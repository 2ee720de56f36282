"""What an assumption means to somebody who decides on lots: its name, value and how unsure it is, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

from webapp.web.format import money, number, percent

TENTH = 1.2816
"""Standard deviations from the mean to either end of the middle 80% of a normal distribution."""
LARGEST = 1_000_000_000
STRONGEST = 6
"""Log-odds beyond which a bid is all but certain or impossible: 6 is 99.8%."""
CERTAIN = 50
"""Log-odds beyond which a float can tell nothing from certain."""
Say = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """How people write a value, where that is not the number which is computed with, and with how many decimals."""

    written: Callable[[float], float] = float
    read: Callable[[float], float] = float
    places: int = 4


AS_COMPUTED = Scale()


@dataclass(frozen=True, slots=True)
class Meaning:
    """`brief` puts a value into a figure and `frame` a figure into words; `unit` says in what people write it on its
    `scale`. The value itself makes sense from `least` to `most`."""

    title: str
    brief: Say
    unit: str
    least: float = 0
    most: float = 1
    frame: str = "{}"
    scale: Scale = AS_COMPUTED

    @property
    def in_percent(self) -> bool:
        """Whether people write it in per cent, as on every scale that is not the one computed with."""
        return self.scale is not AS_COMPUTED

    def say(self, value: float) -> str:
        return self.frame.format(self.brief(value))

    def between(self, low: float, high: float) -> str:
        return self.frame.format(f"{self.brief(low)} to {self.brief(high)}")

    def range(self, value: float, spread: float) -> str:
        """Between what the value would be in 8 of 10 cases."""
        return self.between(*ends_of(value, spread)) if spread else "Taken as known"


def ends_of(value: float, spread: float) -> tuple[float, float]:
    """Of the middle 80% of what it may be."""
    return value - TENTH * spread, value + TENTH * spread


def spread_between(low: float, high: float) -> float:
    """The opposite of `ends_of`."""
    return (high - low) / (2 * TENTH)


def meaning_of(name: str) -> Meaning:
    """By the name that the engine gives the assumption."""
    return _MEANINGS.get(name) or Meaning(name[:1].upper() + name[1:], _figure, "", -LARGEST, LARGEST)


def _chance(log_odds: float) -> float:
    """Also of what was stored before values had limits, for which exp would overflow."""
    return 1 / (1 + exp(min(-log_odds, CERTAIN)))


PERCENT = Scale(lambda share: 100 * share, lambda typed: typed / 100, 1)
CHANCE = Scale(lambda log_odds: 100 * _chance(log_odds), lambda typed: log(typed / (100 - typed)), 1)


def _of_even(log_odds: float) -> str:
    """What becomes of a bidder that was as likely as not."""
    return percent(_chance(log_odds))


def _figure(value: float) -> str:
    return number(value, 2)


def _share(value: float) -> str:
    return percent(min(max(value, 0.0), 1.0))


def _differing(deviation: float) -> str:
    return f"{percent(_chance(-deviation))} to {percent(_chance(deviation))} around 50%"


def _level(title: str) -> Meaning:
    return Meaning(title, _of_even, "per cent of them that bid", -STRONGEST, STRONGEST, "{} bid", CHANCE)


def _effect(title: str) -> Meaning:
    unit = "per cent that it makes of a chance of 50%: 50 is no effect"
    return Meaning(title, _of_even, unit, -STRONGEST, STRONGEST, "50% becomes {}", CHANCE)


def _pounds(title: str) -> Meaning:
    return Meaning(title, lambda value: money(round(value)), "pounds a year", 1, LARGEST, "{} a year")


def _between(title: str) -> Meaning:
    unit = "per cent that a chance of 50% becomes for one well above the average: 50 is no difference"
    return Meaning(title, _differing, unit, 0, STRONGEST, scale=CHANCE)


_MEANINGS = {
    "would bid": _level("Providers that say they would bid"),
    "likely to bid": _level("Providers that say they are likely to bid"),
    "might bid": _level("Providers that say they might bid"),
    "undecided": _level("Providers that cannot say yet"),
    "all interest taken together": _effect("All interest, stronger or weaker"),
    "is the incumbent": _effect("It supplies the service now"),
    "bids as a consortium partner": _effect("It would bid with partners"),
    "would lead or subcontract": _effect("It would lead or subcontract"),
    "each doubling of the lot beyond the provider's largest contract": _effect("The lot is twice its largest contract"),
    "largest contract of a micro provider, pounds a year": _pounds("Largest contract of a micro provider"),
    "largest contract of a small provider, pounds a year": _pounds("Largest contract of a small provider"),
    "largest contract of a medium provider, pounds a year": _pounds("Largest contract of a medium provider"),
    "each month of mobilisation missing": _effect("Mobilisation a month too short"),
    "each doubling of the value over what providers were asked about": _effect(
        "Twice the value that it was asked about"
    ),
    "each year of term beyond what providers were asked about": _effect("A year longer than it was asked about"),
    "each log-odds of the provider's own past conversion": Meaning(
        "How far a provider’s own past bids count",
        lambda value: percent(max(value, 0)),
        "per cent of the way to what its past says",
        0,
        2,
        "{} of the way",
        PERCENT,
    ),
    "share of interested firms that bid": Meaning(
        "Interested firms that bid, on average", _share, "per cent of them", scale=PERCENT
    ),
    "interests that the mean conversion counts for": Meaning(
        "How many past interests that average counts for", _figure, "number of interests", 1, 10_000
    ),
    "standard deviation between providers": _between("How far providers differ from each other"),
    "standard deviation between lots": _between("How far lots differ from each other"),
    "standard deviation between programmes": _between("How far programmes differ from each other"),
    "correlation of lots in one procurement": Meaning(
        "How far lots of one procurement fare alike", _share, "per cent: 0 is not at all, 100 entirely", scale=PERCENT
    ),
    "share of bids that are credible": Meaning("Bids that are credible", _share, "per cent of them", scale=PERCENT),
    "correlation of rejections in one lot": Meaning(
        "How far the bids for one lot are rejected together",
        _share,
        "per cent: 0 is not at all, 100 entirely",
        scale=PERCENT,
    ),
    "not registered with CQC, in log-odds of a credible bid": _effect("Credible, though not registered with the CQC"),
    "no secure-setting experience, in log-odds of a credible bid": _effect("Credible, though new to secure settings"),
    "bidders a lot draws from outside the engagement": Meaning(
        "Bidders a lot draws from outside the engagement",
        lambda value: number(max(value, 0), 2),
        "bidders for a lot",
        0,
        50,
    ),
    "past lots of this market that one of another market counts for": Meaning(
        "How much another market’s past lot counts", _share, "per cent of one of this market’s lots", scale=PERCENT
    ),
}
