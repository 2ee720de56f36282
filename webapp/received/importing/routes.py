"""Importing many responses: send a file, say what its columns and words mean, see what is wrong, then record all."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.engagements.disposed import still_kept
from webapp.imports.tables import doubtful_words
from webapp.models import MOST_IMPORT_BYTES, Engagement, ResponseImport
from webapp.once import WrittenAlreadyError
from webapp.programmes.joined import joined_in
from webapp.received import queries as receiving
from webapp.received.importing import actions, forms, pages, queries
from webapp.received.importing.checking import Checked
from webapp.received.importing.reading import File, checked, digest_of, file_of
from webapp.web import access
from webapp.web.clashes import differences, is_saved, sent_again
from webapp.web.errors import error_page
from webapp.web.files import takes_file
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint(
    "received_imports", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/received/import"
)


@blueprint.errorhandler(actions.RecordedAlreadyError)
def under_way(_error: actions.RecordedAlreadyError) -> ResponseReturnValue:
    """Also when it was sent twice, or by a colleague a moment ago."""
    return redirect(url_for(".preview", **(request.view_args or {})))


@blueprint.errorhandler(actions.GivenUpError)
def given_up(_error: actions.GivenUpError) -> tuple[str, int]:
    return error_page(404)


@blueprint.route("", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_IMPORT_BYTES)
@heavy
def send(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), forms.SendForm()
    if form.validate_on_submit():
        form.judge(engagement, arrived_at())
    if not form.is_submitted() or form.errors:
        tools = queries.tools(session, engagement_id, acting())
        page = render_template("received/importing/send.html", engagement=engagement, form=form, tools=tools)
        return page, 422 if form.errors else 200
    import_id = form.entry_id(acting().person_id)
    with suppress(WrittenAlreadyError):
        actions.keep(
            session,
            import_id=import_id,
            engagement=engagement,
            tool=form.tool.data,
            received_at=form.received_at(),
            sent=form.file.data,
            actor=acting(),
        )
        session.commit()
    return redirect(url_for(".columns", engagement_id=engagement_id, response_import_id=import_id))


@blueprint.route("/<uuid:response_import_id>/columns", methods=["GET", "POST"])
@access.officer
@heavy
def columns(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    kept = _import(engagement_id, response_import_id)
    file = file_of(session, kept, acting())
    saved = forms.stored(file.columns, file.targets, kept.revision)
    form = forms.columns_form(file, data=saved)
    if not form.validate_on_submit():
        return _columns_page(engagement, kept, file, form)
    targets = form.fit(file.columns, file.by_key, file.is_asked)
    if form.errors:
        return _columns_page(engagement, kept, file, form)
    if form.is_behind(kept):
        now = forms.stored(file.columns, file.targets, kept.revision)
        found = forms.columns_form(file, formdata=None, data=now)
        if not is_saved(found, form):
            return _clash_page(kept, found, form)
    else:
        by_name = {column.name: target for column, target in zip(file.columns, targets, strict=True)}
        actions.map_columns(session, of=kept, targets=by_name, meanings=file.meanings, actor=acting())
        session.commit()
    return redirect(_url("preview", kept))


@blueprint.route("/<uuid:response_import_id>", methods=["GET", "POST"])
@access.officer
@heavy
def preview(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), forms.RecordAllForm()
    kept = queries.response_import(session, response_import_id, engagement_id, acting())
    if kept is None or kept.is_under_way:
        return _recording_page(engagement, _at_any_stage(engagement_id, response_import_id))
    if not kept.columns:
        return redirect(_url("columns", kept))
    file = file_of(session, kept, acting())
    if file.lost and not form.is_submitted():  # or what these columns hold would be left out unseen
        return redirect(_url("columns", kept))
    found = checked(session, kept, file, engagement, acting(), arrived_at())
    seen = digest_of(kept, file, found)
    if form.is_submitted() and (file.lost or form.seen.data != seen):
        return _changed_page(engagement, kept, file, found, form, seen)
    if not found.is_fit or not form.validate_on_submit():
        return _preview_page(engagement, kept, file, found, form, seen)
    form.judge(_late(engagement, found))
    if form.errors:
        return _preview_page(engagement, kept, file, found, form, seen)
    return _ask_to_record(kept, found, form)


@blueprint.get("/<uuid:response_import_id>/progress")
@access.officer
def progress(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    _engagement(engagement_id)
    kept = _at_any_stage(engagement_id, response_import_id)
    return jsonify(text=pages.recording_text(kept), finished=not kept.is_under_way)


@blueprint.post("/<uuid:response_import_id>/words")
@access.officer
@heavy
def words(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    kept = _import(engagement_id, response_import_id)
    file = file_of(session, kept, acting())
    found = checked(session, kept, file, engagement, acting(), arrived_at())
    form = forms.words_form(found.words)
    if not form.validate_on_submit():
        fresh, seen = forms.RecordAllForm(formdata=None), digest_of(kept, file, found)
        return _preview_page(engagement, kept, file, found, fresh, seen)
    actions.explain(session, of=kept, words=form.meant(found.words), actor=acting())
    session.commit()
    return redirect(_url("preview", kept))


@blueprint.route("/<uuid:response_import_id>/discard", methods=["GET", "POST"])
@access.officer
def discard(engagement_id: uuid.UUID, response_import_id: uuid.UUID) -> ResponseReturnValue:
    session, kept, form = db_session(), _import(engagement_id, response_import_id), BaseForm()
    if not form.validate_on_submit():
        return render_template("received/importing/discard.html", kept=kept, form=form)
    actions.discard(session, of=kept, actor=acting())
    session.commit()
    flash("The file is given up. Nothing of it was recorded")
    return redirect(url_for("received.index", engagement_id=engagement_id))


def _ask_to_record(kept: ResponseImport, found: Checked, form: forms.RecordAllForm) -> ResponseReturnValue:
    actions.ask_to_record(
        db_session(),
        of=kept,
        checked=found,
        seen=form.seen.data,
        late_reason=form.reason(),
        actor=acting(),
        now=arrived_at(),
    )
    db_session().commit()
    return redirect(_url("preview", kept))


def _recording_page(engagement: Engagement, kept: ResponseImport) -> ResponseReturnValue:
    text = pages.recording_text(kept)
    return render_template("received/importing/recording.html", engagement=engagement, kept=kept, text=text)


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
        lost=pages.lost_text(file),
        rows=len(file.table.rows),
        doubtful_words=doubtful_words([file.table]),
    )
    return page, 422 if form.errors else 200


def _clash_page(kept: ResponseImport, saved: forms.ColumnsForm, form: forms.ColumnsForm) -> ResponseReturnValue:
    page = render_template(
        "received/importing/clash.html",
        kept=kept,
        differences=differences(saved, form),
        sent=sent_again(),
        keep=_url("columns", kept),
    )
    return page, 409


def _changed_page(
    engagement: Engagement, kept: ResponseImport, file: File, found: Checked, sent: forms.RecordAllForm, seen: str
) -> ResponseReturnValue:
    """What would be recorded is not what the officer has ticked: shown again, with the reason that was typed."""
    again = forms.RecordAllForm(formdata=None, data={"late_reason": sent.late_reason.data})
    page, _status = _preview_page(engagement, kept, file, found, again, seen, has_changed=True)
    return page, 409


def _preview_page(
    engagement: Engagement,
    kept: ResponseImport,
    file: File,
    found: Checked,
    form: forms.RecordAllForm,
    seen: str,
    *,
    has_changed: bool = False,
) -> tuple[str, int]:
    form.seen.data = seen
    listed, late = found.faults or found.doubts, _late(engagement, found)
    page = paginate(len(listed), lambda limit, offset: listed[offset : offset + limit], request.args.get("page"))
    rendered = render_template(
        "received/importing/preview.html",
        engagement=engagement,
        kept=kept,
        found=found,
        lost=pages.lost_text(file),
        page=page,
        words=forms.words_form(found.words),
        form=form,
        late=late,
        unsent="" if found.is_fit and late else form.late_reason.data,
        counted=pages.counted_for_others(found.rows, joined_in(db_session(), engagement.programme_id)),
        added=[row.name for row in found.rows if row.organisation_id is None],
        example=pages.example_of(found.rows[0], file.lots) if found.is_fit else None,
        has_changed=has_changed,
    )
    return rendered, 422 if form.errors else 200


def _late(engagement: Engagement, found: Checked) -> int:
    return sum(row.received_at > engagement.closes_at for row in found.rows)


def _url(page: str, kept: ResponseImport) -> str:
    return url_for(f".{page}", engagement_id=kept.engagement_id, response_import_id=kept.id)


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return still_kept(receiving.engagement(db_session(), engagement_id, acting(), arrived_at())) or abort(404)


def _import(engagement_id: uuid.UUID, import_id: uuid.UUID) -> ResponseImport:
    found = queries.response_import(db_session(), import_id, engagement_id, acting()) or abort(404)
    if found.is_under_way:
        raise actions.RecordedAlreadyError
    return found


def _at_any_stage(engagement_id: uuid.UUID, import_id: uuid.UUID) -> ResponseImport:
    return queries.at_any_stage(db_session(), import_id, engagement_id, acting()) or abort(404)
