"""A plan made again beside the one before it: what moved, what it costs, and both drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from intelligence import Schedule
from intelligence.schedule.changes import Change, Replan
from intelligence.schedule.plan import PlannedProcurement
from webapp.analysis.names import Names
from webapp.analysis.pages.progress import search_text
from webapp.analysis.planning.pages.words import (
    KINDS,
    STAGES,
    TERMS,
    broken_in_words,
    marks_of,
    status_of,
    timeline_row,
)
from webapp.models import Purpose, Replanning, RunState
from webapp.web import charts
from webapp.web.cells import link
from webapp.web.format import all_of, moment, money, number, plural, short_day
from webapp.web.pagination import Page, paginate

DRAWN = 10
PURPOSES = {Purpose.WHAT_IF: "What-if", Purpose.NEW_PLAN: "New plan"}

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class ChangePage:
    status: str
    summary: str
    cost_rows: Rows
    warnings: list[str]
    broken: list[str]
    page: Page[str]
    sentences: list[str]
    chart: Markup | None
    rows: Rows
    planned: bool


def change_page(earlier: Schedule, found: Replan, names: Names, *, asked: str | None) -> ChangePage:
    """The procurements that move, a few to a page."""
    moved = list(dict.fromkeys(change.procurement_id for change in found.changes))
    page = paginate(len(moved), lambda limit, offset: moved[offset : offset + limit], asked, DRAWN)
    return ChangePage(
        status=status_of(found.schedule),
        summary=_summary(found, len(moved)),
        cost_rows=_costs(earlier, found.schedule),
        warnings=[names.in_words(warning) for warning in found.schedule.warnings],
        broken=broken_in_words(found.schedule, names),
        page=page,
        sentences=list(found.summary[page.first - 1 : page.last]) if moved else [],
        chart=_chart(earlier, found.schedule, page.items) if page.items else None,
        rows=[_row(change) for change in found.changes if change.procurement_id in page.items],
        planned=bool(found.schedule.procurements),
    )


def _summary(found: Replan, moved: int) -> str:
    if not found.schedule.procurements:
        return "There is no plan under these terms."
    every = len(found.schedule.procurements)
    if not moved:
        both = f"{all_of(every, 'procurement')} stay where they are"
        return f"Nothing moves: {'the one procurement stays where it is' if every == 1 else both}."
    verb = "moves" if moved == 1 else "move"
    rest = ", the others stay where they are" if moved < every else ""
    return f"{number(moved)} of {plural(every, 'procurement')} {verb}{rest}."


def _costs(earlier: Schedule, later: Schedule) -> Rows:
    """Each part of the cost before and after."""
    before = {term.name: term for term in earlier.cost_terms}
    after = {term.name: term for term in later.cost_terms}
    rows = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        rows.append(
            (
                TERMS[name],
                money(was.cost) if was else "-",
                money(now.cost) if now else "-",
                (now or before[name]).meaning,
            )
        )
    return rows


def _chart(earlier: Schedule, later: Schedule, shown: Sequence[str]) -> Markup:
    plans = (("Before", _planned(earlier)), ("Now", _planned(later)))
    rows, items = [], []
    for identifier in shown:
        for when, planned in plans:
            if item := planned.get(identifier):
                rows.append(timeline_row(item, f"{when}: {item.title}"))
                items.append(item)
    return charts.timeline("changes", "What moves, before and now", rows, kinds=KINDS, marks=marks_of(later, items))


def _planned(schedule: Schedule) -> dict[str, PlannedProcurement]:
    return {item.procurement_id: item for item in schedule.procurements}


def _row(change: Change) -> Sequence[Any]:
    return (
        change.title,
        STAGES[change.stage][0] if change.stage else "Services start",
        _days(change.was, change.was_last),
        _days(change.now, change.now_last),
        _by(change),
    )


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return "Not planned"
    return f"{short_day(first)} to {short_day(last)}" if last else short_day(first)


def _by(change: Change) -> str:
    """How far its first day moves, and its last where that moves otherwise."""
    begins, ends = _between(change.was, change.now), _between(change.was_last, change.now_last)
    parts = [f"begins {_way(begins)}" if change.stage else _way(begins)] if begins else []
    if ends is not None and ends != begins:
        parts.append(f"ends {_way(ends)}" if ends else "ends as before")
    return ", ".join(parts) or "-"


def _between(was: date | None, now: date | None) -> int | None:
    return (now - was).days if was and now else None


def _way(days: int) -> str:
    return f"{plural(abs(days), 'day')} {'later' if days > 0 else 'sooner'}"


def progress_text(asked: Replanning) -> str:
    if asked.state is RunState.FAILED:
        return asked.failure or "This could not be computed."
    if asked.state is RunState.FINISHED:
        return "The plan is ready."
    if asked.state is RunState.WAITING:
        return "Waiting for a worker to begin."
    return search_text(asked.best_cost, asked.best_bound)


def replanning_rows(found: Sequence[Replanning], address: Any) -> Rows:
    return [
        (link(each.question, address(each)), PURPOSES[each.purpose], each.asker.name, moment(each.asked_at))
        for each in found
    ]
