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
    about: str
    href: str
    current: bool


def provenance(run: AnalysisRun) -> Provenance:
    finished = [part.finished_at for part in run.parts if part.finished_at is not None]
    return Provenance(
        run=run_reference(run),
        href=url_for("analysis.show", run_id=run.id),
        finished=max(finished, default=None),
        seed=run.seed,
        inputs=run.inputs_digest[:SHORT_DIGEST],
        code=run.code_version,
        received=run.received_otherwise,
        withdrawn=run.withdrawn or 0,
        submitted=run.submitted or 0,
        rejoined=bool(run.rejoined),
    )


_PAGES = (
    (
        "Market capacity",
        "which lots may draw no bid, why, and what would change it",
        "analysis.report",
        PartKind.CAPACITY,
    ),
    ("Bidders", "which lots share theirs, and who said nothing", "analysis.bidders", PartKind.CAPACITY),
    ("Limits", "what limits on lots for one supplier do", "analysis.limits", PartKind.LIMITS),
    ("Segments", "which providers answered alike", "analysis.segments", PartKind.SEGMENTS),
    ("What if?", "another value, term, start or limit, tried out", "what_ifs.index", PartKind.CAPACITY),
    ("Lots", "how to cut the services so that they draw bids", "lot_searches.index", PartKind.CAPACITY),
    ("Themes", "what providers wrote, to sort and sign", "analysis.themes", PartKind.THEMES),
    ("Schedule", "when to tender each procurement", "schedules.show", PartKind.SCHEDULE),
    ("Assumptions", "what the figures rest on, with their sources", "analysis.assumptions", PartKind.CAPACITY),
    ("As approved", "the forecast that a decision rests on, frozen", "forecasts.show", PartKind.CAPACITY),
)
"""Each with what it tells, in the order in which they are read."""


def places(run: AnalysisRun, endpoint: str) -> list[Place]:
    """The pages of the report whose parts are finished, the present one marked.

    Of a run without lots the first says what it cannot tell.
    """
    finished = {part.kind for part in run.parts if part.state is RunState.FINISHED}
    return [
        Place(text, about, url_for(page, run_id=run.id), current=page == endpoint)
        for text, about, page, kind in _PAGES
        if kind in finished or (page == "analysis.report" and not run.is_about_lots)
    ]
