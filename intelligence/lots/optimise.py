"""The best lots by the officer's rules, with proof, what comes next, what each rule costs, or why no structure does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from intelligence.capacity.estimate import check_draws
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.compute import Progress, nobody_told
from intelligence.lots.candidates import CandidateLots, candidate_lots
from intelligence.lots.design import LotDesign
from intelligence.lots.evaluate import report_structure
from intelligence.lots.lot_table import LotTable
from intelligence.lots.partition import Solution
from intelligence.lots.result import DesignStatus, LotDesignResult, RulePrice, Sensitivity, StructureReport
from intelligence.lots.search import Search
from intelligence.lots.structures import baselines
from intelligence.lots.valuation import valuer_of
from intelligence.market import InterestLevel, Market

BEST = "recommended"
CLEARLY = 2.0  # standard errors
MUCH = 0.1  # of the saving
CORRELATION = (
    "The price effect is a correlation in past tenders, not a cause: savings compare structures and forecast no price."
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the solver says of the lots, before whole structures are put to the capacity model."""

    status: DesignStatus
    best: Solution | None
    alternatives: Sequence[Solution]
    rule_prices: tuple[RulePrice, ...]
    sensitivities: tuple[Sensitivity, ...]
    conflict: tuple[str, ...]


def design_lots(
    design: LotDesign,
    *,
    seed: int,
    draws: int = 2_000,
    priors: Priors = DEFAULT_PRIORS,
    engaged: Market | None = None,
    seconds: float = 60.0,
    progress: Progress = nobody_told,
) -> LotDesignResult:
    """Find the structure that is worth most, and explain it.

    `draws` are the capacity model's, for the reports on whole structures; `engaged` is the market that providers were
    asked about, if the design was made from one (see :func:`intelligence.evaluate_structure`). `seconds` limits each
    integer problem; most take less than one. Within that limit the same arguments give the same bytes on one machine.
    `progress` is told the share that is done, between 0 and 1; what it raises stops the run. Method and sources:
    docs/methods/lots.md.

    Raises:
        ValueError: `draws` is not between 100 and 100,000.

    >>> from intelligence.lots.design import DesignUnit, Rules, UnitInterest
    >>> from intelligence.market import InterestLevel, Provider, ServiceLine, Site
    >>> sites = (Site("a", "Ashby"), Site("b", "Barton"))
    >>> design = LotDesign(
    ...     units=tuple(DesignUnit(f"{site.id}-dental", site.id, "dental", 900_000) for site in sites),
    ...     sites=sites,
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     neighbours=(("a", "b"),),
    ...     providers=tuple(Provider(f"P{n}", f"Provider {n}") for n in range(3)),
    ...     interests=tuple(
    ...         UnitInterest(f"P{n}", f"{site.id}-dental", InterestLevel.LIKELY) for n in range(3) for site in sites
    ...     ),
    ... )
    >>> [lot.title for lot in design_lots(design, seed=1, draws=100).best.lots]  # one contract to manage, not two
    ['Dental: Ashby, Barton']
    """
    check_draws(draws)
    table = LotTable(design, valuer_of(design, priors, seed=seed))
    considered = candidate_lots(design, design.rules)
    table.include(considered.lots)
    progress(0.2)
    found = _solve(table, seconds, progress)
    progress(0.6)
    report = partial(report_structure, table, priors=priors, seed=seed, draws=draws, engaged=engaged)
    best = report(table.structure(BEST, found.best.lots)) if found.best else None
    following = tuple(
        report(table.structure(f"alternative {number}", other.lots))
        for number, other in enumerate(found.alternatives, 1)
    )
    progress(0.8)
    usual = tuple(map(report, baselines(design)))
    drafts = tuple(map(report, design.structures))
    progress(1.0)
    return LotDesignResult(
        design=design,
        status=found.status,
        best=best,
        bound=found.best.bound if found.best else None,
        alternatives=following,
        baselines=usual,
        drafts=drafts,
        rule_prices=found.rule_prices,
        sensitivities=found.sensitivities,
        conflict=found.conflict,
        candidates=len(considered.lots),
        all_lots_considered=considered.complete,
        priors=(*design.assumptions.all(), *priors.all()),
        warnings=(
            *_warnings(design, considered, best, (*following, *usual, *drafts)),
            *_hinges(best, found.sensitivities),
        ),
        seed=seed,
        draws=draws,
    )


def _solve(table: LotTable, seconds: float, progress: Progress) -> _Found:
    search = Search(table, seconds)
    status, best = search.best()
    progress(0.3)
    alternatives = search.alternatives(best)
    progress(0.4)
    return _Found(
        status=status,
        best=best,
        alternatives=alternatives,
        rule_prices=tuple(search.rule_prices(best)) if best else (),
        sensitivities=tuple(search.sensitivities(best)) if best else (),
        conflict=search.conflict() if status is DesignStatus.INFEASIBLE else (),
    )


def _warnings(
    design: LotDesign, considered: CandidateLots, best: StructureReport | None, others: Sequence[StructureReport]
) -> Iterator[str]:
    yield CORRELATION
    if not considered.complete:
        yield (
            f"Only lots of up to {considered.parts_at_most} units, and of whole sites or services, were considered. "
            "Narrower size bands would let all lots be considered."
        )
    wanted = {interest.unit_id for interest in design.interests if interest.level is not InterestLevel.NO}
    unwanted = sum(unit.id not in wanted for unit in design.units)
    if unwanted:
        yield f"Nobody declared an interest in {unwanted} of {len(design.units)} units."
    if best is None:
        return
    for other in others:
        error = CLEARLY * (best.value_together_error + other.value_together_error)
        if not other.broken_rules and other.value_together > best.value_together + error:
            yield (
                f"With all lots let together and suppliers' limits in force, {other.name!r} comes out above the "
                "recommended structure: the optimum takes each lot by itself."
            )


def _hinges(best: StructureReport | None, sensitivities: Sequence[Sensitivity]) -> Iterator[str]:
    """The assumptions under whose other values the recommended structure would be a costly choice."""
    for other in sensitivities:
        if best is not None and other.regret > MUCH * best.worth.saving:
            yield (
                f'The recommendation hangs on an assumption: if "{other.assumption}" were {other.value:g}, another '
                f"structure would be worth £{round(other.regret, -3):,.0f} more."
            )
