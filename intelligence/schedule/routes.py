"""The stages of each procurement route: how long, how sure, and on whose word.

Lengths are defaults for an officer to replace; legal floors cannot be undercut. Each stage names its source, and
:class:`Evidence` keeps what the law says apart from what was measured, is merely believed, or was assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from intelligence.market import Route
from intelligence.schedule.calendar import (
    STANDSTILL_WORKING_DAYS,
    WorkingCalendar,
    pa23_standstill_end,
    psr_standstill_end,
)


class Stage(StrEnum):
    APPROVE_TO_PROCEED = "approve_to_proceed"
    PREPARE = "prepare"
    INTENDED_APPROACH = "intended_approach"
    PARTICIPATION = "participation"
    DIALOGUE = "dialogue"
    TENDER = "tender"
    EVALUATE = "evaluate"
    APPROVE_AWARD = "approve_award"
    STANDSTILL = "standstill"
    AWARD = "award"
    MOBILISE = "mobilise"

    @property
    def words(self) -> str:
        """What it is called within a sentence."""
        return _WORDS[self]


_WORDS = {
    Stage.APPROVE_TO_PROCEED: "approval to proceed",
    Stage.PREPARE: "preparation",
    Stage.INTENDED_APPROACH: "the notice of the intended approach",
    Stage.PARTICIPATION: "requests to participate",
    Stage.DIALOGUE: "dialogue",
    Stage.TENDER: "the tender",
    Stage.EVALUATE: "evaluation",
    Stage.APPROVE_AWARD: "approval of the award",
    Stage.STANDSTILL: "the award notice and standstill",
    Stage.AWARD: "the award",
    Stage.MOBILISE: "mobilisation",
}


class Evidence(StrEnum):
    """Where a stage's length comes from."""

    LEGAL = "legal"
    MEASURED = "measured"
    BELIEVED = "believed"  # general knowledge, not checked against its source
    ASSUMED = "assumed"
    GIVEN = "given"  # by the officer, for this programme


