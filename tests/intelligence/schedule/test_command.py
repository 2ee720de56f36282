"""``python -m intelligence schedule`` as somebody at a terminal meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from intelligence.__main__ import main
from intelligence.files import read_json, write_json
from intelligence.schedule.plan import Schedule
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import dental, programme


def file_of(directory: Path, problem: ScheduleProblem) -> Path:
    path = directory / "PROBLEM.json"
    write_json(path, problem)
    return path


def schedule(path: Path, *options: object) -> int:
    return main(["schedule", str(path), "--out", str(path.with_name("SCHEDULE.json")), *map(str, options)])


def last_line_of(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_the_schedule_written_is_the_one_planned(tmp_path: Path) -> None:
    problem = programme()
    path = file_of(tmp_path, problem)
    assert schedule(path, "--seed", 5, "--seconds", 20, "--reproducible") == 0
    written = read_json(tmp_path / "SCHEDULE.json", Schedule)
    assert written == plan_schedule(problem, seed=5, seconds=10.0)
    assert schedule(path, "--seed", 5, "--work", written.seconds) == 0
    assert read_json(tmp_path / "SCHEDULE.json", Schedule) == written


def test_equal_seeds_write_equal_bytes_in_different_processes(tmp_path: Path) -> None:
    path = file_of(tmp_path, programme(date(2026, 5, 1)))
    outs = [tmp_path / "one.json", tmp_path / "two.json"]
    for out in outs:
        command = ["schedule", str(path), "--out", str(out), "--seconds", "4", "--reproducible"]
        subprocess.run([sys.executable, "-m", "intelligence", *command], check=True, capture_output=True)
    assert outs[0].read_bytes() == outs[1].read_bytes()


@pytest.mark.parametrize("work", ["0", "-1", "nan", "much", "86401"])
def test_work_that_is_none_is_refused(tmp_path: Path, work: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        schedule(file_of(tmp_path, dental()), "--work", work)
    assert "must be a number above 0" in last_line_of(capsys)


def test_what_no_schedule_can_meet_is_said_and_ends_in_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schedule(file_of(tmp_path, dental(date(2027, 6, 1)))) == 1
    line = last_line_of(capsys)
    assert line.startswith("note: No schedule meets these rules: Dental north cannot be ready before 1")
    assert read_json(tmp_path / "SCHEDULE.json", Schedule).status == "infeasible"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"as_of": "2026-02-30"}, "as_of: Input should be a valid date"),
        ({"as_off": "2026-01-05"}, "as_off: unknown key"),
        ({"procurements": [{"id": "X"}]}, "procurements[0].title: is missing"),
        ({"officers": [{"name": "Ada"}, {"name": "Ada"}]}, "officers[1]: 'Ada' appears more than once"),
        ({"as_of": "2045-01-05"}, "as_of: bank holidays are known from"),
        ({"penalties": {"late_day": -1}}, ": penalties.late_day: must be from 0"),
        ({"calendar": {"first": "2028-01-01", "last": "2027-01-01"}}, "calendar: its last day, 2027-01-01, is before"),
        ({"calendar": {"first": "0001-01-01", "last": "9999-12-31"}}, "calendar: it covers more than 200 years"),
        ({"stage_lengths": [{"stage": "standstill", "days": 7}]}, "7 is below the floor of 8 for standstill"),
    ],
)
def test_a_bad_problem_ends_in_one_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], refused: str
) -> None:
    path = file_of(tmp_path, dental())
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert schedule(path) == 2
    line = last_line_of(capsys)
    assert line.startswith(f"python -m intelligence: {path}: ")
    assert refused in line
    assert not (tmp_path / "SCHEDULE.json").exists()
