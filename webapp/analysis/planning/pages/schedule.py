"""The schedule of a run: all procurements over time, and where each can be read about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from intelligence import Contract, Schedule
from intelligence.schedule.costs import extended_days
from intelligence.schedule.plan import PlannedProcurement
from intelligence.schedule.requirements import extension_price
from webapp.analysis.digests import BiddersDigest, ScheduleDigest
from webapp.analysis.names import Names
from webapp.analysis.planning.pages.words import (
    KINDS,
    NOBODY,
    TERMS,
    broken_in_words,
    marks_of,
    shades_of,
    status_of,
    timeline_row,
)
from webapp.analysis.terms import PlanningTerms
from webapp.web import charts
from webapp.web.cells import link
from webapp.web.format import day, money, number, plural, short_day
from webapp.web.pagination import Page, paginate

Rows = Sequence[Sequence[Any]]
Address = Callable[[str], str]
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class SchedulePage:
    outcome: str
    status: str
    checked: str
    warnings: list[str]
    chart: Markup | None
    overview: Markup | None
    groups: Rows
    page: Page[PlannedProcurement]
    rows: Rows
    contract_rows: Rows
    cost_rows: Rows
    rules: tuple[str, ...]
    rests_on: list[dict[str, str]]
    officer: str


def schedule_page(
    digest: ScheduleDigest,
    terms: PlanningTerms,
    names: Names,
    *,
    officer: str,
    asked: str | None,
    procurement_address: Address,
    officer_address: Address,
) -> SchedulePage:
    """Of the procurements of one officer, or of all, a page; the overview is for those who do not fit one."""
    schedule = digest.schedule
    planned = [item for item in schedule.procurements if not officer or (item.officer or NOBODY) == officer]
    page = paginate(len(planned), lambda limit, offset: planned[offset : offset + limit], asked)
    many = len(schedule.procurements) > page.per_page
    groups = _groups(schedule) if many else {}
    return SchedulePage(
        outcome=outcome(schedule),
        status=status_of(schedule),
        checked=checked(schedule, names),
        warnings=[names.in_words(warning) for warning in schedule.warnings],
        chart=_chart(schedule, page.items) if page.items else None,
        overview=_overview(schedule, groups) if many else None,
        groups=[_group_row(name, items, officer_address(name)) for name, items in groups.items()],
        page=page,
        rows=[_row(item, procurement_address(item.procurement_id)) for item in page.items],
        contract_rows=_contract_rows(schedule, terms, page.items),
        cost_rows=[
            (TERMS[term.name], number(term.quantity, 1), money(term.cost), term.meaning) for term in schedule.cost_terms
        ],
        rules=schedule.checked_rules,
        rests_on=_rests_on(digest, terms),
        officer=officer,
    )


def outcome(schedule: Schedule) -> str:
    """What whoever asks for a plan wants to know first; nothing of one that breaks a rule."""
    planned = schedule.procurements
    if not planned or schedule.broken_rules:
        return ""
    tightest = min(planned, key=lambda item: (item.slack_days, item.procurement_id))
    first, last = min(_first_day(item)[0] for item in planned), max(item.service_start for item in planned)
    longer = sum(days > 0 for days in extended_days(schedule.problem, planned).values())
    runs_on = f"{plural(longer, 'contract')} must run on past the recorded end" if longer else "No contract must run on"
    return (
        f"Work begins on {day(first)}, and the last services start on {day(last)}. {runs_on}. "
        f"Tightest is {tightest.title}, with {plural(tightest.slack_days, 'working day')} to spare."
    )


def checked(schedule: Schedule, names: Names) -> str:
    if not schedule.procurements:
        return ""
    rules = plural(len(schedule.checked_rules), "hard rule")
    if schedule.broken_rules:
        return f"A separate check of {rules} found: {'; '.join(broken_in_words(schedule, names))}."
    boards = (
        "" if schedule.problem.board_dates else " No board dates are known, so an approval may end on any working day."
    )
    return f"A separate check, which does not use the solver, confirmed {rules}.{boards}"


def _chart(schedule: Schedule, shown: Sequence[PlannedProcurement]) -> Markup:
    return charts.timeline(
        "schedule",
        "The stages of each procurement, against the end of the contracts they replace",
        [timeline_row(item) for item in shown],
        kinds=KINDS,
        marks=marks_of(schedule, shown),
        shades=shades_of(schedule),
    )


def _groups(schedule: Schedule) -> dict[str, list[PlannedProcurement]]:
    """The procurements of each officer, the officers by name."""
    groups: dict[str, list[PlannedProcurement]] = {}
    for item in schedule.procurements:
        groups.setdefault(item.officer or NOBODY, []).append(item)
    return {name: groups[name] for name in sorted(groups)}


def _overview(schedule: Schedule, groups: dict[str, list[PlannedProcurement]]) -> Markup:
    return charts.timeline_overview(
        "overview",
        "Every procurement as a line, by officer",
        [
            charts.TimelineGroup(
                label=f"{name} ({number(len(items))})",
                rows=tuple(timeline_row(item) for item in sorted(items, key=_first_day)),
            )
            for name, items in groups.items()
        ],
        kinds=KINDS,
        marks=[mark for mark in marks_of(schedule, schedule.procurements) if mark.kind != "board"],
    )


def _first_day(item: PlannedProcurement) -> tuple[Any, ...]:
    return item.stages[0].start if item.stages else item.award, item.procurement_id


def _group_row(name: str, items: list[PlannedProcurement], address: str) -> Sequence[Any]:
    return (
        link(name, address),
        number(len(items)),
        short_day(min(_first_day(item)[0] for item in items)),
        short_day(max(item.service_start for item in items)),
        number(min(item.slack_days for item in items)),
    )


def _row(item: PlannedProcurement, address: str) -> Sequence[Any]:
    return (
        link(item.title, address),
        item.officer or NOBODY,
        short_day(item.stages[0].start) if item.stages else "-",
        short_day(item.publish) if item.publish else "-",
        short_day(item.award),
        short_day(item.service_start),
        number(item.slack_days),
    )


def _contract_rows(schedule: Schedule, terms: PlanningTerms, shown: Sequence[PlannedProcurement]) -> Rows:
    """The contracts that those shown replace and that must run on, or whose supplier is owed notice.

    Those with the same dates share a row, for a register often ends as one.
    """
    if not shown:
        return []
    due = {notice.contract_id: notice.by for notice in terms.notices}
    extended = extended_days(schedule.problem, schedule.procurements)
    lots = {procurement.id: procurement.lot_ids for procurement in schedule.problem.procurements}
    replaced = {lot for item in shown for lot in lots[item.procurement_id]}
    alike: dict[tuple[Any, ...], list[Contract]] = {}
    for contract in schedule.problem.contracts:
        days, notice = extended[contract.id], due.get(contract.id)
        if replaced.intersection(contract.lot_ids) and (days or notice):
            alike.setdefault((contract.end, contract.latest_end, days, notice), []).append(contract)
    return [_contract_row(schedule, contracts, *dates) for dates, contracts in alike.items()]


def _contract_row(
    schedule: Schedule, contracts: Sequence[Contract], end: date, latest: date | None, days: int, notice: date | None
) -> Sequence[Any]:
    late = " (already past when this was planned)" if notice and notice < schedule.problem.as_of else ""
    rest = len(contracts) - MOST_NAMED
    named = ", ".join(contract.title for contract in contracts[:MOST_NAMED])
    return (
        named + (f" and {number(rest)} more" if rest > 0 else ""),
        short_day(end),
        short_day(latest) if latest else "Not known",
        plural(days, "day") if days else "None",
        cost_of_extension(schedule, contracts, days) if days else "-",
        f"{short_day(notice)}{late}" if notice else "Not known",
    )


def cost_of_extension(schedule: Schedule, contracts: Sequence[Contract], days: int) -> str:
    """What so many days more of these contracts cost, and how much of it no register says."""
    cost = days * sum(extension_price(schedule.problem, contract) for contract in contracts)
    assumed = sum(contract.extension_day is None for contract in contracts)
    if not assumed:
        return money(cost)
    daily = f"{money(schedule.problem.penalties.extension_day)} a day"
    if assumed == len(contracts):
        return f"{money(cost)}, all of it assumed: {daily}, as the register gives no price"
    of_which = money(days * assumed * schedule.problem.penalties.extension_day)
    return (
        f"{money(cost)}, of which {of_which} is assumed: {daily} for {number(assumed)} without a price in the register"
    )


def _rests_on(digest: ScheduleDigest, terms: PlanningTerms) -> list[dict[str, str]]:
    problem = digest.schedule.problem
    boards = problem.board_dates
    blackouts = "; ".join(
        f"{each.name}, {short_day(each.first)} to {short_day(each.last)}" for each in problem.blackouts
    )
    return [
        {"key": "Planning starts", "value": day(problem.as_of)},
        {
            "key": "Board dates",
            "value": f"{number(len(boards))}, from {day(boards[0])} to {day(boards[-1])}" if boards else "None known",
        },
        {
            "key": "Nothing is published or closes",
            "value": (blackouts or "On no days") + ("" if terms.blackouts else " (assumed: none is set up)"),
        },
        {
            "key": "Tenders open at once",
            "value": str(problem.tenders_open_at_most) if problem.tenders_open_at_most else "No limit",
        },
        {"key": "What likely bidders need", "value": _bidders(digest.bidders)},
        {"key": "Pinned stages", "value": number(len(problem.pins))},
        {"key": "Stages on record", "value": number(len(problem.actuals))},
        {"key": "Partners with a say", "value": ", ".join(terms.partners) or "None"},
    ]


def _bidders(said: BiddersDigest) -> str:
    parts = []
    if said.with_length:
        longest = plural(said.longest, "working day")
        parts.append(f"{plural(said.with_length, 'bidder')} said how long a bid takes, at most {longest}")
    if said.avoiding:
        parts.append(f"{plural(said.avoiding, 'bidder')} asked to avoid dates")
    if said.pairs:
        parts.append(f"{plural(said.pairs, 'pair')} of tenders share bidders")
    return "; ".join(parts) or "Nothing that binds"
