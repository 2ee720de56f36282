"""Where the figures of a run came from, and how to get about its pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from webapp.analysis.runs import run_reference
from webapp.models import AnalysisRun, PartKind, RunState
from webapp.web.provenance import Provenance

SHORT_DIGEST = 12


@dataclass(frozen=True, slots=True)
class Place:
    text: str
    href: str
    current: bool


def provenance(run: AnalysisRun) -> Provenance:
    finished = [part.finished_at for part in run.parts if part.finished_at is not None]
    return Provenance(
        run=run_reference(run),
        href=url_for("analysis.show", run_id=run.id),
        finished=max(finished, default=run.requested_at),
        seed=run.seed,
        inputs=run.inputs_digest[:SHORT_DIGEST],
        code=run.code_version,
        received=run.received_otherwise,
        withdrawn=run.withdrawn or 0,
    )


def places(run: AnalysisRun, endpoint: str) -> list[Place]:
    """The pages of the report whose parts are finished, the present one marked."""
    pages = {
        "Market capacity": ("analysis.report", PartKind.CAPACITY),
        "Bidders": ("analysis.bidders", PartKind.CAPACITY),
        "Limits": ("analysis.limits", PartKind.LIMITS),
        "Segments": ("analysis.segments", PartKind.SEGMENTS),
        "What if?": ("what_ifs.index", PartKind.CAPACITY),
        "Lots": ("lot_searches.index", PartKind.CAPACITY),
        "Themes": ("analysis.themes", PartKind.THEMES),
        "Schedule": ("schedules.show", PartKind.SCHEDULE),
        "Assumptions": ("analysis.assumptions", PartKind.CAPACITY),
        "As approved": ("forecasts.show", PartKind.CAPACITY),
    }
    finished = {part.kind for part in run.parts if part.state is RunState.FINISHED}
    return [
        Place(text, url_for(page, run_id=run.id), current=page == endpoint)
        for text, (page, kind) in pages.items()
        if kind in finished
    ]
