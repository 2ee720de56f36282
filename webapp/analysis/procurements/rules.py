"""What a stage's length, pin and record must hold: each rule answers with the field it is about and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from intelligence import Route
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.route_choice import QUESTIONS, RouteWalk
from intelligence.schedule.routes import StageRule, stages_of
from webapp.analysis.terms import RouteStep
from webapp.models import Contract, Stage, StageRecord
from webapp.web.format import day

NOBODY_NOW = ("existing", "no")
"""The question about a present provider, and the answer that there is none."""


@dataclass(frozen=True, slots=True)
class Trouble:
    field: str
    message: str


def rules_of(route: str) -> dict[Stage, StageRule]:
    """The stages of a route in their order, with the defaults that the schedule takes."""
    return {Stage(rule.stage.value): rule for rule in stages_of(Route(route))}


def says_nobody_provides(walked: RouteWalk) -> bool:
    """Whether an answer on the way is that there is no present provider."""
    return any((asked.id, option.value) == NOBODY_NOW for asked, option in walked.steps)


def rests_on_nobody(steps: Iterable[RouteStep]) -> bool:
    """The same of answers that are kept as they were read."""
    asked = QUESTIONS[NOBODY_NOW[0]]
    nobody = asked.option(NOBODY_NOW[1])
    return any(nobody and (step.question, step.answer) == (asked.words, nobody.words) for step in steps)


def surely_running(contracts: Iterable[Contract], today: date) -> bool:
    """Those past their end may have been extended or not."""
    return any(contract.end_date >= today for contract in contracts)


def length_trouble(rule: StageRule, days: int | None, reason: str) -> Trouble | None:
    """Nobody goes below a legal floor, and who departs from the default says why."""
    if days is None:
        return None
    if days < (rule.legal_floor or 1):
        because = f": {rule.source}" if rule.legal_floor else ""
        return Trouble("days", f"The length must be {rule.legal_floor or 1} or more{because}")
    return None if reason else Trouble("days_reason", "Say why it takes so long")


def pin_trouble(
    calendar: WorkingCalendar, starts_on: date | None, reason: str, *, today: date, begun: bool
) -> Trouble | None:
    if starts_on is None:
        return None
    if begun:
        return Trouble("starts_on", "The stage has begun, so its start cannot be pinned any more")
    if starts_on < today:
        return Trouble("starts_on", "The day must not be in the past")
    if not calendar.first <= starts_on <= calendar.last:
        return Trouble("starts_on", f"The bank holidays are known until {day(calendar.last)} only")
    if not calendar.is_working_day(starts_on):
        return Trouble("starts_on", f"{day(starts_on)} is not a working day")
    return None if reason else Trouble("pin_reason", "Say why it must start on that day")


def record_trouble(
    stages: tuple[Stage, ...],
    stage: Stage,
    records: dict[Stage, StageRecord],
    began_on: date | None,
    ended_on: date | None,
    *,
    today: date,
) -> Trouble | None:
    """Stages follow one another: each begins after the one before it has ended, and none is left out."""
    place = stages.index(stage)
    later = next((records[each] for each in stages[place + 1 :] if each in records), None)
    if began_on is None:
        if ended_on is not None:
            return Trouble("began_on", "Enter when it began")
        return Trouble("began_on", "A later stage is on record, so this one cannot be taken off") if later else None
    if began_on >= today or (ended_on is not None and ended_on >= today):
        field = "began_on" if began_on >= today else "ended_on"
        return Trouble(field, "Only what happened before today can be put on record")
    if ended_on is not None and ended_on < began_on:
        return Trouble("ended_on", "The end must not be before the beginning")
    if later and (ended_on is None or ended_on >= later.began_on):
        return Trouble(
            "ended_on", f"It must have ended before {day(later.began_on)}, when the next one on record began"
        )
    if place == 0:
        return None
    before = records.get(stages[place - 1])
    if before is None or before.ended_on is None:
        return Trouble("began_on", "Put the end of the stage before it on record first")
    if began_on <= before.ended_on:
        return Trouble("began_on", f"It must have begun after {day(before.ended_on)}, when the stage before it ended")
    return None
