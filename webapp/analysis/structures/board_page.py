"""The board: an officer's own structure as sites by service lines, what it makes of the market, and what changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from intelligence import LotDesign
from intelligence.lots.design import Rules, StructureLot
from intelligence.lots.result import Change, Comparison, LotReport, StructureReport
from intelligence.lots.structures import title_of
from webapp.analysis.names import Names
from webapp.analysis.structures import figures
from webapp.analysis.structures.design import StepResult, StoredLots, rules_of
from webapp.analysis.structures.words import HINDRANCES, in_words, letter, lot_names, unit_names
from webapp.models import StructureStep
from webapp.web.cells import lines
from webapp.web.format import chance, compact_money, estimate, listed, moment, number, percent, plural

COLOURS = ("blue", "green", "purple", "yellow", "turquoise", "pink", "orange", "grey")
PROVIDERS_SHOWN = 8
LEAST_DIFFERENCE = 1.0  # pounds

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One service at one site, to be chosen."""

    unit_id: str
    control_id: str
    position: int
    """Of its lot."""
    lot: str
    colour: str
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChangeOnPage:
    heading: str
    sentences: list[str]
    provider_rows: Rows


@dataclass(frozen=True, slots=True)
class BoardPage:
    service_lines: list[str]
    sites: list[tuple[str, list[Cell | None]]]
    figures: list[dict[str, str]]
    same: str
    """How the figures stand to the capacity report's."""
    exposure_rows: Rows
    lot_rows: Rows
    suppliers: str
    """Which present suppliers of a lot are counted."""
    broken_rules: list[str]
    difference: str
    changes: list[ChangeOnPage]
    text: str


def board_page(
    design: LotDesign,
    step: StructureStep,
    result: StepResult | None,
    names: Names,
    chosen: Collection[str],
    *,
    reads: bool,
) -> BoardPage:
    """What hinders each provider is told to a reader who `reads` what it answered."""
    units = unit_names(design)
    comparison = result.comparison if result else None
    return BoardPage(
        service_lines=[line.name for line in design.service_lines],
        sites=_grid(design, step.lots, units, chosen),
        figures=_figures(result, design.contract_years) if result else [],
        exposure_rows=_exposure_rows(result.report) if result else [],
        same=figures.same_as_report(result.shared_draws) if result else "",
        lot_rows=[
            _lot_row(place, lot, rules_of(step.rules), reads=reads)
            for place, lot in zip(lot_names(design, step.lots), result.report.lots, strict=True)
        ]
        if result
        else [],
        suppliers=f"Present suppliers of {percent(design.assumptions.incumbent_share.value)} of its value or more",
        broken_rules=[in_words(rule, units) for rule in result.report.broken_rules] if result else [],
        difference=_difference(comparison) if comparison else "",
        changes=_changes(result, design, names, reads=reads) if result else [],
        text=state_text(step),
    )


def state_text(step: StructureStep) -> str:
    if step.failure:
        return step.failure
    return "The figures of this structure are being worked out." if step.is_under_way else ""


@dataclass(frozen=True, slots=True)
class PastStep:
    number: int
    words: str
    made: str
    is_last: bool


def history(steps: Sequence[StructureStep], last: StructureStep) -> list[PastStep]:
    return [
        PastStep(step.number, step.words, f"{step.maker.name}, {moment(step.made_at)}", step.id == last.id)
        for step in steps
    ]


def _grid(
    design: LotDesign, lots: StoredLots, names: dict[str, str], chosen: Collection[str]
) -> list[tuple[str, list[Cell | None]]]:
    place_of = {unit: place for place, units in enumerate(lots) for unit in units}
    cells: dict[tuple[str, str], Cell] = {}
    for index, unit in enumerate(design.units):
        place = place_of[unit.id]
        cells[unit.site_id, unit.service_line_id] = Cell(
            unit_id=unit.id,
            control_id="units" if index == 0 else f"units-{index}",
            position=place,
            lot=letter(place),
            colour=COLOURS[place % len(COLOURS)],
            value=compact_money(unit.annual_value),
            name=names[unit.id],
            chosen=unit.id in chosen,
        )
    return [(site.name, [cells.get((site.id, line.id)) for line in design.service_lines]) for site in design.sites]


