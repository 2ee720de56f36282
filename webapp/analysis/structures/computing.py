"""Searching and weighing. Only the worker imports this: it loads the libraries of the analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intelligence import LotDesign
from intelligence.lots.award_limits import award_limit_effects
from intelligence.lots.compare import compare_structures
from intelligence.lots.design import Structure
from intelligence.lots.evaluate import evaluate_structure
from intelligence.lots.optimise import design_lots
from webapp.analysis.computed import Progress
from webapp.analysis.structures.design import SearchResult, StepResult, without_market

SEARCH_DRAWS = 2_000
"""A search forecasts some fifteen structures, each with so many draws."""


def search(design: LotDesign, own: Sequence[Structure], seed: int, progress: Progress) -> SearchResult:
    """The best structure beside the usual ones, the lots of the engagement and the officers' own."""
    design = replace(design, structures=(*design.structures, *own))
    found = design_lots(design, seed=seed, draws=SEARCH_DRAWS, progress=lambda share: progress(0.8 * share))
    best = found.best.structure() if found.best else None
    limits = award_limit_effects(design, best, seed=seed, draws=SEARCH_DRAWS) if best else ()
    return SearchResult(replace(found, design=without_market(found.design)), limits)


def weigh(
    design: LotDesign, before: Structure | None, after: Structure, seed: int, draws: int, progress: Progress
) -> StepResult:
    """What a structure makes of the market, and what changed since the one before it, under the same luck."""
    report = evaluate_structure(design, after, seed=seed, draws=draws)
    progress(0.7)
    return StepResult(report, compare_structures(design, before, after, seed=seed) if before else None)
