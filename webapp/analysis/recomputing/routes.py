"""Fetching what a run was computed from, to compute it again elsewhere."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.analysis.recomputing import actions, queries
from webapp.analysis.recomputing.archive import MEDIA_TYPE, archived, files_of
from webapp.analysis.run_pages import granted_on, run_about_lots_or_404
from webapp.analysis.runs import run_reference
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.forms import BaseForm
from webapp.web.request import acting, db_session

blueprint = Blueprint("recomputing", __name__)


@blueprint.post("/runs/<uuid:run_id>/inputs")
@access.officer
@heavy
def download(run_id: uuid.UUID) -> ResponseReturnValue:
    session, run = db_session(), run_about_lots_or_404(run_id, Permission.READ_RESPONSES)
    if not queries.needed(session, run.engagement_id) <= granted_on(run):
        abort(404)
    if not BaseForm().validate_on_submit():
        abort(400)
    if queries.holds_withdrawn(session, run):  # since the page was read, which now says why there is no file
        return redirect(url_for("analysis.show", run_id=run_id))
    files = files_of(run, queries.frozen(session, run) or abort(404))
    actions.inputs_taken(session, run=run, market=files["market.json"], actor=acting())
    session.commit()
    name = clean_name(f"run-{run_reference(run).replace('/', '-')}.zip", "zip")
    return send_file(io.BytesIO(archived(files)), MEDIA_TYPE, as_attachment=True, download_name=name)
