"""The officer's programmes."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template

from webapp.programmes import pages, queries
from webapp.programmes.permissions import permissions_on
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("programmes", __name__)


@blueprint.get("/programmes")
@access.officer
def index() -> str:
    programmes = queries.programmes_of(db_session(), acting())
    return render_template(
        "programmes/index.html",
        rows=pages.programme_rows(programmes, arrived_at()),
        waiting=pages.waiting_rows(queries.waiting_for(db_session(), acting())),
    )


@blueprint.get("/programmes/<uuid:programme_id>")
@access.officer
def show(programme_id: uuid.UUID) -> str:
    session = db_session()
    programme = queries.programme_of(session, programme_id, acting())
    if programme is None:
        abort(404)
    page = pages.programme_page(
        programme,
        queries.units_of(session, programme_id),
        queries.engagements_of(session, programme_id),
        queries.waiting_for(session, acting(), programme_id),
        arrived_at(),
        granted=permissions_on(session, programme_id, acting()),
    )
    return render_template("programmes/show.html", page=page)
