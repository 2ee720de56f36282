"""A what-if beside the plan, with its differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence import Scenario, WhatIf
from intelligence.capacity.scenario import LotChange
from webapp.analysis.names import Names
from webapp.analysis.pages.differences import is_real, points
from webapp.analysis.what_ifs.forms import DAYS_IN_WEEK
from webapp.models import RunState
from webapp.models import WhatIf as AskedWhatIf
from webapp.web import charts
from webapp.web.cells import lines
from webapp.web.format import chance, estimate, number, percent, plural
from webapp.web.pagination import Page, paginate

MOST_DRAWN = 12
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    sentence: str
    figures: list[dict[str, str]]
    chart: Markup | None
    """None where no lot's chance changes."""
    drawn: str
    lots: Page[LotChange]
    rows: Sequence[Sequence[Any]]
    warnings: tuple[str, ...]
    foot: str


def in_words(scenario: Scenario, names: Names) -> str:
    """What is asked, such as: the value 10% higher and a year longer, for D1 and D2."""
    factor, years, weeks = scenario.value_factor, scenario.term_years_added, scenario.start_later_days / DAYS_IN_WEEK
    parts = []
    if factor != 1:
        parts.append(f"the annual value {percent(abs(factor - 1), 1)} {'higher' if factor > 1 else 'lower'}")
    if years:
        unit = "year" if abs(years) == 1 else "years"
        parts.append(f"the term {number(abs(years), 1)} {unit} {'longer' if years > 0 else 'shorter'}")
    if weeks:
        unit = "week" if abs(weeks) == 1 else "weeks"
        parts.append(f"the start {number(abs(weeks), 1)} {unit} {'later' if weeks > 0 else 'earlier'}")
    if scenario.award_limit is not None:
        parts.append(f"at most {plural(scenario.award_limit, 'lot')} for one provider")
    what = ", ".join(parts)
    return f"{what[:1].upper()}{what[1:]}, {_for_lots(scenario, names)}"


def _for_lots(scenario: Scenario, names: Names) -> str:
    if not scenario.lot_ids:
        return "for all lots"
    if len(scenario.lot_ids) > MOST_NAMED:
        return f"for {plural(len(scenario.lot_ids), 'lot')}"
    return f"for {', '.join(names.lots[lot_id].code for lot_id in scenario.lot_ids)}"


def progress_text(asked: AskedWhatIf) -> str:
    if asked.state is RunState.WAITING:
        return "Waiting for a worker to begin."
    if asked.state is RunState.RUNNING:
        return f"Drawing the market again, {percent(asked.progress)} done."
    return "Finished." if asked.state is RunState.FINISHED else asked.failure or "Failed."


def what_if_page(found: WhatIf, names: Names, *, page: str | None) -> WhatIfPage:
    by_change = sorted(found.lots, key=lambda lot: (-abs(_moved(lot)), names.lot(lot.lot_id)))
    to_come = [lot for lot in by_change if names.came(lot.lot_id) is None]
    changes = [*to_come, *(lot for lot in by_change if lot not in to_come)]
    lots = paginate(len(changes), lambda limit, offset: changes[offset : offset + limit], page)
    return WhatIfPage(
        sentence=f"{_sentence(to_come, names)} {_awards(found)} {names.as_forecast()}".strip(),
        figures=_figures(found, to_come),
        chart=_chart(to_come, names) if any(map(_is_real, to_come)) else None,
        drawn=f"The {MOST_DRAWN} lots that change most." if len(to_come) > MOST_DRAWN else "",
        lots=lots,
        rows=[_row(lot, names) for lot in lots.items],
        warnings=found.warnings,
        foot=(
            f"Both figures rest on the same {number(found.draws)} simulated futures. The change bears on "
            f"{number(found.redrawn_providers)} of {plural(found.providers, 'provider')}; the others do as before. "
            "The margin (±) is what chance in the simulation leaves open, 95 times in 100."
        ),
    )


def _chart(changes: Sequence[LotChange], names: Names) -> Markup:
    return charts.changes_of_chance(
        "changes",
        "Chance of no credible bid as planned and with the change",
        [
            charts.ChangeRow(label=names.lot(lot.lot_id), before=lot.before.p_none, after=lot.after.p_none)
            for lot in changes[:MOST_DRAWN]
        ],
    )


def _awards(found: WhatIf) -> str:
    """What becomes of the awards, which limits on winners change and nothing else."""
    before, after = estimate(found.expected_awardable_before), estimate(found.expected_awardable_after)
    beside = ", as many as planned" if after == before else f" instead of {before}"
    return f"Of {plural(len(found.lots), 'lot')}, {after} could be awarded together{beside}."


def _moved(lot: LotChange) -> float:
    return lot.after.p_none - lot.before.p_none


def _is_real(lot: LotChange) -> bool:
    return is_real(_moved(lot), lot.p_none_change_error)


def _sentence(changes: Sequence[LotChange], names: Names) -> str:
    """Of the lots whose bids are to come: no change bears on the others any more."""
    if not changes:
        return "The bids for every lot are in, so that no change bears on them any more."
    moved = [lot for lot in changes if _is_real(lot)]
    if not moved:
        return "No lot’s chance of a credible bid would change by more than chance in the simulation."
    better = sum(_moved(lot) < 0 for lot in moved)
    worse = len(moved) - better
    most = moved[0]
    at_more = number(worse) if worse else "none"
    counted = f"{plural(better, 'lot')} would be at less risk of no credible bid and {at_more} at more"
    return (
        f"{counted}. The most changes for {names.lot(most.lot_id)}: "
        f"from {chance(most.before.p_none)} to {chance(most.after.p_none)}, "
        f"by {number(100 * abs(_moved(most)), 1)} percentage points."
    )


def _figures(found: WhatIf, to_come: Sequence[LotChange]) -> list[dict[str, str]]:
    without = [sum(getattr(lot, when).p_none for lot in to_come) for when in ("before", "after")]
    came = len(found.lots) - len(to_come)
    but = f", not counting {plural(came, 'lot')} whose bids are in" if came else ""
    return [
        _figure("Lots expected to draw no credible bid", estimate(without[1]), f"{estimate(without[0])}{but}"),
        _figure(
            "Lots that could be awarded together",
            estimate(found.expected_awardable_after),
            estimate(found.expected_awardable_before),
        ),
        _figure(
            "Chance that every lot can be awarded",
            chance(found.p_all_awardable_after),
            chance(found.p_all_awardable_before),
        ),
    ]


def _figure(label: str, after: str, before: str) -> dict[str, str]:
    return {"label": label, "value": after, "note": f"as planned: {before}"}


def _row(lot: LotChange, names: Names) -> Sequence[Any]:
    came = names.came(lot.lot_id)
    name = names.lot(lot.lot_id)
    return (
        name if came is None else lines([name, f"Bids are in: {plural(came.bids, 'bid')}"]),
        chance(lot.before.p_none),
        chance(lot.after.p_none),
        points(_moved(lot), lot.p_none_change_error),
        f"{estimate(lot.before.expected_bids)} to {estimate(lot.after.expected_bids)}",
        f"{chance(lot.before.p_awardable)} to {chance(lot.after.p_awardable)}",
    )
