"""What a run is made of: its parts, the result type of each, and how a part is computed from the run's record alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import intelligence as engine
from intelligence.files import from_json, to_json
from intelligence.schedule.from_market import problem_from_market
from intelligence.schedule.plan import Blackout, Officer
from webapp.models import AnalysisPart, AnalysisRun, PartKind

RESULT_VERSION = 1
RESULT_TYPES: dict[PartKind, type[Any]] = {
    PartKind.CAPACITY: engine.CapacityReport,
    PartKind.THEMES: engine.ThemeSet,
    PartKind.SCHEDULE: engine.Schedule,
}
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class RunParameters:
    """What a person may choose about a run; kept with it."""

    draws: int
    schedule_seconds: float
    as_of: date
    """The first day on which work on the procurements can start."""


def compute(part: AnalysisPart, *, progress: Progress) -> Any:
    """The part's result, from nothing but what its run recorded."""
    market = from_json(engine.Market, part.run.inputs)
    parameters = from_json(RunParameters, part.run.parameters)
    seed = part.run.seed
    if part.kind is PartKind.CAPACITY:
        return engine.estimate_capacity(market, seed=seed, draws=parameters.draws, progress=progress)
    if part.kind is PartKind.THEMES:
        comments = tuple(comment for comment in market.comments if comment.question == part.subject)
        return engine.find_themes(comments, seed=seed, progress=progress)
    problem = problem_from_market(
        market,
        as_of=parameters.as_of,
        officers=tuple(Officer(name) for name in sorted({p.officer for p in market.procurements if p.officer})),
        blackouts=christmas_freezes(parameters.as_of, max(p.service_start for p in market.procurements)),
    )
    return engine.plan_schedule(problem, seed=seed, seconds=parameters.schedule_seconds)


def christmas_freezes(first: date, last: date) -> tuple[Blackout, ...]:
    """From 20 December to 3 January nothing is published and no tender closes: an assumption, said on the page."""
    return tuple(
        Blackout(f"Christmas {year}", date(year, 12, 20), date(year + 1, 1, 3))
        for year in range(first.year, last.year + 1)
    )


def stored(result: Any) -> dict[str, Any]:
    return {"version": RESULT_VERSION, "value": to_json(result)}


def results_of(run: AnalysisRun, kind: PartKind) -> list[tuple[AnalysisPart, Any]]:
    """The finished parts of one kind, each with its result as the type it was computed as."""
    return [
        (part, from_json(RESULT_TYPES[kind], part.result["value"]))
        for part in run.parts
        if part.kind is kind and part.result is not None
    ]


@cache
def code_version() -> str:
    """A digest of the intelligence package as it stands: the same digest computes the same figures."""
    package = Path(engine.__file__).parent
    sources = sha256()
    for path in sorted(package.rglob("*.py")):
        sources.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sources.hexdigest()[:12]


def run_reference(run: AnalysisRun) -> str:
    """How people name a run: the engagement's reference and the run's number."""
    return f"{run.engagement.reference}/R{run.number}"
