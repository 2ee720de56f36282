"""What the capacity figures assume, each number with what it means, its kind and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intelligence import CapacityReport
from intelligence.capacity.priors import PriorKind
from webapp.analysis.pages.meanings import meaning_of
from webapp.web.cells import tag
from webapp.web.format import number

KINDS = {PriorKind.MEASURED: ("Measured", "green"), PriorKind.ASSUMED: ("Assumed", "yellow")}


@dataclass(frozen=True, slots=True)
class AssumptionsPage:
    prior_rows: Sequence[Sequence[Any]]
    learned_rows: Sequence[Sequence[Any]]


def assumptions_page(report: CapacityReport) -> AssumptionsPage:
    return AssumptionsPage(
        prior_rows=[
            (
                (meaning := meaning_of(prior.name)).title,
                meaning.say(prior.value),
                meaning.range(prior.value, prior.spread),
                tag(*KINDS[prior.kind]),
                prior.source,
                as_computed(prior.value, prior.spread),
            )
            for prior in report.priors
        ],
        learned_rows=[
            (
                (meaning := meaning_of(entry.name)).title,
                meaning.say(entry.before),
                meaning.say(entry.after),
                meaning.range(entry.after, entry.after_deviation),
            )
            for entry in report.learned
        ],
    )


def as_computed(value: float, spread: float, places: int = 2) -> str:
    """The number itself, as the documentation of the method has it."""
    return f"{number(value, places)}, spread {number(spread, places)}" if spread else number(value, places)
