"""The record of a programme: disclosures, meetings, decisions, lessons, conflicts of interest, and all as one file."""

from __future__ import annotations

import io
import uuid
from contextlib import suppress
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.analysis.forecasts import queries as forecasts
from webapp.analysis.forecasts.pages import scores_page
from webapp.analysis.recommendations import queries as signing
from webapp.analysis.recommendations.outturn import outturns
from webapp.analysis.recommendations.pages import listed_rows
from webapp.exports.workbook import MEDIA_TYPE, workbook
from webapp.models import Decision, Disclosure, Lesson, Meeting, Programme
from webapp.once import WrittenAlreadyError
from webapp.programmes.found import programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.record import actions, export, pages, queries
from webapp.record.forms import (
    ActionForm,
    ConflictForm,
    DecisionForm,
    DisclosureForm,
    LessonForm,
    MeetingForm,
    Row,
    RowForm,
)
from webapp.record.lessons import KIND_WORDS, outturn_page
from webapp.web import access
from webapp.web.clashes import differences, sent_again
from webapp.web.files import clean_name
from webapp.web.format import LONDON
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

AT_ONCE = 10
"""Procurements of which the dates are drawn."""

blueprint = Blueprint("record", __name__, url_prefix="/programmes/<uuid:programme_id>/record")


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be written down, and its words."""

    model: Any
    form: type[RowForm]
    noun: str
    named_by: str
    """What of a row tells a reader which it is."""
    shown_on: str


KINDS = {
    "disclosures": Kind(Disclosure, DisclosureForm, "disclosure", "what", ".log"),
    "meetings": Kind(Meeting, MeetingForm, "meeting", "title", ".meetings"),
    "decisions": Kind(Decision, DecisionForm, "decision", "title", ".decisions"),
    "lessons": Kind(Lesson, LessonForm, "lesson", "title", ".lessons"),
}


@blueprint.get("")
@access.officer
def log(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ_RECORD)
    granted = permissions_on(session, programme_id, acting())
    moments = queries.moments(session, programme_id, granted)
    page = paginate(len(moments), lambda limit, offset: moments[offset : offset + limit], request.args.get("page"))
    shown = pages.entries(page.items, queries.told(session, page.items))
    return render_template(
        "record/log.html", programme=programme, page=page, entries=shown, may_write=Permission.RUN in granted
    )


@blueprint.get("/meetings")
@access.officer
def meetings(programme_id: uuid.UUID) -> str:
    programme = programme_or_404(programme_id, Permission.READ_RECORD)
    return render_template(
        "record/meetings.html",
        programme=programme,
        meetings=queries.meetings(db_session(), programme_id),
        may_write=_may(programme_id, Permission.RUN),
    )


@blueprint.get("/decisions")
@access.officer
def decisions(programme_id: uuid.UUID) -> str:
    programme = programme_or_404(programme_id, Permission.READ_RECORD)
    return render_template(
        "record/decisions.html",
        programme=programme,
        decisions=queries.decisions(db_session(), programme_id),
        signed=listed_rows(signing.signed(db_session(), programme_id), ()),
        may_write=_may(programme_id, Permission.RUN),
    )


@blueprint.get("/lessons")
@access.officer
def lessons(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ_RECORD)
    came = outturns(session, programme_id)
    today = arrived_at().astimezone(LONDON).date()
    page = paginate(len(came), lambda limit, offset: came[offset : offset + limit], request.args.get("page"), AT_ONCE)
    return render_template(
        "record/lessons.html",
        programme=programme,
        lessons=queries.lessons(session, programme_id),
        kinds={kind: heading for kind, (heading, _) in KIND_WORDS.items()},
        page=page,
        outturn=outturn_page(page.items, among=came, today=today) if came else None,
        scores=scores_page(forecasts.scored(session, Programme.id == programme_id), page=None),
        may_write=_may(programme_id, Permission.RUN),
    )


@blueprint.route("/<kind>/write", methods=["GET", "POST"])
@access.officer
def write(programme_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    programme, chosen = programme_or_404(programme_id, Permission.RUN), KINDS.get(kind) or abort(404)
    form = chosen.form()
    if not form.validate_on_submit():
        return _form_page("write", form, programme=programme, kind=chosen, corrects=None, earlier=[])
    with suppress(WrittenAlreadyError):
        entry_id = form.entry_id(acting().person_id)
        actions.write(db_session(), row=form.row(), entry_id=entry_id, programme=programme, actor=acting())
        db_session().commit()
    flash(f"The {chosen.noun} is on record", "success")
    return redirect(url_for(chosen.shown_on, programme_id=programme_id))


@blueprint.route("/<kind>/<uuid:entry_id>", methods=["GET", "POST"])
@access.officer
def correct(programme_id: uuid.UUID, kind: str, entry_id: uuid.UUID) -> ResponseReturnValue:
    programme, chosen = programme_or_404(programme_id, Permission.RUN), KINDS.get(kind) or abort(404)
    session = db_session()
    standing = queries.standing(session, chosen.model, entry_id, programme_id) or abort(404)
    form = chosen.form.of(standing)
    if not form.validate_on_submit():
        earlier = queries.versions(session, chosen.model, standing)
        return _form_page("write", form, programme=programme, kind=chosen, corrects=standing, earlier=earlier)
    written = form.entry_id(acting().person_id)
    with suppress(WrittenAlreadyError, actions.CorrectedAlreadyError):
        if not form.is_behind(standing):
            row = form.row()
            row.corrects_id = standing.id
            actions.write(session, row=row, entry_id=written, programme=programme, actor=acting())
            session.commit()
    standing = queries.standing(session, chosen.model, entry_id, programme_id) or abort(404)
    if standing.id != written:
        return _clash_page(programme, chosen, form, standing)
    flash(f"The {chosen.noun} is corrected. What stood before is kept", "success")
    return redirect(url_for(chosen.shown_on, programme_id=programme_id))


@blueprint.get("/conflicts")
@access.officer
def conflicts(programme_id: uuid.UUID) -> str:
    """A lead officer sees all; everybody else what they wrote down themselves."""
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ)
    granted = permissions_on(session, programme_id, acting())
    leads = Permission.LEAD in granted
    others = leads and queries.others_lead(session, programme_id, acting().person_id)
    found = queries.conflicts(session, programme_id, recorded_by=None if leads else acting().person_id)
    return render_template(
        "record/conflicts.html",
        programme=programme,
        conflicts=found,
        leads=leads,
        own={each.id for each in found if actions.is_of(each, acting())} if others else set(),
        reads_record=Permission.READ_RECORD in granted,
    )


@blueprint.route("/conflicts/declare", methods=["GET", "POST"])
@access.officer
def declare(programme_id: uuid.UUID) -> ResponseReturnValue:
    programme = programme_or_404(programme_id, Permission.READ)
    form = ConflictForm(data={"declared_by": acting().name, "declared_on": arrived_at().date()})
    if not form.validate_on_submit():
        return _form_page("declare", form, programme=programme)
    with suppress(WrittenAlreadyError):
        actions.declare(
            db_session(),
            entry_id=form.entry_id(acting().person_id),
            programme=programme,
            declared_by=form.declared_by.data,
            declared_on=form.declared_on.data,
            interest=form.declared_interest(),
            actor=acting(),
        )
        db_session().commit()
    flash("The declaration is on record, for lead officers alone", "success")
    return redirect(url_for(".conflicts", programme_id=programme_id))


@blueprint.route("/conflicts/<uuid:declaration_id>/act", methods=["GET", "POST"])
@access.officer
def act(programme_id: uuid.UUID, declaration_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, form = db_session(), programme_or_404(programme_id, Permission.LEAD), ActionForm()
    declaration = queries.conflict(session, declaration_id, programme_id) or abort(404)
    if not form.validate_on_submit():
        return _form_page("act", form, programme=programme, declaration=declaration)
    entry_id = form.entry_id(acting().person_id)
    try:
        actions.act_on(session, entry_id=entry_id, declaration=declaration, action=form.action.data, actor=acting())
        session.commit()
    except actions.OwnInterestError:
        form.add_error(form.action, "This interest is your own. Another lead officer enters what is done about it")
        return _form_page("act", form, programme=programme, declaration=declaration)
    except WrittenAlreadyError:
        session.rollback()
    flash("What is done about it is on record", "success")
    return redirect(url_for(".conflicts", programme_id=programme_id))


@blueprint.post("/file")
@access.officer
@heavy
def download(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ_RECORD)
    if not BaseForm().validate_on_submit():
        abort(400)
    granted = permissions_on(session, programme_id, acting())
    octets = workbook(export.of_programme(session, programme, granted=granted, now=arrived_at(), actor=acting()))
    actions.exported(session, programme=programme, actor=acting(), with_conflicts=Permission.LEAD in granted)
    session.commit()
    name = clean_name(f"record-{programme.reference}.xlsx", "xlsx")
    return send_file(io.BytesIO(octets), MEDIA_TYPE, as_attachment=True, download_name=name)


def _may(programme_id: uuid.UUID, permission: Permission) -> bool:
    return permission in permissions_on(db_session(), programme_id, acting())


def _clash_page(programme: Programme, kind: Kind, form: RowForm, standing: Row) -> ResponseReturnValue:
    """Somebody else corrected the same meanwhile: both versions, with a way to keep either."""
    saved = kind.form(formdata=None, data=kind.form.stored(standing))
    html = render_template(
        "record/clash.html",
        programme=programme,
        name=shorten(getattr(standing, kind.named_by), 80, placeholder="…"),
        revision=standing.id,
        differences=differences(saved, form),
        sent=sent_again(),
        once=form.opened(),
        keep=url_for(kind.shown_on, programme_id=programme.id),
    )
    return html, 409


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"record/{template}.html", form=form, **page), 422 if form.errors else 200
