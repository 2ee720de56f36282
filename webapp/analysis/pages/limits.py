"""What each procurement's limits on one supplier do to competition, and to the chance that every lot is awarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence.capacity.report import WINNERS_DRAWS
from intelligence.capacity.scenario import LimitEffect, LimitEffects
from webapp.analysis.names import Names
from webapp.analysis.pages.differences import is_real, points
from webapp.web import charts
from webapp.web.cells import lines
from webapp.web.format import chance, estimate, number, plural
from webapp.web.pagination import Page, paginate

MOST_DRAWN = 12
MOST_SENTENCES = 6
LEAST_LOTS = 0.05
"""Expected lots: a smaller move would be written as none."""


@dataclass(frozen=True, slots=True)
class LimitsPage:
    sentence: str
    sentences: list[str]
    chart: Markup | None
    drawn: str
    as_forecast: str
    """That lots whose bids are in count as they were forecast, where there are any."""
    tenders: Page[LimitEffect]
    rows: Sequence[Sequence[Any]]
    foot: str


def limits_page(found: LimitEffects, names: Names, *, page: str | None) -> LimitsPage:
    effects = sorted(found.tenders, key=lambda effect: (not effect.as_set, _fall(effect), effect.title))
    tenders = paginate(len(effects), lambda limit, offset: effects[offset : offset + limit], page)
    return LimitsPage(
        sentence=_sentence(effects),
        sentences=[_said(effect) for effect in effects[:MOST_SENTENCES] if effect.as_set],
        chart=_chart(effects[:MOST_DRAWN]) if effects else None,
        drawn=f"The first {MOST_DRAWN} procurements of the table." if len(effects) > MOST_DRAWN else "",
        as_forecast=names.as_forecast() if effects else "",
        tenders=tenders,
        rows=[_row(effect) for effect in tenders.items],
        foot=(
            f"Bids rest on {number(found.draws)} simulated futures, awards on the first {number(found.matched)} of "
            f"them and different winners on the first {number(min(WINNERS_DRAWS, found.draws))}, "
            "the same ones with and without a limit. The margin (±) is what chance in the simulation leaves "
            "open, 95 times in 100."
        ),
    )


def _fall(effect: LimitEffect) -> float:
    """The change of the chance that every lot of the procurement can be awarded."""
    return effect.within.p_all_awardable - effect.without.p_all_awardable


def _sentence(effects: Sequence[LimitEffect]) -> str:
    if not effects:
        return "No procurement has two lots or more, so there is nothing to limit."
    limited = sum(effect.as_set for effect in effects)
    have = f"{plural(len(effects), 'procurement')} {'has' if len(effects) == 1 else 'have'} two lots or more"
    if not limited:
        return (
            f"{have}, and none limits what one supplier may bid for or be awarded. Below is what it would do if no "
            "supplier could be awarded more than one lot of a procurement."
        )
    verb = "limits" if limited == 1 else "limit"
    return f"{have}; {number(limited)} {verb} what one supplier may bid for or be awarded."


def _said(effect: LimitEffect) -> str:
    without, within = effect.without, effect.within
    told = [f"{effect.title} ({plural(effect.lots, 'lot')}; {_limits(effect)}): {_awards(effect)}"]
    more, fewer = estimate(within.winners), estimate(without.winners)
    if more != fewer:
        told.append(f"{more} different winners are expected instead of {fewer}")
    more_without_bid = within.lots_without_bid - without.lots_without_bid
    if is_real(more_without_bid, effect.lots_without_bid_change_error) and abs(more_without_bid) >= LEAST_LOTS:
        told.append(
            f"{estimate(within.lots_without_bid)} lots would draw no credible bid instead of "
            f"{estimate(without.lots_without_bid)}"
        )
    of_programme, of_programme_without = chance(within.p_programme), chance(without.p_programme)
    if of_programme != of_programme_without:
        told.append(
            f"every lot of the programme can be awarded with a chance of {of_programme} instead of "
            f"{of_programme_without}"
        )
    return f"{'; '.join(told)}."


def _awards(effect: LimitEffect) -> str:
    before, after = effect.without.p_all_awardable, effect.within.p_all_awardable
    if not is_real(after - before, effect.p_all_change_error):
        return f"the chance that every lot can be awarded hardly changes ({chance(before)} to {chance(after)})"
    verb = "falls" if after < before else "rises"
    return f"the chance that every lot can be awarded {verb} from {chance(before)} to {chance(after)}"


def _limits(effect: LimitEffect) -> str:
    said = []
    if effect.most_lots_bid is not None:
        said.append(f"{plural(effect.most_lots_bid, 'lot')} bid for")
    if effect.most_lots_awarded is not None:
        said.append(f"{plural(effect.most_lots_awarded, 'lot')} awarded")
    return f"at most {' and '.join(said)}"


def _chart(effects: Sequence[LimitEffect]) -> Markup:
    return charts.changes_of_chance(
        "limits",
        "Chance that every lot of each procurement can be awarded, without a limit on one supplier and with it",
        [
            charts.ChangeRow(
                label=effect.title if effect.as_set else f"None set: {effect.title}",
                before=effect.without.p_all_awardable,
                after=effect.within.p_all_awardable,
            )
            for effect in effects
        ],
        words=("Without a limit", "With it"),
    )


def _row(effect: LimitEffect) -> Sequence[Any]:
    without, within = effect.without, effect.within
    limits = _limits(effect)
    return (
        f"{effect.title} ({plural(effect.lots, 'lot')})",
        limits[:1].upper() + limits[1:] if effect.as_set else f"None set. If {limits}:",
        f"{estimate(without.bids_per_lot)} to {estimate(within.bids_per_lot)}",
        f"{estimate(without.lots_without_bid)} to {estimate(within.lots_without_bid)}",
        f"{estimate(without.lots_with_one_bid)} to {estimate(within.lots_with_one_bid)}",
        f"{estimate(without.winners)} to {estimate(within.winners)}",
        lines(
            [
                f"{chance(without.p_all_awardable)} to {chance(within.p_all_awardable)}",
                points(_fall(effect), effect.p_all_change_error),
            ]
        ),
    )
