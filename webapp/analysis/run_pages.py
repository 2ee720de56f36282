"""What the routes of a run's pages share: the run as its reader may see it, and the head of each page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis import queries
from webapp.analysis.pages.provenance import places, provenance
from webapp.engagements.disposed import still_kept
from webapp.models import AnalysisRun, PartKind
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web.request import acting, db_session


def run_or_404(
    run_id: uuid.UUID, permission: Permission = Permission.READ, *, results: PartKind | None = None
) -> AnalysisRun:
    """With the results of parts of one kind, when they are asked for. Raises DisposedError."""
    run = queries.run(db_session(), run_id, actor=acting(), permission=permission, results=results) or abort(404)
    still_kept(run.engagement)
    return run


def run_even_if_emptied(run_id: uuid.UUID) -> AnalysisRun:
    """Also one whose responses are destroyed, and of which no more is left than what was approved on it."""
    return queries.run(db_session(), run_id, actor=acting()) or abort(404)


def run_about_lots_or_404(run_id: uuid.UUID, permission: Permission = Permission.READ) -> AnalysisRun:
    run = run_or_404(run_id, permission)
    return run if run.is_about_lots else abort(404)


def granted_on(run: AnalysisRun) -> frozenset[Permission]:
    """What the reader may do. What a result tells of single providers rests on what they answered."""
    return permissions_on(db_session(), run.engagement.programme_id, acting())


def may_analyse(run: AnalysisRun) -> bool:
    return Permission.ANALYSE in granted_on(run)


def about(run: AnalysisRun, endpoint: str) -> dict[str, Any]:
    """What every page of a report shows about its run; `endpoint` is the page, among the places to go to."""
    return {
        "run": run,
        "line": provenance(run),
        "places": places(run, endpoint),
        "synthetic_note": run.engagement.programme.synthetic_note,
    }


class NotComputedError(Exception):
    """The page's part of the run has no result yet, or failed."""

    def __init__(self, run_id: uuid.UUID) -> None:
        super().__init__(run_id)
        self.run_id = run_id


def say_how_far_it_is(error: NotComputedError) -> ResponseReturnValue:
    """To the page that says how far the run is."""
    return redirect(url_for("analysis.show", run_id=error.run_id))
