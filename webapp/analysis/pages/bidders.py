"""The bidders behind the lots: which lots share theirs, who would win how much, and who was not heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence import CapacityReport
from intelligence.capacity.report import (
    WINNERS_DRAWS,
    LotCapacity,
    PoolOverlap,
    ProviderWins,
    SilentProvider,
    Wins,
)
from webapp.analysis.names import Names
from webapp.analysis.pages.reasons import AT_RISK, is_at_risk
from webapp.web import charts
from webapp.web.format import chance, estimate, number, percent, plural
from webapp.web.pagination import Page, paginate

LOTS_IN_RING, LINES_IN_RING = 36, 80
LOTS_IN_GRID = 20
MOST_WINS = 8
HIGH_CONCENTRATION = 0.2
"""The Merger Assessment Guidelines of 2010 (CC2, OFT1254, paragraph 5.3.5) call 2,000 of 10,000 highly concentrated."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class BiddersPage:
    ring: Markup | None
    grid: Markup | None
    drawn: str
    """Which lots are drawn, where it is not all."""
    pairs: Page[PoolOverlap]
    pair_rows: Rows
    wins_chart: Markup | None
    wins_rows: Rows
    wins_draws: int
    wins_sentences: list[str]
    shared: str
    """Of what the shares and the index are."""
    heard: str
    silent: Page[SilentProvider] | None
    silent_rows: Rows


def bidders_page(
    report: CapacityReport,
    names: Names,
    *,
    values_known: bool,
    pairs_page: str | None,
    silent_page: str | None,
) -> BiddersPage:
    """`values_known` says whether each lot had a value by the run's inputs, as older reports do not say themselves."""
    overlaps = sorted(report.overlaps, key=lambda each: (-each.jaccard, each.first_lot_id, each.second_lot_id))
    pairs = _page(overlaps, pairs_page)
    silent = _page(report.cover.silent, silent_page) if report.cover else None
    wins = range(1 + max((_most_won(each) for each in report.concentration), default=-1))
    wins_draws = min(WINNERS_DRAWS, report.draws)
    return BiddersPage(
        ring=_ring(report, overlaps, names) if overlaps else None,
        grid=_grid(report, overlaps, names) if overlaps else None,
        drawn=_drawn(report),
        pairs=pairs,
        pair_rows=[
            (names.lot(each.first_lot_id), names.lot(each.second_lot_id), each.shared_providers, percent(each.jaccard))
            for each in pairs.items
        ],
        wins_chart=_wins_chart(report.concentration, wins, names) if wins else None,
        wins_rows=[_wins_row(each, won, wins_draws, names) for each in report.concentration for won in each.wins],
        wins_draws=wins_draws,
        wins_sentences=[_wins_sentence(each, names, values_known=values_known) for each in report.concentration],
        shared="value" if values_known else "lots, as the value of one or more is not known or nothing",
        heard=_heard(report),
        silent=silent,
        silent_rows=[_silent_row(each, names) for each in silent.items] if silent else [],
    )


def _page(items: Sequence[Any], asked: str | None) -> Page[Any]:
    return paginate(len(items), lambda limit, offset: items[offset : offset + limit], asked)


def _shown(report: CapacityReport, most: int) -> list[LotCapacity]:
    """In the programme's order: all lots, or of many those most at risk."""
    riskiest = {lot.lot_id for lot in sorted(report.lots, key=lambda lot: -lot.p_none)[:most]}
    return [lot for lot in report.lots if lot.lot_id in riskiest]


def _drawn(report: CapacityReport) -> str:
    if len(report.lots) <= LOTS_IN_GRID:
        return ""
    return (
        f"Of {plural(len(report.lots), 'lot')} the ring shows the {min(len(report.lots), LOTS_IN_RING)} and the grid "
        f"the {LOTS_IN_GRID} with the highest chance of no credible bid. The table has every pair."
    )


def _ring(report: CapacityReport, overlaps: Sequence[PoolOverlap], names: Names) -> Markup:
    lots = _shown(report, LOTS_IN_RING)
    place = {lot.lot_id: index for index, lot in enumerate(lots)}
    lines = [
        charts.NetworkLine(
            first=place[each.first_lot_id],
            second=place[each.second_lot_id],
            strength=each.jaccard,
            words=f"{plural(each.shared_providers, 'shared provider')}, {percent(each.jaccard)}",
        )
        for each in overlaps
        if each.first_lot_id in place and each.second_lot_id in place
    ]
    return charts.network(
        "overlap-ring",
        "Lots that share their possible bidders",
        [
            charts.NetworkDot(
                code=names.lots[lot.lot_id].code, name=names.lot(lot.lot_id), marked=is_at_risk(lot, names)
            )
            for lot in lots
        ],
        lines[:LINES_IN_RING],
        legend=f"A ringed dot is a lot still to be tendered with a chance of {percent(AT_RISK)} or more of no credible "
        "bid.",
    )


