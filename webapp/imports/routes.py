"""Setting a programme up from a file: send it, see what it would do or what is wrong with it, then let it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import fetched, heavy
from webapp.exports.workbook import MEDIA_TYPE
from webapp.imports import actions, queries
from webapp.imports.checked import Checked, Fault
from webapp.imports.checking import check
from webapp.imports.doubts import doubts
from webapp.imports.effects import Effects, RowEffect, effects
from webapp.imports.example import example
from webapp.imports.forms import FileForm, LeaveOutForm, SetUpForm
from webapp.imports.sheets import SHEETS
from webapp.imports.standing import Standing, standing
from webapp.imports.tables import doubtful_words, kind_of_table, read
from webapp.models import MOST_IMPORT_BYTES, ImportFile
from webapp.programmes.setting_up.actions import lock
from webapp.programmes.setting_up.plan import Plan, plan_of
from webapp.web import access
from webapp.web.files import clean_name, takes_file
from webapp.web.format import LONDON
from webapp.web.pagination import PER_PAGE, paginate
from webapp.web.request import SAFE_METHODS, acting, arrived_at, db_session

blueprint = Blueprint("imports", __name__, url_prefix="/programmes/<uuid:programme_id>/import")

SENT_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was sent, as it bears on the programme now."""

    file: ImportFile
    plan: Plan
    checked: Checked
    standing: Standing
    effects: Effects | None
    """None of a file with faults."""
    doubtful_words: Sequence[str]
    """Those whose letters are as a guess has them, because the file does not say how they are written."""

    @property
    def often(self) -> list[tuple[Fault, int]]:
        """What is wrong alike in several lines, where all that is wrong takes several pages."""
        return self.checked.often if len(self.checked.faults) > PER_PAGE else []


@blueprint.route("", methods=["GET", "POST"])
@access.officer
@takes_file(MOST_IMPORT_BYTES)
@heavy
def send(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, plan, form = db_session(), _plan(programme_id), FileForm()
    if not form.validate_on_submit():
        files = queries.sent(session, programme_id, at_most=SENT_SHOWN)
        page = render_template("imports/send.html", programme=plan.programme, form=form, files=files, sheets=SHEETS)
        return page, 422 if form.errors else 200
    sent, file_id = form.file.data, form.entry_id(acting().person_id)
    if queries.file(session, file_id, programme_id) is None:  # else it was sent twice
        actions.keep(
            session,
            file_id=file_id,
            programme=plan.programme,
            file_name=clean_name(sent.name, kind_of_table(sent.content).value),
            content=sent.content,
            actor=acting(),
        )
        session.commit()
    return redirect(url_for(".preview", programme_id=programme_id, file_id=file_id))


@blueprint.get("/example")
@access.officer
@fetched
def template(programme_id: uuid.UUID) -> ResponseReturnValue:
    _plan(programme_id)
    return send_file(io.BytesIO(example()), MEDIA_TYPE, as_attachment=True, download_name="programme.xlsx")


@blueprint.route("/<uuid:file_id>", methods=["GET", "POST"])
@access.officer
@heavy
def preview(programme_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    session, form, without = db_session(), SetUpForm(), LeaveOutForm(request.args)
    found = _read(programme_id, file_id, without.places())
    form.ask_about(found.checked)
    if found.checked.faults or found.file.applied_at is not None or not form.validate_on_submit():
        session.commit()  # nothing: while the page is worked out nobody waits for the programme
        return _preview_page(found, form, without)
    try:
        actions.write(
            session,
            file=found.file,
            programme=found.plan.programme,
            checked=found.checked,
            standing=found.standing,
            actor=acting(),
            now=arrived_at(),
        )
    except actions.AppliedAlreadyError:
        return redirect(url_for(".preview", programme_id=programme_id, file_id=file_id))
    session.commit()
    flash("What the file says is set up", "success")
    return redirect(url_for("setting_up.overview", programme_id=programme_id))


def _read(programme_id: uuid.UUID, file_id: uuid.UUID, without: Sequence[int]) -> Read:
    plan = _plan(programme_id)
    file = queries.file(db_session(), file_id, programme_id) or abort(404)
    there, tables = standing(plan), read(file.content)
    checked = check(tables, there, arrived_at().astimezone(LONDON).date(), without)
    done = None if checked.faults else effects(checked, there)
    return Read(file, plan, checked, there, done, doubtful_words(tables))


def _preview_page(found: Read, form: SetUpForm, without: LeaveOutForm) -> ResponseReturnValue:
    listed: Sequence[Fault | RowEffect] = found.effects.rows if found.effects else found.checked.faults
    page = paginate(len(listed), lambda limit, offset: listed[offset : offset + limit], request.args.get("page"))
    without.offer(found.checked.sheets_of_file)
    begins = found.effects is not None and found.file.applied_at is None and page.number == 1
    html = render_template(
        "imports/preview.html",
        found=found,
        programme=found.plan.programme,
        page=page,
        doubts=doubts(found.checked, found.standing) if begins else None,
        form=form,
        without=without,
        sheets=SHEETS if any(fault.of_headings for fault in found.checked.faults) else (),
    )
    return html, 422 if form.errors else 200


def _plan(programme_id: uuid.UUID) -> Plan:
    if request.method not in SAFE_METHODS:
        lock(db_session(), programme_id, acting())
    return plan_of(db_session(), programme_id, acting()) or abort(404)
