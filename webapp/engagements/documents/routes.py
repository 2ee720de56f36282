"""Documents of an engagement: fetched by everybody, kept by its officers."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.throttle import Limit, count_tries
from webapp.engagements.addresses import addresses_of
from webapp.engagements.documents import actions, pages, queries
from webapp.engagements.documents.forms import DocumentForm
from webapp.engagements.queries import engagement_of_officer
from webapp.models import MOST_DOCUMENT_BYTES, Document, Engagement
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.files import takes_file
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, current_actor, db_session

blueprint = Blueprint("documents", __name__)

UPLOADS = Limit("upload of person", 60)
NOT_CURRENT = "Somebody else has replaced or removed this document"


@blueprint.get("/engagements/<uuid:engagement_id>/documents/<uuid:document_id>")
@access.anyone
def download(engagement_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
    document = queries.document_to_fetch(db_session(), document_id, engagement_id, current_actor())
    if document is None:
        abort(404)
    return send_file(
        io.BytesIO(document.content),
        pages.MEDIA_TYPES[document.kind],
        as_attachment=True,
        download_name=document.file_name,
    )


@blueprint.route("/manage/engagements/<uuid:engagement_id>/documents", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_DOCUMENT_BYTES)
def index(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement_or_404(engagement_id), DocumentForm()
    if form.validate_on_submit():
        _count_upload()
        document = actions.add(
            session,
            engagement=engagement,
            upload=form.upload(),
            addresses=addresses_of(engagement),
            actor=acting(),
        )
        session.commit()
        flash(f"{document.title} is added to what the public page offers for download", "success")
        return redirect(_index(engagement_id))
    page = render_template(
        "documents/index.html",
        engagement=engagement,
        form=form,
        documents=pages.listed(queries.current_documents(session, engagement_id)),
        earlier=pages.earlier_rows(queries.earlier_documents(session, engagement_id)),
    )
    return page, 422 if form.errors else 200


@blueprint.route(
    "/manage/engagements/<uuid:engagement_id>/documents/<uuid:document_id>/replace", methods=["GET", "POST"]
)
@access.officer
@takes_file(MOST_DOCUMENT_BYTES)
def replace(engagement_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement_or_404(engagement_id)
    document = _document_or_404(document_id, engagement_id)
    form = DocumentForm(data={"title": document.title})
    if not form.validate_on_submit():
        page = render_template("documents/replace.html", engagement=engagement, document=document, form=form)
        return page, 422 if form.errors else 200
    _count_upload()
    try:
        actions.replace(
            session,
            document=document,
            upload=form.upload(),
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.NotCurrentError:
        flash(NOT_CURRENT)
        return redirect(_index(engagement_id))
    session.commit()
    flash(f"The new version of {document.title} has taken the place of the old one", "success")
    return redirect(_index(engagement_id))


@blueprint.route(
    "/manage/engagements/<uuid:engagement_id>/documents/<uuid:document_id>/remove", methods=["GET", "POST"]
)
@access.officer
def remove(engagement_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement_or_404(engagement_id), BaseForm()
    document = _document_or_404(document_id, engagement_id)
    if not form.validate_on_submit():
        return render_template("documents/remove.html", engagement=engagement, document=document, form=form)
    try:
        actions.remove(session, document=document, actor=acting(), now=arrived_at())
    except actions.NotCurrentError:
        flash(NOT_CURRENT)
        return redirect(_index(engagement_id))
    session.commit()
    flash(f"{document.title} can no longer be downloaded", "success")
    return redirect(_index(engagement_id))


def _count_upload() -> None:
    if count_tries(db_session(), (UPLOADS, str(acting().person_id)), now=arrived_at()) is not None:
        abort(429)


def _engagement_or_404(engagement_id: uuid.UUID) -> Engagement:
    engagement = engagement_of_officer(db_session(), engagement_id, acting(), Permission.RUN)
    if engagement is None:
        abort(404)
    return engagement


def _document_or_404(document_id: uuid.UUID, engagement_id: uuid.UUID) -> Document:
    document = queries.current_document(db_session(), document_id, engagement_id)
    if document is None:
        abort(404)
    return document


def _index(engagement_id: uuid.UUID) -> str:
    return url_for(".index", engagement_id=engagement_id)
