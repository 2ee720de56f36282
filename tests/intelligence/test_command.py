"""``python -m intelligence`` as somebody at a terminal meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import intelligence
from intelligence.__main__ import COMMANDS, main
from intelligence.capacity.priors import DEFAULT_PRIORS
from intelligence.capacity.report import CapacityReport
from intelligence.files import read_json, to_json, write_json
from intelligence.market import InterestLevel
from tests.intelligence.capacity.markets import eoi, market_of

HEAVY = ("numpy", "scipy", "sklearn", "nltk", "ortools", "pydantic")


@pytest.fixture
def market(tmp_path: Path) -> Path:
    path = tmp_path / "MARKET.json"
    write_json(path, market_of([eoi(0), eoi(1, level=InterestLevel.POSSIBLY)]))
    return path


def capacity(*arguments: object) -> int:
    return main(["capacity", *map(str, arguments), "--draws", "200"])


def last_line_of(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_capacity_writes_a_report_that_reads_back(market: Path, tmp_path: Path) -> None:
    out = tmp_path / "REPORT.json"
    assert capacity(market, "--out", out, "--seed", 5) == 0
    report = read_json(out, CapacityReport)
    assert (report.seed, report.draws) == (5, 200)
    assert report.lots[0].lot_id == "L0"


def test_equal_seeds_write_equal_bytes_in_different_processes(market: Path, tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("one.json", "two.json", "other.json")]
    for out, seed in zip(outs, (3, 3, 4), strict=True):
        command = ["capacity", str(market), "--out", str(out), "--seed", str(seed), "--draws", "200"]
        subprocess.run([sys.executable, "-m", "intelligence", *command], check=True, capture_output=True)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert outs[0].read_bytes() != outs[2].read_bytes()


def test_warnings_go_to_standard_error(market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capacity(market, "--out", tmp_path / "REPORT.json")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("note: Fewer than 10 past lots are known (0)")


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ('{"lots": [], "extra": 1}', "extra: unknown key"),
        ('{"lots": [{"id": "D1", "title": "x", "units": []}]}', "lots[0].units: a lot must cover"),
    ],
)
def test_a_bad_market_ends_in_one_line_and_code_2(
    market: Path, capsys: pytest.CaptureFixture[str], content: str, refused: str
) -> None:
    market.write_text(content)
    assert capacity(market, "--out", market.with_name("REPORT.json")) == 2
    line = last_line_of(capsys)
    assert line.startswith(f"python -m intelligence: {market}: ")
    assert refused in line
    assert not market.with_name("REPORT.json").exists()


def test_an_output_that_cannot_be_written_ends_in_one_line_and_code_2(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none"
    refused = {
        missing / "R.json": f"no such directory: {missing}",
        tmp_path: "is a directory",
        market: "would overwrite",
    }
    for out, reason in refused.items():
        assert capacity(market, "--out", out) == 2
        assert last_line_of(capsys).startswith(f"python -m intelligence: {out}: {reason}")


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ([], "required: COMMAND"),
        (["guess"], "invalid choice: 'guess'"),
        (["capacity"], "required: MARKET.json, --out"),
        (["capacity", "m.json", "--out", "r.json", "--draws", "99"], "--draws: must be a whole number from 100 to"),
        (["capacity", "m.json", "--out", "r.json", "--draws", "1e4"], "not '1e4'"),
        (["capacity", "m.json", "--out", "r.json", "--seed", "-1"], "--seed: must be a whole number from 0 to"),
        (["capacity", "m.json", "--out", "r.json", "--seed", "9" * 5_000], "--seed: must be a whole number from 0 to"),
    ],
)
def test_bad_arguments_end_in_one_line_and_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], refused: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert refused in last_line_of(capsys)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(" ".join(["usage: python -m intelligence", *command]))
    assert all(COMMANDS[name].summary[1:] in " ".join(shown.split()) for name in command), "names keep their capitals"


def loaded_by(statement: str) -> list[str]:
    """The heavy libraries that a fresh process has loaded after this statement."""
    code = f"import json, sys; {statement}; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return loaded


def test_importing_the_package_loads_no_heavy_library() -> None:
    assert loaded_by("import intelligence") == []


def test_the_public_functions_come_when_they_are_asked_for() -> None:
    assert "numpy" in loaded_by("from intelligence import estimate_capacity")
    assert "ortools" not in loaded_by("from intelligence import estimate_capacity")


def test_asking_for_help_loads_no_heavy_library() -> None:
    statement = "from intelligence.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    assert loaded_by(f"exec({statement!r})") == ["pydantic"]


def test_every_public_name_exists() -> None:
    for name in intelligence.__all__:
        assert getattr(intelligence, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        intelligence.guess  # noqa: B018  # asking is the test


def test_assumptions_and_lots_of_other_buyers_count_and_an_unknown_assumption_is_named(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, priors, elsewhere = (tmp_path / name for name in ("REPORT.json", "PRIORS.json", "OUTCOMES.json"))
    fewer = to_json(replace(DEFAULT_PRIORS.unseen_entrants, value=0.0, spread=0.0))
    priors.write_text(json.dumps({"unseen_entrants": fewer}))
    elsewhere.write_text(json.dumps([{"lot_id": "E1", "closed": "2025-01-01", "bidders": 1, "interested": 4}]))
    reports = []
    for options in ((), ("--priors", priors), ("--elsewhere", elsewhere)):
        assert capacity(market, "--out", out, *options) == 0
        reports.append(read_json(out, CapacityReport))
    usual, without_entrants, taught = reports
    assert without_entrants.lots[0].p_none > usual.lots[0].p_none
    assert taught.learned != usual.learned
    capsys.readouterr()
    priors.write_text(json.dumps({"entrants": fewer}))
    assert capacity(market, "--out", out, "--priors", priors) == 2
    assert last_line_of(capsys).endswith("PRIORS.json: entrants: no such assumption")
    priors.write_text(json.dumps({"credibility": fewer}))
    assert capacity(market, "--out", out, "--priors", priors) == 2
    assert last_line_of(capsys).endswith("PRIORS.json: credibility: must be above zero")
    assert capacity(market, "--out", priors, "--priors", priors) == 2
    assert "would overwrite" in last_line_of(capsys)
