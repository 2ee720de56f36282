"""Notices of an engagement, written from what is set up, and the facts that they need besides."""

from __future__ import annotations

import io
import json
import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.communications import actions
from webapp.communications.notices import pages, queries
from webapp.communications.notices.fields import NOTICES
from webapp.communications.notices.forms import FactsForm
from webapp.communications.notices.release import Download, can_be_released, release_package
from webapp.engagements.documents.pages import MEDIA_TYPES
from webapp.models import Document
from webapp.programmes.found import held_programme_or_404, programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.programmes.queries import engagements_of
from webapp.web import access
from webapp.web.clashes import differences, is_saved, sent_again
from webapp.web.files import clean_name
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("notices", __name__)


@blueprint.get("/programmes/<uuid:programme_id>/notices")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session = db_session()
    programme = programme_or_404(programme_id, Permission.READ)
    return render_template(
        "communications/notices.html",
        programme=programme,
        notices=NOTICES.values(),
        engagements=engagements_of(session, programme_id),
        may_change=Permission.RUN in permissions_on(session, programme_id, acting()),
    )


@blueprint.route("/programmes/<uuid:programme_id>/notices/facts", methods=["GET", "POST"])
@access.officer
def change_facts(programme_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    programme = held_programme_or_404(programme_id, Permission.RUN)
    row = queries.facts(session, programme_id)
    form = FactsForm(data=FactsForm.stored(row))
    form.offer(has_agent=programme.agent_id is not None)
    if not form.validate_on_submit():
        html = render_template("communications/facts.html", programme=programme, form=form)
        return html, 422 if form.errors else 200
    if form.is_behind(row):
        saved = FactsForm(formdata=None, data=FactsForm.stored(row))
        if not is_saved(saved, form):
            page = {"programme": programme, "row": row, "differences": differences(saved, form), "sent": sent_again()}
            name = "Facts for notices"
            return render_template("communications/clash.html", name=name, keep=request.path, **page), 409
    else:
        form.write(row)
        actions.save_facts(session, row=row, programme=programme, actor=acting())
        session.commit()
    flash("The facts for notices are saved", "success")
    return redirect(url_for(".index", programme_id=programme_id))


@blueprint.get("/manage/engagements/<uuid:engagement_id>/notices/<notice_slug>")
@access.officer
def show(engagement_id: uuid.UUID, notice_slug: str) -> str:
    return render_template("communications/notice.html", page=_page(engagement_id, notice_slug))


@blueprint.get("/manage/engagements/<uuid:engagement_id>/notices/<notice_slug>/text")
@access.officer
def as_text(engagement_id: uuid.UUID, notice_slug: str) -> ResponseReturnValue:
    page = _page(engagement_id, notice_slug)
    return _file(page, pages.plain_text(page), "text/plain", "txt")


@blueprint.get("/manage/engagements/<uuid:engagement_id>/notices/<notice_slug>/document")
@access.officer
def as_document(engagement_id: uuid.UUID, notice_slug: str) -> ResponseReturnValue:
    page = _page(engagement_id, notice_slug)
    return _file(page, render_template("communications/notice_document.html", page=page), "text/html", "html")


@blueprint.get("/manage/engagements/<uuid:engagement_id>/notices/<notice_slug>/release")
@access.officer
def as_release(engagement_id: uuid.UUID, notice_slug: str) -> ResponseReturnValue:
    session, page = db_session(), _page(engagement_id, notice_slug)
    base_url = current_app.config["SETTINGS"].base_url
    if not can_be_released(page.subject):
        return redirect(url_for(".show", engagement_id=engagement_id, notice_slug=notice_slug, _anchor="open-data"))
    package = release_package(
        page.notice,
        page.subject,
        queries.enquiries(session, engagement_id),
        [_download(document) for document in queries.documents(session, engagement_id)],
        queries.reports(
            session,
            engagement_id,
            summary=f"{page.subject.address}#summary",
            replies=base_url + url_for("replies.show", engagement_id=engagement_id),
        ),
        address=base_url + request.path,
    )
    return _file(page, json.dumps(package, ensure_ascii=False, indent=2), "application/json", "json")


def _download(document: Document) -> Download:
    address = url_for("documents.download", engagement_id=document.engagement_id, document_id=document.id)
    return Download(
        str(document.id),
        document.title,
        current_app.config["SETTINGS"].base_url + address,
        MEDIA_TYPES[document.kind],
        document.created_at,
    )


def _page(engagement_id: uuid.UUID, notice_slug: str) -> pages.NoticePage:
    notice = NOTICES.get(notice_slug) or abort(404)
    address = current_app.config["SETTINGS"].base_url + url_for("engagements.show", engagement_id=engagement_id)
    subject = queries.subject(db_session(), engagement_id, acting(), address=address, now=arrived_at()) or abort(404)
    granted = permissions_on(db_session(), subject.programme.id, acting())
    return pages.notice_page(notice, subject, granted)


def _file(page: pages.NoticePage, content: str, kind: str, ending: str) -> ResponseReturnValue:
    reference = page.subject.engagement.reference.replace("/", "-")
    name = clean_name(f"{page.notice.slug}-{reference}.{ending}", ending)
    return send_file(io.BytesIO(content.encode()), kind, as_attachment=True, download_name=name)
