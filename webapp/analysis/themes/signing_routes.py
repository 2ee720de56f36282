"""Signing a framework, and its history with undoing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.themes import log, pages, queries, signing, signing_pages, undoing
from webapp.analysis.themes.clashing import register_refusals
from webapp.analysis.themes.forms import ActForm, SignForm
from webapp.analysis.themes.reach import framework_to_act_on, framework_to_see, granted_on
from webapp.analysis.themes.words import standing
from webapp.models import ThemeFramework
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_signing", __name__, url_prefix="/themes/<uuid:framework_id>")
register_refusals(blueprint)


@blueprint.route("/sign", methods=["GET", "POST"])
@access.officer
def sign(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), SignForm()
    if not form.validate_on_submit():
        if request.method == "GET":
            form.revision.data = str(framework.revision)
        return _sign_page(framework, form), 422 if form.errors else 200
    try:
        version = signing.sign(session, framework=framework, revision=form.seen, actor=acting(), now=arrived_at())
    except log.ClashError as clash:
        signed = queries.official(session, [framework]).get(framework_id)
        if signed is None or (signed.revision, signed.signed_by) != (form.seen + 1, acting().person_id):
            anew = SignForm(formdata=None, data={"revision": str(framework.revision)})  # not the themes confirmed
            return _sign_page(framework, anew, pages.act_rows(clash.acts, set())), 409
        version = signed  # sent twice
    except (signing.EmptyThemeError, signing.NothingNewError):
        return redirect(url_for(".sign", framework_id=framework_id))
    session.commit()
    flash(f"Version {version.number} is signed. Reports and files name you and today as its signature.", "success")
    return redirect(url_for("themes.show", framework_id=framework_id))


def _sign_page(framework: ThemeFramework, form: SignForm, meanwhile: Sequence[pages.Row] = ()) -> str:
    reads = Permission.READ_RESPONSES in granted_on(framework)
    page = signing_pages.signing_page(signing.draft(db_session(), framework), acting().name, reads=reads)
    form.name(page.declaration)
    rows = paginate(len(page.rows), lambda limit, offset: page.rows[offset : offset + limit], request.args.get("page"))
    return render_template(
        "themes/sign.html", framework=framework, form=form, page=page, pager=rows, meanwhile=meanwhile
    )


@blueprint.route("/unsign", methods=["GET", "POST"])
@access.officer
def unsign(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_act_on(framework_id)
    version, form = queries.official(session, [framework]).get(framework_id), ActForm()
    if not form.validate_on_submit():
        if version is None:
            return redirect(url_for("themes.show", framework_id=framework_id))
        form.revision.data = str(version.number)
        said = standing(framework, version)
        return render_template("themes/unsign.html", framework=framework, form=form, standing=said)
    try:
        signing.unsign(session, framework=framework, number=form.seen, actor=acting(), now=arrived_at())
    except signing.NotSignedError:
        flash("The signature is taken back already, or a newer version is signed. Nothing more was changed.")
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
    refused = undoing.undo(framework_to_act_on(framework_id))
    return refused or redirect(url_for(".history", framework_id=framework_id))
