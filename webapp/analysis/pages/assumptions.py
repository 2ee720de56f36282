"""What the capacity figures assume, each number with its kind and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intelligence import CapacityReport
from intelligence.capacity.priors import PriorKind
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
                in_words(prior.name),
                number(prior.value, 2),
                number(prior.spread, 2) if prior.spread else "-",
                tag(*KINDS[prior.kind]),
                prior.source,
            )
            for prior in report.priors
        ],
        learned_rows=[
            (in_words(entry.name), number(entry.before, 2), number(entry.after, 2), number(entry.after_deviation, 2))
            for entry in report.learned
        ],
    )


def in_words(name: str) -> str:
    return name.replace("_", " ").capitalize().replace("cqc", "CQC")
