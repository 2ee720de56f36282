"""What calendars hold after the files of several plans were taken, in whatever order."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from intelligence import Contract, Schedule
from intelligence.files import from_json, to_json
from intelligence.schedule.changes import Replan
from intelligence.schedule.plan import PlannedProcurement
from intelligence.schedule.routes import Stage
from tests import factories as make
from tests.webapp.analysis.recommending import Desk, sit_down
from tests.webapp.browser_of_pages import Client
from webapp.analysis.runs import RunParameters, results_of, stored
from webapp.analysis.terms import NoticeDue
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Engagement,
    PartKind,
    Purpose,
    Replanning,
    Ruling,
    RunState,
    Verdict,
)

BEGAN = datetime(2026, 12, 1, 9, tzinfo=UTC)
TENDER = "Publish the tender: "
Change = Callable[[Schedule], Schedule]


@dataclass
class CalendarProgram:
    """Keeps of each entry the version with the higher number, and of two with one number the one written last
    (RFC 5546, section 2.1.5)."""

    entries: dict[str, dict[str, str]] = field(default_factory=dict)

    def take(self, octets: bytes) -> None:
        lines = octets.replace(b"\r\n ", b"").decode()
        for event in re.findall(r"BEGIN:VEVENT\r\n(.*?)\r\nEND:VEVENT", lines, re.DOTALL):
            new = dict(line.split(":", 1) for line in event.split("\r\n"))
            held = self.entries.get(new["UID"])
            if held is None or version_of(new) >= version_of(held):
                self.entries[new["UID"]] = new

    def shown(self, title: str = "") -> dict[str, str]:
        """The day of each entry that is not cancelled."""
        found = (
            each for each in self.entries.values() if each.get("STATUS") != "CANCELLED" and title in each["SUMMARY"]
        )
        return {each["SUMMARY"]: each["DTSTART"][:8] for each in found}

    def cancelled(self) -> list[str]:
        return sorted(each["SUMMARY"] for each in self.entries.values() if each.get("STATUS") == "CANCELLED")


def version_of(event: dict[str, str]) -> tuple[int, str]:
    return int(event["SEQUENCE"]), event["DTSTAMP"]


@pytest.fixture
def desk(session: Session, client: Client) -> Desk:
    """Whose own run has no plan."""
    made = sit_down(session)
    session.execute(delete(AnalysisPart).where(AnalysisPart.kind == PartKind.SCHEDULE))
    session.commit()
    client.sign_in(made.officer)
    return made


def later(days: int) -> Change:
    def moved(item: PlannedProcurement) -> PlannedProcurement:
        by = timedelta(days=days)
        stages = tuple(replace(each, start=each.start + by, end=each.end + by) for each in item.stages)
        return replace(item, stages=stages, service_start=item.service_start + by)

    return lambda schedule: replace(schedule, procurements=tuple(map(moved, schedule.procurements)))


def of(*procurements: str, officer: str | None = None) -> Change:
    """With these in place of its own."""

    def named(item: PlannedProcurement, title: str) -> PlannedProcurement:
        return replace(item, procurement_id=str(uuid.uuid5(uuid.NAMESPACE_DNS, title)), title=title, officer=officer)

    return lambda schedule: replace(
        schedule, procurements=tuple(named(schedule.procurements[0], title) for title in procurements)
    )


def without_standstill(schedule: Schedule) -> Schedule:
    [item] = schedule.procurements
    stages = tuple(each for each in item.stages if each.stage is not Stage.STANDSTILL)
    return replace(schedule, procurements=(replace(item, stages=stages),))


def planned(
    session: Session, desk: Desk, minute: int, *changes: Change, about: Engagement | None = None, notices: bool = False
) -> AnalysisRun:
    """A run of its own, asked for at that minute."""
    about = about or desk.about
    run = make.finished_run(session, about, desk.officer, number=minute + 2)
    run.requested_at = BEGAN + timedelta(minutes=minute)
    [(part, schedule)] = results_of(run, PartKind.SCHEDULE)
    for change in changes:
        schedule = change(schedule)
    if notices:
        contract = Contract("11111111-1111-1111-1111-111111111111", "Old contract", (), date(2028, 3, 31))
        schedule = replace(schedule, problem=replace(schedule.problem, contracts=(contract,)))
        terms = from_json(RunParameters, run.parameters)
        due = NoticeDue(contract.id, date(2027, 9, 30), 6)
        run.parameters = to_json(replace(terms, terms=replace(terms.terms, notices=(due,))))
    part.result = stored(schedule)
    session.commit()
    return run


def replanned(session: Session, run: AnalysisRun, minute: int, change: Change, purpose: Purpose) -> Replanning:
    [(_part, schedule)] = results_of(run, PartKind.SCHEDULE)
    plan = Replanning(
        run_id=run.id,
        purpose=purpose,
        question="Planned again",
        problem=to_json(schedule.problem),
        problem_digest="test",
        seed=7,
        seconds=1.0,
        code_version="test",
        asked_at=BEGAN + timedelta(minutes=minute),
        asked_by=run.requested_by,
        state=RunState.FINISHED,
        progress=1,
        result=stored(Replan(change(schedule), (), ())),
    )
    session.add(plan)
    session.commit()
    return plan


def sign(session: Session, desk: Desk, run: AnalysisRun, minute: int, plan: Replanning | None = None) -> None:
    row = make.recommendation(session, desk.procurement, run, desk.officer, plan)
    ruling = Ruling(recommendation_id=row.id, verdict=Verdict.SIGNED, reason="Agreed", ruled_by=desk.approver.id)
    ruling.ruled_at = BEGAN + timedelta(minutes=minute)
    session.add(ruling)
    session.commit()


def taken(client: Client, run: AnalysisRun, plan: Replanning | None = None, officer: str = "") -> bytes:
    address = f"/runs/{run.id}/report/schedule/calendar.ics?officer={officer}" + (f"&plan={plan.id}" if plan else "")
    return client.get(address).response.get_data()


def held(files: Iterable[bytes]) -> CalendarProgram:
    program = CalendarProgram()
    for octets in files:
        program.take(octets)
    return program


def test_a_later_run_s_plan_takes_the_place_of_the_last_plan_of_the_run_before_in_whatever_order_they_are_taken(
    client: Client, session: Session, desk: Desk
) -> None:
    first = planned(session, desk, 0)
    again = replanned(session, first, 10, later(7), Purpose.NEW_PLAN)
    second = planned(session, desk, 20, later(21))
    files = [taken(client, first), taken(client, first, again), taken(client, second)]
    title = f"{TENDER}{desk.procurement.title}"
    days = [held([each]).shown(TENDER)[title] for each in files]
    assert len(set(days)) == 3
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 2, 0]):
        program = held(files[each] for each in order)
        assert program.shown(TENDER) == {title: days[2]}
        assert program.cancelled() == []
    assert held([files[1], files[0]]).shown(TENDER) == {title: days[1]}, "the newer plan of the run"


def test_two_people_at_once_get_the_same_entries_and_a_number_that_a_calendar_can_hold(
    client: Client, session: Session, desk: Desk
) -> None:
    run = planned(session, desk, 0)
    mine = taken(client, run)
    client.sign_in(desk.approver)
    theirs = taken(client, run)
    without = re.compile(rb"DTSTAMP:\w+\r\n")
    assert without.sub(b"", mine) == without.sub(b"", theirs)
    assert {1_000 < version_of(each)[0] < 2**31 for each in held([mine]).entries.values()} == {True}, (
        "above the numbers from 0 that calendars may hold"
    )


def test_signed_dates_take_the_place_of_plans_asked_for_before_and_yield_to_later_ones(
    client: Client, session: Session, desk: Desk
) -> None:
    title = f"{TENDER}{desk.procurement.title}"
    first = planned(session, desk, 0)
    again = replanned(session, first, 5, later(7), Purpose.NEW_PLAN)
    draft = planned(session, desk, 10, later(21))
    before = taken(client, draft)
    sign(session, desk, first, 20, again)
    signed, unsigned = taken(client, first, again), taken(client, first)
    assert {each["STATUS"] for each in held([signed]).entries.values()} == {"CONFIRMED"}
    assert {each["STATUS"] for each in held([unsigned]).entries.values()} == {"TENTATIVE"}, "another plan of the run"
    for order in ((before, signed), (signed, before, unsigned), (signed, taken(client, draft))):
        assert held(order).shown(title) == held([signed]).shown(title)
    new = taken(client, planned(session, desk, 30, later(35)))
    assert held([new, signed]).shown(title) == held([new]).shown(title) != held([signed]).shown(title)
    assert "which is not signed" in held([new]).entries[f"{desk.procurement.id}-tender-begins@localhost"]["DESCRIPTION"]


def test_signed_dates_take_out_what_the_plans_that_they_hold_against_have_besides(
    client: Client, session: Session, desk: Desk
) -> None:
    first = planned(session, desk, 0, without_standstill)
    draft = planned(session, desk, 10, later(7))
    new = planned(session, desk, 30)
    before = taken(client, draft)
    assert held([before, taken(client, first)]).shown("standstill")
    sign(session, desk, first, 20)
    signed = taken(client, first)
    for order in ((before, signed), (signed, before)):
        assert not held(order).shown("standstill")
        assert {each["STATUS"] for each in held(order).entries.values()} == {"CONFIRMED", "CANCELLED"}
    assert held([signed]).cancelled(), "also for those who hold both"
    assert held([taken(client, new), signed]).shown("standstill"), "which was asked for after it was signed"


def test_what_is_signed_outlives_that_the_responses_of_its_engagement_are_destroyed(
    client: Client, session: Session, desk: Desk
) -> None:
    other = make.engagement(session, desk.about.programme)
    first = planned(session, desk, 0)
    theirs = planned(session, desk, 5, later(14), about=other)
    sign(session, desk, theirs, 7)
    files = [taken(client, first), taken(client, theirs)]
    signed = held(files).shown()
    session.execute(delete(AnalysisPart).where(AnalysisPart.run_id == theirs.id))
    session.commit()
    last = taken(client, planned(session, desk, 10, of("Other")))
    assert signed.items() <= held([*files, last]).shown().items()
    assert held([last]).cancelled() == []


def test_what_a_later_plan_of_the_engagement_has_no_more_is_cancelled_and_can_come_back(
    client: Client, session: Session, desk: Desk
) -> None:
    first = planned(session, desk, 0, of("Prisons"))
    again = replanned(session, first, 5, of("Prisons", "Homes"), Purpose.NEW_PLAN)
    replanned(session, first, 6, of("What if"), Purpose.WHAT_IF)
    older = taken(client, first, again)
    newer = taken(client, planned(session, desk, 10, of("Prisons"), without_standstill))
    for order in ((older, newer), (newer, older)):
        program = held(order)
        assert set(program.shown(TENDER)) == {f"{TENDER}Prisons"}
        assert not program.shown("Homes")
        assert "No longer planned: Services start: Homes" in program.cancelled()
        assert "No longer planned: Last day of the standstill: Prisons" in program.cancelled()
        assert not [each for each in program.cancelled() if "What if" in each]
    back = taken(client, planned(session, desk, 20, of("Prisons", "Homes")))
    assert set(held([older, newer, back]).shown(TENDER)) == {f"{TENDER}Prisons", f"{TENDER}Homes"}
    assert held([older, newer, back]).cancelled() == []


def test_what_another_engagement_planned_last_is_not_cancelled(client: Client, session: Session, desk: Desk) -> None:
    other = make.engagement(session, desk.about.programme)
    theirs = planned(session, desk, 0, of("Eyes"), about=other)
    first = planned(session, desk, 5, of("Prisons", "Dental"))
    moved = planned(session, desk, 10, of("Eyes", "Dental"), about=other)
    last = planned(session, desk, 15, of("Prisons"))
    program = held(taken(client, run) for run in (theirs, first, moved, last))
    assert set(program.shown(TENDER)) == {f"{TENDER}{title}" for title in ("Prisons", "Eyes", "Dental")}
    assert program.cancelled() == []


def test_nothing_that_is_past_is_cancelled_and_nothing_by_a_plan_that_found_none(
    client: Client, session: Session, desk: Desk
) -> None:
    planned(session, desk, 0, of("Prisons", "Homes"), later(-365))
    assert held([taken(client, planned(session, desk, 5, of("Prisons")))]).cancelled() == [
        "No longer planned: Services start: Homes"
    ], "the one that lies ahead"
    nothing = planned(session, desk, 10, lambda schedule: replace(schedule, procurements=()))
    assert held([taken(client, nothing)]).entries == {}


def test_what_an_officer_hands_over_moves_in_both_calendars_and_names_who_has_it_now(
    client: Client, session: Session, desk: Desk
) -> None:
    first = planned(session, desk, 0, of("Prisons", "Homes", officer="Ann"))
    second = planned(session, desk, 10, of("Prisons", officer="Ben"), later(7))
    anns = [taken(client, first, officer="Ann"), taken(client, second, officer="Ann")]
    bens = taken(client, second, officer="Ben")
    assert held(anns).shown() == held([bens]).shown()
    assert all("Officer: Ben" in each["DESCRIPTION"] for each in held([bens]).entries.values())
    assert held(anns).cancelled()[0].endswith(": Homes")
    assert held([bens]).cancelled() == [], "Ben never had it"


def test_the_last_day_for_notice_is_cancelled_once_none_is_owed(client: Client, session: Session, desk: Desk) -> None:
    first, second = planned(session, desk, 0, notices=True), planned(session, desk, 10)
    title = "Last day for notice: Old contract"
    assert title in held([taken(client, first)]).shown()
    program = held([taken(client, first), taken(client, second)])
    assert title not in program.shown()
    assert program.cancelled() == [f"No longer planned: {title}"]


def test_what_nobody_is_named_for_has_no_notices_by_any_plan(client: Client, session: Session, desk: Desk) -> None:
    runs = [planned(session, desk, minute, notices=True) for minute in (0, 10)]
    programs = [held([taken(client, run, officer="Nobody named")]) for run in runs]
    assert [program.shown("Last day for notice") for program in programs] == [{}, {}]
    assert all(program.shown(TENDER) for program in programs)
