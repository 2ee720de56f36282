"""``python -m intelligence lots`` on the example that the documentation shows."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from intelligence.__main__ import main
from intelligence.files import read_json, write_json
from intelligence.lots.design import LotDesign, Rules
from intelligence.lots.result import DesignStatus, LotDesignResult

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "lot-design.json"


def lots(*arguments: object) -> int:
    return main(["lots", *map(str, arguments), "--draws", "100"])


def test_the_example_is_designed_and_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "RESULT.json"
    assert lots(EXAMPLE, "--out", out, "--seed", 3) == 0
    result = read_json(out, LotDesignResult)
    assert result.design == read_json(EXAMPLE, LotDesign)
    assert (result.status, result.seed, result.draws) == (DesignStatus.OPTIMAL, 3, 100)
    assert {price.key for price in result.rule_prices} == {
        "lots_at_most",
        "largest_annual_value",
        "apart[0]",
        "lots_awarded",
        "sme_lots_at_least",
    }
    captured = capsys.readouterr()
    assert captured.out == ""
    correlation, *hinges = captured.err.splitlines()
    assert correlation.startswith("note: The price effect is a correlation in past tenders, not a cause")
    (full_coverage,) = (other for other in result.sensitivities if other.value == 1)
    (hinge,) = hinges
    assert hinge.startswith("note: The recommendation hangs on an assumption: if \"share of a lot's value a provider")
    assert hinge.endswith(
        f'must want" were 1, another structure would be worth £{round(full_coverage.regret, -3):,.0f} more.'
    )


def test_equal_seeds_write_equal_bytes_in_different_processes(tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("one.json", "two.json")]
    for out in outs:
        command = ["lots", str(EXAMPLE), "--out", str(out), "--seed", "3", "--draws", "100"]
        subprocess.run([sys.executable, "-m", "intelligence", *command], check=True, capture_output=True)
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_rules_in_conflict_are_named_and_end_in_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "DESIGN.json", tmp_path / "RESULT.json"
    design = read_json(EXAMPLE, LotDesign)
    write_json(path, replace(design, rules=Rules(lots_at_most=2, largest_annual_value=9_000_000, most_units=14)))
    assert lots(path, "--out", out) == 1
    assert read_json(out, LotDesignResult).status is DesignStatus.INFEASIBLE
    assert capsys.readouterr().err.splitlines()[-1] == (
        "note: No structure meets your rules. These cannot all be kept: at most 2 lots; no lot above £9,000,000 a year."
    )


def test_a_bad_design_ends_in_one_line_and_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "DESIGN.json", tmp_path / "RESULT.json"
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    data["units"][2]["site_id"] = "nowhere"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert lots(path, "--out", out) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"python -m intelligence: {path}: units[2].site_id: 'nowhere' is not the id of a site"
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    data["providers"][2]["held_at_most"] = -1
    path.write_text(json.dumps(data), encoding="utf-8")
    assert lots(path, "--out", out) == 2
    assert "providers[2].held_at_most: must be from zero" in capsys.readouterr().err
    assert not out.exists()
    assert lots(EXAMPLE, "--out", EXAMPLE) == 2
    assert "would overwrite" in capsys.readouterr().err
