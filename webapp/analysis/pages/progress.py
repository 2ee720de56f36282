"""How far a run is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.models import AnalysisPart, AnalysisRun, RunState
from webapp.web.cells import tag
from webapp.web.format import moment, percent

STATES = {
    RunState.WAITING: ("Waiting", "grey"),
    RunState.RUNNING: ("Working", "blue"),
    RunState.FINISHED: ("Finished", "green"),
    RunState.FAILED: ("Failed", "red"),
}


@dataclass(frozen=True, slots=True)
class ProgressPage:
    state: RunState
    text: str
    under_way: bool
    failed: bool
    part_rows: Sequence[Sequence[Any]]
    requested: str


def progress_page(run: AnalysisRun) -> ProgressPage:
    return ProgressPage(
        state=run.state,
        text=progress_text(run),
        under_way=run.state in (RunState.WAITING, RunState.RUNNING),
        failed=run.state is RunState.FAILED,
        part_rows=[_part_row(part) for part in run.parts],
        requested=f"{moment(run.requested_at)} by {run.requester.name}",
    )


def progress_text(run: AnalysisRun) -> str:
    finished = sum(part.state is RunState.FINISHED for part in run.parts)
    if run.state is RunState.WAITING:
        return "Waiting for a worker to begin."
    if run.state is RunState.RUNNING:
        return f"{finished} of {len(run.parts)} parts finished, {percent(run.progress)} done."
    if run.state is RunState.FAILED:
        return f"{finished} of {len(run.parts)} parts finished. The others failed."
    return "Every part is finished."


def _part_row(part: AnalysisPart) -> Sequence[Any]:
    label, colour = STATES[part.state]
    progress = percent(part.progress) if part.state is RunState.RUNNING else ""
    return (part.title, tag(label, colour), progress or part.failure or "")
