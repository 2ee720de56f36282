"""What the pages of planned procurements show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence import Route
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.route_choice import RouteQuestion, RouteWalk
from intelligence.schedule.routes import Evidence, StageRule
from intelligence.schedule.routes import Stage as PlannedStage
from webapp.analysis.planning.pages.words import EVIDENCE, ROUTES, STAGES, length_of
from webapp.analysis.procurements.queries import Planning
from webapp.analysis.procurements.rules import rules_of, says_nobody_provides, surely_running
from webapp.analysis.procurements.stage_history import Taken
from webapp.models import Contract, FixedStart, Following, Procurement, RouteAnswer, Stage, StageRecord
from webapp.web.cells import lines, link, tag
from webapp.web.format import day, number, short_day

Rows = Sequence[Sequence[Any]]
MOST_SUPPLIERS = 5


def index_rows(found: Sequence[Planning], taken: set[str]) -> Rows:
    rows = []
    for planning in found:
        row = planning.procurement
        address = url_for(".show", programme_id=row.programme_id, procurement_id=row.id)
        reasons = [] if str(row.id) in taken else [tag("No reasons yet", "grey")]
        last = max(planning.records.values(), key=lambda each: each.began_on, default=None)
        rows.append(
            (
                link(row.title, address),
                lines([ROUTES[Route(row.route.value)], *reasons]),
                row.officer or "Nobody named",
                short_day(row.service_start),
                number(len(planning.lengths)),
                number(len(planning.pins)),
                stage_name(last.stage) if last else "Nothing yet",
            )
        )
    return rows


def stage_rows(planning: Planning, history: Mapping[Stage, Sequence[Taken]], *, may_change: bool) -> Rows:
    row = planning.procurement
    rows = []
    for stage, rule in rules_of(row.route.value).items():
        length, pin, record = planning.lengths.get(stage), planning.pins.get(stage), planning.records.get(stage)
        address = url_for(".stage", programme_id=row.programme_id, procurement_id=row.id, stage_name=stage.value)
        set_up = row.mobilisation_days if stage is Stage.MOBILISE and length is None else None
        rows.append(
            (
                link(stage_name(stage), address) if may_change else stage_name(stage),
                length_of(length.days if length else set_up or rule.days, rule.counting),
                _source(length, rule, mobilises=set_up is not None),
                number(rule.legal_floor) if rule.legal_floor else "-",
                lines([f"{number(each.median)} ({each.basis})" for each in history.get(stage, ())]) or "-",
                lines([short_day(pin.starts_on), pin.reason]) if pin else "-",
                _happened(record),
            )
        )
    return rows


def closing_to_award_words(found: Taken | None) -> str:
    """What published dates say of all that lies between the last day for bids and the award."""
    if found is None:
        return ""
    return (
        f"From the last day for bids to the award it took {number(found.median)} working days ({found.basis}). "
        "Published dates do not tell evaluation, approval and standstill apart: compare their lengths with it."
    )


def _source(length: Any, rule: StageRule, *, mobilises: bool) -> str | Markup:
    if length is not None:
        return f"{EVIDENCE[Evidence.GIVEN]}, {length.officer.name}, {short_day(length.said_at)}: {length.reason}"
    if mobilises:
        return "Given with the procurement’s set-up"
    return f"{EVIDENCE[rule.evidence]}: {rule.source}"


def _happened(record: StageRecord | None) -> str | Markup:
    if record is None:
        return "-"
    ended = f" to {short_day(record.ended_on)}" if record.ended_on else ", under way"
    return lines([f"{short_day(record.began_on)}{ended}", record.reason or f"said by {record.officer.name}"])


def order_rows(found: Sequence[Following]) -> Rows:
    return [
        (
            f"{row.procurement.title}: {stage_name(row.before)}",
            f"{row.first.title}: {stage_name(row.after)}",
            number(row.lag_days),
            row.reason,
            f"{row.officer.name}, {short_day(row.said_at)}",
        )
        for row in found
    ]


def waits_of(found: Sequence[Following], procurement_id: uuid.UUID) -> list[tuple[Following, str]]:
    """What the procurement itself waits for, each with the words of the button that ends it: no two are the same."""
    return [
        (row, f"Let “{stage_name(row.before)}” no longer wait for “{stage_name(row.after)}” of {row.first.title}")
        for row in found
        if row.procurement_id == procurement_id
    ]


def start_of(procurement: Procurement, fixed: FixedStart | None, calendar: WorkingCalendar) -> str:
    asked = day(procurement.service_start)
    if procurement.service_start > calendar.last:
        known = f"bank holidays are known until {calendar.last.year} only"
        return f"The services should start on {asked}, but {known}: no plan can be made."
    if fixed is None:
        return f"The services should start on {asked}. A plan may let them start later, at a cost."
    return f"The services must start on {asked} and on no other day: {fixed.reason} ({fixed.officer.name})."


def stage_name(stage: Stage) -> str:
    return STAGES[PlannedStage(stage.value)][0]


@dataclass(frozen=True, slots=True)
class RoutePage:
    steps: Rows
    question: RouteQuestion | None
    evidence: str
    outcome: str
    route: Route | None
    """To which the answers lead, where it can be planned; `called` is its name."""
    called: str
    is_taken: bool
    next_step: str
    """What to do where the questions end."""
    register: str
    """Who provides the services now, by the contract register."""
    contradicts: bool
    """Whether an answer on the way says that nobody does."""


def route_page(
    planning: Planning,
    walked: RouteWalk,
    answers: dict[str, RouteAnswer],
    again: str | None,
    running: Sequence[Contract],
    today: date,
    *,
    may_change: bool,
) -> RoutePage:
    """The answers so far and the next question, or one on the way that is to be answered anew."""
    row, steps = planning.procurement, []
    question = walked.next if isinstance(walked.next, RouteQuestion) else None
    for asked, option in walked.steps:
        said = answers[asked.id]
        if asked.id == again:
            question = asked
        address = url_for(".route", programme_id=row.programme_id, procurement_id=row.id, question=asked.id)
        change = link("Answer again", address) if may_change else ""
        steps.append((asked.words, option.words, said.reason, said.officer.name, short_day(said.said_at), change))
    outcome = walked.outcome
    route = outcome.route if outcome else None
    called = ROUTES[route] if route else ""
    is_taken = route is not None and route.value == row.route.value
    evidence = EVIDENCE[question.evidence] if question and question.evidence is not Evidence.LEGAL else ""
    return RoutePage(
        steps=steps,
        question=question,
        evidence=evidence,
        outcome=outcome.words if outcome else "",
        route=route,
        called=called,
        is_taken=is_taken,
        next_step=_next_step(ROUTES[Route(row.route.value)], called, is_taken=is_taken) if outcome else "",
        register=_providing_now(running, today) if running else "",
        contradicts=says_nobody_provides(walked) and surely_running(running, today),
    )


def _providing_now(running: Sequence[Contract], today: date) -> str:
    """Each supplier once, with the last of its contracts; one past its end may have been extended or not."""
    latest = {contract.supplier_name or "somebody not named": contract for contract in running}
    named = [f"{name} ({_until(contract, today)})" for name, contract in list(latest.items())[:MOST_SUPPLIERS]]
    more = [f"{number(len(latest) - MOST_SUPPLIERS)} more"] if len(latest) > MOST_SUPPLIERS else []
    said = "are provided now" if surely_running(running, today) else "may be provided still"
    return f"By the contract register these services {said}, by {'; '.join([*named, *more])}."


def _until(contract: Contract, today: date) -> str:
    if contract.end_date < today and contract.latest_end_date:
        return f"until {day(contract.end_date)}, or if it was extended until {day(contract.latest_end_date)} at most"
    return f"until {day(contract.end_date)}"


def _next_step(planned: str, found: str, *, is_taken: bool) -> str:
    if is_taken:
        return (
            f"The procurement is planned with this route: {planned}. Next, look through its stages and say where it "
            "takes longer or less long than assumed."
        )
    if found:
        return (
            f"The procurement is still planned as {planned}. Take the route to which your answers lead, and the next "
            "plan has its stages."
        )
    return (
        f"The procurement stays planned as {planned}, and its reasons stay on record. Plan its own steps outside the "
        "service, or answer a question again."
    )
