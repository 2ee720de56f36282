"""What a search found: the best structure by the rules, beside the usual ones, and what each rule costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from markupsafe import Markup

from intelligence import LotDesignResult
from intelligence.lots.design import StructureLot
from intelligence.lots.from_market import AS_ENGAGED
from intelligence.lots.result import AwardLimitEffect, DesignStatus, StructureReport
from intelligence.lots.rules import size_broken
from intelligence.lots.structures import (
    BY_SERVICE,
    BY_SITE,
    EACH_UNIT,
    INTEGRATED,
    by_service,
    by_site,
    each_unit,
    integrated,
    partition_of,
    title_of,
)
from webapp.analysis.structures import figures
from webapp.analysis.structures.design import SearchResult
from webapp.analysis.structures.words import (
    ASSUMPTIONS,
    STATUS,
    in_words,
    rules_in_words,
    structure_name,
    unit_names,
    warning_in_words,
)
from webapp.models import LotSearch, RunState
from webapp.web import charts
from webapp.web.cells import lines
from webapp.web.format import chance, compact_money, estimate, number, percent, plural

Rows = Sequence[Sequence[Any]]
FOUND_BEST = "Best by the rules of the search"
RECOMMENDED = "recommended"
"""What the engine calls it."""
OF_THE_SEARCH = {
    name.casefold()
    for name in (
        FOUND_BEST,
        RECOMMENDED,
        AS_ENGAGED,
        *map(structure_name, (EACH_UNIT, BY_SITE, BY_SERVICE, INTEGRATED)),
    )
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """What sets the next best structures apart from the recommended one: `has` are lots, and so are those that it has
    `instead_of`."""

    name: str
    words: str
    instead_of: list[str]
    has: list[str]


@dataclass(frozen=True, slots=True)
class SearchPage:
    status: str
    ranking: str
    same: str
    """How the figures stand to the capacity report's."""
    equal: list[str]
    """Which structures cut the services alike."""
    rules: list[str]
    conflict: list[str]
    chart: Markup | None
    risk_rows: Rows
    worth_rows: Rows
    worth: str
    """How the two sums of worth stand to each other."""
    lot_rows: Rows
    alternatives: list[Alternative]
    price_rows: Rows
    sensitivity_rows: Rows
    limit_rows: Rows
    assumption_rows: Rows
    warnings: tuple[str, ...]


def search_page(result: SearchResult, *, reads: bool) -> SearchPage:
    found = told_apart(result.found)
    compared = sorted(structures_of(found), key=lambda report: (*figures.risk(report), -report.worth.value))
    names = unit_names(found.design)
    return SearchPage(
        status=_status(found),
        ranking=_ranking(found.best, compared) if found.best else "",
        same=figures.same_as_report(result.shared_draws),
        equal=[same_lots(*map(structure_name, pair)) for pair in equal_structures(found)] if compared else [],
        rules=rules_in_words(found.design, found.design.rules),
        conflict=[*(in_words(sentence, names) for sentence in found.conflict), *_too_large_alone(found, names)],
        chart=_chart(compared) if compared else None,
        risk_rows=[_risk_row(structure, found) for structure in compared],
        worth_rows=[_worth_row(structure, names) for structure in compared],
        worth=_two_worths(found.best, found.design.contract_years) if found.best else "",
        lot_rows=[figures.lot_cells(lot, lot.title, found.design.rules, reads=reads) for lot in found.best.lots]
        if found.best
        else [],
        alternatives=[_alternative(found.best, other) for other in found.alternatives] if found.best else [],
        price_rows=[
            (in_words(price.sentence, names), compact_money(price.price), _titles(found, price.lots_without))
            for price in found.rule_prices
        ],
        sensitivity_rows=[
            (ASSUMPTIONS.get(other.assumption, other.assumption), number(other.value, 3), compact_money(other.regret))
            for other in found.sensitivities
        ],
        limit_rows=[_limit_row(effect) for effect in result.limits],
        assumption_rows=[
            (
                ASSUMPTIONS.get(prior.name, prior.name),
                number(prior.value, 3),
                prior.kind.value.capitalize(),
                prior.source,
            )
            for prior in found.design.assumptions.all()
        ],
        warnings=tuple(warning_in_words(warning) for warning in found.warnings),
    )


