"""Taking a framework along as a workbook or CSV."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from webapp import audit
from webapp.analysis.themes import export, pages, queries
from webapp.analysis.themes.reach import framework_to_see, granted_on, is_hidden
from webapp.analysis.themes.tallies import tally
from webapp.analysis.themes.words import standing
from webapp.exports.workbook import MEDIA_TYPE, Sheet, csv_file, workbook
from webapp.models import ThemeFramework
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.forms import BaseForm
from webapp.web.request import acting, db_session

blueprint = Blueprint("theme_files", __name__, url_prefix="/themes/<uuid:framework_id>/file")

MOST_ACTS = 100_000


@blueprint.post("/<kind>")
@access.officer
def download(framework_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_see(framework_id)
    if kind not in ("xlsx", "csv"):
        abort(404)
    if not BaseForm().validate_on_submit():
        abort(400)
    granted = granted_on(framework)
    reads = Permission.READ_RESPONSES in granted
    extent = export.Extent(reads, not is_hidden(framework, granted), queries.takes_sides(session, framework))
    audit.record(session, "themes.exported", subject=framework, actor=acting(), kind=kind, with_names=reads)
    sheets = _sheets(framework, extent)
    name = f"themes-{framework.engagement.reference.replace('/', '-')}-{framework.question_key}.{kind}"
    if kind == "csv":
        answer = Response("".join(csv_file(sheets["statements"])), mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=clean_name(name, kind))
    else:
        octets = io.BytesIO(workbook(sheets.values()))
        answer = send_file(octets, MEDIA_TYPE, as_attachment=True, download_name=clean_name(name, kind))
    session.commit()
    return answer


def _sheets(framework: ThemeFramework, extent: export.Extent) -> dict[str, Sheet]:
    session = db_session()
    themes = queries.themes(session, framework)
    whole = pages.cut(framework, themes, str(len(themes)))
    counts = queries.counts(session, framework, pages.places(whole))
    stands = standing(framework, queries.official(session, [framework]).get(framework.id))
    return {
        "about": export.about_sheet(framework, stands, tally(session, framework)),
        "themes": export.themes_sheet(pages.counted(themes, whole, counts), extent, stands),
        "statements": export.statements_sheet(session, framework, extent, stands),
        "acts": export.acts_sheet(queries.acts(session, framework, limit=MOST_ACTS)),
    }
