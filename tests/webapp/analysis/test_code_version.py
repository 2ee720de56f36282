"""The digest of the code covers all that makes a run's results of its record, and nothing else."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from intelligence.text import encoder
from webapp.analysis import runs

ROOT = "webapp.analysis"
ENTRIES = ("computing", "planning.solving", "structures.computing", "blending")
"""Where the worker's jobs, and the pages that mix two forecasts, begin to compute."""
OF_NO_RUN = {"themes.computing": "works on what officers made of the themes, which the log of their acts tells"}
NO_FIGURES = {
    "webapp.analysis.runs": "reads and writes results; its own version says how",
    "webapp.analysis.watching": "writes progress, and ends a search when somebody asks",
    "webapp.models": "names columns and their values",
    "webapp.web.format": "words for the dates of a message",
}
"""What computing modules import, and why it cannot change a figure."""
NO_FIGURES_OF_LIBRARIES = {
    "distributed": "carries work to other machines",
    "pydantic": "reads and writes what is stored",
    "threadpoolctl": "says how many threads are at work",
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("webapp", "intelligence", include_external_packages=True, cache_dir=None)


def test_the_digest_covers_just_what_computing_imports(graph: grimp.ImportGraph) -> None:
    covered, excused = set(), set()
    waiting = [f"{ROOT}.{module}" for module in ENTRIES]
    while waiting:
        module = waiting.pop()
        if module in NO_FIGURES:
            excused.add(module)  # and so is whatever that imports in its turn
        elif module not in covered:
            covered.add(module)
            imported = graph.find_modules_directly_imported_by(module)
            waiting += [found for found in imported if found.startswith("webapp")]
    listed = {f"{ROOT}.{name.removesuffix('.py').replace('/', '.')}" for name in runs.COMPUTING}
    assert covered == listed
    assert excused == set(NO_FIGURES)


def test_every_module_of_the_worker_that_computes_for_a_run_is_covered() -> None:
    folder = Path(runs.__file__).parent
    found = {path.relative_to(folder) for name in ("computing", "solving") for path in folder.rglob(f"{name}.py")}
    assert {".".join(path.with_suffix("").parts) for path in found} - set(ENTRIES) == set(OF_NO_RUN)


def test_the_digest_covers_the_libraries_that_compute_and_the_weights(graph: grimp.ImportGraph) -> None:
    ours = [module for module in graph.modules if module.startswith("intelligence")]
    imported = {found.partition(".")[0] for module in ours for found in graph.find_modules_directly_imported_by(module)}
    imported |= {package for package, _ in (encoder.WEIGHTS, encoder.VOCABULARY)}
    computing = imported - {"intelligence"} - sys.stdlib_module_names - set(NO_FIGURES_OF_LIBRARIES)
    distributions = packages_distributions()
    assert {name for package in computing for name in distributions[package]} == set(runs.LIBRARIES)