def progress_text(asked: LotSearch) -> str:
    if asked.failure:
        return asked.failure
    if asked.state is RunState.WAITING:
        return "Waiting for a worker to begin."
    return "The search is finished." if asked.result is not None else f"Searching: {percent(asked.progress)} done."


def structures_of(found: LotDesignResult) -> list[StructureReport]:
    """All that are compared, the best first, none twice."""
    ordered = [*([found.best] if found.best else []), *found.alternatives, *found.drafts, *found.baselines]
    seen: set[frozenset[frozenset[str]]] = set()
    kept = []
    for report in ordered:
        cut = frozenset(frozenset(lot.unit_ids) for lot in report.lots)
        if cut not in seen or report in found.drafts:
            kept.append(report)
        seen.add(cut)
    return kept


def told_apart(found: LotDesignResult) -> LotDesignResult:
    """With the officers' own structures marked where they are called as one of the search is, and numbered where two of
    them are called alike; the case of a letter tells nobody which is which. The first draft is the engagement's."""
    shown: set[str] = set()
    drafts: list[StructureReport] = []
    for draft in found.drafts:
        name = plain = structure_name(draft.name)
        if plain.casefold() in OF_THE_SEARCH and (drafts or draft.name != AS_ENGAGED):
            name = plain = f"{plain} (an officer’s own)"
        for place in count(2):
            if name.casefold() not in shown:
                break
            name = f"{plain} ({place})"
        shown.add(name.casefold())
        drafts.append(draft if name == structure_name(draft.name) else replace(draft, name=name))
    return replace(found, drafts=tuple(drafts))


def equal_structures(found: LotDesignResult) -> list[tuple[str, str]]:
    """The names of structures that cut the services alike, each with the one that is compared in its place.

    The usual structures are looked at once more: of two that are alike the search keeps one.
    """
    usual = (make(found.design) for make in (each_unit, by_site, by_service, integrated))
    drafts = (report.structure() for report in found.drafts)
    first = {partition_of(report.structure()): report.name for report in reversed(structures_of(found))}
    return [
        (each.name, known)
        for each in (*drafts, *usual)
        if (known := first.get(partition_of(each))) is not None and known != each.name
    ]


def same_lots(name: str, other: str) -> str:
    return f"“{name}” has the same lots as “{other}”."


def _status(found: LotDesignResult) -> str:
    said = STATUS[found.status]
    if found.status is DesignStatus.INFEASIBLE:
        if len(found.conflict) == 1:
            return f"{said} Of your rules this one cannot be kept; without it some structure would do."
        return f"{said} Of your rules these cannot all be kept; without any one of them some structure would do."
    if found.status is DesignStatus.FEASIBLE and found.bound is not None and found.best is not None:
        most, this = (compact_money(worth) for worth in (found.bound, found.best.worth.value))
        return f"{said} None is worth more than {most}; this one is worth {this}."
    return f"{said} {plural(found.candidates, 'lot')} considered."


def _too_large_alone(found: LotDesignResult, names: Mapping[str, str]) -> list[str]:
    """The services that no lot can hold, which is why a conflict may need no second rule."""
    rules = found.design.rules
    if found.status is not DesignStatus.INFEASIBLE:
        return []
    return [
        f"“{names[unit.id]}” alone is worth {compact_money(unit.annual_value)} a year"
        for unit in found.design.units
        if "largest_annual_value" in size_broken(rules, unit.annual_value, 1)
    ]


def _ranking(best: StructureReport, compared: Sequence[StructureReport]) -> str:
    """Which structure puts least at risk, where it is not the recommended one, and why it may still not be the best."""
    safest, share = compared[0], percent(best.without_bid().annual_value)
    if figures.risk(best)[0] <= figures.risk(safest)[0]:
        return f"Of the structures compared none leaves less without a bid: {share} of the annual value is expected."
    return (
        f"It is expected to leave {share} of the annual value without a bid. Least is left by "
        f"“{structure_name(safest.name)}”, {percent(safest.without_bid().annual_value)}: it is worth less by the sum "
        "below, or breaks your rules."
    )


