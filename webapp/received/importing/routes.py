"""Importing many responses: send a file, say what its columns and words mean, see what is wrong, then record all."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.models import MOST_IMPORT_BYTES, Engagement, ResponseImport
from webapp.received import queries as receiving
from webapp.received.importing import actions, forms, queries
from webapp.received.importing.checking import Checked
from webapp.received.importing.reading import File, checked, file_of
from webapp.received.recording import LateError, OwnResponseError
from webapp.web import access
from webapp.web.clashes import differences, sent_again
from webapp.web.files import takes_file
from webapp.web.format import plural
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint(
    "received_imports", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/received/import"
)


@blueprint.route("", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_IMPORT_BYTES)
def send(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), forms.SendForm()
    if form.validate_on_submit():
        form.judge(engagement, arrived_at())
    if not form.is_submitted() or form.errors:
        tools = queries.tools(session, engagement_id, acting())
        page = render_template("received/importing/send.html", engagement=engagement, form=form, tools=tools)
        return page, 422 if form.errors else 200
    kept = actions.keep(
        session,
        engagement=engagement,
        tool=form.tool.data,
        received_at=form.received_at(),
        sent=form.file.data,
        actor=acting(),
    )
    session.commit()
    return redirect(_url("columns", kept))


@blueprint.route("/<uuid:response_import_id>/columns", methods=["GET", "POST"])
@access.officer
def columns(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    kept = _import(engagement_id, response_import_id)
    file = file_of(session, kept, acting())
    saved = forms.stored(file.columns, file.targets, kept.revision)
    form = forms.columns_form(file.columns, file.questions, file.lots, data=saved)
    if not form.validate_on_submit():
        return _columns_page(engagement, kept, file, form)
    targets = form.fit(file.columns, file.by_key)
    if form.errors:
        return _columns_page(engagement, kept, file, form)
    if form.is_behind(kept):
        return _clash_page(kept, file, form)
    by_name = {column.name: target for column, target in zip(file.columns, targets, strict=True)}
    actions.map_columns(session, of=kept, targets=by_name, meanings=file.meanings, actor=acting())
    session.commit()
    return redirect(_url("preview", kept))


@blueprint.route("/<uuid:response_import_id>", methods=["GET", "POST"])
@access.officer
def preview(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), forms.RecordAllForm()
    kept = _import(engagement_id, response_import_id)
    if not kept.columns:
        return redirect(_url("columns", kept))
    found = checked(session, kept, file_of(session, kept, acting()), engagement, acting(), arrived_at())
    if not found.is_fit or not form.validate_on_submit():
        return _preview_page(engagement, kept, found, form)
    form.judge(_late(engagement, found))
    if form.errors:
        return _preview_page(engagement, kept, found, form)
    return _record(engagement, kept, found, form)


@blueprint.post("/<uuid:response_import_id>/words")
@access.officer
def words(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    kept = _import(engagement_id, response_import_id)
    found = checked(session, kept, file_of(session, kept, acting()), engagement, acting(), arrived_at())
    form = forms.words_form(found.words)
    if not form.validate_on_submit():
        return _preview_page(engagement, kept, found, forms.RecordAllForm(formdata=None))
    actions.explain(session, of=kept, words=form.meant(found.words), actor=acting())
    session.commit()
    return redirect(_url("preview", kept))


@blueprint.post("/<uuid:response_import_id>/discard")
@access.officer
def discard(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, kept = db_session(), _import(engagement_id, response_import_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    actions.discard(session, of=kept, actor=acting())
    session.commit()
    flash("The file is given up. Nothing of it was recorded")
    return redirect(url_for("received.index", engagement_id=engagement_id))


def _record(
    engagement: Engagement, kept: ResponseImport, found: Checked, form: forms.RecordAllForm
) -> ResponseReturnValue:
    session, back = db_session(), url_for("received.index", engagement_id=engagement.id)
    is_sealed = engagement.waits_for_opening
    try:
        recorded = actions.record_all(
            session,
            of=kept,
            engagement=engagement,
            checked=found,
            late_reason=form.reason(),
            link_of=_link_to_response,
            actor=acting(),
            now=arrived_at(),
        )
    except actions.RecordedAlreadyError:
        return redirect(back)
    except (OwnResponseError, LateError):  # a provider or a colleague was faster by a moment
        session.rollback()
        flash("Something changed at this moment. Nothing has been recorded: look at the file again")
        return redirect(request.path)
    session.commit()
    sealed = ". They are sealed with all others until these are opened together" if is_sealed else ""
    flash(f"{plural(len(recorded), 'response')} from {kept.tool} recorded{sealed}", "success")
    return redirect(back)


def _columns_page(
    engagement: Engagement, kept: ResponseImport, file: File, form: forms.ColumnsForm
) -> ResponseReturnValue:
    pairs = [(column, form[f"what-{column.place}"], form[f"lot-{column.place}"]) for column in file.columns]
    page = render_template(
        "received/importing/columns.html",
        engagement=engagement,
        kept=kept,
        form=form,
        pairs=pairs,
        rows=len(file.table.rows),
    )
    return page, 422 if form.errors else 200


def _clash_page(kept: ResponseImport, file: File, form: forms.ColumnsForm) -> ResponseReturnValue:
    data = forms.stored(file.columns, file.targets, kept.revision)
    saved = forms.columns_form(file.columns, file.questions, file.lots, formdata=None, data=data)
    page = render_template(
        "received/importing/clash.html",
        kept=kept,
        differences=differences(saved, form),
        sent=sent_again(),
        keep=_url("columns", kept),
    )
    return page, 409


def _preview_page(
    engagement: Engagement, kept: ResponseImport, found: Checked, form: forms.RecordAllForm
) -> ResponseReturnValue:
    listed = found.faults or found.doubts
    page = paginate(len(listed), lambda limit, offset: listed[offset : offset + limit], request.args.get("page"))
    rendered = render_template(
        "received/importing/preview.html",
        engagement=engagement,
        kept=kept,
        found=found,
        page=page,
        words=forms.words_form(found.words),
        form=form,
        late=_late(engagement, found),
        added=[row.name for row in found.rows if row.organisation_id is None],
    )
    return rendered, 422 if form.errors else 200


def _late(engagement: Engagement, found: Checked) -> int:
    return sum(row.received_at > engagement.closes_at for row in found.rows)


def _url(page: str, kept: ResponseImport) -> str:
    return url_for(f".{page}", engagement_id=kept.engagement_id, response_import_id=kept.id)


def _link_to_response(response_id: uuid.UUID) -> str:
    return f"{current_app.config['SETTINGS'].base_url}{url_for('responses.show', response_id=response_id)}"


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return receiving.engagement(db_session(), engagement_id, acting(), arrived_at()) or abort(404)


def _import(engagement_id: uuid.UUID, import_id: uuid.UUID) -> ResponseImport:
    return queries.response_import(db_session(), import_id, engagement_id, acting()) or abort(404)
