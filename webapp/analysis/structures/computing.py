"""Searching and weighing. Only the worker imports this: it loads the libraries of the analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intelligence import LotDesign, Market, Priors
from intelligence.capacity.learning import learned_priors
from intelligence.compute import Progress
from intelligence.files import from_json
from intelligence.lots.award_limits import award_limit_effects
from intelligence.lots.compare import compare_structures
from intelligence.lots.design import Rules, Structure
from intelligence.lots.evaluate import evaluate_structure
from intelligence.lots.optimise import design_lots
from intelligence.lots.result import StructureReport
from webapp.analysis.changed import priors_with
from webapp.analysis.past import history_of
from webapp.analysis.runs import RunParameters
from webapp.analysis.structures.design import SearchResult, StepResult, design_of, without_market
from webapp.models import AnalysisRun


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run's capacity report stands on, so that structures stand on the same: a lot that the engagement asked
    about has the same figures in both."""

    market: Market
    design: LotDesign
    priors: Priors
    seed: int
    draws: int


def ground_of(run: AnalysisRun, rules: Rules) -> Ground:
    """With past lots taken into account, as in the report."""
    market, parameters = from_json(Market, run.inputs), from_json(RunParameters, run.parameters)
    priors = learned_priors(market, priors_with(parameters.changed), elsewhere=history_of(run).elsewhere)
    return Ground(market, design_of(market, rules), priors, run.seed, parameters.draws)


def search(ground: Ground, own: Sequence[Structure], progress: Progress) -> SearchResult:
    """The best structure beside the usual ones, the lots of the engagement and the officers' own."""
    design = replace(ground.design, structures=(*ground.design.structures, *own))
    found = design_lots(
        design,
        seed=ground.seed,
        draws=ground.draws,
        priors=ground.priors,
        engaged=ground.market,
        progress=lambda share: progress(0.8 * share),
    )
    best = found.best.structure() if found.best else None
    limits = (
        award_limit_effects(
            design, best, seed=ground.seed, draws=ground.draws, priors=ground.priors, engaged=ground.market
        )
        if best
        else ()
    )
    return SearchResult(replace(found, design=without_market(found.design)), limits, ground.draws)


def weigh(ground: Ground, before: Structure | None, after: Structure, progress: Progress) -> StepResult:
    """What a structure makes of the market, and what changed since the one before it, under the same luck."""
    report = _report(ground, after)
    progress(0.4)
    if before is None:
        return StepResult(report, None, shared_draws=ground.draws)
    earlier = _report(ground, before)
    progress(0.8)
    compared = compare_structures(ground.design, before, after, seed=ground.seed, priors=ground.priors)
    return StepResult(report, compared, earlier, ground.draws)


def _report(ground: Ground, structure: Structure) -> StructureReport:
    return evaluate_structure(
        ground.design,
        structure,
        seed=ground.seed,
        draws=ground.draws,
        priors=ground.priors,
        engaged=ground.market,
    )
