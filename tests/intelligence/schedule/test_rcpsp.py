"""Projects from PSPLIB files, planned and checked by counting every resource in every period."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.projects import as_psplib, synthetic_project
from intelligence.__main__ import main
from intelligence.files import read_json
from intelligence.schedule.project import Activity, Project, ProjectError, ProjectPlan
from intelligence.schedule.psplib import parse_project
from intelligence.schedule.rcpsp import plan_project

SMALL = synthetic_project(12, 1.5, 0.75, 0.2, seed=3)
TEXT = as_psplib(SMALL)


def assert_keeps_every_rule(project: Project, plan: ProjectPlan) -> None:
    start = {activity.id: day for activity, day in zip(project.activities, plan.starts, strict=True)}
    for activity in project.activities:
        assert start[activity.id] >= 0
        for successor in activity.successors:
            assert start[successor] >= start[activity.id] + activity.duration
    for period in range(plan.makespan):
        at_work = [a for a in project.activities if start[a.id] <= period < start[a.id] + a.duration]
        for resource, capacity in enumerate(project.capacities):
            assert sum(activity.demands[resource] for activity in at_work) <= capacity
    assert plan.makespan == max(start[activity.id] + activity.duration for activity in project.activities)
    assert plan.bound <= plan.makespan


def shortest_by_trying_every_order(project: Project) -> int:
    """The best of all serial plans, one of which is as short as can be."""
    best = sum(activity.duration for activity in project.activities)
    for order in permutations(project.activities):
        start: dict[str, int] = {}
        for activity in order:
            before = [other for other in project.activities if activity.id in other.successors]
            if any(other.id not in start for other in before):
                break
            day = max((start[other.id] + other.duration for other in before), default=0)
            while not _fits(project, start, activity, day):
                day += 1
            start[activity.id] = day
        else:
            best = min(best, max(start[activity.id] + activity.duration for activity in project.activities))
    return best


def _fits(project: Project, start: dict[str, int], activity: Activity, day: int) -> bool:
    for period in range(day, day + activity.duration):
        for resource, capacity in enumerate(project.capacities):
            used = sum(
                other.demands[resource]
                for other in project.activities
                if other.id in start and start[other.id] <= period < start[other.id] + other.duration
            )
            if used + activity.demands[resource] > capacity:
                return False
    return True


@st.composite
def tiny_projects(draw: st.DrawFn) -> Project:
    size = draw(st.integers(1, 6))
    activities = tuple(
        Activity(
            str(n),
            draw(st.integers(0, 5)),
            (draw(st.integers(0, 3)), draw(st.integers(0, 2))),
            tuple(str(after) for after in range(n + 1, size) if draw(st.booleans())),
        )
        for n in range(size)
    )
    return Project(activities, (3, 2))


@settings(max_examples=40, deadline=None)
@given(tiny_projects())
def test_tiny_projects_are_as_short_as_trying_every_order_finds(project: Project) -> None:
    plan = plan_project(project, seed=1)
    assert_keeps_every_rule(project, plan)
    assert plan.makespan == plan.bound == shortest_by_trying_every_order(project)


@pytest.mark.parametrize(("size", "strength"), [(30, 0.2), (120, 0.2)])
def test_plans_keep_every_rule_and_repeat_themselves(size: int, strength: float) -> None:
    project = synthetic_project(size, 1.8, 0.75, strength, seed=size)
    plan = plan_project(project, seed=1, seconds=0.1)
    assert_keeps_every_rule(project, plan)
    assert plan == plan_project(project, seed=1, seconds=0.1)


def test_a_file_says_what_was_written() -> None:
    assert parse_project(TEXT) == SMALL


@pytest.mark.parametrize(
    "variant",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\n\n"),
        TEXT.replace("RESOURCEAVAILABILITIES:", "Resource availabilities"),
        TEXT.replace("REQUESTS/DURATIONS:", "requests / durations:"),
        TEXT.replace("  R 1  R 2", "  R1   R2").replace("*" * 72, "*" * 10),
        "\ufeff" + TEXT,
    ],
    ids=["line ends", "blank lines", "words", "case", "headings", "byte order mark"],
)
def test_variants_of_the_format_are_read_alike(variant: str) -> None:
    assert parse_project(variant) == SMALL


def test_successors_may_run_over_several_lines() -> None:
    lines = TEXT.splitlines()
    first = next(n for n, line in enumerate(lines) if line.split()[:3] == ["1", "1", "3"])
    head, tail = lines[first].rsplit(maxsplit=1)
    assert parse_project("\n".join([*lines[:first], head, f"      {tail}", *lines[first + 1 :]])) == SMALL


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("", "no section resources"),
        (TEXT.replace("nonrenewable              :  0", "nonrenewable              :  2"), "only renewable ones"),
        (TEXT.replace("    1        1", "    1        2", 1), "job 1 has 2 modes"),
        (TEXT[: TEXT.index("REQUESTS")] + TEXT[TEXT.index("RESOURCEAVAIL") :], "no section requests"),
        (TEXT.replace("renewable                 :  4", "renewable                 :  3"), "job"),
        (TEXT.replace("RESOURCEAVAILABILITIES", "RESOURCEAVAILABILITIES\n 9999999999 \n"), "a number is too large"),
        (TEXT.replace("    1     1       0", "    1     1      -5"), "must hold whole numbers and nothing else"),
        (TEXT.replace("    1     1       0", "    1     1 99999999"), "together, which is too long to plan"),
    ],
)
def test_what_is_no_single_mode_project_ends_in_one_line_and_code_2(
    broken: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "FILE.sm"
    path.write_text(broken)
    assert main(["rcpsp", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"python -m intelligence: {path}: ")
    assert reason in line


@pytest.mark.parametrize(
    ("activities", "reason"),
    [
        ((Activity("a", 1, (1,), ("b",)), Activity("b", 1, (1,), ("a",))), "wait for each other"),
        ((Activity("a", 1, (1,), ("c",)),), "unknown successor c"),
        ((Activity("a", 1, (2,)),), "needs 2 units of a resource that has 1"),
        ((Activity("a", 1, (1,)), Activity("a", 1, (1,))), "more than once"),
    ],
)
def test_projects_that_contradict_themselves_are_refused(activities: tuple[Activity, ...], reason: str) -> None:
    with pytest.raises(ProjectError, match=reason):
        Project(activities, (1,))


def test_the_command_prints_makespan_and_bound_and_writes_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "FILE.sm", tmp_path / "PLAN.json"
    path.write_text(TEXT)
    assert main(["rcpsp", str(path), "--seconds", "20", "--out", str(out)]) == 0
    plan = read_json(out, ProjectPlan)
    assert_keeps_every_rule(SMALL, plan)
    assert capsys.readouterr().out == f"makespan {plan.makespan}\nbound {plan.bound}\n"
    assert plan.makespan == plan.bound
