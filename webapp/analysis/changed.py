"""The forecast's assumptions as one programme has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from intelligence import DEFAULT_PRIORS, Prior, Priors
from intelligence.capacity.priors import PriorKind


@dataclass(frozen=True, slots=True)
class ChangedPrior:
    """Another value for one assumption; `name` is that of its field in `Priors`."""

    name: str
    value: float
    spread: float
    measured: bool
    reason: str
    by: str
    on: date


def prior_of(change: ChangedPrior) -> Prior:
    standard: Prior = getattr(DEFAULT_PRIORS, change.name)
    kind = PriorKind.MEASURED if change.measured else PriorKind.ASSUMED
    source = f"{change.reason.strip()} (changed by {change.by} on {change.on:%d.%m.%Y})"
    return Prior(standard.name, change.value, change.spread, kind, source)


def priors_with(changes: Iterable[ChangedPrior]) -> Priors:
    """What everybody starts from, with these changes.

    Raises:
        PriorError: a change is out of its range.
    """
    return replace(DEFAULT_PRIORS, **{change.name: prior_of(change) for change in changes})
