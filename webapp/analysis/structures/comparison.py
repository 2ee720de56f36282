"""The structures that a search compared, for what is decided elsewhere and names them beside it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from intelligence.files import from_json
from intelligence.lots.result import StructureReport
from webapp.analysis.structures import queries
from webapp.analysis.structures.design import SearchResult
from webapp.analysis.structures.figures import risk
from webapp.analysis.structures.search_page import equal_structures, structures_of, told_apart
from webapp.analysis.structures.words import structure_name


@dataclass(frozen=True, slots=True)
class ComparedCut:
    """A way to cut the whole programme into lots that a search compared: the shares of the annual value that are
    expected in lots with no bid and with one."""

    name: str
    lots: int
    without_bid: float
    with_one_bid: float


@dataclass(frozen=True, slots=True)
class Comparison:
    search_id: str
    cuts: Mapping[str, ComparedCut]
    """By the name of the structure: what was found best, the engagement's lots, the officers' own and the usual ones.
    The least at risk first."""
    alike: Sequence[tuple[str, str]]
    """The names of structures that come to the same lots as one of the cuts, each with that of the cut."""


def newest_comparison(
    session: Session, run_id: uuid.UUID, *, at_most: int, best_name: Callable[[StructureReport], str]
) -> Comparison | None:
    """Of the newest search that finished. `best_name` says what the structure is called that it found best."""
    search = queries.newest_finished_search(session, run_id)
    if search is None or search.result is None:
        return None
    found = told_apart(replace(from_json(SearchResult, search.result["value"]).found, alternatives=()))
    cuts = {
        report.name: ComparedCut(
            best_name(report) if report == found.best else structure_name(report.name),
            len(report.lots),
            report.without_bid().annual_value,
            report.with_one_bid().annual_value,
        )
        for report in sorted(structures_of(found), key=risk)[:at_most]
    }
    alike = [(name, same_as) for name, same_as in equal_structures(found) if same_as in cuts]
    return Comparison(str(search.id), cuts, alike)