def _grid(report: CapacityReport, overlaps: Sequence[PoolOverlap], names: Names) -> Markup:
    lots = _shown(report, LOTS_IN_GRID)
    share = {frozenset((each.first_lot_id, each.second_lot_id)): each for each in overlaps}

    def cell(row: LotCapacity, column: LotCapacity) -> charts.HeatCell | None:
        if row is column:
            return None
        found = share.get(frozenset((row.lot_id, column.lot_id)))
        jaccard, shared = (found.jaccard, found.shared_providers) if found else (0.0, 0)
        pair = f"{names.lot(row.lot_id)} and {names.lot(column.lot_id)}"
        return charts.HeatCell(
            strength=jaccard,
            words=percent(jaccard),
            tip=f"{pair}: {plural(shared, 'shared provider')}, {percent(jaccard)}",
        )

    return charts.heat_map(
        "overlap-grid",
        "How far each two lots share their possible bidders",
        [names.lots[lot.lot_id].code for lot in lots],
        [
            charts.HeatRow(label=names.lot(row.lot_id), cells=tuple(cell(row, column) for column in lots))
            for row in lots
        ],
    )


def _most_won(provider: ProviderWins) -> int:
    return min(max((won.lots for won in provider.wins), default=0), MOST_WINS)


def _wins_chart(concentration: Sequence[ProviderWins], wins: Sequence[int], names: Names) -> Markup:
    def cell(found: Wins | None, provider: str) -> charts.HeatCell | None:
        if found is None:
            return None
        words = estimate(found.concentration, 2)
        tip = f"{provider} wins {plural(found.lots, 'lot')}: concentration {words}, chance {chance(found.chance)}"
        return charts.HeatCell(strength=min(found.concentration, 1.0), words=words, tip=tip)

    rows = []
    for each in concentration:
        by_lots = {won.lots: won for won in each.wins}
        name = names.organisation(each.provider_id)
        rows.append(charts.HeatRow(label=name, cells=tuple(cell(by_lots.get(count), name) for count in wins)))
    return charts.heat_map(
        "concentration",
        "Concentration if a provider wins so many lots",
        [plural(count, "lot") for count in wins],
        rows,
    )


def _wins_row(provider: ProviderWins, won: Wins, draws: int, names: Names) -> Sequence[Any]:
    return (
        names.organisation(provider.provider_id),
        won.lots,
        chance(won.chance),
        number(round(won.chance * draws)),
        percent(won.value_share),
        estimate(won.concentration, 2),
    )


def _wins_sentence(provider: ProviderWins, names: Names, *, values_known: bool) -> str:
    said = f"{names.organisation(provider.provider_id)} would win {estimate(provider.expected_lots)} lots"
    if values_known:
        said += f" and {percent(provider.expected_value_share)} of the value"
    said += " on average"
    high = next((won for won in provider.wins if won.lots and won.concentration >= HIGH_CONCENTRATION), None)
    return f"{said}; from {plural(high.lots, 'lot')} on, the programme is highly concentrated." if high else f"{said}."


def _heard(report: CapacityReport) -> str:
    if report.cover is None:
        return "This run is older than the comparison with the known market."
    cover = report.cover
    if not cover.silent:
        everybody = "The one known provider" if cover.known == 1 else f"All {number(cover.known)} known providers"
        return f"{everybody} said something about at least one lot."
    return (
        f"{number(cover.heard)} of {plural(cover.known, 'known provider')} said something about at least one lot. "
        "Known are those that answered, were invited, or hold a contract now. The figures leave the others out."
    )


def _silent_row(provider: SilentProvider, names: Names) -> Sequence[Any]:
    before = (
        f"{number(provider.past_bids)} of {plural(provider.past_interests, 'past interest')}"
        if provider.past_interests
        else "-"
    )
    holds = ", ".join(names.lots[lot_id].code for lot_id in provider.incumbent_of)
    return (names.organisation(provider.provider_id), holds or "-", before)
