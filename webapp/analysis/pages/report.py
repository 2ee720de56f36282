"""The market capacity report: every lot at once, the riskiest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence import BiddingRole, CapacityReport, InterestLevel
from intelligence.capacity.report import Bottleneck, LotCapacity
from webapp.analysis.names import BidsThatCame, Names
from webapp.analysis.pages.reasons import AT_RISK, MOST_LOTS, LotAtRisk, is_at_risk, lots_at_risk
from webapp.analysis.pages.staff import StaffPage, staff_page
from webapp.engagements.pages import LEVELS
from webapp.models import AnalysisRun
from webapp.web import charts
from webapp.web.cells import link, tag
from webapp.web.format import chance, estimate, number, percent, plural, short_day

BOTTLENECKS_SHOWN = 8
FEWEST_EXPLAINED = 3

INTEREST = {InterestLevel(level.value): words for level, words in LEVELS.items()}
WILLING = {level: words for level, words in INTEREST.items() if level is not InterestLevel.NO}
ROLES = {
    BiddingRole.LEAD: "Lead",
    BiddingRole.CONSORTIUM: "Consortium",
    BiddingRole.SUBCONTRACT: "Either role",
    BiddingRole.SUBCONTRACT_ONLY: "Subcontract only",
}
BID_COUNTS = ("No credible bid", "One", "Two", "Three or more")

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class ReportPage:
    key_figures: list[dict[str, str]]
    headline: str
    prior_driven: str
    at_risk_title: str
    at_risk: list[LotAtRisk]
    at_risk_more: str
    """How many more are at risk than are explained."""
    """The lots at risk with their reasons; where none is, the few that come nearest to it. None whose bids are in."""
    came_rows: Rows
    warnings: list[str]
    risk_chart: Markup
    risk_rows: Rows
    bids_chart: Markup
    bids_rows: Rows
    interest_columns: list[dict[str, Any]]
    interest_rows: Rows
    staff: StaffPage
    incumbent_rows: Rows
    bottleneck_rows: Rows
    respondent_rows: Rows
    interval: str
    draws: str


def report_page(
    run: AnalysisRun, report: CapacityReport, names: Names, respondents: Sequence[tuple[str, str, int]]
) -> ReportPage:
    riskiest = sorted(report.lots, key=lambda lot: (-lot.p_none, names.lot(lot.lot_id)))
    to_come = [lot for lot in riskiest if names.came(lot.lot_id) is None]
    in_order = report.lots  # as the engagement lists them
    interval = percent(report.interval)
    return ReportPage(
        key_figures=_key_figures(report, names, sum(count for _, _, count in respondents)),
        headline=_headline(to_come, names),
        prior_driven=prior_driven(report),
        at_risk_title="Which lots are at risk, and why"
        if any(is_at_risk(lot, names) for lot in to_come)
        else "Which lots come nearest to being at risk, and why",
        at_risk=lots_at_risk(run, _worst(to_come, names), names),
        at_risk_more=_more_at_risk(to_come, names),
        came_rows=[
            _came_row(run, lot, came, names) for lot in in_order if (came := names.came(lot.lot_id)) is not None
        ],
        # the first warning of a prior-driven report is the badge's
        warnings=[names.in_words(warning) for warning in report.warnings[report.prior_driven :]],
        risk_chart=_risk_chart(riskiest, names),
        risk_rows=[_risk_row(run, lot, names) for lot in riskiest],
        bids_chart=_bids_chart(in_order, names, interval),
        bids_rows=[_bids_row(lot, names) for lot in in_order],
        interest_columns=[
            {"text": "Lot"},
            *({"text": words, "numeric": True} for words in (*WILLING.values(), *ROLES.values())),
        ],
        interest_rows=[_interest_row(lot, names) for lot in in_order],
        staff=staff_page(in_order, names, interval),
        incumbent_rows=[row for lot in in_order for row in _incumbent_rows(lot, names)],
        bottleneck_rows=[_bottleneck_row(entry, names) for entry in report.bottlenecks[:BOTTLENECKS_SHOWN]],
        respondent_rows=[(kind, size, number(count)) for kind, size, count in respondents],
        interval=interval,
        draws=number(report.draws),
    )


def _key_figures(report: CapacityReport, names: Names, respondents: int) -> list[dict[str, str]]:
    at_risk = sum(is_at_risk(lot, names) for lot in report.lots)
    came = sum(names.came(lot.lot_id) is not None for lot in report.lots)
    without = f", not counting {plural(came, 'lot')} whose bids are in" if came else ""
    as_forecast = "lots whose bids are in count as they were forecast" if came else ""
    return [
        {"label": "Providers that answered", "value": number(respondents)},
        {
            "label": "Lots at risk of no credible bid",
            "value": f"{at_risk} of {len(report.lots) - came}",
            "note": f"a chance of {percent(AT_RISK)} or more{without}",
        },
        {
            "label": "Lots that could be awarded together",
            "value": f"{estimate(report.awards.expected_awardable)} of {len(report.lots)}",
            "note": "expected, within what providers can hold and start" + (as_forecast and f"; {as_forecast}"),
        },
        {
            "label": "Chance that every lot can be awarded",
            "value": chance(report.awards.p_all_awardable),
            "note": as_forecast,
        },
    ]


def _worst(riskiest: Sequence[LotCapacity], names: Names) -> Sequence[LotCapacity]:
    return [lot for lot in riskiest if is_at_risk(lot, names)] or riskiest[:FEWEST_EXPLAINED]


def _more_at_risk(riskiest: Sequence[LotCapacity], names: Names) -> str:
    more = sum(is_at_risk(lot, names) for lot in riskiest) - MOST_LOTS
    return f"{plural(more, 'more lot')} {'is' if more == 1 else 'are'} at risk:" if more > 0 else ""


def _headline(riskiest: Sequence[LotCapacity], names: Names) -> str:
    """Of the lots whose bids are not in yet."""
    at_risk = [lot for lot in riskiest if is_at_risk(lot, names)]
    if not riskiest:
        return "The bids for every lot are in: no forecast is needed any more."
    if not at_risk:
        return f"No lot has a chance of {percent(AT_RISK)} or more of drawing no credible bid."
    worst = "; ".join(f"{names.lot(lot.lot_id)} ({chance(lot.p_none)})" for lot in at_risk[:3])
    verb = "has" if len(at_risk) == 1 else "have"
    return (
        f"{plural(len(at_risk), 'lot')} {verb} a chance of {percent(AT_RISK)} or more of drawing no credible bid. "
        f"Most at risk: {worst}."
    )


def prior_driven(report: CapacityReport) -> str:
    """What its reader must know of figures that rest on assumptions; nothing where they rest on past lots."""
    if not report.prior_driven:
        return ""
    known = plural(report.past_lots, "past lot") if report.past_lots else "no past lot"
    return (
        f"This analysis learnt from the outcome of {known} whose bids had closed before its day. Until it can from "
        "ten, its figures rest on assumptions more than on evidence (“prior-driven” in the method)."
    )


def _came_row(run: AnalysisRun, lot: LotCapacity, came: BidsThatCame, names: Names) -> Sequence[Any]:
    return (
        link(names.lot(lot.lot_id), url_for("analysis.lot", run_id=run.id, lot_id=lot.lot_id)),
        short_day(came.closed_on),
        number(came.bids),
        number(came.credible),
        f"{estimate(lot.expected_bids)} ({lot.bids_low} to {lot.bids_high})",
        chance(lot.p_none),
    )


def _risk_chart(riskiest: Sequence[LotCapacity], names: Names) -> Markup:
    return charts.stacked_shares(
        "risk",
        "Chance of no, one, two and more credible bids for each lot",
        [charts.ShareRow(label=names.lot(lot.lot_id), shares=_shares(lot)) for lot in riskiest],
        BID_COUNTS,
    )


def _bids_chart(lots: Sequence[LotCapacity], names: Names, interval: str) -> Markup:
    return charts.interval_dots(
        "bids",
        f"Expected credible bids for each lot, with the range of {interval} of cases",
        [
            charts.IntervalRow(
                label=names.lot(lot.lot_id),
                low=min(lot.bids_low, lot.expected_bids),
                middle=lot.expected_bids,
                high=max(lot.bids_high, lot.expected_bids),
            )
            for lot in lots
        ],
        unit="credible bids",
        reference=charts.Reference(label="Two bids", value=2),
    )


def _shares(lot: LotCapacity) -> tuple[float, float, float, float]:
    two = max(lot.p_two_or_more - lot.p_three_or_more, 0.0)
    return (lot.p_none, lot.p_one, two, lot.p_three_or_more)


def _risk_row(run: AnalysisRun, lot: LotCapacity, names: Names) -> Sequence[Any]:
    href = url_for("analysis.lot", run_id=run.id, lot_id=lot.lot_id)
    needed = "-"
    if lot.most_needed is not None:
        needed = (
            f"{names.organisation(lot.most_needed.provider_id)}: {chance(lot.most_needed.p_none_without)} without it"
        )
    return (
        link(names.lot(lot.lot_id), href),
        chance(lot.p_none),
        chance(lot.p_one),
        chance(lot.p_two_or_more),
        chance(lot.p_three_or_more),
        chance(lot.p_awardable),
        needed,
    )


def _bids_row(lot: LotCapacity, names: Names) -> Sequence[Any]:
    return (
        names.lot(lot.lot_id),
        estimate(lot.expected_bids),
        f"{lot.bids_low} to {lot.bids_high}",
        estimate(lot.concentration, 2) if lot.concentration is not None else "-",
    )


def _interest_row(lot: LotCapacity, names: Names) -> Sequence[Any]:
    by_level = dict.fromkeys(WILLING, 0)
    by_role = dict.fromkeys(ROLES, 0)
    for count in lot.interest:
        if count.level in by_level:
            by_level[count.level] += count.providers
            by_role[count.role] += count.providers
    return (names.lot(lot.lot_id), *by_level.values(), *by_role.values())


def _incumbent_rows(lot: LotCapacity, names: Names) -> Rows:
    return [
        (
            names.lot(lot.lot_id),
            names.organisation(incumbent.provider_id),
            _intent(incumbent.level),
            ROLES[incumbent.role] if incumbent.role is not None and incumbent.level is not None else "-",
            chance(incumbent.p_credible_bid) if incumbent.level is not None else "Not known",
        )
        for incumbent in lot.incumbents
    ]


def _intent(level: InterestLevel | None) -> str | Markup:
    if level is None:
        return tag("Has not said", "yellow")
    if level is InterestLevel.NO:
        return tag(INTEREST[level], "red")
    return INTEREST[level]


def _bottleneck_row(entry: Bottleneck, names: Names) -> Sequence[Any]:
    worst = entry.lots[0]
    return (
        names.organisation(entry.provider_id),
        len(entry.lots),
        chance(entry.p_over_limits),
        estimate(entry.extra_lots_without_bid, 2),
        f"{names.lot(worst.lot_id)}: {chance(worst.p_none)} to {chance(worst.p_none_without)}",
        chance(entry.p_all_awardable_without),
    )
