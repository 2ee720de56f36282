"""How much officers have to do, and how many tenders bidders have open, over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from intelligence import Schedule
from intelligence.schedule.load import Load, LoadPeriod, bidder_load, officer_load
from webapp.analysis.names import Names
from webapp.analysis.planning.pages.words import bidder_name, titles_of
from webapp.web import charts
from webapp.web.format import month, number, short_day
from webapp.web.pagination import Page, paginate

LANES = 10
MOST_NAMED = 4
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """One lane of a chart, with its months."""

    name: str
    months: Rows


@dataclass(frozen=True, slots=True)
class LoadChart:
    chart: Markup | None
    rows: Rows
    people: list[Person]
    page: Page[Load]


@dataclass(frozen=True, slots=True)
class LoadPage:
    officers: LoadChart
    bidders: LoadChart


def load_page(schedule: Schedule, names: Names, *, officers: str | None, bidders: str | None) -> LoadPage:
    """Each chart has its own pages; the arguments are those asked for."""
    titles = titles_of(schedule)
    by_peak = sorted(bidder_load(schedule), key=lambda load: (-load.peak(), bidder_name(names, load.name)))
    return LoadPage(
        officers=_chart(
            "officers", "Officers’ time taken, in percent", "percent", officer_load(schedule), str, titles, officers
        ),
        bidders=_chart(
            "bidders",
            "Tenders open at once, by bidder",
            "tenders",
            [load for load in by_peak if load.periods],
            lambda key: bidder_name(names, key),
            titles,
            bidders,
        ),
    )


def _chart(
    key: str,
    title: str,
    unit: str,
    loads: Sequence[Load],
    named: Callable[[str], str],
    titles: dict[str, str],
    asked: str | None,
) -> LoadChart:
    page = paginate(len(loads), lambda limit, offset: loads[offset : offset + limit], asked, LANES)
    lanes = [
        charts.LoadLane(
            label=named(load.name),
            spans=tuple(charts.LoadSpan(first=each.first, last=each.last, load=each.load) for each in load.periods),
            capacity=load.capacity,
        )
        for load in page.items
    ]
    drawn = charts.load_lanes(key, title, lanes, unit=unit) if any(lane.spans for lane in lanes) else None
    return LoadChart(
        chart=drawn,
        rows=[_row(load, named) for load in page.items],
        people=[Person(named(load.name), _months(load.periods, titles)) for load in page.items],
        page=page,
    )


def _row(load: Load, named: Callable[[str], str]) -> Sequence[Any]:
    peak = max(load.periods, key=lambda period: period.load, default=None)
    above = load.capacity is not None and load.peak() > load.capacity
    return (
        named(load.name),
        _limit(load),
        number(load.peak()),
        f"{short_day(peak.first)} to {short_day(peak.last)}" if peak else "-",
        "Yes" if above else "No",
    )


def _limit(load: Load) -> str:
    if load.capacity is None:
        return "Not said" if load.may_be_passed else "No limit"
    return f"{number(load.capacity)} (a wish)" if load.may_be_passed else number(load.capacity)


def _months(periods: Iterable[LoadPeriod], titles: dict[str, str]) -> Rows:
    """The highest load of each month, with what makes it up."""
    highest: dict[date, LoadPeriod] = {}
    for period in periods:
        for first in _months_of(period):
            if first not in highest or period.load > highest[first].load:
                highest[first] = period
    return [(month(first), number(period.load), _named(period, titles)) for first, period in sorted(highest.items())]


def _months_of(period: LoadPeriod) -> Iterable[date]:
    first = period.first.replace(day=1)
    while first <= period.last:
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _named(period: LoadPeriod, titles: dict[str, str]) -> str:
    found = [titles[identifier] for identifier in period.procurement_ids]
    rest = len(found) - MOST_NAMED
    return ", ".join(found[:MOST_NAMED]) + (f" and {number(rest)} more" if rest > 0 else "")
