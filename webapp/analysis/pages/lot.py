"""One lot: how many credible bids, from whom, and whether they could staff it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from intelligence import CapacityReport
from intelligence.capacity.report import LotCapacity, LotDrivers
from webapp.analysis.names import BidsThatCame, Names
from webapp.analysis.pages.bids import chances
from webapp.analysis.pages.reasons import reasons, without
from webapp.analysis.pages.report import INTEREST, ROLES, WILLING
from webapp.web import charts
from webapp.web.format import chance, day, estimate, number, percent, plural

MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class LotPage:
    title: str
    came: str
    """What came of it, where that is known by now."""
    sentence: str
    reasons: list[str]
    chart: Markup
    distribution_rows: list[tuple[str, str]]
    interest_rows: list[tuple[str, str, str]]
    drivers_chart: Markup | None
    driver_sentences: list[str]
    driver_rows: list[tuple[str, str, str]]
    overlap_rows: list[tuple[str, int, str]]
    draws: str


def lot_page(report: CapacityReport, lot: LotCapacity, drivers: LotDrivers | None, names: Names) -> LotPage:
    """`drivers` are the lot's own; reports made before these were computed have none."""
    counts = chances(lot.distribution)
    return LotPage(
        title=names.lot(lot.lot_id),
        came=came_in_words(names.came(lot.lot_id)),
        sentence=_sentence(report, lot),
        reasons=list(reasons(lot, names)),
        chart=charts.horizontal_bars(
            "distribution",
            "Chance of each number of credible bids",
            [charts.Bar(label=label, value=100 * share) for label, share in counts],
            unit="per cent",
        ),
        distribution_rows=[(label, chance(share)) for label, share in counts],
        interest_rows=[
            (
                INTEREST[count.level],
                ROLES[count.role] if count.level in WILLING else "-",
                number(count.providers),
            )
            for count in lot.interest
        ],
        drivers_chart=_drivers_chart(drivers, names) if drivers is not None and drivers.without else None,
        driver_sentences=[
            without(names.organisation(each.provider_id), lot.p_none, each.p_none_without)
            for each in (drivers.without[:MOST_SENTENCES] if drivers is not None else ())
        ],
        driver_rows=[
            (names.organisation(each.provider_id), chance(lot.p_none), chance(each.p_none_without))
            for each in (drivers.without if drivers is not None else ())
        ],
        overlap_rows=_overlaps(report, lot, names),
        draws=number(report.draws),
    )


def came_in_words(came: BidsThatCame | None) -> str:
    if came is None:
        return ""
    said = f"{plural(came.bids, 'bid')} came, {number(came.credible)} of them credible" if came.bids else "no bid came"
    return f"Bids for this lot closed on {day(came.closed_on)}: {said}. What follows is what this analysis expected."


def _drivers_chart(drivers: LotDrivers, names: Names) -> Markup:
    return charts.changes_of_chance(
        "drivers",
        "Chance of no credible bid with all providers, and without each of those on whom the lot hangs most",
        [
            charts.ChangeRow(
                label=f"Without {names.organisation(each.provider_id)}",
                before=drivers.p_none,
                after=each.p_none_without,
            )
            for each in drivers.without
        ],
        words=("With all providers", "Without this one"),
    )


def _sentence(report: CapacityReport, lot: LotCapacity) -> str:
    return (
        f"We expect {estimate(lot.expected_bids)} credible bids, and in {percent(report.interval)} of cases "
        f"{lot.bids_low} to {lot.bids_high}. "
        f"The chance of none is {chance(lot.p_none)}, of only one {chance(lot.p_one)}, of two or more "
        f"{chance(lot.p_two_or_more)}, of three or more {chance(lot.p_three_or_more)}."
    )


def _overlaps(report: CapacityReport, lot: LotCapacity, names: Names) -> list[tuple[str, int, str]]:
    rows: list[tuple[float, str, int]] = []
    for overlap in report.overlaps:
        pair = (overlap.first_lot_id, overlap.second_lot_id)
        if lot.lot_id in pair and overlap.shared_providers:
            other = pair[1] if pair[0] == lot.lot_id else pair[0]
            rows.append((overlap.jaccard, names.lot(other), overlap.shared_providers))
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [(title, shared, percent(jaccard)) for jaccard, title, shared in rows]
