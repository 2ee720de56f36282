"""Inherited contracts over time: where services lapse or run twice, and what would let contracts end together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from intelligence.schedule.alignment import Alignment, Extension, InheritedContract
from webapp.analysis.procurements.alignment import Register
from webapp.web import charts
from webapp.web.cells import lines, tag
from webapp.web.format import compact_money, day, money, number, plural, short_day
from webapp.web.pagination import Page, paginate

KINDS = ("Contract", "Option to extend", "Gap")
MOST_PROPOSALS = 5
MOST_NAMED = 6

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Proposal:
    title: str
    words: str
    rows: Rows
    others: list[str]
    """What does not end with them, and what would run twice."""


@dataclass(frozen=True, slots=True)
class AlignmentPage:
    chart: Markup | None
    rows: Rows
    page: Page[Any]
    lapse_rows: Rows
    gap_rows: Rows
    overlap_rows: Rows
    proposals: list[Proposal]
    left_out: str
    bare: str


def alignment_page(register: Register, today: date, *, asked: str | None) -> AlignmentPage:
    """The services at sites that have contracts, a page of them; gaps, overlaps and proposals of all."""
    units = sorted(register.unit_names, key=lambda unit: register.unit_names[unit])
    page = paginate(len(units), lambda limit, offset: units[offset : offset + limit], asked)
    titles = {contract.id: contract.title for contract in register.contracts}
    names = register.unit_names
    return AlignmentPage(
        chart=_chart(register, page.items, today) if page.items else None,
        rows=[_row(register, unit) for unit in page.items],
        page=page,
        lapse_rows=[
            (names[lapse.unit], short_day(lapse.since), titles[lapse.contract_id]) for lapse in register.lapses(today)
        ],
        gap_rows=[
            (
                names[gap.unit],
                short_day(gap.first),
                short_day(gap.last),
                plural((gap.last - gap.first).days + 1, "day"),
                titles[gap.before_id],
                titles[gap.after_id],
            )
            for gap in register.gaps()
        ],
        overlap_rows=[
            (
                names[each.unit],
                short_day(each.first),
                short_day(each.last),
                plural((each.last - each.first).days + 1, "day"),
                titles[each.contract_ids[0]],
                titles[each.contract_ids[1]],
            )
            for each in register.overlaps()
        ],
        proposals=[_proposal(each, register, titles) for each in register.proposals(today)[:MOST_PROPOSALS]],
        left_out="; ".join(register.left_out),
        bare=_named(register.bare),
    )


def _chart(register: Register, shown: Sequence[Any], today: date) -> Markup:
    found = register.gaps()
    rows = []
    for unit in shown:
        stages = [block for contract in register.contracts if unit in contract.units for block in _blocks(contract)]
        stages += [
            charts.Stage(label="Gap", kind="Gap", start=gap.first, end=gap.last) for gap in found if gap.unit == unit
        ]
        stages += [
            charts.Stage(label="Gap", kind="Gap", start=lapse.since, end=today)
            for lapse in register.lapses(today)
            if lapse.unit == unit
        ]
        rows.append(charts.TimelineRow(label=register.unit_names[unit], stages=tuple(stages)))
    marks = [charts.Mark(label="Today", on=today, kind="today")]
    return charts.timeline("alignment", "Contracts of each service at each site", rows, kinds=KINDS, marks=marks)


def _blocks(contract: InheritedContract) -> list[charts.Stage]:
    held = charts.Stage(label=contract.title, kind="Contract", start=contract.start, end=contract.end)
    if contract.latest_end is None or contract.latest_end <= contract.end:
        return [held]
    option = charts.Stage(
        label="Option",
        kind="Option to extend",
        start=date.fromordinal(contract.end.toordinal() + 1),
        end=contract.latest_end,
    )
    return [held, option]


def _row(register: Register, unit: Any) -> Sequence[Any]:
    own = [contract for contract in register.contracts if unit in contract.units]
    return (
        register.unit_names[unit],
        lines([contract.title for contract in own]),
        lines([f"{short_day(contract.start)} to {short_day(contract.end)}" for contract in own]),
        lines(map(_latest, own)),
    )


def _latest(contract: InheritedContract) -> str:
    if contract.latest_end is None:
        return "No option known"
    return short_day(contract.latest_end) if contract.latest_end > contract.end else "No option left"


def _proposal(found: Alignment, register: Register, titles: dict[str, str]) -> Proposal:
    every = len(found.aligned) + len(found.cannot) + len(found.later)
    together = "All" if len(found.aligned) == every else f"{number(len(found.aligned))} of {number(every)} contracts"
    return Proposal(
        title=f"{together} end on {day(found.on)}",
        words=f"{plural(len(found.aligned), 'contract')} would end together. {_cost(found, register)}",
        rows=[
            (
                titles[each.contract_id],
                short_day(each.until),
                plural(each.days, "day"),
                *_prices(each, register),
            )
            for each in found.extensions
        ],
        others=list(_others(found, register, titles)),
    )


def _cost(found: Alignment, register: Register) -> str:
    unknown = sum(each.contract_id in register.unpriced for each in found.extensions)
    if unknown == len(found.extensions):
        return "What the extensions cost is not known, since no yearly value was entered."
    said = (
        f"The extensions cost {compact_money(found.cost)}, {compact_money(found.uplift_cost)} of it because they are "
        "dearer."
    )
    return f"{said} That leaves out {plural(unknown, 'contract')} of unknown value." if unknown else said


def _prices(extension: Extension, register: Register) -> tuple[str, str]:
    if extension.contract_id in register.unpriced:
        return "Not known", "Not known"
    return money(round(extension.cost)), money(round(extension.uplift_cost))


def _others(found: Alignment, register: Register, titles: dict[str, str]) -> Iterator[str]:
    if found.cannot:
        yield f"These cannot be extended so far: {_named([titles[each] for each in found.cannot])}."
    if found.later:
        yield f"These end later as they are: {_named([titles[each] for each in found.later])}."
    for each in found.overlaps:
        first, second = (titles[identifier] for identifier in each.contract_ids)
        yield (
            f"{register.unit_names[each.unit]} would have two contracts from {day(each.first)} to {day(each.last)}: "
            f"{first} and {second}."
        )


def _named(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    return "; ".join(names[:MOST_NAMED]) + (f" and {number(rest)} more" if rest > 0 else "")


def tags_of(page: AlignmentPage) -> Markup:
    """How many gaps and overlaps there are, to see at once."""
    found = [
        *([tag(plural(len(page.lapse_rows), "lapsed service"), "red")] if page.lapse_rows else []),
        tag(plural(len(page.gap_rows), "gap"), "red" if page.gap_rows else "green"),
        tag(plural(len(page.overlap_rows), "overlap"), "orange" if page.overlap_rows else "green"),
    ]
    return Markup(" ").join(found)
