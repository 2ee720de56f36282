"""The contract register, to find a contract in it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request

from webapp.programmes.contracts import pages, queries
from webapp.programmes.contracts.forms import FindForm
from webapp.programmes.permissions import permissions_on
from webapp.web import access
from webapp.web.format import LONDON
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("contracts", __name__, url_prefix="/programmes/<uuid:programme_id>/contracts")


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session = db_session()
    programme = queries.programme(session, programme_id, acting()) or abort(404)
    form = FindForm(request.args, programme.service_lines)
    today = arrived_at().astimezone(LONDON).date()
    found = queries.page_of_contracts(session, programme_id, form.wanted(), request.args.get("page"), today=today)
    return render_template(
        "programmes/contracts.html",
        programme=programme,
        form=form,
        page=pages.register_page(
            programme, found, form.wanted(), granted=permissions_on(session, programme_id, acting())
        ),
        asked=form.sent(),
    )
