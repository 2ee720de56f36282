"""The example in docs/methods/capacity.md works and gives the figures that stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intelligence.__main__ import main
from intelligence.capacity.priors import DEFAULT_PRIORS
from intelligence.capacity.report import CapacityReport
from intelligence.files import read_json

PAGE = (Path(__file__).parents[3] / "docs" / "methods" / "capacity.md").read_text(encoding="utf-8")


def test_the_example_gives_the_figures_that_stand_beside_it(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.+?)```", PAGE, re.DOTALL)
    figures = re.search(r"`lots\[\]\.p_none` are (\.\d+) and (\.\d+)\.", PAGE)
    assert example
    assert figures
    market, report = tmp_path / "MARKET.json", tmp_path / "REPORT.json"
    market.write_text(example[1], encoding="utf-8")
    assert main(["capacity", str(market), "--out", str(report), "--seed", "1"]) == 0
    lots = read_json(report, CapacityReport).lots
    assert [lot.p_none for lot in lots] == pytest.approx([float(figure) for figure in figures.groups()], abs=0.001)


def test_every_prior_stands_on_the_page() -> None:
    table = PAGE[PAGE.index("## Assumptions") : PAGE.index("## Learning")]
    for prior in DEFAULT_PRIORS.all():
        if abs(prior.value) < 100 and prior.value:
            assert f"{prior.value:g}".replace("0.", ".") in table or f"{prior.value:g}" in table, prior.name
