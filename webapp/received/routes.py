"""Entering one response that came by other means, and what can be done about it once it is recorded."""

from __future__ import annotations

import io
import uuid
from contextlib import suppress

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.engagements.disposed import still_kept
from webapp.engagements.documents.pages import MEDIA_TYPES
from webapp.models import MOST_FILE_BYTES, Engagement, Reception, Submission
from webapp.once import WrittenAlreadyError
from webapp.programmes.joined import joined_in
from webapp.programmes.suppliers import known_names
from webapp.received import actions, entering, pages, queries
from webapp.received.drafts import draft_of
from webapp.received.forms import DetailsForm, RecordForm, SetAsideForm
from webapp.received.importing.queries import unfinished
from webapp.received.recording import LateError, OwnResponseError
from webapp.web import access
from webapp.web.clashes import differences, is_saved, sent_again
from webapp.web.errors import error_page
from webapp.web.files import takes_file
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("received", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/received")

SHOWN = 25


@blueprint.errorhandler(actions.RecordedError)
def recorded_already(_error: actions.RecordedError) -> ResponseReturnValue:
    """A colleague has recorded it, or a button was pressed twice."""
    return error_page(404)


@blueprint.get("")
@access.officer
def index(engagement_id: uuid.UUID) -> str:
    engagement, actor = _engagement(engagement_id), acting()
    return render_template(
        "received/index.html",
        engagement=engagement,
        entries=queries.being_entered(db_session(), engagement_id, actor, at_most=SHOWN),
        imports=unfinished(db_session(), engagement_id, actor, at_most=SHOWN),
    )


@blueprint.route("/enter", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_FILE_BYTES)
@heavy
def begin(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), DetailsForm()
    form.offer(queries.offered(session, engagement))
    if not _fits(form, engagement):
        return _details_page(form, engagement, None)
    details = form.details(known_names(session, acting(), engagement.programme_id))
    reception_id = form.entry_id(acting().person_id)
    with suppress(WrittenAlreadyError):
        actions.begin(
            session,
            reception_id=reception_id,
            engagement=engagement,
            details=details,
            original=form.file.data,
            actor=acting(),
        )
        session.commit()
    return redirect(url_for(".show", engagement_id=engagement_id, reception_id=reception_id))


@blueprint.route("/enter/<uuid:reception_id>/how", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_FILE_BYTES)
@heavy
def details(engagement_id: uuid.UUID, reception_id: uuid.UUID) -> ResponseReturnValue:
    session, reception = db_session(), _reception(engagement_id, reception_id)
    if request.method == "POST":
        actions.hold(session, reception)
    form = DetailsForm(data=DetailsForm.stored(reception))
    form.offer(queries.offered(session, reception.engagement), reception.organisation)
    if not _fits(form, reception.engagement):
        return _details_page(form, reception.engagement, reception)
    if form.is_behind(reception):
        saved = DetailsForm(formdata=None, data=DetailsForm.stored(reception))
        saved.offer(queries.offered(session, reception.engagement), reception.organisation)
        if not (is_saved(saved, form) and form.has_file_of(reception)):
            return _clash_page(form, saved, reception)
    else:
        found = form.details(known_names(session, acting(), reception.engagement.programme_id))
        actions.change(session, reception=reception, details=found, original=form.file.data, actor=acting())
        session.commit()
    return redirect(pages.url_of("show", reception))


@blueprint.get("/enter/<uuid:reception_id>")
@access.officer
def show(engagement_id: uuid.UUID, reception_id: uuid.UUID) -> str:
    reception = _reception(engagement_id, reception_id)
    draft = draft_of(db_session(), reception)
    return render_template(
        "received/show.html", reception=reception, about=_about(reception), tasks=pages.tasks(draft, reception)
    )


@blueprint.route("/enter/<uuid:reception_id>/sections/<slug>", methods=["GET", "POST"])
@access.officer
def section(engagement_id: uuid.UUID, reception_id: uuid.UUID, slug: str) -> ResponseReturnValue:
    reception = _reception(engagement_id, reception_id)
    draft = draft_of(db_session(), reception)
    asked = draft.section(slug) or abort(404)
    if request.method == "POST":
        return entering.save(reception, draft, asked)
    return entering.page(reception, draft, asked)


@blueprint.route("/enter/<uuid:reception_id>/check", methods=["GET", "POST"])
@access.officer
def check(engagement_id: uuid.UUID, reception_id: uuid.UUID) -> ResponseReturnValue:
    session, form, reception = db_session(), RecordForm(), _reception(engagement_id, reception_id)
    if not form.validate_on_submit():
        return _check_page(reception, form), 422 if form.errors else 200
    if form.seen.data != draft_of(session, reception).fingerprint(None):
        return _check_page(reception, RecordForm(formdata=None), "It changed after you had opened this page"), 409
    is_sealed = reception.engagement.waits_for_opening
    try:
        made = actions.record_entry(session, reception=reception, link_of=_link_to_response, actor=acting())
    except (OwnResponseError, LateError, actions.NotReadyError, actions.NothingAnsweredError) as refusal:
        session.rollback()
        return _check_page(_reception(engagement_id, reception_id), form, _why_not(refusal)), 409
    session.commit()
    flash(pages.receipt(made.reception, made.reference, is_sealed=is_sealed), "success")
    return redirect(url_for(".index", engagement_id=engagement_id))


@blueprint.route("/enter/<uuid:reception_id>/discard", methods=["GET", "POST"])
@access.officer
def discard(engagement_id: uuid.UUID, reception_id: uuid.UUID) -> ResponseReturnValue:
    session, reception, form = db_session(), _reception(engagement_id, reception_id), BaseForm()
    if not form.validate_on_submit():
        return render_template("received/discard.html", reception=reception, form=form)
    actions.discard(session, reception=reception, actor=acting())
    session.commit()
    flash("The entry is given up. Nothing of it was recorded")
    return redirect(url_for(".index", engagement_id=engagement_id))


@blueprint.post("/<uuid:entered_id>/correct")
@access.officer
def correct(engagement_id: uuid.UUID, entered_id: uuid.UUID) -> ResponseReturnValue:
    session, submission = db_session(), _entered(engagement_id, entered_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    reception = actions.correct(session, submission=submission, actor=acting())
    session.commit()
    return redirect(pages.url_of("show", reception))


@blueprint.route("/<uuid:entered_id>/set-aside", methods=["GET", "POST"])
@access.officer
def set_aside(engagement_id: uuid.UUID, entered_id: uuid.UUID) -> ResponseReturnValue:
    session, form, submission = db_session(), SetAsideForm(), _entered(engagement_id, entered_id)
    if not form.validate_on_submit():
        page = render_template("received/set_aside.html", form=form, submission=submission)
        return page, 422 if form.errors else 200
    actions.set_aside(session, submission=submission, reason=form.reason.data, actor=acting(), now=arrived_at())
    session.commit()
    flash("The response counts no more. It stays on record", "success")
    return redirect(url_for("engagements.manage", engagement_id=engagement_id))


@blueprint.get("/<uuid:entered_id>/original")
@access.officer
def original(engagement_id: uuid.UUID, entered_id: uuid.UUID) -> ResponseReturnValue:
    file = queries.original(db_session(), entered_id, engagement_id, acting()) or abort(404)
    return send_file(io.BytesIO(file.content), MEDIA_TYPES[file.kind], as_attachment=True, download_name=file.name)


def _fits(form: DetailsForm, engagement: Engagement) -> bool:
    if form.validate_on_submit():
        form.judge(engagement, arrived_at())
        return not form.errors
    return False


def _details_page(form: DetailsForm, engagement: Engagement, reception: Reception | None) -> ResponseReturnValue:
    page = render_template("received/details.html", form=form, engagement=engagement, reception=reception)
    return page, 422 if form.errors else 200


def _clash_page(form: DetailsForm, saved: DetailsForm, reception: Reception) -> ResponseReturnValue:
    page = render_template(
        "received/clash.html",
        reception=reception,
        differences=differences(saved, form),
        sent=sent_again(),
        keep=pages.url_of("details", reception),
    )
    return page, 409


def _check_page(reception: Reception, form: RecordForm, refusal: str = "") -> str:
    page = pages.check_page(draft_of(db_session(), reception))
    form.seen.data = page.fingerprint
    return render_template(
        "received/check.html",
        reception=reception,
        about=_about(reception),
        page=page,
        form=form,
        refusal=refusal,
    )


def _about(reception: Reception) -> list[dict[str, str]]:
    return pages.about(reception, joined_in(db_session(), reception.engagement.programme_id))


def _why_not(refusal: Exception) -> str:
    match refusal:
        case OwnResponseError():
            return (
                "This organisation has its own response, submitted or withdrawn by its own people. "
                "That is never overwritten: ask them to change it here themselves"
            )
        case LateError():
            return "It came after the engagement had closed. Say why it is accepted, with how it was received"
        case actions.NothingAnsweredError():
            return "Nothing has been entered yet"
        case _:
            return "Some answers need your attention first"


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return still_kept(queries.engagement(db_session(), engagement_id, acting(), arrived_at())) or abort(404)


def _reception(engagement_id: uuid.UUID, reception_id: uuid.UUID) -> Reception:
    return queries.reception(db_session(), reception_id, engagement_id, acting()) or abort(404)


def _entered(engagement_id: uuid.UUID, response_id: uuid.UUID) -> Submission:
    return queries.submission_to_correct(db_session(), response_id, engagement_id, acting()) or abort(404)


def _link_to_response(response_id: uuid.UUID) -> str:
    return f"{current_app.config['SETTINGS'].base_url}{url_for('responses.show', response_id=response_id)}"
