"""Past procurements of a programme: what is on record, files that bring more, and whom the names in them are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.exports.workbook import Sheet, csv_file
from webapp.imports.tables import kind_of_table
from webapp.models import MOST_IMPORT_BYTES, PastImport, Programme, PublishedName, RecordFormat
from webapp.past_procurements import actions, history, matching, pages, queries
from webapp.past_procurements.forms import FileForm, FindForm, MatchForm
from webapp.past_procurements.reading import read
from webapp.past_procurements.records import Reading
from webapp.programmes.permissions import Permission, permissions_on
from webapp.programmes.setting_up.actions import lock
from webapp.web import access
from webapp.web.files import clean_name, takes_file
from webapp.web.format import LONDON
from webapp.web.forms import BaseForm
from webapp.web.pagination import Page, paginate
from webapp.web.request import SAFE_METHODS, acting, arrived_at, db_session

Item = TypeVar("Item")
blueprint = Blueprint("past_procurements", __name__, url_prefix="/programmes/<uuid:programme_id>/past-procurements")


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was sent, as it bears on what is on record now."""

    file: PastImport
    programme: Programme
    reading: Reading


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), _programme(programme_id, Permission.READ)
    form = FindForm(request.args)
    wanted = form.wanted()
    page = paginate(
        queries.count_procurements(session, programme_id, wanted),
        lambda limit, offset: queries.procurements(session, programme_id, wanted, limit=limit, offset=offset),
        request.args.get("page"),
    )
    return render_template(
        "past_procurements/index.html",
        programme=programme,
        form=form,
        page=page,
        rows=pages.listed(programme, page.items),
        asked=form.sent(),
        may_set_up=_sets_up(programme_id),
    )


@blueprint.get("/<uuid:past_procurement_id>")
@access.officer
def show(programme_id: uuid.UUID, past_procurement_id: uuid.UUID) -> str:
    session, programme = db_session(), _programme(programme_id, Permission.READ)
    found = queries.procurement(session, past_procurement_id, programme_id) or abort(404)
    may_set_up = _sets_up(programme_id)
    lots = _page_of(found.lots)
    return render_template(
        "past_procurements/show.html",
        programme=programme,
        found=found,
        facts=pages.facts(found),
        page=lots,
        lots=[
            (lot, pages.lot_facts(lot, found), pages.bidder_rows(lot.bidders, shows_match=may_set_up))
            for lot in lots.items
        ],
        sources=pages.source_rows(programme, found.sources[: pages.MOST_SOURCES], may_open=may_set_up),
        may_set_up=may_set_up,
    )


