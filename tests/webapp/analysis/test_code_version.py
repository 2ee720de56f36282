"""The digest of the code covers every module that a figure of a run comes from."""

from __future__ import annotations

from pathlib import Path

import grimp

from webapp.analysis import runs

ROOT = "webapp.analysis"
NO_FIGURES = {
    "digests": "picks what pages show of a result",
    "names": "puts names to ids on pages",
    "planning.queries": "reads a stored schedule",
    "queries": "reads runs",
    "runs": "reads and writes results; its own version says how",
    "watching": "writes progress, and ends a search when somebody asks",
}
"""What computing modules import, and why it cannot change a figure."""


def modules() -> set[str]:
    return {name.removesuffix(".py").replace("/", ".") for name in runs.COMPUTING}


def test_whatever_a_computing_module_imports_is_covered_or_changes_no_figure() -> None:
    graph = grimp.build_graph("webapp", cache_dir=None)
    reached = {
        found.removeprefix(f"{ROOT}.")
        for module in modules()
        for found in graph.find_upstream_modules(f"{ROOT}.{module}")
        if found.startswith(f"{ROOT}.")
    }
    of_runs = {module for module in reached if not module.startswith("themes.")}  # people's work on themes is no run's
    assert of_runs - modules() == set(NO_FIGURES)


def test_every_module_of_the_worker_that_computes_is_covered() -> None:
    folder = Path(runs.__file__).parent
    found = [path for name in ("computing", "solving") for path in folder.rglob(f"{name}.py")]
    assert {path.relative_to(folder).as_posix() for path in found} <= set(runs.COMPUTING)