def _chart(compared: Sequence[StructureReport]) -> Markup:
    return charts.stacked_shares(
        "structures",
        "Share of the annual value in lots that draw no bid, one bid, and two or more",
        [charts.ShareRow(label=structure_name(report.name), shares=_shares(report)) for report in compared],
        series=("No bid", "One bid", "Two or more"),
    )


def _shares(report: StructureReport) -> tuple[float, ...]:
    none, one = report.without_bid().annual_value, report.with_one_bid().annual_value
    return (none, one, max(0.0, 1 - none - one))


def _risk_row(report: StructureReport, found: LotDesignResult) -> Sequence[Any]:
    outside = figures.lots_outside(report, found.design.rules)
    return (
        structure_name(report.name),
        number(len(report.lots)),
        *figures.exposure_cells(report.without_bid()),
        estimate(report.lots_without_bid),
        *figures.exposure_cells(report.with_one_bid()),
        estimate(report.lots_with_one_bid),
        number(outside) if outside else "None",
    )


def _worth_row(report: StructureReport, names: dict[str, str]) -> Sequence[Any]:
    broken = lines(in_words(rule, names) for rule in report.broken_rules)
    return (
        structure_name(report.name),
        compact_money(report.worth.value),
        compact_money(report.value_together),
        chance(report.awards.p_all_awardable),
        "-" if report.sme_lots is None else number(report.sme_lots),
        compact_money(report.worth.management_cost),
        f"{estimate(report.expected_bidders)} and {number(report.incumbents)}",
        broken or "None",
    )


def _two_worths(best: StructureReport, years: float) -> str:
    margin = compact_money(figures.NINETY_FIVE * best.value_together_error)
    return (
        f"Sums of money are {figures.over_years(years)} of contract: the mean of the terms that this analysis took "
        "over with its lots, each counting by its lot’s value, or five years where it took none over, as at first no "
        "analysis did. The search adds up what the lots are worth each by itself: by that sum it recommends, and in "
        "it stand the costs of rules and assumptions below. It leaves out that mobilisation may be shorter than "
        "providers need. The worth together counts too that no provider wins more lots than it can hold, and that a "
        f"lot that nobody can take is one without a bid; luck in the draws leaves that sum open by about {margin} "
        "either way, so take structures that differ by less to be alike in it."
    )


def _alternative(best: StructureReport, other: StructureReport) -> Alternative:
    less = compact_money(best.worth.value - other.worth.value)
    return Alternative(
        name=structure_name(other.name),
        words=f"It is worth {less} less than the recommended structure, each lot by itself.",
        instead_of=_only_in(best, other),
        has=_only_in(other, best),
    )


def _only_in(one: StructureReport, other: StructureReport) -> list[str]:
    """The titles of lots that the other structure does not have."""
    theirs = {frozenset(lot.unit_ids) for lot in other.lots}
    return [lot.title for lot in one.lots if frozenset(lot.unit_ids) not in theirs]


def _titles(found: LotDesignResult, lots: Sequence[StructureLot]) -> Markup:
    best = {frozenset(lot.unit_ids) for lot in found.best.lots} if found.best else set()
    other = [lot for lot in lots if frozenset(lot.unit_ids) not in best]
    return lines(title_of(found.design, lot) for lot in other) or Markup("No other lots")


def _limit_row(effect: AwardLimitEffect) -> Sequence[Any]:
    return (
        "No limit" if effect.lots_bid_for is None else number(effect.lots_bid_for),
        "No limit" if effect.lots_awarded is None else number(effect.lots_awarded),
        estimate(effect.bids_per_lot),
        estimate(effect.lots_with_few_bids),
        chance(effect.p_all_awardable),
        f"{effect.most_exposed}: {chance(effect.most_exposed_p_awardable)}",
    )