class Counting(StrEnum):
    """How a stage's days are counted. The last three start on the day a notice is published."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS_AFTER_NOTICE = "calendar_days_after_notice"
    PSR_STANDSTILL = "psr_standstill"
    PA23_STANDSTILL = "pa23_standstill"


@dataclass(frozen=True, slots=True)
class StageRule:
    """One stage of a route.

    `days` is the length, counted as `counting` says; `legal_floor` is in the same days, `None` where the law sets none.
    `longest_wait` is how many idle working days may pass before the stage starts, `None` for any number (assumed
    throughout). `officer_percent` is the share of one officer's time (assumed). A stage that `publishes` starts with a
    public notice, one that takes `submissions` ends with a deadline for bidders, and one that `needs_board` ends on a
    board date.
    """

    stage: Stage
    days: int
    evidence: Evidence
    source: str
    counting: Counting = Counting.WORKING_DAYS
    legal_floor: int | None = None
    longest_wait: int | None = 0
    officer_percent: int = 0
    publishes: bool = False
    submissions: bool = False
    needs_board: bool = False


def stage_end(rule: StageRule, calendar: WorkingCalendar, start: date) -> date:
    """The last day of a stage that starts on the working day `start`; always a working day.

    >>> tender = stages_of(Route.PA23_OPEN)[2]
    >>> stage_end(tender, WorkingCalendar(date(2026, 1, 1), date(2026, 12, 31)), date(2026, 6, 1))
    datetime.date(2026, 7, 1)
    """
    if rule.counting is Counting.PSR_STANDSTILL:
        return psr_standstill_end(calendar, start, rule.days)
    if rule.counting is Counting.PA23_STANDSTILL:
        return pa23_standstill_end(calendar, start, rule.days)
    if rule.counting is Counting.CALENDAR_DAYS_AFTER_NOTICE:
        return calendar.next_working_day(start + timedelta(days=rule.days))
    return calendar.add_working_days(start, rule.days - 1)


def stages_of(route: Route) -> tuple[StageRule, ...]:
    """The stages of a route in order, with their default lengths.

    >>> [rule.stage.value for rule in stages_of(Route.PSR_DIRECT_A)]
    ['approve_to_proceed', 'evaluate', 'approve_award', 'award', 'mobilise']
    """
    return _STAGES[route]


_NOTICES = "find-a-tender notices of North West and Yorkshire prison health, 2021 to 2026"

_PROCEED = StageRule(
    Stage.APPROVE_TO_PROCEED,
    10,
    Evidence.ASSUMED,
    "papers ten working days before the board",
    longest_wait=None,
    needs_board=True,
)
_PREPARE = StageRule(
    Stage.PREPARE,
    20,
    Evidence.ASSUMED,
    f"what remains of the 53 to 105 working days from engagement to tender in {_NOTICES}",
    longest_wait=20,
    officer_percent=40,
)
_TENDER = StageRule(
    Stage.TENDER,
    30,
    Evidence.MEASURED,
    f"23 to 42 working days in {_NOTICES} (n=5)",
    longest_wait=40,
    officer_percent=20,
    publishes=True,
    submissions=True,
)
_EVALUATE = StageRule(
    Stage.EVALUATE,
    30,
    Evidence.MEASURED,
    f"so that tender to intention notice is 70, within 51 to 83 working days in {_NOTICES} (n=3)",
    longest_wait=10,
    officer_percent=50,
)
_APPROVE = StageRule(
    Stage.APPROVE_AWARD,
    10,
    Evidence.ASSUMED,
    "papers ten working days before the board",
    longest_wait=60,
    needs_board=True,
)
_PSR_STANDSTILL = StageRule(
    Stage.STANDSTILL,
    STANDSTILL_WORKING_DAYS,
    Evidence.LEGAL,
    "SI 2023/1348 reg 12; a representation keeps it open, and five working days follow the further decision",
    counting=Counting.PSR_STANDSTILL,
    legal_floor=STANDSTILL_WORKING_DAYS,
    longest_wait=20,
    publishes=True,
)
_PA23_STANDSTILL = StageRule(
    Stage.STANDSTILL,
    STANDSTILL_WORKING_DAYS,
    Evidence.LEGAL,
    "Procurement Act 2023 s51, from the contract award notice; whether light touch differs is not checked",
    counting=Counting.PA23_STANDSTILL,
    legal_floor=STANDSTILL_WORKING_DAYS,
    longest_wait=20,
    publishes=True,
)
_PCR_STANDSTILL = StageRule(
    Stage.STANDSTILL,
    10,
    Evidence.LEGAL,
    "Public Contracts Regulations 2015, ten calendar days, read second hand",
    counting=Counting.CALENDAR_DAYS_AFTER_NOTICE,
    legal_floor=10,
    longest_wait=20,
    publishes=True,
)
_AWARD = StageRule(Stage.AWARD, 1, Evidence.ASSUMED, "the day the contract is let")
_MOBILISE = StageRule(
    Stage.MOBILISE,
    120,
    Evidence.MEASURED,
    f"51 to 140 working days from award or intention to start in {_NOTICES} (n=8); health and social care with TUPE",
)
_CONTINUE = StageRule(Stage.MOBILISE, 20, Evidence.ASSUMED, "the existing provider carries on under a new contract")
_JOIN = replace(_CONTINUE, source="for providers that give the service already; one that is new to it needs longer")
_INTENDED_APPROACH = StageRule(
    Stage.INTENDED_APPROACH,
    14,
    Evidence.BELIEVED,
    "fourteen days after the notice of the intended approach: believed, not seen in the regulations",
    counting=Counting.CALENDAR_DAYS_AFTER_NOTICE,
    legal_floor=14,
    longest_wait=40,
    officer_percent=10,
    publishes=True,
)
_PARTICIPATION = StageRule(
    Stage.PARTICIPATION,
    25,
    Evidence.BELIEVED,
    "Procurement Act 2023 s54 participation period of 25 days: believed, not seen",
    counting=Counting.CALENDAR_DAYS_AFTER_NOTICE,
    legal_floor=25,
    longest_wait=40,
    officer_percent=20,
    publishes=True,
    submissions=True,
)
_PA23_TENDER = replace(
    _TENDER,
    evidence=Evidence.ASSUMED,
    source="five more than the 25 days of Procurement Act 2023 s54 for electronic tenders (10 in urgency or after a "
    "qualifying planned procurement notice)",
    counting=Counting.CALENDAR_DAYS_AFTER_NOTICE,
    legal_floor=25,
)
_DIALOGUE = StageRule(
    Stage.DIALOGUE, 30, Evidence.ASSUMED, "20 to 45 working days", longest_wait=10, officer_percent=40
)
_PA23_EVALUATE = replace(_EVALUATE, days=45, evidence=Evidence.ASSUMED, source="30 to 60 working days")


def _assess(days: int, source: str) -> StageRule:
    return replace(_EVALUATE, days=days, evidence=Evidence.ASSUMED, source=source, longest_wait=20)


_STAGES: dict[Route, tuple[StageRule, ...]] = {
    Route.PSR_DIRECT_A: (_PROCEED, _assess(10, "assess and record"), _APPROVE, _AWARD, _CONTINUE),
    Route.PSR_DIRECT_B: (_PROCEED, _assess(10, "assess and record"), _APPROVE, _AWARD, _JOIN),
    Route.PSR_DIRECT_C: (
        _PROCEED,
        _assess(20, "assess the existing provider against the key criteria"),
        _APPROVE,
        _PSR_STANDSTILL,
        _AWARD,
        _CONTINUE,
    ),
    Route.PSR_MOST_SUITABLE: (
        _PROCEED,
        _PREPARE,
        _INTENDED_APPROACH,
        _assess(25, "identify and assess the providers, 20 to 30 working days"),
        _APPROVE,
        _PSR_STANDSTILL,
        _AWARD,
        _MOBILISE,
    ),
    Route.PSR_COMPETITIVE: (_PROCEED, _PREPARE, _TENDER, _EVALUATE, _APPROVE, _PSR_STANDSTILL, _AWARD, _MOBILISE),
    Route.PA23_OPEN: (
        _PROCEED,
        _PREPARE,
        _PA23_TENDER,
        _PA23_EVALUATE,
        _APPROVE,
        _PA23_STANDSTILL,
        _AWARD,
        _MOBILISE,
    ),
    Route.PA23_COMPETITIVE_FLEXIBLE: (
        _PROCEED,
        _PREPARE,
        _PARTICIPATION,
        _DIALOGUE,
        replace(_PA23_TENDER, longest_wait=20),
        _PA23_EVALUATE,
        _APPROVE,
        _PA23_STANDSTILL,
        _AWARD,
        _MOBILISE,
    ),
    Route.PCR_LIGHT_TOUCH: (
        _PROCEED,
        _PREPARE,
        _TENDER,
        replace(
            _EVALUATE,
            days=60,
            source=f"so that tender to award notice is near 110, within 92 to 170 working days in {_NOTICES} (n=5)",
        ),
        _APPROVE,
        _PCR_STANDSTILL,
        _AWARD,
        _MOBILISE,
    ),
}
