"""Signing a framework, and its history with undoing."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.themes import log, pages, queries, signing
from webapp.analysis.themes.clashing import clash_page, register_refusals
from webapp.analysis.themes.forms import ActForm
from webapp.analysis.themes.reach import framework_to_act_on, framework_to_see, granted_on
from webapp.web import access
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_signing", __name__, url_prefix="/themes/<uuid:framework_id>")
register_refusals(blueprint)


@blueprint.post("/sign")
@access.officer
def sign(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), ActForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        version = signing.sign(session, framework=framework, revision=form.seen, actor=acting(), now=arrived_at())
    except log.ClashError as clash:
        return clash_page(framework, clash)
    except signing.EmptyThemeError as refusal:
        empty = ", ".join(f"“{title}”" for title in refusal.titles)
        flash(f"Nothing speaks to {empty}. Move statements there or set it aside." if empty else "There is no theme.")
    except signing.NothingNewError:
        flash("These themes are signed as they stand.")
    else:
        session.commit()
        flash(f"Version {version.number} is signed. Reports and files name you and today as its signature.", "success")
    return redirect(url_for("themes.show", framework_id=framework_id))


@blueprint.post("/unsign")
@access.officer
def unsign(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_act_on(framework_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    try:
        signing.unsign(session, framework=framework, actor=acting(), now=arrived_at())
    except signing.NotSignedError:
        flash("There is no signature to take back.")
    else:
        session.commit()
        flash("The signature is taken back. The themes are candidates again", "success")
    return redirect(url_for("themes.show", framework_id=framework_id))


@blueprint.get("/history")
@access.officer
def history(framework_id: uuid.UUID) -> str:
    session, framework = db_session(), framework_to_see(framework_id)
    page = paginate(
        queries.act_count(session, framework),
        lambda limit, offset: queries.acts(session, framework, limit=limit, offset=offset),
        request.args.get("page"),
    )
    return render_template(
        "themes/history.html",
        framework=framework,
        page=page,
        rows=pages.act_rows(page.items, queries.undone(session, framework)),
        newest=log.next_to_undo(session, framework),
        granted=granted_on(framework),
    )


@blueprint.post("/undo")
@access.officer
def undo(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), ActForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        log.undo(session, framework=framework, number=form.seen, actor=acting(), now=arrived_at())
    except log.ClashError as clash:
        return clash_page(framework, clash, sent=())
    session.commit()
    flash("The act is undone", "success")
    return redirect(url_for(".history", framework_id=framework_id))
