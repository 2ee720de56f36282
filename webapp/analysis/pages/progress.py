"""How far a run is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from webapp.models import AnalysisPart, AnalysisRun, PartKind, RunState, Stoppable
from webapp.web.cells import tag
from webapp.web.format import moment, money, percent

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
    failed: str
    """What happened where parts can be tried again, and the words of the button for it."""
    again: str
    can_stop: bool
    """Whether its schedule is still looked for and nobody has ended that."""
    part_rows: Sequence[Sequence[Any]]
    requested: str


def progress_page(run: AnalysisRun) -> ProgressPage:
    return ProgressPage(
        state=run.state,
        text=progress_text(run),
        under_way=run.state in (RunState.WAITING, RunState.RUNNING),
        failed=_failed(run),
        again="Compute the rest" if run.was_stopped else "Try the failed parts again",
        can_stop=any(_can_stop(part) for part in run.parts),
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
        others = "were stopped" if run.was_stopped else "failed"
        return f"{finished} of {len(run.parts)} parts finished. The others {others}."
    return "Every part is finished."


def _failed(run: AnalysisRun) -> str:
    can_be_read = any(part.state is RunState.FINISHED for part in run.parts)
    rest = "What is finished can be read." if can_be_read else "Nothing of it can be read yet."
    if run.was_stopped:
        return f"Somebody stopped this analysis. {rest}"
    if run.state is RunState.FAILED or any(part.was_not_taken_up for part in run.parts):
        return f"Part of this analysis could not be computed. {rest}"
    return ""


def _can_stop(part: AnalysisPart) -> bool:
    return part.kind is PartKind.SCHEDULE and part.state is RunState.RUNNING and part.stop_asked_at is None


def search_text(cost: int | None, bound: int | None) -> str:
    """How far the search for a schedule is: what it has found, and what is proved about it."""
    if cost is None:
        return "Looking for a first plan."
    least = bound or 0
    gap = (cost - least) / cost if cost else 0.0
    return (
        f"The best plan so far costs {money(cost)}. None can cost less than {money(least)}: "
        f"at most {percent(gap)} could still be saved."
    )


def state_tag(row: Stoppable) -> Markup:
    return tag("Stopped", "grey") if row.was_stopped else tag(*STATES[row.state])


def _part_row(part: AnalysisPart) -> Sequence[Any]:
    progress = percent(part.progress) if part.state is RunState.RUNNING else ""
    if part.kind is PartKind.SCHEDULE and part.state is RunState.RUNNING:
        progress = "Ending with the best plan" if part.stop_asked_at else search_text(part.best_cost, part.best_bound)
    return (part.title, state_tag(part), progress or part.failure or "")