def _figures(result: StepResult, years: float) -> list[dict[str, str]]:
    report, before = result.report, result.before
    none, one = report.without_bid().annual_value, report.with_one_bid().annual_value
    none_before, one_before = (
        (before.without_bid().annual_value, before.with_one_bid().annual_value) if before else (None, None)
    )
    over = f"{figures.over_years(years)}, to compare structures only"
    shown = (
        ("Lots", number(len(report.lots)), f"{estimate(report.expected_bidders)} bidders expected"),
        ("Annual value without a bid", percent(none), _beside(report.lots_without_bid, none_before)),
        ("Annual value with a single bid", percent(one), _beside(report.lots_with_one_bid, one_before)),
        ("All can be awarded", chance(report.awards.p_all_awardable), "chance"),
        ("Worth together", compact_money(report.value_together), over),
    )
    return [{"label": label, "value": value, "note": note} for label, value, note in shown]


def _beside(lots: float, share_before: float | None) -> str:
    counted = f"expected; {estimate(lots)} lots"
    return counted if share_before is None else f"{counted}; {percent(share_before)} before the last change"


def _exposure_rows(report: StructureReport) -> Rows:
    return [
        ("Without a bid", *figures.exposure_cells(report.without_bid()), estimate(report.lots_without_bid)),
        ("With a single bid", *figures.exposure_cells(report.with_one_bid()), estimate(report.lots_with_one_bid)),
    ]


def _lot_row(place: int, lot: LotReport, rules: Rules, *, reads: bool) -> Sequence[Any]:
    return (
        *figures.lot_cells(lot, f"{letter(place)}: {lot.title}", rules, reads=reads),
        number(len(lot.capacity.incumbents)),
        compact_money(lot.worth.value),
    )


def _difference(comparison: Comparison) -> str:
    if abs(comparison.difference) < LEAST_DIFFERENCE:
        return "The last change makes no difference to what the structure is worth."
    direction = "more" if comparison.difference > 0 else "less"
    worth, error = (compact_money(each) for each in (abs(comparison.difference), 2 * comparison.difference_error))
    return (
        f"The structure is worth {worth} {direction} than before the last change, give or take {error}, "
        "each lot taken by itself."
    )


def _changes(result: StepResult, design: LotDesign, names: Names, *, reads: bool) -> list[ChangeOnPage]:
    changes = result.comparison.changes if result.comparison else ()
    return [_change(change, result, design, names, reads=reads) for change in changes]


def _change(change: Change, result: StepResult, design: LotDesign, names: Names, *, reads: bool) -> ChangeOnPage:
    return ChangeOnPage(
        heading=f"{_titles(change.before, design)} became {_titles(change.after, design)}",
        sentences=_moved(change, result),
        provider_rows=[
            (
                names.organisation(provider.provider_id),
                estimate(provider.bids_before, 2),
                estimate(provider.bids_after, 2),
                lines(HINDRANCES[each] for each in provider.hindrances_before) or "-",
                lines(HINDRANCES[each] for each in provider.hindrances_after) or "-",
            )
            for provider in change.providers[: PROVIDERS_SHOWN if reads else 0]
        ],
    )


def _moved(change: Change, result: StepResult) -> list[str]:
    """From the same forecasts as the rest of the page, so that its figures agree; a step from before these were kept
    has none."""
    if result.before is None:
        return []
    lots = _lots_of(result.before, change.before), _lots_of(result.report, change.after)
    none = [sum(lot.annual_value * lot.capacity.p_none for lot in each) for each in lots]
    one = [sum(lot.annual_value * lot.capacity.p_one for lot in each) for each in lots]
    return [_value_moved("no bid", *none), _value_moved("a single bid", *one)]


def _lots_of(report: StructureReport, lots: Sequence[StructureLot]) -> list[LotReport]:
    wanted = {frozenset(lot.unit_ids) for lot in lots}
    return [lot for lot in report.lots if frozenset(lot.unit_ids) in wanted]


def _value_moved(bids: str, before: float, after: float) -> str:
    return (
        f"Annual value expected to draw {bids}: {compact_money(before)} before, {compact_money(after)} after, of these "
        "lots."
    )


def _titles(lots: Sequence[StructureLot], design: LotDesign) -> str:
    return listed([f"“{title_of(design, lot)}”" for lot in lots])


def clash_words(theirs: Sequence[StructureStep]) -> str:
    """What colleagues did since the page was opened."""
    done = "; ".join(f"{step.maker.name}: {step.words}" for step in reversed(theirs))
    return f"{plural(len(theirs), 'change')} made meanwhile: {done}."
