"""Taking a framework along as a workbook or CSV, which the worker writes."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.analysis.themes import file_pages, files
from webapp.analysis.themes.files import Extent
from webapp.analysis.themes.reach import framework_to_see, granted_on, is_hidden
from webapp.exports.workbook import MEDIA_TYPE
from webapp.models import ThemeFile, ThemeFileKind, ThemeFramework
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_files", __name__, url_prefix="/themes/<uuid:framework_id>/files")
MEDIA_TYPES = {ThemeFileKind.XLSX: MEDIA_TYPE, ThemeFileKind.CSV: "text/csv; charset=utf-8"}


@blueprint.get("")
@access.officer
def show(framework_id: uuid.UUID) -> str:
    framework = framework_to_see(framework_id)
    extent = _extent(framework)
    there = _newest(framework, extent)
    return render_template(
        "themes/files.html",
        framework=framework,
        files=file_pages.on_page(framework, there),
        progress_text=file_pages.progress_text(there),
        reads=extent.reads,
    )


@blueprint.post("/<any(xlsx, csv):kind>")
@access.officer
@heavy
def ask(framework_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_see(framework_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    files.ask(
        session,
        framework=framework,
        kind=ThemeFileKind(kind),
        extent=_extent(framework),
        actor=acting(),
        now=arrived_at(),
    )
    session.commit()
    return redirect(url_for(".show", framework_id=framework_id))


@blueprint.get("/progress")
@access.officer
def progress(framework_id: uuid.UUID) -> Response:
    framework = framework_to_see(framework_id)
    text = file_pages.progress_text(_newest(framework, _extent(framework)))
    return jsonify(text=text or "Finished.", finished=not text)


@blueprint.post("/<any(xlsx, csv):kind>/download")
@access.officer
@heavy
def download(framework_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_see(framework_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    file = _newest(framework, _extent(framework)).get(ThemeFileKind(kind))
    if file is None or files.shown_in(file) is None:
        flash("That file is no longer kept. Prepare it again.")
        return redirect(url_for(".show", framework_id=framework_id))
    content = files.take(session, framework=framework, file=file, actor=acting())
    session.commit()
    name = file_pages.name_of(framework, file)
    return send_file(io.BytesIO(content), MEDIA_TYPES[file.kind], as_attachment=True, download_name=name)


def _newest(framework: ThemeFramework, extent: Extent) -> dict[ThemeFileKind, ThemeFile]:
    return files.newest(db_session(), framework, extent, now=arrived_at())


def _extent(framework: ThemeFramework) -> Extent:
    """What a file may tell its reader, who finds only those that tell as much."""
    granted = granted_on(framework)
    return Extent(Permission.READ_RESPONSES in granted, not is_hidden(framework, granted))