@blueprint.route("/files", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_IMPORT_BYTES)
@heavy
def send(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, form = db_session(), _programme(programme_id, Permission.SET_UP), FileForm()
    if not form.validate_on_submit():
        return _send_page(programme, form), 422 if form.errors else 200
    sent, file_id = form.file.data, form.entry_id(acting().person_id)
    ending = "json" if form.format is RecordFormat.OCDS else kind_of_table(sent.content).value
    if queries.file(session, file_id, programme_id) is None:  # else it was sent twice
        actions.keep(
            session,
            file_id=file_id,
            programme=programme,
            file_name=clean_name(sent.name, ending),
            content=sent.content,
            format=form.format,
            actor=acting(),
        )
        session.commit()
    return redirect(url_for(".preview", programme_id=programme_id, past_import_id=file_id))


@blueprint.get("/files/template.csv")
@access.officer
def template(programme_id: uuid.UUID) -> Response:
    _programme(programme_id, Permission.SET_UP)
    columns = history.SHEET.columns
    sheet = Sheet("Past lots", [each.title for each in columns], [[each.example for each in columns]])
    answer = Response(csv_file(sheet), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="past-lots.csv")
    return answer


@blueprint.route("/files/<uuid:past_import_id>", methods=["GET", "POST"])
@access.officer
@heavy
def preview(programme_id: uuid.UUID, past_import_id: uuid.UUID) -> ResponseReturnValue:
    form, session = BaseForm(), db_session()
    programme, file = _file(programme_id, past_import_id)
    if file.applied_at is not None:
        return render_template("past_procurements/file.html", programme=programme, file=file)
    found = Read(file, programme, _read(file))
    if found.reading.faults or not form.validate_on_submit():
        return _preview_page(found, form)
    actions.apply(session, file=file, programme=programme, reading=found.reading, actor=acting(), now=arrived_at())
    session.commit()
    flash("What the file says is on record", "success")
    return redirect(url_for(".names", programme_id=programme_id))


@blueprint.route("/files/<uuid:past_import_id>/remove", methods=["GET", "POST"])
@access.officer
def remove(programme_id: uuid.UUID, past_import_id: uuid.UUID) -> ResponseReturnValue:
    form, session = BaseForm(), db_session()
    programme, file = _file(programme_id, past_import_id)
    if file.applied_at is None or file.removed_at is not None:
        return redirect(url_for(".preview", programme_id=programme_id, past_import_id=past_import_id))
    if not form.validate_on_submit():
        return render_template("past_procurements/remove.html", programme=programme, file=file, form=form)
    actions.remove(session, file=file, programme=programme, actor=acting(), now=arrived_at())
    session.commit()
    flash("What the file said is off the record", "success")
    return redirect(url_for(".index", programme_id=programme_id))


@blueprint.get("/names")
@access.officer
def names(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), _programme(programme_id, Permission.SET_UP)
    open_page = _page_of(matching.open_names(session, programme))
    decided = paginate(
        matching.count_decided(session, programme_id),
        lambda limit, offset: matching.decided(session, programme_id, limit=limit, offset=offset),
        request.args.get("decided"),
    )
    return render_template(
        "past_procurements/names.html",
        programme=programme,
        page=open_page,
        rows=pages.open_rows(programme, open_page.items),
        decided=decided,
        decided_rows=pages.decided_rows(programme, decided.items),
    )


@blueprint.route("/names/<uuid:name_id>", methods=["GET", "POST"])
@access.officer
def decide(programme_id: uuid.UUID, name_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), _programme(programme_id, Permission.SET_UP)
    subject = matching.name(session, name_id, programme_id) or abort(404)
    form = MatchForm(data=MatchForm.stored(subject))
    form.offer(matching.proposals(session, programme, subject), subject)
    if not form.validate_on_submit():
        return _name_page(programme, subject, form), 422 if form.errors else 200
    actions.decide(session, name=subject, match=form.match(), programme=programme, actor=acting(), now=arrived_at())
    session.commit()
    flash(f"Whose name ‘{subject.name}’ is, is saved", "success")
    return redirect(url_for(".names", programme_id=programme_id))


def _programme(programme_id: uuid.UUID, permission: Permission) -> Programme:
    if request.method not in SAFE_METHODS:
        lock(db_session(), programme_id, acting())
    return queries.programme_of(db_session(), programme_id, acting(), permission) or abort(404)


def _file(programme_id: uuid.UUID, past_import_id: uuid.UUID) -> tuple[Programme, PastImport]:
    programme = _programme(programme_id, Permission.SET_UP)
    return programme, queries.file(db_session(), past_import_id, programme_id) or abort(404)


def _sets_up(programme_id: uuid.UUID) -> bool:
    return Permission.SET_UP in permissions_on(db_session(), programme_id, acting())


def _read(file: PastImport) -> Reading:
    session, today = db_session(), arrived_at().astimezone(LONDON).date()
    return read(
        file.content, file.format, lambda named: queries.standing(session, file.programme_id, named), today=today
    )


def _page_of(rows: Sequence[Item]) -> Page[Item]:
    return paginate(len(rows), lambda limit, offset: rows[offset : offset + limit], request.args.get("page"))


def _send_page(programme: Programme, form: FileForm) -> str:
    session = db_session()
    page = paginate(
        queries.count_imports(session, programme.id),
        lambda limit, offset: queries.imports(session, programme.id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    rows = pages.import_rows(programme, page.items)
    return render_template("past_procurements/send.html", programme=programme, form=form, page=page, rows=rows)


def _preview_page(found: Read, form: BaseForm) -> str:
    reading = found.reading
    page = _page_of(pages.fault_rows(reading.faults) or pages.previewed(reading.procurements))
    return render_template(
        "past_procurements/preview.html",
        programme=found.programme,
        file=found.file,
        reading=reading,
        page=page,
        effects=pages.effect_rows(pages.effects(reading)),
        notes=pages.fault_rows(reading.notes[: pages.MOST_NOTES]),
        form=form,
    )


def _name_page(programme: Programme, subject: PublishedName, form: MatchForm) -> str:
    return render_template("past_procurements/decide.html", programme=programme, subject=subject, form=form)
